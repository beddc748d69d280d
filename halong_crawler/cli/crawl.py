"""``halong crawl``: run one or more portals, one after the other, and say what came of it."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from archive.crawls import CrawlSummary
from archive.place import Archive
from archive.stops import stop_for
from halong_crawler import clock
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, budget_options, folders
from halong_crawler.cli.plan import plan as plan_of
from halong_crawler.cli.plan import print_plan
from halong_crawler.cli.report import check_place, write_reports
from halong_crawler.cli.summary import print_summary, report_console
from halong_crawler.portal import Portal, find
from halong_crawler.session import Options, Session


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many articles.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Leave out what sitemaps, feeds and listings date before this day (YYYY-MM-DD).",
)
@budget_options
@click.option(
    "--delay", type=click.FloatRange(min=0), metavar="SECONDS",
    help="Seconds between two requests to a host; a longer Crawl-delay in robots.txt wins.",
)  # fmt: skip
@click.option(
    "--attachments/--no-attachments", default=True, help="Fetch the files articles link to, or not."
)
@click.option("--images/--no-images", default=True, help="Fetch the images of articles, or not.")
@click.option(
    "--max-file-size", type=click.FloatRange(min=0, min_open=True), metavar="MB",
    help="Leave files larger than this with their server (default 64).",
)  # fmt: skip
@click.option(
    "--report", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
    help="Write what came of it as JSON, every URL left out by name; - for stdout.",
)  # fmt: skip
@click.option(
    "--strict-monitors", is_flag=True,
    help="Leave with exit code 10 when a monitor raises an alarm.",
)  # fmt: skip
@click.option("--full", is_flag=True, help="Ask for everything known, due or not, all of it anew.")
@click.option("--plan", is_flag=True, help="Say what would be asked for and why; ask for nothing.")
@click.option("-v", "--verbose", is_flag=True, help="Log every page, and Scrapy's own messages.")
@archive_option
def crawl(  # noqa: PLR0913, PLR0917  # one for each option
    names: tuple[str, ...],
    limit: int | None,
    since: datetime | None,
    budget: dict[str, int | None],
    delay: float | None,
    attachments: bool,
    images: bool,
    max_file_size: float | None,
    report: str | None,
    strict_monitors: bool,
    full: bool,
    plan: bool,
    verbose: bool,
    archive_dir: Path,
) -> None:
    """Crawl portals by NAME and keep what they say.

    Run it again whenever you like: new articles are found, known ones are looked at when they are
    due, edits become versions. Ctrl-C once finishes what is on its way, twice stops at once;
    nothing kept is lost either way.
    """
    portals = [find(name, folders(archive_dir)) for name in names]
    settings = crawl_settings(archive_dir, delay)
    settings.set("HALONG_ATTACHMENTS", attachments, priority="cmdline")
    settings.set("HALONG_IMAGES", images, priority="cmdline")
    if max_file_size is not None:
        settings.set("HALONG_MAX_FILE_SIZE", int(max_file_size * 1024**2), priority="cmdline")
    arguments = {
        "limit": limit, "since": since.date() if since else None, "full": full or None, **budget,
    }  # fmt: skip
    _check_clock()
    if report is not None:
        check_place(report)
    if plan:
        _plan(portals, settings, Options(limit, since.date() if since else None, full))
        return
    process = AsyncCrawlerProcess(settings)
    # After the process: Scrapy sets its own loggers to DEBUG when it is made.
    _set_up_logging(verbose)
    sessions = _run(process, portals, {k: v for k, v in arguments.items() if v is not None})
    _print(sessions, report_console(beside_json=report == "-"))
    summaries = [session.summary for session in sessions if session.summary is not None]
    if report is not None and summaries:
        write_reports(Archive(archive_dir), [summary.id for summary in summaries], report)
    for session in sessions:
        if session.fault is not None:
            raise session.fault
    _exit(summaries)
    if strict_monitors:
        _exit_on_alarm(summaries)


def _print(sessions: list[Session], console: Console) -> None:
    for session in sessions:
        if session.summary is not None:
            print_summary(
                console, session.summary, session.portal.title_vi, session.archive,
                waiting=session.waiting,
            )  # fmt: skip


def _check_clock() -> None:
    try:
        clock.now()
    except clock.ClockError as error:
        raise UserError(str(error), Exit.USAGE) from error


def _plan(portals: list[Portal], settings: Settings, options: Options) -> None:
    console = report_console()
    for portal in portals:
        archive = Archive(settings["HALONG_ARCHIVE"])
        print_plan(console, plan_of(archive, portal, settings, options))


def crawl_settings(archive_dir: Path, delay: float | None = None) -> Settings:
    """The project's settings for a crawl into an archive."""
    settings = get_project_settings()
    settings.setmodule("halong_crawler.settings", priority="project")
    settings.set("HALONG_ARCHIVE", str(archive_dir), priority="cmdline")
    for name, read, wanted in (
        ("HALONG_PATIENCE", settings.getfloat, "a factor such as 0.5"),
        ("HALONG_LEAST_FREE", settings.getint, "bytes such as 500000000"),
        ("HALONG_MAX_IMAGE_SIZE", settings.getint, "bytes such as 25000000"),
    ):
        try:
            read(name)
        except ValueError:
            raise UserError(
                f"{name}: {settings[name]!r} is no number; unset it, or give {wanted}", Exit.USAGE
            ) from None
    settings.set("LOG_ENABLED", False, priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    if delay is not None:
        settings.set("DOWNLOAD_DELAY", delay, priority="cmdline")
        settings.set("AUTOTHROTTLE_START_DELAY", delay, priority="cmdline")
    return settings


def _run(
    process: AsyncCrawlerProcess, portals: list[Portal], arguments: dict[str, Any]
) -> list[Session]:
    """Crawl each portal in turn, until one is stopped or the archive fails.

    Errors that ended a crawl before it began are raised.
    """
    waiting = [process.create_crawler(portal.name) for portal in portals]
    begun: list[Crawler] = []
    sessions: list[Session] = []
    errors: list[BaseException] = []

    def begin() -> None:
        if waiting:
            crawler = waiting.pop(0)
            begun.append(crawler)
            task = process.crawl(crawler, **arguments)
            task.add_done_callback(partial(ended, crawler))

    def ended(crawler: Crawler, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            errors.append(error)
        session = getattr(crawler.spider, "session", None)
        if session is not None:
            sessions.append(session)
        summary = session.summary if session is not None else None
        if error is None and summary is not None and _may_go_on(summary):
            begin()

    begin()
    process.start()
    # A second Ctrl-C leaves Scrapy's crawl where it stands; what was kept is closed all the same.
    for session in (getattr(crawler.spider, "session", None) for crawler in begun):
        if session is not None and session not in sessions:
            session.close("shutdown")
            sessions.append(session)
    if errors:
        raise errors[0]
    return sessions


def _set_up_logging(verbose: bool) -> None:
    """Plain dated lines on stderr: ours from INFO in a log, from WARNING beside a live display."""
    quiet = Console(stderr=True).is_terminal and not verbose
    handler = _Stderr()
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    )
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO if verbose else logging.WARNING)
    for name in ("scrapy", "twisted"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
    if not verbose:
        logging.getLogger("scrapy.crawler").setLevel(logging.INFO)
        logging.getLogger("scrapy.crawler").addFilter(_Signals())
        # It prints a traceback for every page that does not answer; the spider says so in a line.
        logging.getLogger("scrapy.core.scraper").setLevel(logging.CRITICAL)
    ours = logging.WARNING if quiet else logging.INFO
    logging.getLogger("halong_crawler").setLevel(logging.DEBUG if verbose else ours)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is now: the live display puts lines above itself there."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.setStream(sys.stderr)
        super().emit(record)


class _Signals(logging.Filter):
    """Of a logger's messages only those about signals, and warnings."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrapy tells here what a Ctrl-C does and what a second one would."""
        return record.levelno >= logging.WARNING or str(record.msg).startswith("Received ")


def _may_go_on(summary: CrawlSummary) -> bool:
    """Whether the next portal's turn comes: nobody stopped this crawl, and nothing failed."""
    return summary.status == "finished" or stop_for(summary.reason).later


def _exit(summaries: list[CrawlSummary]) -> None:
    """Leave with the exit code of the first crawl that did not end well."""
    for summary in summaries:
        if not _may_go_on(summary):
            _leave(summary)
    for summary in summaries:
        silent = sum(summary.outcomes.get(name, 0) for name in ("unreachable", "untrusted"))
        reached = summary.fetched - silent - summary.outcomes.get("robots", 0)
        if reached <= 0 and summary.reason != "quiet":
            raise UserError(
                f"{summary.portal}: not a single page was reached; the tables captures and "
                "skipped_urls of the archive say why",
                Exit.NOTHING_READ,
            )
    for summary in summaries:
        if not stop_for(summary.reason).whole:
            _leave(summary)


def _exit_on_alarm(summaries: list[CrawlSummary]) -> None:
    for summary in summaries:
        raised = [result.monitor for result in summary.monitors if result.level == "alarm"]
        if raised:
            names = ", ".join(dict.fromkeys(raised))
            raise UserError(f"{summary.portal}: alarm: {names}; the summary says why", Exit.ALARM)


def _leave(summary: CrawlSummary) -> None:
    stop = stop_for(summary.reason)
    raise UserError(f"{summary.portal}: {stop.meaning}; {stop.then}", Exit(stop.code))
