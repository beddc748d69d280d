"""Removals that another archive established, with the captures that prove them, taken over.

An import makes no crawl, and what two crawls saw is what proves a removal. The journal of the
crawls that saw it (:mod:`archive.journal`) comes with their WARC files and names both captures.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archive.journal import Row

_CAPTURE = "SELECT id FROM captures WHERE url = ? AND fetched_at = ? AND article_id IS NULL LIMIT 1"


def take_over(connection: sqlite3.Connection, removals: Iterable[Row]) -> int:
    """Establish those whose article and captures are here, inside the caller's transaction.

    One that is known is left as it is; returns how many are new.
    """
    return sum(_take_over(connection, row) for row in removals)


def _take_over(connection: sqlite3.Connection, row: Row) -> bool:
    article = connection.execute(
        "SELECT id FROM articles WHERE key = ?", [row["article"]]
    ).fetchone()
    first = connection.execute(_CAPTURE, [row["first_url"], row["first_at"]]).fetchone()
    last = connection.execute(_CAPTURE, [row["last_url"], row["last_at"]]).fetchone()
    if article is None or first is None or last is None:
        return False
    known = connection.execute(
        "SELECT 1 FROM removals WHERE article_id = ? AND removed_at = ?",
        [article[0], row["removed_at"]],
    ).fetchone()
    if known is not None:
        return False
    back_id, back_at = connection.execute(
        "SELECT id, fetched_at FROM captures WHERE article_id = ? AND fetched_at >= ? "
        "ORDER BY fetched_at, id LIMIT 1",
        [article[0], row["removed_at"]],
    ).fetchone() or (None, None)
    connection.execute(
        "INSERT INTO removals (article_id, removed_at, how, first_capture_id, last_capture_id, "
        "returned_at, return_capture_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [article[0], row["removed_at"], row["how"], first[0], last[0], back_at, back_id],
    )
    if back_id is None:
        connection.execute(
            "UPDATE articles SET status = 'removed', removed_at = ? WHERE id = ?",
            [row["removed_at"], article[0]],
        )
    return True
