"""Text to moments: the date a text is, the dates inside a text, the date in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser
from dateutil.tz import tzoffset

from archive.text import squeeze
from halong_crawler.reading.dates.labels import AFTER, BEFORE, PLACE
from halong_crawler.reading.dates.moment import Moment
from halong_crawler.reading.dates.notations import (
    BETWEEN,
    HALVES,
    MONTHS,
    NOTATIONS,
    TIME,
    VIETNAMESE_MONTHS,
    ZONE,
)

_SHORTEST, _LONGEST = 6, 120
"""Characters of a text that is read as a date."""
_YEAR = re.compile(r"(?:19|20)\d\d|[./\-|]\s*\d\d(?!\d)|['’]\d\d")
"""What every notation ends or begins with: most texts hold none of it."""
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?", re.I
)
_COMPACT = re.compile(r"(?:19|20)\d{6}(?:T?\d{4,6}Z?)?")
"""``20250922``, in which dateutil takes the month for the day where days come first."""
_IN_URL = re.compile(
    r"/(?P<year>20\d{2}|199\d)(?P<sep>[-/._]?)(?P<month>0[1-9]|1[0-2]|[1-9](?=[-/._]))(?P=sep)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?=[-/._]))(?=[-/_.]|$)"
)


_FILLINGS = (datetime(1904, 1, 1), datetime(1908, 2, 2))  # noqa: DTZ001
"""What dateutil fills in for parts that a text lacks."""


class Span(NamedTuple):
    """A moment and where in the text it stands."""

    moment: Moment
    start: int
    end: int


def parse_date(text: str, zone: ZoneInfo, *, month_first: bool = False) -> Moment | None:
    """The date a piece of text *is* (the whole text, not a date inside a sentence), else None.

    Labels, weekdays, a place before a date in words and a count of readers after it may stand
    beside it. ``month_first`` reads ``03/04/2020`` as the Americans do.
    """
    raw = squeeze(text)
    if not _SHORTEST <= len(raw) <= _LONGEST:
        return None
    found = _first(raw, 0, zone, month_first)
    return _whole(raw, found) if found is not None else None


def _whole(raw: str, found: Span) -> Moment | None:
    """A date with the text around it, where that belongs to it."""
    before, after = raw[: found.start], raw[found.end :]
    placed = "tháng" in found.moment.raw.lower() and PLACE.fullmatch(before)
    if (placed or BEFORE.fullmatch(before)) and AFTER.fullmatch(after):
        return Moment(found.moment.at, found.moment.precision, raw)
    return None


def find_date(text: str, zone: ZoneInfo, *, month_first: bool = False) -> Moment | None:
    """The first date inside a text that is known to state one (a date element's text)."""
    raw = squeeze(text)
    found = _first(raw, 0, zone, month_first)
    if found is None:
        return None
    whole = _whole(raw, found) if _SHORTEST <= len(raw) <= _LONGEST else None
    return whole or found.moment


def stated_date(text: str, zone: ZoneInfo, *, month_first: bool = False) -> Moment | None:
    """The date of a machine's field: what people print, else any form that dateutil knows."""
    raw = squeeze(text)
    printed = parse_date(raw, zone, month_first=month_first)
    if printed is not None or not 8 <= len(raw) <= 60 or not re.search(r"\d", raw):
        return printed
    if _COMPACT.fullmatch(raw):
        return _iso(raw[:8], zone)
    found = _by_dateutil(raw, zone, month_first)
    iso = _ISO.match(raw) if found is None else None  # 2022-01-10T22:06:08:684Z
    return _iso(iso.group(0), zone) if iso is not None else found


def dates_in(text: str, zone: ZoneInfo, *, month_first: bool = False) -> Iterator[Span]:
    """Every date in a squeezed text with the time beside it, in the order of the text."""
    at = 0
    while (found := _first(text, at, zone, month_first)) is not None:
        yield found
        at = found.end


def date_in_url(url: str, zone: ZoneInfo) -> Moment | None:
    """A day that a URL's path states, as in ``/portal/pages/2023-12-07/…``."""
    match = _IN_URL.search(url.split("?", 1)[0])
    day = _day(match, month_first=False) if match is not None else None
    if match is None or day is None:
        return None
    return Moment(datetime.combine(day, time(), zone), "day", match.group(0).strip("/"))


def month_of(match: re.Match[str], zone: ZoneInfo) -> Moment | None:
    """The month that a path names in its groups ``year`` and ``month``: ``/images/2022/05/…``."""
    try:
        first = datetime(int(match["year"]), int(match["month"]), 1, tzinfo=zone)
    except ValueError:
        return None
    return Moment(first, "month", match.group(0).strip("/"))


def _first(text: str, at: int, zone: ZoneInfo, month_first: bool) -> Span | None:
    """The leftmost date from a place on; of two that begin there, the earlier row's."""
    if not _YEAR.search(text, at):
        return None
    best: tuple[re.Match[str], date] | None = None
    lower = text.lower()
    for notation in NOTATIONS:
        if notation.marks and not any(mark in lower for mark in notation.marks):
            continue
        for match in notation.pattern.finditer(text, at):
            if best is not None and match.start() >= best[0].start():
                break
            day = _day(match, month_first=month_first and notation.either_order)
            if day is None and notation.either_order:
                day = _day(match, month_first=not month_first and "name" not in match.groupdict())
            if day is not None:
                best = (match, day)
                break
        if best is not None and best[0].start() == at:  # no other can stand before it
            break
    return _with_time(text, at, best[0], best[1], zone) if best is not None else None


def _with_time(text: str, at: int, match: re.Match[str], day: date, zone: ZoneInfo) -> Span:
    start, end = match.span()
    iso = _ISO.match(text, start)
    moment = _iso(iso.group(0), zone) if iso is not None else None
    if iso is not None and moment is not None:
        return Span(moment, start, iso.end())
    clock, start, end = _clock_beside(text, at, start, end)
    raw = text[start:end].strip(" ,")
    if clock is None or clock == time():
        return Span(Moment(datetime.combine(day, time(), zone), "day", raw), start, end)
    return Span(Moment(datetime.combine(day, clock, zone), "minute", raw), start, end)


def _clock_beside(text: str, at: int, start: int, end: int) -> tuple[time | None, int, int]:
    """The time after a date, else the one before it; and how far date and time reach."""
    after = TIME.match(text, BETWEEN.match(text, end).end())  # type: ignore[union-attr]
    clock = _clock(after) if after is not None else None
    if after is not None and clock is not None:
        return clock, start, _past_zone(text, after.end())
    for before in TIME.finditer(text, max(at, start - 50), start):
        clock = _clock(before)
        if clock is not None and BEFORE.fullmatch(text, _past_zone(text, before.end()), start):
            return clock, before.start(), _past_zone(text, end)
    return None, start, end


def _past_zone(text: str, at: int) -> int:
    zone = ZONE.match(text, at)
    return zone.end() if zone is not None else at


def _day(match: re.Match[str], *, month_first: bool) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"] or "20" + parts["short"])
    year += 2000 if year < 100 else 0
    name = re.sub(r"\s+", " ", (parts.get("name") or "").lower())
    month = MONTHS.get(name) or VIETNAMESE_MONTHS.get(name) or int(parts.get("month") or 0)
    day = int(parts["day"])
    try:
        return date(year, day, month) if month_first else date(year, month, day)
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), HALVES.get((match["half"] or "").lower())
    if half is not None and 1 <= hour <= 12:
        hour = hour % 12 + half
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None


