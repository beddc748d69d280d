"""How the matches spread over years, portals, categories, authors, and what happened to them.

A facet is counted as if its own filter were off, so that its other values stay in sight and
the chosen one can be taken away again.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from archive.columns import Columns, Numbers
from archive.query import UNDATED, YES
from archive.selection import Selection

Counts = Counter[str]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A year, a portal, a category or an author, and how many matches it has."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way the matches spread."""

    name: str
    values: tuple[FacetValue, ...]


def count(conn: sqlite3.Connection, selection: Selection) -> tuple[Facet, ...]:
    """The facets of what a selection holds."""
    titles = dict(conn.execute("SELECT name, title_vi FROM portals").fetchall())
    return tuple(
        _facet(name, counted(conn, selection.columns, selection.without(name)), selection, titles)
        for name, counted in _COUNTED.items()
    )


def _facet(name: str, counts: Counts, selection: Selection, titles: dict[str, str]) -> Facet:
    chosen = getattr(selection.filters, name)
    if name == "year":
        # Newest first; "undated" sorts after digits, so it is put last by hand.
        ordered = sorted(counts.items(), key=lambda item: (item[0] != UNDATED, item[0]))[::-1]
    else:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[: _MOST_VALUES.get(name)]
    if chosen and chosen not in dict(shown):
        shown.append((chosen, counts[chosen]))
    labels = titles if name == "portal" else {}
    return Facet(
        name,
        tuple(
            FacetValue(value, labels.get(value, value), n, value == chosen) for value, n in shown
        ),
    )


def _years(_: sqlite3.Connection, columns: Columns, at: Numbers) -> Counts:
    counts = np.bincount(columns.day[at] // 10_000)
    return Counter(
        {str(year) if year else UNDATED: int(counts[year]) for year in counts.nonzero()[0]}
    )


def _grouped(part: int) -> Callable[[sqlite3.Connection, Columns, Numbers], Counts]:
    def counted(_: sqlite3.Connection, columns: Columns, at: Numbers) -> Counts:
        counts: Counts = Counter()
        sizes = np.bincount(columns.group[at], minlength=len(columns.groups))
        for group, size in zip(columns.groups, sizes, strict=True):
            value = group[part]
            if value is not None and size:
                counts[value] += int(size)
        return counts

    return counted


def _authors(conn: sqlite3.Connection, columns: Columns, at: Numbers) -> Counts:
    wanted = np.zeros(len(columns), dtype=np.bool_)
    wanted[at] = True
    counts = np.bincount(columns.signers[wanted[columns.signed]])
    people = counts.nonzero()[0]
    # Those that may be shown, and every one that is level with the last of them.
    if len(people) > _MOST_VALUES["author"]:
        least = np.partition(counts[people], -_MOST_VALUES["author"])[-_MOST_VALUES["author"]]
        people = people[counts[people] >= least]
    names = conn.execute(
        "SELECT id, name FROM people WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(people[:_MOST_LEVEL].tolist())],
    )
    return Counter({name: int(counts[person]) for person, name in names})


def _flagged(flag: str) -> Callable[[sqlite3.Connection, Columns, Numbers], Counts]:
    def counted(_: sqlite3.Connection, columns: Columns, at: Numbers) -> Counts:
        found = int(getattr(columns, flag)[at].sum())
        return Counter({YES: found} if found else {})

    return counted


_MOST_VALUES = {"year": 60, "portal": 40, "category": 15, "author": 15}
_MOST_LEVEL = 500
"""Authors of as many articles as the last one shown whose names are looked up."""

_COUNTED: dict[str, Callable[[sqlite3.Connection, Columns, Numbers], Counts]] = {
    "year": _years,
    "portal": _grouped(0),
    "category": _grouped(1),
    "author": _authors,
    "attachment": _flagged("with_attachment"),
    "edited": _flagged("edited"),
    "removed": _flagged("removed"),
}
"""Facet → how its values are counted among the articles at some positions."""

FACET_NAMES = tuple(_COUNTED)
