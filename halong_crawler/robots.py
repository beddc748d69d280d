"""robots.txt by RFC 9309: what it says to us, and what its absence means."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser

from archive.place import ArchiveError
from halong_crawler.failures import Trouble, retry_after
from halong_crawler.hosts import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from halong_crawler.session import Session

LONGEST = 500 * 1024
"""Bytes that are parsed (RFC 9309, 2.5: at least 500 KiB)."""

FRESH = 86_400.0
"""Seconds a copy is used (RFC 9309, 2.4: no more than 24 hours)."""

_LARGEST = 8 * 1024 * 1024
_TIMEOUT = 30.0
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|script|\?xml)", re.I)


@dataclass(frozen=True, slots=True)
class Rules:
    """The group of a robots.txt that is meant for one product."""

    agent: str | None
    """The group's name, ``*`` for the one meant for all; None where no group is for us."""
    lines: tuple[str, ...]
    """Its lines, ``Disallow: /x``, in order; of groups with one name all together."""
    is_page: bool
    """It is a web page (a CAPTCHA, a front page) in the place of a robots.txt."""

    @property
    def text(self) -> str:
        """A robots.txt of this group alone."""
        return "\n".join(("User-agent: *", *self.lines))

    @property
    def digest(self) -> str:
        """SHA-256 of :attr:`text`: equal rules, equal sums, whatever else the file says."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def note(self) -> str:
        """One line for the capture: which group is obeyed, its sum, its first rules."""
        if self.is_page and self.agent is None:
            return "a web page in the place of robots.txt: it holds no rules"
        if self.agent is None:
            return "no group is meant for us: no rules"
        words = f"group {self.agent!r}, {len(self.lines)} lines, sha256 {self.digest}"
        return f"{words}: {'; '.join(self.lines)}"[:500]


def read_rules(body: bytes, user_agent: str) -> Rules:
    """The rules for a User-Agent: the groups of its product's name, else those for ``*``.

    Lines that cannot be parsed are ignored (RFC 9309, 2.2). Lines outside any group are too.
    """
    text = body[:LONGEST].decode("utf-8-sig", "ignore")
    product = _token(user_agent)
    groups: dict[str, list[str]] = {}
    names: list[str] = []
    named = False
    for line in re.split(r"\r\n|\r|\n", text):
        found = _LINE.match(line)
        if found is None:
            continue
        key, value = found.group(1).lower(), found.group(2).strip()
        if key == "user-agent":
            # Consecutive names share one group; a name after rules begins another.
            names = [*names, value] if named else [value]
            named = True
            groups.setdefault(_token(value), [])
        elif key in ("allow", "disallow", "crawl-delay"):
            named = False
            for name in dict.fromkeys(_token(name) for name in names):
                groups[name].append(f"{found.group(1)}: {value}")
    agent = next((name for name in (product, "*") if name in groups), None)
    lines = tuple(groups[agent]) if agent is not None else ()
    return Rules(agent, lines, is_page=_PAGE.match(text) is not None)


def _token(name: str) -> str:
    """The product's name in a User-Agent or in a group's line: letters, ``_`` and ``-``."""
    found = _TOKEN.match(name)
    return found.group().lower() if found else name.strip().lower()


class RobotsUnreachable(Exception):  # noqa: N818
    """robots.txt cannot be had now: the page is put back, unasked."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is known of one origin's robots.txt."""

    parser: RobotParser | None
    """None: there are no rules (RFC 9309, 2.3.1.3)."""
    read_at: float


