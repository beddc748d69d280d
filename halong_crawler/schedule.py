"""When a page is asked for again: every number of the policy, in one place.

Seeds, site maps, feeds and listings are asked for in each crawl. Everything else has an interval
that doubles while nothing changes and halves when something did, within bounds. Portals edit what
is fresh (corrections within hours or days) and hardly ever what is old.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

SLACK = 0.25
"""Days by which a page is due early: a nightly crawl begins a little sooner or later each night."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most days between two visits."""

    shortest: float
    longest: float

    def next(self, interval: float | None, elapsed: float, *, changed: bool) -> float:
        """The interval after a visit; ``interval`` is the one before, None at the first visit.

        ``elapsed`` days have passed since the visit before: what did not change in a shorter time
        than the interval says nothing of a longer one.
        """
        if interval is None:
            return self.shortest
        wanted = interval / 2 if changed else max(interval, 2 * min(interval, elapsed + SLACK))
        return min(max(wanted, self.shortest), self.longest)


@dataclass(frozen=True, slots=True)
class Age:
    """Bounds for articles younger than so many days."""

    younger_than: float
    bounds: Bounds


AGES = (
    Age(30, Bounds(1, 7)),
    Age(365, Bounds(7, 60)),
    Age(float("inf"), Bounds(30, 180)),
)
"""Articles, by days since they were published; where no date is known, since they were found, or
four times the interval they have earned."""

FRESH = 60
"""Of the articles without a date that a portal's first crawl finds, so many are taken for fresh:
the last by number on each of its hosts. The others may be years old."""
_BACKLOG = Bounds(8, 45)
"""Days after which each of these others is first looked at again, spread over the nights."""

OTHERS: dict[str, Bounds] = {
    # A page that lists nothing may begin to: fourteen days is how late a new article behind it is.
    "page": Bounds(1, 14),
    # Files have a rule of their own (HALONG_FILES_AGAIN_DAYS); this is for those that failed.
    "file": Bounds(1, 30),
    "image": Bounds(1, 30),
    # An article that is not at its address: again tomorrow for proof, then ever more seldom.
    "gone": Bounds(1, 180),
    # An address that never brought a page.
    "missing": Bounds(1, 30),
}
"""Everything else that has an interval."""

TROUBLE_LONGEST = 30.0
"""Days; a server that fails is asked again in the next crawl, then after 1, 3, 7, 15, 30 days."""

SPREAD = 0.25
"""Intervals of a week or more last up to a quarter longer, page by page, so that what was first
crawled on one day is not due on one day for ever."""

CHECKED = 0.015
"""Share of the known articles not due that a crawl looks at by chance: what does it miss?"""

WHOLE_WALK = 30.0
"""Days after which a listing is walked to its end again, whatever is known of it."""

TRUST_SAMPLES = 10
"""Visits at which ``lastmod`` had moved, before it is believed."""
TRUST_SHARE = 0.5
"""Share of these at which the text had changed; and share of the changes at which it had moved."""


def bounds_of_age(days: float) -> Bounds:
    """The bounds for an article of an age."""
    return next(age.bounds for age in AGES if days < age.younger_than)


def age(found_days: float, interval: float | None) -> float:
    """Days that count as the age of an article whose date is not known."""
    return max(found_days, 4 * (interval or 0.0))


def first_rest(key: str) -> float:
    """Days until an article of the backlog is looked at again."""
    share = crc32(key.encode()) / 2**32
    return _BACKLOG.shortest + share * (_BACKLOG.longest - _BACKLOG.shortest)


def trouble(failures: int) -> float:
    """Days until a page is asked for again that failed so many times in a row."""
    return min(2.0 ** min(failures - 1, 10) - 1, TROUBLE_LONGEST)


def spread(interval: float, key: str) -> float:
    """The interval with the page's own part of the spread."""
    return interval * (1 + SPREAD * crc32(key.encode()) / 2**32) if interval >= 7 else interval
