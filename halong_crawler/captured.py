"""Pages an archive holds, read back from their WARC records: to learn from, and to read again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.place import Archive
from archive.records import Article
from archive.store import Store
from archive.stored import stored_response
from archive.warc import WarcError
from halong_crawler.learning.outline import Kind, Page, outline
from halong_crawler.portal import Portal
from halong_crawler.reading import Document, NotAnArticle, read_document

_KINDS: dict[str, Kind] = {
    "article": "article", "listing": "listing", "home": "listing", "static": "page",
    "empty": "page", "search": "listing",
}  # fmt: skip
"""Outcome → kind, for pages that can be learnt from."""
_OTHERS = 60
"""Pages that are no articles, of each kind, that a sample takes in to compare with."""
_AMPLE = 3
"""The newest so many times the sample, from which it is taken evenly."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture of a page that can be read back."""

    id: int
    url: str
    fetched_at: str
    outcome: str
    article_id: int | None

    @property
    def at(self) -> datetime:
        """When it was captured."""
        return datetime.fromisoformat(self.fetched_at)


_COLUMNS = "id, url, fetched_at, outcome, article_id"


def document_of(
    connection: sqlite3.Connection, archive: Archive, capture_id: int, url: str
) -> Document:
    """The page a capture holds, parsed. Raises :class:`archive.warc.WarcError`."""
    stored = stored_response(connection, archive.warc_dir, capture_id)
    return Document.parse(stored.body, url, stored.headers)


def sample(
    connection: sqlite3.Connection, archive: Archive, portal: str, articles: int
) -> Iterator[Page]:
    """Pages of a portal to learn from: the newest captures of different articles, and others.

    What a record no longer gives is left out: a sample needs no page in particular.
    """
    for outcome, kind in _KINDS.items():
        wanted = articles if kind != "listing" else _OTHERS
        for captured in _newest(connection, portal, outcome, wanted):
            try:
                document = document_of(connection, archive, captured.id, captured.url)
            except WarcError:
                continue
            yield outline(document, captured.at, kind=kind)


def _newest(
    connection: sqlite3.Connection, portal: str, outcome: str, count: int
) -> Sequence[Captured]:
    rows = connection.execute(
        f"SELECT {_COLUMNS}, max(fetched_at) FROM captures WHERE portal = ? AND outcome = ? "  # noqa: S608
        "AND status = 200 AND warc_file IS NOT NULL GROUP BY coalesce(article_id, url) "
        "ORDER BY max(fetched_at) DESC, id DESC LIMIT ?",
        [portal, outcome, _AMPLE * count],
    ).fetchall()
    found = [Captured(*row[:-1]) for row in rows]
    step = max(1, len(found) // count)
    return found[::step][:count]


# Reading again


def to_reread(
    connection: sqlite3.Connection, portal: Portal, *, others: bool = False
) -> list[list[Captured]]:
    """Captures read without the portal's present template, those of one article together.

    With ``others`` also the pages that were taken for none: with a template they may be articles.
    """
    template = portal.learned
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM captures c WHERE portal = :portal AND status = 200 "  # noqa: S608
        "AND warc_file IS NOT NULL AND ((:others AND outcome IN ('static', 'empty')) OR EXISTS "
        "(SELECT 1 FROM article_versions v WHERE v.article_id = c.article_id AND "
        "c.outcome = 'article' AND v.parser_version NOT LIKE :version)) ORDER BY article_id, id",
        {
            "portal": portal.name,
            "others": others,
            "version": f"%+{template.stamp}" if template is not None else "%",
        },
    )
    groups: dict[object, list[Captured]] = {}
    for row in rows:
        captured = Captured(*row)
        groups.setdefault(captured.article_id or f"capture {captured.id}", []).append(captured)
    return list(groups.values())


def reread(store: Store, portal: Portal, group: Iterable[Captured]) -> int:
    """Read the captures of one article again and correct it; how many were read.

    A record that is damaged, a page that reads as none now, or as another article, stays as it was
    read before.
    """
    readings: dict[int, Article] = {}
    for captured in group:
        try:
            document = document_of(store.connection, store.archive, captured.id, captured.url)
        except WarcError:
            continue
        result = read_document(document, portal=portal, captured_at=captured.at)
        if not isinstance(result, NotAnArticle) and _is_same(store, captured, result):
            readings[captured.id] = result
    if readings:
        store.reread(readings)
    return len(readings)


def _is_same(store: Store, captured: Captured, article: Article) -> bool:
    if captured.article_id is None:
        return True
    (source_id,) = store.connection.execute(
        "SELECT source_id FROM articles WHERE id = ?", [captured.article_id]
    ).fetchone()
    return bool(source_id == article.source_id)
