"""A list of what files hold, made before anything is kept: it tells, and gives the order of time.

It lies in a database of its own that ends with the import; a large one is put by on disk by SQLite.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from archive import journal
from archive.foreign import Damage, Record, record_at, records
from archive.imports import Origin
from halong_crawler.clock import stamp
from halong_crawler.importing.answers import AnswerError, answer_of, is_web
from halong_crawler.importing.sources import Given
from halong_crawler.portal import Portal

_SCHEMA = """
CREATE TABLE found (
  id INTEGER PRIMARY KEY, given INTEGER, source INTEGER, start INTEGER, inside INTEGER,
  kind TEXT, portal TEXT, url TEXT, at TEXT, status INTEGER, name TEXT, digest TEXT, of_name TEXT,
  of_url TEXT, of_at TEXT, file TEXT, place INTEGER, size INTEGER
);
CREATE INDEX found_at ON found(at, id);
CREATE INDEX found_name ON found(name);
CREATE INDEX found_digest ON found(digest);
CREATE INDEX found_of ON found(of_name);
CREATE INDEX found_url ON found(url, at);
CREATE TABLE posted (name TEXT PRIMARY KEY);
"""
CAPTURES = ("response", "resource", "revisit")
"""Kinds of records that are captures; a resource that names one beside it only says more of it."""
ABOUT = ("request", "metadata", "conversion")
"""Kinds that say more of a capture: kept beside it, not read."""
_IS_CAPTURE = f"kind IN {CAPTURES}"
_COLUMNS = (
    "id, given, source, start, inside, kind, portal, url, at, name, of_name, of_url, of_at, digest"
)


class Found(NamedTuple):
    """A record that is to be imported."""

    id: int
    given: int
    source: int
    start: int
    inside: int
    kind: str
    portal: str
    url: str
    at: str
    name: str | None
    """WARC-Record-ID."""
    of_name: str | None
    """Of a revisit the name of the record that holds its payload, of others of one beside it."""
    of_url: str | None
    of_at: str | None
    digest: str | None


class Fault(NamedTuple):
    """What of a file, or of what an archive lists, could not be had."""

    source: str
    """Name of the file; of a listed capture its address and time."""
    offset: int | None
    """Where in the file; None where there is none."""
    reason: str

    def told(self) -> str:
        """The reason as ``imports.damage`` has it, beside the offset."""
        return self.reason if self.offset is not None else f"{self.source}: {self.reason}"

    def line(self) -> str:
        """All of it."""
        place = f" at {self.offset}" if self.offset is not None else ""
        return f"{self.source}{place}: {self.reason}"


class Holdings(Protocol):
    """What captures are imported from: files, or what a public web archive lists."""

    @property
    def origins(self) -> Sequence[Origin]:
        """Where its captures come from; ``Found.given`` counts them."""

    skipped: list[Counter[str]]
    """Of each origin, by reason, what is not imported."""
    damage: list[list[Fault]]
    """Of each origin, what could not be read."""
    removals: list[journal.Row]
    """What crawls of another Halong established, by the journals that came with their answers."""

    def portals(self) -> Sequence[str]:
        """Names of the portals it has captures of."""

    def in_time(self) -> Iterator[Found]:
        """Every capture, the oldest first."""

    def take(self, found: Found) -> tuple[Found, Record] | None:
        """A capture's record, and what is known by it; None where it is in ``damage``."""

    def about(self, found: Found) -> Iterator[bytes]:
        """Records that say more of a capture, whole."""

    def is_posted(self, record: Record) -> bool:
        """Whether a response answers a form: it is no state of the page at its address."""

    def settle(self, found: Found, place: tuple[str, int, int]) -> None:
        """Note where in the archive the payload of a capture lies."""

    def payload_of(self, revisit: Found) -> tuple[str, int, int] | None:
        """Where the payload of a revisit lies, if it came with these."""

    def fault(self, found: Found, reason: str) -> Fault:
        """What is wrong with a capture."""


class Row(NamedTuple):
    """Captures of one portal by status: how many, from when to when."""

    portal: str
    status: int | None
    captures: int
    first: str
    last: str


