"""The archive's folder: where each thing lies. Copy the folder and you have moved the archive."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


class ArchiveError(Exception):
    """The archive cannot be used: one line that says what, where, and what to do."""


@dataclass(frozen=True)
class Archive:
    """The folder of one archive. Making the object touches nothing on disk."""

    path: Path

    def __init__(self, path: str | os.PathLike[str]) -> None:
        object.__setattr__(self, "path", Path(path))

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "halong.db"

    @property
    def warc_dir(self) -> Path:
        """What servers answered, in WARC files."""
        return self.path / "warc"

    @property
    def files_dir(self) -> Path:
        """Attachments by SHA-256."""
        return self.path / "files"

    @property
    def portals_dir(self) -> Path:
        """The archivist's own descriptors."""
        return self.path / "portals"

    @property
    def fixity_dir(self) -> Path:
        """What was verified when; made by the first verification."""
        return self.path / "fixity"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.path / ".lock"

    @property
    def reparse_lock(self) -> Path:
        """Held by the one process that reads captures again."""
        return self.path / ".reparse.lock"

    def create(self) -> None:
        """Make the folder and those inside it. Raises :class:`ArchiveError`."""
        for folder in (self.path, self.warc_dir, self.files_dir, self.portals_dir):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except FileExistsError:
                raise ArchiveError(
                    f"{folder}: is a file; name another folder with --archive"
                ) from None
            except OSError as error:
                raise ArchiveError(
                    f"{folder}: cannot be made ({error.strerror}); choose a place you may write "
                    "to with --archive"
                ) from error
        if not os.access(self.path, os.W_OK):
            raise ArchiveError(f"{self.path}: cannot be written; check its owner and rights")


class Beside(Archive):
    """The same archive with another database: one that is being made out of its WARC files."""

    _database: Path

    def __init__(self, path: str | os.PathLike[str], database: Path) -> None:
        super().__init__(path)
        object.__setattr__(self, "_database", database)

    @property
    def database(self) -> Path:
        """The SQLite file that is being made."""
        return self._database


def sync_folder(folder: Path) -> None:
    """Have the disk remember the names in a folder: a new file's bytes alone are not enough."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
