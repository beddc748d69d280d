"""The plumbing of crawling again: one row a page, saying how it was last found and when it is due.

Times are as ``captures.fetched_at`` has them. Nothing here knows when a page ought to be due: the
crawler's schedule does.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

EACH_CRAWL = ("seed", "sitemap", "feed", "listing")
"""Classes that are asked for in each crawl."""
FILES = ("file", "image")
"""Classes of what belongs to articles: asked for with them, and again only where that failed."""

REASONS: dict[str, str] = {
    "seed": "where the walk starts",
    "sitemap": "a site map, asked for each crawl",
    "feed": "a feed, asked for each crawl",
    "listing": "the first page of a listing, asked for each crawl",
    "never_seen": "found, and not asked for yet",
    "gone": "it was not at its address: is it there now?",
    "retry": "it brought no page the last time",
    "lastmod": "the site map says it changed, and has proved right",
    "due": "its interval is over",
    "full": "everything is asked for",
    "left_over": "the last crawl was stopped before it came to it",
    "guess": "of a declared range or search; first of those asked for when nothing else is left",
}
"""Why a page is asked for, in the order in which a reason is looked for."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What ``_visits`` says of a page."""

    url: str
    page_class: str
    article_id: int | None
    moved: int
    etag: str | None
    last_modified: str | None
    last_status: int | None
    first_crawl_id: int | None
    crawl_id: int | None
    last_seen: str | None
    unchanged: int
    failures: int
    interval: float | None
    next_visit: str | None
    checking: int
    lastmod: str | None
    lastmod_told: str | None
    walk: str | None

    @property
    def was_asked(self) -> bool:
        """Whether it was ever asked for."""
        return self.last_status is not None

    @property
    def lastmod_moved(self) -> bool:
        """Whether the site map names another date than at the last visit."""
        return None not in (self.lastmod, self.lastmod_told) and self.lastmod != self.lastmod_told


_COLUMNS = ", ".join(
    "class" if field.name == "page_class" else field.name for field in fields(Visit)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A known page that is asked for, and why."""

    key: str
    url: str
    kind: str
    depth: int
    found_on: str | None
    page_class: str
    reason: str


def visit(connection: sqlite3.Connection, portal: str, key: str) -> Visit | None:
    """What is known of a page."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM _visits WHERE portal = ? AND url_key = ?", [portal, key]
    ).fetchone()
    return Visit(*row) if row is not None else None


def put(connection: sqlite3.Connection, portal: str, key: str, values: Mapping[str, Any]) -> None:
    """Write some columns of a page's row; ``class`` must be among them."""
    row = {"portal": portal, "url_key": key, **values}
    names = ", ".join(row)
    connection.execute(
        f"INSERT INTO _visits ({names}) VALUES ({', '.join(f':{name}' for name in row)}) "
        f"ON CONFLICT (portal, url_key) DO UPDATE SET "
        f"{', '.join(f'{name} = excluded.{name}' for name in values)}",
        row,
    )


def meet(connection: sqlite3.Connection, portal: str, key: str, crawl_id: int) -> None:
    """Note that a crawl met a page and does not ask for it."""
    connection.execute(
        "UPDATE _visits SET met_crawl_id = ? WHERE portal = ? AND url_key = ? "
        "AND met_crawl_id IS NOT ?",
        [crawl_id, portal, key, crawl_id],
    )


def tell_lastmod(
    connection: sqlite3.Connection, portal: str, key: str, page_class: str, lastmod: str
) -> None:
    """Note what a site map says of a page, whether or not it was ever asked for."""
    connection.execute(
        "INSERT INTO _visits (portal, url_key, class, lastmod_told) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (portal, url_key) DO UPDATE SET lastmod_told = excluded.lastmod_told "
        "WHERE lastmod_told IS NOT excluded.lastmod_told",
        [portal, key, page_class, lastmod],
    )


def asked_since(
    connection: sqlite3.Connection, portal: str, urls: Iterable[str], since: str
) -> set[str]:
    """Those of some files, known by their URLs, that need not be asked for with their article.

    They were had since a time (UTC), or failed: then they are asked for when that is due.
    """
    rows = connection.execute(
        "SELECT url_key FROM _visits WHERE portal = ? AND url_key IN (SELECT value FROM "
        "json_each(?)) AND last_status IS NOT NULL AND (failures > 0 OR last_seen >= ?)",
        [portal, json.dumps(list(urls)), since],
    )
    return {key for (key,) in rows}


_EACH = ", ".join(f"'{name}'" for name in EACH_CRAWL)
_FILES = ", ".join(f"'{name}'" for name in FILES)
_DUE = f"""
SELECT v.url_key, coalesce(f.url, nullif(v.url, '')), coalesce(f.kind, v.class),
  coalesce(f.depth, 1), f.found_on, v.class,
  CASE WHEN v.class IN ({_EACH}) AND v.failures = 0 THEN v.class
    WHEN v.failures > 0 AND v.next_visit <= :due AND EXISTS (
      SELECT 1 FROM articles a WHERE a.id = v.article_id) THEN 'gone'
    WHEN v.failures > 0 AND v.next_visit <= :due THEN 'retry'
    WHEN :trusted AND v.lastmod <> v.lastmod_told THEN 'lastmod'
    WHEN v.next_visit <= :due THEN 'due'
    ELSE 'full' END AS reason
FROM _visits v LEFT JOIN _frontier f ON f.portal = v.portal AND f.url_key = v.url_key
WHERE v.portal = :portal AND v.last_status IS NOT NULL AND v.walk IS NULL
  AND (v.class <> 'guess' OR v.failures > 0)
  AND coalesce(f.url, nullif(v.url, '')) IS NOT NULL
  AND (v.class NOT IN ({_FILES}) OR (v.failures > 0 AND v.next_visit <= :due))
  AND v.class NOT IN (SELECT value FROM json_each(:without))
  AND (:full OR v.next_visit <= :due OR (v.class IN ({_EACH}) AND v.failures = 0)
    OR (:trusted AND v.lastmod <> v.lastmod_told))
  AND (:since IS NULL OR v.article_id IS NULL OR EXISTS (SELECT 1 FROM articles a
    WHERE a.id = v.article_id AND coalesce(a.published_at, :since) >= :since))
ORDER BY v.next_visit, v.url_key
"""


