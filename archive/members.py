"""A WARC file taken apart as it is stored, record by record, past what is damaged in it.

Nothing is interpreted beyond what verifying needs: where each record lies, what it unpacks to,
and whether its own digests hold (WARC 1.1, 5.8 and 5.9). A record is unpacked whole in memory.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.message import body_start, digest, payload

_GZIP = b"\x1f\x8b\x08"
_PLAIN = b"WARC/"
_END = b"\r\n\r\n"
_CHUNK = 1 << 16

_DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}
_HAS_PAYLOAD = ("response", "request", "resource")


class BrokenError(Exception):
    """What lies there is no whole record; the message says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """A record as it is stored: a gzip member, or its plain text in a file that is not packed."""

    offset: int
    length: int
    record: bytes
    """Header block and block, unpacked: the same however the file is packed."""


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes that are no record."""

    offset: int
    length: int
    why: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a record says of itself."""

    kind: str
    url: str | None
    payload_digest: str | None
    """Of what it carries, chunks undone, as ``captures.payload_digest``; as the record says it
    where it has no payload of its own (a revisit)."""


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap | bytes]:
    """A file's bytes, read as they are needed. Raises OSError."""
    with path.open("rb") as stream:
        if not path.stat().st_size:
            yield b""
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def walk(data: mmap.mmap | bytes, start: int = 0) -> Iterator[Member | Torn]:
    """Every record from ``start`` on; what is torn is told, and the walk goes on behind it."""
    at = start
    while at < len(data):
        try:
            found = member(data, at)
        except BrokenError as error:
            after = _next(data, at + 1)
            yield Torn(at, after - at, str(error))
            at = after
        else:
            yield found
            at += found.length


def member(data: mmap.mmap | bytes, at: int) -> Member:
    """The record that begins at an offset. Raises :class:`BrokenError`."""
    if data[at : at + len(_GZIP)] == _GZIP:
        return _packed(data, at)
    if data[at : at + len(_PLAIN)] == _PLAIN:
        return _plain(data, at)
    raise BrokenError("no record begins here")


def header(record: bytes) -> Header:
    """What a record says of itself, its digests checked. Raises :class:`BrokenError`."""
    head, block = _split(record)
    fields = _fields(head)
    _check("block", fields.get("warc-block-digest"), block)
    kind = fields.get("warc-type", "")
    payload_digest = fields.get("warc-payload-digest")
    if kind in _HAS_PAYLOAD:
        is_http = fields.get("content-type", "").startswith("application/http")
        carried = payload(block) if is_http else block
        # Of a chunked message some tools take the digest before the chunking, some after.
        _check("payload", payload_digest, block[body_start(block) if is_http else 0 :], carried)
        payload_digest = digest(carried)
    return Header(kind, fields.get("warc-target-uri"), payload_digest)


def fields(record: bytes) -> dict[str, str]:
    """The fields of a record's header block, names in lower case."""
    return _fields(record.partition(_END)[0])


def _packed(data: mmap.mmap | bytes, at: int) -> Member:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts, place = [], at
    try:
        while not unpacking.eof:
            chunk = data[place : place + _CHUNK]
            if not chunk:
                raise BrokenError("the record is cut short")
            parts.append(unpacking.decompress(chunk))
            place += len(chunk)
    except zlib.error as error:
        raise BrokenError(f"the record cannot be unpacked ({error})") from error
    return Member(at, place - len(unpacking.unused_data) - at, b"".join(parts))


def _plain(data: mmap.mmap | bytes, at: int) -> Member:
    end = data.find(_END, at)
    length = _fields(data[at:end]).get("content-length", "") if end >= 0 else ""
    if not length.isdigit():
        raise BrokenError("the record's header has no end, or no length")
    after = end + len(_END) + int(length) + len(_END)
    if data[after - len(_END) : after] != _END:
        raise BrokenError("the record is cut short")
    return Member(at, after - at, data[at:after])


def _split(record: bytes) -> tuple[bytes, bytes]:
    head, _, rest = record.partition(_END)
    length = _fields(head).get("content-length", "")
    if not record.startswith(_PLAIN) or not length.isdigit():
        raise BrokenError("it is no WARC record")
    if rest[int(length) :] != _END:
        raise BrokenError("the record is not as long as it says")
    return head, rest[: int(length)]


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _check(what: str, said: str | None, *forms: bytes) -> None:
    """Raise :class:`BrokenError` unless one of the forms is what a digest is of."""
    if said is None:
        return
    name, _, value = said.partition(":")
    algorithm = _DIGESTS.get(name.lower().replace("-", ""))
    if algorithm is None:
        raise BrokenError(f"the {what} digest is of an unknown kind: {said[:40]}")
    for form in dict.fromkeys(forms):
        made = algorithm(form, usedforsecurity=False).digest()
        if value.lower() in (made.hex(), base64.b32encode(made).decode().lower()):
            return
    raise BrokenError(f"the {what} is not what its digest says")


def _next(data: mmap.mmap | bytes, at: int) -> int:
    """Where the next whole record begins; the end of the file where there is none."""
    while True:
        places = [place for mark in (_GZIP, _PLAIN) if (place := data.find(mark, at)) >= 0]
        if not places:
            return len(data)
        at = min(places)
        try:
            member(data, at)
        except BrokenError:
            at += 1
        else:
            return at
