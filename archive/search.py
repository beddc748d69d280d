"""Search over a halong.db: what matches, in which order, counted and paged.

Works on any connection to the archive or a published snapshot: no extension and no function
of ours is needed, so whoever downloads the file can ask the same questions.
"""

# Only constant pieces are put together to statements; every value is bound.

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal

import numpy as np

from archive import facets as facets_of
from archive.columns import Columns, Fractions, Numbers
from archive.expansion import expanded
from archive.facets import Facet
from archive.hits import Hit, shown
from archive.query import Filters, Query, parse
from archive.selection import RANKED, Selection, fitting, matching, select
from archive.spelling import Spelling
from archive.suggest import suggestion

Order = Literal["relevance", "newest"]

PAGE_SIZE = 20

SCANNED = 200_000
"""Among more matches than this none are ranked: finding the best tier alone takes long enough."""

RERANKED = 200
"""How many of the best hits are looked at for the reader's own spelling."""

_COMPARED = 50_000
"""Characters of an article's attachments that are looked at for that; a law has a million."""

_TIER = 1 << 40
"""Larger than any article's place among the others."""


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, and what can be said of all of them."""

    query: Query
    filters: Filters
    order: Order
    total: int
    skipped: int
    """How many hits come before this page."""
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    previous: str | None
    """Key of the article that the page before this one ends before."""
    next: str | None
    """Key of the article that the next page begins after."""
    ranked: int | None = None
    """Where so many match that only some are ranked by fit, and the others follow newest first:
    how many are."""
    exact: int | None = None
    """Of a query with marks: how many of the best hits carry them just so, and come first."""
    suggestion: str | None = None
    """Where nothing was found: what may have been meant, and is found."""


def search(
    conn: sqlite3.Connection,
    query: Query | str,
    *,
    filters: Filters | None = None,
    order: Order = "relevance",
    limit: int = PAGE_SIZE,
    after: str | None = None,
    before: str | None = None,
    columns: Columns | None = None,
) -> Results:
    """Find articles. Filters given here win over those typed into the query.

    A page goes on ``after`` an article, or ends ``before`` it: articles that come or go meanwhile
    shift nothing. ``columns``: those of this archive, where they are at hand.
    """
    query = expanded(conn, parse(query) if isinstance(query, str) else query)
    filters = (filters or Filters()).over(query.filters)
    columns = Columns.load(conn) if columns is None else columns
    selection = select(conn, columns, query, filters)
    ordered = _ordered(conn, selection, "newest" if query.match is None else order)
    page = ordered.page(conn, columns, after, before, limit)
    keys = shown(conn, query, columns.ids[page.positions])
    nothing = query.match and not len(selection.matched)
    return Results(
        query=query,
        filters=filters,
        order=order,
        total=len(ordered.positions),
        skipped=page.skipped,
        hits=keys,
        facets=facets_of.count(conn, selection),
        previous=keys[0].key if keys and page.skipped else None,
        next=keys[-1].key if keys and page.has_next else None,
        ranked=ordered.ranked,
        exact=ordered.exact,
        suggestion=suggestion(conn, query) if nothing else None,
    )


@dataclass(frozen=True, slots=True)
class _Page:
    positions: Numbers
    skipped: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Articles and the place of each: the smaller, the further in front."""

    positions: Numbers
    places: Numbers
    ranked: int | None = None
    exact: int | None = None

    def first(self, count: int) -> Numbers:
        """Indexes of the first ones, in order."""
        if count < len(self.places):
            found = np.argpartition(self.places, count)[:count]
        else:
            found = np.arange(len(self.places))
        return found[np.argsort(self.places[found])]

    def page(
        self,
        conn: sqlite3.Connection,
        columns: Columns,
        after: str | None,
        before: str | None,
        limit: int,
    ) -> _Page:
        """The articles behind, or in front of, one of them; from the beginning where it is gone."""
        place = self._place(conn, columns, after or before)
        if place is None:
            skipped = 0
        elif after:
            skipped = int((self.places <= place).sum())
        else:
            skipped = max(int((self.places < place).sum()) - limit, 0)
        found = self.first(skipped + limit)[skipped:]
        return _Page(self.positions[found], skipped, skipped + limit < len(self.positions))

    def _place(self, conn: sqlite3.Connection, columns: Columns, key: str | None) -> int | None:
        if not key:
            return None
        row = conn.execute("SELECT id FROM articles WHERE key = ?", [key]).fetchone()
        if row is None:
            return None
        found = self.places[np.isin(self.positions, columns.positions(np.array(row)))]
        return int(found[0]) if len(found) else None


