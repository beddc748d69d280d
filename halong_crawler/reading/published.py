"""When an article was published: the ladder of dates, each bound to the article.

A date counts only where the page binds it to the article: in the element its platform gives it, in
the page's own data, on a line between title and body or at the body's end, or in the address. Page
clocks, dates of related news, of licences and inside sentences are none of these. No date beats a
guess, and one that the article cannot have (before the portal's first day, after the capture) is
not its date.
"""

from __future__ import annotations

from datetime import datetime

from archive.records import Published
from halong_crawler.reading.blocks import Block
from halong_crawler.reading.dates import Moment, date_in_url, find_date, in_bounds, parse_date
from halong_crawler.reading.reader import Found, Reader, first_found

_METAS = ("article:published_time", "datepublished", "dc.date.issued", "pubdate")
_PROSE = 120
"""Characters from which a block under the title is the article's text and no longer its head."""


def read_published(reader: Reader, captured_at: datetime) -> Published | None:
    """The date of publication with its precision, its printed form and where it stands."""
    found = first_found(
        lambda: _selected(reader, captured_at),
        lambda: _structured(reader, captured_at),
        lambda: _on_a_line(reader, captured_at),
        lambda: _in_address(reader, captured_at),
    )
    if found is None:
        return None
    moment = found.value
    return Published(moment.isoformat(), moment.precision, moment.raw, found.evidence)


def read_updated(reader: Reader, captured_at: datetime) -> str | None:
    """When the page says it was last edited; only where it is stated apart."""
    stated = [text for text, _ in reader.stated("updated", near=True)]
    stated.append(str(reader.document.linked_data.get("dateModified") or ""))
    stated.append(reader.document.metas.get("article:modified_time", ""))
    for text in stated:
        moment = find_date(text, reader.zone)
        if moment is not None and _possible(reader, moment, captured_at):
            return moment.isoformat()
    return None


def _selected(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    for text, evidence in reader.stated("date", near=True):
        moment = find_date(text, reader.zone)
        if moment is not None and _possible(reader, moment, captured_at):
            return Found(moment, evidence)
    return None


def _structured(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    document = reader.document
    linked = str(document.linked_data.get("datePublished") or "")
    candidates = [("json-ld:datePublished", linked)]
    candidates += [(f"meta:{name}", document.metas.get(name, "")) for name in _METAS]
    for evidence, text in candidates:
        moment = parse_date(text, reader.zone)
        if moment is not None and _possible(reader, moment, captured_at):
            return Found(moment, evidence)
    return None


def _on_a_line(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    """A line that is nothing but a date."""
    for block, evidence in _lines_near(reader):
        for line in block.text.split("\n"):
            moment = parse_date(line, reader.zone)
            if moment is not None and _possible(reader, moment, captured_at):
                return Found(moment, evidence)
    return None


def _lines_near(reader: Reader) -> list[tuple[Block, str]]:
    """Blocks where an article's date may stand: below its title, at its end, above its title."""
    found = reader.scope_blocks
    start = reader.title_at or 0
    prose = (i for i in range(start + 1, len(found)) if len(found[i].text) > _PROSE)
    end = next(prose, len(found)) + 1
    return [
        *((block, "line under the title") for block in found[start:end]),
        *((block, "line at the end of the body") for block in reader.body_blocks[-3:]),
        *((block, "line above the title") for block in found[max(0, start - 2) : start]),
    ]


def _in_address(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    moment = date_in_url(reader.document.url, reader.zone)
    if moment is None or not _possible(reader, moment, captured_at):
        return None
    return Found(moment, "url")


def _possible(reader: Reader, moment: Moment, captured_at: datetime) -> bool:
    return in_bounds(moment, reader.portal.first_date, captured_at)
