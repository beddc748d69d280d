"""Who runs a portal, and when: one row each time the footer's words changed."""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from archive.records import Capture, Imprint

# A crawl that met other words on this host, and began between two sightings of these words.
_MET_OTHER_WORDS_BETWEEN = """
SELECT 1 FROM crawls c JOIN imprints other ON other.portal = c.portal
WHERE c.portal = :portal AND c.id IS NOT :crawl_id
  AND c.started_at > :earlier AND c.started_at < :later
  AND other.host = :host AND other.id <> :id
  AND other.last_seen_at >= c.started_at AND other.first_seen_at < :later
LIMIT 1
"""


def keep_imprint(
    connection: sqlite3.Connection,
    portal: str,
    crawl_id: int | None,
    capture: Capture,
    imprint: Imprint,
    capture_id: int,
) -> None:
    """Keep an imprint inside the caller's transaction.

    Words that are seen again prolong their row. Words that come back after a whole crawl met only
    others begin a new one: A, then B, then A again are three rows. Within one crawl the pages of a
    portal may carry different footers by turns; that is no change, and adds no rows.
    """
    words = {name: _plain(value) for name, value in asdict(imprint).items()}
    place = {
        "portal": portal,
        "host": urlsplit(capture.url).netloc.lower().removeprefix("www."),
        "crawl_id": crawl_id,
        "at": capture.fetched_at,
    }
    known = _nearest(connection, words, place)
    if known is None or _interrupted(connection, known, place):
        _begin(connection, words, place, capture_id)
    else:
        _prolong(connection, known[0], capture.fetched_at, capture_id)


def _nearest(
    connection: sqlite3.Connection, words: dict[str, Any], place: dict[str, Any]
) -> tuple[int, str, str] | None:
    """The row of these words whose time is nearest: id, first and last sighting."""
    # The raw text holds counters and years; what was read from it tells whether it changed.
    same = " AND ".join(f"{name} IS :{name}" for name in words if name != "raw")
    rows: list[tuple[int, str, str]] = connection.execute(
        f"SELECT id, first_seen_at, last_seen_at FROM imprints "
        f"WHERE portal = :portal AND host = :host AND {same} ORDER BY first_seen_at",
        words | place,
    ).fetchall()
    begun = [row for row in rows if row[1] <= place["at"]]
    return begun[-1] if begun else rows[0] if rows else None


def _interrupted(
    connection: sqlite3.Connection, known: tuple[int, str, str], place: dict[str, Any]
) -> bool:
    number, first, last = known
    if first <= place["at"] <= last:
        return False
    earlier, later = (last, place["at"]) if place["at"] > last else (place["at"], first)
    found = connection.execute(
        _MET_OTHER_WORDS_BETWEEN, place | {"id": number, "earlier": earlier, "later": later}
    ).fetchone()
    return found is not None


def _prolong(connection: sqlite3.Connection, number: int, at: str, capture_id: int) -> None:
    connection.execute(
        "UPDATE imprints SET capture_id = CASE WHEN :at < first_seen_at THEN :capture "
        "ELSE capture_id END, first_seen_at = min(first_seen_at, :at), "
        "last_seen_at = max(last_seen_at, :at) WHERE id = :id",
        {"at": at, "capture": capture_id, "id": number},
    )


def _begin(
    connection: sqlite3.Connection, words: dict[str, Any], place: dict[str, Any], capture_id: int
) -> None:
    values = words | {
        "portal": place["portal"], "host": place["host"], "first_seen_at": place["at"],
        "last_seen_at": place["at"], "capture_id": capture_id,
    }  # fmt: skip
    connection.execute(
        f"INSERT INTO imprints ({', '.join(values)}) "
        f"VALUES ({', '.join(f':{name}' for name in values)})",
        values,
    )


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (tuple, list)) else value
