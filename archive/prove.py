"""A proof: one capture's records with their paths to roots, and the chain from there to a head.

The file needs nothing of Halong to be checked: ``examples/check_proof.py`` is stock Python. It
shows that the record was in the archive when the head was published, and has not been altered.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from pathlib import Path
from typing import Any

from archive import chain, merkle
from archive.members import BrokenError, mapped, member
from archive.place import ArchiveError

FORMAT = "halong-proof/1"


def proof(
    connection: sqlite3.Connection, warc_dir: Path, key: str, version: int | None = None,
    to: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The proof of an article's version, by default its latest, up to a head (the newest).

    Raises :class:`ArchiveError` for what the archive does not have or has not closed yet, and for
    a record that is not the one its crawl closed with.
    """
    number, url, at, *places = _captured(connection, key, version)
    sealed = [_sealed(connection, key, file, offset) for file, offset in places]
    entries = _entries(connection, min(entry for entry, _ in sealed), to)
    roots = {entry["number"]: entry["root"] for entry in entries}
    records = [
        _proven(connection, warc_dir, place, leaf, number, roots)
        for place, (number, leaf) in zip(places, sealed, strict=True)
    ]
    return {
        "format": FORMAT, "key": key, "version": number, "url": url, "fetched_at": at,
        "records": records, "entries": entries,
        "head": chain.head_of(chain.canonical(entries[-1])),
        "timestamps": _stamps(connection, entries[0]["number"], entries[-1]["number"]),
    }  # fmt: skip


def _sealed(connection: sqlite3.Connection, key: str, file: str, offset: int) -> tuple[int, bytes]:
    """The entry that closed a record, and its leaf."""
    row: tuple[int, bytes] | None = connection.execute(
        "SELECT number, leaf FROM _records WHERE file = ? AND offset = ?", [file, offset]
    ).fetchone()
    if row is None:
        raise ArchiveError(
            f"{key}: its record in warc/{file} at {offset} is in no root yet; its crawl has not "
            "ended, or was killed: the next one closes it"
        )
    return row


def _proven(
    connection: sqlite3.Connection, warc_dir: Path, place: tuple[str, int], leaf: bytes,
    number: int, roots: dict[int, str],
) -> dict[str, Any]:  # fmt: skip
    """A record with its path to the root of the crawl that closed it."""
    if number not in roots:
        raise ArchiveError(f"warc/{place[0]} at {place[1]}: was closed after the head of --to")
    leaves = connection.execute(
        "SELECT file, offset, leaf FROM _records WHERE number = ? ORDER BY file, offset", [number]
    ).fetchall()
    steps = merkle.path([each for *_, each in leaves],
                        [(file, offset) for file, offset, _ in leaves].index(place))  # fmt: skip
    record = _record(warc_dir, *place, leaf)
    if merkle.climb(leaf, steps).hex() != roots[number]:
        raise ArchiveError(
            f"the records of entry {number} of the chain do not make its root; halong verify says "
            "more"
        )
    return {
        "warc_file": place[0], "warc_offset": place[1], "entry": number,
        "record": base64.b64encode(record).decode(), "path": [list(step) for step in steps],
    }  # fmt: skip


def _captured(connection: sqlite3.Connection, key: str, version: int | None) -> tuple[Any, ...]:
    """Number, address and time of a version's capture; the place of its record, and of the one
    that holds the payload if that is another."""
    row = connection.execute(
        "SELECT v.number, c.url, c.fetched_at, c.warc_file, c.warc_offset, o.warc_file, "
        "o.warc_offset FROM articles a "
        "JOIN article_versions v ON v.article_id = a.id AND v.number = coalesce(?, version_count) "
        "JOIN captures c ON c.id = v.capture_id LEFT JOIN captures o ON o.id = c.refers_to "
        "WHERE a.key = ?",
        [version, key],
    ).fetchone()
    if row is None:
        which = f"version {version} of {key}" if version is not None else key
        raise ArchiveError(f"the archive has no {which}; search for it, or ask without --version")
    if row[3] is None:
        raise ArchiveError(f"{key}: its capture has no WARC record, so there is nothing to prove")
    places = [row[3:5]] if row[5] is None else [row[3:5], row[5:7]]
    return (*row[:3], *places)


def _entries(connection: sqlite3.Connection, number: int, to: str | None) -> list[chain.Entry]:
    """The entries from one on up to the head asked for."""
    entries = []
    for text, head in connection.execute(
        "SELECT entry, head FROM chain WHERE number >= ? ORDER BY number", [number]
    ):
        entries.append(json.loads(text))
        if head == to:
            return entries
    if to is not None:
        raise ArchiveError(
            f"no crawl from that of the record on closed with head {to}; leave --to out, or give a "
            "later head"
        )
    return entries


def _record(warc_dir: Path, file: str, offset: int, leaf: bytes) -> bytes:
    """The record unpacked, as the leaf is over it."""
    where = f"{warc_dir / file} at {offset}"
    try:
        with mapped(warc_dir / file) as data:
            record = member(data, offset).record
    except OSError as error:
        raise ArchiveError(f"{where}: cannot be read ({error.strerror})") from error
    except BrokenError as error:
        raise ArchiveError(f"{where}: {error}; take the file from a copy") from error
    if merkle.leaf(record) != leaf:
        raise ArchiveError(
            f"{where}: is another record than the one its crawl closed with; take the file from a "
            "copy"
        )
    return record


def _stamps(connection: sqlite3.Connection, first: int, last: int) -> list[dict[str, str]]:
    names = ("head", "stamped_at", "authority", "token")
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM chain "  # noqa: S608
        "WHERE token IS NOT NULL AND number BETWEEN ? AND ? ORDER BY number",
        [first, last],
    )
    return [dict(zip(names, row, strict=True)) for row in rows]
