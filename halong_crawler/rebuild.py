"""The whole database once more, out of WARC files and descriptors alone.

What the journals name (:mod:`archive.journal`) is put back as it was told then: crawls, captures
and their numbers, why no answer came. Everything that can be read is read again, by the readers of
today and in the order in which it was first kept: articles, versions, people, files and their text,
imprints, what is live. Answers that came after the last journal are kept as an import keeps them,
with the crawl that asked for them. The chain of roots comes from its own file.

Plumbing that only a crawl needs is not rebuilt: the next crawl asks for everything once.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from archive import chain, journal
from archive.journal import Row
from archive.journals import Journals, capture_of
from archive.place import ArchiveError
from archive.records import Capture, FetchedFile, Imprint, Page
from archive.store import Store
from archive.stored import answer_at
from archive.tables import TABLES
from archive.warc import StoredResponse, WarcError
from halong_crawler.importing.answers import answer_again
from halong_crawler.importing.joining import join_files
from halong_crawler.importing.reading import Reading
from halong_crawler.learning.template import parse_template
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, NotAnArticle, read_document, read_imprint
from halong_crawler.reparse import MAY_BE_ARTICLES, SAME_TEXT
from halong_crawler.spiders.portal import WITH_IMPRINT

logger = logging.getLogger(__name__)

_COUNTED: Row = {
    "fetched": 0, "failed": 0, "articles_new": 0, "articles_changed": 0, "articles_unchanged": 0,
    "fields": "{}",
}  # fmt: skip
"""Columns of ``crawls`` that are counted again from what is read."""
_COLUMNS = {table.name: [column.name for column in table.columns] for table in TABLES}


class Rebuild:
    """Fills an empty database."""

    def __init__(
        self, store: Store, journals: Journals, portal_of: Callable[[str], Portal],
        reading: Reading,
    ) -> None:  # fmt: skip
        self.store = store
        self.journals = journals
        self.reading = reading
        self.faults: list[str] = []
        """Records that are named and cannot be read, beside those the journals tell."""
        self.counts: Counter[str] = Counter()
        self._portal_of = portal_of
        self._damaged = {(fault.file, fault.offset) for fault in journals.faults}

    def run(self, tell: Callable[[int], None]) -> None:
        """Rebuild; ``tell`` is called with each capture's count.

        Raises :class:`archive.place.ArchiveError`, and :class:`halong_crawler.portal
        .DescriptorError` for a portal that nothing describes.
        """
        with self.store.whole():
            for row in self.journals.rows("portal"):
                self._insert("portals", row)
            for row in self.journals.rows("crawl"):
                self._insert("crawls", row | _COUNTED)
            for row in self.journals.rows("import"):
                self._insert("imports", row)
        removals = self._removals()
        for crawl_id, captures in groupby(self.journals.rows("capture"), _crawl_of):
            for row in captures:
                with self.store.whole():
                    self._keep(row)
                self.store.tick()
                tell(1)
            with self.store.whole():
                for removal in removals.pop(crawl_id, ()):
                    self._remove(removal)
        with self.store.whole():
            self._add_rest()
            self._mark()
            join_files(self.store, self.reading, self._portal_of)
        self.store.commit()

    def close(self) -> None:
        """Take in the chain of roots. Raises :class:`archive.place.ArchiveError`."""
        chain.adopt(self.store.connection, self.store.archive.warc_dir)

    # Captures

    def _keep(self, row: Row) -> None:
        page = self._page(row)
        key: str | None = row.get("article")
        moved = page.article is not None and key is not None and (
            key != f"{page.portal}-{page.article.source_id}"
        )  # fmt: skip
        if page.article is not None and key is not None and moved:
            # An article that moved here keeps its name: see halong_crawler.moves.
            source_id = key.removeprefix(f"{page.portal}-")
            page = replace(page, article=replace(page.article, source_id=source_id))
        self.store.keep(row.get("crawl_id"), page)
        if page.article is not None and moved:
            self.store.connection.execute(
                "UPDATE articles SET url = ? WHERE key = ?", [page.article.url, key]
            )
        self.counts["captures"] += 1

    def _page(self, row: Row) -> Page:
        """What a capture came to: as it was told then, and as its bytes read now."""
        capture = capture_of(row)
        page = Page(row["portal"], capture)
        if row.get("article") is not None and capture.outcome == "unchanged":
            return replace(page, unchanged_article=self._article(row["article"]))
        if "file" in row and capture.outcome == "too_large":
            note = capture.note
            return replace(page, file=FetchedFile(row["file"], None, None, None, "too_large", note))
        return self._of_bytes(page, row) if _is_read(row) else page

    def _of_bytes(self, page: Page, row: Row) -> Page:
        try:
            stored = self._stored(page.capture)
            return (
                self._file(page, row["file"], stored) if "file" in row else self._read(page, stored)
            )
        except WarcError as error:
            if (page.capture.warc_file, page.capture.warc_offset) not in self._damaged:
                self.faults.append(str(error))
        except ArchiveError:
            raise
        except Exception:
            # A fault of a reader must not cost the capture; its row says what it came to then.
            logger.exception("%s: could not be read", page.capture.url)
            self.counts["pages that could not be read"] += 1
        return page

    def _stored(self, capture: Capture) -> StoredResponse:
        held = None
        if capture.refers_to is not None:
            held = self.store.connection.execute(
                "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id = ?",
                [capture.refers_to],
            ).fetchone()
        assert capture.warc_file is not None
        assert capture.warc_offset is not None
        assert capture.warc_length is not None
        place = (capture.warc_file, capture.warc_offset, capture.warc_length)
        return answer_at(self.store.archive.warc_dir, place, held)

    def _file(self, page: Page, url: str, stored: StoredResponse) -> Page:
        answer = answer_again(stored, page.capture.payload_digest)
        outcome = self.reading.file(self._portal_of(page.portal), url, answer, page.capture)
        assert outcome.page is not None
        self.counts["files"] += 1
        return replace(page, file=outcome.page.file)

    def _read(self, page: Page, stored: StoredResponse) -> Page:
        capture = page.capture
        document = Document.parse(stored.body, capture.url, stored.headers)
        at = datetime.fromisoformat(capture.fetched_at)
        result = read_document(document, portal=self._portal_of(page.portal), captured_at=at)
        if not isinstance(result, NotAnArticle):
            capture = replace(capture, outcome="article", note=None)
            return Page(page.portal, capture, article=result, imprint=read_imprint(document))
        if capture.outcome == "article":
            capture = replace(capture, outcome=result.reason, note=result.because)
        imprint: Imprint | None = None
        if capture.outcome in WITH_IMPRINT:
            imprint = read_imprint(document)
        return Page(page.portal, capture, imprint=imprint)

    def _article(self, key: str) -> int | None:
        row = self.store.connection.execute(
            "SELECT id FROM articles WHERE key = ?", [key]
        ).fetchone()
        return int(row[0]) if row is not None else None

    # What is no capture

    def _removals(self) -> dict[int | None, list[Row]]:
        """The removals of each crawl: those it was the last to see."""
        crawls = dict(self.journals.crawls_of_removals())
        found: dict[int | None, list[Row]] = {}
        for row in self.journals.rows("removal"):
            found.setdefault(crawls.get(row["id"]), []).append(row)
        return found

    def _remove(self, row: Row) -> None:
        article_id = self._article(row["article"])
        if article_id is None:
            self.counts["removals of articles that read as none now"] += 1
            return
        self._insert("removals", row | {"article_id": article_id})
        self.store.connection.execute(
            "UPDATE articles SET status = 'removed', removed_at = ? WHERE id = ?",
            [row["removed_at"], article_id],
        )

    def _add_rest(self) -> None:
        """Addresses that lead to articles, totals of listings, what was not asked for."""
        for row in self.journals.rows("address"):
            article_id = self._article(row["article"])
            if article_id is not None:
                self._insert(
                    "article_urls", row | {"article_id": article_id},
                    "ON CONFLICT (url) DO UPDATE SET kind = excluded.kind, "
                    "article_id = excluded.article_id, first_seen_at = excluded.first_seen_at",
                )  # fmt: skip
        for kind, table in (("total", "listing_totals"), ("skipped", "skipped_urls")):
            for row in self.journals.rows(kind):
                self._insert(table, row)

    def _mark(self) -> None:
        """What the journals hold is written down: the next one goes on from there."""
        marks: dict[str, Any] = {"number": self.journals.number}
        for name, kind in (("captures", "capture"), ("removals", "removal")):
            marks[name] = self.journals.last(kind)
        ended = "SELECT coalesce(max(id), 0) FROM crawls WHERE status <> 'running'"
        marks["crawls"], marks["addresses"] = self.store.connection.execute(
            f"SELECT ({ended}), coalesce(max(rowid), 0) FROM article_urls"
        ).fetchone()
        for kind in ("import", "descriptor"):
            for row in self.journals.rows(kind):
                marks |= journal.told_marks(kind, row)
        journal.set_marks(self.store.connection, marks)

    def _insert(self, table: str, row: Mapping[str, object], conflict: str = "") -> None:
        """Insert a row; columns that only the journal of another Halong has are left out."""
        names = [name for name in _COLUMNS[table] if name in row]
        self.store.connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) "
            f"VALUES ({', '.join(f':{name}' for name in names)}) {conflict}",
            {name: row[name] for name in names},
        )


def _is_read(row: Row) -> bool:
    """Whether an answer says more than its row: it is a file, an article, or has an imprint."""
    if row.get("status") != 200 or row["outcome"] == "truncated" or "warc_file" not in row:
        return False
    if "file" in row:
        return True
    if str(row.get("note", "")).startswith(SAME_TEXT):
        return False
    return row["outcome"] in ("article", *WITH_IMPRINT, *MAY_BE_ARTICLES)


def _crawl_of(row: Row) -> int | None:
    return row.get("crawl_id")


def described(row: Row) -> Portal:
    """The portal that a journal's ``descriptor`` row holds, with its template.

    Raises ValueError for one that this Halong does not take.
    """
    portal = Portal.model_validate(row["descriptor"])
    return portal.with_template(parse_template(row["template"]) if "template" in row else None)
