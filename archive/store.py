"""The one writer: a page's outcome goes into the database in one transaction, or not at all."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from archive import attachments, cdxj, chain, crawls, removals, seals, standing, versions
from archive.connection import checkpoint, connect, explained, savepoint
from archive.crawls import CrawlSummary
from archive.imprints import keep_imprint
from archive.lock import Lock
from archive.place import Archive
from archive.records import Article, Capture, Drift, Learning, Page, PortalFacts
from archive.reread import reread_article
from archive.schema import OUTCOMES, SCHEMA_VERSION, SKIP_REASONS, migrate, schema_version
from archive.stops import STOPS
from archive.torn import Cut, mend

Change = Literal["new", "changed", "unchanged", "none"]

PAGES_A_TRANSACTION = 100
SECONDS_A_TRANSACTION = 2.0
FAILURES = ("unreachable", "untrusted", "truncated", "server_error", "refused", "unreadable")
"""Outcomes that count as failed in ``crawls.failed``."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a page came to."""

    change: Change
    capture_id: int
    key: str | None = None
    version: int | None = None
    changed: tuple[str, ...] = ()


class Store:
    """Writes to one archive. Only one Store may be open on an archive at a time.

    Every method raises :class:`archive.place.ArchiveError` where disk, file or another program
    stands in the way; what was committed before stays.
    """

    def __init__(self, archive: Archive, *, generator: str, purpose: str = "writing") -> None:
        """``purpose``: what whoever finds the archive locked is told, such as "crawling halong"."""
        archive.create()
        self.archive = archive
        self._lock = Lock(archive.lock, purpose)
        self.before_commit: Callable[[], None] | None = None
        """Called before each commit: evidence must be on disk before a row names it."""
        self.before_closing: Callable[[], None] = self.commit
        """Called before the files are closed by their roots: the last that is written to them."""
        self.mended: list[Cut] = []
        """What kills had left half written at the ends of WARC files, cut when a crawl began."""
        self._pages = 0
        self._began = 0.0
        self._generator = generator
        self._closed = False
        try:
            self.connection = _open(archive, generator)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Also after an error: what is open holds whole pages, each with its evidence.
        self.close()

    def close(self) -> None:
        """Commit what is open and let go, also when that fails. Calling it twice does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self.commit()
            with explained(self.archive.database):
                checkpoint(self.connection)
        finally:
            self.connection.close()
            self._lock.release()

    # Transactions

    def begin(self) -> None:
        """Open a transaction, if none is open."""
        if not self.connection.in_transaction:
            with explained(self.archive.database):
                # A deferred BEGIN that writes later may find it locked, time-out or not.
                self.connection.execute("BEGIN IMMEDIATE")
            self._began = time.monotonic()
            self._pages = 0

    def commit(self) -> None:
        """Make everything so far durable."""
        if self.connection.in_transaction:
            if self.before_commit is not None:
                self.before_commit()
            with explained(self.archive.database):
                self.connection.execute("COMMIT")

    def tick(self) -> None:
        """Count a page; commit when the transaction is full or old."""
        self._pages += 1
        old = time.monotonic() - self._began >= SECONDS_A_TRANSACTION
        if self._pages >= PAGES_A_TRANSACTION or old:
            self.commit()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Inside the open transaction: all that is written in this block, or nothing of it."""
        self.begin()
        with explained(self.archive.database), savepoint(self.connection, "page"):
            yield

    # Portals and crawls

    def put_portal(self, facts: PortalFacts) -> None:
        """Record what is known of a portal."""
        values = asdict(facts)
        names = ", ".join(values)
        updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != "name")
        with self.whole():
            self.connection.execute(
                f"INSERT INTO portals ({names}) VALUES ({', '.join(f':{n}' for n in values)}) "  # noqa: S608
                f"ON CONFLICT (name) DO UPDATE SET {updates}",
                values,
            )
        self.commit()

    def begin_crawl(self, portal: str, *, started_at: str, options: Mapping[str, object]) -> int:
        """Begin a crawl; one of this portal that never ended was killed, and is marked so."""
        words = json.dumps(dict(options), ensure_ascii=False)
        self.commit()
        self.mended += mend(self.connection, self.archive.warc_dir)
        self.close_chain()
        with self.whole():
            crawls.mark_killed(self.connection, portal)
            cursor = self.connection.execute(
                "INSERT INTO crawls (portal, started_at, status, options, generator) "
                "VALUES (?, ?, 'running', ?, ?)",
                [portal, started_at, words, self._generator],
            )
            crawl_id = _id(cursor)
        self.commit()
        return crawl_id

    def finish_crawl(
        self, crawl_id: int, *, finished_at: str, status: str, reason: str,
        learned: Learning | None = None, drift: Sequence[Drift] = (),
    ) -> CrawlSummary:  # fmt: skip
        """End a crawl and say what it came to.

        Raises ValueError for a reason that is not in :data:`archive.stops.STOPS`.
        """
        if reason not in STOPS:
            raise ValueError(f"{reason!r} is no reason of archive.stops.STOPS")
        with self.whole():
            standing.note(self.connection, crawl_id)
            crawls.note_template(self.connection, crawl_id, learned, drift)
            self.connection.execute(
                "UPDATE crawls SET finished_at = ?, status = ?, reason = ? WHERE id = ?",
                [finished_at, status, reason, crawl_id],
            )
        self.commit()
        with self.whole():
            crawls.measure(self.connection, crawl_id)
        self.close_chain()
        return self.crawl_summary(crawl_id)

    def close_chain(self, imports: Sequence[int] = ()) -> None:
        """Commit, close the crawls that have ended, or ``imports``, with their roots (see
        :mod:`archive.chain`), and index their files.

        Nothing may be appended to the files afterwards that is to be in these roots.
        """
        self.before_closing()
        self.commit()
        with explained(self.archive.database):
            chain.close(self.connection, self.archive.warc_dir, imports)
        cdxj.renew(self.archive.warc_dir)

    def crawl_summary(self, crawl_id: int) -> CrawlSummary:
        """A crawl's row with its captures counted by outcome and its skips by reason.

        Raises LookupError for a crawl the archive does not know.
        """
        return crawls.summary(self.connection, crawl_id)

    # Pages

    def keep(self, crawl_id: int | None, page: Page) -> Kept:
        """Keep everything one fetch says: capture, article and version, imprint, counts.

        ``crawl_id`` is None for what another archive captured: no crawl counts it.

        Raises ValueError for an outcome that is not in :data:`archive.schema.OUTCOMES`.
        """
        if page.capture.outcome not in OUTCOMES:
            raise ValueError(f"{page.capture.outcome!r} is no outcome of archive.schema.OUTCOMES")
        with self.whole():
            capture_id = self._add_capture(crawl_id, page)
            kept = Kept("none", capture_id)
            seen = self._see_article(page, capture_id)
            if seen is not None:
                first = crawl_id is None or self._count_article(crawl_id, seen, capture_id)
                kept = Kept(
                    seen.change if first or seen.change != "unchanged" else "none",
                    capture_id, seen.key, seen.version, seen.changed,
                )  # fmt: skip
            if page.imprint is not None:
                keep_imprint(
                    self.connection, page.portal, crawl_id, page.capture, page.imprint, capture_id
                )
            if page.file is not None:
                attachments.keep_file(self.connection, page.file, capture_id)
            failed = page.capture.outcome in FAILURES
            self.connection.execute(
                "UPDATE crawls SET fetched = fetched + 1, failed = failed + ? WHERE id = ?",
                [int(failed), crawl_id],
            )
        return kept

    def _see_article(self, page: Page, capture_id: int) -> versions.Outcome | None:
        """Keep the article of a page, or note that it was seen unchanged; None if it shows none."""
        at = page.capture.fetched_at
        if page.article is not None:
            seen = versions.keep_article(self.connection, page, capture_id)
            self._link(seen.article_id, capture_id, page)
        elif page.unchanged_article is not None:
            seen = versions.see_unchanged(self.connection, page.unchanged_article, at)
            self.connection.execute(
                "UPDATE captures SET article_id = ? WHERE id = ?", [seen.article_id, capture_id]
            )
        else:
            return None
        removals.see_live(self.connection, seen.article_id, at, capture_id)
        return seen

    def reread(self, readings: Mapping[int, Article]) -> bool:
        """Replace what was read from captures of one article by what is read from them now.

        ``readings`` holds capture id → reading. A capture that showed no article until now gives
        its article to the archive. No capture is made and no edit of the portal: see
        :mod:`archive.reread`. Returns whether anything reads differently. Raises ValueError for
        captures of two articles.
        """
        with self.whole():
            adopted = [number for number in readings if self._adopt(number, readings[number])]
            marks = ", ".join("?" * len(readings))
            articles = self.connection.execute(
                f"SELECT DISTINCT article_id FROM captures WHERE id IN ({marks})",  # noqa: S608
                list(readings),
            ).fetchall()
            if len(articles) != 1:
                raise ValueError(f"captures of {len(articles)} articles, not of one")
            return reread_article(self.connection, articles[0][0], readings) or bool(adopted)

    def _adopt(self, capture_id: int, article: Article) -> bool:
        """Keep the article of a capture that showed none until now; whether it was such a one."""
        names = [field.name for field in fields(Capture)]
        portal, crawl_id, known, *values = self.connection.execute(
            f"SELECT portal, crawl_id, article_id, {', '.join(names)} FROM captures WHERE id = ?",  # noqa: S608
            [capture_id],
        ).fetchone()
        if known is not None:
            return False
        page = Page(portal, Capture(**dict(zip(names, values, strict=True))), article)
        outcome = versions.keep_article(self.connection, page, capture_id)
        self._link(outcome.article_id, capture_id, page)
        self.connection.execute(
            "UPDATE captures SET outcome = 'article', note = NULL WHERE id = ?", [capture_id]
        )
        if crawl_id is not None:
            self._count_article(crawl_id, outcome, capture_id)
        return True

    def skip(
        self, crawl_id: int, portal: str, url: str, reason: str, *, found_on: str | None, at: str
    ) -> None:
        """Record a URL that will not be asked for.

        Raises ValueError for a reason that is not in :data:`archive.schema.SKIP_REASONS`.
        """
        if reason not in SKIP_REASONS:
            raise ValueError(f"{reason!r} is no reason of archive.schema.SKIP_REASONS")
        with self.whole():
            cursor = self.connection.execute(
                "INSERT INTO skipped_urls "
                "(portal, url, reason, found_on, first_seen_at, last_crawl_id) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal, url, reason) DO UPDATE SET "
                "last_crawl_id = excluded.last_crawl_id "
                "WHERE last_crawl_id IS NOT excluded.last_crawl_id",
                [portal, url, reason, found_on, at, crawl_id],
            )
            if cursor.rowcount:
                self.connection.execute(
                    "UPDATE crawls SET skipped = skipped + 1 WHERE id = ?", [crawl_id]
                )

    def _add_capture(self, crawl_id: int | None, page: Page) -> int:
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
                "VALUES (?, ?, ?, ?) ON CONFLICT (url) DO UPDATE "
                "SET first_seen_at = excluded.first_seen_at "
                "WHERE excluded.first_seen_at < article_urls.first_seen_at",
                [url, article_id, kind, page.capture.fetched_at],
            )

    def _count_article(self, crawl_id: int, outcome: versions.Outcome, capture_id: int) -> bool:
        """Count an article once a crawl; returns whether this was its first time in this one."""
        # The plus keeps SQLite from going through every capture of the crawl to find the article's.
        seen = self.connection.execute(
            "SELECT 1 FROM captures WHERE article_id = ? AND +crawl_id = ? AND id <> ? LIMIT 1",
            [outcome.article_id, crawl_id, capture_id],
        ).fetchone()
        if seen is None:
            self._count(crawl_id, outcome.change, 1)
            self._count_fields(crawl_id, outcome.filled)
        elif outcome.change == "changed" and not self._has_version(crawl_id, outcome, capture_id):
            # It was counted as unchanged, and was edited (or reads differently) since.
            self._count(crawl_id, "unchanged", -1)
            self._count(crawl_id, "changed", 1)
        return seen is None

    def _has_version(self, crawl_id: int, outcome: versions.Outcome, capture_id: int) -> bool:
        """Whether another capture of this crawl made a version of the article."""
        row = self.connection.execute(
            "SELECT 1 FROM article_versions v JOIN captures c ON c.id = v.capture_id "
            "WHERE v.article_id = ? AND c.crawl_id = ? AND c.id <> ? LIMIT 1",
            [outcome.article_id, crawl_id, capture_id],
        ).fetchone()
        return row is not None

    def _count(self, crawl_id: int, change: Change, by: int) -> None:
        name = f"articles_{change}"
        self.connection.execute(
            f"UPDATE crawls SET {name} = {name} + ? WHERE id = ?",  # noqa: S608
            [by, crawl_id],
        )

    def _count_fields(self, crawl_id: int, filled: Mapping[str, bool]) -> None:
        (fields,) = self.connection.execute(
            "SELECT fields FROM crawls WHERE id = ?", [crawl_id]
        ).fetchone()
        counts = Counter(json.loads(fields))
        for name, is_filled in filled.items():
            counts[name] += int(is_filled)
        self.connection.execute(
            "UPDATE crawls SET fields = ? WHERE id = ?", [json.dumps(counts), crawl_id]
        )


def _open(archive: Archive, generator: str) -> sqlite3.Connection:
    connection = connect(archive.database)
    try:
        with explained(archive.database):
            is_old = schema_version(connection) < SCHEMA_VERSION
            migrate(connection, generator=generator)
            seals.keep(connection)
            if is_old:
                with savepoint(connection, "seals"):
                    seals.renew(connection)
            # The lock is ours: whoever else was crawling is dead.
            crawls.mark_killed(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
