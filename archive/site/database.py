"""The archive as readers may see it: readers' tables, read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from archive import expansion
from archive.columns import ColumnsKeeper
from archive.site.datasette_api import Database, Datasette, sqlite_timelimit
from archive.tables import TABLES
from archive.views import VIEWS

DATABASE_NAME = "halong"

READERS_TABLES = frozenset(
    [table.name for table in TABLES if not table.is_plumbing] + [view.name for view in VIEWS]
)
"""All that may be looked at by name. Anything else does not exist for readers: plumbing, the
tables behind full-text search, SQLite's own tables and its table-valued functions."""

Answer = TypeVar("Answer")


class ReadersDatabase(Database):  # type: ignore[misc]
    """A Datasette database that lists readers' tables only and cannot be written to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.columns = ColumnsKeeper(Path(self.path))
        """What search counts and orders by."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A read-only connection; made from a quoted address, as a folder may hold # or ?."""
        if write:
            raise PermissionError("the site never writes to the archive")
        address = f"{Path(self.path).absolute().as_uri()}?mode=ro"
        conn = sqlite3.connect(address, uri=True, check_same_thread=False)
        expansion.prepare(conn)
        conn.execute("PRAGMA query_only = 1")
        self._all_file_connections.append(conn)
        return conn

    async def table_names(self) -> list[str]:
        """Readers' tables."""
        return [name for name in await super().table_names() if name in READERS_TABLES]

    async def get_all_foreign_keys(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        """Foreign keys between readers' tables."""
        found = await super().get_all_foreign_keys()
        return {
            table: {
                direction: [key for key in keys if key["other_table"] in READERS_TABLES]
                for direction, keys in directions.items()
            }
            for table, directions in found.items()
            if table in READERS_TABLES
        }


async def ask(datasette: Datasette, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Put a question to the archive: in a thread, at one moment in time, for a bounded time."""

    def in_thread(conn: sqlite3.Connection) -> Answer:
        with sqlite_timelimit(conn, datasette.sql_time_limit_ms), _one_moment(conn):
            return question(conn)

    # What is said in the thread is said in the language of the page.
    context = copy_context()
    answer: Answer = await datasette.get_database(DATABASE_NAME).execute_fn(
        lambda conn: context.run(in_thread, conn)
    )
    return answer


@contextmanager
def _one_moment(conn: sqlite3.Connection) -> Iterator[None]:
    """All statements inside see the same state, whatever a crawl commits meanwhile."""
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("ROLLBACK")


def rows(conn: sqlite3.Connection, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
    """All rows as dictionaries."""
    cursor = conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
