"""The files others hand over: WARC and ARC, packed or plain, alone or inside a WACZ package."""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from archive.foreign import Buffer
from archive.imports import Origin
from archive.place import ArchiveError
from halong_crawler.importing.saved import Saved, is_saved, read_folder, read_page

_CHUNK = 1_000_000
_INSIDE = re.compile(r"\.(?:warc|arc)(?:\.gz)?$", re.IGNORECASE)
_KNOWN = re.compile(rb"\x1f\x8b|WARC/|filedesc:|https?://")
_LOCAL = struct.Struct("<4s22xHH")
"""A ZIP entry's own head (APPNOTE 4.3.7): its mark, and the lengths of name and extra field."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of records; its bytes are not in memory before they are read."""

    name: str
    """The file's path; of one inside a package both."""
    data: Buffer


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was handed over."""

    path: Path
    sha256: str
    size: int
    sources: tuple[Source, ...]
    faults: tuple[tuple[int, str], ...] = ()
    """Offset and reason of what of the package itself cannot be read."""

    left_out: Counter[str] = field(default_factory=Counter)
    """By reason, what of it is not imported."""
    dated_by_file: int = 0
    """How many of its pages name no time of their own."""

    @property
    def origin(self) -> Origin:
        """Its row in ``imports``."""
        kind = "folder" if self.path.is_dir() else "file"
        return Origin(self.path.resolve().name, kind, sha256=self.sha256, bytes=self.size)


def open_given(path: Path) -> Given:
    """Open a file or a folder.

    Raises :class:`archive.place.ArchiveError` where it cannot be read.
    """
    try:
        if path.is_dir():
            saved, sha256, size = read_folder(path)
            return _of_saved(path, sha256, size, saved)
        with path.open("rb") as stream:
            sha256, size = _sum(stream)
            if not size:
                return Given(path, sha256, 0, (), ((0, "the file is empty"),))
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            if data[:2] == b"PK":
                sources, faults = _unpack(path, stream, data)
                return Given(path, sha256, size, sources, faults)
            if _KNOWN.match(data) is None and is_saved(data):
                return _of_saved(path, sha256, size, read_page(path))
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be read ({error.strerror}); check its name and rights"
        ) from error
    if _KNOWN.match(data) is None:
        return Given(
            path,
            sha256,
            size,
            (),
            ((0, "is neither WARC, ARC nor WACZ, nor a page that was saved"),),
        )
    return Given(path, sha256, size, (Source(str(path), data),))


def _of_saved(path: Path, sha256: str, size: int, saved: Saved) -> Given:
    data = saved.data()
    sources = (Source(str(path), data),) if len(data) else ()
    return Given(path, sha256, size, sources, tuple(saved.faults), saved.left_out,
                 saved.dated_by_file)  # fmt: skip


def _sum(stream: BinaryIO) -> tuple[str, int]:
    sums = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        sums.update(chunk)
    return sums.hexdigest(), stream.tell()


def _unpack(
    path: Path, stream: BinaryIO, data: mmap.mmap
) -> tuple[tuple[Source, ...], tuple[tuple[int, str], ...]]:
    """The files of records in a WACZ package (WACZ 1.1.1, 4.1)."""
    found: list[Source] = []
    faults: list[tuple[int, str]] = []
    try:
        with zipfile.ZipFile(stream) as package:
            entries = [e for e in package.infolist() if _INSIDE.search(e.filename) and e.file_size]
            for entry in entries:
                try:
                    inside = _entry(package, entry, data)
                except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
                    faults.append((entry.header_offset, f"{entry.filename}: {error}"))
                else:
                    found.append(Source(f"{path}/{entry.filename}", inside))
    except zipfile.BadZipFile as error:
        return (), ((0, f"the package cannot be opened ({error})"),)
    if not entries:
        faults.append((0, "the package holds no WARC file"))
    return tuple(found), tuple(faults)


def _entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, data: mmap.mmap) -> Buffer:
    """An entry that is stored as it is, as a WACZ wants it, is read where it lies."""
    if entry.compress_type == zipfile.ZIP_STORED:
        mark, name, extra = _LOCAL.unpack_from(data, entry.header_offset)
        start = entry.header_offset + _LOCAL.size + name + extra
        if mark != b"PK\x03\x04" or start + entry.file_size > len(data):
            raise zipfile.BadZipFile("it does not lie where the package says")
        return memoryview(data)[start : start + entry.file_size]
    with tempfile.TemporaryFile() as unpacked:
        for chunk in _chunks(package, entry):
            unpacked.write(chunk)
        unpacked.flush()
        return mmap.mmap(unpacked.fileno(), 0, access=mmap.ACCESS_READ)


def _chunks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
