"""What the indexes of public web archives list, kept so that a kill costs no question twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archive.table import Column, Table

C = Column

ELSEWHERE = Table(
    "_elsewhere",
    "One row a capture that a public web archive lists for a host.",
    (
        C("id", "INTEGER PRIMARY KEY", "Row number"),
        C("kind", "TEXT NOT NULL", "The archive: wayback or common_crawl"),
        C("host", "TEXT NOT NULL", "The host its index was asked for"),
        C("url", "TEXT NOT NULL", "Address of the page, as the index has it"),
        C("at", "TEXT NOT NULL", "When it was captured there (UTC)"),
        C("status", "INTEGER", "Status the index names; NULL where it names none (revisits)"),
        C("media_type", "TEXT", "Media type the index names"),
        C("digest", "TEXT", "SHA-1 of the payload by the index, in base32"),
        C("file", "TEXT NOT NULL DEFAULT ''", "File the record lies in there, where that is told"),
        C("place", "INTEGER NOT NULL DEFAULT 0", "Where in the file it begins, in bytes"),
        C("size", "INTEGER", "How long it is there, in bytes"),
        C(
            "state",
            "TEXT NOT NULL DEFAULT 'waiting'",
            "waiting, brought, failed; unanswered: waiting for the next import",
        ),
        C("note", "TEXT", "Why it could not be brought"),
    ),
    ("UNIQUE (kind, host, url, at, file, place)",),
)

ELSEWHERE_LISTS = Table(
    "_elsewhere_lists",
    "One row a list of captures that an index was asked for, with the place to go on from.",
    (
        C("kind", "TEXT NOT NULL", "The archive: wayback or common_crawl"),
        C("host", "TEXT NOT NULL", "The host it was asked for"),
        C("span", "TEXT NOT NULL", "From when to when, as it was asked; a line alone: all"),
        C("part", "TEXT NOT NULL", "Address of the index: Common Crawl has one for each crawl"),
        C("resume", "TEXT", "Where the index goes on; NULL at the beginning"),
        C("ended_at", "TEXT", "When the list was whole (UTC); NULL before"),
        C("entries", "INTEGER NOT NULL DEFAULT 0", "How many captures it named so far"),
    ),
    ("PRIMARY KEY (kind, host, span, part)",),
)

ELSEWHERE_TABLES = (ELSEWHERE, ELSEWHERE_LISTS)
ELSEWHERE_INDEX = "CREATE INDEX _elsewhere_at ON _elsewhere(state, at, id)"


class Entry(NamedTuple):
    """A capture as an index lists it; the columns of ``_elsewhere``."""

    url: str
    at: str
    status: int | None
    media_type: str | None
    digest: str | None
    file: str = ""
    place: int = 0
    size: int | None = None


class Asked(NamedTuple):
    """Which list: of which archive, for which host, from when to when."""

    kind: str
    host: str
    since: str = ""
    """Digits of a time, YYYY to YYYYMMDDhhmmss; empty: from the first."""
    until: str = ""
    """The same, itself included; empty: to the last."""

    @property
    def span(self) -> str:
        """As ``_elsewhere_lists`` has it."""
        return f"{self.since}-{self.until}"

    def covers(self, at: str) -> bool:
        """Whether a moment (ISO 8601, UTC) lies between."""
        digits = "".join(filter(str.isdigit, at))
        return digits[: len(self.since)] >= self.since and digits[: len(self.until)] <= self.until


class Waiting(NamedTuple):
    """A row of ``_elsewhere`` that is to be brought."""

    id: int
    kind: str
    host: str
    entry: Entry


_ENTRY = ", ".join(Entry._fields)
_OF_LIST = "kind = :kind AND host = :host AND span = :span"


def parts(connection: sqlite3.Connection, asked: Asked) -> dict[str, bool]:
    """The parts of a list that were asked for, and whether each is whole."""
    rows = connection.execute(
        f"SELECT part, ended_at FROM _elsewhere_lists WHERE {_OF_LIST}",  # noqa: S608
        _key(asked),
    )
    return {part: ended_at is not None for part, ended_at in rows}


def begin_part(connection: sqlite3.Connection, asked: Asked, part: str) -> None:
    """Begin a part of a list, or begin it anew."""
    connection.execute(
        "INSERT INTO _elsewhere_lists (kind, host, span, part) "
        "VALUES (:kind, :host, :span, :part) ON CONFLICT DO UPDATE "
        "SET resume = NULL, ended_at = NULL, entries = 0",
        {**_key(asked), "part": part},
    )


def resume_of(connection: sqlite3.Connection, asked: Asked, part: str) -> str | None:
    """Where a part goes on; None at its beginning."""
    row: tuple[str | None] = connection.execute(
        f"SELECT resume FROM _elsewhere_lists WHERE {_OF_LIST} AND part = :part",  # noqa: S608
        {**_key(asked), "part": part},
    ).fetchone()
    return row[0]


def add(
    connection: sqlite3.Connection, asked: Asked, part: str, entries: Sequence[Entry],
    *, resume: str | None, ended_at: str | None,
) -> None:  # fmt: skip
    """Keep what a page of a list says, and where the list goes on."""
    connection.executemany(
        f"INSERT INTO _elsewhere (kind, host, {_ENTRY}) VALUES (?, ?{', ?' * len(Entry._fields)}) "  # noqa: S608
        "ON CONFLICT DO NOTHING",
        [(asked.kind, asked.host, *entry) for entry in entries],
    )
    connection.execute(
        "UPDATE _elsewhere_lists SET resume = :resume, ended_at = :ended_at, "  # noqa: S608
        f"entries = entries + :count WHERE {_OF_LIST} AND part = :part",
        {**_key(asked), "part": part, "resume": resume, "ended_at": ended_at,
         "count": len(entries)},
    )  # fmt: skip


def waiting(connection: sqlite3.Connection, wanted: Sequence[Asked]) -> Iterator[Waiting]:
    """What is listed and not yet brought, the oldest first. It may be settled meanwhile."""
    last: tuple[str, int] = ("", 0)
    while rows := connection.execute(
        f"SELECT id, kind, host, {_ENTRY} FROM _elsewhere WHERE state = 'waiting' "  # noqa: S608
        "AND (at, id) > (?, ?) ORDER BY at, id LIMIT 500",
        last,
    ).fetchall():
        for number, kind, host, *values in rows:
            entry = Entry(*values)
            last = (entry.at, number)
            if any((a.kind, a.host) == (kind, host) and a.covers(entry.at) for a in wanted):
                yield Waiting(number, kind, host, entry)


def entry_of(connection: sqlite3.Connection, number: int) -> Entry:
    """A row once more, as it was listed."""
    return Entry(*connection.execute(
        f"SELECT {_ENTRY} FROM _elsewhere WHERE id = ?", [number]  # noqa: S608
    ).fetchone())  # fmt: skip


def settle(
    connection: sqlite3.Connection, number: int, state: str, note: str | None = None
) -> None:
    """Note what became of a capture."""
    connection.execute(
        "UPDATE _elsewhere SET state = ?, note = ? WHERE id = ?", [state, note, number]
    )


def again(connection: sqlite3.Connection, asked: Asked, state: str) -> None:
    """Have what failed, or was not answered, wait once more."""
    connection.execute(
        "UPDATE _elsewhere SET state = 'waiting', note = NULL WHERE state = :state "
        "AND kind = :kind AND host = :host",
        {**_key(asked), "state": state},
    )


def is_held(connection: sqlite3.Connection, entry: Entry) -> bool:
    """Whether a capture is held already: same address, second and payload."""
    if entry.digest is None:
        return False
    row = connection.execute(
        "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ? AND payload_digest = ? "
        "AND warc_file IS NOT NULL",
        [entry.url, entry.at, f"sha1:{entry.digest}"],
    ).fetchone()
    return row is not None


def _key(asked: Asked) -> dict[str, object]:
    return {"kind": asked.kind, "host": asked.host, "span": asked.span}
