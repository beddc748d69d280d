"""One crawl of one portal: the archive it writes to, its WARC, its options and its counts."""

from __future__ import annotations

import logging
import platform as python_platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.crawls import CrawlSummary
from archive.files import FileStore
from archive.journal import Journal, Line
from archive.place import Archive, ArchiveError
from archive.records import PortalFacts
from archive.stamps import StampError, certificates, stamp_all
from archive.stops import STOPS, stop_for
from archive.store import Store
from archive.warc import WarcWriter
from halong_crawler import __version__, clock
from halong_crawler.attachments import FileRules, file_rules
from halong_crawler.budget import Budget, seconds, size
from halong_crawler.clock import utc_now
from halong_crawler.discovery.postback import Form
from halong_crawler.discovery.target import declared_key, target
from halong_crawler.hosts import Waiting
from halong_crawler.items import Lead
from halong_crawler.learner import Learner
from halong_crawler.learning.template import as_toml
from halong_crawler.listings import Rules
from halong_crawler.portal import Portal
from halong_crawler.reserve import Reserve
from halong_crawler.revisit import Revisits
from halong_crawler.turning import Turning

if TYPE_CHECKING:
    from halong_crawler.frontier import Frontier

GENERATOR = f"halong/{__version__}"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What a crawl was asked for."""

    limit: int | None = None
    """Stop after so many articles were read."""
    since: date | None = None
    """Leave out what the portal itself dates before this day."""
    full: bool = False
    """Ask for everything, due or not."""
    budget: Budget = field(default_factory=Budget)
    """What the crawl may take."""

    @classmethod
    def parse(
        cls,
        limit: str | int | None = None,
        since: str | date | None = None,
        full: str | bool | None = None,
        max_pages: str | int | None = None,
        max_time: str | int | None = None,
        max_bytes: str | int | None = None,
    ) -> Options:
        """Options from spider arguments, which Scrapy hands over as text.

        Raises ValueError with one line that names the option, what is wrong and what is wanted.
        """
        budget = Budget(
            _given("max_pages", max_pages, _number),
            _given("max_time", max_time, seconds),
            _given("max_bytes", max_bytes, size),
        )
        everything = full in (True, "1", "true", "yes")
        return cls(_given("limit", limit, _number), _since(since), everything, budget)


def _given(name: str, value: str | int | None, read: Callable[[str | int], int]) -> int | None:
    if value is None:
        return None
    try:
        return read(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _number(value: str | int) -> int:
    number = int(value) if str(value).strip().isdecimal() else 0
    if number < 1:
        raise ValueError(f"{value!r} is not a whole number above 0")
    return number


def _since(value: str | date | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"since: {value!r} is not a day such as 2025-07-01") from None


@dataclass
class Session:
    """Joins the rooms during one crawl. Made by the spider, used by frontier and pipelines."""

    portal: Portal
    archive: Archive
    store: Store
    warc: WarcWriter
    options: Options
    crawl_id: int
    files: Mapping[str, FileRules]
    """By their kind."""
    file_store: FileStore
    learner: Learner
    revisits: Revisits
    turning: Turning
    reserve: Reserve
    frontier: Frontier = field(init=False)
    journal: Journal = field(init=False)
    """What the archive knows beside the answers, in the WARC as well."""
    errback: Callable[[Failure], Any] | None = None
    """Where a request that brings no answer goes; set by the spider."""
    stop_reason: str | None = None
    waiting: list[Waiting] = field(default_factory=list)
    """What a crawl that could not finish left for a later one, by host; filled when it closed."""
    fault: ArchiveError | None = None
    """What the archive could not do; the crawl ends with it."""
    changes: Counter[str] = field(default_factory=Counter)
    """new, changed, unchanged → articles of this crawl."""
    section: str = ""
    """Where the walk is now, for the progress display."""
    tsa: tuple[str, str] = ("", "")
    """The time-stamp authority's address and the file of its certificates; empty: none."""
    summary: CrawlSummary | None = None
    """Filled when the session has closed."""

    def __post_init__(self) -> None:
        """Begin the journal."""
        self.journal = Journal(self.store, self.warc, self._in_force)

    def _in_force(self) -> Iterator[Line]:
        """The descriptor and the template that pages are read with."""
        portal = self.learner.portal
        template = portal.learned
        yield (
            "descriptor",
            {
                "portal": portal.name,
                "descriptor": portal.model_dump(mode="json", exclude_defaults=True),
                **({"template": as_toml(template, portal.name)} if template is not None else {}),
            },
        )

    @classmethod
    def open(cls, portal: Portal, settings: BaseSettings, options: Options) -> Session:
        """Open the archive and begin the crawl.

        Raises ``archive.place.ArchiveError`` when the archive cannot be written.
        """
        archive = Archive(settings["HALONG_ARCHIVE"])
        archive.create()
        store = Store(archive, generator=GENERATOR, purpose=f"crawling {portal.name}")
        store.put_portal(facts_of(portal))
        crawl_id = store.begin_crawl(
            portal.name, started_at=utc_now(), options=_plain(options, settings, portal)
        )
        for cut in store.mended:
            logger.warning("%s: the crawl that wrote it was killed", cut)
        warc = WarcWriter(
            archive.warc_dir,
            prefix=portal.name,
            software=f"{GENERATOR} scrapy/{scrapy.__version__}",
            info={
                "description": f"Crawl {crawl_id} of {portal.title_vi}",
                "isPartOf": portal.name,
                "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
                "http-header-user-agent": settings["USER_AGENT"],
                "python": python_platform.python_version(),
                "delay": str(settings["DOWNLOAD_DELAY"]),
                "concurrency": str(settings["CONCURRENT_REQUESTS_PER_DOMAIN"]),
            },
        )
        store.before_commit = warc.sync
        session = cls(
            portal, archive, store, warc, options, crawl_id,
            files=file_rules(settings), file_store=FileStore(archive.files_dir),
            learner=Learner(portal, archive, store, settings.getint("HALONG_LEARN_AFTER")),
            revisits=Revisits(store.connection, portal, crawl_id, rules_of(settings, options)),
            turning=Turning(portal),
            reserve=Reserve(store.connection, portal, since=options.since),
            tsa=(settings["HALONG_TSA"], settings["HALONG_TSA_CA"]),
        )  # fmt: skip
        store.before_closing = session.journal.write
        return session

    @property
    def articles_read(self) -> int:
        """Different articles this crawl has read so far."""
        return self.changes.total()

    def seeds(self) -> Iterator[Lead]:
        """Where the walk starts: the descriptor's seeds, sitemaps, feeds and listings."""
        return seeds_of(self.portal)

    def request(self, lead: Lead, attempts: int) -> Request:
        """The request for a leased URL. Redirects and retries are the frontier's business.

        An article is asked for at its plain address first: an ornament that came with the link
        (``?lang=en``) may answer with another page. As found, when that failed.
        """
        self.section = urlsplit(lead.found_on or lead.url).path
        plain = target(lead.url, self.portal) if lead.kind == "article" and attempts == 1 else None
        url = plain.canonical if plain is not None else lead.url
        form = lead.form or Form(1)
        return Request(
            url,
            method=form.method,
            headers=self.revisits.validators(lead, url).headers() | form.headers,
            body=form.body,
            errback=self.errback,
            dont_filter=True,
            meta={
                "lead": lead,
                "attempts": attempts,
                "dont_redirect": True,
                "handle_httpstatus_all": True,
                **(self.files[lead.kind].meta() if lead.is_file else {}),
            },
        )

    @property
    def asks_on(self) -> bool:
        """Whether anything is still asked for: all, or the files of the articles read."""
        return self.stop_reason is None or stop_for(self.stop_reason).files

    def has_enough(self, on_their_way: int) -> bool:
        """Whether no further page is asked for: the articles read reach the crawl's limit, with
        those on their way, or it stops."""
        limit = self.options.limit
        reached = limit is not None and self.articles_read + on_their_way >= limit
        return reached or self.stop_reason is not None

    def stop(self, reason: str) -> None:
        """Ask for no further page; what is on its way is still kept.

        ``reason`` is one of ``archive.stops.STOPS``.
        """
        if self.stop_reason is None:
            self.stop_reason = reason

    def keep_quiet_hours(self) -> None:
        """Stop when the portal's quiet hours have come; what is left waits for a later crawl."""
        if self.stop_reason is not None:
            return
        portal = self.portal
        until = portal.politeness.quiet_until(clock.now(), portal.timezone)
        if until is not None:
            logger.warning("%s: quiet hours until %s", portal.name, until.isoformat(" ", "minutes"))
            self.stop("quiet")

    def fail(self, error: ArchiveError) -> None:
        """The archive cannot be written: no page is asked for that could not be kept."""
        if self.fault is None:
            self.fault = error
        self.stop("archive")

    def close(self, reason: str) -> None:
        """End the crawl; ``reason`` is Scrapy's word for why."""
        reason = self.stop_reason or reason
        if reason not in STOPS:
            logger.warning("%s: Scrapy ended the crawl: %s", self.portal.name, reason)
            reason = "scrapy"
        if reason in ("finished", "quiet"):
            self.waiting = self.frontier.waiting()
        if reason == "finished" and self.waiting:
            reason = "waiting"
        for left in self.waiting:
            logger.warning("%s: %s", self.portal.name, left)
        ended_well = stop_for(reason).whole
        status = "failed" if self.fault else "finished" if ended_well else "stopped"
        try:
            with self.store.whole():
                self.revisits.finish()
            learned, drift = self.learner.finish(whole=ended_well)
            self.summary = self.store.finish_crawl(
                self.crawl_id, finished_at=utc_now(), status=status, reason=reason,
                learned=learned, drift=drift,
            )  # fmt: skip
            stamp_roots(self.store, *self.tsa)
        except ArchiveError as error:
            self.fail(error)
        for part in (self.store, self.warc):
            try:
                part.close()
            except ArchiveError as error:
                self.fail(error)