def due(
    connection: sqlite3.Connection, portal: str, before: str,
    *, trusted: bool, full: bool, without: tuple[str, ...], since: str | None,
) -> list[Due]:  # fmt: skip
    """The known pages a crawl asks for whether or not it meets them, those due longest first.

    ``before``: what is due then counts as due. ``without``: classes that are not asked for.
    Pages of a listing but the first are left to its walk.
    """
    values = {
        "portal": portal, "due": before, "trusted": trusted, "full": full, "since": since,
        "without": json.dumps(without),
    }  # fmt: skip
    return [Due(*row) for row in connection.execute(_DUE, values)]


_REST = "portal = ? AND class = 'article' AND article_id IS NOT NULL AND next_visit > ?"


def draw(connection: sqlite3.Connection, portal: str, after: str, share: float) -> list[Due]:
    """Draw a share (0 to 1) of the articles that are not due, at least one, and mark them."""
    count, _ = resting(connection, portal, after)
    if not count or not share:
        return []
    rows = connection.execute(
        "SELECT v.url_key, coalesce(f.url, nullif(v.url, '')), coalesce(f.kind, v.class), "
        "coalesce(f.depth, 1), f.found_on, v.class, 'check' FROM (SELECT * FROM _visits WHERE "
        f"{_REST} AND failures = 0 AND checking = 0 ORDER BY random() LIMIT ?) v "
        "LEFT JOIN _frontier f ON f.portal = v.portal AND f.url_key = v.url_key",
        [portal, after, max(1, round(count * share))],
    ).fetchall()
    drawn = [Due(*row) for row in rows]
    connection.executemany(
        "UPDATE _visits SET checking = 1 WHERE portal = ? AND url_key = ?",
        [(portal, each.key) for each in drawn],
    )
    return drawn


def resting(connection: sqlite3.Connection, portal: str, after: str) -> tuple[int, str | None]:
    """How many known articles are not due at a time, and when the first of them will be."""
    count, first = connection.execute(
        f"SELECT count(*), min(next_visit) FROM _visits WHERE {_REST}", [portal, after]
    ).fetchone()
    return int(count), first


# A portal counts its articles up, each of its hosts for itself: honggai-54162.
_BACKLOG = """
SELECT v.url_key, v.last_seen FROM _visits v JOIN (
  SELECT id, published_at, row_number() OVER (
    PARTITION BY rtrim(source_id, '0123456789')
    ORDER BY cast(substr(source_id, length(rtrim(source_id, '0123456789')) + 1) AS INTEGER) DESC
  ) AS place FROM articles WHERE portal = :portal
) a ON a.id = v.article_id
WHERE v.portal = :portal AND v.crawl_id = :crawl AND v.class = 'article' AND v.failures = 0
AND a.published_at IS NULL AND a.place > :fresh
"""


def backlog(
    connection: sqlite3.Connection, portal: str, crawl_id: int, *, fresh: int
) -> list[tuple[str, str]]:
    """Key and last sight of a crawl's articles without a date but for the last few by number."""
    values = {"portal": portal, "crawl": crawl_id, "fresh": fresh}
    return connection.execute(_BACKLOG, values).fetchall()


def count_rest(connection: sqlite3.Connection, portal: str, crawl_id: int) -> None:
    """Write into the crawl's row how many known articles it left for later."""
    connection.execute(
        "UPDATE crawls SET articles_not_due = (SELECT count(DISTINCT article_id) FROM _visits "
        "WHERE portal = :portal AND class = 'article' AND article_id IS NOT NULL "
        "AND crawl_id < :crawl AND next_visit > crawls.started_at) WHERE id = :crawl",
        {"portal": portal, "crawl": crawl_id},
    )


# What a portal's word is worth


@dataclass(frozen=True, slots=True)
class Trust:
    """How often a portal's word of its changes was right."""

    moved_changed: int = 0
    moved_same: int = 0
    still_changed: int = 0
    still_same: int = 0
    validators_wrong: int = 0

    def lastmod(self, samples: int, share: float) -> bool:
        """Whether ``lastmod`` has proved to move with the text, and the text with it."""
        moved = self.moved_changed + self.moved_same
        changed = self.moved_changed + self.still_changed
        return (
            moved >= samples
            and self.moved_changed >= share * moved
            and self.moved_changed >= share * changed
        )


_TRUST = tuple(field.name for field in fields(Trust))


def trust(connection: sqlite3.Connection, portal: str) -> Trust:
    """What is known of a portal's word."""
    row = connection.execute(
        f"SELECT {', '.join(_TRUST)} FROM _trust WHERE portal = ?", [portal]
    ).fetchone()
    return Trust(*row) if row is not None else Trust()


def count_sample(connection: sqlite3.Connection, portal: str, name: str) -> None:
    """Add one to a count of :class:`Trust`."""
    if name not in _TRUST:
        raise ValueError(f"{name!r} is no count of Trust")
    connection.execute(
        f"INSERT INTO _trust (portal, {name}) VALUES (?, 1) "
        f"ON CONFLICT (portal) DO UPDATE SET {name} = {name} + 1",
        [portal],
    )
