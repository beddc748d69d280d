"""Search over a halong.db: ranking, snippets and paging.

Works on any connection to the archive or a published snapshot: no extension and no function
of ours is needed, so whoever downloads the file can ask the same questions.
"""

# Only constant pieces are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from archive import facets as facets_of
from archive.facets import Facet
from archive.query import Filters, Query, parse
from archive.selection import COUNTED, NEWEST_FIRST, RANKED, Selection, count_matches
from archive.spelling import Spelling

Order = Literal["relevance", "newest"]

PAGE_SIZE = 20
LAST_PAGE = 250
"""Pages beyond are for exports, not for readers."""

RERANKED = 200
"""How many of the best hits are looked at for the reader's own spelling."""

_COMPARED = 50_000
"""Characters of an article's attachments that are looked at for that; a law has a million."""

# title, lead, body, byline, attachments. A word in the title says most about an article; a
# byline is short, so a name in it is seldom an accident.
_RANK = "bm25(articles_fts, 10.0, 4.0, 1.0, 2.0, 0.5)"

_START, _END = "\ue000", "\ue001"
_MARKED = re.compile(f"{_START}([^{_START}{_END}]*){_END}")
_NO_MARKS = dict.fromkeys(map(ord, _START + _END))
_SNIPPET_TOKENS = 40
_OPENING = 260

