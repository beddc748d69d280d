"""What a survey has seen so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from archive.records import Article, Imprint
from halong_crawler.discovery.urls import Address
from halong_crawler.fetching import Answer
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, NotAnArticle
from halong_crawler.survey.places import Places
from halong_crawler.survey.product import Product
from halong_crawler.survey.proposal import Proposal
from halong_crawler.survey.shapes import Shape
from halong_crawler.survey.sources import Sources
from halong_crawler.survey.visitor import Visitor
from halong_crawler.survey.who import Said


class Read(NamedTuple):
    """A page that was taken for an article, and what was read from it."""

    url: str
    result: Article | NotAnArticle


@dataclass
class Seen:
    """Everything one survey knows; filled as it goes on."""

    start: str
    address: Address
    """Of the front page."""
    answer: Answer
    front: Document
    visitor: Visitor
    proposal: Proposal
    places: Places
    said: dict[str, Said]
    """Key of the descriptor → its value and where it was read."""
    product: Product | None
    """What the portal says it runs on."""
    platform: Product | None
    """The product with a table of its own whose marks its pages bear."""
    imprint: Imprint | None
    sources: Sources = field(default_factory=Sources)
    headlines: int = 0
    """Different addresses of headlines that were learned from."""
    shape: Shape | None = None
    """The learned form of an article's address."""
    fit_platform: int = 0
    """Headlines that fit the form of the product, or of the web at large, where that is kept."""
    reads: list[Read] = field(default_factory=list)

    @property
    def portal(self) -> Portal:
        """The portal as it is proposed now."""
        return self.proposal.portal("survey")

    @property
    def names_anything(self) -> bool:
        """Whether there is any page to go to."""
        return bool(self.places.known or self.sources.mapped or self.sources.fed)

    @property
    def articles(self) -> list[Article]:
        """The samples that were read as articles."""
        return [read.result for read in self.reads if isinstance(read.result, Article)]
