"""Pages that were saved one by one: MHTML of browsers, HTML files, folders that HTTrack mirrored.

None of them keeps what the server said before the page, so each is a ``resource`` record (WARC 1.1,
6.4), with its address and time as the file tells them, and beside it what they were read from.
"""

from __future__ import annotations

import email
import hashlib
import mmap
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from archive.foreign import Buffer
from archive.made import about, make_record
from archive.warc_records import ascii_url
from halong_crawler.clock import stamp, utc_now
from halong_crawler.importing.answers import is_web

_HEAD = 100_000
"""Bytes in which a page's own words on where it is from are looked for, at both ends."""
_MHTML = re.compile(
    rb"(?:[a-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|!--|\?xml)", re.IGNORECASE)
_HTTRACK = re.compile(
    rb"<!-- Mirrored from (\S+) by HTTrack Website Copier/[^>]*?"
    rb"(?:, (\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8} GMT))? -->"
)
_SAVED = re.compile(rb"<!-- saved from url=\(\d{4}\)(\S+) -->")
_SINGLE_FILE = re.compile(
    rb"Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*\w{3} "
    rb"(\w{3} \d{1,2} \d{4} [\d:]{8} GMT[+-]\d{4})"
)
_CANONICAL = (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content"))


@dataclass
class Saved:
    """What a file or folder of saved pages holds, as WARC records."""

    stream: IO[bytes]
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)
    """Offset and reason."""
    dated_by_file: int = 0
    """How many of its pages name no time: theirs is that of the file's last change."""

    def data(self) -> Buffer:
        """The records, one after the other."""
        self.stream.flush()
        if not self.stream.tell():
            return b""
        return mmap.mmap(self.stream.fileno(), 0, access=mmap.ACCESS_READ)


class _Told(NamedTuple):
    """Where a page is from and when it was saved, each with what says so."""

    url: str
    url_from: str
    at: datetime | None
    at_from: str


def is_saved(data: Buffer) -> bool:
    """Whether a file is a page that was saved."""
    head = bytes(data[:_HEAD])
    return _MHTML.match(head) is not None or _HTML.match(head) is not None


def read_page(path: Path) -> Saved:
    """A saved page. Raises OSError."""
    saved = Saved(tempfile.TemporaryFile())  # noqa: SIM115  # it ends with the records
    _add(saved, path, path.name)
    return saved


def read_folder(path: Path) -> tuple[Saved, str, int]:
    """The pages of a folder, the SHA-256 of its files' sums and names, and its size.

    Raises OSError.
    """
    saved = Saved(tempfile.TemporaryFile())  # noqa: SIM115  # it ends with the records
    names, size = hashlib.sha256(), 0
    for each in sorted(path.rglob("*")):
        if not each.is_file() or each.is_symlink():
            continue
        data = each.read_bytes()
        size += len(data)
        name = each.relative_to(path).as_posix()
        names.update(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode("utf-8", "replace"))
        _add(saved, each, name)
    return saved, names.hexdigest(), size


def _add(saved: Saved, path: Path, name: str) -> None:
    data = path.read_bytes()
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if _MHTML.match(data[:_HEAD]) is not None:
        _add_mhtml(saved, data, name, changed)
    elif _HTML.match(data) is None:
        saved.left_out["files that are no pages"] += 1
    else:
        told = _told(data)
        if told is None:
            saved.left_out["pages that do not say where they are from"] += 1
        else:
            _keep(saved, told, "text/html", data, name, changed)


def _keep(
    saved: Saved, told: _Told, content_type: str, body: bytes, name: str, changed: datetime
) -> None:
    at = stamp(told.at or changed)
    record = make_record("resource", ascii_url(told.url), at, content_type, body)
    facts = {
        "file": re.sub(r"[\r\n]", " ", name),
        "address-from": told.url_from,
        "date-from": told.at_from if told.at else "when the file was last changed",
    }
    if told.at is None:
        saved.dated_by_file += 1
    saved.stream.write(record.data + about(record, utc_now(), facts).data)


# HTML


def _told(data: bytes) -> _Told | None:
    ends = data[:_HEAD] + data[max(_HEAD, len(data) - _HEAD) :]
    found = _HTTRACK.search(ends)
    if found is not None:
        # HTTrack leaves the scheme out; http stands for either.
        url = found[1].decode("utf-8", "replace")
        return _Told(url if is_web(url) else f"http://{url}", "HTTrack's comment",
                     _time(found[2]), "HTTrack's comment")  # fmt: skip
    found = _SINGLE_FILE.search(ends)
    if found is not None:
        at = datetime.strptime(found[2].decode(), "%b %d %Y %H:%M:%S GMT%z")
        return _web(found[1], "SingleFile's comment", at)
    found = _SAVED.search(ends)
    if found is not None:
        return _web(found[1], "the browser's comment", None)
    tree = LexborHTMLParser(data)
    for selector, name in _CANONICAL:
        node = tree.css_first(selector)
        value = node.attributes.get(name) if node is not None else None
        if value and is_web(value.strip()):
            return _Told(value.strip(), "its canonical link", None, "")
    return None


def _web(url: bytes, source: str, at: datetime | None) -> _Told | None:
    address = url.decode("utf-8", "replace")
    return _Told(address, source, at, source) if is_web(address) else None


def _time(text: bytes | None) -> datetime | None:
    """A time as mail has it (RFC 5322, 3.3); None where there is none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text.decode("ascii", "replace"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


# MHTML (RFC 2557)


def _add_mhtml(saved: Saved, data: bytes, name: str, changed: datetime) -> None:
    message = email.message_from_bytes(data)
    at = _time((message.get("Date") or "").encode("ascii", "replace"))
    parts = [part for part in message.walk() if not part.is_multipart()]
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
        saved.faults.append((len(data), f"{name}: it is cut short; its last part is left out"))
        parts = parts[:-1]
    main = message.get("Snapshot-Content-Location", "").strip()
    for number, part in enumerate(parts):
        location = (part.get("Content-Location") or (main if number == 0 else "")).strip()
        body = part.get_payload(decode=True)
        if not is_web(location) or not isinstance(body, bytes):
            saved.left_out["parts of MHTML without an address of their own"] += 1
            continue
        told = _Told(location, "MHTML's Content-Location", at, "MHTML's Date")
        _keep(saved, told, _content_type(part), body, name, changed)


def _content_type(part: Message) -> str:
    charset = part.get_content_charset()
    return part.get_content_type() + (f"; charset={charset}" if charset else "")
