"""CDXJ lines of WARC files, as cdxj-indexer writes them.

An answer to a GET is nearly every record, and its line is made here of what :mod:`archive.members`
unpacks: cdxj-indexer takes twice as long, which a crawl feels. Whatever is not as plain
as that (forms that were sent, records of other kinds, odd heads) goes to cdxj-indexer itself.
"""

from __future__ import annotations

import io
import json
import mmap
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import surt  # type: ignore[import-untyped]
from cdxj_indexer.main import CDXJIndexer, CompressedWriter
from warcio.archiveiterator import ArchiveIterator
from warcio.timeutils import iso_date_to_timestamp

from archive.members import Member, fields, mapped, walk
from archive.warc import WarcError

_LINES_A_BLOCK = 1024
"""Lines in one packed block of an index, as other writers of WACZ have it."""
_TOGETHER = 1_000_000
"""Bytes of odd records, as stored, that are handed over at once; a file may hold nothing else."""

_ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r\n((?:[!-9;-~]+:[ -~\t]*\r\n)*)\r\n")
_ASKED = re.compile(rb"(?:GET|HEAD) [!-~]+ HTTP/1\.[01]\r\n((?:[!-9;-~]+:[ -~\t]*\r\n)*)\r\n")
"""Heads without anything that readers take in different ways: folded lines, bytes beyond ASCII."""
_MIME = re.compile(rb"^content-type:[ \t]*([^\r]*)", re.IGNORECASE | re.MULTILINE)
_REFERRER = re.compile(rb"^referer:[ \t]*([^\r]*)", re.IGNORECASE | re.MULTILINE)
_NEEDED = {"warc-payload-digest", "warc-date"}
_WEB = ("http://", "https://")
_END = b"\r\n\r\n"
_CUT = re.compile(r"[;\s]")
_ENCODED = b"=?"
"""Begins what warcio decodes in a head (RFC 2047)."""


def lines(path: Path, name: str) -> Iterator[str]:
    """The lines of one WARC file, in its order; ``name`` is what they call it.

    An answer to a POST stands under its address with what was posted (``__wb_method=post``), so
    that it is not taken for the page at that address. A damaged record among whole ones is left
    out. Raises :class:`archive.warc.WarcError` where the file ends in half a record, or holds one
    that cdxj-indexer cannot take.
    """
    with mapped(path) as data:
        begin = end = 0  # of the odd records that follow each other
        for group in _exchanges(_whole(data)):
            line, at = _plain(data, group, name), group[0].member.offset
            if line is not None or at != end or end - begin > _TOGETHER:
                yield from _by_indexer(data, begin, end, name)
                begin = end = at
            if line is None:
                end = group[-1].end
            else:
                yield line
        yield from _by_indexer(data, begin, end, name)


