"""Who wrote the article, and how that is known: a ladder, best rung first.

The portal's and the platform's own elements, then the end of the body; where neither says it, the
page's data, the elements that state an author, and visible lines such as ``By …``. On a known
template the first two answer and the page is not searched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.records import Author
from halong_crawler.reading.authors.search import NEAR_THE_TITLE, Search
from halong_crawler.reading.authors.signature import Signature
from halong_crawler.reading.body import Body
from halong_crawler.reading.bylines import Byline, read_byline
from halong_crawler.reading.bylines.names import is_vietnamese
from halong_crawler.reading.reader import Reader

AT_THE_END = "line at the end of the body"
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
    r"(?:ngày đăng|đăng ngày|ngày cập nhật|cập nhật|lượt xem|số lượt xem)\s*:", re.I
)
"""What may follow the author on the same line: when, and how often it was read."""


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
    if _is_vietnamese(reader) and not reader.is_settled("byline"):
        labelled = _labelled_line(reader)
        if labelled is not None:
            signed.bylines.append(labelled)
            return NEAR_THE_TITLE
    claim = Search(reader, strict=_is_vietnamese(reader)).best()
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
        facts = _FACTS.search(block.text)
        line = block.text[: facts.start()].rstrip(" \n.,;|–-") if facts else block.text
        byline = read_byline(line) if ":" in line and not block.pictures else None
        if byline is not None and any(author.role == "writer" for author in byline.authors):
            return byline
    return None


def _is_vietnamese(reader: Reader) -> bool:
    return is_vietnamese(" ".join(block.text for block in reader.body_blocks[:12])[:2000])
