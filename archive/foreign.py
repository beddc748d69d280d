"""Records of WARC and ARC files that others wrote; what is damaged is told and stepped over.

A file is walked by its own marks: gzip members, or the length each record gives. Where they fail,
the walk goes on at the next mark, so that one bad record costs no other.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import re
import tempfile
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

Buffer = bytes | mmap.mmap | memoryview

_CHUNK = 1_000_000
_IN_MEMORY = 16_000_000
"""A member that unpacks to more is put by on disk."""
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_WARC = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
# Version 1 names address, IP, date, type and length; version 2 has more before the length.
_ARC = re.compile(
    rb"([a-z][a-z0-9+.-]{1,20}:[^\s]*) (\S*) (\d{14}|\d{12}) [^\r\n]{0,2000}?(\d+)\r?\n", re.I
)
# A record that was cut off may have left no end of line before the next one.
_MARK = re.compile(
    rb"WARC/\d\.\d+[ \t]*\r?\n(?=[A-Za-z-]+:)|(?<=\n)https?://\S+ \S* \d{12,14} [^\r\n]+\d\r?\n"
)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 100_000
_BLANK = re.compile(rb"[\r\n\0]*")
_FOLDED = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Damage:
    """What cannot be read of a file."""

    offset: int
    """Where it begins in the file, in bytes."""
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record, whole."""

    offset: int
    """Where it begins in the file; of a packed one, where its gzip member begins."""
    inside: int
    """Where it begins in what the member unpacks to."""
    head: Mapping[str, str]
    """Names in lower case; of a repeated one the last."""
    block: bytes
    data: bytes
    """The record as a WARC file holds it: its own bytes. Of an ARC record, which has no head of
    that kind, one is made; the block stays as it was."""

    @property
    def kind(self) -> str:
        """``response``, ``revisit``, ``warcinfo`` …"""
        return self.head.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        """What it is a record of. wget 1.19 put it into angle brackets."""
        return self.head.get("warc-target-uri", "").removeprefix("<").removesuffix(">")

    @property
    def at(self) -> datetime | None:
        """When it was made (WARC-Date, in UTC); None where the head does not say it."""
        try:
            moment = datetime.fromisoformat(self.head.get("warc-date", ""))
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

    def fault(self) -> str | None:
        """What is wrong with it, by the sum it carries (WARC 1.1, 5.8); None if nothing is."""
        if not self.kind:
            return "its head does not say what kind of record it is"
        told = self.head.get("warc-block-digest", "")
        name, _, value = told.partition(":")
        if name.lower() not in ("sha1", "sha256", "sha512", "md5") or not value:
            return None
        sums = hashlib.new(name.lower(), self.block).digest()
        if value.lower() == sums.hex() or _unpadded(value) == _unpadded(_base32(sums)):
            return None
        return f"its block is not the one its digest was made of ({told})"


def records(data: Buffer) -> Iterator[Record | Damage]:
    """Every record of a file in order, gzip or plain, and in their places what is damaged."""
    if bytes(data[:2]) != b"\x1f\x8b":
        yield from _plain(data)
        return
    place = 0
    well = True
    while place < len(data):
        try:
            unpacked, end = _member(data, place)
            found = list(_plain(unpacked)) if len(unpacked) <= _IN_MEMORY else _plain(unpacked)
        except (zlib.error, EOFError) as error:
            if well:
                yield Damage(place, str(error) or "it is cut short: the file ends within it")
            well = False
            after = _MEMBER.search(data, place + 1)
            place = after.start() if after is not None else len(data)
            continue
        if not well and not any(isinstance(each, Record) for each in found):
            # Bytes inside the damaged member that only look like the mark of a new one.
            place += 1
            continue
        well = True
        for each in found:
            yield replace(each, offset=place)
        place = _after_padding(data, end)


def record_at(data: Buffer, offset: int, inside: int) -> Record:
    """A record once more, by its place. Raises LookupError where none begins there."""
    source = data
    if bytes(data[offset : offset + 2]) == b"\x1f\x8b":
        source, _ = _member(data, offset)
    else:
        inside = offset
    found, _ = _record(source, inside)
    if isinstance(found, Damage):
        raise LookupError(f"no record at {offset}: {found.reason}")
    return replace(found, offset=offset)


