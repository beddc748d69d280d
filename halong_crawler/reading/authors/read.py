"""Who wrote the article, and how that is known: a ladder, best rung first.

The portal's and the platform's own elements, then the end of the body; where neither says it, the
page's data, the elements that state an author, and visible lines such as ``By …``. On a known
template the first two answer and the page is not searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from archive.records import Author
from archive.text import fold, squeeze
from halong_crawler.reading.authors.declared import (
    Declared,
    declared_authors,
    is_declared_article,
    site_names,
)
from halong_crawler.reading.authors.marked import frames_of, is_foreign, marked_authors
from halong_crawler.reading.authors.shown import Shown, shown_authors
from halong_crawler.reading.authors.signature import Signature
from halong_crawler.reading.body import Body
from halong_crawler.reading.bylines import Byline, is_person, read_byline
from halong_crawler.reading.bylines.names import is_vietnamese
from halong_crawler.reading.bylines.stated import is_full_name
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.reader import Reader

AT_THE_END = "line at the end of the body"
NEAR_THE_TITLE = "line near the title"
_SHORT_LINE = 120
_LINES_BELOW = 6
"""Lines below the title among which a labelled byline may stand."""
_SOURCE_LABEL = re.compile(r"^\s*(?:trích\s+)?nguồn(?:\s+tin)?\s*:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Authors:
    """Who signed an article, and where that was read."""

    byline: str | None = None
    """The words as printed."""
    people: tuple[Author, ...] = ()
    source: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    """``byline`` and ``source`` → where each was read; a field nobody stated is left out."""


_FACTS = re.compile(
    r"\s*[.,;|–-]*\s*(?:ngày đăng|đăng ngày|ngày cập nhật|cập nhật|lượt xem|số lượt xem)\s*:.*",
    re.I | re.S,
)
"""What may follow the author on the same line: when, and how often it was read."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one place on the page says about the authors."""

    names: tuple[str, ...]
    printed: str
    evidence: str


def read_authors(reader: Reader, body: Body) -> Authors:
    """The byline, the people in it and the source, each from the best place that states it."""
    signed = Signature(list(body.signature.bylines), list(body.signature.sources))
    source_at = AT_THE_END if signed.sources else ""
    byline_at = _selected(reader, signed) or (AT_THE_END if signed.bylines else "")
    source_at = source_at or _source(reader, signed)
    if not signed.bylines:
        byline_at = _searched(reader, signed)
    evidence = {"byline": byline_at, "source": source_at}
    return Authors(
        signed.printed,
        signed.authors,
        signed.sources[0] if signed.sources else None,
        {name: place for name, place in evidence.items() if place},
    )


def _selected(reader: Reader, signed: Signature) -> str:
    """Take the byline from the elements that selectors name; the evidence, or nothing."""
    for text, evidence in reader.stated("byline", near=True):
        byline = read_byline(text, stated=True)
        if byline is None:
            continue
        if byline.source is not None:
            signed.sources.append(byline.source)
        if byline.authors or (byline.source is None and not signed.bylines):
            signed.bylines[:] = [byline]
            return evidence
    return ""


def _source(reader: Reader, signed: Signature) -> str:
    """Take the source from the element that selectors name; the evidence, or nothing."""
    if signed.sources:
        return "selected byline"
    for text, evidence in reader.stated("source", near=True):
        source = _SOURCE_LABEL.sub("", text)
        if source:
            signed.sources.append(source)
            return evidence
    return ""


def _searched(reader: Reader, signed: Signature) -> str:
    """Search the page for its authors; the evidence, or nothing."""
    if _is_vietnamese(reader):
        labelled = _labelled_line(reader)
        if labelled is not None:
            signed.bylines.append(labelled)
            return NEAR_THE_TITLE
    refused = site_names(reader.document) | {fold(name) for name in reader.site_names}
    claim = _best(list(_claims(reader, refused)))
    if claim is None:
        return ""
    people = tuple(Author(name, "writer", claim.printed) for name in claim.names)
    signed.bylines.append(Byline(claim.printed, people))
    return claim.evidence


def _labelled_line(reader: Reader) -> Byline | None:
    """``Tác giả: …`` under the title: a line whose label names who wrote."""
    at = reader.title_at
    if at is None:
        return None
    for block in reader.scope_blocks[at + 1 : at + 1 + _LINES_BELOW]:
        line = _FACTS.sub("", block.text)
        byline = read_byline(line) if ":" in line and not block.pictures else None
        if byline is not None and any(author.role == "writer" for author in byline.authors):
            return byline
    return None


