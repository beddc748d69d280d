"""Wakes the crawl when a wait is over, and frees hosts whose answers broke on the way to the store.

The waits themselves are kept by the frontier and by :mod:`halong_crawler.hosts`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.utils.asyncio import CallLaterResult, call_later

from archive.place import ArchiveError
from halong_crawler.items import Outcome
from halong_crawler.session import Session

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LEAST = 0.02
"""Seconds between two wakings, so that a wait that is just over does not spin."""

_LONG = 1.0
"""Seconds; through a longer wait no transaction stays open."""


class Waker:
    """Has the engine ask the frontier again at the moment something may be asked for.

    Left to itself the engine asks an idle scheduler every five seconds.
    """

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self.crawler = crawler
        self.session = session
        self._timer: CallLaterResult | None = None
        self._at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch this crawler."""
        waker = cls(crawler, crawler.spider.session)  # type: ignore[union-attr]
        for handler, signal in (
            (waker.nothing_to_ask, signals.scheduler_empty),
            (waker.closed, signals.spider_closed),
            (waker.spider_failed, signals.spider_error),
            (waker.pipeline_failed, signals.item_error),
        ):
            crawler.signals.connect(handler, signal=signal)
        return waker

    def nothing_to_ask(self) -> None:
        """Set the timer for the next page or host that waits, if none is set for an earlier one."""
        if not self.session.asks_on:
            return
        frontier = self.session.frontier
        due = frontier.due()
        if due is None or due > frontier.health.horizon:
            return
        wait = due - time.time()
        if wait > _LONG and not frontier.is_busy():
            self._commit()
        if self._timer is not None:
            if self._at <= due:
                return
            self._timer.cancel()
        self._at = due
        self._timer = call_later(max(wait, _LEAST), self._wake)

    def closed(self, spider: Spider) -> None:  # noqa: ARG002
        """Leave no timer behind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def spider_failed(self, response: Any) -> None:
        """A fault of our own, after the answer: its host must not wait for ever."""
        request = getattr(response, "request", None)
        if request is not None and "lead" in request.meta:
            self.session.frontier.released(request.meta["lead"].key)

    def pipeline_failed(self, item: Any) -> None:
        """The same, while the outcome was kept."""
        if isinstance(item, Outcome):
            self.session.frontier.released(item.lead.key)

    def _commit(self) -> None:
        """Make durable what is kept: no page will come for a while to do it."""
        try:
            self.session.store.commit()
        except ArchiveError as error:
            self.session.fail(error)

    def _wake(self) -> None:
        self._timer = None
        engine = self.crawler.engine
        if engine is not None and engine._slot is not None:
            engine._slot.nextcall.schedule()
