"""What reading captures again has found, in a file of its own beside the database.

The archive's database is not touched until somebody asks for it: a crawl may go on meanwhile. The
file is how a killed run goes on where it was, and how a run over a million pages takes the memory
of a few hundred.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from archive.connection import connect, explained
from archive.place import Archive

Kind = Literal["gained", "lost", "changed"]
EXAMPLES = 5
"""Examples that are kept of each kind of difference in each field, each of another page."""

_TABLES = """
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY CHECK (id = 1), identity TEXT NOT NULL, last INTEGER NOT NULL,
  selection TEXT NOT NULL DEFAULT '', corrected INTEGER NOT NULL DEFAULT 0,
  adopted INTEGER NOT NULL DEFAULT 0, result TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS counts (
  name TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (name, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS examples (
  field TEXT NOT NULL, kind TEXT NOT NULL, capture_id INTEGER NOT NULL, key TEXT,
  url TEXT NOT NULL, before TEXT, after TEXT, PRIMARY KEY (field, kind, capture_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readings (
  capture_id INTEGER PRIMARY KEY, article_id INTEGER, fields TEXT NOT NULL, reading BLOB,
  parser_version TEXT NOT NULL, evidence TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS readings_article ON readings(article_id, capture_id);
"""


class Example(NamedTuple):
    """One difference, to be shown."""

    field: str
    kind: Kind
    capture_id: int
    key: str | None
    """The article's; None where there was none."""
    url: str
    before: str | None
    after: str | None


class Reading(NamedTuple):
    """What one capture reads as now, where that is not what the archive says."""

    capture_id: int
    article_id: int | None
    """None: it was taken for no article."""
    fields: tuple[str, ...]
    """Those that differ; none where only the reader's version does."""
    reading: bytes | None
    """See :mod:`archive.readings`; None where only the reader's version differs."""
    parser_version: str
    evidence: str
    """JSON, as ``articles.evidence``."""


@dataclass(slots=True)
class Part:
    """What came out of a row of captures."""

    last: int
    """The last capture of the row."""
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(field, kind of difference) or (what came of it, "") → captures."""
    examples: list[Example] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)


class Findings:
    """The file. One process at a time writes it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def last(self) -> int:
        """The last capture that was read; 0 before the first."""
        return self._number("last")

    def add(self, part: Part) -> None:
        """Keep what came out of the next row of captures: all of it or nothing."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO counts VALUES (?, ?, ?) "
            "ON CONFLICT (name, kind) DO UPDATE SET count = count + excluded.count",
            [(*key, count) for key, count in part.counts.items()],
        )
        connection.executemany(
            "INSERT INTO examples SELECT :field, :kind, :capture_id, :key, :url, :before, :after "
            "WHERE (SELECT count(*) FROM examples WHERE field = :field AND kind = :kind) < :most "
            "AND NOT EXISTS (SELECT 1 FROM examples "
            "WHERE field = :field AND kind = :kind AND url = :url)",
            [each._asdict() | {"most": EXAMPLES} for each in part.examples],
        )
        connection.executemany(
            "INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)",
            [(*each[:2], json.dumps(each.fields), *each[3:]) for each in part.readings],
        )
        connection.execute("UPDATE run SET last = ?", [part.last])
        connection.execute("COMMIT")

    def counts(self) -> Counter[tuple[str, str]]:
        """(field, kind of difference) or (what came of it, "") → captures."""
        return Counter(
            {(name, kind): count for name, kind, count in self._rows("SELECT * FROM counts")}
        )

    def examples(self) -> list[Example]:
        """A few of each kind of difference in each field, the first that were met."""
        return [
            Example(*row)
            for row in self._rows("SELECT * FROM examples ORDER BY field, kind, capture_id")
        ]

    # Writing it into the archive

    def select(self, fields: Collection[str]) -> None:
        """Say which differences are to be written; another choice than before begins anew."""
        selection = json.dumps(sorted(fields))
        with self._connection:
            self._connection.execute(
                "UPDATE run SET selection = ?, corrected = 0, adopted = 0, result = '{}' "
                "WHERE selection <> ?",
                [selection, selection],
            )

    def to_correct(self, count: int) -> list[int]:
        """The next articles some captures of which read otherwise, in order."""
        return self._next(
            "SELECT DISTINCT article_id FROM readings WHERE article_id > ? "
            "ORDER BY article_id LIMIT ?", self._number("corrected"), count,
        )  # fmt: skip

    def to_adopt(self, count: int) -> list[int]:
        """The next captures that are articles and were taken for none, in order."""
        return self._next(
            "SELECT capture_id FROM readings WHERE article_id IS NULL AND capture_id > ? "
            "ORDER BY capture_id LIMIT ?", self._number("adopted"), count,
        )  # fmt: skip

    def of_article(self, article_id: int) -> list[Reading]:
        """What the captures of an article read as now."""
        return self._readings("article_id = ?", article_id)

    def of_capture(self, capture_id: int) -> Reading:
        """What a capture reads as now."""
        return self._readings("capture_id = ?", capture_id)[0]

    def note(
        self, result: Counter[str], *, corrected: int | None = None, adopted: int | None = None
    ) -> None:
        """Articles (captures) up to this one are written; only after the archive's own commit."""
        with self._connection:
            self._connection.execute(
                "UPDATE run SET result = ?, corrected = coalesce(?, corrected), "
                "adopted = coalesce(?, adopted)",
                [json.dumps(result), corrected, adopted],
            )

    @property
    def result(self) -> Counter[str]:
        """What writing has come to so far."""
        ((text,),) = self._rows("SELECT result FROM run")
        return Counter(json.loads(text))

    def _number(self, column: Literal["last", "corrected", "adopted"]) -> int:
        ((number,),) = self._rows(f"SELECT {column} FROM run")  # noqa: S608
        return int(number)

    def _next(self, sql: str, after: int, count: int) -> list[int]:
        return [number for (number,) in self._rows(sql, after, count)]

    def _readings(self, condition: str, number: int) -> list[Reading]:
        rows = self._rows(f"SELECT * FROM readings WHERE {condition} ORDER BY capture_id", number)  # noqa: S608
        found = [Reading(*row) for row in rows]
        return [each._replace(fields=tuple(json.loads(str(each.fields)))) for each in found]

    def _rows(self, sql: str, *values: object) -> Sequence[tuple]:  # type: ignore[type-arg]
        return self._connection.execute(sql, values).fetchall()


@contextmanager
def findings(archive: Archive, identity: str) -> Iterator[Findings]:
    """Open the file; one that is about something else (another ``identity``) is begun anew.

    Raises :class:`archive.place.ArchiveError` where it cannot be written.
    """
    path = _path(archive)
    with explained(path):
        if not _is_about(path, identity):
            remove(archive)
        with closing(connect(path)) as connection:
            connection.executescript(_TABLES)
            connection.execute(
                "INSERT INTO run (id, identity, last) VALUES (1, ?, 0) ON CONFLICT DO NOTHING",
                [identity],
            )
            yield Findings(connection)


def remove(archive: Archive) -> None:
    """Take the file away: what it holds is in the archive now, or is no longer true."""
    path = _path(archive)
    for tail in ("", "-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def _path(archive: Archive) -> Path:
    return archive.path / ".reparse.db"


def _is_about(path: Path, identity: str) -> bool:
    if not path.is_file():
        return False
    with suppress(sqlite3.DatabaseError), closing(connect(path)) as connection:
        row: tuple[str] | None = connection.execute("SELECT identity FROM run").fetchone()
        return row == (identity,)
    return False  # cut short when it was made, or damaged: what it held can be read again
