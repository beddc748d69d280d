"""A polite visitor: few requests, robots.txt first, pauses between them, all of it written down."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import urljoin

from scrapy.robotstxt import ProtegoRobotParser

from halong_crawler import settings
from halong_crawler.discovery.urls import Address, spell
from halong_crawler.fetching import HOPS, Answer, FetchError, fetch

MOST = 18
"""Requests of one survey, robots.txt and redirects included."""

PATIENCE = 120.0
"""Seconds of waiting between requests after which only what is indispensable is asked for."""

TIMEOUT = 25.0
"""Seconds for one answer."""

LARGEST = 8 * 1024 * 1024
"""Bytes of one answer: more than any page, and enough of a site map to learn from."""

_LONGEST_PAUSE = 120.0
"""Seconds; a longer Crawl-delay is taken for this much, as in a crawl."""

_SITEMAP = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Visit:
    """One thing that was asked for."""

    url: str
    why: str
    """What it was asked for as: ``front page``, ``sitemap``."""
    answer: Answer | None = None
    problem: str = ""
    """Why there is no answer."""
    forbidden: bool = False
    """robots.txt does not allow it."""


@dataclass(frozen=True, slots=True)
class Robots:
    """What the robots.txt of one host says to us."""

    status: int | None
    """None: there was no answer."""
    parser: ProtegoRobotParser
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked for."""
        return bool(self.parser.allowed(url, settings.USER_AGENT))

    @property
    def delay(self) -> float | None:
        """Its Crawl-delay, in seconds."""
        return self.parser.crawl_delay(settings.USER_AGENT)


@dataclass
class Visitor:
    """Asks for pages one at a time, and remembers each."""

    sleep: Callable[[float], None] = time.sleep
    most: int = MOST
    visits: list[Visit] = field(default_factory=list)
    _robots: dict[str, Robots] = field(default_factory=dict)
    _asked_of: set[str] = field(default_factory=set)
    _waited: float = 0.0

    def ask(self, url: str, why: str, *, needed: bool = False) -> Visit:
        """Ask for a URL and follow its redirects; robots.txt is heard before each step.

        What is not ``needed`` is left out once enough was asked. Never raises: a :class:`Visit`
        without an answer says why there is none.
        """
        visit = self._follow(url, why, needed)
        self.visits.append(visit)
        return visit

    def robots(self, url: str) -> Robots:
        """The robots.txt of a URL's host, asked for once."""
        address = spell(url)
        origin = f"{address.scheme}://{address.host}" if address is not None else ""
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(f"{origin}/robots.txt")
        return self._robots[origin]

    def _follow(self, url: str, why: str, needed: bool) -> Visit:
        passed: list[str] = []
        while True:
            if not needed and (len(self.visits) >= self.most or self._waited > PATIENCE):
                return Visit(url, why, problem="not asked: enough was asked already")
            if not self.robots(url).allows(url):
                return Visit(url, why, problem="robots.txt forbids it", forbidden=True)
            try:
                answer = self._fetch(url)
            except FetchError as error:
                return Visit(url, why, problem=f"no answer ({error.reason})")
            goal = answer.goal
            if goal is None or len(passed) == HOPS:
                return Visit(url, why, replace(answer, hops=tuple(passed)))
            passed.append(answer.url)
            url = goal

    def _read_robots(self, url: str) -> Robots:
        try:
            # Its redirects are followed as they come: there is no robots.txt for robots.txt.
            answer = self._fetch(url, hops=HOPS)
        except FetchError as error:
            self.visits.append(Visit(url, "robots.txt", problem=f"no answer ({error.reason})"))
            return Robots(None, ProtegoRobotParser(b"", None))
        self.visits.append(Visit(url, "robots.txt", answer))
        body = answer.body if answer.status == 200 else b""
        named = (match.group(1).decode("utf-8", "replace") for match in _SITEMAP.finditer(body))
        sitemaps = dict.fromkeys(urljoin(answer.url, name) for name in named)
        return Robots(answer.status, ProtegoRobotParser(body, None), tuple(sitemaps))

    def _fetch(self, url: str, hops: int = 0) -> Answer:
        self._pause(url)
        return fetch(url, timeout=TIMEOUT, largest=LARGEST, hops=hops)

    def _pause(self, url: str) -> None:
        """Wait as a crawl would; a host's first request, and one's own machine, need no wait."""
        address = spell(url)
        if address is None or is_loopback(address):
            return
        if address.host in self._asked_of:
            robots = self._robots.get(f"{address.scheme}://{address.host}")
            asked = min((robots.delay if robots else None) or 0.0, _LONGEST_PAUSE)
            pause = max(settings.DOWNLOAD_DELAY, asked)
            self._waited += pause
            self.sleep(pause)
        self._asked_of.add(address.host)


def is_loopback(address: Address) -> bool:
    """Whether an address is on this machine."""
    host = address.host.rpartition(":")[0] if re.search(r":\d+$", address.host) else address.host
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name
        return host == "localhost" or host.endswith(".localhost")
