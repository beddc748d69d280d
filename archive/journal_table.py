"""The table behind the journal (:mod:`archive.journal`)."""

from __future__ import annotations

from archive.table import Column, Table

C = Column

JOURNAL = Table(
    "_journal",
    "Plumbing: how far each kind of rows is written down in the WARC files.",
    (
        C("name", "TEXT PRIMARY KEY", "What it counts"),
        C("value", "BLOB NOT NULL", "The last row's number; of descriptors and imports a digest"),
    ),
)
