"""The walks of listings: where a crawl may stop turning pages, and what has vanished from them.

A walk is a listing with all its pages; its first page's key names it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

_LAST_WHOLE_CRAWL = """
SELECT max(id) FROM crawls WHERE portal = ? AND id < ? AND status = 'finished'
AND reason = 'finished' AND json_extract(options, '$.since') IS NULL
"""


class Walks:
    """The listings of one portal during one crawl."""

    def __init__(
        self, connection: sqlite3.Connection, portal: str, crawl_id: int,
        *, now: str, whole_before: str, enough: int,
    ) -> None:  # fmt: skip
        """``enough``: known articles in a row after which a walk ends; 0 for never.

        A listing that was last walked to its end before ``whole_before`` is so again.
        """
        self.connection = connection
        self.portal = portal
        self.crawl_id = crawl_id
        self.now = now
        self.whole_before = whole_before
        self.enough = enough
        # What was first met later may come from a crawl that was cut short: the pages between may
        # never have been seen.
        (self.baseline,) = self._execute(_LAST_WHOLE_CRAWL, portal, crawl_id).fetchone()

    def is_whole(self, walk: str) -> bool:
        """Whether this crawl walks a listing to its end."""
        row = self._execute(
            "SELECT crawl_id, whole, whole_at FROM _walks WHERE portal = ? AND walk = ?",
            self.portal, walk,
        ).fetchone()  # fmt: skip
        if row is None or self.baseline is None or not self.enough:
            return True
        return bool(row[1]) if row[0] == self.crawl_id else row[2] < self.whole_before

    def is_known(self, key: str) -> bool:
        """Whether a page was asked for before the last crawl that was whole had ended."""
        row = self._execute(
            "SELECT 1 FROM _visits WHERE portal = ? AND url_key = ? AND first_crawl_id <= ?",
            self.portal, key, self.baseline,
        ).fetchone()  # fmt: skip
        return row is not None

    def read(self, walk: str, articles: Sequence[str], *, has_new: bool) -> bool:
        """Take note of one page of a listing; whether the walk ends here.

        ``articles``: keys in the page's order. A page with anything new on it begins the count
        again, so what stands beside the list (most read, pinned) cannot end it; what was met on an
        earlier page counts once, so items may shift from page to page.
        """
        whole = self._begin(walk)
        (items,) = self._execute(
            "SELECT items FROM _walks WHERE portal = ? AND walk = ?", self.portal, walk
        ).fetchone()
        first = items
        for key in dict.fromkeys(articles):
            items += self._execute(
                "INSERT INTO _listed (portal, walk, url_key, position, crawl_id) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (portal, walk, url_key) DO UPDATE SET "
                "before = position, position = excluded.position, crawl_id = excluded.crawl_id, "
                "look = 0 WHERE crawl_id <> excluded.crawl_id",
                self.portal, walk, key, items, self.crawl_id,
            ).rowcount  # fmt: skip
        self._execute(
            "UPDATE _walks SET items = ?, known = CASE WHEN ? THEN 0 ELSE known + ? END "
            "WHERE portal = ? AND walk = ?",
            items, has_new, items - first, self.portal, walk,
        )  # fmt: skip
        (known,) = self._execute(
            "SELECT known FROM _walks WHERE portal = ? AND walk = ?", self.portal, walk
        ).fetchone()
        return not whole and known >= self.enough and self._stop(walk)

    def broken(self, walk: str) -> None:
        """A walk came to a page nobody could turn: the next crawl walks to the end again."""
        self._execute(
            "UPDATE _walks SET whole_at = '' WHERE portal = ? AND walk = ?", self.portal, walk
        )

    def unchanged(self, walk: str) -> None:
        """A page of the listing is as it was: nothing new is on it, nor behind it."""
        if not self._begin(walk):
            self._stop(walk)

    def is_passed_over(self, walk: str | None) -> bool:
        """Whether the walk ended early in this crawl."""
        row = self._execute(
            "SELECT 1 FROM _walks WHERE portal = ? AND walk = ? AND crawl_id = ? AND stopped",
            self.portal, walk, self.crawl_id,
        ).fetchone()  # fmt: skip
        return row is not None

    def finish(self) -> int:
        """Make due what has vanished from between articles that still stand there; how many."""
        vanished = 0
        walks = self._execute(
            "SELECT walk FROM _walks WHERE portal = ? AND crawl_id = ?", self.portal, self.crawl_id
        ).fetchall()
        for (walk,) in walks:
            last_before, last_now = self._execute(
                "SELECT max(before), max(position) FROM _listed "
                "WHERE portal = ? AND walk = ? AND crawl_id = ?",
                self.portal, walk, self.crawl_id,
            ).fetchone()  # fmt: skip
            if last_before is not None:
                vanished += self._vanish(walk, last_before)
                # What was not walked follows on what was.
                self._execute(
                    "UPDATE _listed SET position = position + ? "
                    "WHERE portal = ? AND walk = ? AND crawl_id <> ?",
                    last_now - last_before, self.portal, walk, self.crawl_id,
                )  # fmt: skip
        return vanished

    def _vanish(self, walk: str, last: int) -> int:
        place = (self.portal, walk, self.crawl_id, last)
        count: int = self._execute(
            "UPDATE _visits SET next_visit = ? WHERE portal = ? AND crawl_id IS NOT ? "
            "AND met_crawl_id IS NOT ? AND next_visit > ? AND url_key IN (SELECT url_key "
            "FROM _listed WHERE portal = ? AND walk = ? AND crawl_id <> ? AND position < ?)",
            self.now, self.portal, self.crawl_id, self.crawl_id, self.now, *place,
        ).rowcount  # fmt: skip
        self._execute(
            "DELETE FROM _listed WHERE portal = ? AND walk = ? AND crawl_id <> ? AND position < ?",
            *place,
        )
        return count

    def _begin(self, walk: str) -> bool:
        """Begin a listing's walk in this crawl, if that was not done; whether it is whole."""
        whole = self.is_whole(walk)
        self._execute(
            "INSERT INTO _walks (portal, walk, crawl_id, whole, whole_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (portal, walk) DO UPDATE SET crawl_id = excluded.crawl_id, "
            "whole = excluded.whole, items = 0, known = 0, stopped = 0, "
            "whole_at = CASE WHEN excluded.whole THEN excluded.whole_at ELSE whole_at END "
            "WHERE crawl_id <> excluded.crawl_id",
            self.portal, walk, self.crawl_id, whole, self.now,
        )  # fmt: skip
        return whole

    def _stop(self, walk: str) -> bool:
        """End a walk. Pages that never answered are still asked for: nobody knows what they say."""
        self._execute(
            "UPDATE _walks SET stopped = 1 WHERE portal = ? AND walk = ?", self.portal, walk
        )
        self._execute(
            "UPDATE _frontier SET state = 'done' WHERE portal = ? AND state = 'pending' "
            "AND EXISTS (SELECT 1 FROM _visits v WHERE v.portal = _frontier.portal "
            "AND v.url_key = _frontier.url_key AND v.walk = ? "
            "AND v.last_status IN (200, 304, 404, 410))", self.portal, walk,
        )  # fmt: skip
        return True

    def _execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(sql, values)