class _Record(NamedTuple):
    """A record as it is stored, and what its header says."""

    member: Member
    said: dict[str, str]

    @property
    def end(self) -> int:
        """Where it ends in its file."""
        return self.member.offset + self.member.length

    def belongs_to(self, other: _Record) -> bool:
        """Whether it says so."""
        identity = other.said.get("warc-record-id")
        return identity is not None and self.said.get("warc-concurrent-to") == identity

    def block(self, form: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The beginning of its block, where that has a form."""
        return form.match(self.member.record, self.member.record.find(_END) + len(_END))


def _whole(data: mmap.mmap | bytes) -> Iterator[_Record]:
    for found in walk(data):
        if isinstance(found, Member):
            yield _Record(found, fields(found.record))
        elif found.offset + found.length == len(data):
            raise WarcError(f"at {found.offset}: {found.why}")


def _exchanges(records: Iterator[_Record]) -> Iterator[list[_Record]]:
    """Records that follow each other and belong together: an answer and what was asked."""
    before: _Record | None = None
    for each in records:
        if before is not None and each.belongs_to(before):
            yield [before, each]
            before = None
            continue
        if before is not None:
            yield [before]
        before = each
    if before is not None:
        yield [before]


def _plain(data: mmap.mmap | bytes, group: list[_Record], name: str) -> str | None:
    """The line of an answer that was asked for with GET; None for anything less plain."""
    answer, *asked = group
    said, place = answer.said, answer.member
    head = answer.block(_ANSWER)
    kind, url = said.get("warc-type"), said.get("warc-target-uri", "")
    if head is None or _ENCODED in head[2] or not said.keys() >= _NEEDED:
        return None
    if kind not in ("response", "revisit") or not url.startswith(_WEB) or not url.isascii():
        return None
    request = None
    for each in asked:
        request = each.block(_ASKED)
        if request is None or _ENCODED in request[1]:
            return None
        if (each.said.get("warc-type"), each.said.get("warc-target-uri")) != ("request", url):
            return None
    mime = _MIME.search(head[2])
    # cdxj-indexer joins what was asked to answers, and not to revisits.
    referrer = _REFERRER.search(request[1]) if request is not None and kind == "response" else None
    stored = data[place.offset : place.offset + place.length]
    index = {
        "url": url,
        "mime": "warc/revisit" if kind == "revisit" else _first(mime),
        "status": head[1].decode(),
        "digest": said["warc-payload-digest"],
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": name,
        "recordDigest": f"sha256:{sha256(stored).hexdigest()}",
        "referrer": referrer[1].decode().rstrip() if referrer is not None else None,
    }
    told = json.dumps({key: value for key, value in index.items() if value is not None})
    return f"{_key(url)} {iso_date_to_timestamp(said['warc-date'])} {told}\n"


def _first(found: re.Match[bytes] | None) -> str | None:
    return _CUT.split(found[1].decode().rstrip(), maxsplit=1)[0] if found is not None else None


def _key(url: str) -> str:
    try:
        return str(surt.surt(url))
    except Exception:  # whatever an odd address raises there: so cdxj-indexer has it
        return url


def _by_indexer(data: mmap.mmap | bytes, begin: int, end: int, name: str) -> Iterator[str]:
    """The lines cdxj-indexer makes of a part of a file that holds whole records, or nothing."""
    if begin == end:
        return
    output = _Lines()
    indexer = _Indexer(
        output, [], post_append=True, digest_records=True, fields="referrer", filename=name
    )
    indexer.begin = begin
    try:
        indexer.process_one(io.BytesIO(data[begin:end]), output, name)
    except Exception as error:  # of a library that names none: whatever odd bytes raise in it
        reason = f"{type(error).__name__}: {error}"
        raise WarcError(f"at {begin}: cannot be indexed ({reason})") from error
    yield from output.found


class _Lines(io.TextIOBase):
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def write(self, text: str) -> int:
        """Keep a line."""
        self.found.append(text)
        return len(text)


class _Indexer(CDXJIndexer):  # type: ignore[misc]  # it ships no types
    """cdxj-indexer on a part of a file; it leaves bodies as they are stored."""

    begin = 0
    """Where the part begins."""

    def get_field(self, record: Any, name: str, it: Any, filename: str) -> Any:
        """A field, with places counted from the file's begin."""
        value = super().get_field(record, name, it, filename)
        return str(self.begin + int(value)) if name == "offset" else value

    def _create_record_iter(self, input_: Any) -> ArchiveIterator:
        return _Stored(input_, arc2warc=True)


class _Stored(ArchiveIterator):  # type: ignore[misc]  # it ships no types
    """Records whose bodies are not decoded: one that a server sent damaged would end the index."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        record = super().__next__()
        record.content_stream = lambda: record.raw_stream
        return record


def packed(index: Iterator[str], out: Path, summary: Path) -> None:
    """Write sorted lines as ``index.cdx.gz`` (blocks of gzip) and ``index.idx`` (what is where)."""
    with out.open("wb") as data, summary.open("w", encoding="utf-8") as places:
        writer = CompressedWriter(
            places, data, num_lines=_LINES_A_BLOCK, data_out_name=out.name, digest_records=True
        )
        for line in index:
            writer.write(line)
        if writer.block:
            writer.flush()
