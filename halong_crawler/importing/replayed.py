"""A listed capture, had from its archive: as the record it keeps, or made from what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from archive.elsewhere import Entry
from archive.foreign import Damage, Record, records
from archive.made import about, make_record
from archive.message import digest
from halong_crawler.clock import stamp, utc_now
from halong_crawler.importing.answers import is_coded
from halong_crawler.importing.asking import Asker, Got, UnusableError

_ORIGINAL = "x-archive-orig-"
"""Before a header's name: the Wayback Machine shows it as it was."""
_FRAMING = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length"))
"""Headers of the way a body took (RFC 9110, 7.6.1); what stands in the record took another."""
_OF_REPLAY = ("x-archive-", "x-app-", "memento-datetime", "link", "server-timing")
"""Beginnings of the names of headers that are the archive's own."""


_OF_ARCHIVE = re.compile(r"^\S*?/\d{14}(?:[a-z]{2}_)?/(?=https?:)")
"""What an archive puts before an address, so that one stays within it."""


class NotThereError(Exception):
    """The archive does not give a capture that it lists; the message says why."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A record and what says where it came from."""

    record: Record
    beside: Record


Bring = Callable[[Asker, Entry], Brought]
"""Raises :class:`NotThereError` and what :meth:`Asker.ask` raises."""


def from_wayback(replay: str) -> Bring:
    """Captures as the Wayback Machine shows them: by ``id_`` their own bytes, nothing rewritten."""

    def bring(asker: Asker, entry: Entry) -> Brought:
        digits = "".join(filter(str.isdigit, entry.at))
        url = f"{replay.rstrip('/')}/{digits}id_/{entry.url}"
        got = asker.ask(url, lambda got: got)
        _check_time(got, entry)
        block = _block(got, entry)
        record = make_record(
            "response", entry.url, entry.at, "application/http; msgtype=response", block,
            WARC_Source_URI=url, WARC_Payload_Digest=digest(got.body),
        )  # fmt: skip
        # What it says of itself (in which of its files the record lies …) is part of the evidence.
        told = {f"replay-{name.lower()}": value for name, value in got.headers
                if not name.lower().startswith(_ORIGINAL)}  # fmt: skip
        return _with_origin(record, entry, {"via": url, **told})

    return bring


def from_common_crawl(data: str) -> Bring:
    """Records of Common Crawl, cut out of its WARC files as they are."""

    def bring(asker: Asker, entry: Entry) -> Brought:
        url = f"{data.rstrip('/')}/{entry.file}"
        span = f"{entry.place}-{entry.place + (entry.size or 0) - 1}"
        got = asker.ask(url, _part, headers={"Range": f"bytes={span}"})
        found = list(records(got.body))
        record = found[0] if len(found) == 1 else None
        if not isinstance(record, Record):
            reasons = [each.reason for each in found if isinstance(each, Damage)]
            raise NotThereError(f"{url} at {span}: {'; '.join(reasons) or 'holds no one record'}")
        fault = record.fault()
        if fault is not None:
            raise NotThereError(f"{url} at {span}: {fault}")
        if record.at is None or (record.url, stamp(record.at)) != (entry.url, entry.at):
            raise NotThereError(f"{url} at {span}: is another record than the index says")
        return _with_origin(record, entry, {"via": url, "range": f"bytes={span}"})

    return bring


def _part(got: Got) -> Got:
    """The part of a file that was asked for; where none is to be had, the reason."""
    if got.status == 200:
        raise NotThereError(f"{got.url}: its server gives whole files only, no ranges")
    if got.status != 206:
        raise NotThereError(f"{got.url}: status {got.status}")
    if not got.body:
        raise UnusableError("it is empty")
    return got


def _check_time(got: Got, entry: Entry) -> None:
    """The archive shows the capture nearest to the time asked for: only the one listed will do."""
    shown = got.header("memento-datetime")
    if shown is None:
        raise NotThereError(f"{got.url}: status {got.status}, and no capture")
    try:
        moment = parsedate_to_datetime(shown)
    except ValueError:
        raise NotThereError(f"{got.url}: {shown!r} is no time") from None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    if moment != datetime.fromisoformat(entry.at):
        raise NotThereError(f"{got.url}: shows the capture of {stamp(moment)} instead")


def _block(got: Got, entry: Entry) -> bytes:
    """The answer as it was captured: its status, its own headers, its bytes."""
    # The Wayback Machine shows a redirect of any kind as one for now.
    redirects = 300 <= got.status < 400 and 300 <= (entry.status or 0) < 400
    status = entry.status if redirects and entry.status else got.status
    lines = [_status_line(status), *(f"{n}: {v}" for n, v in _truly(_original(got), got.body))]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n" + got.body


def _original(got: Got) -> list[tuple[str, str]]:
    """The headers as they were captured."""
    original = [(n[len(_ORIGINAL) :], v) for n, v in got.headers if n.lower().startswith(_ORIGINAL)]
    if not original:  # a pywb shows them under their own names
        original = [(n, v) for n, v in got.headers if not n.lower().startswith(_OF_REPLAY)]
    named = {name.lower() for name, _ in original}
    for name in ("content-type", "location"):
        value = got.header(name)
        if value is not None and name not in named:
            original.append((name.title(), value))
    return [(n, _OF_ARCHIVE.sub("", v) if n.lower() == "location" else v) for n, v in original]


def _truly(headers: list[tuple[str, str]], body: bytes) -> list[tuple[str, str]]:
    """Headers, those set aside by name that are not true of the body as it stands here."""
    found = []
    for name, value in headers:
        untrue = name.lower() in _FRAMING or (
            name.lower() == "content-encoding" and not is_coded(body, value)
        )
        found.append((f"X-Archive-Orig-{name}" if untrue else name, value))
    return [*found, ("Content-Length", str(len(body)))]


def _status_line(status: int) -> str:
    try:
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP/1.1 {status} "


def _with_origin(record: Record, entry: Entry, facts: Mapping[str, str]) -> Brought:
    listed = {"index-digest": entry.digest, "index-status": entry.status}
    told = {name: str(value) for name, value in listed.items() if value is not None}
    return Brought(record, about(record, utc_now(), {**facts, **told}))


__all__ = ["Bring", "Brought", "NotThereError", "from_common_crawl", "from_wayback"]