def _member(data: Buffer, place: int) -> tuple[Buffer, int]:
    """What a gzip member unpacks to, and where it ends. Raises zlib.error and EOFError."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as unpacked:
        end = place
        while not member.eof:
            waiting: Any = member.unconsumed_tail
            if not waiting:
                waiting = bytes(data[end : end + _CHUNK])
                end += len(waiting)
                if not waiting:
                    raise EOFError
            unpacked.write(member.decompress(waiting, _CHUNK))
        end -= len(member.unused_data)
        if unpacked.tell() > _IN_MEMORY:
            unpacked.flush()
            return mmap.mmap(unpacked.fileno(), 0, access=mmap.ACCESS_READ), end
        unpacked.seek(0)
        return unpacked.read(), end


def _after_padding(data: Buffer, place: int) -> int:
    """Past the empty lines and zeros that some writers put behind a member or a record."""
    blank = _BLANK.match(data, place)
    return blank.end() if blank is not None else place


def _plain(data: Buffer) -> Iterator[Record | Damage]:
    place = _after_padding(data, 0)
    while place < len(data):
        found, end = _record(data, place)
        yield found
        if isinstance(found, Record) and found.fault() is not None:
            # It may be cut short and hold the next one's beginning.
            end = min(end, _next_mark(data, place))
        place = _after_padding(data, end)


def _record(data: Buffer, place: int) -> tuple[Record | Damage, int]:
    """The record that begins at a place and where it ends; or what is wrong, and where to go on."""
    if _WARC.match(data, place) is not None:
        return _warc(data, place)
    line = _ARC.match(data, place)
    if line is not None:
        return _arc(data, place, line)
    return Damage(place, "no record begins here"), _next_mark(data, place)


def _next_mark(data: Buffer, place: int) -> int:
    """Where the next record seems to begin after the start of a damaged one."""
    mark = _MARK.search(data, place + 1)
    return mark.start() if mark is not None else len(data)


def _warc(data: Buffer, place: int) -> tuple[Record | Damage, int]:
    ends = _HEAD_END.search(data, place, min(len(data), place + _LONGEST_HEAD))
    if ends is None:
        return Damage(place, "the record's head has no end"), _next_mark(data, place)
    head = _fields(bytes(data[place : ends.start()]))
    length = head.get("content-length", "")
    if not length.isdecimal():
        return Damage(place, "the record's head names no length"), _next_mark(data, place)
    end = ends.end() + int(length)
    if end > len(data):
        return Damage(place, "it is cut short, or its length is wrong"), _next_mark(data, place)
    if end < len(data) and bytes(data[end : end + 1]) not in (b"\r", b"\n"):
        return Damage(place, "it does not end where its length says"), _next_mark(data, place)
    whole = bytes(data[place:end]) + b"\r\n\r\n"
    return Record(place, place, head, bytes(data[ends.end() : end]), whole), end


def _arc(data: Buffer, place: int, line: re.Match[bytes]) -> tuple[Record | Damage, int]:
    url, ip, stamp, length = (part.decode("utf-8", "replace") for part in line.groups())
    end = line.end() + int(length)
    if end > len(data):
        return Damage(place, "it is cut short, or its length is wrong"), _next_mark(data, place)
    block = bytes(data[line.end() : end])
    is_info = url.startswith("filedesc:")
    try:
        moment = datetime.strptime(stamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return Damage(place, f"{stamp} is no time"), end
    # The same record gets the same name each time, so that it can be told from another.
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {stamp} {hashlib.sha256(block).hexdigest()}")
    named = {
        "WARC-Type": "warcinfo" if is_info else "response",
        "WARC-Record-ID": f"<urn:uuid:{name}>",
        "WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Filename" if is_info else "WARC-Target-URI": url,
        "WARC-IP-Address": ip if re.fullmatch(r"[0-9a-fA-F.:]{3,}", ip) else "",
        "Content-Type": "text/plain" if is_info else "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in named.items() if value)
    whole = b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"
    lower = {key.lower(): value for key, value in named.items()}
    return Record(place, place, lower, block, whole), end


def _fields(head: bytes) -> dict[str, str]:
    lines = _FOLDED.sub(" ", head.decode("utf-8", "replace")).splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode()


def _unpadded(text: str) -> str:
    return text.upper().rstrip("=")


__all__ = ["Buffer", "Damage", "Record", "record_at", "records"]
