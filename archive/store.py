"""The one writer: a page's outcome goes into the database in one transaction, or not at all."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from archive import versions
from archive.lock import Lock
from archive.place import Archive
from archive.records import Capture, Imprint, Page, PortalFacts
from archive.schema import OUTCOMES, SKIP_REASONS, migrate

Change = Literal["new", "changed", "unchanged", "none"]

PAGES_A_TRANSACTION = 100
SECONDS_A_TRANSACTION = 2.0
FAILURES = ("unreachable", "server_error", "refused", "unreadable")
"""Outcomes that count as failed in ``crawls.failed``."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a page came to."""

    change: Change
    capture_id: int
    key: str | None = None
    version: int | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """A crawl as the archive records it."""

    id: int
    portal: str
    started_at: str
    finished_at: str | None
    status: str
    reason: str | None
    fetched: int
    articles_new: int
    articles_changed: int
    articles_unchanged: int
    failed: int
    skipped: int
    fields: dict[str, int]
    outcomes: dict[str, int]
    skipped_by_reason: dict[str, int]


class Store:
    """Writes to one archive. Only one Store may be open on an archive at a time."""

    def __init__(self, archive: Archive, *, generator: str) -> None:
        archive.create()
        self.archive = archive
        self._lock = Lock(archive.lock)
        self.before_commit: Callable[[], None] | None = None
        """Called before each commit: evidence must be on disk before a row names it."""
        self._pages = 0
        self._began = 0.0
        try:
            self.connection = _connect(archive)
            migrate(self.connection, generator=generator)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commit what is open and let go of the archive."""
        self.commit()
        self.connection.close()
        self._lock.release()

    # Transactions

    def begin(self) -> None:
        """Open a transaction, if none is open."""
        if not self.connection.in_transaction:
            # A deferred BEGIN that writes later may find the database locked, time-out or not.
            self.connection.execute("BEGIN IMMEDIATE")
            self._began = time.monotonic()
            self._pages = 0

    def commit(self) -> None:
        """Make everything so far durable."""
        if self.connection.in_transaction:
            if self.before_commit is not None:
                self.before_commit()
            self.connection.execute("COMMIT")

    def tick(self) -> None:
        """Count a page; commit when the transaction is full or old."""
        self._pages += 1
        old = time.monotonic() - self._began >= SECONDS_A_TRANSACTION
        if self._pages >= PAGES_A_TRANSACTION or old:
            self.commit()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Inside the open transaction: all of this page or nothing of it."""
        self.begin()
        self.connection.execute("SAVEPOINT page")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO page")
            raise
        finally:
            self.connection.execute("RELEASE page")

    # Portals and crawls

    def put_portal(self, facts: PortalFacts) -> None:
        """Record what is known of a portal."""
        self.begin()
        values = asdict(facts)
        names = ", ".join(values)
        updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != "name")
        self.connection.execute(
            f"INSERT INTO portals ({names}) VALUES ({', '.join(f':{n}' for n in values)}) "  # noqa: S608
            f"ON CONFLICT (name) DO UPDATE SET {updates}",
            values,
        )
        self.commit()

    def begin_crawl(self, portal: str, *, started_at: str, options: Mapping[str, object]) -> int:
        """Begin a crawl; one of this portal that never ended was killed, and is marked so."""
        self.begin()
        self.connection.execute(
            "UPDATE crawls SET status = 'killed' WHERE portal = ? AND status = 'running'", [portal]
        )
        cursor = self.connection.execute(
            "INSERT INTO crawls (portal, started_at, status, options, generator) "
            "VALUES (?, ?, 'running', ?, (SELECT generator FROM schema_info))",
            [portal, started_at, json.dumps(dict(options), ensure_ascii=False)],
        )
        self.commit()
        return _id(cursor)

    def finish_crawl(
        self, crawl_id: int, *, finished_at: str, status: str, reason: str
    ) -> CrawlSummary:
        """End a crawl and say what it came to."""
        self.begin()
        self.connection.execute(
            "UPDATE crawls SET finished_at = ?, status = ?, reason = ? WHERE id = ?",
            [finished_at, status, reason, crawl_id],
        )
        self.commit()
        return self.crawl_summary(crawl_id)

    def crawl_summary(self, crawl_id: int) -> CrawlSummary:
        """A crawl's row with its captures counted by outcome and its skips by reason."""
        cursor = self.connection.execute("SELECT * FROM crawls WHERE id = ?", [crawl_id])
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        for name in ("options", "generator"):
            del row[name]
        row["fields"] = json.loads(row["fields"])
        return CrawlSummary(
            **row,
            outcomes=self._counts(
                "SELECT outcome, count(*) FROM captures WHERE crawl_id = ? GROUP BY outcome",
                crawl_id,
            ),
            skipped_by_reason=self._counts(
                "SELECT reason, count(*) FROM skipped_urls WHERE last_crawl_id = ? GROUP BY reason",
                crawl_id,
            ),
        )

    def _counts(self, sql: str, crawl_id: int) -> dict[str, int]:
        return dict(self.connection.execute(sql, [crawl_id]).fetchall())

    # Pages

    def keep(self, crawl_id: int, page: Page) -> Kept:
        """Keep everything one fetch says: capture, article and version, imprint, counts.

        Raises ValueError for an outcome that is not in :data:`archive.schema.OUTCOMES`.
        """
        if page.capture.outcome not in OUTCOMES:
            raise ValueError(f"{page.capture.outcome!r} is no outcome of archive.schema.OUTCOMES")
        with self._savepoint():
            capture_id = self._add_capture(crawl_id, page)
            kept = Kept("none", capture_id)
            if page.article is not None:
                outcome = versions.keep_article(self.connection, page, capture_id)
                self._link(outcome.article_id, capture_id, page)
                first = self._count_article(crawl_id, outcome, capture_id)
                kept = Kept(
                    outcome.change if first or outcome.change != "unchanged" else "none",
                    capture_id, outcome.key, outcome.version, outcome.changed,
                )  # fmt: skip
            if page.imprint is not None:
                self._keep_imprint(page.portal, page.capture, page.imprint, capture_id)
            failed = page.capture.outcome in FAILURES
            self.connection.execute(
                "UPDATE crawls SET fetched = fetched + 1, failed = failed + ? WHERE id = ?",
                [int(failed), crawl_id],
            )
        return kept

    def skip(
        self, crawl_id: int, portal: str, url: str, reason: str, *, found_on: str | None, at: str
    ) -> None:
        """Record a URL that will not be asked for.

        Raises ValueError for a reason that is not in :data:`archive.schema.SKIP_REASONS`.
        """
        if reason not in SKIP_REASONS:
            raise ValueError(f"{reason!r} is no reason of archive.schema.SKIP_REASONS")
        self.begin()
        cursor = self.connection.execute(
            "INSERT INTO skipped_urls (portal, url, reason, found_on, first_seen_at, last_crawl_id)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal, url, reason) DO UPDATE SET"
            " last_crawl_id = excluded.last_crawl_id"
            " WHERE last_crawl_id <> excluded.last_crawl_id",
            [portal, url, reason, found_on, at, crawl_id],
        )
        if cursor.rowcount:
            self.connection.execute(
                "UPDATE crawls SET skipped = skipped + 1 WHERE id = ?", [crawl_id]
            )

    def _add_capture(self, crawl_id: int, page: Page) -> int:
        values: dict[str, Any] = asdict(page.capture)
        values |= {"crawl_id": crawl_id, "portal": page.portal}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return _id(
            self.connection.execute(f"INSERT INTO captures ({names}) VALUES ({marks})", values)  # noqa: S608
        )

    def _link(self, article_id: int, capture_id: int, page: Page) -> None:
        """Tie the capture and every URL of the page to the article."""
        self.connection.execute(
            "UPDATE captures SET article_id = ? WHERE id = ?", [article_id, capture_id]
        )
        assert page.article is not None
        for url, kind in ((page.article.url, "canonical"), *page.aliases):
            self.connection.execute(
                "INSERT INTO article_urls (url, article_id, kind, first_seen_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (url) DO NOTHING",
                [url, article_id, kind, page.capture.fetched_at],
            )

    def _count_article(self, crawl_id: int, outcome: versions.Outcome, capture_id: int) -> bool:
        """Count an article once a crawl; returns whether this was its first time in this one."""
        seen = self.connection.execute(
            "SELECT 1 FROM captures WHERE crawl_id = ? AND article_id = ? AND id <> ? LIMIT 1",
            [crawl_id, outcome.article_id, capture_id],
        ).fetchone()
        if seen is not None and outcome.change == "unchanged":
            return False
        (fields,) = self.connection.execute(
            "SELECT fields FROM crawls WHERE id = ?", [crawl_id]
        ).fetchone()
        counts: dict[str, int] = json.loads(fields)
        if seen is None:
            for name, filled in outcome.filled.items():
                counts[name] = counts.get(name, 0) + int(filled)
        self.connection.execute(
            f"UPDATE crawls SET fields = ?, articles_{outcome.change} = "  # noqa: S608
            f"articles_{outcome.change} + 1 WHERE id = ?",
            [json.dumps(counts), crawl_id],
        )
        return seen is None

    def _keep_imprint(
        self, portal: str, capture: Capture, imprint: Imprint, capture_id: int
    ) -> None:
        host = urlsplit(capture.url).netloc.lower().removeprefix("www.")
        values = {name: _plain(value) for name, value in asdict(imprint).items()}
        same = " AND ".join(f"{name} IS :{name}" for name in values if name != "raw")
        values |= {"portal": portal, "host": host, "at": capture.fetched_at}
        latest = self.connection.execute(
            f"SELECT id FROM imprints WHERE portal = :portal AND host = :host AND {same} "  # noqa: S608
            "AND id = (SELECT max(id) FROM imprints WHERE portal = :portal AND host = :host)",
            values,
        ).fetchone()
        if latest is not None:
            self.connection.execute(
                "UPDATE imprints SET last_seen_at = max(last_seen_at, ?) WHERE id = ?",
                [capture.fetched_at, latest[0]],
            )
            return
        values |= {"first_seen_at": values["at"], "last_seen_at": values.pop("at")}
        values["capture_id"] = capture_id
        self.connection.execute(
            f"INSERT INTO imprints ({', '.join(values)}) "  # noqa: S608
            f"VALUES ({', '.join(f':{name}' for name in values)})",
            values,
        )


def _connect(archive: Archive) -> sqlite3.Connection:
    connection = sqlite3.connect(archive.database, isolation_level=None, timeout=30)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (tuple, list)) else value


def _id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
