"""A crawl as the archive records it, and what is written of it when it ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from math import sqrt
from typing import Any

from archive import coverage, monitors, standing
from archive.attachments import statuses
from archive.connection import savepoint
from archive.monitors import Result
from archive.records import Drift, Learning
from archive.standing import Standing

_Z = 1.959964
"""Standard deviations on both sides of a normal distribution that hold 95 % of it."""


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """A crawl's row, and what is counted of it."""

    id: int
    portal: str
    started_at: str
    finished_at: str | None
    status: str
    reason: str | None
    fetched: int
    articles_new: int
    articles_changed: int
    articles_unchanged: int
    failed: int
    skipped: int
    fields: dict[str, int]
    learned: Learning | None
    drift: tuple[Drift, ...]
    articles_not_due: int
    checked: int
    checked_changed: int
    monitors: tuple[Result, ...]
    """What each monitor found; nothing while it runs."""
    outcomes: dict[str, int] = field(default_factory=dict)
    """Its captures by outcome."""
    file_statuses: dict[str, int] = field(default_factory=dict)
    """Its files by how their text was read."""
    standing: Standing = field(default_factory=Standing)
    """Every URL it knew."""

    @property
    def articles(self) -> int:
        """Different articles it read."""
        return self.articles_new + self.articles_changed + self.articles_unchanged

    @property
    def missed(self) -> tuple[float, float]:
        """Share of the articles not due that had changed unseen, by the random check: the
        estimate, and the upper end of its interval of 95 % (Wilson's score, 1927).
        """
        if not self.checked:
            return 0.0, 1.0
        share, z2 = self.checked_changed / self.checked, _Z * _Z / self.checked
        spread = _Z * sqrt(share * (1 - share) / self.checked + z2 / (4 * self.checked))
        return share, min(1.0, (share + z2 / 2 + spread) / (1 + z2))


_COLUMNS = tuple(
    each.name for each in fields(CrawlSummary) if each.name not in (
        "outcomes", "file_statuses", "standing",
    )
)  # fmt: skip
"""The columns of ``crawls`` a summary is made of."""


def summary(connection: sqlite3.Connection, crawl_id: int) -> CrawlSummary:
    """What a crawl came to. Raises LookupError for one the archive does not know."""
    values = connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM crawls WHERE id = ?",  # noqa: S608
        [crawl_id],
    ).fetchone()
    if values is None:
        raise LookupError(f"the archive has no crawl {crawl_id}")
    row: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    row["fields"] = json.loads(row["fields"])
    row["learned"] = _learning(row["learned"])
    row["drift"] = tuple(Drift(**each) for each in json.loads(row["drift"] or "[]"))
    row["monitors"] = tuple(Result(**each) for each in json.loads(row["monitors"] or "[]"))
    return CrawlSummary(
        **row,
        outcomes=_counts(
            connection,
            "SELECT outcome, count(*) FROM captures WHERE crawl_id = ? GROUP BY outcome",
            crawl_id,
        ),
        file_statuses=statuses(connection, crawl_id),
        standing=standing.standing(connection, crawl_id),
    )


def latest(connection: sqlite3.Connection, portal: str | None = None) -> int | None:
    """The latest crawl of a portal, or of all; None where there is none."""
    (found,) = connection.execute(
        "SELECT max(id) FROM crawls WHERE portal = coalesce(?, portal)", [portal]
    ).fetchone()
    return None if found is None else int(found)


def mark_killed(connection: sqlite3.Connection, portal: str | None = None) -> None:
    """Mark crawls that never ended, of a portal or of all; only who holds the lock may know."""
    with savepoint(connection, "killed"):
        killed = connection.execute(
            "UPDATE crawls SET status = 'killed' WHERE status = 'running' "
            "AND portal = coalesce(?, portal) RETURNING id", [portal],
        ).fetchall()  # fmt: skip
        for (crawl_id,) in killed:
            standing.note(connection, crawl_id)
            measure(connection, crawl_id)


def measure(connection: sqlite3.Connection, crawl_id: int) -> None:
    """Write down how a crawl, that has ended, left its portal, and what is unusual about it."""
    coverage.note(connection, crawl_id)
    monitors.note(connection, crawl_id)


def note_template(
    connection: sqlite3.Connection, crawl_id: int, learned: Learning | None, drift: Sequence[Drift]
) -> None:
    """Write down what a crawl learnt of its portal's template, and where the template drifted."""
    connection.execute(
        "UPDATE crawls SET learned = ?, drift = ? WHERE id = ?",
        [
            json.dumps(asdict(learned), ensure_ascii=False) if learned is not None else None,
            json.dumps([asdict(each) for each in drift], ensure_ascii=False) if drift else None,
            crawl_id,
        ],
    )


def _learning(text: str | None) -> Learning | None:
    if text is None:
        return None
    values = json.loads(text)
    return Learning(**values | {"fields": tuple(values["fields"])})


def _counts(connection: sqlite3.Connection, sql: str, crawl_id: int) -> dict[str, int]:
    return dict(connection.execute(sql, [crawl_id]).fetchall())
