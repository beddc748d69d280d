"""Whether the archive still holds what was put into it: every record, row and attachment.

Reads only, and takes no lock: a crawl may go on beside it. What is not committed is not looked at.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import chain, fulltext, merkle, seals
from archive.files import FileStore
from archive.members import BrokenError, Header, Member, Torn, header, mapped, member, walk
from archive.place import Archive, ArchiveError
from archive.state import VERSION_FIELDS, content_sha256
from archive.warc_records import ascii_url

_ANSWERS = ("response", "revisit", "resource", "metadata", "conversion")
"""Kinds of record a capture's row may name."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was."""

    where: str
    """File or table, and the place in it."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


# Database


def check_database(connection: sqlite3.Connection) -> Iterator[Damage]:
    """SQLite's own structure, foreign keys, the full-text index, every row's seal and digest."""
    checks = (_structure, _foreign_keys, _full_text, _rows, _digests)
    for check in checks:
        try:
            yield from check(connection)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise
            yield Damage("halong.db", f"cannot be read to its end ({error})")


def _structure(connection: sqlite3.Connection) -> Iterator[Damage]:
    for (line,) in connection.execute("PRAGMA integrity_check").fetchall():
        if line != "ok":
            yield Damage("halong.db", " ".join(line.split()))


def _foreign_keys(connection: sqlite3.Connection) -> Iterator[Damage]:
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Damage(f"halong.db {table} {row}", f"names a row of {parent} that is not there")


def _full_text(connection: sqlite3.Connection) -> Iterator[Damage]:
    where = "halong.db articles_fts"
    if astray := fulltext.out_of_step(connection):
        yield Damage(where, f"lacks {astray} texts, or has them without article: halong reindex")
    if words := fulltext.unfolded(connection):
        yield Damage(where, f"holds unfolded words such as {words[0]}: halong reindex")
    if article := fulltext.misread(connection):
        yield Damage(where, f"does not say what article {article} says: halong reindex")


def _rows(connection: sqlite3.Connection) -> Iterator[Damage]:
    for table in seals.SEALED:
        for key, what in seals.broken(connection, table):
            yield Damage(f"halong.db {table.name} {key}", what)


def _digests(connection: sqlite3.Connection) -> Iterator[Damage]:
    names = ", ".join(VERSION_FIELDS)
    for article_id, number, said, *values in connection.execute(
        f"SELECT article_id, number, content_sha256, {names} FROM article_versions"  # noqa: S608
    ):
        if content_sha256(dict(zip(VERSION_FIELDS, values, strict=True))) != said:
            where = f"halong.db article_versions: article {article_id}, version {number}"
            yield Damage(where, "its text is not what content_sha256 says")


# Records


@dataclass(frozen=True, slots=True)
class _Row:
    """What a capture's row says of its record."""

    id: int
    length: int
    payload_digest: str | None
    url: str
    refers_to: int | None


def check_warc(connection: sqlite3.Connection, warc_dir: Path, name: str) -> Iterator[Damage]:
    """One file: each record's own digests, its leaf, the rows that name it, the bytes between."""
    rows = _named(connection, name)
    sealed = connection.execute(
        "SELECT offset, length, leaf FROM _records WHERE file = ? ORDER BY offset", [name]
    ).fetchall()
    closed = [span for span in _spans_said(connection) if span.file == name]
    try:
        with mapped(warc_dir / name) as data:
            found: dict[int, tuple[int, Header]] = {}
            damages = [*_closed(data, name, sealed, found)]
            end = closed[-1].end if closed else 0
            damages += _open(data, name, end, found)
            yield from damages
            told = any(damages)
            for number, row in rows.items():
                yield from _row(name, number, row, found, told)
            if not told:
                yield from _spans(warc_dir, closed, len(data))
    except OSError as error:
        yield Damage(f"warc/{name}", f"cannot be read ({error.strerror})")


