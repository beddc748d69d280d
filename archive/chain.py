"""The chain: each crawl and import closes with a Merkle root over its WARC records and the head
before.

A head is SHA-256 over an entry, which names its root and the head before it. So one head of 64
letters, kept outside of the archive, stands for every record up to its crawl: none can be altered,
left out or slipped in afterwards without another head coming out.

Entries stand in the table ``chain`` and, one line each, in ``warc/chain.jsonl``, which is only
ever appended to and survives the database. A leaf is taken over the record unpacked, so that
packing files anew changes no root; each entry also names SHA-256 of its files as they were stored.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive import merkle
from archive.connection import savepoint
from archive.fulltext import file_of
from archive.members import Member, mapped, walk
from archive.place import ArchiveError, sync_folder

IMPORTED = "import"
"""How the names of files begin that imports write, before the first hyphen."""
FILE = "chain.jsonl"
"""The chain's own file, beside the WARC files."""

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a WARC file that an entry closed."""

    file: str
    offset: int
    bytes: int
    records: int
    sha256: str

    @property
    def end(self) -> int:
        """Where it ends in the file."""
        return self.offset + self.bytes


@dataclass(frozen=True, slots=True)
class Head:
    """An entry, as it is published."""

    number: int
    crawl_id: int | None
    portal: str | None
    import_ids: str | None
    closed_at: str
    records: int
    root: str
    previous: str | None
    head: str
    stamped_at: str | None
    authority: str | None
    token: str | None

    @property
    def closed(self) -> str:
        """What it closed, in words."""
        return named(self.crawl_id, self.portal, self.import_ids)


def closed_of(entry: Entry) -> list[Any]:
    """What an entry closed, as the columns crawl_id, portal and import_ids have it."""
    imports = json.dumps(entry["imports"]) if "imports" in entry else None
    return [entry.get("crawl"), entry.get("portal"), imports]


def named(crawl_id: int | None, portal: str | None, import_ids: str | None) -> str:
    """What an entry closed, in words: ``crawl 3 of halong``, ``import 1, 2``."""
    if crawl_id is not None:
        return f"crawl {crawl_id} of {portal}"
    return f"import {(import_ids or '').strip('[]')}"


def heads(connection: sqlite3.Connection, limit: int = -1, before: int | None = None) -> list[Head]:
    """The newest entries first; all of them unless ``limit`` says how many.

    With ``before`` only entries of a lower number.
    """
    rows = connection.execute(
        "SELECT number, crawl_id, portal, import_ids, closed_at, records, root, previous, head, "
        "stamped_at, authority, token FROM chain WHERE number < coalesce(?, number + 1) "
        "ORDER BY number DESC LIMIT ?",
        [before, limit],
    )
    return [Head(*row) for row in rows]


def canonical(entry: Entry) -> str:
    """The text a head is taken over: JSON in ASCII, keys in order, no space."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))


def head_of(text: str) -> str:
    """The head of an entry's text, in hex."""
    return sha256(text.encode()).hexdigest()


def spans(connection: sqlite3.Connection) -> Iterator[Span]:
    """Every part of every file that is closed, in order. Raises :class:`ArchiveError`."""
    for number, text in connection.execute("SELECT number, entry FROM chain ORDER BY number"):
        try:
            yield from spans_of(text)
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"{file_of(connection)}: entry {number} of the chain is damaged ({error}); halong "
                "verify says more, and halong rebuild makes the database anew"
            ) from error


def spans_of(entry: str) -> list[Span]:
    """The parts of files an entry names. Raises ValueError, KeyError or TypeError."""
    return [Span(**each) for each in json.loads(entry)["files"]]


def close(connection: sqlite3.Connection, warc_dir: Path, imports: Sequence[int] = ()) -> None:
    """Close every crawl that has ended, or ``imports`` (rows of that table), with an entry.

    Of imports it is one, over all that was imported and is in none yet: what a killed import left
    is in the entry of the one that went on, and nothing new makes no entry.

    Called outside of a transaction, by the one writer, when what was captured is on disk. A kill
    in between leaves the crawl to be closed by the next. Raises :class:`ArchiveError`.
    """
    adopt(connection, warc_dir)
    if imports:
        _close_imports(connection, warc_dir, imports)
    else:
        _close_crawls(connection, warc_dir)
    _append(connection, warc_dir)