class Listing:
    """What the files hold for the portals that are known."""

    def __init__(self, given: Sequence[Given], portal_of: Callable[[str], Portal | None]) -> None:
        self.given = given
        self.skipped: list[Counter[str]] = [Counter(each.left_out) for each in given]
        """Of each file, by reason, the records that are not imported."""
        self.damage: list[list[Fault]] = [[] for _ in given]
        """Of each file, what cannot be read."""
        self.origins = [each.origin for each in given]
        self.removals: list[journal.Row] = []
        self._portal_of = portal_of
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    def read(self, tell: Callable[[int], None]) -> None:
        """Go through all files; ``tell`` is called with each record's count."""
        for number, each in enumerate(self.given):
            self.damage[number] += [Fault(str(each.path), *fault) for fault in each.faults]
            for index, source in enumerate(each.sources):
                for record in records(source.data):
                    tell(1)
                    fault = self._take(number, index, record)
                    if fault is not None:
                        self.damage[number].append(Fault(source.name, record.offset, fault))

    def _take(self, given: int, source: int, record: Record | Damage) -> str | None:
        """List a record; what is wrong with it, if it is not listed for that."""
        if isinstance(record, Damage):
            return record.reason
        if record.kind == "metadata" and record.url == journal.URI and record.fault() is None:
            _, lines = journal.rows_of(record.block)
            self.removals += [row for kind, row in lines if kind == "removal"]
            return None
        left_out = self._left_out(record)
        if left_out is not None:
            self.skipped[given][left_out] += 1
            return None
        portal = self._portal_of(record.url)
        if portal is None:
            self.skipped[given]["of no known portal"] += record.kind in CAPTURES
            return record.fault()
        return record.fault() or self._put(given, source, record, portal.name)

    def _left_out(self, record: Record) -> str | None:
        """Why a record is none of a page; None for one that may be."""
        if record.kind and record.kind not in CAPTURES + ABOUT:
            return f"{record.kind} record"
        if record.kind and not is_web(record.url):
            return "not of the web"
        return None

    def _put(self, given: int, source: int, record: Record, portal: str) -> str | None:
        if record.at is None:
            return f"{record.head.get('warc-date', '')!r} is no time"
        status = None
        if record.kind in ("response", "resource"):
            try:
                status = answer_of(record).status
            except AnswerError as error:
                return str(error)
        head = record.head
        is_beside = record.kind == "resource" and "warc-concurrent-to" in head
        kind = "beside" if is_beside else record.kind
        if record.kind == "request" and record.block[:5].upper() == b"POST ":
            self._database.execute(
                "INSERT INTO posted VALUES (?) ON CONFLICT DO NOTHING",
                [head.get("warc-concurrent-to")],
            )
        of_at = head.get("warc-refers-to-date")
        self._database.execute(
            "INSERT INTO found (given, source, start, inside, kind, portal, url, at, status, name, "
            "digest, of_name, of_url, of_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                given, source, record.offset, record.inside, kind, portal, record.url,
                stamp(record.at), status, head.get("warc-record-id"),
                head.get("warc-payload-digest"),
                head.get("warc-refers-to" if record.kind == "revisit" else "warc-concurrent-to"),
                head.get("warc-refers-to-target-uri"), of_at[:19] + "Z" if of_at else None,
            ],
        )  # fmt: skip
        return None

    def summary(self) -> list[Row]:
        """The captures by portal and status; of a revisit the status is that of what it names."""
        rows = self._database.execute(
            "SELECT portal, status, count(*), min(at), max(at) FROM found "  # noqa: S608
            f"WHERE {_IS_CAPTURE} GROUP BY portal, status ORDER BY portal, status"
        )
        return [Row(*row) for row in rows]

    def portals(self) -> list[str]:
        """The portals it has captures of."""
        return sorted({row.portal for row in self.summary()})

    def count(self) -> int:
        """How many captures are to be imported."""
        return sum(row.captures for row in self.summary())

    def in_time(self) -> Iterator[Found]:
        """Every capture, the oldest first; at one time payloads before what refers to them."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM found WHERE {_IS_CAPTURE} "  # noqa: S608
            # The plus has SQLite sort by itself: the index changes while the rows are gone through.
            "ORDER BY +at, kind = 'revisit', id"
        )
        return (Found(*row) for row in rows)

    def take(self, found: Found) -> tuple[Found, Record]:
        """A capture's record, once more from its file."""
        return found, self._record(found)

    def fault(self, found: Found, reason: str) -> Fault:
        """What is wrong with a capture."""
        return Fault(self.given[found.given].sources[found.source].name, found.start, reason)

    def about(self, found: Found) -> Iterator[bytes]:
        """Records that say more of a capture: its request, metadata."""
        return (self._record(each).data for each in self._beside(found))

    def _record(self, found: Found) -> Record:
        source = self.given[found.given].sources[found.source]
        return record_at(source.data, found.start, found.inside)

    def _beside(self, capture: Found) -> list[Found]:
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM found WHERE given = :given AND portal = :portal "  # noqa: S608
            f"AND NOT {_IS_CAPTURE} AND (of_name = :name OR name = :of_name "
            "OR (of_name IS NULL AND url = :url AND at = :at)) ORDER BY id",
            capture._asdict(),
        )
        return [Found(*row) for row in rows]

    def is_posted(self, record: Record) -> bool:
        """Whether a response answers a form: it is no state of the page at its address."""
        row = self._database.execute(
            "SELECT 1 FROM posted WHERE name = ?", [record.head.get("warc-record-id")]
        ).fetchone()
        return row is not None

    def settle(self, found: Found, place: tuple[str, int, int]) -> None:
        """Note where in the archive a response lies, for the revisits that refer to it."""
        self._database.execute(
            "UPDATE found SET file = ?, place = ?, size = ? WHERE id = ?", [*place, found.id]
        )

    def payload_of(self, revisit: Found) -> tuple[str, int, int] | None:
        """Where the payload of a revisit lies, if it came with these files.

        By the record it names, else by address and time, else by the payload's digest (WARC 1.1,
        6.7.2).
        """
        where = (
            ("name = ?", [revisit.of_name]),
            ("url = ? AND at = ?", [revisit.of_url, revisit.of_at]),
            ("digest = ? AND url = ?", [revisit.digest, revisit.of_url or revisit.url]),
            ("digest = ?", [revisit.digest]),
        )
        for condition, values in where:
            row: tuple[str, int, int] | None = self._database.execute(
                f"SELECT file, place, size FROM found WHERE {condition} AND file IS NOT NULL "  # noqa: S608
                "LIMIT 1",
                values,
            ).fetchone()
            if row is not None:
                return row
        return None
