"""The tables of crawling again: what is known of each page's visits, and what was removed."""

from __future__ import annotations

from archive.table import Column, Table

C = Column

REMOVALS = Table(
    "removals",
    "Every time an article was found gone from its portal, with the captures that prove it. What "
    "comes back keeps its row.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("article_id", "INTEGER NOT NULL REFERENCES articles(id)", "The article"),
        C("removed_at", "TEXT NOT NULL", "When its removal was established (UTC)"),
        C("how", "TEXT NOT NULL", "What the portal answered: not_found, soft_404 or redirect_home"),
        C("first_capture_id", "INTEGER NOT NULL REFERENCES captures(id)", "It was first seen gone"),
        C("last_capture_id", "INTEGER NOT NULL REFERENCES captures(id)",
          "It was seen gone again, in another crawl and at least a day later"),
        C("returned_at", "TEXT", "When it was seen on the portal again (UTC)"),
        C("return_capture_id", "INTEGER REFERENCES captures(id)", "The capture that showed it"),
    ),
)  # fmt: skip

VISITS = Table(
    "_visits",
    "Plumbing: what is known of each page's visits, and when it is asked for again.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("url_key", "TEXT NOT NULL", "Identity of the page, as in _frontier"),
        C("url", "TEXT NOT NULL DEFAULT ''", "The URL that brought the validators"),
        C("class", "TEXT NOT NULL", "What the page is to the schedule: seed, article, page …"),
        C("article_id", "INTEGER", "The article it shows"),
        C("moved", "INTEGER NOT NULL DEFAULT 0",
          "1: an article of another address leads here; 2: its text was found here"),
        C("etag", "TEXT", "ETag of the last 200 answer"),
        C("last_modified", "TEXT", "Last-Modified of the last 200 answer"),
        C("last_status", "INTEGER", "HTTP status of the last visit; 0: no answer; NULL: no visit"),
        C("first_crawl_id", "INTEGER", "The first crawl that asked for it"),
        C("crawl_id", "INTEGER", "The latest crawl that asked for it"),
        C("met_crawl_id", "INTEGER", "The latest crawl that met it and did not ask: not due"),
        C("last_seen", "TEXT", "Last visit that was answered (UTC)"),
        C("last_changed", "TEXT", "Last visit that brought something new (UTC)"),
        C("unchanged", "INTEGER NOT NULL DEFAULT 0", "Visits in a row that brought nothing new"),
        C("failures", "INTEGER NOT NULL DEFAULT 0", "Visits in a row that brought no page"),
        C("interval", "REAL", "Days between two visits"),
        C("next_visit", "TEXT", "Not asked for before (UTC); NULL: it was never asked for"),
        C("checking", "INTEGER NOT NULL DEFAULT 0", "1: drawn for the random check"),
        C("lastmod", "TEXT", "What the site map said when it was last visited"),
        C("lastmod_told", "TEXT", "What the site map says now"),
        C("walk", "TEXT", "The first page of the listing it turns a page of"),
    ),
    ("PRIMARY KEY (portal, url_key)",),
    without_rowid=True,
)  # fmt: skip

WALKS = Table(
    "_walks",
    "Plumbing: how far each listing was walked.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("walk", "TEXT NOT NULL", "The url_key of its first page"),
        C("crawl_id", "INTEGER NOT NULL", "The latest crawl that walked it"),
        C("whole", "INTEGER NOT NULL", "Whether that walk goes to the end, whatever it meets"),
        C("whole_at", "TEXT NOT NULL", "When a walk to its end last began (UTC)"),
        C("items", "INTEGER NOT NULL DEFAULT 0", "Articles met on this walk"),
        C("known", "INTEGER NOT NULL DEFAULT 0", "Known articles in a row since the last new one"),
        C("stopped", "INTEGER NOT NULL DEFAULT 0", "Whether the walk ended early"),
        C("ended_at", "TEXT", "End of the latest crawl that had reached its last page (UTC)"),
    ),
    ("PRIMARY KEY (portal, walk)",),
    without_rowid=True,
)

LISTED = Table(
    "_listed",
    "Plumbing: which articles each listing named, in its order.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("walk", "TEXT NOT NULL", "The listing"),
        C("url_key", "TEXT NOT NULL", "The article's page"),
        C("position", "INTEGER NOT NULL", "Its place, from 0"),
        C("before", "INTEGER", "Its place on the walk before"),
        C("crawl_id", "INTEGER NOT NULL", "The latest crawl that met it there"),
        C(
            "look",
            "INTEGER NOT NULL DEFAULT 0",
            "The latest look of that crawl that met it: _looks",
        ),
    ),
    ("PRIMARY KEY (portal, walk, url_key)",),
    without_rowid=True,
)

LOOKS = Table(
    "_looks",
    "Plumbing: how a listing is looked at again in one crawl: it may have shifted on the way.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("walk", "TEXT NOT NULL", "The listing"),
        C("crawl_id", "INTEGER NOT NULL", "The latest crawl that walked it"),
        C("began_at", "TEXT NOT NULL", "When its first page was last read (UTC)"),
        C("number", "INTEGER NOT NULL DEFAULT 0", "0: the walk itself; then 1, 2 … for each look"),
        C("turning", "INTEGER NOT NULL DEFAULT 0", "Whether the look goes on to the next page"),
        C("place", "INTEGER NOT NULL DEFAULT -1", "The furthest place it has come to, of _listed"),
        C("met", "INTEGER NOT NULL DEFAULT 0", "Articles met again in a row"),
        C("slipped", "INTEGER NOT NULL DEFAULT 0", "Articles the walk had passed by unseen"),
    ),
    ("PRIMARY KEY (portal, walk)",),
    without_rowid=True,
)

