"""Which captures go into a package: by portal, crawl and period."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted; what is not given is not restricted."""

    portals: tuple[str, ...] = ()
    crawl_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    """The days (UTC) of the first and the last capture, both included."""

    def __str__(self) -> str:
        """In words."""
        parts = list(self.portals)
        if self.crawl_id is not None:
            parts.append(f"crawl {self.crawl_id}")
        if self.first_day is not None:
            parts.append(f"from {self.first_day}")
        if self.last_day is not None:
            parts.append(f"to {self.last_day}")
        return ", ".join(parts) or "everything"

    @property
    def name(self) -> str:
        """As the name of a file."""
        parts = list(self.portals) or ["halong-archive"]
        if self.crawl_id is not None:
            parts.append(f"crawl-{self.crawl_id}")
        if self.first_day is not None or self.last_day is not None:
            parts.append(f"{self.first_day or ''}..{self.last_day or ''}")
        return "-".join(parts)


@dataclass
class Packed:
    """What a package holds."""

    path: Path
    captures: int = 0
    """Chosen ones that have a record."""
    referred: int = 0
    """Captures that were not chosen, whose record holds what a chosen one sent again."""
    records: int = 0
    pages: int = 0
    files: int = 0
    """WARC files."""
    first: str = ""
    last: str = ""
    """Times of the earliest and the latest capture chosen (UTC)."""
    bytes: int = 0
    """Of the package."""


_WANTED = """
INSERT INTO package_captures
SELECT id, warc_file, warc_offset, warc_length, 1 FROM captures
WHERE warc_file IS NOT NULL
  AND (:any_portal OR portal IN (SELECT value FROM json_each(:portals)))
  AND (:crawl_id IS NULL OR crawl_id = :crawl_id)
  AND substr(fetched_at, 1, 10) BETWEEN :first_day AND :last_day
"""
_REFERRED = """
INSERT INTO package_captures
SELECT DISTINCT o.id, o.warc_file, o.warc_offset, o.warc_length, 0
FROM package_captures p JOIN captures c ON c.id = p.id JOIN captures o ON o.id = c.refers_to
WHERE o.warc_file IS NOT NULL ON CONFLICT (id) DO NOTHING
"""
_SUMS = """
SELECT sum(is_chosen), sum(NOT is_chosen), min(c.fetched_at) FILTER (WHERE is_chosen),
       max(c.fetched_at) FILTER (WHERE is_chosen)
FROM package_captures p JOIN captures c ON c.id = p.id
"""
_PAGES = """
SELECT c.url, c.fetched_at, coalesce(v.title, r.title_vi), v.lead, v.body
FROM package_captures p
JOIN captures c ON c.id = p.id
JOIN portals r ON r.name = c.portal
LEFT JOIN article_versions v ON v.article_id = c.article_id AND v.number = (
    SELECT max(number) FROM article_versions
    WHERE article_id = c.article_id AND captured_at <= c.fetched_at)
WHERE p.is_chosen AND c.posted_page IS NULL
  AND (v.id IS NOT NULL AND c.outcome IN ('article', 'unchanged') OR c.outcome = 'home')
GROUP BY c.url, c.fetched_at ORDER BY c.fetched_at, c.url
"""


def check(connection: sqlite3.Connection, choice: Choice) -> None:
    """Raises LookupError for a portal or crawl the archive does not know."""
    known = [name for (name,) in connection.execute("SELECT name FROM portals ORDER BY name")]
    for name in choice.portals:
        if name not in known:
            there = ", ".join(known) or "none"
            raise LookupError(f"the archive has no portal {name!r}; it has: {there}")
    if choice.crawl_id is None:
        return
    row = connection.execute("SELECT portal FROM crawls WHERE id = ?", [choice.crawl_id]).fetchone()
    if row is None:
        raise LookupError(f"the archive has no crawl {choice.crawl_id}; halong report lists them")
    if choice.portals and row[0] not in choice.portals:
        raise LookupError(f"crawl {choice.crawl_id} is of {row[0]}, not {choice.portals[0]}")


def choose(connection: sqlite3.Connection, choice: Choice) -> tuple[int, int, str, str]:
    """Note the chosen captures in a temporary table, with those whose payload they repeat.

    From here on the connection sees the archive as it is now. Returns how many were chosen, how
    many come with them, and the first and last time. Raises LookupError, also for no capture.
    """
    check(connection, choice)
    connection.execute("DROP TABLE IF EXISTS temp.package_captures")
    connection.execute(
        "CREATE TEMP TABLE package_captures (id INTEGER PRIMARY KEY, file TEXT NOT NULL, "
        "offset INTEGER NOT NULL, length INTEGER NOT NULL, is_chosen INTEGER NOT NULL)"
    )
    connection.execute(_WANTED, {
        "any_portal": not choice.portals, "portals": json.dumps(choice.portals),
        "crawl_id": choice.crawl_id, "first_day": str(choice.first_day or "0000"),
        "last_day": str(choice.last_day or "9999-99-99"),
    })  # fmt: skip
    connection.execute(_REFERRED)
    captures, referred, first, last = connection.execute(_SUMS).fetchone()
    if not captures:
        raise LookupError(f"no capture with a record matches the choice ({choice})")
    return captures, referred, first, last


def files(connection: sqlite3.Connection) -> list[str]:
    """The WARC files that hold them."""
    rows = connection.execute("SELECT DISTINCT file FROM package_captures ORDER BY file")
    return [file for (file,) in rows]


def places(connection: sqlite3.Connection, file: str) -> list[tuple[int, int]]:
    """Offset and length of each of their records in a file, each once, in its order."""
    return connection.execute(
        "SELECT DISTINCT offset, length FROM package_captures WHERE file = ? ORDER BY offset",
        [file],
    ).fetchall()


def pages(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The articles and front pages among them, as lines of ``pages.jsonl``.

    An article has the title and text of the version that was current at the time.
    """
    for url, at, title, lead, body in connection.execute(_PAGES):
        page = {"id": sha256(f"{at} {url}".encode()).hexdigest()[:32], "url": url, "ts": at,
                "title": title}  # fmt: skip
        text = "\n\n".join(part for part in (lead, body) if part)
        yield page | ({"text": text} if text else {})


def title(connection: sqlite3.Connection, choice: Choice) -> str:
    """What a package is called: its portals by their own names, and the choice."""
    rows = connection.execute(
        "SELECT DISTINCT title_vi FROM package_captures p JOIN captures c ON c.id = p.id "
        "JOIN portals r ON r.name = c.portal WHERE p.is_chosen ORDER BY 1"
    )
    return f"{', '.join(name for (name,) in rows)} ({choice})"
