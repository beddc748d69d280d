"""How far a crawl came with every URL it knew: done, skipped, failed or pending, each one once.

The frontier has one row a page and moves on with the next crawl, so a crawl's sums are written into
its own row when it ends. Of the URLs themselves an earlier crawl has those that no later crawl has
met again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

_STATES = """
SELECT state, count(*) FROM _frontier
WHERE portal = :portal AND crawl_id = :crawl AND state <> 'refused' GROUP BY state
"""
# A URL that was too deep on one page and asked for from another was asked for; one that was refused
# for two reasons is one URL. What was refused only when its turn came stands in both tables.
_SKIPPED = """
FROM skipped_urls WHERE portal = :portal AND last_crawl_id = :crawl AND url NOT IN (
  SELECT url FROM _frontier
  WHERE portal = :portal AND crawl_id = :crawl AND state <> 'refused')
GROUP BY url
"""
_BY_REASON = f"SELECT reason, count(*) FROM (SELECT min(reason) AS reason {_SKIPPED}) GROUP BY 1"  # noqa: S608
_SKIPPED_URLS = f"SELECT url, min(reason) AS reason, found_on {_SKIPPED} ORDER BY 2, 1"
_FAILED_URLS = """
SELECT f.url, f.kind, f.found_on, c.outcome, c.status, c.note, c.fetched_at
FROM _frontier f LEFT JOIN captures c ON c.id = f.capture_id
WHERE f.portal = :portal AND f.crawl_id = :crawl AND f.state = 'failed' ORDER BY f.url
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """The sum over the URLs of a crawl: ``known = done + skipped + failed + pending``."""

    done: int = 0
    """Asked for and answered, or known and found not worth asking for again."""
    skipped_by_reason: dict[str, int] = field(default_factory=dict)
    """Refused; by a key of :data:`archive.schema.SKIP_REASONS`."""
    failed: int = 0
    """Asked for as often as a failure of its class is, and given up."""
    pending: int = 0
    """Left to the next crawl."""

    @property
    def skipped(self) -> int:
        """URLs refused, for whatever reason."""
        return sum(self.skipped_by_reason.values())

    @property
    def known(self) -> int:
        """Every URL the crawl knew."""
        return sum(self.parts().values())

    def parts(self) -> dict[str, int]:
        """The sum's four parts by name."""
        return {
            "done": self.done, "skipped": self.skipped, "failed": self.failed,
            "pending": self.pending,
        }  # fmt: skip


def standing(connection: sqlite3.Connection, crawl_id: int) -> Standing:
    """How a crawl stood when it ended, or stands now if it has not.

    Raises LookupError for a crawl the archive does not know.
    """
    portal, noted = _crawl(connection, crawl_id, "portal, standing")
    return Standing(**json.loads(noted)) if noted else _count(connection, portal, crawl_id)


def note(connection: sqlite3.Connection, crawl_id: int) -> None:
    """Write a crawl's standing into its row: it ended, and the next one moves the frontier on."""
    (portal,) = _crawl(connection, crawl_id, "portal")
    counted = asdict(_count(connection, portal, crawl_id))
    connection.execute(
        "UPDATE crawls SET standing = ? WHERE id = ?", [json.dumps(counted), crawl_id]
    )


def inherit(connection: sqlite3.Connection, killed: int, crawl_id: int) -> None:
    """Count what a killed crawl skipped as skipped by the one that goes on in its place."""
    moved = connection.execute(
        "UPDATE skipped_urls SET last_crawl_id = ? WHERE last_crawl_id = ?", [crawl_id, killed]
    ).rowcount
    connection.execute("UPDATE crawls SET skipped = skipped + ? WHERE id = ?", [moved, crawl_id])


def skipped_urls(connection: sqlite3.Connection, crawl_id: int) -> Iterator[dict[str, Any]]:
    """The URLs a crawl skipped, one by one: url, reason, found_on."""
    return _rows(connection, _SKIPPED_URLS, crawl_id)


def failed_urls(connection: sqlite3.Connection, crawl_id: int) -> Iterator[dict[str, Any]]:
    """The URLs a crawl gave up, one by one, each with what its last capture says."""
    return _rows(connection, _FAILED_URLS, crawl_id)


def _count(connection: sqlite3.Connection, portal: str, crawl_id: int) -> Standing:
    values = {"portal": portal, "crawl": crawl_id}
    states = dict(connection.execute(_STATES, values).fetchall())
    return Standing(
        done=states.get("done", 0),
        skipped_by_reason=dict(connection.execute(_BY_REASON, values).fetchall()),
        failed=states.get("failed", 0),
        # A leased URL of a crawl that has ended was on its way when it was killed.
        pending=sum(states.get(name, 0) for name in ("pending", "leased", "aside")),
    )


def _rows(connection: sqlite3.Connection, sql: str, crawl_id: int) -> Iterator[dict[str, Any]]:
    (portal,) = _crawl(connection, crawl_id, "portal")
    cursor = connection.execute(sql, {"portal": portal, "crawl": crawl_id})
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def _crawl(connection: sqlite3.Connection, crawl_id: int, columns: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(
        f"SELECT {columns} FROM crawls WHERE id = ?",  # noqa: S608
        [crawl_id],
    ).fetchone()
    if row is None:
        raise LookupError(f"the archive has no crawl {crawl_id}")
    return row
