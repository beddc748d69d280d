"""The archive as a bag: BagIt 1.0 (RFC 8493), which any long-term store takes in and checks.

The payload is an archive's folder again: database, WARC files, chain, attachments, descriptors,
the fixity log. Each file is read once; its digests are taken while it is copied. Nothing is linked,
so that damage to one of the two does not reach the other.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archive import chain
from archive.files import FileStore
from archive.lock import Lock
from archive.place import Archive, ArchiveError, sync_folder
from archive.reader import reading
from archive.verify import attachment_names

ALGORITHMS = ("sha256", "sha512")
"""RFC 8493, 2.4: SHA-512 is what new bags should have; SHA-256 is what the archive itself uses."""

_CHUNK = 1 << 20
_SPARE = 10_000_000
"""Bytes of the disk that the bag leaves free."""


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag that was written."""

    path: Path
    files: int
    bytes: int
    """Of the payload."""
    head: str | None
    """The chain's newest head; None before any crawl was closed."""


@dataclass
class _Writer:
    """Copies files into a bag and notes their digests."""

    folder: Path
    digests: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: int = 0

    def copy(self, source: Path, name: str) -> None:
        """Copy one file to ``name`` below the bag. Raises OSError."""
        with source.open("rb") as stream:
            self._write(name, iter(lambda: stream.read(_CHUNK), b""))

    def text(self, name: str, text: str) -> None:
        """Write a tag file."""
        self._write(name, [text.encode()])

    def _write(self, name: str, chunks: Iterable[bytes]) -> None:
        totals = [hashlib.new(each) for each in ALGORITHMS]
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                for total in totals:
                    total.update(chunk)
                self.written += len(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        self.digests[name] = tuple(total.hexdigest() for total in totals)

    def manifests(self, kind: str, names: Iterable[str]) -> None:
        """Write ``manifest-sha256.txt`` and the like over files of the bag."""
        chosen = sorted(names)
        for number, algorithm in enumerate(ALGORITHMS):
            lines = [f"{self.digests[name][number]}  {_quoted(name)}\n" for name in chosen]
            self.text(f"{kind}-{algorithm}.txt", "".join(lines))


def write(
    archive: Archive, folder: Path, *, info: Mapping[str, str], portals: tuple[str, ...] = (),
    on_file: Callable[[str], None] = lambda _: None,
) -> Bag:  # fmt: skip
    """Write the archive as a bag to a folder that is not there yet; all of it or nothing.

    With ``portals`` only their WARC files and attachments; database and chain are whole all the
    same. ``info`` goes into bag-info.txt. Holds the archive's lock, so that nothing is written
    meanwhile. Raises :class:`ArchiveError`, also while a crawl holds it.
    """
    folder = folder.absolute()
    _check_place(archive, folder)
    scratch = folder.with_name(f".{folder.name}.part")
    with reading(archive) as connection:
        lock = Lock(archive.lock, "writing a bag")
        try:
            wanted = dict(_payload(archive, connection, portals))
            _check_room(archive, folder.parent, wanted.values())
            shutil.rmtree(scratch, ignore_errors=True)  # a kill left it
            made = _fill(_Writer(scratch), archive, connection, wanted, info, on_file)
            scratch.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            place = error.filename or folder
            raise ArchiveError(
                f"{folder}: no bag was written: {place}: {error.strerror}; check the disk, its "
                "free space and the rights"
            ) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            lock.release()
    return Bag(folder, *made)


def _fill(
    bag: _Writer, archive: Archive, connection: sqlite3.Connection, wanted: Mapping[str, Path],
    info: Mapping[str, str], on_file: Callable[[str], None],
) -> tuple[int, int, str | None]:  # fmt: skip
    bag.folder.mkdir()
    on_file(archive.database.name)
    copied = bag.folder / "halong.db.copy"
    _copy_database(connection, copied)
    bag.copy(copied, f"data/{archive.database.name}")
    copied.unlink()
    for name, source in wanted.items():
        on_file(name)
        bag.copy(source, f"data/{name}")
    payload, size = list(bag.digests), bag.written
    newest = chain.heads(connection, 1)
    bag.manifests("manifest", payload)
    bag.text("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    fields = dict(info) | {
        "Bagging-Date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    if newest:
        fields |= {
            "Halong-Chain-Head": newest[0].head, "Halong-Chain-Root": newest[0].root,
            "Halong-Chain-Closed": newest[0].closed_at,
        }  # fmt: skip
    bag.text("bag-info.txt", "".join(f"{k}: {_one_line(v)}\n" for k, v in fields.items() if v))
    bag.manifests("tagmanifest", set(bag.digests) - set(payload))
    return len(payload), size, newest[0].head if newest else None


def _copy_database(connection: sqlite3.Connection, place: Path) -> None:
    """A copy at one moment, that leaves no file beside itself when it is read."""
    with closing(sqlite3.connect(place)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _payload(
    archive: Archive, connection: sqlite3.Connection, portals: tuple[str, ...]
) -> Iterator[tuple[str, Path]]:
    """Name in the archive and file, of all but the database."""
    _check_portals(archive, connection, portals)
    for name in _warc_names(archive, connection, portals):
        yield f"warc/{name}", archive.warc_dir / name
        index = f"{name}.cdxj"
        if (archive.warc_dir / index).exists():
            yield f"warc/{index}", archive.warc_dir / index
    if (archive.warc_dir / chain.FILE).exists():
        yield f"warc/{chain.FILE}", archive.warc_dir / chain.FILE
    store = FileStore(archive.files_dir)
    for name in _attachments(archive, connection, portals):
        place = store.place(name)
        if place.exists():
            yield place.relative_to(archive.path).as_posix(), place
    for folder in (archive.portals_dir, archive.fixity_dir):
        for place in sorted(folder.rglob("*")):
            if place.is_file():
                yield place.relative_to(archive.path).as_posix(), place


def _check_portals(
    archive: Archive, connection: sqlite3.Connection, portals: tuple[str, ...]
) -> None:
    known = {name for (name,) in connection.execute("SELECT name FROM portals")}
    for name in portals:
        if name not in known:
            raise ArchiveError(
                f"{archive.path}: holds no portal {name}; it holds "
                f"{', '.join(sorted(known)) or 'none'}"
            )


def _warc_names(
    archive: Archive, connection: sqlite3.Connection, portals: tuple[str, ...]
) -> list[str]:
    """WARC files with captures of the portals or the bodies they refer to, and those without any
    portal's captures."""
    there = chain.warc_files(archive.warc_dir)
    if not portals:
        return there
    others = {
        name
        for (name,) in connection.execute(
            "SELECT warc_file FROM captures WHERE warc_file IS NOT NULL "
            "EXCEPT SELECT warc_file FROM captures "
            "WHERE portal IN (SELECT value FROM json_each(:portals)) "
            "EXCEPT SELECT body.warc_file FROM captures c JOIN captures body "
            "ON body.id = c.refers_to WHERE c.portal IN (SELECT value FROM json_each(:portals))",
            {"portals": json.dumps(portals)},
        )
    }
    return [name for name in there if name not in others]


def _attachments(
    archive: Archive, connection: sqlite3.Connection, portals: tuple[str, ...]
) -> list[str]:
    if not portals:
        return attachment_names(connection, archive.files_dir)
    rows = connection.execute(
        "SELECT DISTINCT f.sha256 FROM attachments f JOIN articles a ON a.id = f.article_id "
        "WHERE f.sha256 IS NOT NULL AND a.portal IN (SELECT value FROM json_each(?)) ORDER BY 1",
        [json.dumps(portals)],
    )
    return [name for (name,) in rows]


def _check_place(archive: Archive, folder: Path) -> None:
    if folder.exists():
        raise ArchiveError(f"{folder}: is there already; name a folder that is not")
    if not folder.parent.is_dir():
        raise ArchiveError(f"{folder.parent}: is no folder; make it, or name another place")
    if folder.resolve().is_relative_to(archive.path.resolve()):
        raise ArchiveError(f"{folder}: lies in the archive itself; name a folder outside of it")


def _check_room(archive: Archive, parent: Path, files: Iterable[Path]) -> None:
    # The database stands there twice for a moment: as it is copied, and in the payload.
    needed = 2 * archive.database.stat().st_size + sum(each.stat().st_size for each in files)
    free = shutil.disk_usage(parent).free
    if free < needed + _SPARE:
        raise ArchiveError(
            f"{parent}: the bag takes {needed / 1e6:,.1f} MB and {free / 1e6:,.1f} MB are free; "
            "name a folder on a larger disk"
        )


def _quoted(name: str) -> str:
    """A path as manifests have it (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _one_line(value: str) -> str:
    return " ".join(value.split())