def _iso(raw: str, zone: ZoneInfo) -> Moment | None:
    try:
        parsed = dateutil_parser.isoparse(raw.replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    return _local(parsed, raw, zone)


def _by_dateutil(raw: str, zone: ZoneInfo, month_first: bool) -> Moment | None:
    """A form no row knows; parts it lacks would be filled in, so two fillings must agree."""
    try:
        first, second = (
            dateutil_parser.parse(
                raw, dayfirst=not month_first, default=default, tzinfos=_zone_of_name
            )
            for default in _FILLINGS
        )
    except (ValueError, OverflowError):
        return None
    if first.date() != second.date():
        return None
    return _local(first, raw, zone)


def _zone_of_name(name: str | None, offset: int | None) -> tzoffset | None:
    """A stated offset counts; names of zones mean several, so without one they say nothing."""
    return tzoffset(name, offset) if offset is not None else None


def _local(parsed: datetime, raw: str, zone: ZoneInfo) -> Moment:
    """In the portal's zone; midnight stands for no time.

    UTC as the zone means that nobody knows where the site is: then a stated offset is kept, since
    elsewhere the moment may be another calendar day.
    """
    stated = parsed.replace(tzinfo=zone) if parsed.tzinfo is None else parsed
    local = stated if zone.key == "UTC" else stated.astimezone(zone)
    if local.timetz().replace(tzinfo=None) == time():
        return Moment(local, "day", raw)
    return Moment(local, "minute", raw)
