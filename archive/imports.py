"""Where captures came from that other archives made: a row a file, a folder or a host asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from archive.elsewhere import ELSEWHERE_TABLES
from archive.table import Column, Table

C = Column

IMPORTS = Table(
    "imports",
    "One row a file or folder of another archive that was imported, or a host that a public web "
    "archive was asked for. captures.import_id names it.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("kind", "TEXT NOT NULL", "file, folder, wayback or common_crawl"),
        C("source", "TEXT NOT NULL", "Name of the file when it was first imported; the host"),
        C("asked", "TEXT", "Address of the index that was asked; NULL for files"),
        C(
            "sha256",
            "TEXT UNIQUE",
            "SHA-256 of the file: what it is known by; of a folder that of its files' sums and "
            "names; NULL for a host",
        ),
        C("bytes", "INTEGER", "Its size; NULL for a host"),
        C("started_at", "TEXT NOT NULL", "When its latest import began (UTC)"),
        C("finished_at", "TEXT", "When that ended (UTC); NULL while it runs or after a kill"),
        C("generator", "TEXT NOT NULL", "Software and version"),
        C("records", "TEXT", "JSON: how many of its records came to what, by the latest import"),
        C("damage", "TEXT", "JSON list of {offset, reason}: what of it could not be read"),
    ),
)

IMPORT_TABLES = (IMPORTS, *ELSEWHERE_TABLES)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an import brings captures from; the columns of ``imports``."""

    source: str
    kind: str = "file"
    asked: str | None = None
    sha256: str | None = None
    bytes: int | None = None


IMPORT_INDEX = "CREATE INDEX captures_import ON captures(import_id) WHERE import_id IS NOT NULL"


def begin(connection: sqlite3.Connection, origin: Origin, *, at: str, generator: str) -> int:
    """Begin an import, or begin it once more; returns its row."""
    known = connection.execute(
        "SELECT id FROM imports WHERE sha256 = :sha256 OR (sha256 IS NULL AND :sha256 IS NULL "
        "AND kind = :kind AND source = :source)",
        asdict(origin),
    ).fetchone()
    (number,) = connection.execute(
        "INSERT INTO imports (id, kind, source, asked, sha256, bytes, started_at, generator) "
        "VALUES (:id, :kind, :source, :asked, :sha256, :bytes, :at, :generator) "
        "ON CONFLICT (id) DO UPDATE SET asked = excluded.asked, started_at = excluded.started_at, "
        "finished_at = NULL, generator = excluded.generator RETURNING id",
        {**asdict(origin), "id": known and known[0], "at": at, "generator": generator},
    ).fetchone()
    return int(number)


def finish(
    connection: sqlite3.Connection, number: int, *, at: str, records: Mapping[str, int],
    damage: list[tuple[int | None, str]],
) -> None:  # fmt: skip
    """End an import and say what it came to; a place of damage is None where there is no file."""
    told = [{"offset": offset, "reason": reason} for offset, reason in damage]
    connection.execute(
        "UPDATE imports SET finished_at = ?, records = ?, damage = ? WHERE id = ?",
        [at, json.dumps(dict(records)), json.dumps(told, ensure_ascii=False), number],
    )


def held(
    connection: sqlite3.Connection, url: str, at: str, status: int, digest: str
) -> tuple[str, int, int] | None:
    """The record of a capture that is held: same address, second, status and payload."""
    row: tuple[str, int, int] | None = connection.execute(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url = ? AND "
        "fetched_at = ? AND status = ? AND payload_digest = ? AND warc_file IS NOT NULL LIMIT 1",
        [url, at, status, digest],
    ).fetchone()
    return row


def holder(connection: sqlite3.Connection, place: tuple[str, int, int], digest: str) -> int | None:
    """The capture whose record lies at a place and holds a payload of this digest."""
    row = connection.execute(
        "SELECT id FROM captures WHERE payload_digest = ? AND refers_to IS NULL "
        "AND warc_file = ? AND warc_offset = ?",
        [digest, *place[:2]],
    ).fetchone()
    return int(row[0]) if row is not None else None