def _claims(reader: Reader, refused: Collection[str]) -> Iterator[_Claim]:
    """What the page says about its authors, the surest first."""
    strict = _is_vietnamese(reader)
    for claim in _unchecked(reader, refused):
        if not strict or all(is_person(name) for name in claim.names):
            yield claim


def _unchecked(reader: Reader, refused: Collection[str]) -> Iterator[_Claim]:
    declared = [
        found
        for found in declared_authors(reader.document, refused)
        if _is_credible(reader, found.names[0])
    ]
    linked = [found for found in declared if found.evidence.startswith("json-ld")]
    yield from (_declared(found) for found in linked)
    if reader.templated:
        return
    marked = marked_authors(
        reader.document.tree, _heading(reader), refused=refused, ends_before=_ends_before(reader)
    )
    if marked is not None:
        yield _Claim(marked.names, marked.printed, marked.evidence)
    yield from (_declared(found) for found in declared if found not in linked)
    firsts = [found.names[0] for found in declared] + ([marked.names[0]] if marked else [])
    shown = None if any(map(is_full_name, firsts)) else _shown(reader, refused)
    if shown is not None:
        yield _Claim(shown.names, shown.line, NEAR_THE_TITLE)


def _ends_before(reader: Reader) -> Callable[[LexborNode], bool]:
    """Tells of an element whether it begins after the article's text."""
    story = reader.story
    if story is None or not story.chosen:
        return lambda _: False
    last = max(story.chosen)
    starts = {element.node_id: element.first for element in story.page.elements}

    def ends_before(node: LexborNode) -> bool:
        current: LexborNode | None = node
        while current is not None and current.mem_id not in starts:
            current = current.parent
        return current is not None and starts[current.mem_id] > last

    return ends_before


def _declared(found: Declared) -> _Claim:
    return _Claim(found.names, "; ".join(found.names), found.evidence)


def _is_credible(reader: Reader, name: str) -> bool:
    """Whether a name that the page's data declares is the article's author's.

    A full name is, on a page that says it is an article. A single word is as likely an account,
    and elsewhere a meta names who made the site: these must stand on a short line of the page.
    """
    if is_full_name(name) and is_declared_article(reader.document):
        return True
    wanted = fold(name)
    short = (line for line in _lines(reader) if len(line) <= _SHORT_LINE)
    return any(wanted in fold(line) for line in short)


def _lines(reader: Reader) -> list[str]:
    return [squeeze(passage.text) for passage in reader.document.outline.passages]


def _shown(reader: Reader, refused: Collection[str]) -> Shown | None:
    """What a visible line near the title or the text's end says."""
    page = reader.document.outline
    lines = _lines(reader)
    title = fold(reader.title.value) if reader.title else ""
    title_at = _found(lines, title, range(len(lines))) if title else None
    last = next((block.text for block in reversed(reader.body_blocks) if block.text), "")
    ends_at = _found(lines, fold(last)[-60:], range(len(lines) - 1, -1, -1)) if last else None
    above = frames_of(_heading(reader))
    return shown_authors(
        lines, title_at, ends_at, refused=refused,
        foreign=lambda at: is_foreign(page.passages[at].element.node, above, lines[at]),
    )  # fmt: skip


def _found(lines: list[str], folded: str, order: Iterable[int]) -> int | None:
    return next((at for at in order if folded in fold(lines[at])), None)


def _heading(reader: Reader) -> LexborNode | None:
    """The element that shows the title; else the page's first heading that shows anything."""
    title = fold(reader.title.value) if reader.title else ""
    tree = reader.document.tree
    found = [(fold(visible_text(node)), node) for node in (*tree.css("h1"), *tree.css("h2"))]
    shown = (node for text, node in found if len(text) > len(title) / 3 and text in title)
    return next(shown, next((node for text, node in found if text), None))


def _best(claims: list[_Claim]) -> _Claim | None:
    """The surest claim, unless another says the same more fully."""
    if not claims:
        return None
    best = claims[0]
    for claim in claims[1:]:
        fuller = claim.names[0] == best.names[0] and len(claim.names) > len(best.names)
        named = not is_full_name(best.names[0]) and is_full_name(claim.names[0])
        if fuller or (named and len(best.names) == 1):
            best = claim
    return best


def _is_vietnamese(reader: Reader) -> bool:
    return is_vietnamese(" ".join(block.text for block in reader.body_blocks[:12])[:2000])
