"""Which page of a crawl had which words first, so that no trap is walked for showing them again.

It is kept in the database, not in memory: a crawl of a hundred thousand pages takes no more for it,
and one that goes on for a killed one knows what that one had seen.
"""

from __future__ import annotations

import sqlite3


def first(connection: sqlite3.Connection, portal: str, digest: bytes) -> str | None:
    """The URL of the page that had these words first; None if none had them."""
    row = connection.execute(
        "SELECT url FROM _words WHERE portal = ? AND digest = ?", [portal, digest]
    ).fetchone()
    return row[0] if row is not None else None


def put(connection: sqlite3.Connection, portal: str, digest: bytes, url: str) -> None:
    """Note the words of a page, unless another had them before."""
    connection.execute(
        "INSERT INTO _words (portal, digest, url) VALUES (?, ?, ?) "
        "ON CONFLICT (portal, digest) DO NOTHING",
        [portal, digest, url],
    )


def forget(connection: sqlite3.Connection, portal: str) -> None:
    """Forget all words of a portal: a new crawl begins, and its pages may have changed places."""
    connection.execute("DELETE FROM _words WHERE portal = ?", [portal])
