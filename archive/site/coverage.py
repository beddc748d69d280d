"""How complete the archive is of a portal, as a crawl left it: what ``/coverage/<portal>`` shows.

Only what crawls keep in their rows is read, so that a published snapshot shows the same.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from itertools import groupby
from typing import Any

from archive.coverage import Coverage
from archive.site.database import rows

CRAWLS = 12
"""Crawls that are listed, the latest first."""
LISTINGS = 8
"""Listings in sight; the others are a click away. Those left before their end come first."""
_SHADES = 5
"""How many tints tell a month with few articles from one with many."""
_LEVELS = ("alarm", "warning", "ok")


def load(conn: sqlite3.Connection, portal: str, crawl_id: int | None) -> dict[str, Any] | None:
    """What a crawl, by default the latest that was measured, left of a portal.

    None for a portal, or a crawl of it, that the archive does not have.
    """
    sql = "SELECT name, title_vi, title_en, home_url FROM portals WHERE name = ?"
    found = rows(conn, sql, [portal])
    if not found:
        return None
    crawls = _crawls(conn, portal)
    if crawl_id is None:
        crawl_id = crawls[0]["crawl_id"] if crawls else None
    kept = rows(
        conn,
        "SELECT id, started_at, status, coverage, monitors FROM crawls "
        "WHERE portal = ? AND id = ? AND coverage IS NOT NULL",
        [portal, crawl_id],
    )
    if not kept:
        return {"portal": found[0], "coverage": None} if crawl_id is None else None
    (crawl,) = kept
    return {
        "portal": found[0],
        "crawl": {name: crawl[name] for name in ("id", "started_at", "status")},
        "coverage": json.loads(crawl["coverage"]),
        "monitors": json.loads(crawl["monitors"] or "[]"),
        "crawls": crawls,
    }


def for_template(shown: dict[str, Any]) -> dict[str, Any]:
    """What the page shows besides: years, listings in order, monitors in words."""
    if shown["coverage"] is None:
        return shown
    coverage = Coverage.from_json(shown["coverage"])
    listings = sorted(coverage.listings, key=lambda each: each.is_whole)
    results = sorted(shown["monitors"], key=lambda each: _LEVELS.index(each["level"]))
    return shown | {
        "coverage": coverage,
        "years": _years(coverage.months),
        "listings": listings[:LISTINGS],
        "more_listings": listings[LISTINGS:],
        "raised": [each for each in results if each["level"] != "ok"],
        "quiet": [each for each in results if each["level"] == "ok"],
    }


def _crawls(conn: sqlite3.Connection, portal: str) -> list[dict[str, Any]]:
    return rows(
        conn,
        "SELECT v.crawl_id, v.started_at, c.status, v.articles, c.articles_new, v.months_empty, "
        "v.ids_unknown, v.listings_open, v.listing_count, "
        "(SELECT count(*) FROM crawl_monitors m WHERE m.crawl_id = c.id AND m.level = 'alarm') "
        "AS alarms, "
        "(SELECT count(*) FROM crawl_monitors m WHERE m.crawl_id = c.id AND m.level = 'warning') "
        "AS warnings FROM crawl_coverage v JOIN crawls c ON c.id = v.crawl_id "
        "WHERE v.portal = ? ORDER BY v.crawl_id DESC LIMIT ?",
        [portal, CRAWLS],
    )


def _years(months: dict[str, int]) -> list[dict[str, Any]]:
    """The newest year first, each with twelve months; None before the first and after the last."""
    counts = sorted(count for count in months.values() if count)
    years = []
    for year, group in groupby(months, key=lambda month: month[:4]):
        names = set(group)
        cells = []
        for number in range(1, 13):
            month = f"{year}-{number:02}"
            count = months[month] if month in names else None
            cells.append({"number": number, "count": count, "shade": _shade(count, counts)})
        years.append({"year": year, "count": sum(months[name] for name in names), "months": cells})
    return years[::-1]


def _shade(count: int | None, counts: list[int]) -> str:
    """``none`` outside of what is known, ``gap`` for a month without articles, else 1 to 5.

    By rank among all months (``counts``, in order): one month of an import would pale all others.
    """
    if count is None:
        return "none"
    return str(1 + _SHADES * bisect_left(counts, count) // len(counts)) if count else "gap"
