"""Captures that public web archives hold of a host: listed by their indexes, then had one by one.

The list lies in the archive (``_elsewhere``): what was asked is not asked again after a kill. It is
to :class:`halong_crawler.importing.keeping.Importer` what the listing of files is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from archive import elsewhere, journal
from archive.elsewhere import Asked, Entry, Waiting
from archive.foreign import Record
from archive.imports import Origin
from archive.store import Store
from halong_crawler import settings
from halong_crawler.clock import utc_now
from halong_crawler.importing.answers import AnswerError, answer_of
from halong_crawler.importing.asking import Asker, AskError
from halong_crawler.importing.indexes import Index, common_crawl, wayback
from halong_crawler.importing.listing import Fault, Found
from halong_crawler.importing.replayed import (
    Bring,
    Brought,
    NotThereError,
    from_common_crawl,
    from_wayback,
)
from halong_crawler.portal import Portal


class WebArchive(NamedTuple):
    """A public web archive: its index, and how to have what is listed there."""

    lists: Index
    bring: Bring


def web_archive(kind: str) -> WebArchive:
    """The Wayback Machine (``wayback``) or Common Crawl, where the settings say they are."""
    if kind == "wayback":
        return WebArchive(
            wayback(settings.HALONG_WAYBACK_CDX), from_wayback(settings.HALONG_WAYBACK_REPLAY)
        )
    return WebArchive(
        common_crawl(settings.HALONG_COMMON_CRAWL_INDEX),
        from_common_crawl(settings.HALONG_COMMON_CRAWL_DATA),
    )


class Row(NamedTuple):
    """Captures of one portal by status and type: how many, from when to when, how many held."""

    portal: str
    status: int | None
    media_type: str | None
    captures: int
    held: int
    first: str
    last: str


class Elsewhere:
    """What public web archives list for hosts, of the portals that are known."""

    def __init__(
        self, store: Store, wanted: Sequence[Asked], portal_of: Callable[[str], Portal | None],
        asker: Asker,
    ) -> None:  # fmt: skip
        self._store = store
        self._wanted = wanted
        self._portal_of = portal_of
        self._asker = asker
        self._archives: Mapping[str, WebArchive] = {
            asked.kind: web_archive(asked.kind) for asked in wanted
        }
        self.origins = [
            Origin(asked.host, asked.kind, self._archives[asked.kind].lists.asked)
            for asked in wanted
        ]
        self.skipped: list[Counter[str]] = [Counter() for _ in wanted]
        """By reason, what of each list is not brought."""
        self.damage: list[list[Fault]] = [[] for _ in wanted]
        """What could not be had of each."""
        self.removals: list[journal.Row] = []
        """None: an index knows of no removals."""
        self._brought: Brought | None = None
        self._settled = False
        self._fate = "failed"

    # Lists

    def read(self, tell: Callable[[int], None]) -> None:
        """Ask the indexes, unless a list is there that was not brought to its end.

        ``tell`` is called with how many captures came. Raises what :meth:`Asker.ask` raises.
        """
        for asked in self._wanted:
            for part in self._to_ask(asked):
                self._read_part(asked, part, tell)
            with self._store.whole():
                elsewhere.again(self._store.connection, asked, "unanswered")
        self._store.commit()

    def _to_ask(self, asked: Asked) -> list[str]:
        known = elsewhere.parts(self._store.connection, asked)
        index = self._archives[asked.kind].lists
        whole = bool(known) and all(known.values())
        if whole and any(True for _ in self._of_portals([asked])):
            return []
        parts = index.parts(self._asker, asked)
        if asked.kind == "common_crawl":
            # The index of a crawl that is over never changes.
            begun = [part for part in parts if not known.get(part)]
        else:
            begun = [part for part in parts if whole or not known.get(part)]
        with self._store.whole():
            elsewhere.again(self._store.connection, asked, "failed")
            for part in begun:
                if known.get(part) is not False:
                    elsewhere.begin_part(self._store.connection, asked, part)
        self._store.commit()
        return begun

    def _read_part(self, asked: Asked, part: str, tell: Callable[[int], None]) -> None:
        index = self._archives[asked.kind].lists
        resume = elsewhere.resume_of(self._store.connection, asked, part)
        while True:
            page = index.page(self._asker, asked, part, resume)
            resume = page.resume
            ended_at = utc_now() if resume is None else None
            with self._store.whole():
                elsewhere.add(
                    self._store.connection, asked, part, page.entries,
                    resume=resume, ended_at=ended_at,
                )  # fmt: skip
            self._store.commit()
            tell(len(page.entries))
            if resume is None:
                return

    def _of_portals(self, wanted: Sequence[Asked]) -> Iterator[tuple[Waiting, Portal]]:
        for waiting in elsewhere.waiting(self._store.connection, wanted):
            portal = self._portal_of(waiting.entry.url)
            if portal is not None:
                yield waiting, portal

    # What is told

    def rows(self) -> list[Row]:
        """What is to be brought, by portal, status and type."""
        found: dict[tuple[str, int | None, str | None], list[tuple[str, bool]]] = {}
        for waiting, portal in self._of_portals(self._wanted):
            entry = waiting.entry
            group = found.setdefault((portal.name, entry.status, entry.media_type), [])
            group.append((entry.at, elsewhere.is_held(self._store.connection, entry)))
        return [
            Row(*key, len(each), sum(held for _, held in each), each[0][0], each[-1][0])
            for key, each in sorted(found.items(), key=lambda item: tuple(map(str, item[0])))
        ]

    def portals(self) -> list[str]:
        """The portals it has captures of."""
        return sorted({row.portal for row in self.rows()})

    def count(self) -> int:
        """How many captures are to be brought."""
        return sum(row.captures for row in self.rows())

    # What is brought

    def in_time(self) -> Iterator[Found]:
        """Every capture that is still to be brought, the oldest first."""
        connection = self._store.connection
        for waiting in elsewhere.waiting(connection, self._wanted):
            portal = self._portal_of(waiting.entry.url)
            number = self._number(waiting)
            if portal is None:
                self.skipped[number]["of no known portal"] += 1
                continue
            if elsewhere.is_held(connection, waiting.entry):
                self.skipped[number]["held already"] += 1
                with self._store.whole():
                    elsewhere.settle(connection, waiting.id, "brought")
                continue
            self._settled, self._fate = False, "failed"
            yield self._found(waiting, number, portal)
            if not self._settled:
                with self._store.whole():
                    elsewhere.settle(connection, waiting.id, self._fate, self._why(number))

    def take(self, found: Found) -> tuple[Found, Record] | None:
        """A capture's record, from its archive; None where it cannot be had, which is told.

        All that was kept before is committed first: the server may be waited for. Raises
        :class:`halong_crawler.importing.asking.SilentError`.
        """
        self._store.commit()
        entry = self._entry(found)
        try:
            self._brought = self._archives[self._wanted[found.given].kind].bring(self._asker, entry)
            if self._brought.record.kind == "response":
                answer_of(self._brought.record)
        except (AskError, NotThereError, AnswerError) as error:
            self._fate = "unanswered" if isinstance(error, AskError) else "failed"
            self.damage[found.given].append(self.fault(found, str(error)))
            return None
        record = self._brought.record
        of_at = record.head.get("warc-refers-to-date")
        told = found._replace(
            kind=record.kind, name=record.head.get("warc-record-id"),
            of_name=record.head.get("warc-refers-to"),
            of_url=record.head.get("warc-refers-to-target-uri"),
            of_at=of_at[:19] + "Z" if of_at else None,
            digest=record.head.get("warc-payload-digest"),
        )  # fmt: skip
        return told, record

    def about(self, found: Found) -> Iterator[bytes]:  # noqa: ARG002  # that which was taken last
        """What goes into the WARC beside the record that was taken last."""
        if self._brought is not None:
            yield self._brought.beside.data

    def is_posted(self, record: Record) -> bool:  # noqa: ARG002  # left out when it was listed
        """Whether a response answers a form."""
        return False

    def settle(self, found: Found, place: tuple[str, int, int]) -> None:  # noqa: ARG002
        """Note, with the page that is kept, that a capture was brought."""
        elsewhere.settle(self._store.connection, found.id, "brought")
        self._settled = True

    def payload_of(self, revisit: Found) -> tuple[str, int, int] | None:  # noqa: ARG002
        """None: what a revisit refers to is held by the archive, or not had."""
        return None

    def fault(self, found: Found, reason: str) -> Fault:
        """What is wrong with a capture."""
        return Fault(f"{found.url} of {found.at}", None, reason)

    def _number(self, waiting: Waiting) -> int:
        return next(
            number for number, asked in enumerate(self._wanted)
            if (asked.kind, asked.host) == (waiting.kind, waiting.host)
            and asked.covers(waiting.entry.at)
        )  # fmt: skip

    def _found(self, waiting: Waiting, number: int, portal: Portal) -> Found:
        entry = waiting.entry
        return Found(
            waiting.id, number, 0, 0, 0, "response", portal.name, entry.url, entry.at,
            None, None, None, None, entry.digest,
        )  # fmt: skip

    def _entry(self, found: Found) -> Entry:
        return elsewhere.entry_of(self._store.connection, found.id)

    def _why(self, number: int) -> str | None:
        return self.damage[number][-1].reason if self.damage[number] else None
