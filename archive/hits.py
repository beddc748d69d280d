"""Articles found, as a reader sees them in a list: words marked, and the place where they stand."""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from archive.columns import Numbers
from archive.query import Query, Term
from archive.spelling import Spelling
from archive.text import fold

_START, _END = "\ue000", "\ue001"
_MARKED = re.compile(f"{_START}([^{_START}{_END}]*){_END}")
_NO_MARKS = dict.fromkeys(map(ord, _START + _END))
_SNIPPET_TOKENS = 40
_OPENING = 260

_TITLE, _LEAD, _BODY, _BYLINE, _ATTACHMENTS = range(5)

_PAGES = 200
"""Pages of an article's attachments that are looked through for the words, and characters of each:
a law has a thousand pages."""
_PAGE = 20_000


@dataclass(frozen=True, slots=True)
class FoundIn:
    """The attachment the words were found in."""

    attachment: int
    filename: str | None
    page: int | None
    """None: in its name, or further on than was looked."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    key: str
    url: str
    portal: str
    title: str
    title_html: Markup
    """The title with the words that were found in <mark>."""
    snippet_html: Markup
    category: str | None
    byline: str | None
    byline_html: Markup
    published_at: str | None
    published_precision: str | None
    first_seen_at: str
    status: str
    version_count: int
    found_in: FoundIn | None
    """Where the snippet is out of an attachment: which."""


def shown(conn: sqlite3.Connection, query: Query, ids: Numbers) -> tuple[Hit, ...]:
    """The articles with these ids, in their order."""
    return tuple(_hit(conn, query, article_id) for article_id in ids.tolist())


def _hit(conn: sqlite3.Connection, query: Query, article_id: int) -> Hit:
    key, url, portal, title, category, byline, published, precision, seen, status, versions = (
        conn.execute(
            "SELECT key, url, portal, title, category, byline, published_at, "
            "published_precision, first_seen_at, status, version_count FROM articles WHERE id = ?",
            [article_id],
        ).fetchone()
    )
    words = _words(conn, query, article_id) if query.match else None
    return Hit(
        key=key,
        url=url,
        portal=portal,
        title=title,
        title_html=words.title if words else escape(title),
        snippet_html=words.snippet if words else _opening(conn, article_id),
        category=category,
        byline=byline,
        byline_html=words.byline if words else escape(byline or ""),
        published_at=published,
        published_precision=precision,
        first_seen_at=seen,
        status=status,
        version_count=versions,
        found_in=_found_in(conn, query, article_id) if words and words.is_of_file else None,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    title: Markup
    byline: Markup
    snippet: Markup
    is_of_file: bool


def _words(conn: sqlite3.Connection, query: Query, article_id: int) -> _Words | None:
    """An article's title, byline and the place where the words were found, words marked."""
    snippets = ", ".join(
        f"snippet(articles_fts, {column}, '{_START}', '{_END}', '…', {_SNIPPET_TOKENS})"
        for column in (_BODY, _LEAD, _ATTACHMENTS)
    )
    row = conn.execute(
        f"""SELECT highlight(articles_fts, {_TITLE}, '{_START}', '{_END}'),
            highlight(articles_fts, {_BYLINE}, '{_START}', '{_END}'), {snippets}
            FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?""",
        [query.match, article_id],
    ).fetchone()
    title, byline, *found = row
    spelling = Spelling.of(query.wanted)
    if spelling and spelling.score("\n".join([title, byline, *found]).translate(_NO_MARKS)):
        title, byline, *found = (_as_typed(text, spelling) for text in (title, byline, *found))
    snippet, is_of_file = _most_telling(found)
    return _Words(_with_marks(title), _with_marks(byline), _with_marks(snippet), is_of_file)


def _as_typed(text: str, spelling: Spelling) -> str:
    """Marks taken off words that are only spelt alike once their own marks are gone."""
    return _MARKED.sub(lambda m: m[0] if spelling.accepts(m[1]) else m[1], text)


def _most_telling(snippets: Sequence[str]) -> tuple[str, bool]:
    """The snippet with most words found, and whether it is out of a file; else the lead."""
    best = max(snippets, key=lambda text: text.count(_START))
    body, lead, of_file = snippets
    return (best, best is of_file) if _START in best else (lead or body, False)


def _found_in(conn: sqlite3.Connection, query: Query, article_id: int) -> FoundIn | None:
    """The attachment, and the first page of it, with most of the words."""
    words = [_finding(term) for term in query.wanted]
    best: tuple[int, FoundIn] | None = None
    for attachment, filename, page, text in conn.execute(
        "SELECT a.id, a.filename, p.page, substr(p.text, 1, ?) FROM attachments a "
        "LEFT JOIN attachment_pages p ON p.attachment_id = a.id "
        "WHERE a.article_id = ? ORDER BY a.position, p.page LIMIT ?",
        [_PAGE, article_id, _PAGES],
    ):
        for number, folded in ((page, fold(text or "")), (None, fold(filename or ""))):
            score = sum(1 for word in words if word.search(folded))
            if score and (best is None or score > best[0]):
                best = score, FoundIn(attachment, filename, number)
        if best and best[0] == len(words):
            break
    return best[1] if best else None


def _finding(term: Term) -> re.Pattern[str]:
    """What finds a term in folded text."""
    words = r"[\W_]+".join(re.escape(fold(token)) for token in term.tokens)
    return re.compile(rf"(?<![^\W_]){words}" + ("" if term.prefix else r"(?![^\W_])"))


def _opening(conn: sqlite3.Connection, article_id: int) -> Markup:
    lead, body = conn.execute(
        f"SELECT lead, substr(body, 1, {_OPENING + 1}) FROM article_texts WHERE article_id = ?",
        [article_id],
    ).fetchone()
    text = lead or body
    return escape(text[:_OPENING].rsplit(None, 1)[0] + "…" if len(text) > _OPENING else text)


def _with_marks(text: str) -> Markup:
    """Crawled text, escaped, with what FTS5 marked in <mark>.

    A page may itself hold the private-use characters used as marks: only pairs become
    elements, and stray ones are dropped.
    """
    marked = _MARKED.sub(r"<mark>\1</mark>", str(escape(text)))
    return Markup(marked.replace(_START, "").replace(_END, ""))  # noqa: S704 - escaped above


__all__ = ["FoundIn", "Hit", "shown"]
