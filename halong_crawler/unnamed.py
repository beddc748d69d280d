"""Answers that no journal names, kept with the crawl that asked for them.

A kill came before the journal did, or the files are older than journals are. What their records say
is read as an import reads it: addresses, times, bodies, and what was gone in two crawls. What they
do not say stays unknown: requests without an answer, and why a crawl ended, unless the chain of
roots tells. Answers to forms are left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import groupby
from urllib.parse import urlsplit

from archive import chain, removals
from archive.journals import Unnamed
from archive.message import digest
from archive.records import Capture, Page
from archive.store import Store
from archive.stored import answer_at
from archive.warc import StoredResponse, WarcError
from halong_crawler.importing.answers import answer_again
from halong_crawler.importing.reading import Reading
from halong_crawler.items import Lead, Outcome
from halong_crawler.portal import Portal
from halong_crawler.session import facts_of

NOT_MODIFIED = 304
_HELD = (
    "SELECT o.id, o.warc_file, o.warc_offset, o.warc_length, o.payload_digest, o.article_id "
    "FROM captures c JOIN captures o ON o.id = coalesce(c.refers_to, c.id) "
    "WHERE c.url = ? AND c.fetched_at = ? AND o.warc_file IS NOT NULL LIMIT 1"
)
_Held = tuple[int, str, int, int, str | None, int | None]


class Remains:
    """Keeps answers that no journal names."""

    def __init__(
        self, store: Store, reading: Reading, portal_of: Callable[[str], Portal],
        portal_at: Callable[[str], Portal | None], apart: timedelta,
    ) -> None:  # fmt: skip
        """``portal_of`` a name, ``portal_at`` an address; ``apart``: see removals.conclude."""
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self._store = store
        self._reading = reading
        self._portal_of = portal_of
        self._portal_at = portal_at
        self._apart = apart

    def keep(self, answers: Iterable[Unnamed], tell: Callable[[int], None]) -> None:
        """Keep them, crawl by crawl; ``tell`` is called with each one's count.

        Raises :class:`archive.place.ArchiveError`.
        """
        for (name, crawl_id), group in groupby(answers, lambda each: (each.portal, each.crawl)):
            for number, each in enumerate(group):
                portal = self._portal_of(name) if name is not None else self._portal_at(each.url)
                if portal is None:
                    self.counts["of no known portal"] += 1
                    continue
                if not number or name is None:
                    self._begin(portal, crawl_id, each)
                with self._store.whole():
                    self._keep_one(portal, crawl_id, each)
                self._store.tick()
                tell(1)
            if name is not None:
                with self._store.whole():
                    removals.conclude(self._store.connection, name, self._apart)

    def _begin(self, portal: Portal, crawl_id: int | None, first: Unnamed) -> None:
        """Have the portal and the crawl, if the archive does not know them."""
        connection = self._store.connection
        if not _has(connection, "portals", "name", portal.name):
            self._store.put_portal(facts_of(portal))
        if crawl_id is None or _has(connection, "crawls", "id", crawl_id):
            return
        told = self._closed(portal.name, crawl_id)
        with self._store.whole():
            connection.execute(
                "INSERT INTO crawls (id, portal, started_at, finished_at, status, options, "
                "generator) VALUES (?, ?, ?, ?, ?, '{}', ?)",
                [
                    crawl_id, portal.name, told.get("started_at") or first.at,
                    told.get("finished_at"), told.get("status") or "killed", first.generator,
                ],
            )  # fmt: skip

    def _closed(self, portal: str, crawl_id: int) -> dict[str, str | None]:
        """The entry that closed a crawl."""
        entries = (json.loads(text) for text, _ in chain.read_file(self._store.archive.warc_dir))
        found = (e for e in entries if (e.get("crawl"), e.get("portal")) == (crawl_id, portal))
        return next(found, {})

    def _keep_one(self, portal: Portal, crawl_id: int | None, each: Unnamed) -> None:
        held: _Held | None = None
        if each.of_url is not None:
            held = self._store.connection.execute(_HELD, [each.of_url, each.of_at]).fetchone()
        place = (each.file, each.offset, each.length)
        try:
            stored = answer_at(self._store.archive.warc_dir, place, held[1:4] if held else None)
        except WarcError as error:
            self.faults.append(str(error))
            capture = _capture(each, None, "unreadable", held, each.digest)
            self._store.keep(crawl_id, Page(portal.name, capture))
            return
        page = self._page(portal, each, held, stored)
        kept = self._store.keep(crawl_id, page.page) if page.page is not None else None
        self.counts["captures"] += 1
        if kept is not None and crawl_id is not None:
            self._see_gone(portal, crawl_id, page, kept.capture_id)

    def _page(
        self, portal: Portal, each: Unnamed, held: _Held | None, stored: StoredResponse
    ) -> Outcome:
        if stored.status == NOT_MODIFIED:
            capture = _capture(each, stored, "unchanged", held, digest(b""))
            page = Page(portal.name, capture, unchanged_article=held[5] if held else None)
            return Outcome(page, Lead(each.url, each.url, "page", 0), "done")
        capture = _capture(each, stored, "robots", held, held[4] if held else each.digest)
        if urlsplit(each.url).path == "/robots.txt":
            return Outcome(Page(portal.name, capture), Lead(each.url, each.url, "page", 0), "done")
        answer = answer_again(stored, capture.payload_digest)
        return self._reading.outcome(portal, each.url, answer, capture)

    def _see_gone(self, portal: Portal, crawl_id: int, item: Outcome, capture_id: int) -> None:
        """Note that an article was not at its address."""
        assert item.page is not None
        capture = item.page.capture
        row = self._store.connection.execute(
            "SELECT article_id FROM article_urls WHERE url = ?", [capture.url]
        ).fetchone()
        how = self._reading.spider(portal).session.revisits.gone(item, row[0] if row else None)
        if row is not None and how is not None:
            host = urlsplit(capture.url).netloc
            sight = removals.Sight(crawl_id, capture_id, capture.fetched_at, how, host)
            removals.see_gone(self._store.connection, row[0], sight)


def _capture(
    each: Unnamed, stored: StoredResponse | None, outcome: str, held: _Held | None,
    payload: str | None,
) -> Capture:  # fmt: skip
    media_type = stored.headers.get("content-type", "").partition(";")[0] if stored else ""
    return Capture(
        url=each.url, fetched_at=each.at, outcome=outcome,
        status=stored.status if stored is not None else None,
        media_type=media_type.strip().lower() or None, payload_digest=payload,
        warc_file=each.file, warc_offset=each.offset, warc_length=each.length,
        refers_to=held[0] if held is not None else None,
    )  # fmt: skip


def _has(connection: sqlite3.Connection, table: str, column: str, value: object) -> bool:
    sql = f"SELECT 1 FROM {table} WHERE {column} = ?"  # noqa: S608 - constant names
    return connection.execute(sql, [value]).fetchone() is not None
