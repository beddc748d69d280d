"""The archive's database opened for reading only, while a crawl may go on beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from archive.connection import explained
from archive.place import Archive, ArchiveError
from archive.schema import SCHEMA_VERSION, schema_version


@contextmanager
def reading(archive: Archive) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write.

    Raises :class:`ArchiveError` where there is no archive, or one of an older schema.
    """
    if not archive.database.is_file():
        raise ArchiveError(
            f"{archive.path}: holds no archive; crawl a portal first, or name another folder with "
            "--archive"
        )
    address = f"{archive.database.absolute().as_uri()}?mode=ro"
    with (
        explained(archive.database),
        closing(sqlite3.connect(address, uri=True)) as connection,
    ):
        if schema_version(connection) < SCHEMA_VERSION:
            raise ArchiveError(
                f"{archive.database}: was written by an older Halong; a crawl or halong reindex "
                "brings it up to date"
            )
        yield connection
