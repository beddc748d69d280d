"""What the archive holds of a capture: the answer as the server sent it, from its WARC record."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.warc import StoredResponse, WarcError, read_response


def stored_response(
    connection: sqlite3.Connection, warc_dir: Path, capture_id: int
) -> StoredResponse:
    """The answer a capture recorded.

    Raises :class:`archive.warc.WarcError` where it has no record, or that cannot be read, and
    LookupError for a capture the archive does not know.
    """
    row = connection.execute(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id = ?", [capture_id]
    ).fetchone()
    if row is None:
        raise LookupError(f"the archive has no capture {capture_id}")
    file, offset, length = row
    if file is None:
        raise WarcError(f"capture {capture_id} has no record: no answer came")
    return read_response(warc_dir, file, offset, length)