def _close_crawls(connection: sqlite3.Connection, warc_dir: Path) -> None:
    for crawl_id, portal, started_at, finished_at, status in _ended(connection):
        about = {
            "crawl": crawl_id, "portal": portal, "started_at": started_at,
            "finished_at": finished_at, "status": status,
        }  # fmt: skip
        with _for_good(connection):
            _close(connection, warc_dir, about, _files(connection, warc_dir, crawl_id))


def _close_imports(connection: sqlite3.Connection, warc_dir: Path, imports: Sequence[int]) -> None:
    ends = {span.file: span.end for span in spans(connection)}
    names = [name for name in warc_files(warc_dir) if name.startswith(f"{IMPORTED}-")]
    if any(ends.get(name, 0) < (warc_dir / name).stat().st_size for name in names):
        with _for_good(connection):
            _close(connection, warc_dir, {"imports": list(imports)}, names)


@contextmanager
def _for_good(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that no power cut takes back: an entry made again has another head."""
    connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")


def adopt(connection: sqlite3.Connection, warc_dir: Path) -> int:
    """Take in entries that the file holds and the database lacks; returns how many.

    So a database that was restored from a copy, or made anew, goes on with the same chain. Raises
    :class:`ArchiveError` where the file does not go on from the database.
    """
    known = int(connection.execute("SELECT count(*) FROM chain").fetchone()[0])
    lines = [text for text, _ in read_file(warc_dir)]
    with savepoint(connection, "adopt"):
        for text in lines[known:]:
            entry: Entry = json.loads(text)
            if entry["previous"] != _last_head(connection):
                raise ArchiveError(
                    f"{warc_dir / FILE}: entry {entry['number']} does not go on from the database; "
                    "one of them was altered: halong verify says more"
                )
            _insert(connection, entry)
            for each in entry["files"]:
                span = Span(**each)
                _remember(connection, warc_dir, span.file, span.offset, span.end, entry["number"])
        for stamp in stamp_lines(warc_dir):
            connection.execute(
                "UPDATE chain SET stamped_at = :stamped_at, authority = :authority, "
                "token = :token WHERE number = :number AND head = :head AND token IS NULL",
                stamp,
            )
    return max(0, len(lines) - known)


def read_file(warc_dir: Path) -> list[tuple[str, str]]:
    """The entries of the chain's file in order: text and head; a line a kill cut off is none."""
    try:
        text = (warc_dir / FILE).read_text("utf-8")
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            value = json.loads(line)
            if "entry" in value:
                found.append((canonical(value["entry"]), str(value["head"])))
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                f"{warc_dir / FILE}: line {number} is damaged ({error}); put back a copy of it"
            ) from error
    return found


def stamp_lines(warc_dir: Path) -> list[dict[str, Any]]:
    """The time stamps in the chain's file, in order: number, head, stamped_at, authority, token.

    Raises :class:`ArchiveError` for a damaged line.
    """
    read_file(warc_dir)
    try:
        text = (warc_dir / FILE).read_text("utf-8")
    except FileNotFoundError:
        return []
    lines = (json.loads(line) for line in text.split("\n")[:-1])
    return [line["stamp"] for line in lines if "stamp" in line]


def note(warc_dir: Path, line: dict[str, Any]) -> None:
    """Append a line to the chain's file and have the disk confirm it."""
    path = warc_dir / FILE
    try:
        is_new = not path.exists()
        with path.open("ab+") as stream:
            stream.seek(0, os.SEEK_END)
            if stream.tell():  # what a kill cut off is closed by the new line
                stream.seek(-1, os.SEEK_END)
                if stream.read(1) != b"\n":
                    _cut(stream)
            stream.write(canonical(line).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        if is_new:
            sync_folder(warc_dir)
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be written ({error.strerror}); check the disk and its free space"
        ) from error


def _cut(stream: Any) -> None:
    """Drop a last line that is not whole: its entry is in the database and is written again."""
    stream.seek(0)
    stream.truncate(stream.read().rfind(b"\n") + 1)
    stream.seek(0, os.SEEK_END)


