"""The survey itself: what is asked for, in which order, and what is concluded from it."""

from __future__ import annotations

from datetime import UTC, datetime

from halong_crawler.discovery.urls import spell
from halong_crawler.fetching import Answer
from halong_crawler.platforms.generic import GENERIC
from halong_crawler.reading import Document, read_document, read_imprint
from halong_crawler.survey import who
from halong_crawler.survey.conclude import Survey, conclude
from halong_crawler.survey.door import (
    NoSurveyError,
    document_of,
    front_page,
    is_html,
    path_prefix,
)
from halong_crawler.survey.places import Places, resource_of
from halong_crawler.survey.product import has_table, platform_of, product_of
from halong_crawler.survey.proposal import Proposal
from halong_crawler.survey.seen import Read, Seen
from halong_crawler.survey.shapes import learn
from halong_crawler.survey.sources import find_feeds, find_listings, find_sitemaps
from halong_crawler.survey.visitor import Visitor

_SAMPLES = 3
"""Articles that are looked at."""
_ENOUGH = 3
"""Headlines from which on addresses without words (in site maps) need not be learned from."""
_SURE = 2
"""Sorts of addresses that are learned from in any case."""
_MAPPED = 400
"""Addresses of site maps that are learned from."""
_FITS = 0.6
"""Share of the headlines whose addresses a product's own form must fit to be believed."""
_BETTER = 1.3
"""So many times as many headlines a learned form must fit to be preferred to a product's own."""
_WRONG = 0.2
"""Links of the menu that may fit it, as a share of the headlines that do."""


def survey(start: str, visitor: Visitor | None = None) -> Survey:
    """Look at a portal and propose its descriptor.

    ``start`` is the address of its front page; without a scheme https is tried, then http. About
    fifteen requests are made. Raises :class:`~halong_crawler.survey.door.NoSurveyError` where
    nothing can be proposed.
    """
    visitor = visitor or Visitor()
    answer, front = front_page(start, visitor)
    seen = _first_sight(start, answer, front, visitor)
    portal = seen.portal
    find_sitemaps(visitor, portal, answer.url, seen.sources)
    find_feeds(visitor, portal, front, seen.sources)
    _take_platform(seen, find_listings(visitor, seen.places, seen.sources))
    _learn_addresses(seen)
    _read_samples(seen)
    if not seen.names_anything:
        drawn = front.tree.css_first("script") is not None
        raise NoSurveyError(
            f"{answer.url}: names no page of its own, nor does a site map or feed; "
            + ("its pages may be drawn by a script" if drawn else "is it the front page?")
        )
    return conclude(seen)


def _first_sight(start: str, answer: Answer, front: Document, visitor: Visitor) -> Seen:
    """What the front page alone tells."""
    address = spell(answer.url)
    assert address is not None  # it was asked for
    imprint = read_imprint(front)
    title = who.title_of(front, imprint, address)
    said = {
        "title_vi": title,
        "level": who.level_of(title.value, address),
        "province": who.province_of(title.value, front, address),
        "language": who.language_of(front),
    }
    product, platform = product_of(front, answer.headers), platform_of(front)
    if platform is None and product is not None and has_table(product):
        platform = product
    proposal = Proposal(
        title_vi=title.value,
        title_en=who.english(title.value, address),
        level=said["level"].value,
        province=said["province"].value,
        platform=platform.name if platform is not None else GENERIC.name,
        hosts=(address.site,),
        seeds=(address.url,),
        path_prefix=path_prefix(start, front),
        language=said["language"].value,
    )
    places = Places(proposal.portal("survey"))
    places.note(front)
    return Seen(start, address, answer, front, visitor, proposal, places, said, product, platform,
                imprint)  # fmt: skip


def _take_platform(seen: Seen, documents: list[Document]) -> None:
    """A front page may be built by hand; inner pages betray the product too."""
    found = next(filter(None, map(platform_of, documents)), None)
    if seen.platform is None and found is not None:
        seen.platform = found
        seen.proposal.platform = found.name


def _learn_addresses(seen: Seen) -> None:
    """The form of an article's address: the product's own if it fits, else a learned one."""
    menu = {place.resource for place in seen.places.menu()} | {resource_of(seen.address.url)}
    headlines = _headlines(seen) - menu
    shape = learn(headlines, menu)
    forms = [form.pattern for form in seen.portal.article_urls]
    fits, wrong = (
        sum(any(form.search(place) for form in forms) for place in places)
        for places in (headlines, menu)
    )
    learned = shape.hits if shape is not None else 0
    known = seen.platform is not None and fits >= _FITS * len(headlines)
    believed = fits * (_BETTER if known else 1) > learned
    seen.headlines = len(headlines)
    if fits and believed and wrong <= _WRONG * fits:
        seen.fit_platform = fits
    elif shape is not None:
        seen.shape = shape
        seen.proposal.article_url = shape.regex


def _headlines(seen: Seen) -> set[str]:
    """Paths and queries of what seem to be articles: as many sorts as it takes to have enough."""
    headlines = seen.places.headlines()
    sorts = (
        [place.resource for place in headlines if not seen.places.is_everywhere(place)],
        [resource_of(page.canonical) for page in seen.sources.fed],
        _mapped(seen)[:_MAPPED],
        [place.resource for place in headlines],
        [place.resource for place in seen.places.short_headlines()],
    )
    named: set[str] = set()
    for order, places in enumerate(sorts):
        if order < _SURE or len(named) < _ENOUGH:
            named.update(places)
    return named


def _mapped(seen: Seen) -> list[str]:
    """Of what site maps name, the addresses that speak at length or bear a number."""
    places = [resource_of(page.canonical) for page in seen.sources.mapped]
    return [place for place in places if place.count("-") > 4 or any(c.isdigit() for c in place)]


def _read_samples(seen: Seen) -> None:
    """Whether what is taken for articles can be read as such."""
    portal = seen.portal
    for url in _samples(seen):
        answer = seen.visitor.ask(url, "article").answer
        if answer is None or answer.status != 200 or not is_html(answer):
            continue
        document = document_of(answer)
        seen.places.note(document)
        result = read_document(document, portal=portal, captured_at=datetime.now(UTC))
        seen.reads.append(Read(answer.url, result))
        seen.imprint = seen.imprint or read_imprint(document)


def _samples(seen: Seen) -> list[str]:
    """First, middle and last of what is taken for articles."""
    named = [page.canonical for page in seen.sources.fed]
    named += [place.target.canonical for place in seen.places.headlines()]
    named = list(dict.fromkeys(named)) or [page.canonical for page in seen.sources.mapped]
    forms = [form.pattern for form in seen.portal.article_urls]
    fit = [url for url in named if any(form.search(resource_of(url)) for form in forms)] or named
    last = len(fit) - 1
    return list(dict.fromkeys(fit[last * i // (_SAMPLES - 1)] for i in range(_SAMPLES) if fit))
