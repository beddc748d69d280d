"""The tables behind proof over time: the chain of crawls, its records, the seals of rows."""

from __future__ import annotations

from archive.table import Column, Table

C = Column

CHAIN = Table(
    "chain",
    "One row a crawl or an import that ended: the Merkle root over its WARC records, chained to "
    "the entry before. Whoever kept a head can show later that nothing before it was altered.",
    (
        C("number", "INTEGER PRIMARY KEY", "1, 2, 3 … in order of closing"),
        C("crawl_id", "INTEGER", "The crawl that was closed; NULL for imports"),
        C("portal", "TEXT", "Its portal"),
        C("import_ids", "TEXT", "JSON list of the rows of `imports` that were closed"),
        C("closed_at", "TEXT NOT NULL", "When it was closed (UTC)"),
        C("records", "INTEGER NOT NULL", "How many records the root is over"),
        C("root", "TEXT NOT NULL", "Merkle root over the records (RFC 6962, SHA-256), in hex"),
        C("previous", "TEXT", "Head of the entry before; NULL in the first"),
        C("head", "TEXT NOT NULL UNIQUE", "SHA-256 of entry, in hex: stands for all up to here"),
        C("entry", "TEXT NOT NULL", "JSON: all of this with crawl and files; what head is over"),
        C("stamped_at", "TEXT", "When an authority stamped the head (UTC), by its token"),
        C("authority", "TEXT", "Address of that authority"),
        C("token", "TEXT", "Its time stamp (RFC 3161), DER in base64"),
    ),
)

RECORDS = Table(
    "_records",
    "Plumbing: the records of WARC files as the chain holds them.",
    (
        C("file", "TEXT NOT NULL", "File under warc/"),
        C("offset", "INTEGER NOT NULL", "Where the record begins, in bytes"),
        C("length", "INTEGER NOT NULL", "How long it is as stored, in bytes"),
        C("leaf", "BLOB NOT NULL", "SHA-256 over 0x00 and the unpacked record"),
        C("number", "INTEGER NOT NULL", "The entry of the chain it is in"),
    ),
    ("PRIMARY KEY (file, offset)",),
    without_rowid=True,
)

SEALS = Table(
    "_seals",
    "Plumbing: a digest of each row of readers' tables, as it was written.",
    (
        C("of_table", "TEXT NOT NULL", "The table"),
        C("row_key", "BLOB NOT NULL", "The row's primary key; of several columns a JSON list"),
        C("digest", "BLOB NOT NULL", "SHA-256 over the row"),
    ),
    ("PRIMARY KEY (of_table, row_key)",),
    without_rowid=True,
)

PROOF_TABLES = (CHAIN, RECORDS, SEALS)
