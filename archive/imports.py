"""Where captures came from that other archives made: one row a file, and which are held already."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from archive.table import Column, Table

C = Column

IMPORTS = Table(
    "imports",
    "One row a file of another archive that was imported. captures.import_id names it.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("source", "TEXT NOT NULL", "Name of the file when it was first imported"),
        C("sha256", "TEXT NOT NULL UNIQUE", "SHA-256 of the file: what it is known by"),
        C("bytes", "INTEGER NOT NULL", "Its size"),
        C("started_at", "TEXT NOT NULL", "When its latest import began (UTC)"),
        C("finished_at", "TEXT", "When that ended (UTC); NULL while it runs or after a kill"),
        C("generator", "TEXT NOT NULL", "Software and version"),
        C("records", "TEXT", "JSON: how many of its records came to what, by the latest import"),
        C("damage", "TEXT", "JSON list of {offset, reason}: what of it could not be read"),
    ),
)

IMPORT_INDEX = "CREATE INDEX captures_import ON captures(import_id) WHERE import_id IS NOT NULL"


def begin(
    connection: sqlite3.Connection, *, source: str, sha256: str, size: int, at: str, generator: str
) -> int:
    """Begin the import of a file, or begin it once more; returns its row."""
    (number,) = connection.execute(
        "INSERT INTO imports (source, sha256, bytes, started_at, generator) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (sha256) DO UPDATE SET started_at = excluded.started_at, finished_at = NULL, "
        "generator = excluded.generator RETURNING id",
        [source, sha256, size, at, generator],
    ).fetchone()
    return int(number)


def finish(
    connection: sqlite3.Connection, number: int, *, at: str, records: Mapping[str, int],
    damage: list[tuple[int, str]],
) -> None:  # fmt: skip
    """End the import of a file and say what it came to."""
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
