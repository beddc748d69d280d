"""The database as data: tables, views, indexes, triggers, and the migrations that apply them.

Every table and column carries its description; ``docs/schema.md`` is made from them and the
descriptions are also what Datasette shows. Names that begin with ``_`` are plumbing: they are
hidden from readers and stripped from a published snapshot.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlite_utils import Database, Migrations

from archive.connection import savepoint
from archive.elsewhere import ELSEWHERE_INDEX, ELSEWHERE_TABLES
from archive.fulltext import (
    FOLD_SQL,
    FTS_COLUMNS,
    FTS_TABLE_SQL,
    REINDEX_SQL,
    TRIGGERS,
    file_of,
    fts_canary,
    reindex,
)
from archive.imports import IMPORT_INDEX, IMPORTS
from archive.journal_table import JOURNAL
from archive.place import ArchiveError
from archive.proof_tables import PROOF_TABLES
from archive.table import Table
from archive.tables import ATTACHMENTS, CAPTURES, CRAWLS, FRONTIER, HOSTS, TABLES
from archive.views import INDEXES, PAYLOAD_INDEX, VIEWS
from archive.visit_tables import (
    ADOPT_SQL,
    LISTED,
    VISIT_INDEXES,
    VISIT_TABLES,
    WALKED_SQL,
    WALKS,
)

SCHEMA_VERSION = 6

APPLICATION_ID = 0x48614C67
"""``HaLg``: how ``file`` and other tools can tell an archive by its header."""

OUTCOMES: dict[str, str] = {
    "article": "an article was read from the page",
    "unchanged": "status 304: the page is as its last 200 answer left it",
    "listing": "a page that lists articles",
    "home": "the portal's front page",
    "static": "a standing page: contact, organisation, directory",
    "login": "a login form, or a session that has ended",
    "form": "a form, poll or pop-up state of the portal",
    "search": "a page of search results",
    "challenge": "a page that wants proof of a browser (a cookie script, a CAPTCHA) instead of "
    "content",
    "soft_404": "a page that says 'not found', or nothing but an error, with status 200",
    "maintenance": "a page that says the portal is closed for now",
    "server_page": "a page of the server or its host, not of the portal: default page, index of a "
    "folder, suspended account, parked domain",
    "needs_javascript": "the shell of an application; a script would draw its text",
    "obfuscated": "the text is enciphered; a script of the page would decipher it",
    "empty": "nothing to read",
    "print_twin": "the print, download or mobile twin of an article",
    "not_html": "neither HTML nor anything else Halong reads",
    "sitemap": "a sitemap or sitemap index",
    "feed": "an RSS or Atom feed",
    "robots": "robots.txt",
    "redirect": "an answer that points elsewhere",
    "state_expired": "a further page of a listing, asked for with a form the server no longer "
    "takes; its walk begins anew",
    "not_found": "status 404 or 410",
    "refused": "status 401, 403 or 429, or a firewall's page that says so with status 200",
    "server_error": "status 500 or above",
    "other_status": "any other status that brings no page",
    "file": "an attachment or an image",
    "unreachable": "no answer: name, connection, TLS or time-out",
    "too_large": "an answer larger than the crawl's limit, as sent or once unpacked",
    "truncated": "the answer broke off before its end; what came is in the WARC",
    "untrusted": "the server's certificate cannot be trusted; nothing was asked",
    "unreadable": "the page could not be read; its bytes are in the WARC",
}
"""What a fetch came to: the closed list of ``captures.outcome``."""

SKIP_REASONS: dict[str, str] = {
    "robots": "robots.txt forbids it",
    "repeated_segments": "the path repeats itself (a link relative to the wrong folder)",
    "language_recursion": "a language suffix after an article, or one language path inside another",
    "portal_state": "a login, poll, pop-up, form or print state of the portal's software",
    "too_deep": "further from the seeds than the portal's depth limit",
    "url_too_long": "longer than 2000 characters",
    "file_elsewhere": "a file on a host that the portal's descriptor does not name",
    "file_too_large": "a file larger than the crawl's limit",
}
"""Why a URL was not fetched: the closed list of ``skipped_urls.reason``."""

TEXT_STATUSES: dict[str, str] = {
    "not_fetched": "the file was not asked for, or did not come",
    "read": "its text is in attachment_pages",
    "empty": "it was opened and holds no text",
    "scanned": "a PDF of scanned pages, without text",
    "ocr": "a PDF of scanned pages, read by OCR: expect misread letters",
    "encrypted": "it wants a password",
    "damaged": "it is torn or not what it says it is",
    "unsupported": "a kind of file whose text Halong does not read",
    "too_large": "larger than the limit, as fetched or once unpacked",
    "too_heavy": "reading it took more time or memory than allowed",
    "not_a_file": "the server answered with a web page instead",
}
"""How far the text of an attachment was read: the closed list of ``attachments.text_status``."""


def create_statements() -> list[str]:
    """Every statement that makes an empty database of this schema, in an order that works."""
    return [
        *(table.ddl() for table in TABLES),
        *INDEXES,
        FTS_TABLE_SQL,
        *TRIGGERS.values(),
        *(view.ddl() for view in VIEWS),
    ]


migrations = Migrations("halong")
"""Every change of the schema since version 1, in order. A released one never changes."""


@migrations(name="0001_schema_1")
def _schema_1(db: Database) -> None:
    # A new database is made as the schema is now; what follows finds nothing left to do in it.
    for statement in create_statements():
        db.execute(statement)


@migrations(name="0002_fetched_attachments")
def _fetched_attachments(db: Database) -> None:
    _add_columns(db, ATTACHMENTS, "text_note", "capture_id")
    db.execute("CREATE INDEX IF NOT EXISTS attachments_url ON attachments(url)")


@migrations(name="0003_learned_templates")
def _learned_templates(db: Database) -> None:
    _add_columns(db, CRAWLS, "learned", "drift")


@migrations(name="0004_encodings")
def _encodings(db: Database) -> None:
    _add_columns(db, CAPTURES, "encoding", "encoding_conflict")


@migrations(name="0005_not_before")
def _not_before(db: Database) -> None:
    _add_columns(db, FRONTIER, "host", "not_before")
    _fill_hosts(db.conn)
    if not db.table(HOSTS.name).exists():
        db.execute(HOSTS.ddl())
    db.execute("DROP INDEX IF EXISTS _frontier_next")
    for statement in INDEXES:
        if statement.startswith("CREATE INDEX _frontier_"):
            db.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))


def _fill_hosts(connection: sqlite3.Connection) -> None:
    """Name the host of every URL of the frontier, as :func:`halong_crawler.hosts.host_of` does."""
    connection.create_function("host_of_url", 1, _host_of, deterministic=True)
    connection.execute("UPDATE _frontier SET host = host_of_url(url) WHERE host = ''")


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.lower().removesuffix(_USUAL_PORTS.get(parts.scheme, ""))


_USUAL_PORTS = {"http": ":80", "https": ":443"}


@migrations(name="0006_visits")
def _visits(db: Database) -> None:
    db.execute("DROP VIEW IF EXISTS removed_articles")
    _add_columns(db, CRAWLS, "articles_not_due", "checked", "checked_changed")
    _add_visit_tables(db)
    db.execute(next(view.ddl() for view in VIEWS if view.name == "removed_articles"))
    db.execute(ADOPT_SQL)


@migrations(name="0007_standing")
def _standing(db: Database) -> None:
    _add_columns(db, CRAWLS, "standing")
    _add_columns(db, FRONTIER, "capture_id")


@migrations(name="0008_listings_by_form")
def _listings_by_form(db: Database) -> None:
    _add_columns(db, FRONTIER, "form")
    _add_columns(db, CAPTURES, "posted_page")
    _add_columns(db, LISTED, "look")
    _add_visit_tables(db)


@migrations(name="0009_coverage")
def _coverage(db: Database) -> None:
    _add_columns(db, CRAWLS, "coverage", "monitors")
    _add_columns(db, WALKS, "ended_at")
    _add_visit_tables(db)
    _add_views(db, "crawl_coverage", "crawl_monitors")
    db.execute(WALKED_SQL)


@migrations(name="0010_revisits")
def _revisits(db: Database) -> None:
    _add_columns(db, CAPTURES, "refers_to")
    db.execute(PAYLOAD_INDEX.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))


@migrations(name="0011_chain")
def _chain(db: Database) -> None:
    have = set(db.table_names())
    for table in PROOF_TABLES:
        if table.name not in have:
            db.execute(table.ddl())


@migrations(name="0012_imports")
def _imports(db: Database) -> None:
    if not db.table(IMPORTS.name).exists():
        db.execute(IMPORTS.ddl())
    _add_columns(db, CAPTURES, "import_id")
    db.execute(IMPORT_INDEX.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))


@migrations(name="0013_version_bounds")
def _version_bounds(db: Database) -> None:
    _add_views(db, "version_bounds", "field_changes")


@migrations(name="0014_elsewhere")
def _elsewhere(db: Database) -> None:
    for table in ELSEWHERE_TABLES:
        if not db.table(table.name).exists():
            db.execute(table.ddl())
    db.execute(ELSEWHERE_INDEX.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))


@migrations(name="0015_journal")
def _journal(db: Database) -> None:
    if not db.table(JOURNAL.name).exists():
        db.execute(JOURNAL.ddl())


def _add_views(db: Database, *names: str) -> None:
    """Make the views it lacks."""
    have = set(db.view_names())
    for view in VIEWS:
        if view.name in names and view.name not in have:
            db.execute(view.ddl())


def _add_visit_tables(db: Database) -> None:
    have = set(db.table_names())
    for table in VISIT_TABLES:
        if table.name not in have:
            db.execute(table.ddl())
    for statement in VISIT_INDEXES:
        db.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1))


def _add_columns(db: Database, table: Table, *names: str) -> None:
    """Give a table the columns it lacks, as they are described now."""
    have = {column.name for column in db.table(table.name).columns}
    for column in table.columns:
        if column.name in names and column.name not in have:
            db.execute(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {column.type}")


def migrate(connection: sqlite3.Connection, *, generator: str) -> None:
    """Bring a database to this version of the schema, or leave it as it was.

    An up-to-date one is left alone. Raises :class:`ArchiveError` for a database made by a newer
    Halong, or by other software.
    """
    found = schema_version(connection)
    if found > SCHEMA_VERSION:
        raise ArchiveError(
            f"{file_of(connection)}: has schema {found}, this Halong knows {SCHEMA_VERSION}; "
            "install a newer Halong"
        )
    if found == SCHEMA_VERSION:
        return
    if _is_foreign(connection):
        raise ArchiveError(
            f"{file_of(connection)}: is a database of other software; choose another folder with "
            "--archive"
        )
    with savepoint(connection, "migrate"):
        migrations.apply(Database(connection))
        connection.execute(
            "INSERT INTO schema_info (version, created, generator) VALUES (?, ?, ?)",
            (SCHEMA_VERSION, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), generator),
        )
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _is_foreign(connection: sqlite3.Connection) -> bool:
    """Whether somebody else's tables are in the file."""
    names = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    }
    return bool(names) and "schema_info" not in names


def schema_version(connection: sqlite3.Connection) -> int:
    """The schema's version, 0 for an empty file."""
    known = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'schema_info' AND type = 'table'"
    ).fetchone()
    if known is None:
        return 0
    (version,) = connection.execute("SELECT coalesce(max(version), 0) FROM schema_info").fetchone()
    return int(version)


__all__ = [
    "APPLICATION_ID",
    "FOLD_SQL",
    "FTS_COLUMNS",
    "INDEXES",
    "OUTCOMES",
    "REINDEX_SQL",
    "SCHEMA_VERSION",
    "SKIP_REASONS",
    "TABLES",
    "TEXT_STATUSES",
    "TRIGGERS",
    "VIEWS",
    "Table",
    "create_statements",
    "fts_canary",
    "migrate",
    "migrations",
    "reindex",
    "schema_version",
]
