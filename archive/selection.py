"""Which articles a query and its filters select, as SQL that does a bounded amount of work."""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.query import UNDATED, Filters, Query

RANKED = 50_000
"""How many matches are ranked. Only a word of more articles than this is cut, to the newest:
ranking a million matches takes seconds, and nobody reads so far."""

COUNTED = 200_000
"""How many matches are counted, which is quicker."""

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
    """Articles ``a`` that match."""

    query: Query
    filters: Filters
    matches: int
    """How many match the query, filters aside; counted no further than one beyond COUNTED."""

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

    def ids(self, most: int) -> str:
        """A SELECT of the articles' ids; where more than ``most`` match, of the newest."""
        if self.matches <= most:
            return f"SELECT a.id FROM articles a WHERE {self.conditions()}"
        return (
            f"SELECT a.id FROM articles a {self.walk(most)} WHERE {self.conditions()} "
            f"ORDER BY {NEWEST_FIRST} LIMIT {most}"
        )

    def within(self, most: int) -> str:
        """The WHERE of a statement over the articles ``a`` that :meth:`ids` selects."""
        return self.conditions() if self.matches <= most else f"a.id IN ({self.ids(most)})"

    def walk(self, most: int) -> str:
        """How to find the newest of many matches.

        SQLite cannot know how common a word is: walking the index by date and asking the
        full-text index about each article stops as soon as there are enough. Filters may leave
        few, so with them SQLite chooses.
        """
        return "INDEXED BY articles_newest" if self.matches > most and not self.filters else ""

    def parameters(self) -> dict[str, str | None]:
        """The values its statements bind; SQLite ignores those a statement does not name."""
        return {
            "match": self.query.match,
            "mismatch": self.query.mismatch,
            "together": self.query.together,
            "year": self.filters.year,
            "portal": self.filters.portal,
            "category": self.filters.category,
            "author": self.filters.author,
        }


def count_matches(conn: sqlite3.Connection, query: Query) -> int:
    """How many articles match a query without filters; at most one more than COUNTED."""
    source = f"{_MATCHING} :match" if query.match else "SELECT 1 FROM articles"
    (count,) = conn.execute(
        f"SELECT count(*) FROM ({source} LIMIT {COUNTED + 1})", {"match": query.match}
    ).fetchone()
    return int(count)
