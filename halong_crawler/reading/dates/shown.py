"""The dates a page shows, each with the clues that bind it to the article or to something else.

All is told by where a date stands: how far from the title and the text, in which elements, beside
which words. Dates inside sentences are passed over, but for one that opens an article's line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archive.text import squeeze
from halong_crawler.reading.dates.labels import OTHER, PUBLISHED, UPDATED
from halong_crawler.reading.dates.moment import Moment
from halong_crawler.reading.dates.parse import Span, dates_in, stated_date
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.weighing.furniture import kinds
from halong_crawler.reading.weighing.outline import Element, Outline, Passage

_YEAR = re.compile(r"(?:19|20)\d\d|\d[./\-]\s?\d\d?[./\-]\s?\d\d(?!\d)|['’]\d\d")
"""What a text must hold to be looked at for a date."""
_LINE = 160
"""Characters of a passage in which a date is looked for."""
_LONGEST = 400
"""Longer passages are sentences; only a date that opens one is looked at."""
_OPENING = 60
_ELEMENTS = "time, [itemprop*=date i], abbr[title], " + ", ".join(
    f"[{name}*={word} i]"
    for name in ("class", "id")
    for word in ("date", "time", "publi", "posted", "stamp", "datum", "fecha", "ngay", "created")
)
"""Elements that are made for a date, or named for one."""
_NAMED = re.compile(
    r"date|time(?!line)|publi|posted|stamp|datum|fecha|ngay|thoi-?gian|created|meta(?!menu)|byline"
)
# Passages away from the title, of characters beside the date: steps between clues.
_TITLE = (-13, -5, -2, 0, 2, 5, 10, 20, 50)
_REST = (4, 20, 50, 100)
_NEAR = frozenset({"title 2", "title 3", "title 4", "title 5"})
_BELOW_TITLE = frozenset({"title 4", "title 5"})
"""Clues of a date one to five passages below the title."""
EDITED = frozenset({"label updated", "called updated"})
"""Clues of the day of a change."""
_ALONE = frozenset({"rest 0", "rest 1", "label published"})
_TAGS = frozenset({"article", "main", "li", "header", "footer", "h1", "h2", "h3", "table"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A date on the page and the clues to whether it is the article's."""

    moment: Moment
    evidence: str
    clues: frozenset[str]


@dataclass(frozen=True)
class Frame:
    """Where on a page its article stands: the passages of its text and that of its title."""

    page: Outline
    text: Collection[int] = ()
    title_at: int | None = None

    @property
    def short_texts(self) -> Iterator[str]:
        """The texts that may print a date apart from sentences."""
        return (p.text for p in self.page.passages if len(p.text) <= _LONGEST)

    @cached_property
    def edges(self) -> tuple[int, int]:
        """Numbers of the first and the last passage of the text."""
        return (min(self.text), max(self.text)) if self.text else (0, len(self.page.passages))


def shown_dates(
    document: Document, frame: Frame, zone: ZoneInfo, *, month_first: bool
) -> list[Shown]:
    """Every date a reader sees outside sentences, and those that ``<time>`` and its kin hold."""
    search = _Search(frame, zone, month_first)
    found = [*search.in_elements(document), *search.in_passages()]
    alike = Counter((shown.clues, shown.evidence) for shown in found)
    return [
        Shown(
            shown.moment,
            shown.evidence,
            _with_pairs(shown.clues | {f"alike {min(4, alike[shown.clues, shown.evidence])}"}),
        )
        for shown in found
    ]


def stands_below_title(shown: Shown) -> bool:
    """Whether a date stands by itself between an article's title and its text, as no edit's."""
    clues = shown.clues
    alone = shown.evidence != "line" or bool(clues & _ALONE)
    above_text = any(clue.startswith(("before text", "in text")) for clue in clues)
    return alone and above_text and bool(clues & _BELOW_TITLE) and not clues & EDITED


def _with_pairs(clues: frozenset[str]) -> frozenset[str]:
    """What a clue means depends on whether it stands by the title."""
    side = "near" if clues & _NEAR else "far"
    return clues | {f"{side}: {clue}" for clue in clues if not clue.startswith("title")}


