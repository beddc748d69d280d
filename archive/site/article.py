"""Everything the archive knows of one article, in the shape ``/a/<key>.json`` gives it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.site.cite import plain
from archive.site.database import rows
from archive.site.labels import permalink
from archive.site.language import DEFAULT, speaking


def load(conn: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    """The article with this key, or None."""
    found = rows(conn, "SELECT * FROM articles WHERE key = ?", [key])
    if not found:
        return None
    (row,) = found
    article_id = row["id"]
    (latest,) = rows(
        conn,
        "SELECT * FROM article_versions WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        [article_id],
    )
    article = {
        "key": key,
        "permalink": permalink(key),
        "portal": _portal(conn, row["portal"]),
        "url": row["url"],
        "source_id": row["source_id"],
        "status": row["status"],
        "title": row["title"],
        "lead": row["lead"],
        "byline": row["byline"],
        "authors": _authors(conn, article_id),
        "source": row["source"],
        "category": json.loads(latest["category"]),
        "tags": json.loads(latest["tags"]),
        "published": {
            "at": row["published_at"],
            "precision": row["published_precision"],
            "printed": row["published_raw"],
            "read_from": row["published_from"],
        },
        "updated_at": row["updated_at"],
        "body": latest["body"],
        "body_html": latest["body_html"],
        "word_count": row["word_count"],
        "images": _images(conn, article_id),
        "attachments": _attachments(conn, article_id),
        "evidence": json.loads(row["evidence"]),
        "first_seen_at": row["first_seen_at"],
        "last_seen_at": row["last_seen_at"],
        "changed_at": row["changed_at"],
        "removed_at": row["removed_at"],
        "versions": _versions(conn, article_id),
        "captures": _captures(conn, article_id, latest["capture_id"]),
        "addresses": _addresses(conn, article_id),
        "content_sha256": row["content_sha256"],
        "parser_version": row["parser_version"],
    }
    with speaking(DEFAULT):
        return article | {"citation": plain(article)}


def _portal(conn: sqlite3.Connection, name: str) -> dict[str, Any]:
    sql = "SELECT name, title_vi, title_en, home_url FROM portals WHERE name = ?"
    (portal,) = rows(conn, sql, [name])
    return portal


def _authors(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    return rows(
        conn,
        "SELECT p.name, ap.role, ap.printed FROM article_people ap "
        "JOIN people p ON p.id = ap.person_id WHERE ap.article_id = ? ORDER BY ap.position",
        [article_id],
    )


def _images(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    sql = "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position"
    return rows(conn, sql, [article_id])


def _attachments(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    return rows(
        conn,
        "SELECT url, filename, media_type, bytes, sha256, text_status FROM attachments "
        "WHERE article_id = ? ORDER BY position",
        [article_id],
    )


def _versions(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """Newest first."""
    found = rows(
        conn,
        "SELECT id, number, captured_at, previous_seen_at, changed, title, content_sha256 "
        "FROM article_versions WHERE article_id = ? ORDER BY number DESC",
        [article_id],
    )
    return [version | {"changed": json.loads(version["changed"])} for version in found]


def _captures(conn: sqlite3.Connection, article_id: int, capture_id: int) -> dict[str, Any]:
    """How often it was seen, and where the bytes of the present state lie."""
    (seen,) = rows(
        conn,
        "SELECT count(*) AS count, min(fetched_at) AS first, max(fetched_at) AS last "
        "FROM captures WHERE article_id = ?",
        [article_id],
    )
    (shown,) = rows(
        conn,
        "SELECT url, fetched_at, status, payload_digest, warc_file, warc_offset, warc_length "
        "FROM captures WHERE id = ?",
        [capture_id],
    )
    return seen | {"shown": shown}


def _addresses(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    sql = "SELECT url, kind, first_seen_at FROM article_urls WHERE article_id = ? ORDER BY url"
    return rows(conn, sql, [article_id])