class RobotsMiddleware:
    """Lets a request pass if robots.txt of its origin allows it.

    - 2xx: its rules count. Any other status below 500: there are none (2.3.1.3), except for 429,
      which asks us to wait and is no word about rules.
    - 5xx, 429, no answer: nothing is asked of the host (2.3.1.4). The host's pages wait in the
      frontier, and robots.txt is tried again by the schedule of the class ``robots``.
    """

    def __init__(self, crawler: Crawler, session: Session) -> None:
        self.crawler = crawler
        self.session = session
        self._user_agent: str = crawler.settings["USER_AGENT"]
        self._copies: dict[str, _Copy] = {}
        self._asking: dict[str, asyncio.Future[_Copy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Join the session of the crawler's spider."""
        return cls(crawler, crawler.spider.session)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Raise ``IgnoreRequest`` for what is forbidden, ``RobotsUnreachable`` where none knows."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        if not self.crawler.settings.getbool("ROBOTSTXT_OBEY"):
            return
        parts = urlsplit(request.url)
        copy = await self._copy(f"{parts.scheme}://{parts.netloc}", request)
        if copy.parser is not None and not copy.parser.allowed(request.url, self._user_agent):
            raise IgnoreRequest("Forbidden by robots.txt")

    async def _copy(self, origin: str, request: Request) -> _Copy:
        known = self._copies.get(origin)
        if known is not None and time.monotonic() - known.read_at < FRESH:
            return known
        if origin not in self._asking:
            self._asking[origin] = asyncio.ensure_future(self._ask(origin, request))
            self._asking[origin].add_done_callback(lambda _: self._asking.pop(origin))
        return await asyncio.shield(self._asking[origin])

    async def _ask(self, origin: str, request: Request) -> _Copy:
        assert self.crawler.engine is not None
        asked = Request(
            f"{origin}/robots.txt",
            priority=1000,
            callback=NO_CALLBACK,
            # The capture's note is made of the bytes as they came.
            headers={"Accept-Encoding": "identity"},
            meta={
                "dont_obey_robotstxt": True,
                "download_maxsize": _LARGEST,
                "download_timeout": _TIMEOUT,
            },
        )
        try:
            response = await self.crawler.engine.download_async(asked)
        except IgnoreRequest:
            # More redirects than RFC 9309 (2.3.1.2) has us follow: as if there were none.
            return self._keep(origin, None)
        except ArchiveError as error:
            self.session.fail(error)
            raise
        except Exception as error:
            untrusted: str | None = asked.meta.get("untrusted")
            if untrusted is not None:
                return self._without(origin, untrusted, None, "certificate")
            return self._without(origin, f"{type(error).__name__}: {error}"[:200], None)
        return await self._judged(origin, response, request)

    async def _judged(self, origin: str, response: Response, request: Request) -> _Copy:
        """What an answer means, by its status."""
        if response.status >= 500 or response.status == 429:
            wish = retry_after(response.headers, datetime.now(UTC))
            return self._without(origin, f"status {response.status}", wish)
        if "dataloss" in response.flags:
            return self._without(origin, "it broke off before its end", None)
        if not 200 <= response.status < 300:
            return self._keep(origin, None)
        return self._keep(origin, await self._parsed(response, request))

    async def _parsed(self, response: Response, request: Request) -> RobotParser:
        # What is recorded is what is obeyed: the parser sees our group and nothing else.
        rules = read_rules(response.body, self._user_agent)
        parser = ProtegoRobotParser(rules.text.encode(), self.crawler.spider)
        await self.crawler.signals.send_catch_log_async(
            signals.robots_parsed, robotparser=parser, request=request
        )
        return parser

    def _keep(self, origin: str, parser: RobotParser | None) -> _Copy:
        self._copies[origin] = _Copy(parser, time.monotonic())
        return self._copies[origin]

    def _without(self, origin: str, why: str, wish: float | None, failure: str = "robots") -> _Copy:
        """An unreachable robots.txt: an old copy counts on (2.4), else nothing is asked for."""
        old = self._copies.get(origin)
        if old is not None:
            return self._keep(origin, old.parser)
        trouble = Trouble(failure, retry_after=wish)
        self.session.frontier.health.failed(host_of(origin), trouble, f"robots.txt: {why}")
        raise RobotsUnreachable(f"{origin}/robots.txt: {why}")
