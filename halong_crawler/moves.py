"""Articles that moved: a lasting redirect to another article's address, where the same text stands.

The article keeps its key and its history; the old address becomes one that leads to it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from archive import visits
from archive.records import Page
from archive.state import tidy
from archive.visits import Visit
from halong_crawler.items import Lead, Outcome
from halong_crawler.portal import Portal

_FOR_GOOD = frozenset((301, 308))
"""Statuses that say so (RFC 9110, 15.4.2 and 15.4.9)."""
_LOOKED_FOR, _FOUND = 1, 2
"""Values of ``_visits.moved``."""


def see(
    connection: sqlite3.Connection, portal: Portal, item: Outcome, article_id: int | None
) -> None:
    """Note that an article's address sends to another for good; that one is still to be read."""
    assert item.page is not None
    if article_id is None or item.page.capture.status not in _FOR_GOOD or len(item.found) != 1:
        return
    lead = item.found[0]
    known = visits.visit(connection, portal.name, lead.key)
    if known is None or (known.article_id is None and known.page_class not in visits.EACH_CRAWL):
        values = {"class": lead.kind, "moved": _LOOKED_FOR, "article_id": article_id}
        visits.put(connection, portal.name, lead.key, values)


def adopt(connection: sqlite3.Connection, portal: Portal, page: Page, lead: Lead) -> Page:
    """The page as the article it was before it moved here, if it is that one."""
    known = visits.visit(connection, portal.name, lead.key)
    if page.article is None or known is None or not known.moved or known.article_id is None:
        return page
    source_id, old_url, title, body = connection.execute(
        "SELECT a.source_id, a.url, t.title, t.body FROM articles a "
        "JOIN article_texts t ON t.article_id = a.id WHERE a.id = ?",
        [known.article_id],
    ).fetchone()
    here = tidy(page.article)
    if known.moved == _LOOKED_FOR and (here.title, here.body) != (title, body):
        values = {"class": known.page_class, "moved": 0, "article_id": None}
        visits.put(connection, portal.name, lead.key, values)
        return page
    _settle(connection, portal, lead, known, page.article.url)
    aliases = page.aliases
    if old_url != page.article.url:
        aliases = (*aliases, (old_url, "redirect"))
    return replace(page, article=replace(page.article, source_id=source_id), aliases=aliases)


def _settle(
    connection: sqlite3.Connection, portal: Portal, lead: Lead, known: Visit, url: str
) -> None:
    values = {"class": known.page_class, "moved": _FOUND}
    visits.put(connection, portal.name, lead.key, values)
    # The old address is a signpost now, and no longer where the article is looked for.
    connection.execute(
        "UPDATE _visits SET article_id = NULL WHERE portal = ? AND article_id = ? AND url_key <> ?",
        [portal.name, known.article_id, lead.key],
    )
    connection.execute("UPDATE articles SET url = ? WHERE id = ?", [url, known.article_id])
