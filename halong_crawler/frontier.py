"""The frontier: every URL a portal's walk knows and how far it has come, in SQLite.

It is Scrapy's scheduler. Its rows live in the archive's database and change in the transaction
that keeps the page they belong to, so a kill at any instant leaves pages and frontier in step.
One page is asked for once a crawl, under whatever URLs it is met: rows are keyed by the page's
identity, not by URL.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from archive.connection import explained
from archive.place import ArchiveError
from halong_crawler.discovery.target import target
from halong_crawler.items import Lead

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from halong_crawler.session import Session

logger = logging.getLogger(__name__)

PRIORITIES: dict[str, int] = {
    "seed": 100,
    "sitemap": 90,
    "feed": 80,
    "file": 75,
    "article": 70,
    "listing": 60,
    "page": 20,
}
"""Kind of URL → priority; higher goes first. Articles go before the pages that list more, and an
article's files before the next article: a crawl that is cut short holds whole articles."""

_LOOKED_AT_AGAIN = 10
"""Priority of known pages that are due. They wait while anything above them is on its way, for it
may bring what is new: a crawl that is cut short has that."""

# The archivist's newest first: of two articles the one found in a fresher place goes first, and
# listings, feeds and sitemaps are all walked from their newest end.
_NEXT = """
UPDATE _frontier SET state = 'leased', attempts = attempts + 1
WHERE (portal, url_key) = (
  SELECT portal, url_key FROM _frontier WHERE portal = :portal AND state = 'pending'
  AND (kind = 'file' OR NOT :only_files) AND priority <> :held
  ORDER BY priority DESC, sequence LIMIT 1)
RETURNING url_key, url, kind, depth, found_on, attempts
"""
_ADD = """
INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, attempts, found_on,
                       crawl_id, sequence)
VALUES (:portal, :url_key, :url, :kind, :depth, :priority, 'pending', 0, :found_on,
        :crawl_id, :sequence)
ON CONFLICT (portal, url_key) DO UPDATE SET
  -- An article that was found under one address is asked for there again, whichever of its
  -- addresses a walk meets first; one that failed there is tried at the address just met.
  url = CASE WHEN excluded.kind = 'article' AND _frontier.state = 'done'
             THEN _frontier.url ELSE excluded.url END,
  kind = excluded.kind, depth = excluded.depth, priority = excluded.priority,
  state = 'pending', attempts = 0, found_on = excluded.found_on, crawl_id = excluded.crawl_id,
  sequence = excluded.sequence
WHERE _frontier.crawl_id <> excluded.crawl_id
"""


