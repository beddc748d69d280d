"""The summary of a crawl: what an archivist wants to know before going home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.crawls import CrawlSummary
from archive.place import Archive
from archive.schema import OUTCOMES, SKIP_REASONS, TEXT_STATUSES
from archive.standing import Standing
from archive.stops import stop_for
from halong_crawler.hosts import Waiting

_WIDTH_OF_A_LOG = 120


def report_console(*, beside_json: bool = False) -> Console:
    """A console for reports: as wide as the terminal; in a file wide enough not to break lines.

    Where JSON goes to stdout they go to stderr.
    """
    console = Console(highlight=False, stderr=beside_json)
    if console.is_terminal:
        return console
    return Console(highlight=False, stderr=beside_json, width=_WIDTH_OF_A_LOG)


def print_summary(
    console: Console, summary: CrawlSummary, title: str, archive: Archive,
    *, waiting: Sequence[Waiting] = (),
) -> None:  # fmt: skip
    """Print what a crawl found, kept, left out and why; ``waiting`` is what it left for later."""
    console.print()
    console.print(f"[bold]{escape(title)}[/bold] ({summary.portal})", soft_wrap=True)
    why = stop_for(summary.reason).meaning
    console.print(f"  crawl {summary.id}: {summary.status}{_duration(summary)}: {why}")
    console.print(f"  known:    {_sum(summary.standing)}")
    console.print(
        f"  articles: {summary.articles} read: {summary.articles_new} new, "
        f"{summary.articles_changed} changed, {summary.articles_unchanged} unchanged"
    )
    _again(console, summary)
    _counts(console, "pages", summary.fetched, summary.outcomes, OUTCOMES)
    files, skips = summary.file_statuses, summary.standing.skipped_by_reason
    _counts(console, "files", sum(files.values()), files, TEXT_STATUSES)
    _counts(console, "left out", summary.standing.skipped, skips, SKIP_REASONS)
    for left in waiting:
        console.print(f"  waiting:  {escape(str(left))}", soft_wrap=True)
    _fields(console, summary)
    _template(console, summary)
    _monitors(console, summary)
    console.print(f"  archive:  {archive.path}", soft_wrap=True)


def _sum(standing: Standing) -> str:
    """``412 = 300 done + 7 skipped + 5 failed + 100 pending``."""
    parts = " + ".join(f"{count} {name}" for name, count in standing.parts().items())
    return f"{standing.known} = {parts}"


def _again(console: Console, summary: CrawlSummary) -> None:
    """What was left for later, and what that may have missed."""
    if summary.articles_not_due:
        console.print(f"  not due:  {summary.articles_not_due} known articles, left for later")
    if summary.checked:
        share, most = summary.missed
        console.print(
            f"  by chance: {summary.checked_changed} of {summary.checked} articles not due had "
            f"changed: {share:.1%} are missed until they are due, at most {most:.1%} (95 %)",
            soft_wrap=True,
        )


def _counts(
    console: Console, label: str, total: int, counts: dict[str, int], meanings: dict[str, str]
) -> None:
    if not total:
        return
    console.print(f"  {label}: {total}")
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", min_width=8)
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        table.add_row(str(count), name, f"[dim]{meanings.get(name, '')}[/dim]")
    console.print(table)


def _fields(console: Console, summary: CrawlSummary) -> None:
    """How full each field is."""
    if not summary.articles:
        return
    parts = [
        f"{name} {100 * count // summary.articles}%"
        for name, count in summary.fields.items()
        if name not in ("updated_at",)
    ]
    console.print("  fields:   " + ", ".join(parts))


def _template(console: Console, summary: CrawlSummary) -> None:
    """What was learnt of the portal's template."""
    learned = summary.learned
    if learned is not None:
        console.print(
            f"  learned the template from {learned.pages} pages: {', '.join(learned.fields)}; "
            f"{learned.reread} captures were read again with it",
            soft_wrap=True,
        )


_COLORS = {"warning": "yellow", "alarm": "bold red"}


def _monitors(console: Console, summary: CrawlSummary) -> None:
    """What is unusual about it; what is as usual goes without saying."""
    for each in summary.monitors:
        if each.level in _COLORS:
            console.print(
                f"  [{_COLORS[each.level]}]{each.level}:[/] {each.monitor}: {escape(each.text)}",
                soft_wrap=True,
            )


def _duration(summary: CrawlSummary) -> str:
    if summary.finished_at is None:
        return ""
    start = datetime.fromisoformat(summary.started_at)
    seconds = int((datetime.fromisoformat(summary.finished_at) - start).total_seconds())
    hours, rest = divmod(seconds, 3600)
    words = f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
    return f" after {words}"
