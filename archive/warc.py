"""WARC files: what servers answered, kept before anything reads it (WARC 1.1, ISO 28500).

One gzip member a record, so that any record can be read alone by its place. warcio writes.
"""

from __future__ import annotations

import io
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from archive.message import CodingError, decoded, final, is_chunked, payload_digest, unchunked
from archive.place import ArchiveError, sync_folder
from archive.warc_records import Referred, ascii_url, message_record, revisit_record

MAX_BYTES = 1_000_000_000
"""A file that has reached this size is closed and the next begun."""

_IN_MEMORY = 16_000_000
"""A packed record that is larger waits on disk until it is whole."""

_CHUNK = 1_000_000


class WarcError(Exception):
    """A record cannot be read: the message names file and offset."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies."""

    file: str
    offset: int
    length: int
    payload_digest: str
    """``sha1:`` and base32, over the payload: equal for one chunked and one sent in one piece."""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response read back from its record."""

    url: str
    fetched_at: str
    status: int
    headers: dict[str, str]
    """Names in lower case; of a repeated header the last."""
    body: bytes
    """The body with its content coding (gzip …) undone."""
    raw_body: bytes
    """The body as the server has it: only the transfer coding (chunks) is undone."""


class WarcWriter:
    """Writes one crawl's records, rotating by size. No file is made before the first record.

    A record is packed first and written as one: when the disk is full the file ends with the record
    before it. Raises :class:`archive.place.ArchiveError` where writing fails.
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str,
        software: str,
        info: Mapping[str, str],
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.directory = directory
        self.prefix = prefix
        self.info = {
            "software": software,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            **info,
        }
        self.max_bytes = max_bytes
        self.began = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self.number = 0
        self.stream: io.FileIO | None = None
        self.name = ""
        self._warcinfo_id = ""
        self._lost: ArchiveError | None = None

    def write_exchange(
        self,
        url: str,
        *,
        fetched_at: str,
        sent: bytes,
        received: bytes,
        ip: str | None = None,
        truncated: str | None = None,
        repeats: Referred | None = None,
        of_payload: str | None = None,
    ) -> Place:
        """Write a response and its request; returns the response's place once it is flushed.

        ``sent`` and ``received`` are the messages as they went over the wire, framing and all.
        ``repeats``: what the answer has brought again, whose body is held; only its head is kept.
        ``of_payload``: :func:`archive.message.payload_digest`, where it is known.
        ``truncated`` is the reason of an answer that is not whole (WARC 1.1, 5.13: ``disconnect``).
        """
        stream = self._open()
        url = ascii_url(url)
        common = {"WARC-Date": fetched_at, "WARC-Warcinfo-ID": self._warcinfo_id}
        extra = (("WARC-IP-Address", ip), ("WARC-Truncated", truncated))
        received = final(received)
        of_payload = of_payload or payload_digest(received)
        of_framed = None if is_chunked(received) else of_payload
        with _packing() as packed:
            writer = _writer(packed)
            about = common | {name: value for name, value in extra if value}
            response = (
                message_record(url, "response", received, about, of_framed) if repeats is None
                else revisit_record(url, received, about, repeats)
            )  # fmt: skip
            writer.write_record(response)
            length = packed.tell()
            identity = response.rec_headers.get_header("WARC-Record-ID")
            about = common | {"WARC-Concurrent-To": identity}
            writer.write_record(message_record(url, "request", sent, about))
            offset = self._append(stream, packed)
        return Place(self.name, offset, length, of_payload)

    def sync(self) -> None:
        """Have the disk confirm what was written; before the database says it exists."""
        if self._lost is not None:
            # After a failed fsync the system may forget the pages, and report success next time.
            raise self._lost
        if self.stream is not None:
            try:
                os.fsync(self.stream.fileno())
            except OSError as error:
                self._lost = self._unwritable(error)
                raise self._lost from error

    def close(self) -> None:
        """Close the open file, if there is one."""
        if self.stream is not None:
            try:
                self.sync()
            finally:
                self.stream.close()
                self.stream = None

    def copy(self, record: bytes, payload_digest: str) -> Place:
        """Write a whole record of another archive as it is, in a gzip member of its own."""
        stream = self._open()
        with _packing() as packed:
            member = _member()
            packed.write(member.compress(record) + member.flush())
            length = packed.tell()
            return Place(self.name, self._append(stream, packed), length, payload_digest)

    def _open(self) -> io.FileIO:
        if self.stream is not None and self.stream.tell() >= self.max_bytes:
            self.close()
        if self.stream is None:
            stream = self._next_file()
            try:
                self._begin(stream)
            except BaseException:
                stream.close()
                raise
            self.stream = stream
        return self.stream

    def _begin(self, stream: io.FileIO) -> None:
        """Write the record that says who wrote the file; the others name it."""
        with _packing() as packed:
            writer = _writer(packed)
            record = writer.create_warcinfo_record(self.name, self.info)
            writer.write_record(record)
            self._append(stream, packed)
        self._warcinfo_id = record.rec_headers.get_header("WARC-Record-ID")

    def _append(self, stream: io.FileIO, packed: IO[bytes]) -> int:
        """Write packed records to the end of the file, all or nothing; returns where they begin."""
        offset = stream.tell()
        packed.seek(0)
        try:
            while chunk := packed.read(_CHUNK):
                left = memoryview(chunk)
                while left:
                    left = left[stream.write(left) :]
        except OSError as error:
            stream.truncate(offset)
            stream.seek(offset)
            raise self._unwritable(error) from error
        return offset

    def _next_file(self) -> io.FileIO:
        """A new file; never one that exists, which may end in a record cut by a kill."""
        while True:
            self.name = f"{self.prefix}-{self.began}-{self.number:05}.warc.gz"
            self.number += 1
            try:
                stream = (self.directory / self.name).open("xb", buffering=0)
            except FileExistsError:
                continue
            except OSError as error:
                raise self._unwritable(error) from error
            sync_folder(self.directory)
            return stream

    def _unwritable(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"{self.directory / self.name}: cannot be written ({error.strerror}); check the disk "
            "and its free space"
        )


