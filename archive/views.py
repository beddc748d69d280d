"""The archive's indexes, and the views that answer readers' usual questions."""

from __future__ import annotations

from dataclasses import dataclass

from archive.elsewhere import ELSEWHERE_INDEX
from archive.imports import IMPORT_INDEX
from archive.state import VERSION_FIELDS
from archive.visit_tables import VISIT_INDEXES


@dataclass(frozen=True, slots=True)
class View:
    """A view: a question asked often, under a name."""

    name: str
    description: str
    sql: str

    def ddl(self) -> str:
        """The statement that makes it."""
        return f"CREATE VIEW {self.name} AS {self.sql}"


PAYLOAD_INDEX = (
    "CREATE INDEX captures_payload ON captures(payload_digest) "
    "WHERE refers_to IS NULL AND warc_file IS NOT NULL"
)

INDEXES: tuple[str, ...] = (
    "CREATE INDEX articles_facets ON articles(portal, category, published_at)",
    "CREATE INDEX articles_category ON articles(category)",
    "CREATE INDEX articles_year ON articles(substr(published_at, 1, 4))",
    "CREATE INDEX articles_newest ON articles(coalesce(published_at, first_seen_at) DESC)",
    "CREATE INDEX articles_changed_at ON articles(changed_at) WHERE version_count > 1",
    "CREATE INDEX articles_removed_at ON articles(removed_at) WHERE removed_at IS NOT NULL",
    "CREATE INDEX captures_article ON captures(article_id, fetched_at)",
    "CREATE INDEX captures_url ON captures(url, fetched_at)",
    "CREATE INDEX captures_crawl ON captures(crawl_id)",
    IMPORT_INDEX,
    ELSEWHERE_INDEX,
    PAYLOAD_INDEX,
    "CREATE INDEX article_urls_article ON article_urls(article_id)",
    "CREATE INDEX article_people_person ON article_people(person_id)",
    "CREATE INDEX article_categories_category ON article_categories(category_id)",
    "CREATE INDEX article_tags_tag ON article_tags(tag_id)",
    "CREATE INDEX attachments_url ON attachments(url)",
    "CREATE INDEX imprints_portal ON imprints(portal, host, last_seen_at)",
    "CREATE INDEX _frontier_next ON _frontier(portal, state, host, priority DESC, sequence)",
    "CREATE INDEX _frontier_waiting ON _frontier(portal, not_before) WHERE not_before IS NOT NULL",
    *VISIT_INDEXES,
)

_COVERAGE = (
    "articles", "removed", "undated", "oldest", "newest", "months_empty", "ids_unknown",
    "listing_count", "listings_open",
)  # fmt: skip

_MONITORED = ("monitor", "subject", "level", "value", "bound", "text")

_FIELD = " ".join(
    f"WHEN '{name}' THEN {{0}}.{name}" for name in VERSION_FIELDS
)  # fmt: skip

VIEWS: tuple[View, ...] = (
    View(
        "latest_articles",
        "Articles, newest first: by date published, else by when first seen.",
        "SELECT key, portal, title, category, byline, published_at, first_seen_at, url "
        "FROM articles WHERE status = 'live' "
        "ORDER BY coalesce(published_at, first_seen_at) DESC",
    ),
    View(
        "edited_articles",
        "Every edit seen: which fields changed, and between which captures.",
        "SELECT a.key, a.portal, a.title, v.number AS version, v.changed, "
        "v.previous_seen_at AS not_before, v.captured_at AS not_after, a.url "
        "FROM article_versions v JOIN articles a ON a.id = v.article_id "
        "WHERE v.number > 1 ORDER BY v.captured_at DESC",
    ),
    View(
        "version_bounds",
        "When each state of each article came and how long it was seen: it came after not_before "
        "(NULL: it is the first one known), not later than not_after, and was last seen at "
        "last_seen_at.",
        "SELECT a.key, a.portal, v.number AS version, v.changed, "
        "v.previous_seen_at AS not_before, v.captured_at AS not_after, "
        "coalesce(n.previous_seen_at, n.captured_at, a.last_seen_at) AS last_seen_at, "
        "v.capture_id, a.url FROM article_versions v JOIN articles a ON a.id = v.article_id "
        "LEFT JOIN article_versions n ON n.article_id = v.article_id AND n.number = v.number + 1 "
        "ORDER BY a.id, v.number",
    ),
    View(
        "field_changes",
        "Every change of every field: the value before and after, and the two captures between "
        "which it changed. Lists are JSON.",
        "SELECT a.key, a.portal, f.value AS field, v.number AS version, "  # noqa: S608
        f"CASE f.value {_FIELD.format('p')} END AS before, "
        f"CASE f.value {_FIELD.format('v')} END AS after, "
        "v.previous_seen_at AS not_before, v.captured_at AS not_after, v.capture_id, a.url "
        "FROM article_versions v JOIN json_each(v.changed) f "
        "JOIN article_versions p ON p.article_id = v.article_id AND p.number = v.number - 1 "
        "JOIN articles a ON a.id = v.article_id",
    ),
    View(
        "removed_articles",
        "Articles gone from their portal.",
        "SELECT a.key, a.portal, a.title, a.published_at, a.last_seen_at, a.removed_at, r.how, "
        "r.first_capture_id, r.last_capture_id, a.url FROM articles a LEFT JOIN removals r "
        "ON r.article_id = a.id AND r.removed_at = a.removed_at AND r.returned_at IS NULL "
        "WHERE a.status = 'removed' ORDER BY a.removed_at DESC",
    ),
    View(
        "articles_by_month",
        "How many articles each portal published in each month; NULL where undated.",
        "SELECT portal, substr(published_at, 1, 7) AS month, count(*) AS articles "
        "FROM articles GROUP BY portal, month ORDER BY portal, month",
    ),
    View(
        "crawl_fields",
        "How full each field was, crawl by crawl.",
        "SELECT c.id AS crawl_id, c.portal, c.started_at, f.key AS field, f.value AS filled, "
        "c.articles_new + c.articles_changed + c.articles_unchanged AS articles "
        "FROM crawls c, json_each(c.fields) f",
    ),
    View(
        "crawl_coverage",
        "How complete each crawl left the archive of its portal. Numbers nobody met are counted "
        "where most numbers are articles.",
        "SELECT id AS crawl_id, portal, started_at, "  # noqa: S608
        + ", ".join(f"json_extract(coverage, '$.{name}') AS {name}" for name in _COVERAGE)
        + " FROM crawls WHERE coverage IS NOT NULL",
    ),
    View(
        "crawl_monitors",
        "What each monitor found in each crawl: ok, warning or alarm; a warning begins at bound.",
        "SELECT c.id AS crawl_id, c.portal, c.started_at, "  # noqa: S608
        + ", ".join(f"json_extract(m.value, '$.{name}') AS {name}" for name in _MONITORED)
        + " FROM crawls c, json_each(c.monitors) m",
    ),
    View(
        "portal_health",
        "Each portal's latest crawl and what the archive holds of it.",
        "SELECT p.name AS portal, p.title_vi, "
        "(SELECT count(*) FROM articles a WHERE a.portal = p.name) AS articles, "
        "(SELECT max(published_at) FROM articles a WHERE a.portal = p.name) AS newest, "
        "c.started_at AS last_crawl, c.status, c.fetched, c.articles_new, c.articles_changed, "
        "c.failed, c.skipped "
        "FROM portals p LEFT JOIN crawls c ON c.id = "
        "(SELECT max(id) FROM crawls WHERE crawls.portal = p.name)",
    ),
)
