"""PortalSpider: joins the rooms. It asks for what the frontier hands out, reads what comes back,
and hands everything on in one outcome. It holds no rules of its own.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive import words
from archive.place import ArchiveError
from archive.records import Article, Capture, Page
from halong_crawler import attachments, unchanged
from halong_crawler.answers import aliases_of, kind_of, with_encoding
from halong_crawler.clock import utc_now
from halong_crawler.discovery.feed import read_feed
from halong_crawler.discovery.links import every_link, once
from halong_crawler.discovery.listing import next_pages
from halong_crawler.discovery.sitemap import read_sitemap
from halong_crawler.discovery.target import Target, is_file, target
from halong_crawler.discovery.totals import read_total
from halong_crawler.failures import class_of, judged, retry_after
from halong_crawler.items import Lead, Outcome, Skip
from halong_crawler.portal import Portal
from halong_crawler.reading import (
    Document,
    NotAnArticle,
    listed_dates,
    read_document,
    read_imprint,
    words_digest,
)
from halong_crawler.robots import RobotsUnreachable
from halong_crawler.session import Options, Session

logger = logging.getLogger(__name__)

WITH_IMPRINT = frozenset(("home", "static", "listing"))
"""Outcomes of pages that are no articles and whose imprint is kept."""
_STAND_INS = frozenset(("home", "listing", "static", "empty"))
"""Pages a portal shows under the address of an article that is gone."""
_HOPS = 5
"""How many redirects from one address of a page to another are followed."""
_DEPTH = 8
"""Links from a seed, where the descriptor names no limit; turning a listing's page is free."""


