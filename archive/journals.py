"""What the WARC files of an archive say, taken together: the journal's rows, and every answer.

It lies in a database of its own that ends with the reading; a large one is put by on disk by
SQLite. See :mod:`archive.journal` for what writes it.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from archive import journal
from archive.chain import warc_files
from archive.journal import Row
from archive.members import BrokenError, Header, Member, fields, header, mapped, walk
from archive.records import Capture

ANSWERS = ("response", "revisit", "resource")
"""Kinds of records that are captures."""

_SCHEMA = """
CREATE TABLE rows (
  kind TEXT, key, number INTEGER, body TEXT, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE answers (
  file TEXT, offset INTEGER, length INTEGER, url TEXT, at TEXT, digest TEXT, of_url TEXT,
  of_at TEXT, name TEXT, PRIMARY KEY (file, offset)
) WITHOUT ROWID;
CREATE TABLE files (file TEXT PRIMARY KEY, written TEXT, generator TEXT, portal TEXT, crawl INTEGER)
  WITHOUT ROWID;
CREATE TABLE posted (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE named (file TEXT, offset INTEGER, PRIMARY KEY (file, offset)) WITHOUT ROWID;
"""
_KEYS = {
    "portal": ("name",),
    "descriptor": ("portal",),
    "address": ("url",),
    "total": ("portal", "listing", "crawl_id"),
    "skipped": ("portal", "url", "reason"),
}
"""What a row is known by, where that is no ``id``."""
_CRAWL = re.compile(r"Crawl (\d+) of ")


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes of a WARC file that are no whole record."""

    file: str
    offset: int
    reason: str

    def __str__(self) -> str:
        """One line that says it."""
        return f"warc/{self.file} at {self.offset}: {self.reason}"


class Unnamed(NamedTuple):
    """An answer that no journal names: what came after the last record of it."""

    file: str
    offset: int
    length: int
    url: str
    at: str
    digest: str | None
    """Of its payload; of a revisit as the record has it."""
    of_url: str | None
    """What a revisit refers to: address and time."""
    of_at: str | None
    portal: str | None
    """The portal of the crawl that wrote the file; None for files of imports."""
    crawl: int | None
    generator: str
    written: str
    """When the file was begun."""


class Journals:
    """The rows of all journals, and the answers beside them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        """What cannot be read."""
        self.number = 0
        """Of the last record of a journal; 0: there is none."""
        self._last: tuple[str, str, int] = ("", "", -1)
        """When that was written, its file and place."""
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    def read(self, warc_dir: Path, tell: Callable[[int], None]) -> None:
        """Go through all WARC files; ``tell`` is called with each record's count."""
        for name in warc_files(warc_dir):
            with mapped(warc_dir / name) as data:
                for found in walk(data):
                    tell(1)
                    if isinstance(found, Member):
                        self._take(name, found)
                    elif found.offset + found.length < len(data):  # else a kill cut it short
                        self.faults.append(Fault(name, found.offset, found.why))
        self._name_answers()

    def _take(self, name: str, member: Member) -> None:
        try:
            said = header(member.record)
        except BrokenError as error:
            self.faults.append(Fault(name, member.offset, str(error)))
            return
        head = fields(member.record)
        if said.kind == "warcinfo":
            self._begin_file(name, head, member.record)
        elif said.kind == "metadata" and said.url == journal.URI:
            self._take_rows(name, member, head)
        elif said.kind == "request" and b"\r\n\r\nPOST " in member.record:
            self._database.execute(
                "INSERT INTO posted VALUES (?) ON CONFLICT DO NOTHING",
                [head.get("warc-concurrent-to", "")],
            )
        elif said.kind in ANSWERS and not _is_beside(said.kind, head):
            self._take_answer(name, member, head, said)

    def _begin_file(self, name: str, head: dict[str, str], record: bytes) -> None:
        about = fields(b"\r\n" + record.partition(b"\r\n\r\n")[2])
        crawl = _CRAWL.match(about.get("description", ""))
        self._database.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                name, head.get("warc-date", ""), about.get("software", "").partition(" ")[0],
                about.get("ispartof") if crawl is not None else None,
                int(crawl[1]) if crawl is not None else None,
            ],
        )  # fmt: skip

    def _take_rows(self, name: str, member: Member, head: dict[str, str]) -> None:
        number, lines = journal.rows_of(member.record.partition(b"\r\n\r\n")[2])
        for kind, row in lines:
            self._database.execute(
                "INSERT INTO rows VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET "
                "number = excluded.number, body = excluded.body "
                "WHERE excluded.number >= rows.number",
                [kind, _key(kind, row), number, json.dumps(row, ensure_ascii=False)],
            )
        if number >= self.number:
            self.number = number
            self._last = (head.get("warc-date", ""), name, member.offset)

    def _take_answer(self, name: str, member: Member, head: dict[str, str], said: Header) -> None:
        self._database.execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                name, member.offset, member.length, said.url or "", head.get("warc-date", ""),
                said.payload_digest, head.get("warc-refers-to-target-uri"),
                head.get("warc-refers-to-date"), head.get("warc-record-id"),
            ],
        )  # fmt: skip

    def _name_answers(self) -> None:
        self._database.execute(
            "INSERT INTO named SELECT body ->> 'warc_file', body ->> 'warc_offset' FROM rows "
            "WHERE kind = 'capture' AND body ->> 'warc_file' IS NOT NULL ON CONFLICT DO NOTHING"
        )

    # What they say

    def rows(self, kind: str) -> Iterator[Row]:
        """The rows of a kind by their keys; of each the last that was written."""
        cursor = self._database.execute(
            "SELECT body FROM rows WHERE kind = ? ORDER BY key", [kind]
        )  # fmt: skip
        return (json.loads(body) for (body,) in cursor)

    def crawls_of_removals(self) -> list[tuple[int, int | None]]:
        """Number of each removal, and the crawl that saw it last."""
        return self._database.execute(
            "SELECT r.key, c.body ->> 'crawl_id' FROM rows r JOIN rows c ON c.kind = 'capture' "
            "AND c.key = r.body ->> 'last_capture_id' WHERE r.kind = 'removal'"
        ).fetchall()

    def count(self, kind: str) -> int:
        """How many rows of a kind there are."""
        return self._number("SELECT count(*) FROM rows WHERE kind = ?", kind)

    def last(self, kind: str) -> int:
        """The highest number among the rows of a kind; 0: there are none."""
        return self._number("SELECT coalesce(max(key), 0) FROM rows WHERE kind = ?", kind)

    def unnamed(self) -> list[Unnamed]:
        """Answers written after the last record of a journal, in the order of their files.

        Earlier ones that no journal names were never the archive's: a kill came before they were
        committed, and their pages were asked for again. Answers to forms are left out: nothing says
        which page of a listing they are.
        """
        written, file, offset = self._last
        rows = self._database.execute(
            "SELECT a.file, a.offset, a.length, a.url, a.at, a.digest, a.of_url, a.of_at, "
            "f.portal, f.crawl, coalesce(f.generator, ''), coalesce(f.written, '') "
            f"FROM {_UNNAMED} AND a.name NOT IN (SELECT name FROM posted) "
            "AND (a.file = :file AND a.offset > :offset "
            "OR a.file <> :file AND coalesce(f.written, a.at) >= :written) "
            "ORDER BY f.crawl IS NULL, f.crawl, coalesce(f.written, a.at), a.file, a.offset",
            {"written": written, "file": file, "offset": offset},
        )
        return [Unnamed(*row) for row in rows]

    def never_kept(self) -> int:
        """How many answers no journal names, though a later one was written."""
        every = self._number(f"SELECT count(*) FROM {_UNNAMED}")
        return every - len(self.unnamed())

    def _number(self, sql: str, *values: str) -> int:
        return int(self._database.execute(sql, values).fetchone()[0])


_UNNAMED = (
    "answers a LEFT JOIN files f ON f.file = a.file LEFT JOIN named n "
    "ON n.file = a.file AND n.offset = a.offset WHERE n.file IS NULL"
)


def capture_of(row: Row) -> Capture:
    """The capture a journal's row is of."""
    known: dict[str, Any] = {name: row[name] for name in Capture.__slots__ if name in row}
    return Capture(**known)


def _is_beside(kind: str, head: dict[str, str]) -> bool:
    """Whether a record only says more of another, as imports keep them."""
    return kind == "resource" and "warc-concurrent-to" in head


def _key(kind: str, row: Row) -> Any:
    names = _KEYS.get(kind, ("id",))
    values = [row[name] for name in names]
    return values[0] if len(values) == 1 else json.dumps(values, ensure_ascii=False)
