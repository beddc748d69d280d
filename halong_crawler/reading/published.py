"""When an article was published, and when it was last edited: each date bound to the article.

A date counts only where the page binds it to the article: in the element its platform gives it, in
the page's own data, on a line between title and body or at the body's end, or in the address. Page
clocks, dates of related news, of licences and inside sentences are none of these. No date beats a
guess, and one that the article cannot have (before the portal's first day, after the capture) is
not its date.

On a site of which nothing is known the days of a page are weighed
(:mod:`halong_crawler.reading.dates.weighing`); on a Vietnamese portal that is a late resort. The
last is the month in which an image of the article was uploaded, where the platform's paths say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf
from urllib.parse import unquote

from archive.records import Published
from halong_crawler.reading.blocks import Block
from halong_crawler.reading.dates import Moment, date_in_url, dates_in, find_date, in_bounds
from halong_crawler.reading.dates.labels import UPDATED, WEEKDAY
from halong_crawler.reading.dates.order import is_month_first
from halong_crawler.reading.dates.page import page_clues
from halong_crawler.reading.dates.parse import month_of, parse_date
from halong_crawler.reading.dates.shown import Frame, shown_dates, stands_below_title
from halong_crawler.reading.dates.stated import stated_dates
from halong_crawler.reading.dates.weighing import Ground, weigh
from halong_crawler.reading.document import Document
from halong_crawler.reading.found import Found, first_found
from halong_crawler.reading.reader import Reader
from halong_crawler.reading.weighing.story import Story

SURE: dict[Ground, float] = {"news": -inf, "stated": -1.0, "shown": -0.3}
"""Log-odds from which a weighed day is taken on a page of an unknown site, by who names it."""
SURE_ON_PORTALS = 0.5
"""The same on a Vietnamese portal, where the surer places have failed."""
_FIRM = ("ld news", "ld blog", "ld article", "meta published")
"""Statements of a page's data that a portal's word is taken for, the surest first."""
_EDITED = ("ld news modified", "ld blog modified", "ld article modified", "ld page modified",
           "meta modified")  # fmt: skip
_PROSE = 120
"""Characters from which a block under the title is the article's text and no longer its head."""

_FAR = 60
"""Blocks below the title within which a date is still under it."""

Place = tuple[Moment, str]
"""A date and its evidence."""


def read_published(reader: Reader, captured_at: datetime) -> Published | None:
    """The date of publication with its precision, its printed form and where it stands."""
    found = first_found(
        lambda: _first_possible(reader, captured_at, _selected(reader)),
        lambda: _read_portal(reader, captured_at) if _is_vietnamese(reader) else None,
        lambda: _weighed(reader, captured_at) if not _is_settled(reader) else None,
        lambda: _first_possible(reader, captured_at, _uploaded(reader)),
    )
    if found is None:
        return None
    moment = found.value
    return Published(moment.isoformat(), moment.precision, moment.raw, found.evidence)


def read_updated(reader: Reader, captured_at: datetime) -> str | None:
    """When the page says it was last edited; only where it is stated apart."""
    found = _first_possible(reader, captured_at, _last_edits(reader))
    return found.value.isoformat() if found is not None else None


def _is_settled(reader: Reader) -> bool:
    """Whether a template says where the date stands: then no other date on the page is it."""
    return reader.templated or reader.is_settled("date")


def _is_vietnamese(reader: Reader) -> bool:
    return reader.portal.language.split("-")[0] == "vi"


