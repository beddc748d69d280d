"""What the archive holds of a capture: the answer as the server sent it, from its WARC record."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from archive.warc import StoredResponse, WarcError, read_response


def stored_response(
    connection: sqlite3.Connection, warc_dir: Path, capture_id: int
) -> StoredResponse:
    """The answer a capture recorded; what it repeats of an earlier one is taken from there.

    Raises :class:`archive.warc.WarcError` where it has no record, or that cannot be read, and
    LookupError for a capture the archive does not know.
    """
    row = connection.execute(
        "SELECT c.warc_file, c.warc_offset, c.warc_length, o.warc_file, o.warc_offset, "
        "o.warc_length FROM captures c LEFT JOIN captures o ON o.id = c.refers_to WHERE c.id = ?",
        [capture_id],
    ).fetchone()
    if row is None:
        raise LookupError(f"the archive has no capture {capture_id}")
    if row[0] is None:
        raise WarcError(f"capture {capture_id} has no record: no answer came")
    return answer_at(warc_dir, row[:3], row[3:] if row[3] is not None else None)


def answer_at(
    warc_dir: Path, place: tuple[str, int, int], held_at: tuple[str, int, int] | None
) -> StoredResponse:
    """The answer at a place (file, offset, length); what it repeats lies at another.

    Raises :class:`archive.warc.WarcError`.
    """
    answer = read_response(warc_dir, *place)
    if held_at is None:
        return answer
    held = read_response(warc_dir, *held_at)
    # A 304 brings some headers anew; the others stand as they were (RFC 9111, 3.2).
    return replace(
        answer, headers={**held.headers, **answer.headers}, body=held.body, raw_body=held.raw_body
    )
