"""Answers that say nothing new: written as ``revisit`` records, which refer to the one that did.

WARC 1.1, 6.7: ``identical-payload-digest`` where a server sent again what is held, and
``server-not-modified`` for status 304. What is held is compared byte for byte before anything is
left out: a digest alone, SHA-1 at that, would be no ground to drop evidence.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from archive.message import body_start, final
from archive.warc import WarcError, read_framed
from archive.warc_records import Referred

_LEAST = 512
"""Bytes of a body; a revisit of a smaller one would take more room than the body."""
_NOT_MODIFIED = re.compile(rb"HTTP/\d(?:\.\d)? +304\b")
_CONDITION = re.compile(rb"^if-(?:none-match|modified-since):", re.IGNORECASE | re.MULTILINE)

_OF_PAYLOAD = (
    "SELECT id, url, fetched_at, warc_file, warc_offset, warc_length FROM captures "
    "WHERE payload_digest = ? AND refers_to IS NULL AND warc_file IS NOT NULL "
    "ORDER BY url = ? DESC, id DESC LIMIT 1"
)
_OF_ADDRESS = (
    "SELECT o.id, o.url, o.fetched_at, o.warc_file, o.warc_offset, o.warc_length "
    "FROM captures c JOIN captures o ON o.id = coalesce(c.refers_to, c.id) "
    "WHERE c.url = ? AND c.status = 200 AND c.posted_page IS NULL AND c.outcome <> 'truncated' "
    "AND o.warc_file IS NOT NULL ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Original:
    """The capture whose record holds what an answer has not brought again."""

    capture_id: int
    referred: Referred


def original(
    connection: sqlite3.Connection, warc_dir: Path, url: str,
    *, sent: bytes, received: bytes, payload_digest: str,
) -> Original | None:  # fmt: skip
    """The capture an answer repeats; None for one that is to be kept whole.

    A record that cannot be read is none that could be referred to.
    """
    received = final(received)
    if _NOT_MODIFIED.match(received):
        if not _CONDITION.search(sent, 0, body_start(sent)):
            return None
        row = connection.execute(_OF_ADDRESS, [url]).fetchone()
        return _original(warc_dir, row, "server-not-modified", None)
    body = received[body_start(received) :]
    if len(body) < _LEAST:
        return None
    row = connection.execute(_OF_PAYLOAD, [payload_digest, url]).fetchone()
    return _original(warc_dir, row, "identical-payload-digest", body)


def _original(
    warc_dir: Path, row: tuple[int, str, str, str, int, int] | None, profile: str,
    body: bytes | None,
) -> Original | None:  # fmt: skip
    if row is None:
        return None
    capture_id, url, at, file, offset, length = row
    try:
        identity, framed = read_framed(warc_dir, file, offset, length)
    except WarcError:
        return None
    if body is not None and framed != body:
        return None
    return Original(capture_id, Referred(profile, url, at, identity))
