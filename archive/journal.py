"""The journal: what the archive knows beside what servers answered, in the WARC files themselves.

The articles of an archive can be read again out of its WARC files; what else its rows say cannot:
which crawl asked and why it ended, what an answer was taken for, that no answer came. So rows are
written down in ``metadata`` records (WARC 1.1, 6.6) of JSON lines, beside the answers they are of:
when a crawl begins, every thousand pages, and at its end. :mod:`archive.journals` reads them.

Only what is committed is written down, and how far that has come is committed afterwards. So a kill
costs nothing: what is missing is written by whoever writes next, and what is written twice says the
same. The first line of a record names its number; of two rows with one key the later one holds.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from archive.made import make_record
from archive.store import Store
from archive.warc import WarcWriter

CONTENT_TYPE = "application/x-ndjson"
URI = "metadata://halong/journal"
VERSION = 1
EVERY = 1000
"""Pages between two records of one crawl."""
_MOST = 10_000
"""Captures in one record."""

Row = dict[str, Any]
Line = tuple[str, Row]
"""What a row is of, and the row; columns that are NULL are left out."""

_ENDED = "IN (SELECT id FROM crawls WHERE id > :crawls AND status <> 'running')"

_ROWS: tuple[tuple[str, str], ...] = (
    ("portal", "SELECT * FROM portals WHERE name IN (SELECT portal FROM crawls WHERE id > :crawls) "
     "OR name IN (SELECT portal FROM captures WHERE id > :captures)"),
    ("crawl", "SELECT * FROM crawls WHERE id > :crawls ORDER BY id"),
    ("capture", "SELECT c.*, a.key AS article FROM captures c "
     "LEFT JOIN articles a ON a.id = c.article_id WHERE c.id BETWEEN :captures + 1 AND :last "
     "ORDER BY c.id"),
    ("address", "SELECT u.rowid AS id, u.url, a.key AS article, u.kind, u.first_seen_at "
     "FROM article_urls u JOIN articles a ON a.id = u.article_id "
     "WHERE u.rowid > :addresses AND u.kind <> 'canonical' ORDER BY u.rowid"),
    ("removal", "SELECT r.id, a.key AS article, r.removed_at, r.how, r.first_capture_id, "
     "r.last_capture_id, f.url AS first_url, f.fetched_at AS first_at, l.url AS last_url, "
     "l.fetched_at AS last_at FROM removals r JOIN articles a ON a.id = r.article_id "
     "JOIN captures f ON f.id = r.first_capture_id JOIN captures l ON l.id = r.last_capture_id "
     "WHERE r.id > :removals ORDER BY r.id"),
    ("total", f"SELECT * FROM listing_totals WHERE crawl_id {_ENDED}"),
    ("skipped", f"SELECT * FROM skipped_urls WHERE last_crawl_id {_ENDED}"),
)  # fmt: skip
"""What is written down of each table, beside ``imports``; the values say what already is."""

_MARKS = {
    "captures": "SELECT :last",
    "crawls": "SELECT coalesce(max(id), :crawls) FROM crawls WHERE status <> 'running'",
    "addresses": "SELECT coalesce(max(rowid), 0) FROM article_urls",
    "removals": "SELECT coalesce(max(id), 0) FROM removals",
}
"""How far it has come then. One writer: no crawl but the latest can be running."""


class Journal:
    """Writes down the rows of an archive, into the WARC files of whoever writes to it."""

    def __init__(
        self, store: Store, warc: WarcWriter, about: Callable[[], Iterable[Line]] = tuple
    ) -> None:
        """``about``: further rows, written down when they are others than before."""
        self._store = store
        self._warc = warc
        self._about = about
        self._left = 0

    def step(self) -> None:
        """Count a page; the first, and then each thousandth, has rows written down.

        Raises :class:`archive.place.ArchiveError`.
        """
        self._left -= 1
        if self._left < 0:
            self.write()
            self._left = EVERY

    def write(self) -> None:
        """Commit, and write down every row that is not yet.

        Raises :class:`archive.place.ArchiveError`.
        """
        self._store.commit()
        while self._write_some():
            pass

    def _write_some(self) -> bool:
        """Write one record; whether captures are left for another."""
        connection = self._store.connection
        marks = read_marks(connection)
        (newest,) = connection.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()
        values = {name: marks.get(name, 0) for name in _MARKS}
        values["last"] = min(newest, values["captures"] + _MOST)
        lines = [*self._others(marks), *_lines(connection, values)]
        after = {
            name: connection.execute(sql, values).fetchone()[0] for name, sql in _MARKS.items()
        }
        if not lines:
            return False
        number = marks.get("number", 0) + 1
        self._put(number, lines)
        with self._store.whole():
            set_marks(connection, after | {"number": number} | _told(lines))
        self._store.commit()
        return bool(values["last"] < newest)

    def _others(self, marks: dict[str, Any]) -> Iterator[Line]:
        """The rows without a number of their own, where they are others than those told last."""
        imports = (
            ("import", row) for row in _rows(self._store.connection, "SELECT * FROM imports")
        )
        for line in (*self._about(), *imports):
            if marks.get(_name(line)) != _digest(line):
                yield line

    def _put(self, number: int, lines: Iterable[Line]) -> None:
        first = {"journal": "halong", "version": VERSION, "number": number}
        texts = [json.dumps(first), *(_text({kind: row}) for kind, row in lines)]
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        block = "".join(f"{text}\n" for text in texts).encode()
        self._warc.copy(make_record("metadata", URI, at, CONTENT_TYPE, block).data, "")
        self._warc.sync()


def rows_of(block: bytes) -> tuple[int, list[Line]]:
    """A record's number and its rows, read back. Raises ValueError and KeyError for another's."""
    first, *texts = block.decode().splitlines()
    lines = [next(iter(json.loads(text).items())) for text in texts if text]
    return int(json.loads(first)["number"]), lines


def read_marks(connection: sqlite3.Connection) -> dict[str, Any]:
    """How far the rows are written down."""
    return dict(connection.execute("SELECT name, value FROM _journal").fetchall())


def set_marks(connection: sqlite3.Connection, marks: dict[str, Any]) -> None:
    """Note how far the rows are written down."""
    connection.executemany(
        "INSERT INTO _journal (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        list(marks.items()),
    )


def _told(lines: Iterable[Line]) -> dict[str, str]:
    return {_name(line): _digest(line) for line in lines if line[0] in ("descriptor", "import")}


def told_marks(kind: str, row: Row) -> dict[str, str]:
    """The mark of a row that is known by a digest; none for others."""
    return _told([(kind, row)])


def _lines(connection: sqlite3.Connection, values: dict[str, int]) -> Iterator[Line]:
    files = dict(connection.execute(
        "SELECT capture_id, url FROM attachments WHERE capture_id BETWEEN :captures + 1 AND :last",
        values,
    ).fetchall())  # fmt: skip
    for kind, sql in _ROWS:
        for row in _rows(connection, sql, values):
            if kind == "capture":
                row.pop("article_id", None)
                if row["id"] in files:
                    row["file"] = files[row["id"]]
            yield kind, row


def _rows(
    connection: sqlite3.Connection, sql: str, values: dict[str, int] | None = None
) -> Iterator[Row]:
    cursor = connection.execute(sql, values or {})
    names = [each[0] for each in cursor.description]
    for row in cursor:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _name(line: Line) -> str:
    kind, row = line
    return f"{kind} {row.get('id', row.get('portal'))}"


def _digest(line: Line) -> str:
    return sha256(_text(line[1]).encode()).hexdigest()


def _text(value: Row) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