class _Search:
    def __init__(self, frame: Frame, zone: ZoneInfo, month_first: bool) -> None:
        self.frame = frame
        self.zone = zone
        self.month_first = month_first
        self.furniture: dict[int, frozenset[str]] = {}
        self.spans: dict[str, list[Span]] = {}

    def in_passages(self) -> Iterator[Shown]:
        for at, passage in enumerate(self.frame.page.passages):
            text = passage.text
            reach = _LINE if len(text) <= _LONGEST else _OPENING
            if not _YEAR.search(text, 0, reach):
                continue
            spans = self._spans(text[:reach])
            for number, span in enumerate(spans):
                if reach == _OPENING and span.start > _OPENING // 2:
                    break
                clues = {*self._place(at, passage.element), *_wording(passage, span)}
                clues |= {"not the first"} if number else set()
                clues |= {"several"} if len(spans) > 1 else set()
                yield Shown(span.moment, "line", frozenset(clues))

    def in_elements(self, document: Document) -> Iterator[Shown]:
        blocks = {element.node_id: element for element in self.frame.page.elements}
        for node in document.tree.css(_ELEMENTS):
            element = _block_around(node, blocks)
            if element is not None and element.parent is not None:
                yield from self._in_element(node, element)

    def _in_element(self, node: LexborNode, element: Element) -> Iterator[Shown]:
        attributes = node.attributes
        stated = squeeze(attributes.get("datetime") or attributes.get("content") or "")
        inside = node.text(deep=True)
        if not stated and not (len(inside) <= _LONGEST and _YEAR.search(inside)):
            return
        text = visible_text(node) if len(inside) <= _LONGEST else squeeze(inside[:_LONGEST])
        moment = stated_date(stated, self.zone, month_first=self.month_first) if stated else None
        span = self._only_in(text)
        if moment is None and span is None:
            return
        prop = (attributes.get("itemprop") or "").lower()
        kind = "itemprop" if prop else "time" if node.tag == "time" else "named"
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {prop}".lower()
        clues = {kind, *self._place(self._at(element, text), element), *_names(names)}
        clues |= {f"prop {prop}"} if prop else set()
        clues |= {"unshown"} if not text else set()
        clues |= _label(text[: span.start]) if span is not None else set()
        shown = moment or (span.moment if span is not None else None)
        if shown is not None:
            yield Shown(shown, f"element:{node.tag}", frozenset(clues))

    def _only_in(self, text: str) -> Span | None:
        if len(text) > 100 or not _YEAR.search(text):
            return None
        return next(iter(self._spans(text)), None)

    def _spans(self, text: str) -> list[Span]:
        """The dates in a text; the same text stands in nested elements and in a passage."""
        if text not in self.spans:
            self.spans[text] = list(dates_in(text, self.zone, month_first=self.month_first))
        return self.spans[text]

    def _at(self, element: Element, text: str) -> int:
        """Number of the passage in which an element's text stands."""
        passages = self.frame.page.passages
        inside = range(element.first, min(element.end, element.first + 40))
        return next((at for at in inside if text and text[:30] in passages[at].text), element.first)

    def _place(self, at: int, element: Element) -> Iterator[str]:
        """Where a passage stands: by the title, before, in or after the text; in which elements."""
        title = self.frame.title_at
        yield "no title" if title is None else f"title {bisect_left(_TITLE, at - title)}"
        first, last = self.frame.edges
        yield (
            f"before text {min(3, (first - at) // 3)}" if at < first
            else f"after text {min(3, (at - last) // 4)}" if at > last
            else "in text, chosen" if at in self.frame.text
            else "in text"
        )  # fmt: skip
        yield from (f"in {kind}" for kind in self._kinds(element))
        yield from (f"in <{up.tag}>" for up in element.ancestors() if up.tag in _TAGS)

    def _kinds(self, element: Element) -> frozenset[str]:
        """The kinds of furniture an element stands in."""
        if element.node_id not in self.furniture:
            above = self._kinds(element.parent) if element.parent is not None else frozenset()
            self.furniture[element.node_id] = above | kinds(element.tag, element.names)
        return self.furniture[element.node_id]


def _wording(passage: Passage, span: Span) -> Iterator[str]:
    """The words around a date in its passage."""
    text = passage.text
    before, after = text[: span.start], text[span.end :]
    rest = len(before.strip()) + len(after.strip())
    yield f"rest {bisect_left(_REST, rest)}"
    yield from _label(before[-40:])
    if passage.linked:
        yield "linked" if passage.linked * 2 > len(text) else "beside a link"
    if span.moment.precision == "minute":
        yield "with time"
    if _NAMED.search(passage.element.names):
        yield "named line"
    if rest > 20:
        yield "opens" if len(before) <= 3 else "ends" if len(after) <= 3 else "amid"
        if text.endswith((".", "!", "?")):
            yield "sentence"


def _label(before: str) -> set[str]:
    return (
        {"label updated"} if UPDATED.search(before)
        else {"label other"} if OTHER.search(before)
        else {"label published"} if PUBLISHED.search(before)
        else set()
    )  # fmt: skip


def _names(names: str) -> Iterator[str]:
    if "modif" in names or "update" in names:
        yield "called updated"
    elif "publi" in names or "posted" in names:
        yield "called published"


def _block_around(node: LexborNode, blocks: dict[int, Element]) -> Element | None:
    """The nearest block element of the outline; None where the node shows nothing."""
    current: LexborNode | None = node
    while current is not None:
        if current.mem_id in blocks:
            return blocks[current.mem_id]
        current = current.parent
    return None
