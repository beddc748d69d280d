"""Which articles a query and its filters select, as positions in columns."""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from archive.columns import Columns, Fractions, Mask, Numbers, numbers
from archive.query import UNDATED, Filters, Query
from archive.text import name_key

RANKED = 20_000
"""How many matches are ranked by how well they fit, which takes 2 microseconds each. Where more
match, those of the best tiers are, as far as they go into this number; the rest is newest first."""

# title, lead, body, byline, attachments. A word in the title says most about an article; a
# byline is short, so a name in it is seldom an accident.
_RANK = "bm25(articles_fts, 10.0, 4.0, 1.0, 2.0, 0.5)"
_MATCHING = "SELECT group_concat(rowid) FROM articles_fts WHERE articles_fts MATCH ?"


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles that match a query, and which of them pass each filter."""

    columns: Columns
    query: Query
    filters: Filters
    matched: Numbers
    """Positions of the articles that match the query, filters aside; ascending."""
    fits: Fractions | None
    """How well each of them fits, by BM25, the smaller the better; None: not found out yet."""
    passed: dict[str, Mask]
    """Name of a filter in use → for each matched article whether it passes."""

    @property
    def chosen(self) -> Numbers:
        """Positions of the articles that match and pass."""
        return self.without(None)

    def without(self, name: str | None) -> Numbers:
        """The same with one filter off."""
        masks = [mask for other, mask in self.passed.items() if other != name]
        return self.matched[np.logical_and.reduce(masks)] if masks else self.matched


def select(conn: sqlite3.Connection, columns: Columns, query: Query, filters: Filters) -> Selection:
    """Find what matches, and what of it passes."""
    matched, fits = _matched(conn, columns, query)
    passed = {
        name: _PASSING[name](conn, columns, matched, value)
        for name, value in filters.in_use().items()
    }
    return Selection(columns, query, filters, matched, fits, passed)


def matching(conn: sqlite3.Connection, columns: Columns, expression: str) -> Numbers:
    """Positions, ascending, of the articles that match an expression of FTS5."""
    return columns.positions(numbers(conn, _MATCHING, [expression]))


def fitting(
    conn: sqlite3.Connection, expression: str, *, among: Numbers | None = None, most: int = -1
) -> tuple[Numbers, Fractions]:
    """Ids, ascending, of articles that match an expression, and how well each fits.

    ``among``: of these only; ``most``: no more than so many, -1 for all.
    """
    # The plus keeps SQLite from asking the full-text index once for each id.
    within = "" if among is None else "AND +rowid IN (SELECT value FROM json_each(?))"
    # With a LIMIT the inner statement stays one: bm25() is not to be had inside of an aggregate.
    ids, fits = conn.execute(
        f"SELECT group_concat(id), group_concat(fit) FROM (SELECT rowid AS id, {_RANK} AS fit "
        f"FROM articles_fts WHERE articles_fts MATCH ? {within} LIMIT ?)",
        [expression, *([] if among is None else [json.dumps(among.tolist())]), most],
    ).fetchone()
    return np.fromstring(ids or "", dtype=np.int64, sep=","), np.fromstring(fits or "", sep=",")


def _matched(
    conn: sqlite3.Connection, columns: Columns, query: Query
) -> tuple[Numbers, Fractions | None]:
    if query.match is None:
        everything = np.arange(len(columns))
        if query.mismatch:
            everything = np.delete(everything, matching(conn, columns, query.mismatch))
        return everything, None
    if not query.is_word:
        # Where words must stand together finding them is most of the work: it is done once.
        ids, fits = fitting(conn, query.match, most=RANKED + 1)
        if len(ids) <= RANKED:
            return columns.positions(ids), fits[columns.knows(ids)]
    return matching(conn, columns, query.match), None


def _in_groups(columns: Columns, matched: Numbers, part: int, value: str) -> Mask:
    wanted = np.array([group[part] == value for group in columns.groups], dtype=np.bool_)
    return wanted[columns.group[matched]] if len(wanted) else np.zeros(len(matched), np.bool_)


def _of_year(_: sqlite3.Connection, columns: Columns, matched: Numbers, value: str) -> Mask:
    year = 0 if value == UNDATED else int(value) if value.isdecimal() else -1
    return np.equal(columns.day[matched] // 10_000, year)


def _of_author(conn: sqlite3.Connection, columns: Columns, matched: Numbers, value: str) -> Mask:
    found = conn.execute("SELECT id FROM people WHERE name_key = ?", [name_key(value)]).fetchone()
    signed = np.zeros(len(columns), dtype=np.bool_)
    if found:
        signed[columns.signed[columns.signers == found[0]]] = True
    return signed[matched]


def _since(_: sqlite3.Connection, columns: Columns, matched: Numbers, value: str) -> Mask:
    return columns.day[matched] >= int(value.replace("-", "").ljust(8, "0"))


def _until(_: sqlite3.Connection, columns: Columns, matched: Numbers, value: str) -> Mask:
    days = columns.day[matched]
    return (days <= int(value.replace("-", "").ljust(8, "9"))) & (days > 0)


_PASSING: dict[str, Callable[[sqlite3.Connection, Columns, Numbers, str], Mask]] = {
    "year": _of_year,
    "portal": lambda _, columns, matched, value: _in_groups(columns, matched, 0, value),
    "category": lambda _, columns, matched, value: _in_groups(columns, matched, 1, value),
    "author": _of_author,
    "since": _since,
    "until": _until,
    "attachment": lambda _, columns, matched, __: columns.with_attachment[matched],
    "edited": lambda _, columns, matched, __: columns.edited[matched],
    "removed": lambda _, columns, matched, __: columns.removed[matched],
}
"""What each field of :class:`archive.query.Filters` asks of an article."""
