"""Seals: a SHA-256 for each row of readers' tables, renewed by whatever writes the row.

A bit that flips inside a text leaves SQLite's structure sound, so its own check passes. The seal
is taken when the row is written and compared when the archive is verified. Triggers of the
writing connection (TEMP, so the file needs no function of ours to be read) keep it.

Seals tell accident and meddling with the file; whoever rewrites rows and seals alike is exposed
by the chain over the records the rows were read from (:mod:`archive.chain`).
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from hashlib import sha256

from archive.table import Table
from archive.tables import TABLES

SEALED: tuple[Table, ...] = tuple(table for table in TABLES if not table.is_plumbing)

_PRIMARY = re.compile(r"PRIMARY KEY \(([^)]*)\)")

_EVENTS = ("INSERT", "UPDATE", "DELETE")

Value = str | bytes | int | float | None


def digest(names: tuple[str, ...], values: tuple[Value, ...]) -> bytes:
    """SHA-256 over a row: each column that is not NULL by name, length and bytes.

    NULL is left out, so that a column added later leaves the seals of older rows as they are.
    """
    total = sha256()
    for name, value in zip(names, values, strict=True):
        if value is None:
            continue
        data = value if isinstance(value, bytes) else str(value).encode()
        total.update(b"%s %d:" % (name.encode(), len(data)))
        total.update(data)
    return total.digest()


def keep(connection: sqlite3.Connection) -> None:
    """Have this connection seal every row it writes."""
    for table in SEALED:
        connection.create_function(f"seal_{table.name}", -1, _sealer(table), deterministic=True)
        for statement in _triggers(table):
            connection.execute(statement)


def release(connection: sqlite3.Connection) -> None:
    """Seal no longer what this connection writes: before it changes the tables themselves."""
    for table in SEALED:
        for event in _EVENTS:
            connection.execute(f"DROP TRIGGER IF EXISTS temp.seal_{table.name}_{event.lower()}")


def renew(connection: sqlite3.Connection) -> None:
    """Seal every row as it is now: after a migration, when tables are new or changed."""
    connection.execute("DELETE FROM _seals")
    for table in SEALED:
        connection.execute(
            f"INSERT INTO _seals (of_table, row_key, digest) SELECT '{table.name}', "
            f"{_key(table)}, seal_{table.name}({_columns(table)}) FROM {table.name}"
        )


def broken(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[str, str]]:
    """Rows that are not as they were written: their key, and what is wrong.

    Raises sqlite3.DatabaseError where the table cannot be read to its end.
    """
    names = _names(table)
    # Bytes: a text that is damaged need not be UTF-8 any more.
    cursor, before = connection.cursor(), connection.text_factory
    connection.text_factory = bytes
    try:
        cursor.execute(
            f"SELECT s.digest, {_key(table)}, {_columns(table, 't.')} FROM {table.name} t "
            f"LEFT JOIN _seals s ON s.of_table = '{table.name}' AND s.row_key = {_key(table, 't.')}"
        )
        for sealed, key, *values in cursor:
            if sealed is None:
                yield _shown(key), "the row has no seal: it was not written by Halong"
            elif sealed != digest(names, tuple(values)):
                yield _shown(key), "the row is not as it was written"
        cursor.execute(
            f"SELECT row_key FROM _seals WHERE of_table = '{table.name}' "
            f"EXCEPT SELECT {_key(table)} FROM {table.name}"
        )
        for (key,) in cursor:
            yield _shown(key), "a row that was written is gone"
    finally:
        connection.text_factory = before


def _sealer(table: Table) -> Callable[..., bytes]:
    names = _names(table)
    return lambda *values: digest(names, values)


def _triggers(table: Table) -> Iterator[str]:
    name = table.name
    forget = f"DELETE FROM _seals WHERE of_table = '{name}' AND row_key = {_key(table, 'old.')}"
    write = (
        f"INSERT INTO _seals (of_table, row_key, digest) VALUES ('{name}', "
        f"{_key(table, 'new.')}, seal_{name}({_columns(table, 'new.')})) "
        "ON CONFLICT (of_table, row_key) DO UPDATE SET digest = excluded.digest"
    )
    for event, body in (
        ("INSERT", f"{write};"),
        ("UPDATE", f"{forget} AND row_key IS NOT {_key(table, 'new.')}; {write};"),
        ("DELETE", f"{forget};"),
    ):
        yield (
            f"CREATE TEMP TRIGGER seal_{name}_{event.lower()} AFTER {event} ON main.{name} "
            f"BEGIN {body} END"
        )


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _columns(table: Table, prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in _names(table))


def _key(table: Table, prefix: str = "") -> str:
    """The row's primary key as one value; of several columns a JSON list."""
    for constraint in table.constraints:
        if found := _PRIMARY.fullmatch(constraint):
            parts = [f"{prefix}{name.strip()}" for name in found[1].split(",")]
            return f"json_array({', '.join(parts)})"
    (name,) = (column.name for column in table.columns if "PRIMARY KEY" in column.type)
    # Without the plus the column would lend its affinity to row_key, whose index is then no use.
    return f"+{prefix}{name}"


def _shown(key: Value) -> str:
    return key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key)
