"""WACZ packages: captures of a portal, a crawl or a period in one file (WACZ 1.1.1).

The records are copied as they are stored, one at a time. The same archive and choice give the same
bytes: nothing in a package says when, where or by which run it was made.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from archive import cdxj_lines, chosen
from archive.chosen import Choice, Packed
from archive.lock import Lock
from archive.members import BrokenError, Member, fields, mapped, member
from archive.place import Archive, ArchiveError, sync_folder
from archive.warc import WarcError
from archive.zipped import Zipped

VERSION = "1.1.1"
"""Of the format: https://specs.webrecorder.net/wacz/1.1.1/"""

_BESIDE = ("request", "metadata")
"""Kinds of record that say more of an answer and stand behind it."""


def package(
    archive: Archive, connection: sqlite3.Connection, choice: Choice, out: Path, *,
    software: str, tell: Callable[[int], None] = lambda _: None,
) -> Packed:  # fmt: skip
    """Write the chosen captures as a WACZ file; ``tell`` is called with captures as they are done.

    It is made in ``OUT.part/`` and moved in place when it is whole; what a kill left there the next
    run clears. Raises LookupError where nothing is chosen, and :class:`ArchiveError` where a record
    cannot be read or the file not written.
    """
    packed = Packed(out)
    packed.captures, packed.referred, packed.first, packed.last = chosen.choose(connection, choice)
    work = out.with_name(f"{out.name}.part")
    try:
        work.mkdir(exist_ok=True)
        lock = Lock(work / "lock", f"packing {out.name}")
        try:
            _clear(work, keep=lock.stream.name)
            _Package(archive, connection, work, packed).write(choice, software, tell)
            packed.bytes = (work / "package").stat().st_size
            (work / "package").replace(out)
            sync_folder(out.absolute().parent)
        finally:
            _clear(work)
            lock.release()
            work.rmdir()
    except OSError as error:
        raise ArchiveError(
            f"{out}: cannot be written ({error.strerror}); check the disk and its free space, or "
            "name another file with --out"
        ) from error
    return packed


def _clear(work: Path, keep: str = "") -> None:
    for path in work.iterdir():
        if str(path) != keep:
            path.unlink()


class _Package:
    """One package while it is written."""

    def __init__(
        self, archive: Archive, connection: sqlite3.Connection, work: Path, packed: Packed
    ) -> None:
        self.archive = archive
        self.connection = connection
        self.work = work
        self.packed = packed

    def write(self, choice: Choice, software: str, tell: Callable[[int], None]) -> None:
        self.connection.execute("DROP TABLE IF EXISTS temp.package_lines")
        self.connection.execute("CREATE TEMP TABLE package_lines (line TEXT NOT NULL)")
        with (self.work / "package").open("wb") as stream:
            with Zipped(stream, self.packed.last) as self.zip:
                for file in chosen.files(self.connection):
                    self._add_file(file, tell)
                self._add_index()
                self._add_pages()
                self._add_description(choice, software)
            stream.flush()
            os.fsync(stream.fileno())

    def _add_file(self, file: str, tell: Callable[[int], None]) -> None:
        """The chosen records of one WARC file, and their lines for the index."""
        name = file.replace("/", "-")
        part = self.work / "records"
        with part.open("wb") as stream:
            self._copy(file, stream, tell)
        self.packed.files += 1
        lines = ((line,) for line in cdxj_lines.lines(part, name))
        try:
            self.connection.executemany("INSERT INTO package_lines VALUES (?)", lines)
        except WarcError as error:
            raise ArchiveError(
                f"{self.archive.warc_dir / file}: cannot be indexed ({error}); halong verify says "
                "what is damaged"
            ) from error
        self.zip.add(f"archive/{name}", part)

    def _copy(self, file: str, stream: BinaryIO, tell: Callable[[int], None]) -> None:
        path = self.archive.warc_dir / file
        try:
            with mapped(path) as data:
                for each in _records(data, chosen.places(self.connection, file), tell):
                    stream.write(data[each.offset : each.offset + each.length])
                    self.packed.records += 1
        except (OSError, BrokenError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise ArchiveError(
                f"{path}: cannot be packed ({reason}); halong verify says what is damaged"
            ) from error

    def _add_index(self) -> None:
        rows = self.connection.execute("SELECT line FROM package_lines ORDER BY line")
        data, summary = self.work / "index.cdx.gz", self.work / "index.idx"
        cdxj_lines.packed((line for (line,) in rows), data, summary)
        self.zip.add("indexes/index.cdx.gz", data)
        self.zip.add("indexes/index.idx", summary, pack=True)

    def _add_pages(self) -> None:
        path = self.work / "pages.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            head = {"format": "json-pages-1.0", "id": "pages", "title": "Pages", "hasText": True}
            stream.write(_line(head))
            for page in chosen.pages(self.connection):
                stream.write(_line(page))
                self.packed.pages += 1
        self.zip.add("pages/pages.jsonl", path, pack=True)

    def _add_description(self, choice: Choice, software: str) -> None:
        """What is in the package, with the digest of each, and the digest of that."""
        resources = [
            {"name": each.path.rpartition("/")[2].lower(), "path": each.path,
             "hash": f"sha256:{each.sha256}", "bytes": each.bytes} for each in self.zip.added
        ]  # fmt: skip
        about = {
            "profile": "data-package", "wacz_version": VERSION, "software": software,
            "title": chosen.title(self.connection, choice), "created": self.packed.last,
            "resources": resources,
        }  # fmt: skip
        text = json.dumps(about, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(text).hexdigest()}"}
        self.zip.add_text("datapackage.json", text)
        self.zip.add_text("datapackage-digest.json", json.dumps(digest, indent=2).encode())


def _records(
    data: Any, places: Sequence[tuple[int, int]], tell: Callable[[int], None]
) -> Iterator[Member]:
    """The record that says who wrote the file, the chosen ones, and what stands beside them.

    Raises :class:`BrokenError`.
    """
    first = member(data, 0)
    if fields(first.record).get("warc-type") == "warcinfo":
        yield first
    for offset, length in places:
        answer = member(data, offset)
        if answer.length != length:
            raise BrokenError(f"at {offset} the record is {answer.length} bytes long, not {length}")
        yield answer
        yield from _beside(data, answer)
        tell(1)


def _beside(data: Any, answer: Member) -> Iterator[Member]:
    """The request of an answer and its metadata, which Halong writes right behind it."""
    identity = fields(answer.record).get("warc-record-id")
    at = answer.offset + answer.length
    while at < len(data):
        each = member(data, at)
        said = fields(each.record)
        if said.get("warc-type") not in _BESIDE or said.get("warc-concurrent-to") != identity:
            return
        yield each
        at += each.length


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"