RANGES = Table(
    "_ranges",
    "Plumbing: how far each declared range of ids was asked for.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("url", "TEXT NOT NULL", "The range's URL, as the descriptor has it"),
        C("next", "INTEGER NOT NULL", "The first id that was never asked for"),
    ),
    ("PRIMARY KEY (portal, url)",),
    without_rowid=True,
)

LISTING_TOTALS = Table(
    "listing_totals",
    "What portals say of the size of their own listings, crawl by crawl.",
    (
        C("portal", "TEXT NOT NULL REFERENCES portals(name)", "The portal"),
        C("listing", "TEXT NOT NULL", "The listing: its first page, as the crawler names it"),
        C("crawl_id", "INTEGER NOT NULL REFERENCES crawls(id)", "The crawl that read it"),
        C("capture_id", "INTEGER NOT NULL REFERENCES captures(id)", "The page that says so"),
        C("items", "INTEGER", "How many articles it says there are"),
        C("pages", "INTEGER", "How many pages it says there are"),
        C("printed", "TEXT NOT NULL", "The words, as printed"),
    ),
    ("PRIMARY KEY (portal, listing, crawl_id)",),
    without_rowid=True,
)

GONE = Table(
    "_gone",
    "Plumbing: articles seen gone, until a removal is established or they are seen again.",
    (
        C("article_id", "INTEGER NOT NULL", "The article"),
        C("crawl_id", "INTEGER NOT NULL", "The crawl"),
        C("capture_id", "INTEGER NOT NULL", "The capture that did not show it"),
        C("at", "TEXT NOT NULL", "When (UTC)"),
        C("how", "TEXT NOT NULL", "not_found, soft_404 or redirect_home"),
        C("host", "TEXT NOT NULL", "Scheme and host that answered, such as https://a.gov.vn"),
    ),
    ("PRIMARY KEY (article_id, crawl_id)",),
    without_rowid=True,
)

TRUST = Table(
    "_trust",
    "Plumbing: what a portal's own word of its changes has proved to be worth.",
    (
        C("portal", "TEXT PRIMARY KEY", "The portal"),
        C("moved_changed", "INTEGER NOT NULL DEFAULT 0", "lastmod moved, and the text had changed"),
        C("moved_same", "INTEGER NOT NULL DEFAULT 0", "lastmod moved, and the text had not"),
        C("still_changed", "INTEGER NOT NULL DEFAULT 0", "lastmod stayed, and the text had"),
        C("still_same", "INTEGER NOT NULL DEFAULT 0", "lastmod stayed, and so had the text"),
        C("validators_wrong", "INTEGER NOT NULL DEFAULT 0",
          "ETag or Last-Modified stayed, and the text had changed"),
    ),
)  # fmt: skip

WORDS = Table(
    "_words",
    "Plumbing: which page of the latest crawl had which words first. Articles are not in it.",
    (
        C("portal", "TEXT NOT NULL", "The portal"),
        C("digest", "BLOB NOT NULL", "Digest of the page's words, without numbers and spaces"),
        C("url", "TEXT NOT NULL", "The first page that had them"),
    ),
    ("PRIMARY KEY (portal, digest)",),
    without_rowid=True,
)

VISIT_TABLES = (
    REMOVALS, LISTING_TOTALS, VISITS, WALKS, LISTED, LOOKS, RANGES, GONE, TRUST, WORDS
)  # fmt: skip
VISIT_INDEXES = (
    "CREATE INDEX removals_article ON removals(article_id)",
    "CREATE INDEX _visits_due ON _visits(portal, class, next_visit)",
    "CREATE INDEX _visits_walk ON _visits(portal, walk) WHERE walk IS NOT NULL",
    "CREATE INDEX _visits_article ON _visits(article_id) WHERE article_id IS NOT NULL",
)

ADOPT_SQL = """
INSERT INTO _visits (portal, url_key, class, article_id, last_status, first_crawl_id, crawl_id,
  last_seen, last_changed, next_visit)
SELECT f.portal, f.url_key, 'article', a.id, 200, f.crawl_id, f.crawl_id, a.last_seen_at,
  a.changed_at, a.last_seen_at
FROM _frontier f JOIN article_urls u ON u.url = f.url JOIN articles a ON a.id = u.article_id
WHERE f.state = 'done' AND a.portal = f.portal AND f.kind IN ('article', 'page')
ON CONFLICT (portal, url_key) DO NOTHING
"""
"""Articles crawled before visits were noted: all are due, wherever they are still linked from."""

WALKED_SQL = """
UPDATE _walks SET ended_at = whole_at WHERE ended_at IS NULL AND EXISTS (
  SELECT 1 FROM crawls c WHERE c.portal = _walks.portal AND c.reason = 'finished'
  AND whole_at BETWEEN c.started_at AND c.finished_at)
"""
"""Walks made before their ends were noted: those of crawls that left nothing to ask for."""
