"""WARC files: what servers answered, kept first and byte for byte (WARC 1.1, ISO 28500).

One gzip member a record, so that any record can be read alone by its place. warcio writes.
"""

from __future__ import annotations

import gzip
import io
import os
import string
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

MAX_BYTES = 1_000_000_000
"""A file that has reached this size is closed and the next begun."""

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
    """Writes one crawl's records, rotating by size. No file is made before the first record."""

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
        self.stream: BinaryIO | None = None
        self.name = ""

    def write_exchange(
        self,
        url: str,
        *,
        fetched_at: str,
        status_line: str,
        headers: Headers,
        body: bytes,
        method: str = "GET",
        request_headers: Headers = (),
        ip: str | None = None,
    ) -> Place:
        """Write a response and its request; returns the response's place once it is flushed.

        ``status_line`` is status and reason (``200 OK``). ``body`` is as it came over the wire, but
        for the chunking: a Transfer-Encoding header is therefore renamed, as Common Crawl does.
        """
        stream = self._open()
        writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
        response = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=_AsGiven(status_line, _stored(headers), protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": fetched_at,
                **({"WARC-IP-Address": ip} if ip is not None else {}),
            },
        )
        offset = stream.tell()
        writer.write_record(response)
        length = stream.tell() - offset
        request = writer.create_warc_record(
            url,
            "request",
            payload=io.BytesIO(b""),
            http_headers=_AsGiven(
                f"{method} {_target(url)} HTTP/1.1",
                _with_host(request_headers, url),
                is_http_request=True,
            ),
            warc_headers_dict={
                "WARC-Date": fetched_at,
                "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
            },
        )
        writer.write_record(request)
        stream.flush()
        digest = response.rec_headers.get_header("WARC-Payload-Digest")
        return Place(self.name, offset, length, digest)

    def sync(self) -> None:
        """Have the disk confirm what was written; before the database says it exists."""
        if self.stream is not None:
            os.fsync(self.stream.fileno())

    def close(self) -> None:
        """Close the open file, if there is one."""
        if self.stream is not None:
            self.sync()
            self.stream.close()
            self.stream = None

    def _open(self) -> BinaryIO:
        if self.stream is not None and self.stream.tell() >= self.max_bytes:
            self.close()
        if self.stream is None:
            self.stream = self._next_file()
            writer = WARCWriter(self.stream, gzip=True, warc_version="WARC/1.1")
            writer.write_record(writer.create_warcinfo_record(self.name, self.info))
        return self.stream

    def _next_file(self) -> BinaryIO:
        """A new file; never one that exists, which may end in a record cut by a kill."""
        while True:
            self.name = f"{self.prefix}-{self.began}-{self.number:05}.warc.gz"
            self.number += 1
            try:
                return (self.directory / self.name).open("xb")
            except FileExistsError:
                continue


def read_response(directory: Path, file: str, offset: int, length: int) -> StoredResponse:
    """Read a stored response by its place, checking its digests.

    Raises :class:`WarcError` when the file is missing, the record cut or its digest wrong.
    """
    where = f"{directory / file} at {offset}"
    try:
        with (directory / file).open("rb") as stream:
            stream.seek(offset)
            member = stream.read(length)
    except OSError as error:
        raise WarcError(f"{where}: cannot be read ({error.strerror})") from error
    if len(member) < length:
        raise WarcError(
            f"{where}: the record is cut short, {len(member)} of {length} bytes are left"
        )
    try:
        # Unpacked here, with its checksum: warcio takes a cut or broken member for a short one.
        plain = gzip.decompress(member)
        record = next(iter(ArchiveIterator(io.BytesIO(plain), check_digests="raise")))
        raw = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise WarcError(f"{where}: the record is damaged ({error or 'it is empty'})") from error
    if record.rec_type != "response":
        raise WarcError(f"{where}: is a {record.rec_type} record, not a response")
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=record.rec_headers.get_header("WARC-Date"),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        body=_decoded(raw, headers.get("content-encoding", ""), where),
        raw_body=raw,
    )


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
    return [(renamed.get(name.lower(), name), value) for name, value in headers]


def _with_host(headers: Headers, url: str) -> list[tuple[str, str]]:
    """The request's headers with the Host that the client added on its way out."""
    if any(name.lower() == "host" for name, _ in headers):
        return list(headers)
    return [("Host", urlsplit(url).netloc.rpartition("@")[2]), *headers]


def _target(url: str) -> str:
    """What the request line named: path and query, as ASCII."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=string.punctuation)
