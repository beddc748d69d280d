"""Log lines fit for an archive: pages are in the database, so their texts stay out of the log."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from halong_crawler.items import Outcome


class QuietFormatter(LogFormatter):
    """Names an outcome by its URL and what it came to, never by its text."""

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """One debug line an outcome."""
        if not isinstance(item, Outcome):
            return super().scraped(item, response, spider)
        outcome = item.page.capture.outcome if item.page is not None else "skipped"
        return {
            "level": logging.DEBUG,
            "msg": "%(outcome)s %(url)s",
            "args": {"outcome": outcome, "url": item.lead.url},
        }

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """One error line; the traceback follows it."""
        if not isinstance(item, Outcome):
            return super().item_error(item, exception, response, spider)
        return {
            "level": logging.ERROR,
            "msg": "Could not keep %(url)s",
            "args": {"url": item.lead.url},
        }
