"""How complete the archive is of a portal, by what the archive itself knows.

It is computed from the tables at any time, and written into a crawl's row when the crawl ends, so
that two crawls can be compared. What is kept needs no plumbing to be read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from archive import walked
from archive.counters import Counter, Range, counters
from archive.walked import Listing, listings

MOST_LISTINGS = 200
"""Listings that are kept with a crawl: first those left before their end, then the largest."""

_MONTHS = """
SELECT substr(published_at, 1, 7), count(*) FROM articles
WHERE portal = ? AND length(published_at) >= 7 GROUP BY 1 ORDER BY 1
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE status = 'removed'),
  count(*) FILTER (WHERE coalesce(length(published_at), 0) < 7), min(published_at),
  max(published_at) FROM articles WHERE portal = ?
"""
_CRAWL = """
SELECT portal, options, coalesce(
  finished_at, (SELECT max(fetched_at) FROM captures WHERE crawl_id = crawls.id), started_at)
FROM crawls WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is held of a portal, and what is known to be missing."""

    portal: str
    crawl_id: int | None
    """The crawl it stands after."""
    at: str | None
    """When that crawl ended, or brought its last answer (UTC)."""
    articles: int
    """Articles held, removed ones too."""
    removed: int
    undated: int
    """Those that stand in no month."""
    oldest: str | None
    newest: str | None
    months: dict[str, int]
    """``2025-06`` → articles, every month from the first to the last."""
    counters: tuple[Counter, ...]
    listings: tuple[Listing, ...]
    listing_count: int
    listings_open: int
    """Listings whose end was not reached."""

    @property
    def empty_months(self) -> tuple[str, ...]:
        """Months between the first and the last that hold no article."""
        return tuple(month for month, count in self.months.items() if not count)

    @property
    def unknown_ids(self) -> int:
        """Numbers of dense counters that nobody has met."""
        return sum(counter.unknown for counter in self.counters if counter.is_dense)

    def as_json(self) -> dict[str, Any]:
        """All of it, with the sums that are read off it."""
        sums = {"months_empty": len(self.empty_months), "ids_unknown": self.unknown_ids}
        return {**asdict(self), **sums}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """What :meth:`as_json` gave."""
        known = {each.name: values[each.name] for each in fields(cls)}
        known["counters"] = tuple(
            Counter(**each | {"ranges": tuple(Range(**one) for one in each["ranges"])})
            for each in known["counters"]
        )
        known["listings"] = tuple(Listing(**each) for each in known["listings"])
        return cls(**known)


def coverage(connection: sqlite3.Connection, portal: str) -> Coverage:
    """How complete the archive is of a portal now.

    Raises LookupError for a portal the archive does not know.
    """
    known = connection.execute("SELECT 1 FROM portals WHERE name = ?", [portal]).fetchone()
    if known is None:
        raise LookupError(f"the archive has no portal {portal}")
    (crawl_id,) = connection.execute(
        "SELECT max(id) FROM crawls WHERE portal = ?", [portal]
    ).fetchone()
    at = connection.execute(_CRAWL, [crawl_id]).fetchone()[2] if crawl_id is not None else None
    articles, removed, undated, oldest, newest = connection.execute(_COUNTS, [portal]).fetchone()
    found = listings(connection, portal)
    return Coverage(
        portal, crawl_id, at, articles, removed, undated, oldest, newest,
        months=_months(connection, portal), counters=counters(connection, portal),
        listings=found, listing_count=len(found),
        listings_open=sum(not listing.is_whole for listing in found),
    )  # fmt: skip


def kept(connection: sqlite3.Connection, crawl_id: int) -> Coverage | None:
    """The coverage a crawl left; None where none was written down.

    Raises LookupError for a crawl the archive does not know.
    """
    row = connection.execute("SELECT coverage FROM crawls WHERE id = ?", [crawl_id]).fetchone()
    if row is None:
        raise LookupError(f"the archive has no crawl {crawl_id}")
    return Coverage.from_json(json.loads(row[0])) if row[0] is not None else None


def note(connection: sqlite3.Connection, crawl_id: int) -> None:
    """Write down how complete a crawl, that has ended, left the archive."""
    portal, options, at = connection.execute(_CRAWL, [crawl_id]).fetchone()
    if "since" not in json.loads(options):
        walked.note_ends(connection, portal, crawl_id, at)
    found = replace(coverage(connection, portal), crawl_id=crawl_id, at=at)
    told = sorted(found.listings, key=lambda each: each.is_whole)[:MOST_LISTINGS]
    values = replace(found, listings=tuple(told)).as_json()
    connection.execute(
        "UPDATE crawls SET coverage = ? WHERE id = ?",
        [json.dumps(values, ensure_ascii=False, separators=(",", ":")), crawl_id],
    )


def _months(connection: sqlite3.Connection, portal: str) -> dict[str, int]:
    held = dict(connection.execute(_MONTHS, [portal]).fetchall())
    return {month: held.get(month, 0) for month in _from_to(min(held), max(held))} if held else {}


def _from_to(first: str, last: str) -> Iterator[str]:
    """Every month from one to another: ``2024-11``, ``2024-12``, ``2025-01``."""
    month = first
    while month <= last:
        yield month
        month = next_month(month)


def next_month(month: str) -> str:
    """The month after one: ``2024-12`` → ``2025-01``."""
    number = 12 * int(month[:4]) + int(month[5:7])
    return f"{number // 12:04}-{number % 12 + 1:02}"
