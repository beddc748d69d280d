"""The one keeping path of a crawl: a page, its links and its place in the frontier, together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from archive import totals, words
from archive.place import ArchiveError
from archive.store import Change
from halong_crawler import moves
from halong_crawler.clock import utc_now
from halong_crawler.items import Outcome
from halong_crawler.session import Session

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class KeepPipeline:
    """Hands each outcome to the store and the frontier inside one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Join the session of the crawler's spider."""
        return cls(crawler.spider.session)  # type: ignore[union-attr]

    def process_item(self, item: Outcome) -> Outcome:
        """Keep one outcome; stop the crawl when it has read enough, or nothing can be kept."""
        session = self.session
        if session.fault is not None:
            # What was written before may be undone, the page's own row of the frontier with it. As
            # after a kill the page is asked for again.
            return item
        try:
            with session.store.whole():
                change = self._keep(item)
            session.learner.step()
            session.store.tick()
            session.journal.step()
        except ArchiveError as error:
            session.fail(error)
            return item
        if change != "none":
            session.changes[change] += 1
        limit = session.options.limit
        if limit is not None and session.articles_read >= limit:
            session.stop("limit")
        return item

    def _keep(self, item: Outcome) -> Change:
        session = self.session
        change: Change = "none"
        kept = None
        if item.page is not None:
            page = moves.adopt(session.store.connection, session.portal, item.page, item.lead)
            kept = session.store.keep(session.crawl_id, page)
            change = kept.change
        fresh = session.revisits.count_unknown(item.found)
        session.revisits.note(item, kept, fresh)
        if kept is not None and item.total is not None:
            totals.note(
                session.store.connection, session.portal.name, item.lead.key, session.crawl_id,
                kept.capture_id, item.total,
            )  # fmt: skip
        for skip in item.skipped:
            session.store.skip(
                session.crawl_id,
                session.portal.name,
                skip.url,
                skip.reason,
                found_on=item.lead.url,
                at=utc_now(),
            )
        session.revisits.told(item.lastmods)
        if item.words is not None and item.page is not None:
            words.put(
                session.store.connection, session.portal.name, item.words, item.page.capture.url
            )
        session.frontier.add(item.found)
        self._settle(item, kept.capture_id if kept is not None else None)
        return change

    def _settle(self, item: Outcome, capture_id: int | None) -> None:
        frontier = self.session.frontier
        if item.page is not None:
            frontier.hear(item)
        if item.state == "again":
            frontier.again(item.lead.key, item.again_at or item.lead.url)
        elif item.state == "later":
            frontier.later(item.lead.key, item.wait)
        elif item.state == "unasked":
            frontier.put_back(item.lead.key)
        else:
            frontier.settle(item.lead.key, item.state, capture_id)
            again = self.session.revisits.listings.to_look_at_again(item)
            if again is not None:
                frontier.look_again(again)