_TITLE, _LEAD, _BODY, _BYLINE, _ATTACHMENTS = range(5)


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


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, and what can be said of all of them."""

    query: Query
    filters: Filters
    order: Order
    total: int
    page: int
    has_next: bool
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    ranked_newest: int | None = None
    """Where so many articles match that only the newest of them were ranked: how many."""
    counted_newest: int | None = None
    """Where so many match that facets count only the newest of them: how many. The total is a
    lower bound where it reaches this number."""

    @property
    def total_is_lower_bound(self) -> bool:
        """Whether there are at least, rather than exactly, so many."""
        return self.counted_newest is not None and self.total >= self.counted_newest


def search(
    conn: sqlite3.Connection,
    query: Query | str,
    *,
    filters: Filters | None = None,
    order: Order = "relevance",
    limit: int = PAGE_SIZE,
    page: int = 1,
) -> Results:
    """Find articles. Filters given here win over those typed into the query."""
    query = parse(query) if isinstance(query, str) else query
    filters = _merged(query.filters, filters or Filters())
    page = min(max(page, 1), LAST_PAGE)
    selection = Selection(query, filters, count_matches(conn, query))
    total, facets = facets_of.count(conn, selection)
    # One more than fits tells whether there is a next page.
    ids = _ordered(conn, selection, order, slice((page - 1) * limit, page * limit + 1))
    return Results(
        query=query,
        filters=filters,
        order=order,
        total=total,
        page=page,
        has_next=len(ids) > limit and page < LAST_PAGE,
        hits=tuple(_hit(conn, query, article_id) for article_id in ids[:limit]),
        facets=facets,
        ranked_newest=RANKED if order == "relevance" and query.match and total > RANKED else None,
        counted_newest=COUNTED if selection.matches > COUNTED else None,
    )


def _merged(typed: Filters, given: Filters) -> Filters:
    return Filters(
        year=given.year or typed.year,
        portal=given.portal or typed.portal,
        category=given.category or typed.category,
        author=given.author or typed.author,
    )


def _ordered(
    conn: sqlite3.Connection, selection: Selection, order: Order, window: slice
) -> list[int]:
    """The ids of one page of hits."""
    if order == "newest" or not selection.query.match:
        return _newest(conn, selection, window)
    return _best(conn, selection)[window]


def _newest(conn: sqlite3.Connection, selection: Selection, window: slice) -> list[int]:
    rows = conn.execute(
        f"SELECT a.id FROM articles a {selection.walk(RANKED)} WHERE {selection.conditions()} "
        f"ORDER BY {NEWEST_FIRST}, a.id DESC LIMIT :limit OFFSET :offset",
        {
            **selection.parameters(),
            "limit": window.stop - window.start,
            "offset": window.start,
        },
    )
    return [article_id for (article_id,) in rows]


def _best(conn: sqlite3.Connection, selection: Selection) -> list[int]:
    """The best hits, best first: with all words side by side first, then by bm25."""
    together = (
        "+f.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :together)"
        if selection.query.together
        else "0"
    )
    # The plus keeps SQLite from asking the full-text index once for each id.
    rows = conn.execute(
        f"""SELECT f.rowid, {together} AS together, {_RANK} AS rank
            FROM articles_fts f WHERE articles_fts MATCH :match
            AND +f.rowid IN ({selection.ids(RANKED)})
            ORDER BY together DESC, rank LIMIT {LAST_PAGE * PAGE_SIZE + 1}""",
        selection.parameters(),
    )
    ids = [article_id for article_id, _, _ in rows]
    return [*_as_spelt(conn, selection.query, ids[:RERANKED]), *ids[RERANKED:]]


def _as_spelt(conn: sqlite3.Connection, query: Query, ids: list[int]) -> list[int]:
    """The same ids, those first whose text has the words with the marks that were typed."""
    spelling = Spelling.of(query.wanted)
    if spelling is None:
        return ids
    texts = conn.execute(
        "SELECT article_id, title, lead, body, byline, substr(attachments, 1, ?) "
        "FROM article_texts WHERE article_id IN (SELECT value FROM json_each(?))",
        [_COMPARED, json.dumps(ids)],
    )
    scores = {article_id: spelling.score("\n".join(fields)) for article_id, *fields in texts}
    return sorted(ids, key=lambda article_id: -scores[article_id])


def _hit(conn: sqlite3.Connection, query: Query, article_id: int) -> Hit:
    key, url, portal, title, category, byline, published_at, precision, seen, status, *_ = (
        conn.execute(
            "SELECT key, url, portal, title, category, byline, published_at, "
            "published_precision, first_seen_at, status FROM articles WHERE id = ?",
            [article_id],
        ).fetchone()
    )
    shown = _shown(conn, query, article_id) if query.match else None
    return Hit(
        key=key,
        url=url,
        portal=portal,
        title=title,
        title_html=shown.title if shown else escape(title),
        snippet_html=shown.snippet if shown else _opening(conn, article_id),
        category=category,
        byline=byline,
        byline_html=shown.byline if shown else escape(byline or ""),
        published_at=published_at,
        published_precision=precision,
        first_seen_at=seen,
        status=status,
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    title: Markup
    byline: Markup
    snippet: Markup


def _shown(conn: sqlite3.Connection, query: Query, article_id: int) -> _Shown:
    """An article's title, byline and the place where the words were found, words marked."""
    snippets = ", ".join(
        f"snippet(articles_fts, {column}, '{_START}', '{_END}', '…', {_SNIPPET_TOKENS})"
        for column in (_BODY, _LEAD, _ATTACHMENTS)
    )
    title, byline, *found = conn.execute(
        f"""SELECT highlight(articles_fts, {_TITLE}, '{_START}', '{_END}'),
            highlight(articles_fts, {_BYLINE}, '{_START}', '{_END}'), {snippets}
            FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?""",
        [query.match, article_id],
    ).fetchone()
    spelling = Spelling.of(query.wanted)
    if spelling and spelling.score("\n".join([title, byline, *found]).translate(_NO_MARKS)):
        title, byline, *found = (_as_typed(text, spelling) for text in (title, byline, *found))
    return _Shown(_with_marks(title), _with_marks(byline), _with_marks(_most_telling(found)))


def _as_typed(text: str, spelling: Spelling) -> str:
    """Marks taken off words that are only spelt alike once their own marks are gone."""
    return _MARKED.sub(lambda m: m[0] if spelling.accepts(m[1]) else m[1], text)


def _most_telling(snippets: Sequence[str]) -> str:
    """The snippet with most words found; else the lead, which sums the article up."""
    best = max(snippets, key=lambda text: text.count(_START))
    body, lead, _ = snippets
    return best if _START in best else lead or body


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


__all__ = ["LAST_PAGE", "PAGE_SIZE", "Hit", "Order", "Results", "search"]
