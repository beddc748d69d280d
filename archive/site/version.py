"""One state of an article and what changed in it, in the shape ``/a/<key>/v/<n>.json`` gives it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from archive.changes import compare
from archive.site.database import rows
from archive.site.labels import permalink
from archive.state import VERSION_FIELDS


def load(
    conn: sqlite3.Connection, key: str, number: int, beside: int | None = None
) -> dict[str, Any] | None:
    """The state with this number beside another one, by default the one before; or None."""
    beside = number - 1 if beside is None else beside
    found = {row["number"]: row for row in rows(conn, _SQL, [key, number, beside])}
    if number not in found or (beside not in found and beside != 0):
        return None
    version, other = found[number], found.get(beside)
    (bounds,) = rows(
        conn,
        "SELECT not_before, not_after, last_seen_at FROM version_bounds "
        "WHERE key = ? AND version = ?",
        [key, number],
    )
    return {
        "key": key,
        "permalink": f"{permalink(key)}/v/{number}",
        "number": number,
        "count": version["version_count"],
        "beside": beside or None,
        "title": version["title"],
        **bounds,
        "changes": _changes(other, version) if other is not None else [],
        **{name: _plain(name, version[name]) for name in VERSION_FIELDS},
        "body_html": version["body_html"],
        "content_sha256": version["content_sha256"],
        "parser_version": version["parser_version"],
        "capture": _capture(conn, version["capture_id"]),
    }


_SQL = (
    "SELECT v.*, a.version_count FROM article_versions v JOIN articles a ON a.id = v.article_id "
    "WHERE a.key = ? AND v.number IN (?, ?)"
)
_LISTS: dict[str, Callable[[Any], str]] = {
    "authors": lambda each: f"{each['name']} ({each['role']})",
    "category": str,
    "tags": str,
    "images": lambda each: " · ".join(filter(None, (each["url"], each["caption"]))),
    "attachments": lambda each: " · ".join(filter(None, (each["filename"], each["url"]))),
}
"""Fields that are lists, and an item of each in words."""


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """For each field that differs: its pieces, see :func:`archive.changes.compare`."""
    return [
        {
            "field": name,
            "pieces": [
                asdict(piece)
                for piece in compare(_words(name, before[name]), _words(name, after[name]))
            ],
        }
        for name in VERSION_FIELDS
        if before[name] != after[name]
    ]


def _plain(name: str, value: str | None) -> Any:
    return json.loads(value or "[]") if name in _LISTS else value


def _words(name: str, value: str | None) -> str:
    if name not in _LISTS:
        return value or ""
    return "\n".join(_LISTS[name](each) for each in _plain(name, value))


def _capture(conn: sqlite3.Connection, capture_id: int) -> dict[str, Any]:
    (capture,) = rows(
        conn,
        "SELECT id, url, fetched_at, status, payload_digest, warc_file, warc_offset, warc_length, "
        "encoding FROM captures WHERE id = ?",
        [capture_id],
    )
    return capture