class PortalSpider(Spider):
    """Crawls one portal. Subclasses only carry ``name`` and ``portal``."""

    portal: ClassVar[Portal]
    session: Session

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Apply the descriptor's politeness."""
        super().update_settings(settings)
        politeness = cls.portal.politeness
        wanted = {
            "DOWNLOAD_DELAY": politeness.delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrency,
            "USER_AGENT": politeness.user_agent,
        }
        for name, value in wanted.items():
            if value is not None:
                settings.set(name, value, priority="spider")
        # The first pages wait as long as the others; AutoThrottle learns from there.
        settings.set(
            "AUTOTHROTTLE_START_DELAY", settings.getfloat("DOWNLOAD_DELAY"), priority="spider"
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Open the archive and begin the crawl.

        Raises ``ArchiveError`` and, for a bad argument, ``ValueError``.
        """
        names = ("limit", "since", "full", "max_pages", "max_time", "max_bytes")
        options = Options.parse(**{name: kwargs.pop(name, None) for name in names})
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.open(cls.portal, crawler.settings, options)
        spider.session.errback = spider.failed
        crawler.signals.connect(spider.closed_session, signal=signals.spider_closed)
        # Menus repeat on every page, and judging a URL costs more than remembering the verdict.
        spider._target = lru_cache(maxsize=20_000)(partial(target, portal=cls.portal))
        return spider

    _target: Callable[[str], Target | None]

    def closed_session(self, spider: Spider, reason: str) -> None:  # noqa: ARG002
        """End the crawl in the archive."""
        self.session.close(reason)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the frontier plants the seeds itself, so that a restart goes on where it was."""
        return
        yield

    # Outcomes

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Outcome]:
        """One answer of the server → one outcome; none if the archive cannot keep its file."""
        capture: Capture = response.meta["capture"]
        lead: Lead = response.meta["lead"]
        attempts: int = response.meta["attempts"]
        marks = response.meta["validators"]
        if not lead.is_file or response.status != 200 or capture.outcome == "truncated":
            wish = retry_after(response.headers, datetime.now(UTC))
            outcome = replace(self.answered(response, capture, lead), validators=marks)
            yield judged(outcome, attempts, wish)
            return
        try:
            # Reading a file may take minutes (OCR).
            self.session.frontier.answered(lead.key)
            outcome = await attachments.answered(response, capture, lead, self.session)
        except ArchiveError as error:
            self.session.fail(error)
        else:
            yield judged(replace(outcome, validators=marks), attempts)

    def failed(self, failure: Failure) -> Iterator[Outcome]:
        """No page: robots.txt forbids it, the connection failed, or its coding is broken."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        lead: Lead = request.meta["lead"]
        error = failure.value
        if isinstance(error, RobotsUnreachable):
            yield Outcome(None, lead, "unasked")
            return
        if isinstance(error, ArchiveError):
            # The page was answered, and could not be written down: that is no word about it.
            self.session.fail(error)
            return
        answered: Capture | None = request.meta.get("capture")
        # Scrapy cancels what announces too many bytes, and ignores what unpacks to too many.
        if isinstance(
            error, DownloadCancelledError | IgnoreRequest if answered else DownloadCancelledError
        ):
            capture = answered or Capture(lead.url, utc_now(), "too_large")
            yield self._too_large(capture, lead)
            return
        if isinstance(error, IgnoreRequest) and answered is None:
            yield Outcome(None, lead, "refused", skipped=[Skip(lead.url, "robots")])
            return
        unheard = self.session.turning.unheard(request, error) if answered is None else None
        if unheard is not None:
            yield unheard
            return
        note = f"{type(error).__name__}: {error}"[:500]
        if answered is not None:
            logger.warning("%s: an answer that cannot be read (%s)", lead.url, note)
            if answered.outcome != "truncated":
                answered = replace(answered, outcome="unreadable", note=note)
            yield judged(Outcome(self._kept(answered), lead, "failed"), request.meta["attempts"])
            return
        untrusted: str | None = request.meta.get("untrusted")
        if untrusted is None:
            logger.warning("%s: no answer (%s)", lead.url, note)
        outcome = "untrusted" if untrusted else "unreachable"
        capture = Capture(lead.url, utc_now(), outcome, note=untrusted or note)
        yield judged(Outcome(self._kept(capture), lead, "failed"), request.meta["attempts"])

    def answered(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        """What an answer comes to, whoever captured it: read, and not yet kept."""
        status = response.status
        if capture.outcome == "truncated":
            return Outcome(self._kept(capture), lead, "failed")
        refused = self.session.turning.refused(response, capture, lead)
        if refused is not None:
            return refused
        if status == 304:
            return unchanged.answered(response, capture, lead, self.session)
        if 300 <= status < 400:
            return self._redirect(response, capture, lead)
        if status == 200:
            return self._page(response, capture, lead)
        return self._no_page(response, capture, lead)

    def _no_page(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        status = response.status
        outcome = (
            "not_found" if status in (404, 410)
            else "refused" if status in (401, 403, 429)
            else "server_error" if status >= 500
            else "other_status"
        )  # fmt: skip
        capture = replace(capture, outcome=outcome)
        # The address as it was found may still answer where the plain one does not.
        first = response.meta["attempts"] == 1 and not lead.is_file
        gone = class_of(capture) == "gone"
        if gone and lead.kind == "guess":
            return Outcome(self._kept(capture), lead, "done")
        elsewhere = gone and first and lead.url != response.url
        return Outcome(self._kept(capture), lead, "again" if elsewhere else "failed")

    def _too_large(self, capture: Capture, lead: Lead) -> Outcome:
        if lead.is_file:
            return attachments.too_large(capture, lead, self.session)
        largest = self.settings.getint("DOWNLOAD_MAXSIZE")
        unpacked = ", once unpacked" if capture.status is not None else ""
        note = f"larger than {largest} bytes{unpacked}"
        logger.warning("%s: %s", lead.url, note)
        return judged(
            Outcome(self._kept(replace(capture, outcome="too_large", note=note)), lead, "failed"), 1
        )

    def _redirect(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        location = response.headers.get("Location", b"")
        goal = response.urljoin((location or b"").decode("utf-8", "replace"))
        page = self._kept(replace(capture, outcome="redirect", note=goal))
        further = response.meta["attempts"] <= _HOPS
        if lead.is_file:
            if attachments.is_elsewhere(goal, self.portal):
                return Outcome(page, lead, "failed", skipped=[Skip(goal, "file_elsewhere")])
            return Outcome(page, lead, "again" if further else "failed", again_at=goal)
        found = self._target(goal)
        if found is None:
            return Outcome(page, lead, "done")
        if found.refused is not None:
            return Outcome(page, lead, "done", skipped=[Skip(found.url, found.refused)])
        if found.key == lead.key:
            return self._same_page(page, lead, further and found.url != response.url, found.url)
        kind = found.kind if found.kind != "page" else lead.kind
        return Outcome(page, lead, "done", [replace(lead, key=found.key, url=found.url, kind=kind)])

    def _same_page(self, page: Page, lead: Lead, further: bool, goal: str) -> Outcome:
        """http → https, or a corrected slug: the same page, asked for where it now is."""
        if further:
            return Outcome(page, lead, "again", again_at=goal)
        note = f"{page.capture.note} (given up: it leads in a circle)"
        return Outcome(self._kept(replace(page.capture, note=note)), lead, "failed")

    def _page(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        kind = kind_of(response, capture, lead)
        try:
            return self._readers[kind](self, response, capture, lead)
        except Exception as error:
            # A fault of ours must not cost the capture: the page can be read again from the WARC.
            logger.exception("%s: could not be read", response.url)
            note = f"{type(error).__name__}: {error}"[:500]
            page = self._kept(replace(capture, outcome="unreadable", note=note))
            return Outcome(page, lead, "failed")

    def _sitemap(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        sitemap = read_sitemap(response.body, response.url)
        found = [
            Lead(url, url, "sitemap", lead.depth, lead.url)
            for url in sitemap.children
            if self.portal.covers(url)
        ]
        entries = [(entry.url, entry.lastmod) for entry in sitemap.entries]
        found += self._entries(iter(entries), lead)
        page = self._kept(replace(capture, outcome="sitemap"))
        told = {
            there.key: day for url, day in entries if day and (there := self._target(url))
        }  # fmt: skip
        return Outcome(page, lead, "done", found, lastmods=told)

    def _feed(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        entries = ((entry.url, entry.lastmod) for entry in read_feed(response.body, response.url))
        page = self._kept(replace(capture, outcome="feed"))
        return Outcome(page, lead, "done", self._entries(entries, lead))

    def _entries(self, entries: Iterator[tuple[str, str | None]], lead: Lead) -> list[Lead]:
        since = self.session.options.since
        return [
            Lead(found.key, found.url, found.kind, lead.depth + 1, lead.url)
            for url, day in entries
            if (found := self._target(url)) is not None and found.refused is None
            if since is None or day is None or day[:10] >= since.isoformat()
        ]

    def _file(self, response: Response, capture: Capture, lead: Lead) -> Outcome:  # noqa: ARG002
        outcome = "file" if is_file(lead.url) else "not_html"
        return Outcome(self._kept(replace(capture, outcome=outcome)), lead, "done")

    def _html(self, response: Response, capture: Capture, lead: Lead) -> Outcome:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        document = Document.parse(response.body, response.url, {"content-type": content_type})
        capture = with_encoding(capture, document.encoding)
        moment = datetime.fromisoformat(capture.fetched_at)
        result = read_document(document, portal=self.session.learner.portal, captured_at=moment)
        self.session.learner.see(document, result, expected=lead.kind == "article")
        turned = self.session.turning.knows(lead)
        digest = words_digest(document)
        twin = words.first(self.session.store.connection, self.portal.name, digest)
        if twin not in (None, document.url) and not turned:
            return self._soft_duplicate(capture, lead, result, twin, self._links(document, lead)[0])
        found, skipped = self._links(document, lead)
        if isinstance(result, NotAnArticle):
            imprint = read_imprint(document) if result.reason in WITH_IMPRINT else None
            capture = replace(capture, outcome=result.reason, note=result.because)
            page = Page(self.portal.name, capture, imprint=imprint)
            outcome = Outcome(page, lead, "done", found, skipped,
                              total=read_total(document.tree), words=digest)  # fmt: skip
        else:
            page = Page(
                self.portal.name,
                replace(capture, outcome="article"),
                article=result,
                imprint=read_imprint(document),
                aliases=aliases_of(lead, result, self._target(lead.url)),
            )
            files, elsewhere = attachments.leads(
                (file.url for file in result.attachments), (image.url for image in result.images),
                self.session, lead,
            )  # fmt: skip
            outcome = Outcome(page, lead, "done", [*files, *found], [*skipped, *elsewhere])
        return self.session.turning.followed(response, document, outcome)

    def _soft_duplicate(
        self, capture: Capture, lead: Lead, result: Article | NotAnArticle, twin: str,
        found: list[Lead],
    ) -> Outcome:  # fmt: skip
        """The front page or a listing once more: under an article's address it is a soft 404.

        Of its links only articles are followed: a trap has none that are new, and two pages of a
        listing may differ in numbers alone.
        """
        reason = result.reason if isinstance(result, NotAnArticle) else None
        stands_for = lead.kind == "article" and reason in _STAND_INS
        outcome = "soft_404" if reason is None or stands_for else reason
        note = f"same text as {twin}; only its articles were followed"
        articles = [other for other in found if other.kind == "article"]
        kept = self._kept(replace(capture, outcome=outcome, note=note))
        return Outcome(kept, lead, "done", articles)

    def _links(self, document: Document, lead: Lead) -> tuple[list[Lead], list[Skip]]:
        found: list[Lead] = []
        skipped: list[Skip] = []
        every = list(every_link(document.tree, document.base_url))
        turns = {there.key for there in next_pages(every, document.url, self._target)}
        old, all_old = self._before_since(document)
        deepest = self.portal.politeness.depth or _DEPTH
        for link in once(every):
            there = self._target(link.url)
            if there is None:
                continue
            turning = there.paging or there.key in turns
            if there.key in old or (turning and all_old):
                continue
            depth = lead.depth + (0 if turning else 1)
            if there.refused is not None:
                skipped.append(Skip(there.url, there.refused))
            elif depth > deepest:
                skipped.append(Skip(there.url, "too_deep"))
            else:
                found.append(Lead(there.key, there.url, there.kind, depth, lead.url))
        return found, skipped

    def _before_since(self, document: Document) -> tuple[set[str], bool]:
        """Articles the page dates before the crawl's ``since``, and whether it dates none later."""
        since = self.session.options.since
        if since is None:
            return set(), False
        dates = listed_dates(document, self.portal)
        old = {key for key, day in dates.items() if day < since}
        return old, bool(dates) and len(old) == len(dates)

    def _kept(self, capture: Capture) -> Page:
        return Page(self.portal.name, capture)

    _readers: ClassVar[dict[str, Callable[[PortalSpider, Response, Capture, Lead], Outcome]]] = {
        "html": _html,
        "sitemap": _sitemap,
        "feed": _feed,
        "file": _file,
    }