def _named(connection: sqlite3.Connection, name: str) -> dict[int, _Row]:
    return {
        offset: _Row(*rest)
        for offset, *rest in connection.execute(
            "SELECT warc_offset, id, warc_length, payload_digest, url, refers_to FROM captures "
            "WHERE warc_file = ?",
            [name],
        )
    }


def _closed(
    data: mmap.mmap | bytes, name: str, sealed: list[Any], found: dict[int, tuple[int, Header]]
) -> Iterator[Damage]:
    """The records the chain holds, each by its place, so that one that is torn hides no other."""
    for offset, length, leaf in sealed:
        where = f"warc/{name} at {offset}"
        try:
            each = member(data, offset)
            head = header(each.record)
        except BrokenError as error:
            yield Damage(where, str(error))
            continue
        found[offset] = each.length, head
        if merkle.leaf(each.record) != leaf:
            yield Damage(where, "is another record than the one its crawl closed with")
        elif each.length != length:
            yield Damage(where, "is stored in another length than when its crawl closed")


def _open(
    data: mmap.mmap | bytes, name: str, start: int, found: dict[int, tuple[int, Header]]
) -> Iterator[Damage]:
    """Records no crawl has closed yet. Torn bytes at the end are a kill's, or being written."""
    for each in walk(data, start):
        where = f"warc/{name} at {each.offset}"
        if isinstance(each, Member):
            try:
                found[each.offset] = each.length, header(each.record)
            except BrokenError as error:
                yield Damage(where, str(error))
        elif isinstance(each, Torn) and each.offset + each.length < len(data):
            yield Damage(where, each.why)


def _row(
    name: str, offset: int, row: _Row, found: dict[int, tuple[int, Header]], told: bool
) -> Iterator[Damage]:
    where = f"halong.db captures {row.id}"
    if offset not in found:
        if not told:
            yield Damage(where, f"names a record in warc/{name} at {offset} that is not there")
        return
    length, head = found[offset]
    if head.kind not in _ANSWERS:
        yield Damage(where, f"names a {head.kind} record in warc/{name} at {offset}, no answer")
    elif length != row.length:
        yield Damage(where, f"names a record of {row.length} bytes; {length} are in warc/{name}")
    elif (head.kind == "revisit") != (row.refers_to is not None):
        yield Damage(where, f"and the {head.kind} record do not agree on where its payload lies")
    elif head.kind != "revisit" and row.payload_digest not in (None, head.payload_digest):
        yield Damage(where, f"names another payload than the record in warc/{name} at {offset}")
    elif head.url not in (None, row.url, ascii_url(row.url), f"<{row.url}>"):
        yield Damage(where, f"names another address than the record in warc/{name} at {offset}")


def _spans(warc_dir: Path, closed: list[chain.Span], size: int) -> Iterator[Damage]:
    for span in closed:
        where = f"warc/{span.file}"
        if size < span.end:
            yield Damage(where, f"was cut from {span.end} to {size} bytes")
        elif chain.stored_sha256(warc_dir / span.file, span.offset, span.end) != span.sha256:
            yield Damage(
                where, "its bytes differ from those its crawl closed with, though each record "
                "reads the same"
            )  # fmt: skip


def warc_names(connection: sqlite3.Connection, warc_dir: Path) -> list[str]:
    """Every file there is or should be."""
    named = {
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT warc_file FROM captures WHERE warc_file IS NOT NULL"
        )
    }
    named |= {span.file for span in _spans_said(connection)}
    return sorted(named | set(chain.warc_files(warc_dir)))


def _spans_said(connection: sqlite3.Connection) -> Iterator[chain.Span]:
    """What the chain's entries name; a damaged one is told where the chain is looked at."""
    for (text,) in connection.execute("SELECT entry FROM chain ORDER BY number"):
        with suppress(ValueError, KeyError, TypeError):
            yield from chain.spans_of(text)


# Attachments


