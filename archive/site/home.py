"""What the home page says about the archive. Every question has an index of its own."""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from typing import Any

import numpy as np

from archive.columns import Columns
from archive.site.database import rows

LATEST = 8
RECENT = 5


def load(conn: sqlite3.Connection, columns: Columns) -> dict[str, Any]:
    """All that the home page shows."""
    return {
        "counts": _counts(conn, columns),
        "portals": _portals(conn, columns),
        "latest": _latest(conn),
        "edited": _edited(conn),
        "removed": _removed(conn),
    }


def _counts(conn: sqlite3.Connection, columns: Columns) -> dict[str, Any]:
    (crawled,) = rows(
        conn,
        "SELECT (SELECT min(started_at) FROM crawls) AS since, "
        "(SELECT max(coalesce(finished_at, started_at)) FROM crawls) AS last_crawl",
    )
    years = columns.day[columns.day > 0] // 10_000
    return crawled | {
        "articles": len(columns),
        "edited": int(columns.edited.sum()),
        "removed": int(columns.removed.sum()),
        "undated": len(columns) - len(years),
        "first_year": int(years.min()) if len(years) else None,
        "last_year": int(years.max()) if len(years) else None,
    }


def _portals(conn: sqlite3.Connection, columns: Columns) -> list[dict[str, Any]]:
    """Those of most articles first."""
    held: Counter[str] = Counter()
    sizes = np.bincount(columns.group, minlength=len(columns.groups))
    for (portal, _), size in zip(columns.groups, sizes, strict=True):
        held[portal] += int(size)
    found = rows(
        conn,
        "SELECT p.name, p.title_vi, p.title_en, p.home_url, "
        "(SELECT max(coalesce(finished_at, started_at)) FROM crawls c WHERE c.portal = p.name) "
        "AS last_crawl FROM portals p ORDER BY p.name",
    )
    portals = [portal | {"articles": held[portal["name"]]} for portal in found]
    return sorted(portals, key=lambda portal: -portal["articles"])


def _latest(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Newest by date published. Undated ones are left out: when they are from nobody knows."""
    return rows(
        conn,
        "SELECT a.key, a.title, a.lead, a.published_at, a.category, p.title_vi, p.title_en "
        "FROM articles a JOIN portals p ON p.name = a.portal "
        "WHERE a.published_at IS NOT NULL AND a.status = 'live' "
        f"ORDER BY coalesce(a.published_at, a.first_seen_at) DESC LIMIT {LATEST}",
    )


def _edited(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    found = rows(
        conn,
        "SELECT a.key, a.title, a.changed_at, v.changed, v.previous_seen_at FROM articles a "
        "JOIN article_versions v ON v.article_id = a.id AND v.number = a.version_count "
        f"WHERE a.version_count > 1 ORDER BY a.changed_at DESC LIMIT {RECENT}",
    )
    return [article | {"changed": json.loads(article["changed"])} for article in found]


def _removed(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(
        conn,
        "SELECT key, title, removed_at, last_seen_at FROM articles "
        f"WHERE removed_at IS NOT NULL ORDER BY removed_at DESC LIMIT {RECENT}",
    )
