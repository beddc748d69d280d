"""A WARC file whose writer was killed may end in half a record: that is cut, and said.

A record is written as one gzip member and named by the database only afterwards, so what is cut was
never known; and a new crawl begins a new file, so nothing is ever written behind a torn end.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.place import ArchiveError

_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut off a file."""

    path: Path
    size: int
    """Bytes."""

    def __str__(self) -> str:
        """One line that says it."""
        return f"{self.path.name}: {self.size} bytes of an unfinished record at its end were cut"


def mend(connection: sqlite3.Connection, warc_dir: Path, prefix: str) -> Cut | None:
    """Cut an unfinished record off the latest file of a portal; None where there is none.

    For the one writer of the archive, before it begins a file. Damage of any other kind is left as
    it is. Raises :class:`archive.place.ArchiveError` where the file cannot be read or cut.
    """
    name = re.compile(rf"{re.escape(prefix)}-\d{{8}}T\d{{6}}Z-\d{{5}}\.warc\.gz")
    latest = max((path for path in warc_dir.iterdir() if name.fullmatch(path.name)), default=None)
    if latest is None:
        return None
    (known,) = connection.execute(
        "SELECT coalesce(max(warc_offset + warc_length), 0) FROM captures WHERE warc_file = ?",
        [latest.name],
    ).fetchone()
    try:
        with latest.open("r+b") as stream:
            torn = _torn_at(stream, known)
            if torn is None:
                return None
            size = stream.seek(0, 2) - torn
            stream.truncate(torn)
    except OSError as error:
        raise ArchiveError(
            f"{latest}: cannot be read and mended ({error.strerror}); check the disk"
        ) from error
    return Cut(latest, size)


def _torn_at(stream: BinaryIO, place: int) -> int | None:
    """Where the member begins that the file ends within; None if it ends with a whole one.

    ``place``: where to begin; a member begins there, or the file ends.
    """
    size = stream.seek(0, 2)
    while place < size:
        try:
            end = _member_end(stream, place)
        except zlib.error:
            return None
        if end is None:
            return place
        place = end
    return None


def _member_end(stream: BinaryIO, place: int) -> int | None:
    """Where a gzip member ends; None if the file ends before. Raises zlib.error."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    stream.seek(place)
    while not member.eof:
        waiting = member.unconsumed_tail
        if not waiting:
            waiting = stream.read(_CHUNK)
            if not waiting:
                return None
        member.decompress(waiting, _CHUNK)
    return stream.tell() - len(member.unused_data)
