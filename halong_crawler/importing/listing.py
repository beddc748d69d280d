"""A list of what files hold, made before anything is kept: it tells, and gives the order of time.

It lies in a database of its own that ends with the import; a large one is put by on disk by SQLite.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from archive.foreign import Damage, Record, records
from halong_crawler.clock import stamp
from halong_crawler.importing.answers import AnswerError, is_web, read_answer
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
CAPTURES = ("response", "revisit")
"""Kinds of records that are captures."""
ABOUT = ("request", "metadata", "resource", "conversion")
"""Kinds that say more of a capture: kept beside it, not read."""
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
        self.skipped: list[Counter[str]] = [Counter() for _ in given]
        """Of each file, by reason, the records that are not imported."""
        self.damage: list[list[tuple[str, int, str]]] = [[] for _ in given]
        """Of each file: name, offset, reason."""
        self._portal_of = portal_of
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    def read(self, tell: Callable[[int], None]) -> None:
        """Go through all files; ``tell`` is called with each record's count."""
        for number, each in enumerate(self.given):
            self.damage[number] += [(str(each.path), *fault) for fault in each.faults]
            for index, source in enumerate(each.sources):
                for record in records(source.data):
                    tell(1)
                    fault = self._take(number, index, record)
                    if fault is not None:
                        self.damage[number].append((source.name, record.offset, fault))

    def _take(self, given: int, source: int, record: Record | Damage) -> str | None:
        """List a record; what is wrong with it, if it is not listed for that."""
        if isinstance(record, Damage):
            return record.reason
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
        if record.kind == "response":
            try:
                status = read_answer(record.block).status
            except AnswerError as error:
                return str(error)
        head = record.head
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
                given, source, record.offset, record.inside, record.kind, portal, record.url,
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
            "SELECT portal, status, count(*), min(at), max(at) FROM found "
            "WHERE kind IN ('response', 'revisit') GROUP BY portal, status ORDER BY portal, status"
        )
        return [Row(*row) for row in rows]

    def count(self) -> int:
        """How many captures are to be imported."""
        return sum(row.captures for row in self.summary())

    def in_time(self) -> Iterator[Found]:
        """Every capture, the oldest first; at one time payloads before what refers to them."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM found WHERE kind IN ('response', 'revisit') "  # noqa: S608
            # The plus has SQLite sort by itself: the index changes while the rows are gone through.
            "ORDER BY +at, kind = 'revisit', id"
        )
        return (Found(*row) for row in rows)

    def beside(self, capture: Found) -> list[Found]:
        """Records that say more of a capture: its request, metadata."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM found WHERE given = :given AND portal = :portal "  # noqa: S608
            "AND kind NOT IN ('response', 'revisit') AND (of_name = :name OR name = :of_name "
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