def attachment_names(connection: sqlite3.Connection, files_dir: Path) -> list[str]:
    """The SHA-256 of every file that is there, or that a row names: older ones no row names."""
    named = {
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT sha256 FROM attachments WHERE sha256 IS NOT NULL"
        )
    }
    there = {path.name for path in files_dir.glob("??/??/*") if path.suffix != ".part"}
    return sorted(named | there)


def check_attachment(files_dir: Path, name: str) -> Iterator[Damage]:
    """A file's bytes against its name."""
    place = FileStore(files_dir).place(name)
    where = f"files/{place.relative_to(files_dir).as_posix()}"
    try:
        with place.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != name:
                yield Damage(where, "is not the file of this SHA-256")
    except OSError as error:
        yield Damage(where, f"cannot be read ({error.strerror})")


# Chain


def check_chain(connection: sqlite3.Connection, archive: Archive) -> Iterator[Damage]:
    """Every entry's head, its link to the one before, its root over its records' leaves, and
    the chain's own file."""
    leaves: dict[int, list[bytes]] = defaultdict(list)
    for number, leaf in connection.execute(
        "SELECT number, leaf FROM _records ORDER BY number, file, offset"
    ):
        leaves[number].append(leaf)
    previous, texts = None, []
    rows = connection.execute(
        "SELECT number, entry, head, previous, root, records, crawl_id, portal, import_ids "
        "FROM chain ORDER BY number"
    )
    for at, (number, text, head, before, root, records, *of) in enumerate(rows, 1):
        where = f"chain {number} ({chain.named(*of)})"
        texts.append((text, head))
        try:
            entry = json.loads(text)
        except ValueError:
            yield Damage(where, "its entry is no JSON")
            continue
        said = tuple(entry.get(name) for name in ("number", "previous", "root", "records"))
        if number != at or chain.head_of(text) != head:
            yield Damage(where, "its head is not over its entry")
        elif before != previous:
            yield Damage(where, "does not go on from the entry before it")
        elif said != (number, before, root, records) or chain.closed_of(entry) != of:
            yield Damage(where, "its columns say otherwise than its entry")
        elif merkle.root(leaves[number]).hex() != root:
            yield Damage(where, "its root is not over the records of its crawl")
        previous = head
    if _closed_records(connection) != _said_records(texts):
        yield Damage("chain", "the records noted of its files are not those its entries name")
    yield from _file(archive, texts)


def _closed_records(connection: sqlite3.Connection) -> dict[tuple[int, str], int]:
    """Entry and file → how many records are noted."""
    rows = connection.execute("SELECT number, file, count(*) FROM _records GROUP BY 1, 2")
    return {(number, file): count for number, file, count in rows}


def _said_records(texts: list[tuple[str, str]]) -> dict[tuple[int, str], int]:
    """The same as the entries say it; an entry that is no JSON is told elsewhere."""
    said: dict[tuple[int, str], int] = {}
    for text, _ in texts:
        try:
            entry = json.loads(text)
            said |= {(entry["number"], each["file"]): each["records"] for each in entry["files"]}
        except (ValueError, KeyError, TypeError):
            continue
    return {place: count for place, count in said.items() if count}


def _file(archive: Archive, texts: list[tuple[str, str]]) -> Iterator[Damage]:
    where = f"warc/{chain.FILE}"
    try:
        lines = chain.read_file(archive.warc_dir)
    except (ArchiveError, UnicodeDecodeError) as error:
        yield Damage(where, str(error))
        return
    for number, (line, text) in enumerate(zip(lines, texts, strict=False), 1):
        if line != text or chain.head_of(line[0]) != line[1]:
            yield Damage(where, f"entry {number} is another than in the database")
            return
    # One entry may be on its way: it is committed first, then written.
    if len(lines) < len(texts) - 1 or len(lines) > len(texts):
        yield Damage(where, f"holds {len(lines)} entries, the database {len(texts)}")


def find_root(connection: sqlite3.Connection, root: str) -> chain.Head | None:
    """The entry with this head or root."""
    wanted = root.strip().lower()
    return next((e for e in chain.heads(connection) if wanted in (e.head, e.root)), None)