def _ordered(conn: sqlite3.Connection, selection: Selection, order: Order) -> _Ordered:
    chosen = selection.chosen
    if order == "newest":
        return _Ordered(chosen, selection.columns.age[chosen])
    tiers = _tiers(conn, selection, chosen)
    sizes = np.bincount(tiers)
    is_bounded = len(selection.matched) <= SCANNED
    whole = int((np.cumsum(sizes) <= RANKED).sum()) if is_bounded else 0
    ranked = chosen[tiers < whole]
    fits = _fits(conn, selection, ranked)
    # By tier, then by fit where that was looked at, then newest first.
    places = tiers * _TIER + selection.columns.age[chosen]
    best = np.lexsort((selection.columns.age[ranked], fits, tiers[tiers < whole]))
    order_of = np.empty(len(ranked), dtype=np.int64)
    order_of[best] = np.arange(len(ranked))
    places[tiers < whole] = order_of - _TIER
    cut = len(ranked) if len(ranked) < len(chosen) else None
    return _as_spelt(conn, selection, _Ordered(chosen, places, ranked=cut))


def _tiers(conn: sqlite3.Connection, selection: Selection, chosen: Numbers) -> Numbers:
    """0 for the articles with all words side by side; of one word that very many articles have,
    for those with it in their title; 1 for the others.
    """
    query, columns = selection.query, selection.columns
    expression = query.together or (query.titled if len(chosen) > RANKED else None)
    tiers = np.zeros(len(columns), dtype=np.int64)
    if expression:
        tiers += 1
        tiers[matching(conn, columns, expression)] = 0
    return tiers[chosen]


def _fits(conn: sqlite3.Connection, selection: Selection, ranked: Numbers) -> Fractions:
    """How well each article fits, the smaller the better; by BM25."""
    columns = selection.columns
    if not len(ranked):
        return np.zeros(0)
    if selection.fits is not None:
        return selection.fits[np.searchsorted(selection.matched, ranked)]
    ids = columns.ids[ranked]
    is_part = len(ranked) < len(selection.matched)
    found, fits = fitting(conn, selection.query.match or "", among=ids if is_part else None)
    at = np.minimum(np.searchsorted(ids, found), len(ids) - 1)
    known = ids[at] == found
    scores = np.zeros(len(ids))
    scores[at[known]] = fits[known]
    return scores


def _as_spelt(conn: sqlite3.Connection, selection: Selection, ordered: _Ordered) -> _Ordered:
    """The same articles, those first whose text has the words with the marks that were typed."""
    spelling = Spelling.of(selection.query.wanted)
    if spelling is None:
        return ordered
    best = ordered.first(RERANKED)
    ids = selection.columns.ids[ordered.positions[best]]
    texts = conn.execute(
        "SELECT article_id, title, lead, body, byline, substr(attachments, 1, ?) "
        "FROM article_texts WHERE article_id IN (SELECT value FROM json_each(?))",
        [_COMPARED, json.dumps(ids.tolist())],
    )
    scores = {article_id: spelling.score("\n".join(fields)) for article_id, *fields in texts}
    spelt = np.array([scores.get(article_id, 0) for article_id in ids.tolist()], dtype=np.int64)
    again = best[np.argsort(-spelt, kind="stable")]
    places = ordered.places.copy()
    places[again] = np.arange(len(again)) - 2 * _TIER
    exact = int((spelt == spelling.most).sum())
    return _Ordered(ordered.positions, places, ranked=ordered.ranked, exact=exact)


__all__ = ["PAGE_SIZE", "Hit", "Order", "Results", "search"]
