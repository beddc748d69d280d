"""What search filters, counts and orders articles by, held in memory column by column.

SQLite finds which articles hold a word in a tenth of a microsecond each, but to look every one of
them up in a table costs ten times that: counting a common word by year, portal and author took
seconds in a million articles. Here an article is a position in a few arrays (about 30 bytes), and
counts are exact however many match.
"""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Fractions = NDArray[np.float64]
Mask = NDArray[np.bool_]

_DAY = "coalesce(replace(substr(published_at, 1, 10), '-', ''), 0)"

_REFRESHED = 20
"""How many times longer columns are used than it took to read them, while a crawl writes."""

_NOTICED = 0.2
"""Seconds of reading that a reader would notice."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The articles of an archive at one moment; a position is an article's place in ``ids``."""

    ids: Numbers
    """Ascending."""
    age: Numbers
    """Place of each article from newest (0) to oldest: by date published, else first seen."""
    day: Numbers
    """Date published as the number yyyymmdd; 0: undated."""
    group: Numbers
    """Index in ``groups``."""
    groups: tuple[tuple[str, str | None], ...]
    """Pairs of portal and category."""
    with_attachment: Mask
    edited: Mask
    removed: Mask
    signed: Numbers
    """Positions of articles, one for each name under an article."""
    signers: Numbers
    """Whose names those are: ids of people."""
    _places: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def knows(self, ids: Numbers) -> Mask:
        """Which of these articles were there when this was loaded."""
        known = ids < len(self._places)
        known[known] = self._places[ids[known]] >= 0
        return known

    def positions(self, ids: Numbers) -> Numbers:
        """The positions of articles; those that it does not know are left out."""
        return self._places[ids[self.knows(ids)]]

    @classmethod
    def load(cls, conn: sqlite3.Connection) -> Columns:
        """Read them all: about a microsecond an article."""
        newest_first = numbers(
            conn,
            "SELECT group_concat(id) FROM (SELECT id FROM articles INDEXED BY articles_newest "
            "ORDER BY coalesce(published_at, first_seen_at) DESC)",
        )
        ids = np.sort(newest_first)
        places = np.full(int(ids[-1]) + 1 if len(ids) else 0, -1, dtype=np.int64)
        places[ids] = np.arange(len(ids))
        age = np.empty(len(ids), dtype=np.int64)
        age[places[newest_first]] = np.arange(len(ids))

        day, group = np.zeros_like(ids), np.zeros_like(ids)
        groups: list[tuple[str, str | None]] = []
        for portal, category, members, days in conn.execute(
            f"SELECT portal, category, group_concat(id), group_concat({_DAY}) "
            "FROM articles INDEXED BY articles_facets GROUP BY portal, category"
        ):
            at = places[_parsed(members)]
            day[at] = _as_days(_parsed(days))
            group[at] = len(groups)
            groups.append((portal, category))

        def flags(sql: str) -> Mask:
            flagged = np.zeros(len(ids), dtype=np.bool_)
            flagged[places[numbers(conn, sql)]] = True
            return flagged

        signed, signers = conn.execute(
            "SELECT group_concat(article_id), group_concat(person_id) "
            "FROM (SELECT DISTINCT article_id, person_id FROM article_people)"
        ).fetchone()
        return cls(
            ids=ids,
            age=age,
            day=day,
            group=group,
            groups=tuple(groups),
            with_attachment=flags("SELECT group_concat(DISTINCT article_id) FROM attachments"),
            edited=flags("SELECT group_concat(id) FROM articles WHERE version_count > 1"),
            removed=flags("SELECT group_concat(id) FROM articles WHERE removed_at IS NOT NULL"),
            signed=places[_parsed(signed)],
            signers=_parsed(signers),
            _places=places,
        )


def numbers(conn: sqlite3.Connection, sql: str, parameters: Iterable[Any] = ()) -> Numbers:
    """The numbers of a statement that gives them as one text, joined by commas.

    A row for each would take Python ten times as long.
    """
    (text,) = conn.execute(sql, tuple(parameters)).fetchone()
    return _parsed(text)


def _as_days(written: Numbers) -> Numbers:
    """Numbers of eight digits, also of a month (202503 becomes 20250300) or a year."""
    scale = np.where(written < 10_000, 10_000, np.where(written < 1_000_000, 100, 1))
    return written * scale


def _parsed(text: str | None) -> Numbers:
    return np.fromstring(text or "", dtype=np.int64, sep=",")


class ColumnsKeeper:
    """The columns of one archive, read again when its file has changed.

    Reading takes about a twentieth of the time while a crawl writes, no more. In an archive so
    large that readers would notice, they are read beside, and used until the new ones are there.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._columns: Columns | None = None
        self._state: tuple[tuple[int, int], ...] = ()
        self._took = 0.0
        self._good_until = 0.0

    def of(self, conn: sqlite3.Connection) -> Columns:
        """The columns; while they are read anew, as they were."""
        held = self._columns
        if held is not None and not self._is_due():
            return held
        if not self._lock.acquire(blocking=held is None):
            return held if held is not None else self.of(conn)
        if held is not None and self._took > _NOTICED:
            threading.Thread(target=self._load_beside, daemon=True).start()
            return held
        try:
            found = self._columns
            return self._load(conn) if found is held or found is None else found
        finally:
            self._lock.release()

    def _load_beside(self) -> None:
        try:
            address = f"{self._database.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as conn:
                self._load(conn)
        finally:
            self._lock.release()

    def _is_due(self) -> bool:
        return time.monotonic() >= self._good_until and self._written() != self._state

    def _load(self, conn: sqlite3.Connection) -> Columns:
        # Looked at before reading: what is written meanwhile is read the next time.
        state, began = self._written(), time.monotonic()
        columns = Columns.load(conn)
        ended = time.monotonic()
        self._took = ended - began
        self._state, self._good_until = state, ended + _REFRESHED * self._took
        self._columns = columns
        return columns

    def _written(self) -> tuple[tuple[int, int], ...]:
        """When the database and its log were last written, and their sizes."""
        files = (self._database, self._database.with_name(f"{self._database.name}-wal"))
        found = (path.stat() for path in files if path.exists())
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in found)
