"""The capture point: every answer goes to the WARC before anything reads it."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.message import payload_digest
from archive.records import Capture, Page
from archive.revisits import original
from archive.warc import Place
from halong_crawler.clock import utc_now
from halong_crawler.discovery.target import target
from halong_crawler.items import Lead
from halong_crawler.robots import read_rules
from halong_crawler.session import Session
from halong_crawler.tls import diagnose, is_untrusted
from halong_crawler.validators import UNMARKED, validators_of
from halong_crawler.wire import Exchange

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SITEMAP = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.I | re.M)


class CaptureMiddleware:
    """Writes each exchange to the WARC and leaves its place in ``request.meta["capture"]``.

    What is written are the bytes of the wire (:mod:`halong_crawler.wire`). robots.txt never reaches
    the spider; it is kept from here.
    """

    def __init__(self, session: Session, user_agent: str) -> None:
        self.session = session
        self.user_agent = user_agent
        self._diagnoses: dict[tuple[str, int], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Join the session of the crawler's spider."""
        return cls(crawler.spider.session, crawler.settings["USER_AGENT"])  # type: ignore[union-attr]

    def process_response(self, request: Request, response: Response) -> Response:
        """Store the exchange; the answer itself passes unchanged."""
        fetched_at = utc_now()
        broken = "dataloss" in response.flags
        place, refers_to = self._write(request, response, fetched_at, broken)
        capture = Capture(
            url=request.url,
            fetched_at=fetched_at,
            outcome="truncated" if broken else "robots",
            note=_how_much(response) if broken else None,
            status=response.status,
            media_type=media_type(response),
            payload_digest=place.payload_digest,
            warc_file=place.file,
            warc_offset=place.offset,
            warc_length=place.length,
            refers_to=refers_to,
        )
        lead: Lead | None = request.meta.get("lead")
        if lead is not None:
            posted = request.method == "POST"
            if posted and lead.form is not None:
                capture = replace(capture, posted_page=lead.form.page)
            request.meta["capture"] = capture
            # What marks the answer to a form says nothing of the page that is had without one.
            request.meta["validators"] = UNMARKED if posted else validators_of(response)
        else:
            self._keep_robots(capture, response)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep a robots.txt that could not be had; for pages the spider's errback does it."""
        if is_untrusted(exception):
            request.meta["untrusted"] = await self._diagnosis(request.url)
        if "lead" not in request.meta:
            untrusted = request.meta.get("untrusted")
            note = untrusted or f"{type(exception).__name__}: {exception}"[:500]
            outcome = "untrusted" if untrusted else "unreachable"
            capture = Capture(request.url, utc_now(), outcome, note=note)
            self.session.store.keep(self.session.crawl_id, Page(self.session.portal.name, capture))

    async def _diagnosis(self, url: str) -> str:
        """What is wrong with a server's certificate; looked into, and logged, once a crawl."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        if (host, port) not in self._diagnoses:
            ca = self.session.portal.tls.ca
            self._diagnoses[host, port] = await asyncio.to_thread(diagnose, host, port, ca)
            logger.warning("%s: %s", parts.netloc, self._diagnoses[host, port])
        return self._diagnoses[host, port]

    def _write(
        self, request: Request, response: Response, fetched_at: str, broken: bool
    ) -> tuple[Place, int | None]:
        """Write the exchange; also which capture holds the payload, where that is another."""
        exchange: Exchange = request.meta.pop("wire")
        sent, received, session = exchange.sent, exchange.received, self.session
        of_payload = payload_digest(received)
        held = None if broken else original(
            session.store.connection, session.archive.warc_dir, request.url,
            sent=sent, received=received, payload_digest=of_payload,
        )  # fmt: skip
        place = session.warc.write_exchange(
            request.url,
            fetched_at=fetched_at,
            sent=sent,
            received=received,
            ip=str(response.ip_address) if response.ip_address is not None else None,
            truncated="disconnect" if broken else None,
            repeats=held.referred if held is not None else None,
            of_payload=of_payload,
        )
        return place, held.capture_id if held is not None else None

    def _keep_robots(self, capture: Capture, response: Response) -> None:
        session = self.session
        if response.status == 200 and capture.outcome == "robots":
            # What the portal asks of us, as it is obeyed from now on.
            note = read_rules(response.body, self.user_agent).note()
            capture = replace(capture, note=note)
        session.store.keep(session.crawl_id, Page(session.portal.name, capture))
        if response.status != 200:
            return
        for match in _SITEMAP.finditer(response.body):
            url = urljoin(response.url, match.group(1).decode("utf-8", "replace"))
            found = target(url, session.portal)
            if found is not None:
                session.frontier.add([Lead(found.key, url, "sitemap", 0, response.url)])


def _how_much(response: Response) -> str:
    """What came of an answer that broke off."""
    announced = (response.headers.get("Content-Length") or b"").decode("latin-1")
    of_all = f" of {announced}" if announced else ""
    return f"broke off after {len(response.body)}{of_all} bytes"


def media_type(response: Response) -> str | None:
    """The media type a response names, without its parameters."""
    header = response.headers.get("Content-Type")
    return header.decode("latin-1").split(";")[0].strip().lower() or None if header else None
