"""``halong crawl --plan``: what a crawl would ask for and why, without a single request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from scrapy.settings import BaseSettings

from archive import visits
from archive.place import Archive
from archive.reader import reading
from halong_crawler.portal import Portal
from halong_crawler.reserve import Reserve
from halong_crawler.revisit import Revisits
from halong_crawler.schedule import CHECKED
from halong_crawler.session import Options, rules_of, seeds_of

_URLS = 20
"""How many addresses are listed."""
_LEFT = """
SELECT f.url_key, f.url, f.kind, v.last_status IS NULL FROM _frontier f
LEFT JOIN _visits v ON v.portal = f.portal AND v.url_key = f.url_key
WHERE f.portal = ? AND f.state IN ('pending', 'leased', 'aside')
AND f.kind NOT IN (SELECT value FROM json_each(?))
ORDER BY f.priority DESC, f.sequence
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One address a crawl would ask for before it has met any link."""

    key: str
    url: str
    page_class: str
    reason: str
    """A key of :data:`archive.visits.REASONS`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a crawl of a portal would begin with."""

    portal: Portal
    wanted: tuple[Wanted, ...]
    resting: int = 0
    """Known articles that are not due."""
    next_due: str | None = None
    """When the first of them is (UTC)."""
    full: bool = False

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """(class, reason) → how many, in the order of the reasons."""
        found = Counter((each.page_class, each.reason) for each in self.wanted)
        order = list(visits.REASONS)
        return dict(sorted(found.items(), key=lambda item: (order.index(item[0][1]), item[0])))


def plan(archive: Archive, portal: Portal, settings: BaseSettings, options: Options) -> Plan:
    """What a crawl would ask for; the archive is read and not written.

    Raises :class:`archive.place.ArchiveError` for an archive that cannot be read or is of an
    older schema.
    """
    seeds = [Wanted(lead.key, lead.url, lead.kind, lead.kind) for lead in seeds_of(portal)]
    if not archive.database.exists():
        return Plan(portal, _once(iter(seeds)), full=options.full)
    with reading(archive) as connection:
        (crawl_id,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM crawls").fetchone()
        revisits = Revisits(connection, portal, crawl_id, rules_of(settings, options))
        reserve = Reserve(connection, portal, since=options.since)
        left = connection.execute(
            _LEFT, [portal.name, json.dumps(revisits.rules.without)]
        ).fetchall()
        wanted = [
            *seeds,
            *(Wanted(k, u, c, "never_seen" if new else "left_over") for k, u, c, new in left),
            *(Wanted(due.key, due.url, due.page_class, due.reason) for due in revisits.due()),
            *(Wanted(lead.key, lead.url, lead.kind, "guess") for lead in reserve.first()),
        ]
        resting, next_due = visits.resting(connection, portal.name, revisits.due_before)
    return Plan(portal, _once(iter(wanted)), resting, next_due, options.full)


def print_plan(console: Console, found: Plan) -> None:
    """Print a plan."""
    console.print()
    console.print(f"[bold]{found.portal.title_vi}[/bold] ({found.portal.name})", soft_wrap=True)
    console.print(f"  would begin with {len(found.wanted)} pages; nothing was asked for")
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", min_width=8)
    for (page_class, reason), count in found.counts.items():
        table.add_row(str(count), page_class, reason, f"[dim]{visits.REASONS[reason]}[/dim]")
    console.print(table)
    if not found.full:
        _print_rest(console, found)
    if found.wanted:
        console.print("  next:")
    for each in found.wanted[:_URLS]:
        console.print(f"    {each.reason:10}  {each.url}", soft_wrap=True, markup=False)
    if len(found.wanted) > _URLS:
        console.print(f"    … and {len(found.wanted) - _URLS} more")


def _print_rest(console: Console, found: Plan) -> None:
    checked = max(1, round(found.resting * CHECKED)) if found.resting else 0
    when = f", the first on {found.next_due[:10]}" if found.next_due else ""
    console.print(f"  {found.resting} known articles are not due{when}")
    console.print(f"  {checked} of them would be looked at by chance; which, the crawl draws")
    console.print("  and whatever is new on the listings, feeds and site maps")


def _once(wanted: Iterator[Wanted]) -> tuple[Wanted, ...]:
    """Each page once, for the first reason."""
    found: dict[str, Wanted] = {}
    for each in wanted:
        found.setdefault(each.key, each)
    return tuple(found.values())
