"""What belongs to articles, the files they link to and their images: what is asked for of it, and
what becomes of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.http import Response
from scrapy.settings import BaseSettings

from archive import visits
from archive.attachments import held
from archive.records import Capture, FetchedFile, Page
from halong_crawler.clock import now, stamp
from halong_crawler.discovery.target import LONGEST
from halong_crawler.discovery.urls import matching_host, spell
from halong_crawler.documents import kind
from halong_crawler.documents.apart import read_apart
from halong_crawler.items import Lead, Outcome, Skip
from halong_crawler.portal import Portal
from halong_crawler.reading import NotAnArticle, read

if TYPE_CHECKING:
    from halong_crawler.session import Session


@dataclass(frozen=True, slots=True)
class FileRules:
    """Which files of a kind a crawl asks for."""

    wanted: bool
    largest: int
    """Bytes."""
    timeout: float
    """Seconds for one file."""
    held_since: str
    """A file fetched at this time (UTC) or later is not asked for again."""

    def meta(self) -> dict[str, float]:
        """What a request for a file tells the downloader."""
        return {"download_maxsize": self.largest, "download_timeout": self.timeout}


_SCHEMES = ("http://", "https://")
_SETTINGS = {
    "file": ("HALONG_ATTACHMENTS", "HALONG_MAX_FILE_SIZE"),
    "image": ("HALONG_IMAGES", "HALONG_MAX_IMAGE_SIZE"),
}


def file_rules(settings: BaseSettings) -> dict[str, FileRules]:
    """The rules of a crawl that begins now, by the kinds of :data:`archive.visits.FILES`."""
    rest = timedelta(days=settings.getfloat("HALONG_FILES_AGAIN_DAYS"))
    return {
        kind: FileRules(
            wanted=settings.getbool(wanted),
            largest=settings.getint(largest),
            timeout=settings.getfloat("HALONG_FILE_TIMEOUT"),
            held_since=stamp(now() - rest),
        )
        for kind, (wanted, largest) in _SETTINGS.items()
    }


def is_elsewhere(url: str, portal: Portal) -> bool:
    """Whether a file lies on no host of the portal, nor on one its descriptor adds for files.

    A sub-site's files may lie outside its path, so only the host counts.
    """
    address = spell(url)
    hosts = (*portal.hosts, *portal.file_hosts)
    return address is None or matching_host(address, hosts) is None


def leads(
    files: Iterable[str], images: Iterable[str], session: Session, found_on: Lead
) -> tuple[list[Lead], list[Skip]]:
    """What belongs to an article and is to be asked for now, and what never is.

    A file is known by its URL exactly as the article has it: old servers tell NFD names from NFC.
    """
    found: list[Lead] = []
    skipped: list[Skip] = []
    for kind_, urls in (
        ("file", list(dict.fromkeys(files))),
        ("image", list(dict.fromkeys(images))),
    ):
        rules = session.files[kind_]
        if not rules.wanted:
            continue
        known = _held(kind_, urls, session, rules.held_since)
        for url in urls:
            if not url.startswith(_SCHEMES):
                continue  # an image written into the page itself
            if is_elsewhere(url, session.portal):
                skipped.append(Skip(url, "file_elsewhere"))
            elif len(url) > LONGEST:
                skipped.append(Skip(url, "url_too_long"))
            elif url not in known:
                found.append(Lead(url, url, kind_, found_on.depth + 1, found_on.url))
    return found, skipped


def _held(kind_: str, urls: list[str], session: Session, since: str) -> set[str]:
    connection = session.store.connection
    if kind_ == "file":
        return held(connection, urls, since)
    return visits.asked_since(connection, session.portal.name, urls, since)


async def answered(response: Response, capture: Capture, lead: Lead, session: Session) -> Outcome:
    """What became of a file: read apart, kept by its SHA-256, and only then handed to the database.

    Raises :class:`archive.place.ArchiveError` where it cannot be kept.
    """
    data = response.body
    if lead.kind == "image":
        return _image(response, capture, lead, session)
    media_type, text = await asyncio.to_thread(read_apart, data)
    if media_type == kind.HTML:
        file = FetchedFile(lead.key, kind.HTML, None, None, text.status, text.note)
        return _page_instead(response, capture, lead, session, file)
    sha256 = await asyncio.to_thread(session.file_store.put, data) if data else None
    file = FetchedFile(
        lead.key,
        media_type if data else None,
        len(data),
        sha256,
        text.status,
        text.note,
        text.pages,
    )
    page = Page(session.portal.name, replace(capture, outcome="file"), file=file)
    return Outcome(page, lead, "done")


def _image(response: Response, capture: Capture, lead: Lead, session: Session) -> Outcome:
    """An image is its record in the WARC files: nothing is read out of it."""
    if kind.media_type_of(response.body) == kind.HTML:
        return _page_instead(response, capture, lead, session, None)
    return Outcome(Page(session.portal.name, replace(capture, outcome="file")), lead, "done")


def _page_instead(
    response: Response, capture: Capture, lead: Lead, session: Session, file: FetchedFile | None
) -> Outcome:
    """A web page under a file's address: what it is goes on record, and a file held stays."""
    moment = datetime.fromisoformat(capture.fetched_at)
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
    }
    result = read(
        response.body, response.url, portal=session.portal, captured_at=moment, headers=headers
    )
    outcome = result.reason if isinstance(result, NotAnArticle) else "soft_404"
    page = Page(session.portal.name, replace(capture, outcome=outcome), file=file)
    return Outcome(page, lead, "failed")


def too_large(capture: Capture, lead: Lead, session: Session) -> Outcome:
    """A file that the crawl's limit left with its server."""
    note = f"larger than {session.files[lead.kind].largest} bytes"
    is_read = lead.kind == "file"
    file = FetchedFile(lead.key, None, None, None, "too_large", note) if is_read else None
    page = Page(session.portal.name, replace(capture, outcome="too_large", note=note), file=file)
    return Outcome(page, lead, "refused", skipped=[Skip(lead.key, "file_too_large")])
