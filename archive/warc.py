"""WARC files: what servers answered, kept before anything reads it (WARC 1.1, ISO 28500).

One gzip member a record, so that any record can be read alone by its place. warcio writes.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import string
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit, urlunsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.place import ArchiveError, sync_folder

MAX_BYTES = 1_000_000_000
"""A file that has reached this size is closed and the next begun."""

_IN_MEMORY = 16_000_000
"""A packed record that is larger waits on disk until it is whole."""

_CHUNK = 1_000_000

_BREAKS = re.compile(r"[\r\n\0]+")

Headers = Sequence[tuple[str, str]]
"""Names and values in order, each character one byte of the wire (Latin-1)."""


class WarcError(Exception):
    """A record cannot be read: the message names file and offset."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies."""

    file: str
    offset: int
    length: int
    payload_digest: str
    """``sha1:`` and base32, over the body as it is stored."""


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
    """The body as it is stored."""


class _AsGiven(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers byte for byte: warcio would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: Callable[..., Any] | None = None) -> None:
        self.headers_buff = self.to_bytes(header_filter, "latin-1")


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
        status_line: str,
        headers: Headers,
        body: bytes,
        request_headers: Headers = (),
        posted: bytes | None = None,
        ip: str | None = None,
        truncated: str | None = None,
    ) -> Place:
        """Write a response and its request; returns the response's place once it is flushed.

        ``status_line`` is status and reason (``200 OK``). ``body`` is as it came over the wire, but
        for the chunking: a Transfer-Encoding header is therefore renamed, as Common Crawl does.
        ``posted`` is what a POST sent; None: it was a GET. ``truncated`` is the reason of a body
        that is not whole (WARC 1.1, 5.13: ``disconnect``).
        """
        stream = self._open()
        url = _ascii(url)
        common = {"WARC-Date": fetched_at, "WARC-Warcinfo-ID": self._warcinfo_id}
        extra = (("WARC-IP-Address", ip), ("WARC-Truncated", truncated))
        with _packing() as packed:
            writer = WARCWriter(packed, gzip=True, warc_version="WARC/1.1")
            response = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=_AsGiven(_wire(status_line), _stored(headers), protocol="HTTP/1.1"),
                warc_headers_dict=common | {name: value for name, value in extra if value},
            )
            writer.write_record(response)
            length = packed.tell()
            request = writer.create_warc_record(
                url,
                "request",
                payload=io.BytesIO(posted or b""),
                http_headers=_AsGiven(
                    f"{'GET' if posted is None else 'POST'} {_target(url)} HTTP/1.1",
                    _as_sent(request_headers, url, posted),
                    is_http_request=True,
                ),
                warc_headers_dict=common
                | {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
            )
            writer.write_record(request)
            offset = self._append(stream, packed)
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        return Place(self.name, offset, length, digest)

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
            member = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
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
            writer = WARCWriter(packed, gzip=True, warc_version="WARC/1.1")
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

    Raises :class:`WarcError` when the file is missing, the record cut or a sum wrong.
    """
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
        raw = record.raw_stream.read()
        if record.rec_type != "response":
            raise WarcError(f"{where}: is a {record.rec_type} record, not a response")
        if record.http_headers is None:
            raise WarcError(f"{where}: holds no answer of a web server")
        status = int(record.http_headers.get_statuscode())
    except (ArchiveLoadFailed, StopIteration, EOFError, ValueError, zlib.error) as error:
        reason = str(error) or "it is cut short"
        raise WarcError(f"{where}: the record is damaged ({reason})") from error
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=record.rec_headers.get_header("WARC-Date"),
        status=status,
        headers=headers,
        body=_decoded(raw, headers.get("content-encoding", ""), where),
        raw_body=raw,
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


def _decoded(raw: bytes, coding: str, where: str) -> bytes:
    if not raw:  # 304 and the like name a coding for a body they do not have
        return raw
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        try:
            raw = _CODINGS[name](raw)
        except KeyError:
            raise WarcError(f"{where}: unknown content coding {name}") from None
        except (OSError, EOFError, zlib.error) as error:
            raise WarcError(f"{where}: the {name} body is damaged ({error})") from error
    return raw


def _inflate(raw: bytes) -> bytes:
    """Deflate with or without the zlib wrapper: servers send both under one name."""
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return zlib.decompress(raw, -zlib.MAX_WBITS)


_CODINGS = {
    "gzip": gzip.decompress,
    "x-gzip": gzip.decompress,
    "deflate": _inflate,
    "identity": bytes,
}
"""Content codings a crawl asks for (see Accept-Encoding in the settings)."""


def _stored(headers: Headers) -> list[tuple[str, str]]:
    renamed = {"transfer-encoding": "X-Crawler-Transfer-Encoding"}
    return [(_wire(renamed.get(name.lower(), name)), _wire(value)) for name, value in headers]


def _as_sent(headers: Headers, url: str, posted: bytes | None) -> list[tuple[str, str]]:
    """The request's headers with those the client added on its way out."""
    given = [(_wire(name), _wire(value)) for name, value in headers]
    names = {name.lower() for name, _ in given}
    if "host" not in names:
        given.insert(0, ("Host", urlsplit(url).netloc.rpartition("@")[2]))
    if posted is not None and "content-length" not in names:
        given.append(("Content-Length", str(len(posted))))
    return given


def _wire(text: str) -> str:
    """One line of Latin-1: what cannot be on the wire in a header must not break the record."""
    line = _BREAKS.sub(" ", text)
    try:
        line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace").decode("latin-1")
    return line


def _ascii(url: str) -> str:
    """The URL in ASCII, as a request line and a WARC header want it."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    if not place.isascii():
        host, colon, port = place.partition(":")
        try:
            place = host.encode("idna").decode("ascii") + colon + port
        except UnicodeError:
            place = quote(place, safe=string.punctuation, errors="replace")
    return quote(
        urlunsplit(parts._replace(netloc=user + at + place)),
        safe=string.punctuation,
        errors="replace",
    )


def _target(url: str) -> str:
    """What the request line named: path and query."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
