"""Ends a crawl in good order: its budget is spent, the disk nearly full, the portal silent."""

from __future__ import annotations

import logging
import shutil
import time
from collections import deque
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from scrapy.utils.asyncio import AsyncioLoopingCall

from archive.stops import STOPS
from halong_crawler.items import Outcome
from halong_crawler.session import Session

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_LOOKS_EVERY = 1.0
"""Seconds between two looks at clock and disk, however slow the portal is."""


class Stops:
    """Watches a crawl; what is on its way when it stops is still kept."""

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self.crawler = crawler
        self.session = session
        self.least_free = crawler.settings.getint("HALONG_LEAST_FREE")
        self.most_silent = crawler.settings.getint("HALONG_MOST_SILENT")
        self.most_failed = crawler.settings.getfloat("HALONG_MOST_FAILED")
        self.latest: deque[bool] = deque(maxlen=crawler.settings.getint("HALONG_FAILED_OF"))
        """Whether each of the latest requests failed."""
        self.started = time.monotonic()
        self.answers = 0
        self.silent = 0
        """Requests in a row that brought no answer, or a server's error."""
        self.beat: AsyncioLoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch this crawler."""
        stops = cls(crawler, crawler.spider.session)  # type: ignore[union-attr]
        crawler.signals.connect(stops.opened, signal=signals.spider_opened)
        crawler.signals.connect(stops.closed, signal=signals.spider_closed)
        crawler.signals.connect(stops.kept, signal=signals.item_scraped)
        return stops

    def opened(self, spider: Spider) -> None:  # noqa: ARG002
        """Begin to watch."""
        self.started = time.monotonic()
        self.beat = AsyncioLoopingCall(self.look)
        self.beat.start(_LOOKS_EVERY, now=True)

    def closed(self, spider: Spider) -> None:  # noqa: ARG002
        """Watch no longer."""
        if self.beat is not None and self.beat.running:
            self.beat.stop()

    def kept(self, item: Outcome) -> None:
        """Count what came of one request."""
        if item.page is None:
            return
        capture = item.page.capture
        self.answers += capture.status is not None
        failed = capture.status is None or capture.status >= 500
        self.silent = self.silent + 1 if failed else 0
        self.latest.append(failed)
        self.look()

    def look(self) -> None:
        """Stop the crawl if there is a reason to."""
        if self.session.stop_reason is None:
            reason = self._reason()
            if reason is not None:
                logger.warning("%s: the crawl ends: %s", self.session.portal.name,
                               STOPS[reason].meaning)  # fmt: skip
                self.session.stop(reason)

    def _reason(self) -> str | None:
        stats = self.crawler.stats
        received = stats.get_value("downloader/response_bytes", 0) if stats is not None else 0
        seconds = time.monotonic() - self.started
        spent = self.session.options.budget.spent(self.answers, seconds, received)
        if spent is not None:
            return spent
        if self.silent >= self.most_silent > 0:
            return "errors"
        if self._mostly_failing():
            return "error_share"
        free = shutil.disk_usage(self.session.archive.path).free
        return "disk" if free < self.least_free else None

    def _mostly_failing(self) -> bool:
        enough = len(self.latest) == self.latest.maxlen and bool(self.latest)
        return enough and 0 < self.most_failed <= sum(self.latest) / len(self.latest)
