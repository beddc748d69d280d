"""A ZIP file whose bytes depend on nothing but what is put in."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Self

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Added:
    """A file in it."""

    path: str
    sha256: str
    bytes: int


class Zipped:
    """Files in the order they are added, all of one time; packed only where asked for.

    Every method raises OSError where the disk is full.
    """

    def __init__(self, stream: BinaryIO, at: str) -> None:
        """``at``: the time every file bears, as ISO 8601."""
        year, *rest = (int(part) for part in re.findall(r"\d+", at)[:6])
        self._at = (max(year, 1980), *rest)  # before 1980 ZIP knows no time
        self._zip = zipfile.ZipFile(stream, "w")
        self.added: list[Added] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, path: Path, *, pack: bool = False) -> None:
        """Move a file into it: the file is gone afterwards."""
        total, size = sha256(), path.stat().st_size
        with path.open("rb") as source, self._begin(name, size, pack=pack) as target:
            while chunk := source.read(_CHUNK):
                total.update(chunk)
                target.write(chunk)
        self.added.append(Added(name, total.hexdigest(), size))
        path.unlink()

    def add_text(self, name: str, text: bytes) -> None:
        """Add a small file."""
        with self._begin(name, len(text), pack=True) as target:
            target.write(text)
        self.added.append(Added(name, sha256(text).hexdigest(), len(text)))

    def _begin(self, name: str, size: int, *, pack: bool) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self._at)  # type: ignore[arg-type]  # six numbers
        info.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        info.create_system, info.external_attr = 3, 0o644 << 16
        info.file_size = size  # by which it is decided whether 64 bits are needed
        return self._zip.open(info, "w")
