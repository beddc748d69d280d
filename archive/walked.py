"""Listings: what each was found to name, how much of that is held, and whether its end was reached.

A listing is named by the URL of its first page (see :mod:`archive.walks`).
"""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

ENDS: dict[str, str] = {
    "failed": "pages of it brought no answer",
    "stopped": "pages of it are still to be asked for",
    "refused": "robots.txt forbids pages of it",
    "since": "the crawl was told to leave out what is older (--since)",
    "too_deep": "it names pages further from the seeds than the depth limit",
    "known": "left at articles that were known; what lies behind them was walked before",
    "ended": "walked to its end",
}
"""How the latest walk of a listing ended; the first that is true is told."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing of a portal."""

    url: str
    """Its first page."""
    end: str
    """How its latest walk ended: a key of :data:`ENDS`."""
    walked_at: str
    """Start of the crawl that walked it last (UTC)."""
    ended_at: str | None
    """When its end was last reached (UTC); None: never, as far as is known."""
    why: str | None
    """Why that crawl ended: a key of :data:`archive.stops.STOPS`."""
    pages: int
    """Its pages, as far as they were met."""
    pages_left: int
    """Those of them not asked for yet."""
    pages_failed: int
    """Those that brought no answer."""
    named: int
    """Articles it names, as far as it was walked."""
    held: int
    """Those of them in the archive."""
    oldest: str | None
    """The earliest date among these (ISO)."""
    last_key: str | None
    """The article furthest down the listing that is held."""
    says: int | None = None
    """How many articles the portal says it holds, when it last said so."""
    says_pages: int | None = None
    """How many pages."""
    printed: str | None = None
    """The words in which it does."""
    capture_id: int | None = None
    """The page that says so."""

    @property
    def is_whole(self) -> bool:
        """Whether its end was reached, in its latest walk or before that one stopped early."""
        return self.end == "ended" or (self.end == "known" and self.ended_at is not None)


# One row a page. What is not there any more (404, 410) hides nothing.
_PAGES = """
pages AS MATERIALIZED (
  SELECT coalesce(v.walk, v.url_key) AS walk, f.url AS url,
    f.state IN ('pending', 'leased') AS left_over, f.state = 'refused' AS refused,
    f.state NOT IN ('pending', 'leased', 'refused') AND coalesce(v.failures, 0) > 0
      AND v.last_status NOT IN (404, 410) AS failed
  FROM _visits v JOIN _frontier f ON f.portal = v.portal AND f.url_key = v.url_key
  WHERE v.portal = :portal
    AND coalesce(v.walk, v.url_key) IN (SELECT walk FROM _walks WHERE portal = :portal)
)"""
_TURNED = """
turned AS (
  SELECT walk, count(*) AS pages, sum(left_over) AS left_over, sum(refused) AS refused,
    sum(failed) AS failed FROM pages GROUP BY walk
)"""
# On a portal whose addresses do not tell articles from pages a listing knows its articles only
# once they were read; until then their own rows say where they were found.
# CROSS JOIN keeps the order: the frontier is read once, and not once for each page (SQLite's rule).
_NAMED = """
named AS (
  SELECT walk, url_key FROM _listed WHERE portal = :portal
  UNION
  SELECT p.walk, f.url_key FROM _frontier f CROSS JOIN pages p ON p.url = f.found_on
  LEFT JOIN _visits v ON v.portal = f.portal AND v.url_key = f.url_key
  WHERE f.portal = :portal
    AND (f.kind = 'article' OR (f.kind = 'page' AND v.article_id IS NOT NULL))
),
articles_named AS (
  SELECT n.walk, count(*) AS named, count(a.id) AS held, min(a.published_at) AS oldest
  FROM named n LEFT JOIN _visits v ON v.portal = :portal AND v.url_key = n.url_key
  LEFT JOIN articles a ON a.id = v.article_id GROUP BY n.walk
),
furthest AS (
  SELECT l.walk, a.key, max(l.position) FROM _listed l
  JOIN _visits v ON v.portal = l.portal AND v.url_key = l.url_key
  JOIN articles a ON a.id = v.article_id WHERE l.portal = :portal GROUP BY l.walk
),
latest AS (
  SELECT listing, max(crawl_id) AS crawl_id FROM listing_totals
  WHERE portal = :portal GROUP BY listing
),
too_far AS (
  SELECT DISTINCT p.walk FROM skipped_urls s JOIN pages p ON p.url = s.found_on
  WHERE s.portal = :portal AND s.reason = 'too_deep'
    AND s.url NOT IN (SELECT url FROM _frontier WHERE portal = :portal)
)"""
_END = """
CASE WHEN t.failed THEN 'failed' WHEN t.left_over THEN 'stopped' WHEN t.refused THEN 'refused'
  WHEN json_extract(c.options, '$.since') IS NOT NULL THEN 'since'
  WHEN d.walk IS NOT NULL THEN 'too_deep' WHEN w.stopped THEN 'known' ELSE 'ended' END
"""
_LISTINGS = f"""
WITH {_PAGES}, {_TURNED}, {_NAMED}
SELECT f.url, {_END}, c.started_at, w.ended_at, c.reason, t.pages, t.left_over, t.failed,
  coalesce(n.named, 0), coalesce(n.held, 0), n.oldest, l.key, s.items, s.pages, s.printed,
  s.capture_id
FROM _walks w JOIN crawls c ON c.id = w.crawl_id JOIN turned t ON t.walk = w.walk
JOIN _frontier f ON f.portal = w.portal AND f.url_key = w.walk
LEFT JOIN articles_named n ON n.walk = w.walk LEFT JOIN furthest l ON l.walk = w.walk
LEFT JOIN too_far d ON d.walk = w.walk LEFT JOIN latest e ON e.listing = w.walk
LEFT JOIN listing_totals s
  ON s.portal = :portal AND s.listing = w.walk AND s.crawl_id = e.crawl_id
WHERE w.portal = :portal ORDER BY coalesce(n.named, 0) DESC, f.url
"""
_NOTE_ENDS = f"""
WITH {_PAGES}, {_TURNED}
UPDATE _walks SET ended_at = :at
WHERE portal = :portal AND crawl_id = :crawl AND NOT stopped AND walk IN (
  SELECT walk FROM turned WHERE NOT failed AND NOT left_over AND NOT refused)
"""


def listings(connection: sqlite3.Connection, portal: str) -> tuple[Listing, ...]:
    """Every listing of a portal, the one that names most articles first."""
    return tuple(Listing(*row) for row in connection.execute(_LISTINGS, {"portal": portal}))


def note_ends(connection: sqlite3.Connection, portal: str, crawl_id: int, at: str) -> None:
    """Note which listings a crawl, that has ended, walked to their end."""
    connection.execute(_NOTE_ENDS, {"portal": portal, "crawl": crawl_id, "at": at})
