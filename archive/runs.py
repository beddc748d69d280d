"""A crawl beside the crawls of its portal before it: what monitors look at."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MOST = 40
"""Earlier runs that are looked at. Of nightly ones they hold a walk of all listings (30 days)."""
LATEST = 10
"""Runs whose mean is the usual."""
ENOUGH = 3
"""Runs below which nothing is usual."""

_COLUMNS = (
    "id", "portal", "started_at", "reason", "options", "fetched", "articles_new",
    "articles_changed", "articles_unchanged", "articles_not_due", "fields", "drift",
)  # fmt: skip
# The columns are constants; every value is bound.
_RUN = f"SELECT {', '.join(_COLUMNS)} FROM crawls WHERE id = ?"  # noqa: S608
_BEFORE = f"""
SELECT {", ".join(_COLUMNS)} FROM crawls
WHERE portal = :portal AND id < :id AND reason = 'finished'
  AND json_extract(options, '$.since') IS NULL
  AND json_extract(options, '$.full') IS :full
ORDER BY id DESC LIMIT :most
"""  # noqa: S608


@dataclass(frozen=True)
class Run:
    """One crawl's numbers."""

    id: int
    portal: str
    started_at: str
    reason: str | None
    options: dict[str, Any]
    fetched: int
    articles_new: int
    articles_changed: int
    articles_unchanged: int
    articles_not_due: int
    fields: dict[str, int]
    drift: list[dict[str, Any]]
    outcomes: dict[str, int] = field(default_factory=dict)
    """Its captures by outcome."""

    @property
    def articles(self) -> int:
        """Articles it read."""
        return self.articles_new + self.articles_changed + self.articles_unchanged

    @property
    def articles_met(self) -> int:
        """Articles it read, or knew and left for later."""
        return self.articles + self.articles_not_due

    @property
    def is_whole(self) -> bool:
        """Whether it left nothing out: only then do its counts say something of the portal."""
        return self.reason == "finished" and "since" not in self.options

    def share(self, *outcomes: str) -> float:
        """Share of its captures that came to one of some outcomes."""
        return self.count(*outcomes) / self.fetched if self.fetched else 0.0

    def count(self, *outcomes: str) -> int:
        """How many of its captures did."""
        return sum(self.outcomes.get(name, 0) for name in outcomes)


@dataclass(frozen=True)
class History:
    """A crawl and the whole crawls of its kind before it, the latest first."""

    connection: sqlite3.Connection
    run: Run
    before: tuple[Run, ...]
    """With ``--full`` or without, as the crawl itself; those cut short are left out."""
    first: int
    """The portal's first crawl, in which every article was new."""

    @cached_property
    def later(self) -> tuple[Run, ...]:
        """The runs before it without the portal's first."""
        return tuple(run for run in self.before if run.id != self.first)

    @cached_property
    def usual(self) -> tuple[Run, ...]:
        """The latest of them; with the first where there are too few others."""
        return (self.later if len(self.later) >= ENOUGH else self.before)[:LATEST]


def history(connection: sqlite3.Connection, crawl_id: int) -> History:
    """A crawl and those before it."""
    (run,) = _runs(connection, _RUN, [crawl_id])
    full = json.loads(run["options"]).get("full")
    before = _runs(
        connection, _BEFORE,
        {"portal": run["portal"], "id": crawl_id, "full": 1 if full else None, "most": MOST},
    )  # fmt: skip
    outcomes = _outcomes(connection, [each["id"] for each in (run, *before)])
    (first,) = connection.execute(
        "SELECT min(id) FROM crawls WHERE portal = ?", [run["portal"]]
    ).fetchone()
    made = [_made(each, outcomes[each["id"]]) for each in (run, *before)]
    return History(connection, made[0], tuple(made[1:]), first)


def _runs(connection: sqlite3.Connection, sql: str, values: Any) -> list[dict[str, Any]]:
    rows = connection.execute(sql, values).fetchall()
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def _outcomes(connection: sqlite3.Connection, ids: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    marks = ", ".join("?" * len(ids))
    for crawl_id, outcome, count in connection.execute(
        f"SELECT crawl_id, outcome, count(*) FROM captures WHERE crawl_id IN ({marks}) "  # noqa: S608
        "GROUP BY crawl_id, outcome",
        ids,
    ):
        found[crawl_id][outcome] = count
    return found


def _made(row: dict[str, Any], outcomes: dict[str, int]) -> Run:
    row = row | {name: json.loads(row[name] or "[]") for name in ("options", "fields", "drift")}
    return Run(**row, outcomes=outcomes)
