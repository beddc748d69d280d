"""Attachments on disk: ``files/ab/cd/<sha256>``, each content once, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from archive.place import ArchiveError, sync_folder


class FileStore:
    """Keeps files by the SHA-256 of their bytes. Safe to use from several threads of one writer.

    A file appears under its name only when the disk has all of it: written beside, confirmed,
    renamed. A row that names it may be committed once :meth:`put` has returned.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._one_at_a_time = threading.Lock()

    def place(self, sha256: str) -> Path:
        """Where a file lies, or would lie."""
        return self.directory / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        """Keep some bytes; returns their SHA-256. Raises :class:`ArchiveError`."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.place(sha256)
        with self._one_at_a_time:
            try:
                if not _holds(place, data):
                    self._write(place, data)
            except OSError as error:
                raise ArchiveError(
                    f"{place}: cannot be written ({error.strerror}); check the disk and its free "
                    "space"
                ) from error
        return sha256

    def _write(self, place: Path, data: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        # One writer, one name: what a kill left half written is written over.
        part = place.with_name(f"{place.name}.part")
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(place)
        for folder in (place.parent, place.parent.parent, self.directory):
            sync_folder(folder)


def _holds(place: Path, data: bytes) -> bool:
    """Whether the file is there with these bytes; what the disk has spoilt is written anew."""
    try:
        if place.stat().st_size != len(data):
            return False
        return place.read_bytes() == data
    except FileNotFoundError:
        return False
