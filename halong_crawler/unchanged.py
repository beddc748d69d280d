"""Status 304: the server says that a page is as its last 200 answer left it (RFC 9110, 15.4.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.http import Response

from archive.records import Capture, Page
from halong_crawler import attachments
from halong_crawler.items import Lead, Outcome

if TYPE_CHECKING:
    from halong_crawler.session import Session

_CONDITIONS = (b"If-None-Match", b"If-Modified-Since")


def answered(response: Response, capture: Capture, lead: Lead, session: Session) -> Outcome:
    """What a 304 comes to: its article was seen again, and its files may be due.

    One that nobody asked for says nothing.
    """
    asked = response.request
    if asked is None or not any(name in asked.headers for name in _CONDITIONS):
        page = Page(session.portal.name, replace(capture, outcome="other_status"))
        return Outcome(page, lead, "failed")
    article_id = session.revisits.article_of(lead)
    page = Page(
        session.portal.name, replace(capture, outcome="unchanged"), unchanged_article=article_id
    )
    if article_id is None:
        return Outcome(page, lead, "done")
    files, images = (_urls(session, table, article_id) for table in ("attachments", "images"))
    found, skipped = attachments.leads(files, images, session, lead)
    return Outcome(page, lead, "done", found, skipped)


def _urls(session: Session, table: str, article_id: int) -> list[str]:
    sql = f"SELECT url FROM {table} WHERE article_id = ? ORDER BY position"  # noqa: S608
    return [url for (url,) in session.store.connection.execute(sql, [article_id])]
