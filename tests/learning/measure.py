"""How much of what a page says was read: shares over all stories of a portal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from archive.records import Article
from halong_crawler.learning.learn import learn
from halong_crawler.learning.outline import outline
from halong_crawler.learning.template import Template
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, read
from tests.learning.faces import NOW, Face
from tests.learning.grammar import ZONE, Story

CAPTURED = NOW


@dataclass(frozen=True)
class Score:
    """Means over the stories, 0 to 1: F1 over the body's words, else whether a field is right."""

    body: float
    title: float
    date: float
    author: float
    lead: float

    @property
    def total(self) -> float:
        return self.body + self.title + self.date + self.author + self.lead


def learned(face: Face, count: int | None = None) -> Template:
    """The template of a portal's pages, listings among them."""
    articles = {face.path(story) for story in face.stories[:count]}
    pages = [
        outline(
            Document.parse(html, f"http://{face.host}{path}"),
            CAPTURED,
            kind="article" if path in articles else "listing",
        )
        for path, html in face.pages().items()
        if path in articles or path not in {face.path(s) for s in face.stories}
    ]
    return learn(pages, zone=ZONE, learned=date(2026, 3, 2), parser_version="1")


def measured(face: Face, portal: Portal, stories: list[Story] | None = None) -> Score:
    """Read every page the one way there is, and compare."""
    rows = []
    for story in stories or face.stories:
        result = read(
            face.page(story).encode(), face.url(story), portal=portal, captured_at=CAPTURED
        )
        rows.append(_row(story, result if isinstance(result, Article) else None))
    return Score(*(sum(column) / len(rows) for column in zip(*rows, strict=True)))


def _row(story: Story, article: Article | None) -> tuple[float, ...]:
    if article is None:
        return (0.0,) * 5
    day = story.at.date().isoformat() if story.at is not None else None
    read_day = article.published.at[:10] if article.published is not None else None
    names = [author.name for author in article.authors]
    return (
        f1(article.body, story.body),
        float(article.title == story.title),
        float(read_day == day),
        float(names == ([story.author] if story.author else [])),
        float(article.lead == story.lead),
    )


def f1(found: str, wanted: str) -> float:
    a, b = Counter(found.split()), Counter(wanted.split())
    common = (a & b).total()
    return 2 * common / (a.total() + b.total()) if common else 0.0