def _append(connection: sqlite3.Connection, warc_dir: Path) -> None:
    """Bring the file up to the database."""
    known = len(read_file(warc_dir))
    rows = connection.execute("SELECT entry, head FROM chain WHERE number > ? ORDER BY number",
                              [known]).fetchall()  # fmt: skip
    for text, head in rows:
        note(warc_dir, {"entry": json.loads(text), "head": head})


def _ended(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    # By portal and start: a database made anew may number its crawls otherwise.
    return connection.execute(
        "SELECT id, portal, started_at, finished_at, status FROM crawls c "
        "WHERE status <> 'running' AND NOT EXISTS (SELECT 1 FROM chain "
        "WHERE portal = c.portal AND json_extract(entry, '$.started_at') = c.started_at "
        "AND json_extract(entry, '$.crawl') = c.id) ORDER BY id"
    ).fetchall()


def _close(
    connection: sqlite3.Connection, warc_dir: Path, about: dict[str, Any], names: list[str]
) -> None:
    """Make the entry of what ``about`` says, over what of some files is in none yet."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM chain").fetchone()
    ends = {span.file: span.end for span in spans(connection)}
    files, leaves = [], []
    for name in names:
        begin, end = ends.get(name, 0), (warc_dir / name).stat().st_size
        if begin < end:
            found = _remember(connection, warc_dir, name, begin, end, number)
            leaves += found
            files.append(_span(warc_dir, name, begin, end, len(found)))
    entry = {
        "number": number, **about,
        "closed_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "records": len(leaves), "root": merkle.root(leaves).hex(), "files": files,
        "previous": _last_head(connection),
    }  # fmt: skip
    _insert(connection, entry)


def _files(connection: sqlite3.Connection, warc_dir: Path, crawl_id: int) -> list[str]:
    """Files a crawl's entry closes: those nobody else lays claim to, also without captures."""
    others = {
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT warc_file FROM captures c JOIN crawls r ON r.id = c.crawl_id "
            "WHERE warc_file IS NOT NULL AND crawl_id > ?",
            [crawl_id],
        )
    }
    return [name for name in warc_files(warc_dir) if name not in others]


def warc_files(warc_dir: Path) -> list[str]:
    """The names of the WARC files, in order."""
    found = (path for path in warc_dir.rglob("*.warc*") if path.is_file())
    names = (path.relative_to(warc_dir).as_posix() for path in found)
    return sorted(name for name in names if name.endswith((".warc.gz", ".warc")))


def _remember(
    connection: sqlite3.Connection, warc_dir: Path, name: str, begin: int, end: int, number: int
) -> list[bytes]:
    """Write down the records of a part of a file; their leaves in order."""
    leaves = []
    with mapped(warc_dir / name) as data:
        for found in walk(data, begin):
            if found.offset >= end:
                break
            if isinstance(found, Member):
                leaves.append(merkle.leaf(found.record))
                connection.execute(
                    "INSERT INTO _records (file, offset, length, leaf, number) "
                    "VALUES (?, ?, ?, ?, ?) ON CONFLICT (file, offset) DO UPDATE SET "
                    "length = excluded.length, leaf = excluded.leaf, number = excluded.number",
                    [name, found.offset, found.length, leaves[-1], number],
                )
    return leaves


def _span(warc_dir: Path, name: str, begin: int, end: int, records: int) -> dict[str, Any]:
    return {
        "file": name, "offset": begin, "bytes": end - begin, "records": records,
        "sha256": stored_sha256(warc_dir / name, begin, end),
    }  # fmt: skip


def stored_sha256(path: Path, begin: int, end: int) -> str:
    """SHA-256 over a part of a file as it is stored. Raises OSError."""
    total = sha256()
    with path.open("rb") as stream:
        stream.seek(begin)
        while begin < end and (chunk := stream.read(min(1 << 20, end - begin))):
            total.update(chunk)
            begin += len(chunk)
    return total.hexdigest()


def _insert(connection: sqlite3.Connection, entry: Entry) -> None:
    text = canonical(entry)
    connection.execute(
        "INSERT INTO chain (number, crawl_id, portal, import_ids, closed_at, records, root, "
        "previous, head, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entry["number"], *closed_of(entry), entry["closed_at"],
            entry["records"], entry["root"], entry["previous"], head_of(text), text,
        ],
    )  # fmt: skip


def _last_head(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT head FROM chain ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])
