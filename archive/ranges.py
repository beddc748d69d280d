"""How far declared ranges of ids were asked for, and the greatest id that is known."""

from __future__ import annotations

import sqlite3

_NUMBER = "CAST(substr(url_key, :begin) AS INTEGER)"
_GREATEST = f"""
SELECT max({_NUMBER}) FROM _visits
WHERE portal = :portal AND url_key >= :prefix AND url_key < :prefix || ':'
AND article_id IS NOT NULL AND url_key = :prefix || {_NUMBER} || :suffix
"""  # noqa: S608  # ":" follows the digits


def greatest(connection: sqlite3.Connection, portal: str, prefix: str, suffix: str) -> int | None:
    """The greatest number under which an article was found; None before there is one.

    ``prefix`` and ``suffix`` are what stands in a page's key before and after its number.
    """
    values = {"portal": portal, "prefix": prefix, "suffix": suffix, "begin": len(prefix) + 1}
    (number,) = connection.execute(_GREATEST, values).fetchone()
    return int(number) if number is not None else None


def upto(connection: sqlite3.Connection, portal: str, url: str) -> int | None:
    """The first number of a range that was never asked for; None: none was."""
    row = connection.execute(
        "SELECT next FROM _ranges WHERE portal = ? AND url = ?", [portal, url]
    ).fetchone()
    return int(row[0]) if row is not None else None


def move(connection: sqlite3.Connection, portal: str, url: str, number: int) -> None:
    """Note that all below a number were asked for."""
    connection.execute(
        "INSERT INTO _ranges (portal, url, next) VALUES (?, ?, ?) "
        "ON CONFLICT (portal, url) DO UPDATE SET next = max(next, excluded.next)",
        [portal, url, number],
    )