def _writer(packed: IO[bytes]) -> WARCWriter:
    """Writes records into gzip members."""
    return WARCWriter(_Members(packed), gzip=False, warc_version="WARC/1.1")


class _Members:
    """One gzip member a record: warcio ends each with a flush.

    warcio packs at level 9, which takes half as long again as 4 and saves a thirtieth of a page.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._member = _member()

    def write(self, data: bytes) -> None:
        self._out.write(self._member.compress(data))

    def flush(self) -> None:
        self._out.write(self._member.flush())
        self._member = _member()


def _member() -> zlib._Compress:
    return zlib.compressobj(level=4, wbits=zlib.MAX_WBITS | 16)


@contextmanager
def _packing() -> Iterator[tempfile.SpooledTemporaryFile[bytes]]:
    """Where a record is packed; large ones (and warcio's own copies) are put by on disk."""
    try:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as packed:
            yield packed
    except OSError as error:
        raise ArchiveError(
            f"{tempfile.gettempdir()}: cannot be written ({error.strerror}); make room there or "
            "name another folder with TMPDIR"
        ) from error


def read_response(directory: Path, file: str, offset: int, length: int) -> StoredResponse:
    """Read a stored response by its place, checking its sums and digests.

    Of a revisit record the head; its bodies are empty. Raises :class:`WarcError` when the file is
    missing, the record cut or a sum wrong.
    """
    where = f"{directory / file} at {offset}"
    record, framed = _read(directory, file, offset, length)
    if record.rec_type == "resource":
        return _resource(record, framed)
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    raw = unchunked(framed) if chunked else framed
    try:
        body = decoded(raw, headers.get("content-encoding", ""))
    except CodingError as error:
        raise WarcError(f"{where}: {error}") from error
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=record.rec_headers.get_header("WARC-Date"),
        status=_status(record),
        headers=headers,
        body=body,
        raw_body=raw,
    )


def read_framed(directory: Path, file: str, offset: int, length: int) -> tuple[str | None, bytes]:
    """A record's identity, and the body of its answer as it went over the wire, chunks and all.

    Raises :class:`WarcError`, also for a record that holds no body of its own.
    """
    record, framed = _read(directory, file, offset, length)
    if record.rec_type != "response":
        raise WarcError(f"{directory / file} at {offset}: is a {record.rec_type} record")
    return record.rec_headers.get_header("WARC-Record-ID"), framed


def _read(directory: Path, file: str, offset: int, length: int) -> tuple[ArcWarcRecord, bytes]:
    """The record at a place, and what follows its answer's head."""
    where = f"{directory / file} at {offset}"
    try:
        with (directory / file).open("rb") as stream:
            stream.seek(offset)
            stored = stream.read(length)
    except OSError as error:
        raise WarcError(f"{where}: cannot be read ({error.strerror})") from error
    try:
        if len(stored) < length:
            raise EOFError
        records = ArchiveIterator(io.BytesIO(_unpacked(stored)), check_digests="raise")
        record = next(iter(records))
        framed = record.raw_stream.read()
        if record.rec_type == "resource":
            return record, framed
        if record.rec_type not in ("response", "revisit"):
            raise WarcError(f"{where}: is a {record.rec_type} record, not a response")
        if record.http_headers is None:
            raise WarcError(f"{where}: holds no answer of a web server")
        _status(record)
    except (ArchiveLoadFailed, StopIteration, EOFError, ValueError, zlib.error) as error:
        reason = str(error) or "it is cut short"
        raise WarcError(f"{where}: the record is damaged ({reason})") from error
    return record, framed


def _status(record: ArcWarcRecord) -> int:
    return int(record.http_headers.get_statuscode())


def _resource(record: ArcWarcRecord, body: bytes) -> StoredResponse:
    """What was had without a server's head (6.4): saved pages. pywb shows them as 200, too."""
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=record.rec_headers.get_header("WARC-Date"),
        status=200,
        headers={"content-type": record.content_type or ""},
        body=body,
        raw_body=body,
    )


def _unpacked(stored: bytes) -> bytes:
    """What one gzip member holds, its own sum checked; a record of a plain file as it is."""
    if not stored.startswith(b"\x1f\x8b"):
        return stored
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    data = member.decompress(stored)
    if not member.eof:
        raise EOFError
    if member.unused_data:
        raise ValueError("it ends before the length given")
    return data