class Frontier(BaseScheduler):
    """Hands out the portal's URLs, most wanted first, each page once a crawl."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._sequence = 0
        self._articles_leased: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Join the session of the crawler's spider."""
        session: Session = crawler.spider.session  # type: ignore[union-attr]
        frontier = cls(session)
        session.frontier = frontier
        return frontier

    def open(self, spider: Spider) -> None:  # noqa: ARG002
        """Take over what an earlier crawl left undone, and plant the seeds."""
        store = self.session.store
        with store.whole():
            self._go_on_where_killed()
            left = self._execute(
                "UPDATE _frontier SET state = 'pending', attempts = 0, crawl_id = :crawl_id "
                "WHERE portal = :portal AND state IN ('pending', 'leased')"
            ).rowcount
            (self._sequence,) = self._execute(
                "SELECT coalesce(max(sequence), 0) FROM _frontier "
                "WHERE portal = :portal AND crawl_id = :crawl_id"
            ).fetchone()
            self._ask(self.session.seeds())
            lists, others = self.session.revisits.planted()
            self._ask(lists)
            self._ask(others, most=_LOOKED_AT_AGAIN)
        store.commit()
        if left:
            logger.info("%d URLs left over from an earlier crawl are taken up again", left)

    def _go_on_where_killed(self) -> None:
        """Count what a killed crawl had done as done in this one, which goes on in its place.

        A page was kept together with the links found on it, so all that was still to be asked for
        stands in the frontier. Only where the walk starts is looked at again, for what is new.
        """
        self._execute(
            "UPDATE _frontier SET crawl_id = :crawl_id WHERE portal = :portal AND state = 'done' "
            "AND found_on IS NOT NULL AND crawl_id = ("
            "SELECT id FROM crawls WHERE status = 'killed' AND id = ("
            "SELECT max(id) FROM crawls WHERE portal = :portal AND id < :crawl_id))"
        )

    def has_pending_requests(self) -> bool:
        """Whether a URL waits that this crawl may still ask for."""
        if self.session.stop_reason not in (None, "limit"):
            return False
        row = self._execute(
            "SELECT 1 FROM _frontier WHERE portal = :portal AND state = 'pending' "
            "AND (kind = 'file' OR NOT :only_files) LIMIT 1",
            only_files=self.session.stop_reason == "limit",
        ).fetchone()
        return row is not None

    def next_request(self) -> Request | None:
        """Lease the most wanted URL; None when there is none.

        When the crawl's limit is reached, only the files of the articles read are still asked for.
        """
        if self.session.stop_reason not in (None, "limit"):
            return None
        try:
            with explained(self.session.store.archive.database):
                self.session.store.begin()
                row = self._execute(
                    _NEXT, only_files=self._only_files(), held=self._held()
                ).fetchone()
        except ArchiveError as error:
            self.session.fail(error)
            return None
        if row is None:
            return None
        key, url, kind, depth, found_on, attempts = row
        if kind == "article":
            self._articles_leased.add(key)
        return self.session.request(Lead(key, url, kind, depth, found_on), attempts)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request made elsewhere in Scrapy, if it is for a page of the portal."""
        found = target(request.url, self.session.portal)
        if found is None or found.refused is not None:
            return False
        return self.add([Lead(found.key, found.url, found.kind, request.meta.get("depth", 0))]) > 0

    def add(self, leads: Iterable[Lead]) -> int:
        """Add URLs that were met to the walk; returns how many this crawl did not know yet.

        Pages that are known and not due are not added.
        """
        return self._ask(lead for lead in leads if self.session.revisits.wants(lead))

    def _ask(self, leads: Iterable[Lead], most: int = 100) -> int:
        added = 0
        for lead in leads:
            self._sequence += 1
            added += self._execute(
                _ADD,
                url_key=lead.key,
                url=lead.url,
                kind=lead.kind,
                depth=lead.depth,
                priority=min(PRIORITIES[lead.kind], most),
                found_on=lead.found_on,
                sequence=self._sequence,
            ).rowcount
        return added

    def settle(self, key: str, state: str) -> None:
        """Record how a leased URL ended: done or failed."""
        self._articles_leased.discard(key)
        self._execute("UPDATE _frontier SET state = :state WHERE portal = :portal AND "
                      "url_key = :url_key", state=state, url_key=key)  # fmt: skip

    def again(self, key: str, url: str) -> None:
        """Ask once more for a leased page, perhaps at another address (a redirect to itself)."""
        self._articles_leased.discard(key)
        self._execute("UPDATE _frontier SET state = 'pending', url = :url WHERE portal = :portal "
                      "AND url_key = :url_key", url=url, url_key=key)  # fmt: skip

    def later(self, key: str) -> None:
        """Ask once more for a page that failed, after everything else."""
        self._articles_leased.discard(key)
        self._execute("UPDATE _frontier SET state = 'pending', priority = 0 WHERE portal = :portal "
                      "AND url_key = :url_key", url_key=key)  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many URLs of this crawl stand in each state."""
        rows = self._execute(
            "SELECT state, count(*) FROM _frontier WHERE portal = :portal "
            "AND crawl_id = :crawl_id GROUP BY state"
        )
        return dict(rows.fetchall())

    def _held(self) -> int:
        """The priority that has to wait now."""
        on_its_way = self._execute(
            "SELECT 1 FROM _frontier WHERE portal = :portal AND state = 'leased' "
            "AND priority > :again LIMIT 1",
            again=_LOOKED_AT_AGAIN,
        ).fetchone()
        return _LOOKED_AT_AGAIN if on_its_way is not None else -1

    def _only_files(self) -> bool:
        """Whether the articles asked for are here, and only their files may still be missing."""
        return self.session.stop_reason == "limit" or self._enough()

    def _enough(self) -> bool:
        """Whether the articles read, with those on their way, reach the crawl's limit."""
        limit = self.session.options.limit
        return (
            limit is not None and self.session.articles_read + len(self._articles_leased) >= limit
        )

    def _execute(self, sql: str, **values: Any) -> Any:
        values.update(portal=self.session.portal.name, crawl_id=self.session.crawl_id)
        return self.session.store.connection.execute(sql, values)
