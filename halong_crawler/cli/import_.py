"""``halong import``: captures of other archives, into this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from archive.place import Archive
from archive.store import Store
from halong_crawler.cli.crawl import crawl_settings
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.summary import report_console
from halong_crawler.importing.keeping import Importer
from halong_crawler.importing.listing import Listing
from halong_crawler.importing.sources import open_given
from halong_crawler.portal import Portal, find, load_all
from halong_crawler.session import GENERATOR

_DAMAGE_TOLD = 20


@click.command("import")
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option(
    "--portal", "names", multiple=True, metavar="NAME",
    help="Only this portal; may be given again. By default every portal described.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what the files hold, keep nothing.")
@archive_option
def import_(files: Sequence[Path], names: Sequence[str], dry_run: bool, archive_dir: Path) -> None:
    """Bring the captures of other archives into this one.

    FILE is a WARC or ARC file, packed by gzip or plain, or a WACZ package. Records of portals that
    are described here are copied into this archive as they are, and read as a crawl reads what it
    fetches: each capture stands at its own time, also before what was held. What is held already
    is not kept twice, so an import that was killed is begun again. Nothing is asked of any server.
    """
    console = report_console()
    portals = _portals(names, archive_dir)
    given = [open_given(path) for path in dict.fromkeys(files)]
    listing = Listing(given, _chooser(portals))
    with _telling(console, "listing", None) as tell:
        listing.read(tell)
    _tell_found(console, listing)
    if dry_run:
        _tell_skipped(console, listing.skipped)
        _tell_damage(console, listing.damage)
        return
    with Store(Archive(archive_dir), generator=GENERATOR, purpose="importing") as store:
        importer = Importer(store, listing, portals, crawl_settings(archive_dir))
        with _telling(console, "importing", listing.count()) as tell:
            importer.run(tell)
    _tell_kept(console, importer)
    _tell_skipped(console, listing.skipped)
    damage = [one + two for one, two in zip(listing.damage, importer.unresolved, strict=True)]
    _tell_damage(console, damage)


def _portals(names: Sequence[str], archive_dir: Path) -> Mapping[str, Portal]:
    places = folders(archive_dir)
    return {name: find(name, places) for name in names} if names else load_all(*places)


def _chooser(portals: Mapping[str, Portal]) -> Callable[[str], Portal | None]:
    """Which portal an address belongs to: of several the one with the longest path."""
    nearest = sorted(portals.values(), key=lambda each: (-len(each.path_prefix), each.name))

    @lru_cache(maxsize=20_000)
    def portal_of(url: str) -> Portal | None:
        return next((each for each in nearest if each.covers(url)), None)

    return portal_of


@contextmanager
def _telling(console: Console, what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)


def _tell_found(console: Console, listing: Listing) -> None:
    rows = listing.summary()
    if not rows:
        console.print("no captures of a portal that is described here")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("portal", "status", "captures", "from", "to"):
        table.add_column(name, justify="right" if name in ("status", "captures") else "left")
    for row in rows:
        status = "as before" if row.status is None else str(row.status)
        table.add_row(row.portal, status, str(row.captures), row.first, row.last)
    console.print(table)


def _tell_kept(console: Console, importer: Importer) -> None:
    for each, counts in zip(importer.listing.given, importer.counts, strict=True):
        words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        console.print(f"[bold]{escape(str(each.path))}[/]: {words or 'nothing'}", soft_wrap=True)


def _tell_skipped(console: Console, skipped: Sequence[Counter[str]]) -> None:
    total: Counter[str] = sum(skipped, Counter())
    if total:
        words = ", ".join(f"{count} {escape(name)}" for name, count in total.most_common())
        console.print(f"left out: {words}", soft_wrap=True)


def _tell_damage(console: Console, damage: Sequence[Sequence[tuple[str, int, str]]]) -> None:
    """Say what could not be read. Raises :class:`UserError` if there is any."""
    every = [each for of_file in damage for each in of_file]
    for name, offset, reason in every[:_DAMAGE_TOLD]:
        console.print(f"[yellow]damaged:[/] {escape(f'{name} at {offset}: {reason}')}",
                      soft_wrap=True)  # fmt: skip
    if len(every) > _DAMAGE_TOLD:
        console.print(f"and {len(every) - _DAMAGE_TOLD} more; all are in imports.damage")
    if every:
        raise UserError(
            f"{len(every)} records could not be had; get the files once more, or other copies of "
            "them, and import those",
            Exit.SOURCE_DAMAGED,
        )
