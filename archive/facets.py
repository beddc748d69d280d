"""How the matches spread over years, portals, categories and authors.

A facet is counted as if its own filter were off, so that its other values stay in sight and
the chosen one can be taken away again.
"""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.query import UNDATED, Filters
from archive.selection import COUNTED, Selection

FACET_NAMES = ("year", "portal", "category", "author")
MOST_VALUES = {"year": 60, "portal": 40, "category": 15, "author": 15}

_CUBE_FIELDS = ("year", "portal", "category")


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


@dataclass(frozen=True, slots=True)
class _Cell:
    """One combination of year, portal and category, and how many matches it has."""

    values: tuple[str | None, ...]
    count: int


def count(conn: sqlite3.Connection, selection: Selection) -> tuple[int, tuple[Facet, ...]]:
    """How many articles a selection holds, and its facets."""
    filters = selection.filters
    cells = _cube(conn, replace(selection, filters=Filters(author=filters.author)))
    wanted = [getattr(filters, name) for name in _CUBE_FIELDS]
    total = sum(cell.count for cell in cells if _passes(cell, wanted))
    facets = []
    for position, name in enumerate(_CUBE_FIELDS):
        others = [*wanted]
        others[position] = None
        counts: Counter[str] = Counter()
        for cell in cells:
            value = cell.values[position]
            if value is not None and _passes(cell, others):
                counts[value] += cell.count
        facets.append(_facet(name, counts, wanted[position]))
    facets.append(_authors(conn, selection))
    if selection.filters and selection.matches > COUNTED:
        total = _filtered_total(conn, selection)
    return total, _with_titles(conn, facets)


def _filtered_total(conn: sqlite3.Connection, selection: Selection) -> int:
    """The newest matches need not hold what the filters select: those are counted apart."""
    counting = f"SELECT count(*) FROM ({selection.ids(COUNTED)})"
    (total,) = conn.execute(counting, selection.parameters()).fetchone()
    return int(total)


def _cube(conn: sqlite3.Connection, selection: Selection) -> list[_Cell]:
    rows = conn.execute(
        f"""SELECT coalesce(substr(a.published_at, 1, 4), '{UNDATED}'), a.portal, a.category,
            count(*) FROM articles a WHERE {selection.within(COUNTED)} GROUP BY 1, 2, 3""",
        selection.parameters(),
    )
    return [_Cell((year, portal, category), n) for year, portal, category, n in rows]


def _passes(cell: _Cell, wanted: Iterable[str | None]) -> bool:
    return all(
        want is None or want == value for want, value in zip(wanted, cell.values, strict=True)
    )


def _authors(conn: sqlite3.Connection, selection: Selection) -> Facet:
    chosen = selection.filters.author
    others = replace(selection, filters=replace(selection.filters, author=None))
    rows = conn.execute(
        f"""SELECT p.name, count(DISTINCT ap.article_id) FROM article_people ap
            JOIN people p ON p.id = ap.person_id
            WHERE ap.article_id IN ({others.ids(COUNTED)}) GROUP BY p.id""",
        others.parameters(),
    )
    return _facet("author", Counter(dict(rows)), chosen)


def _facet(name: str, counts: Counter[str], chosen: str | None) -> Facet:
    if name == "year":
        # Newest first; "undated" sorts after digits, so it is put last by hand.
        ordered = sorted(counts.items(), key=lambda item: (item[0] != UNDATED, item[0]))[::-1]
    else:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[: MOST_VALUES[name]]
    if chosen and chosen not in dict(shown):
        shown.append((chosen, counts[chosen]))
    return Facet(name, tuple(FacetValue(value, value, n, value == chosen) for value, n in shown))


def _with_titles(conn: sqlite3.Connection, facets: list[Facet]) -> tuple[Facet, ...]:
    """Portals under the names their readers know."""
    titles = dict(conn.execute("SELECT name, title_vi FROM portals").fetchall())
    return tuple(
        replace(
            facet,
            values=tuple(replace(v, label=titles.get(v.value, v.value)) for v in facet.values),
        )
        if facet.name == "portal"
        else facet
        for facet in facets
    )
