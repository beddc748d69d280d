"""Vietnamese dates as portals print them.

Day first always. A notation is a row of :data:`NOTATIONS`; what none of them matches is not a
date, except ISO 8601 forms, which python-dateutil reads. A clock time of exactly midnight is what
these systems print for a date without a time (``21/12/2012 | 12:00 AM``), so it counts as a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from archive.records import Precision
from archive.text import squeeze

_WEEKDAY = (
    r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s+nhật)"
    r"\s*(?:,|-|–|\||ngày|\s)\s*)?"
)
_LABEL = (
    r"(?:(?:ngày\s+)?(?:đăng|xuất\s+bản|cập\s+nhật|tạo|gửi|ban\s+hành|đăng\s+tin|đưa\s+tin)"
    r"(?:\s+(?:lúc|ngày|tin|bài))?\s*:?\s*|thời\s+gian\s*:?\s*|lúc\s*:?\s*|posted\s*(?:on)?\s*:?\s*)?"
)
_DATE = r"(?P<day>\d{1,2})\s*[/.\-]\s*(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4})"
_TIME = (
    r"(?P<hour>\d{1,2})\s*(?::|h|giờ)\s*(?P<minute>\d{2})(?:\s*(?::|phút)\s*(?P<second>\d{2})?)?"
    r"\s*(?P<half>SA|CH|AM|PM)?"
)
_ZONE = r"(?:\s*[\[(]?\s*(?:GMT|UTC)?\s*\+\s*0?7(?::?00)?\s*[\])]?)?"
_LONG = (
    r"(?:ngày\s+)?(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s*,?\s*"
    r"(?:năm\s+)?(?P<year>\d{4})"
)
_GAP = r"\s*(?:,|\||-|–|lúc|vào lúc|\s)?\s*"


def _notation(*parts: str) -> re.Pattern[str]:
    return re.compile(r"\(?\s*" + "".join(parts) + r"\s*\)?\s*[.;]?", re.I)


NOTATIONS: tuple[re.Pattern[str], ...] = (
    # 22/09/2022 15:15 · Thứ Ba, 08/04/2025 - 14:05 · 21/07/2022 | 10:00 AM · (29/06/2026, 14:49)
    _notation(_LABEL, _WEEKDAY, r"(?:ngày\s+)?", _DATE, _GAP, _TIME, _ZONE),
    # 07:22:35 30/05/2021 (GMT+7) · 09:47, 15/03/2021
    _notation(_LABEL, _TIME, _ZONE, _GAP, _WEEKDAY, r"(?:ngày\s+)?", _DATE, _ZONE),
    # Thứ Bảy, 09/08/2025 · 02-04-2018
    _notation(_LABEL, _WEEKDAY, r"(?:ngày\s+)?", _DATE),
    # Thứ Hai, ngày 21 tháng 09 năm 2025, 14:30
    _notation(_LABEL, _WEEKDAY, _LONG, _GAP, _TIME, _ZONE),
    # ( Ngày 02 tháng 04 năm 2018 ) · Hạ Long, ngày 02 tháng 4 năm 2018
    _notation(_LABEL, _WEEKDAY, r"(?:[^\d,:;.]{2,40},\s*)?", _LONG),
    # 14:30 ngày 21 tháng 9 năm 2025
    _notation(_LABEL, _TIME, _ZONE, _GAP, _WEEKDAY, _LONG),
)

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_IN_URL = re.compile(r"/(?P<year>20\d{2}|199\d)[-/](?P<month>\d{2})[-/](?P<day>\d{2})(?=/|-|$)")
# A bare number after the date is a view counter.
_TRAILING_COUNTER = re.compile(
    r"(?<=[\d\])MAHmah])\s*[|–-]?\s*(?:lượt\s+xem|view\s*count|views?)?\s*:?\s*\d{1,7}$", re.I
)


_FIRST_DAY = date(1997, 11, 19)
"""The day Vietnam joined the Internet: no portal published anything before it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as far as a page states it."""

    at: datetime
    precision: Precision
    raw: str

    def isoformat(self) -> str:
        """ISO 8601, cut to the precision."""
        if self.precision == "day":
            return self.at.date().isoformat()
        return self.at.isoformat(timespec="seconds")


def parse_date(text: str, zone: ZoneInfo) -> Moment | None:
    """The date a piece of text *is* (the whole text, not a date inside a sentence), else None."""
    raw = squeeze(text)
    if not 8 <= len(raw) <= 80:
        return None
    if _ISO.fullmatch(raw):
        return _iso(raw, zone)
    for candidate in (raw, _TRAILING_COUNTER.sub("", raw)):
        for notation in NOTATIONS:
            match = notation.fullmatch(candidate)
            if match is not None:
                return _moment(match, raw, zone)
    return None


def find_date(text: str, zone: ZoneInfo) -> Moment | None:
    """The first date inside a text that is known to state one (a date element's text)."""
    whole = parse_date(text, zone)
    if whole is not None:
        return whole
    for notation in NOTATIONS:
        match = notation.search(squeeze(text))
        if match is not None:
            return _moment(match, squeeze(match.group(0)), zone)
    return None


def date_in_url(url: str, zone: ZoneInfo) -> Moment | None:
    """A day that a URL's path states, as in ``/portal/pages/2023-12-07/…``."""
    match = _IN_URL.search(url)
    if match is None:
        return None
    return _moment(match, match.group(0).strip("/"), zone)


def in_bounds(moment: Moment, earliest: date | None, latest: datetime) -> bool:
    """Whether an article can be that old: after the portal's first day, not after the capture."""
    day = moment.at.date()
    local_latest = latest.astimezone(moment.at.tzinfo)
    return (earliest or _FIRST_DAY) <= day and (
        day <= local_latest.date() if moment.precision == "day" else moment.at <= local_latest
    )


def _iso(raw: str, zone: ZoneInfo) -> Moment | None:
    try:
        parsed = dateutil_parser.isoparse(raw.replace(" ", "T", 1))
    except ValueError:
        return None
    if len(raw) == 10:
        return Moment(parsed.replace(tzinfo=zone), "day", raw)
    local = parsed.replace(tzinfo=zone) if parsed.tzinfo is None else parsed.astimezone(zone)
    return Moment(local, "minute", raw)


def _moment(match: re.Match[str], raw: str, zone: ZoneInfo) -> Moment | None:
    parts = match.groupdict()
    try:
        day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        clock = _clock(parts)
    except ValueError:
        return None
    if clock is None or clock == time(0, 0):
        return Moment(datetime.combine(day, time(0, 0), zone), "day", raw)
    return Moment(datetime.combine(day, clock, zone), "minute", raw)


def _clock(parts: dict[str, str]) -> time | None:
    if not parts.get("hour"):
        return None
    hour = int(parts["hour"])
    half = (parts.get("half") or "").upper()
    if half in ("CH", "PM") and hour < 12:
        hour += 12
    elif half in ("SA", "AM") and hour == 12:
        hour = 0
    return time(hour, int(parts["minute"]), int(parts.get("second") or 0))
