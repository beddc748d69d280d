"""A point in time as far as a page states it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from archive.records import Precision

_FIRST_DAY = date(1997, 11, 19)
"""The day Vietnam joined the Internet: no portal published anything before it."""
_LENGTH: dict[Precision, int] = {"month": len("2022-05"), "day": len("2022-05-31")}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, how exactly the page states it, and in which words."""

    at: datetime
    """Aware. What the precision leaves open is the first of it: day 1, midnight."""
    precision: Precision
    raw: str

    def isoformat(self) -> str:
        """ISO 8601, cut to the precision."""
        return self.at.isoformat(timespec="seconds")[: _LENGTH.get(self.precision)]


def in_bounds(moment: Moment, earliest: date | None, latest: datetime) -> bool:
    """Whether an article can be that old: not before the portal's first day, nor after the capture.

    Both bounds are compared at the moment's own precision: a month that holds the portal's first
    day is possible.
    """
    size = _LENGTH.get(moment.precision)
    stated = moment.at.isoformat(timespec="seconds")[: size or _LENGTH["day"]]
    first = (earliest or _FIRST_DAY).isoformat()[: len(stated)]
    local = latest.astimezone(moment.at.tzinfo)
    now = local.isoformat(timespec="seconds")[:size]
    return first <= stated and (moment.at <= local if size is None else stated <= now)
