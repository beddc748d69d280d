"""``halong import``: captures of other archives, into this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from archive.place import Archive
from archive.store import Store
from halong_crawler.cli.crawl import crawl_settings
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.imported import tell_damage, tell_kept, tell_skipped, telling
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.summary import report_console
from halong_crawler.cli.web_archives import DAY, from_web_archives, wanted_of
from halong_crawler.importing.keeping import Importer
from halong_crawler.importing.listing import Fault, Listing
from halong_crawler.importing.sources import open_given
from halong_crawler.portal import Portal, find, load_all
from halong_crawler.session import GENERATOR


@click.command("import")
@click.argument(
    "files", metavar="FILE…", nargs=-1, type=click.Path(exists=True, path_type=Path)
)  # fmt: skip
@click.option(
    "--wayback", "wayback", multiple=True, metavar="HOST",
    help="Captures the Wayback Machine holds of a host; *.HOST: of all under it, too.",
)  # fmt: skip
@click.option(
    "--common-crawl", "common_crawl", multiple=True, metavar="HOST",
    help="Captures Common Crawl holds of a host.",
)  # fmt: skip
@click.option(
    "--from", "since", type=DAY, metavar="DATE",
    help="Of web archives: only from this year, month or day on (YYYY, YYYY-MM, YYYY-MM-DD).",
)  # fmt: skip
@click.option(
    "--to", "until", type=DAY, metavar="DATE",
    help="Of web archives: only to this year, month or day, itself included.",
)  # fmt: skip
@click.option(
    "--portal", "names", multiple=True, metavar="NAME",
    help="Only this portal; may be given again. By default every portal described.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what there is to bring, keep nothing of it.")
@archive_option
def import_(
    files: Sequence[Path], wayback: Sequence[str], common_crawl: Sequence[str], since: str,
    until: str, names: Sequence[str], dry_run: bool, archive_dir: Path,
) -> None:  # fmt: skip
    """Bring the captures of other archives into this one.

    FILE is a WARC or ARC file, packed by gzip or plain, a WACZ package, a page saved as MHTML or
    HTML, or a folder of such pages (HTTrack's). Captures of portals that are described here are
    copied into this archive as they are, and read as a crawl reads what it fetches: each stands at
    its own time, also before what was held. What is held already is not kept twice, so an import
    that was killed is begun again. For files nothing is asked of any server; of a web archive its
    index is asked first, then each capture, one at a time.
    """
    console = report_console()
    portals = _portals(names, archive_dir)
    nearest = chooser(portals)
    wanted = wanted_of(wayback, common_crawl, since, until, portals.values())
    if not files and not wanted:
        raise UserError("name a FILE, or a host with --wayback or --common-crawl", Exit.USAGE)
    if (since or until) and not wanted:
        raise UserError("--from and --to go with --wayback and --common-crawl", Exit.USAGE)
    damage = _of_files(console, files, portals, nearest, archive_dir, dry_run) if files else []
    if wanted:
        settings = crawl_settings(archive_dir)
        damage += from_web_archives(console, wanted, portals, nearest, settings, dry_run)
    tell_damage(console, damage)


def _of_files(
    console: Console, files: Sequence[Path], portals: Mapping[str, Portal],
    portal_of: Callable[[str], Portal | None], archive_dir: Path, dry_run: bool,
) -> list[Fault]:  # fmt: skip
    given = [open_given(path) for path in dict.fromkeys(files)]
    listing = Listing(given, portal_of)
    with telling(console, "listing", None) as tell:
        listing.read(tell)
    _tell_found(console, listing)
    damage = listing.damage
    if not dry_run:
        with Store(Archive(archive_dir), generator=GENERATOR, purpose="importing") as store:
            importer = Importer(store, listing, portals, crawl_settings(archive_dir))
            with telling(console, "importing", listing.count()) as tell:
                importer.run(tell)
        tell_kept(console, importer)
        damage = [one + two for one, two in zip(damage, importer.unresolved, strict=True)]
    tell_skipped(console, listing.skipped)
    dated = sum(each.dated_by_file for each in given)
    if dated:
        console.print(f"{dated} pages name no time: theirs is that of their files' last change")
    return [fault for each in damage for fault in each]


def _portals(names: Sequence[str], archive_dir: Path) -> Mapping[str, Portal]:
    places = folders(archive_dir)
    return {name: find(name, places) for name in names} if names else load_all(*places)


def chooser(portals: Mapping[str, Portal]) -> Callable[[str], Portal | None]:
    """Which portal an address belongs to: of several the one with the longest path."""
    nearest = sorted(portals.values(), key=lambda each: (-len(each.path_prefix), each.name))

    @lru_cache(maxsize=20_000)
    def portal_of(url: str) -> Portal | None:
        return next((each for each in nearest if each.covers(url)), None)

    return portal_of


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
