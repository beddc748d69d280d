"""A WARC file whose writer was killed may end in half a record: that is cut, and said.

A record is written as one gzip member and named by the database only afterwards, so what is cut was
never known; and a new crawl begins a new file, so nothing is ever written behind a torn end.
"""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive import chain
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


def mend(connection: sqlite3.Connection, warc_dir: Path) -> list[Cut]:
    """Cut an unfinished record off every file that the chain has not closed up to its end.

    For the one writer of the archive, before such a file is closed or another begun. Damage of any
    other kind is left as it is. Raises :class:`archive.place.ArchiveError` where a file cannot be
    read or cut.
    """
    ends = {span.file: span.end for span in chain.spans(connection)}
    cuts = []
    for name in chain.warc_files(warc_dir):
        path, closed = warc_dir / name, ends.get(name, 0)
        try:
            if name.endswith(".gz") and closed < path.stat().st_size:
                cuts += _mended(connection, path, name, closed)
        except OSError as error:
            raise ArchiveError(
                f"{path}: cannot be read and mended ({error.strerror}); check the disk"
            ) from error
    return cuts


def _mended(connection: sqlite3.Connection, path: Path, name: str, closed: int) -> list[Cut]:
    with path.open("r+b") as stream:
        torn = _torn_at(stream, closed)
        if torn is None or torn < _known(connection, name):
            return []
        size = stream.seek(0, 2) - torn
        stream.truncate(torn)
    return [Cut(path, size)]


def _known(connection: sqlite3.Connection, name: str) -> int:
    """Where the last record ends that the database names in a file: evidence, never cut."""
    (end,) = connection.execute(
        "SELECT coalesce(max(warc_offset + warc_length), 0) FROM captures WHERE warc_file = ?",
        [name],
    ).fetchone()
    return int(end)


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
