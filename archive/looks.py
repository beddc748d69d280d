"""Looking at a listing again: what came in above, and what slipped by, while it was walked.

A walk takes minutes. What is published meanwhile stands on pages it has left behind; and when an
article is taken away, the next one slips from a page yet to come to one already read. So a walk
that took long goes back to its first page, and turns pages again as long as what they show is not
explained by what it had met.

Counted are articles in their order. One the walk had not met, with none above it that it had, has
come in since. One below others that were met had slipped by. One that was met and stands no longer
where it did has gone, and lets one article slip somewhere below it. A look ends when as many as
have gone were found slipped, and enough others in a row were met again.

What was taken away deeper than a look comes goes unnoticed until the listing is next walked whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

MOST = 3
"""Looks in one crawl: a listing that never stands still is left to the next one."""


class Looks:
    """The looks at one portal's listings during one crawl."""

    def __init__(
        self, connection: sqlite3.Connection, portal: str, crawl_id: int,
        *, enough: int, after: float,
    ) -> None:  # fmt: skip
        """``enough``: articles met again in a row that end a look.

        ``after``: seconds a listing may take to walk without being looked at again.
        """
        self.connection = connection
        self.portal = portal
        self.crawl_id = crawl_id
        self.enough = enough
        self.after = after

    def begin(self, walk: str, at: str) -> None:
        """A crawl has read the first page of a listing for the first time."""
        self._execute(
            "INSERT INTO _looks (portal, walk, crawl_id, began_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (portal, walk) DO UPDATE SET crawl_id = excluded.crawl_id, "
            "began_at = excluded.began_at, number = 0, turning = 0, place = -1, met = 0, "
            "slipped = 0 WHERE crawl_id <> excluded.crawl_id",
            self.portal, walk, self.crawl_id, at,
        )  # fmt: skip

    def read(self, walk: str, articles: Sequence[str], at: str, *, first: bool) -> None:
        """Take note of a page this crawl has read before; the ``first`` page begins a look.

        ``articles``: keys in the page's order.
        """
        if first:
            self.begin(walk, at)
            self._execute(
                "UPDATE _looks SET number = number + 1, began_at = ?, place = -1, met = 0, "
                "slipped = 0 WHERE portal = ? AND walk = ?", at, self.portal, walk,
            )  # fmt: skip
        row = self._execute(
            "SELECT number, place, met, slipped FROM _looks "
            "WHERE portal = ? AND walk = ? AND crawl_id = ?", self.portal, walk, self.crawl_id,
        ).fetchone()  # fmt: skip
        if row is None:
            return
        number, place, met, slipped = row
        fresh = False
        for key in dict.fromkeys(articles):
            found = self._meet(walk, key, number)
            if found is None:
                fresh, met, slipped = True, 0, slipped + (place >= 0)
                self._come_in(walk, key, place, number)
            else:
                position, again = found
                place, met = max(place, position), met + again
        turning = fresh or met < self.enough or slipped < self._gone(walk, place, number)
        self._execute(
            "UPDATE _looks SET turning = ?, place = ?, met = ?, slipped = ? "
            "WHERE portal = ? AND walk = ?", turning, place, met, slipped, self.portal, walk,
        )  # fmt: skip

    def is_turning(self, walk: str) -> bool:
        """Whether the look that is on goes to the page after the one read last."""
        row = self._execute(
            "SELECT turning FROM _looks WHERE portal = ? AND walk = ? AND crawl_id = ?",
            self.portal, walk, self.crawl_id,
        ).fetchone()  # fmt: skip
        return row is not None and bool(row[0])

    def next_page(self, walk: str, key: str) -> str | None:
        """The page that was asked for after another, in the order of the walk."""
        row = self._execute(
            "SELECT f.url_key FROM _visits v JOIN _frontier f "
            "ON f.portal = v.portal AND f.url_key = v.url_key "
            "WHERE v.portal = ? AND v.walk = ? AND f.crawl_id = ? AND f.state = 'done' "
            "AND v.crawl_id = f.crawl_id AND f.sequence > (SELECT CASE WHEN ? = ? THEN -1 "
            "ELSE sequence END FROM _frontier WHERE portal = ? AND url_key = ?) "
            "ORDER BY f.sequence LIMIT 1",
            self.portal, walk, self.crawl_id, key, walk, self.portal, key,
        ).fetchone()  # fmt: skip
        return row[0] if row is not None else None

    def is_due(self, walk: str, at: str) -> bool:
        """Whether a listing is walked, took long to walk, and may have shifted meanwhile."""
        row = self._execute(
            "SELECT began_at, number FROM _looks WHERE portal = ? AND walk = ? AND crawl_id = ?",
            self.portal, walk, self.crawl_id,
        ).fetchone()  # fmt: skip
        if row is None or row[1] >= MOST or _seconds(row[0], at) <= self.after:
            return False
        pages = self._execute(
            "SELECT count(*), total(f.state IN ('pending', 'leased')) FROM _visits v "
            "JOIN _frontier f ON f.portal = v.portal AND f.url_key = v.url_key "
            "WHERE v.portal = ? AND v.walk = ? AND f.crawl_id = ?",
            self.portal, walk, self.crawl_id,
        ).fetchone()  # fmt: skip
        return bool(pages[0] and not pages[1])

    def _meet(self, walk: str, key: str, number: int) -> tuple[int, bool] | None:
        """The place where this crawl met an article, and whether this look has not met it yet."""
        row = self._execute(
            "SELECT position, look FROM _listed "
            "WHERE portal = ? AND walk = ? AND url_key = ? AND crawl_id = ?",
            self.portal, walk, key, self.crawl_id,
        ).fetchone()  # fmt: skip
        if row is None:
            return None
        self._execute(
            "UPDATE _listed SET look = ? WHERE portal = ? AND walk = ? AND url_key = ?",
            number, self.portal, walk, key,
        )  # fmt: skip
        return row[0], row[1] != number

    def _come_in(self, walk: str, key: str, place: int, number: int) -> None:
        """Put an article in its place: beside the one above it, or above all."""
        self._execute(
            "INSERT INTO _listed (portal, walk, url_key, position, crawl_id, look) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal, walk, url_key) DO UPDATE SET "
            "before = position, position = excluded.position, crawl_id = excluded.crawl_id, "
            "look = excluded.look",
            self.portal, walk, key, place, self.crawl_id, number,
        )  # fmt: skip

    def _gone(self, walk: str, place: int, number: int) -> int:
        """How many of those met down to a place no longer stand there."""
        (count,) = self._execute(
            "SELECT count(*) FROM _listed WHERE portal = ? AND walk = ? AND crawl_id = ? "
            "AND position <= ? AND look <> ?", self.portal, walk, self.crawl_id, place, number,
        ).fetchone()  # fmt: skip
        return int(count)

    def _execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)


def adopt(connection: sqlite3.Connection, portal: str, killed: int, crawl_id: int) -> None:
    """Count what a killed crawl had walked as walked by the one that goes on in its place."""
    for table in ("_walks", "_looks", "_listed", "_visits"):
        connection.execute(
            f"UPDATE {table} SET crawl_id = ? WHERE portal = ? AND crawl_id = ?",  # noqa: S608
            [crawl_id, portal, killed],
        )


def _seconds(before: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(before)).total_seconds()
