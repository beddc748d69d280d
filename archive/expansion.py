"""Words and a star, written out: the words of the index that begin so.

FTS5 puts together what a star stands for before it gives the first row, and again for the snippet
of each hit: seconds in a large archive. The same words joined by OR are read as they are needed.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import cast

from archive.query import Query, Term

MOST_WORDS = 64
"""Words that are written out; a star that stands for more (numbers, say) is left to FTS5."""

_VOCABULARY = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words "
    "USING fts5vocab(main, articles_fts, instance)"
)
# A space sorts before every letter and digit: the next word, past all places of this one.
_NEXT = "SELECT term FROM temp.search_words WHERE term >= ? LIMIT 1"


def prepare(conn: sqlite3.Connection) -> None:
    """Make ready what looks words up, on a connection that will not be allowed to write later."""
    conn.execute(_VOCABULARY)


def expanded(conn: sqlite3.Connection, query: Query) -> Query:
    """The query with the words that its stars stand for."""
    if not any(term.prefix for term in query.terms):
        return query
    return replace(query, terms=tuple(_expanded(conn, term) for term in query.terms))


def _expanded(conn: sqlite3.Connection, term: Term) -> Term:
    if not term.prefix or len(term.tokens) > 1:
        return term
    found = [word for start in term.spellings() for word in _beginning(conn, start)]
    return replace(term, begun=tuple(found)) if len(found) <= MOST_WORDS else term


def _beginning(conn: sqlite3.Connection, start: str) -> list[str]:
    """Words of the index, one more than may be written out at most."""
    prepare(conn)
    words: list[str] = []
    row = conn.execute(_NEXT, [start]).fetchone()
    while row and row[0].startswith(start) and len(words) <= MOST_WORDS:
        words.append(cast(str, row[0]))
        row = conn.execute(_NEXT, [f"{row[0]} "]).fetchone()
    return words
