"""Which articles a query and its filters select, as SQL that does a bounded amount of work."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.query import UNDATED, Filters, Query

LARGEST = 50_000
"""How many matching articles are ranked and counted. Only a word of more articles than this is
cut, to the newest: ranking a million matches takes seconds, and nobody reads so far."""

NEWEST_FIRST = "coalesce(a.published_at, a.first_seen_at) DESC"

_CONDITIONS = {
    "year": "substr(a.published_at, 1, 4) = :year",
    "portal": "a.portal = :portal",
    "category": "a.category = :category",
    "author": "a.id IN (SELECT article_id FROM article_people JOIN people p ON p.id = person_id"
    " WHERE p.name = :author)",
}
_MATCHING = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH"


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles ``a`` that match; bounded where there would be too many."""

    query: Query
    filters: Filters
    bounded: bool

    def conditions(self) -> str:
        """The WHERE of a statement that calls articles ``a``."""
        parts = ["1"]
        if self.query.match:
            parts.append(f"a.id IN ({_MATCHING} :match)")
        if self.query.mismatch:
            parts.append(f"a.id NOT IN ({_MATCHING} :mismatch)")
        for name, condition in _CONDITIONS.items():
            value = getattr(self.filters, name)
            if name == "year" and value == UNDATED:
                parts.append("a.published_at IS NULL")
            elif value:
                parts.append(condition)
        return " AND ".join(parts)

    def ids(self) -> str:
        """A SELECT of the articles' ids, at most LARGEST of them where bounded."""
        if not self.bounded:
            return f"SELECT a.id FROM articles a WHERE {self.conditions()}"
        # The planner cannot know how common a word is: walking the index by date and asking
        # the full-text index about each article stops as soon as there are enough.
        return (
            "SELECT a.id FROM articles a INDEXED BY articles_newest "
            f"WHERE {self.conditions()} ORDER BY {NEWEST_FIRST} LIMIT {LARGEST}"
        )

    def parameters(self) -> dict[str, str | None]:
        return {
            "match": self.query.match,
            "mismatch": self.query.mismatch,
            "together": self.query.together,
            "year": self.filters.year,
            "portal": self.filters.portal,
            "category": self.filters.category,
            "author": self.filters.author,
        }


def is_too_large(conn: sqlite3.Connection, query: Query) -> bool:
    """Whether a query alone, without filters, selects more articles than are worth ranking."""
    if query.match:
        counting = f"SELECT count(*) FROM ({_MATCHING} ? LIMIT {LARGEST + 1})"
        (count,) = conn.execute(counting, [query.match]).fetchone()
    else:
        counting = f"SELECT count(*) FROM (SELECT 1 FROM articles LIMIT {LARGEST + 1})"
        (count,) = conn.execute(counting).fetchone()
    return int(count) > LARGEST
