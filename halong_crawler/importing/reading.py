"""Answers that no crawl asks for now, read as a crawl reads what it fetches."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from archive.files import FileStore
from archive.records import Capture
from archive.store import Store
from archive.warc import WarcWriter
from halong_crawler import attachments
from halong_crawler.attachments import file_rules
from halong_crawler.discovery.target import is_file, target
from halong_crawler.documents import kind
from halong_crawler.documents.kind import media_type_of
from halong_crawler.importing.answers import Answer
from halong_crawler.items import Lead, Outcome
from halong_crawler.learner import Learner
from halong_crawler.portal import Portal
from halong_crawler.reserve import Reserve
from halong_crawler.revisit import Revisits
from halong_crawler.session import Options, Session, rules_of, seeds_of
from halong_crawler.spiders.portal import PortalSpider
from halong_crawler.turning import Turning

_SITEMAP = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?$", re.IGNORECASE)
"""A site map that another one names."""
_FILES = frozenset((
    kind.PDF, kind.DOC, kind.DOCX, kind.XLS, kind.XLSX, kind.PPT, kind.PPTX, kind.ODT, kind.ODS,
    kind.ODP, kind.RTF, kind.ENCRYPTED_OFFICE, kind.HTML,
))  # fmt: skip
"""What is opened under a file's address; a page there says that the file is gone."""


class Reading:
    """Reads answers with the spiders of their portals, which ask for nothing here."""

    def __init__(self, store: Store, warc: WarcWriter, settings: Settings) -> None:
        self._store = store
        self._warc = warc
        self._settings = settings
        self._spiders: dict[str, PortalSpider] = {}

    def outcome(self, portal: Portal, url: str, answer: Answer, capture: Capture) -> Outcome:
        """What an answer comes to, by its address and its bytes. Raises as a spider does."""
        lead = _lead(url, portal)
        if self._is_attachment(lead, answer) and capture.outcome != "truncated":
            return self.file(portal, lead.url, answer, capture)
        return self.spider(portal).answered(_response(url, answer, lead), capture, lead)

    def file(self, portal: Portal, url: str, answer: Answer, capture: Capture) -> Outcome:
        """What the answer to a request for a file comes to; ``url``: as an article links to it.

        Raises :class:`archive.place.ArchiveError` where the file cannot be kept.
        """
        lead = Lead(url, url, "file", 0)
        response = _response(capture.url, answer, lead)
        return asyncio.run(
            attachments.answered(response, capture, lead, self.spider(portal).session)
        )

    def _is_attachment(self, lead: Lead, answer: Answer) -> bool:
        """Whether an answer is a file to be read: what an article links to, or a document.

        A page's dress is not: a mirror holds thousands of images and styles.
        """
        if answer.status != 200:
            return False
        if lead.kind == "file" and media_type_of(answer.body) in _FILES:
            return True
        linked = "SELECT 1 FROM attachments WHERE url = ? LIMIT 1"
        return self._store.connection.execute(linked, [lead.url]).fetchone() is not None

    def spider(self, portal: Portal) -> PortalSpider:
        """The spider of a portal, which reads here and asks for nothing."""
        if portal.name not in self._spiders:
            members = {"name": portal.name, "portal": portal}
            spider: PortalSpider = type("Reader", (PortalSpider,), members)()
            spider.settings = self._settings
            spider.session = self._session(portal)
            spider._target = lambda url: target(url, portal)
            self._spiders[portal.name] = spider
        return self._spiders[portal.name]

    def _session(self, portal: Portal) -> Session:
        store, options = self._store, Options()
        return Session(
            portal, store.archive, store, self._warc, options, 0,
            files=file_rules(self._settings), file_store=FileStore(store.archive.files_dir),
            learner=Learner(portal, store.archive, store, 0),
            revisits=Revisits(store.connection, portal, 0, rules_of(self._settings, options)),
            turning=Turning(portal), reserve=Reserve(store.connection, portal),
        )  # fmt: skip


def _response(url: str, answer: Answer, lead: Lead) -> Response:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    request = Request(url, meta={"lead": lead, "attempts": 1})
    return Response(url, status=answer.status, headers=headers, body=answer.body, request=request)


def _lead(url: str, portal: Portal) -> Lead:
    """What a crawl would have asked for: what the descriptor names by its kind, others as met."""
    declared = next((lead for lead in seeds_of(portal) if lead.url == url), None)
    if declared is not None and declared.kind in ("sitemap", "feed"):
        return declared
    if _SITEMAP.search(urlsplit(url).path):
        return Lead(url, url, "sitemap", 0)
    if is_file(url):
        return Lead(url, url, "file", 0)
    found = target(url, portal)
    return Lead(found.key, url, found.kind, 0) if found is not None else Lead(url, url, "page", 0)
