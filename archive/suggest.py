"""What a reader may have meant whose words were not found: one letter changed, and it is found."""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from string import ascii_lowercase, digits

from archive.query import Query
from archive.text import fold

_SHORTEST, _LONGEST = 2, 20
"""Letters of a word that is corrected: others are too uncertain, or too many to try."""
_MOST_WORDS = 3
"""Unknown words that are corrected in one query."""
_COUNTED = 1000
"""Articles counted to tell which correction is the likelier."""

_WORD = re.compile(r"[^\W_]+")
_ANY = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
_HOW_MANY = (
    f"SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT {_COUNTED})"
)


def suggestion(conn: sqlite3.Connection, query: Query) -> str | None:
    """The query with its unknown words corrected, written as an article has it; None: no idea.

    A word is corrected by leaving out, putting in, changing or swapping one letter, its marks
    aside; of several corrections the one found in most articles together with the other words.
    """
    unknown = [
        (place, index)
        for place, term in enumerate(query.terms)
        for index, token in enumerate(term.tokens)
        if not (term.excluded or term.prefix) and not _is_known(conn, fold(token))
    ]
    if not unknown or len(unknown) > _MOST_WORDS:
        return None
    corrected = query
    for place, index in unknown:
        # The words not yet corrected would let nothing be found.
        others = [other for other in unknown if other > (place, index)]
        best = max(
            _corrections(conn, corrected, place, index),
            key=lambda one: _how_many(conn, _without(one, others)),
            default=None,
        )
        if best is None:
            return None
        corrected = best
    return _as_printed(conn, corrected) if _how_many(conn, corrected) else None


def _is_known(conn: sqlite3.Connection, word: str) -> bool:
    return conn.execute(_ANY, [f'"{word}"']).fetchone() is not None


def _corrections(conn: sqlite3.Connection, query: Query, place: int, index: int) -> Iterator[Query]:
    term = query.terms[place]
    word = fold(term.tokens[index])
    if not _SHORTEST <= len(word) <= _LONGEST:
        return
    for other in sorted(_near(word)):
        if _is_known(conn, other):
            tokens = (*term.tokens[:index], other, *term.tokens[index + 1 :])
            yield _with(query, place, tokens)


def _with(query: Query, place: int, tokens: tuple[str, ...]) -> Query:
    term = replace(query.terms[place], tokens=tokens)
    return replace(query, terms=(*query.terms[:place], term, *query.terms[place + 1 :]))


def _without(query: Query, unknown: list[tuple[int, int]]) -> Query:
    """The query without some of its words."""
    terms = [
        replace(
            term,
            tokens=tuple(t for i, t in enumerate(term.tokens) if (place, i) not in unknown),
        )
        for place, term in enumerate(query.terms)
    ]
    return replace(query, terms=tuple(term for term in terms if term.tokens))


def _near(word: str) -> set[str]:
    """All that is one step from a word."""
    letters = digits if word.isdecimal() else ascii_lowercase
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in parts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in parts if tail for letter in letters}
    found |= {head + letter + tail for head, tail in parts for letter in letters}
    return {one for one in found if len(one) >= _SHORTEST} - {word}


def _how_many(conn: sqlite3.Connection, query: Query) -> int:
    if query.match is None:
        return 0
    return int(conn.execute(_HOW_MANY, [query.match]).fetchone()[0])


def _as_printed(conn: sqlite3.Connection, query: Query) -> str:
    """The query's words with the marks they have in the best article that holds them."""
    (text,) = conn.execute(
        "SELECT snippet(articles_fts, -1, '\ue000', '\ue001', '', 60) FROM articles_fts "
        "WHERE articles_fts MATCH ? ORDER BY rank LIMIT 1",
        [query.match],
    ).fetchone()
    printed: dict[str, str] = {}
    for marked in re.findall("\ue000([^\ue001]*)\ue001", text):
        for word in _WORD.findall(marked):
            printed.setdefault(fold(word), word.lower())
    written = []
    for term in query.terms:
        words = " ".join(printed.get(fold(token), token) for token in term.tokens)
        quoted = f'"{words}"' if len(term.tokens) > 1 else words
        field = "author:" if term.column else ""
        written.append(f"{'-' if term.excluded else ''}{field}{quoted}{'*' if term.prefix else ''}")
    return " ".join(written)