def _read_portal(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    return first_found(
        lambda: _as_printed(reader, _first_possible(reader, captured_at, _stated(reader, _FIRM))),
        lambda: _first_possible(reader, captured_at, _on_a_line(reader, captured_at)),
        lambda: _first_possible(reader, captured_at, _in_address(reader)),
    )


def _first_possible(
    reader: Reader, captured_at: datetime, places: Iterable[Place]
) -> Found[Moment] | None:
    """The first date that the article can have."""
    for moment, evidence in places:
        if in_bounds(moment, reader.portal.first_date, captured_at):
            return Found(moment, evidence)
    return None


def _selected(reader: Reader) -> Iterator[Place]:
    for text, evidence in reader.stated("date", near=True):
        moment = find_date(text, reader.zone)
        if moment is not None:
            yield moment, evidence


def _stated(reader: Reader, kinds: tuple[str, ...]) -> Iterator[Place]:
    found = list(stated_dates(reader.document, reader.zone, month_first=False))
    for kind in kinds:
        yield from ((one.moment, one.evidence) for one in found if one.kind == kind)


def _as_printed(reader: Reader, found: Found[Moment] | None) -> Found[Moment] | None:
    """The same day as a line by the article prints it, with its time if only it has one."""
    if found is None:
        return None
    for block, _ in _lines_near(reader):
        for line in block.text.split("\n"):
            printed = parse_date(line, reader.zone)
            if printed is not None and printed.at.date() == found.value.at.date():
                exact = printed if found.value.precision == "day" else found.value
                return Found(Moment(exact.at, exact.precision, printed.raw), found.evidence)
    return found


def _on_a_line(reader: Reader, captured_at: datetime) -> Iterator[Place]:
    """Lines that are nothing but a date."""
    for block, evidence in _lines_near(reader):
        for line in block.text.split("\n"):
            moment = parse_date(line, reader.zone)
            if moment is None or UPDATED.match(line.lstrip(" (")):
                continue
            above = evidence == "line above the title"
            if not (above and _is_clock(moment, line, captured_at.astimezone(reader.zone))):
                yield _with_time_of_day(reader, moment), evidence


def _is_clock(moment: Moment, line: str, captured_at: datetime) -> bool:
    """Whether a line is a page's clock: it shows the day of the capture, or weekday and time."""
    day_and_time = moment.precision == "minute" and WEEKDAY.search(line) is not None
    return day_and_time or moment.at.date() == captured_at.date()


def _with_time_of_day(reader: Reader, moment: Moment) -> Moment:
    """The same day with the time that a ``<time>`` of the article states for it."""
    if moment.precision == "day":
        for node in reader.document.tree.css("time[datetime]"):
            exact = parse_date(node.attributes.get("datetime") or "", reader.zone)
            if (
                exact is not None
                and exact.precision == "minute"
                and exact.at.date() == moment.at.date()
                and reader.is_near(node)
            ):
                return Moment(exact.at, "minute", moment.raw)
    return moment


def _lines_near(reader: Reader) -> list[tuple[Block, str]]:
    """Blocks where an article's date may stand: below its title, at its end, above its title."""
    found, start = reader.scope_blocks, reader.title_at or 0
    prose = (i for i in range(start + 1, len(found)) if len(found[i].text) > _PROSE)
    end = min(next(prose, len(found)), start + _FAR) + 1
    return [
        *((block, "line under the title") for block in found[start:end]),
        *((block, "line at the end of the body") for block in reader.body_blocks[-3:]),
        *((block, "line above the title") for block in found[max(0, start - 2) : start]),
    ]


def _in_address(reader: Reader) -> Iterator[Place]:
    moment = date_in_url(reader.document.url, reader.zone)
    if moment is not None:
        yield moment, "url"


def _weighed(reader: Reader, captured_at: datetime) -> Found[Moment] | None:
    """The likeliest day of all that the page states and shows, if it is likely enough."""
    document, zone = reader.document, reader.zone
    strict = _is_vietnamese(reader)
    frame = frame_of(document, reader.story)
    first = reader.portal.first_date
    stated = list(stated_dates(document, zone, month_first=False))
    month_first = not strict and is_month_first(document, frame.short_texts, stated)
    if month_first:
        stated = list(stated_dates(document, zone, month_first=True))
    shown = shown_dates(document, frame, zone, month_first=month_first)
    shown = [one for one in shown if not strict or stands_below_title(one)]
    days = weigh(
        [one for one in stated if in_bounds(one.moment, first, captured_at)],
        [one for one in shown if in_bounds(one.moment, first, captured_at)],
        frozenset(page_clues(document)),
    )
    sure = SURE | {"stated": SURE_ON_PORTALS, "shown": SURE_ON_PORTALS} if strict else SURE
    best = next((day for day in days if day.odds >= sure[day.ground]), None)
    return Found(best.moment, best.evidence) if best is not None else None


def frame_of(document: Document, story: Story | None) -> Frame:
    """Where the article stands among the passages of its page."""
    if story is not None:
        return Frame(story.page, story.chosen, story.title_at)
    return Frame(document.outline)


def _uploaded(reader: Reader) -> Iterator[Place]:
    """The latest month in which an image of the article was uploaded: it is no older than that."""
    patterns = reader.platform.upload_paths
    blocks = reader.body_blocks if patterns else []
    paths = [unquote(picture.url) for block in blocks for picture in block.pictures]
    found = (match for path in paths for pattern in patterns if (match := pattern.search(path)))
    months = [month for match in found if (month := month_of(match, reader.zone)) is not None]
    yield from ((month, "image path") for month in sorted(months, key=_at, reverse=True))


def _at(moment: Moment) -> datetime:
    return moment.at


def _last_edits(reader: Reader) -> Iterator[Place]:
    for text, evidence in reader.stated("updated", near=True):
        moment = find_date(text, reader.zone)
        if moment is not None:
            yield moment, evidence
    yield from _stated(reader, _EDITED)
    for block, evidence in _lines_near(reader) if not _is_settled(reader) else ():
        for span in dates_in(block.text, reader.zone) if len(block.text) <= _PROSE else ():
            if UPDATED.search(block.text[max(0, span.start - 30) : span.start]):
                yield span.moment, evidence