def stamp_roots(store: Store, authority: str, ca: str) -> None:
    """Have roots stamped that are not; what they are of is whole without, so trouble is told and
    no more. ``authority``: an address, or nothing for none; ``ca``: a file of its certificates."""
    if not authority:
        return
    try:
        trusted = certificates(Path(ca) if ca else None)
        stamp_all(store.connection, store.archive.warc_dir, authority, trusted)
    except (StampError, ArchiveError) as error:
        logger.warning("%s; the root is kept without: halong stamp tries again", error)


def seeds_of(portal: Portal) -> Iterator[Lead]:
    """Where a walk of a portal starts, by the kinds its descriptor names."""
    places = (
        ("seed", portal.seeds),
        ("sitemap", portal.sitemaps),
        ("feed", portal.feeds),
        ("listing", portal.listing_urls),
    )
    for kind, urls in places:
        for url in urls:
            yield Lead(declared_key(url, portal), url, kind, depth=0)


def facts_of(portal: Portal) -> PortalFacts:
    """What the archive records about a portal, from its descriptor."""
    return PortalFacts(
        name=portal.name,
        title_vi=portal.title_vi,
        title_en=portal.title_en,
        home_url=portal.seeds[0],
        level=portal.level,
        province=portal.province,
        platform=portal.platform,
        language=portal.language,
        timezone=portal.timezone,
        first_date=portal.first_date.isoformat() if portal.first_date else None,
    )


