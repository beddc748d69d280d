"""The connection to an archive's database: opened with care, its trouble told in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.place import ArchiveError

BUSY_SECONDS = 30.0
"""How long a write waits for another program that writes to the same file."""

_RESULT_CODE = 0xFF
"""The part of an extended result code that names the kind of trouble."""

_ADVICE: dict[int, str] = {
    sqlite3.SQLITE_BUSY: "another program is writing to it; close that program",
    sqlite3.SQLITE_LOCKED: "another program is writing to it; close that program",
    sqlite3.SQLITE_FULL: "the disk is full; make room and start again",
    sqlite3.SQLITE_IOERR: "the disk reports an error; check the disk and its free space",
    sqlite3.SQLITE_CORRUPT: "the database is damaged; set it aside and go on from a copy",
    sqlite3.SQLITE_NOTADB: "is no SQLite database; choose another folder with --archive",
    sqlite3.SQLITE_READONLY: "cannot be written; check the owner and rights of file and folder",
    sqlite3.SQLITE_PERM: "cannot be written; check the owner and rights of file and folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check the file, its rights and its folder",
}
"""Trouble that lies with disk, file or neighbours. What is not here is a fault of our own."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a database for writing: WAL, foreign keys checked, transactions by hand.

    Raises :class:`ArchiveError` where that cannot be.
    """
    with explained(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn trouble with disk, file or lock into an :class:`ArchiveError` of one line."""
    try:
        yield
    except sqlite3.Error as error:
        advice = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & _RESULT_CODE)
        if advice is None:
            raise
        raise ArchiveError(f"{path}: {advice} ({error})") from error


@contextmanager
def savepoint(connection: sqlite3.Connection, name: str) -> Iterator[None]:
    """All of what is done inside, or nothing of it; the transaction around it goes on."""
    connection.execute(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        # A full disk or an I/O error may have undone the whole transaction, savepoints and all;
        # to undo it again would hide the error behind "no such savepoint".
        if connection.in_transaction:
            connection.execute(f"ROLLBACK TO {name}")
            connection.execute(f"RELEASE {name}")
        raise
    connection.execute(f"RELEASE {name}")


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move the write-ahead log into the database; readers that hold on to it are not waited for."""
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
