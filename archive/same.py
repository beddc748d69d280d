"""Whether two databases of one archive say the same, table by table and row by row.

Rows are compared by what they say. Numbers that only join tables inside one file (of articles,
people, tags …) stand for what they name; those of captures, crawls and imports are compared, too.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.table import Table
from archive.tables import TABLES

OF_THE_FILE = ("schema_info",)
"""Tables that say something of the file itself."""
_ARTICLE = "(SELECT key FROM {db}.articles WHERE id = {column})"
_NAMED = {
    "article_id": _ARTICLE,
    "person_id": "(SELECT name_key FROM {db}.people WHERE id = {column})",
    "category_id": "(SELECT portal || ' ' || path FROM {db}.categories WHERE id = {column})",
    "tag_id": "(SELECT name FROM {db}.tags WHERE id = {column})",
    "attachment_id": "(SELECT (SELECT key FROM {db}.articles WHERE id = f.article_id) || ' ' || "
    "f.url FROM {db}.attachments f WHERE f.id = {column})",
}
"""Columns that hold a number, and what it stands for."""
_COUNTED = ("captures", "crawls", "imports")
"""Tables whose ``id`` others rely on."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One table in two databases."""

    table: str
    rows: int
    others: int
    """Rows of the other database."""
    more: int
    """Rows that the other one does not have as they are here."""
    less: int
    """Rows of the other one that are not here as they are there."""


def tables() -> list[Table]:
    """The tables that are compared: all that readers see, but for what is of the file."""
    return [each for each in TABLES if not each.is_plumbing and each.name not in OF_THE_FILE]


def at_rest(database: Path) -> str:
    """The address of a database that nobody writes to: reading it leaves no files beside it."""
    return f"{database.absolute().as_uri()}?immutable=1"


def compare(one: Path, other: Path) -> list[Compared]:
    """Compare each table; ``one`` is written by nobody.

    Raises sqlite3.Error where a database cannot be read.
    """
    address = at_rest(one)
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.execute("ATTACH DATABASE ? AS other", [f"{other.absolute().as_uri()}?mode=ro"])
        # One state of a database that a crawl may be writing to.
        connection.execute("BEGIN")
        return [_compared(connection, table) for table in tables()]


def _compared(connection: sqlite3.Connection, table: Table) -> Compared:
    here, there = rows_sql(table, "main"), rows_sql(table, "other")
    counts = (
        connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
        for sql in (
            here, there, f"SELECT * FROM ({here}) EXCEPT SELECT * FROM ({there})",
            f"SELECT * FROM ({there}) EXCEPT SELECT * FROM ({here})",
        )
    )  # fmt: skip
    return Compared(table.name, *counts)


def rows_sql(table: Table, database: str = "main") -> str:
    """The statement that gives a table's rows as they are compared."""
    columns = [
        _NAMED[column.name].format(db=database, column=f"t.{column.name}")
        if column.name in _NAMED else f"t.{column.name}"
        for column in table.columns
        if column.name != "id" or table.name in _COUNTED
    ]  # fmt: skip
    return f"SELECT {', '.join(columns)} FROM {database}.{table.name} t"
