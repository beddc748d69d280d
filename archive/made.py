"""WARC records of what other archives hand over in another form (WARC 1.1, ISO 28500)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from archive.foreign import Record, record_at
from archive.message import digest


def make_record(
    kind: str, url: str, at: str, content_type: str, block: bytes, **more: str
) -> Record:
    """A record; made of the same it has the same name, so that it can be told from another.

    ``kind`` is its WARC-Type, ``at`` its WARC-Date. ``more`` are further fields of its head, an
    underscore standing for each hyphen (``WARC_Source_URI``).
    """
    identity = f"{kind} {url} {at} {hashlib.sha256(block).hexdigest()}"
    fields: Mapping[str, str] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, identity)}>",
        "WARC-Date": at,
        "WARC-Target-URI": url,
        **{name.replace("_", "-"): value for name, value in more.items() if value},
        "WARC-Block-Digest": digest(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return record_at(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", 0, 0)


def about(record: Record, at: str, facts: Mapping[str, str]) -> Record:
    """A ``metadata`` record (6.6) that says where another one came from.

    ``at`` is when it was brought (ISO 8601, UTC); ``facts`` are its ``application/warc-fields``.
    """
    lines = "".join(f"{name}: {value}\r\n" for name, value in facts.items())
    return make_record(
        "metadata", record.url, at, "application/warc-fields", lines.encode(),
        WARC_Concurrent_To=record.head["warc-record-id"],
    )  # fmt: skip
