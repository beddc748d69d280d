"""What time it is to a crawl: the machine's time, or one that ``HALONG_NOW`` sets."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache


class ClockError(ValueError):
    """``HALONG_NOW`` is no time: one line that says so."""


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC) + _ahead()


def utc_now() -> str:
    """Now, as captures print it: UTC, seconds, ``Z``."""
    return stamp(now())


def stamp(moment: datetime) -> str:
    """A moment as captures print it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=1)
def _ahead() -> timedelta:
    """How far the set time is from the machine's; it runs on from there.

    Raises :class:`ClockError`.
    """
    wanted = os.environ.get("HALONG_NOW")
    if not wanted:
        return timedelta()
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        raise ClockError(
            f"HALONG_NOW: {wanted!r} is no time; write it like 2026-11-23T03:15:00Z"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
