"""Crawl-delay: robots.txt may ask for more time between requests than we take."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.robotstxt import RobotParser

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_LONGEST = 120.0
"""Seconds; a longer Crawl-delay is taken for this much, or a crawl would never end."""


class CrawlDelay:
    """Holds the delay between requests to a host at least at what its robots.txt asks for.

    Scrapy parses the line (since 2.18) but does not act on it. AutoThrottle moves the delay after
    each answer; this extension comes after it and lifts the delay again where it fell too low.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.floors: dict[str, float] = {}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.hold, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch this crawler."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Note the delay asked of our User-Agent, if the file names one."""
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        engine = self.crawler.engine
        if asked is None or engine is None:
            return
        key = engine.downloader.get_slot_key(request)
        self.floors[key] = min(float(asked), _LONGEST)
        logger.info("robots.txt of %s asks for %s s between requests", key, asked)
        self._lift(key)

    def hold(self, request: Request) -> None:
        """Keep the delay from falling below what was asked."""
        self._lift(request.meta.get("download_slot", ""))

    def _lift(self, key: str) -> None:
        floor = self.floors.get(key)
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(key) if engine is not None else None
        if floor is not None and slot is not None:
            slot.delay = max(slot.delay, floor)
            # Jitter would make some pauses shorter than asked.
            slot.jitter = 0.0