def rules_of(settings: BaseSettings, options: Options) -> Rules:
    """How a crawl asks again for what it knows."""
    return Rules(
        full=options.full,
        since=options.since,
        without=tuple(kind for kind, rules in file_rules(settings).items() if not rules.wanted),
        known_in_a_row=settings.getint("HALONG_KNOWN_IN_A_ROW"),
        apart=timedelta(days=settings.getfloat("HALONG_REMOVED_AFTER_DAYS")),
        second_look=settings.getfloat("HALONG_SECOND_LOOK_AFTER"),
    )


def _plain(options: Options, settings: BaseSettings, portal: Portal) -> dict[str, Any]:
    values = asdict(options)
    budget = values.pop("budget")
    values |= {"max_pages": budget["pages"], "max_seconds": budget["seconds"],
               "max_bytes": budget["received"]}  # fmt: skip
    values = {k: v for k, v in values.items() if v not in (None, False)}
    if options.since is not None:
        values["since"] = options.since.isoformat()
    values["delay"] = settings.getfloat("DOWNLOAD_DELAY")
    values["attachments"] = settings.getbool("HALONG_ATTACHMENTS")
    values["images"] = settings.getbool("HALONG_IMAGES")
    values["expected"] = {
        "articles": portal.minimum.articles,
        "fill": {_COLUMNS.get(name, name): share for name, share in portal.fill.items()},
    }
    return values


_COLUMNS = {"published": "published_at", "updated": "updated_at"}
"""A descriptor's word for a field → the column that is counted."""
