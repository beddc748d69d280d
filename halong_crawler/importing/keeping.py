"""Listed records, read as a crawl reads an answer and kept as a crawl keeps a page."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy.settings import Settings

from archive import chain, imports
from archive.foreign import Record, record_at
from archive.journal import Journal
from archive.place import ArchiveError
from archive.records import Capture, Page
from archive.removed_there import take_over
from archive.store import Store
from archive.warc import Place, WarcWriter
from halong_crawler import moves
from halong_crawler.clock import utc_now
from halong_crawler.importing.answers import Answer, AnswerError, answer_of, read_answer
from halong_crawler.importing.joining import join_files
from halong_crawler.importing.listing import Fault, Found, Holdings
from halong_crawler.importing.reading import Reading
from halong_crawler.portal import Portal
from halong_crawler.session import GENERATOR, facts_of, stamp_roots

NOT_MODIFIED = 304


class Importer:
    """Keeps what a listing holds. The archive is the store's; use it as a context manager."""

    def __init__(
        self, store: Store, listing: Holdings, portals: Mapping[str, Portal], settings: Settings
    ) -> None:
        self.store = store
        self.listing = listing
        self.counts: list[Counter[str]] = [Counter() for _ in listing.origins]
        """Of each file: what became of its records."""
        self.unresolved: list[list[Fault]] = [[] for _ in listing.origins]
        """Of each file: revisits whose payload is nowhere."""
        self._portals = portals
        self._settings = settings
        self._numbers: list[int] = []
        self._warc = WarcWriter(
            store.archive.warc_dir,
            prefix=chain.IMPORTED,
            software=GENERATOR,
            info={
                "description": "Records of other archives, as they are there",
                "isPartOf": ", ".join(sorted(origin.source for origin in listing.origins)),
            },
        )
        store.before_commit = self._warc.sync
        self._journal = Journal(store, self._warc)
        self._reading = Reading(store, self._warc, settings)

    def run(self, tell: Callable[[int], None]) -> None:
        """Keep everything listed, in order of time; ``tell`` is called with each record's count.

        After a kill the same import again goes on: what is held is not kept twice. Raises
        :class:`archive.place.ArchiveError`.
        """
        with ExitStack() as stack:
            stack.callback(self._warc.close)
            self._begin()
            for found in self.listing.in_time():
                taken = self.listing.take(found)
                if taken is not None:
                    with self.store.whole():
                        self.counts[found.given][self._keep(*taken)] += 1
                    self.store.tick()
                    self._note()
                tell(1)
            self._finish()
            self.store.commit()
            if self._warc.name:
                self._journal.write()
            self.store.close_chain(self._numbers)
            stamp_roots(self.store, self._settings["HALONG_TSA"], self._settings["HALONG_TSA_CA"])

    def _note(self) -> None:
        """Have the journal count a record; it begins no file where nothing was kept."""
        if self._warc.name:
            self._journal.step()

    def _begin(self) -> None:
        with self.store.whole():
            for origin in self.listing.origins:
                self._numbers.append(imports.begin(
                    self.store.connection, origin, at=utc_now(), generator=GENERATOR
                ))  # fmt: skip
        self.store.commit()
        for name in self.listing.portals():
            self.store.put_portal(facts_of(self._portals[name]))

    def _finish(self) -> None:
        with self.store.whole():
            take_over(self.store.connection, self.listing.removals)
            join_files(self.store, self._reading, self._portals.__getitem__)
            for number, row in enumerate(self._numbers):
                damage = self.listing.damage[number] + self.unresolved[number]
                imports.finish(
                    self.store.connection, row, at=utc_now(),
                    records=self.counts[number] + self.listing.skipped[number],
                    damage=[(each.offset, each.told()) for each in damage],
                )  # fmt: skip

    # One record

    def _keep(self, found: Found, record: Record) -> str:
        """Keep a capture; what became of it, in a word."""
        if found.kind == "revisit":
            return self._revisit(found, record)
        if self.listing.is_posted(record):
            return "answers to forms, left out"
        answer = answer_of(record)
        known = self._held(found, answer)
        if known is not None:
            self.listing.settle(found, known)
            return "held"
        place = self._warc.copy(record.data, answer.payload_digest)
        self._copy_beside(found)
        self.listing.settle(found, (place.file, place.offset, place.length))
        return self._read(found, answer, place, truncated="warc-truncated" in record.head)

    def _held(self, found: Found, answer: Answer) -> tuple[str, int, int] | None:
        return imports.held(
            self.store.connection, found.url, found.at, answer.status, answer.payload_digest
        )

    def _copy_beside(self, found: Found) -> None:
        """What says more of a capture goes into the WARC with it."""
        for data in self.listing.about(found):
            self._warc.copy(data, "")

    def _revisit(self, found: Found, record: Record) -> str:
        """The server sent again what it had sent before: a capture with the payload of that one."""
        place = self.listing.payload_of(found) or self._held_payload(found)
        if place is None:
            told = found.of_url or found.digest or "a record that it does not name"
            self.unresolved[found.given].append(
                self.listing.fault(found, f"a revisit of {told}, which is not here yet")
            )
            return "revisits without their payload"
        self.listing.settle(found, place)
        held = self._stored(*place)
        said = _said(record, held)
        if self._held(found, said) is not None:
            return "held"
        refers_to = imports.holder(self.store.connection, place, held.payload_digest)
        own = self._warc.copy(record.data, said.payload_digest)
        self._copy_beside(found)
        if said.status == NOT_MODIFIED:
            return self._unchanged(found, said, own, refers_to)
        return self._read(found, said, own, refers_to=refers_to)

    def _unchanged(self, found: Found, said: Answer, place: Place, refers_to: int | None) -> str:
        """A 304, as a crawl keeps one."""
        row = self.store.connection.execute(
            "SELECT article_id FROM captures WHERE id = ?", [refers_to]
        ).fetchone()
        capture = self._capture(found, said, place, "unchanged", refers_to)
        page = Page(found.portal, capture, unchanged_article=row[0] if row else None)
        self.store.keep(None, page)
        return "captures"

    def _held_payload(self, found: Found) -> tuple[str, int, int] | None:
        row: tuple[str, int, int] | None = self.store.connection.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? AND "
            "fetched_at = ? AND status = 200 AND warc_file IS NOT NULL LIMIT 1",
            [found.of_url, found.of_at],
        ).fetchone()
        return row

    def _stored(self, file: str, offset: int, length: int) -> Answer:
        """An answer the archive holds. Raises :class:`archive.place.ArchiveError`."""
        path = self.store.archive.warc_dir / file
        try:
            with path.open("rb") as stream:
                stream.seek(offset)
                return answer_of(record_at(stream.read(length), 0, 0))
        except (OSError, EOFError, LookupError, zlib.error, AnswerError) as error:
            raise ArchiveError(
                f"{path} at {offset}: cannot be read ({error}); restore it from a copy, then "
                "import again"
            ) from error

    def _capture(
        self, found: Found, answer: Answer, place: Place, outcome: str, refers_to: int | None
    ) -> Capture:
        return Capture(
            url=found.url, fetched_at=found.at, outcome=outcome,
            status=answer.status, media_type=answer.media_type,
            payload_digest=answer.payload_digest, warc_file=place.file, warc_offset=place.offset,
            warc_length=place.length, refers_to=refers_to, import_id=self._numbers[found.given],
        )  # fmt: skip

    def _read(
        self, found: Found, answer: Answer, place: Place, *,
        truncated: bool = False, refers_to: int | None = None,
    ) -> str:  # fmt: skip
        outcome = "truncated" if truncated else "robots"
        capture = self._capture(found, answer, place, outcome, refers_to)
        portal = self._portals[found.portal]
        if urlsplit(found.url).path == "/robots.txt":
            self.store.keep(None, Page(portal.name, capture))
            return "captures"
        read = self._reading.outcome(portal, found.url, answer, capture)
        assert read.page is not None
        page = moves.adopt(self.store.connection, portal, read.page, read.lead)
        kept = self.store.keep(None, page)
        if kept.change in ("new", "changed"):
            self.counts[found.given][f"articles {kept.change}"] += 1
        return "captures"


def _said(record: Record, held: Answer) -> Answer:
    """What a revisit says itself, with the payload it refers to; of a 304 the head is all."""
    try:
        own = read_answer(record.block)
    except AnswerError:  # it may hold no head (WARC 1.1, 6.7.2)
        return held
    if own.status == NOT_MODIFIED:
        return own
    return replace(own, body=held.body, payload_digest=held.payload_digest)
