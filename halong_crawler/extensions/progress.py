"""Progress of a crawl: one live line on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import Spider, signals
from scrapy.utils.asyncio import AsyncioLoopingCall

from halong_crawler.session import Session

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SECONDS_LIVE = 0.5
_SECONDS_LOG = 10.0
_REST = 50
"""How many times longer the display rests than counting a large frontier took."""


class Progress:
    """Shows done, known, new, changed, rate and the section the walk is in."""

    def __init__(self, session: Session, console: Console) -> None:
        self.session = session
        self.console = console
        self.started = time.monotonic()
        self.live: Live | None = None
        self.beat: AsyncioLoopingCall | None = None
        self._states: dict[str, int] = {}
        self._count_again_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Follow the crawler from open to close."""
        session: Session = crawler.spider.session  # type: ignore[union-attr]
        progress = cls(session, Console(stderr=True))
        crawler.signals.connect(progress.opened, signal=signals.spider_opened)
        crawler.signals.connect(progress.closed, signal=signals.spider_closed)
        return progress

    def opened(self, spider: Spider) -> None:  # noqa: ARG002
        """Start showing."""
        self.started = time.monotonic()
        if self.console.is_terminal:
            self.live = Live(console=self.console, transient=True, auto_refresh=False)
            self.live.start()
        self.beat = AsyncioLoopingCall(self.show)
        self.beat.start(_SECONDS_LIVE if self.live else _SECONDS_LOG, now=False)

    def closed(self, spider: Spider) -> None:  # noqa: ARG002
        """Stop showing; the summary follows from the command line."""
        if self.beat is not None and self.beat.running:
            self.beat.stop()
        if self.live is not None:
            self.live.stop()

    def show(self) -> None:
        """Show the present state once."""
        line = self.line()
        if self.live is None:
            logger.info("%s: %s", self.session.portal.name, line)
            return
        grid = Table.grid(padding=(0, 1))
        grid.add_row(Text(self.session.portal.name, style="bold cyan"), Text(line))
        grid.add_row("", Text(self.session.section[:100], style="dim"))
        self.live.update(grid, refresh=True)

    def line(self) -> str:
        """``124 done · 310 known · 57 new · 2 changed · 41 unchanged · 1.9 pages/s``."""
        states = self._counts()
        done = states.get("done", 0) + states.get("failed", 0)
        changes = self.session.changes
        rate = done / max(time.monotonic() - self.started, 0.001)
        return (
            f"{done} done · {sum(states.values())} known · {changes['new']} new · "
            f"{changes['changed']} changed · {changes['unchanged']} unchanged · {rate:.1f} pages/s"
        )

    def _counts(self) -> dict[str, int]:
        """The frontier's states; counted anew so seldom that counting takes no time to speak of."""
        began = time.monotonic()
        if began >= self._count_again_at:
            self._states = self.session.frontier.counts()
            took = time.monotonic() - began
            self._count_again_at = began + _REST * took
        return self._states
