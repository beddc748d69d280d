"""``halong package``: captures as one file that other tools open and anybody can be given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from archive.chosen import Choice, Packed
from archive.place import Archive
from archive.reader import reading
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option
from halong_crawler.cli.summary import report_console
from halong_crawler.session import GENERATOR

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("names", metavar="[NAME]…", nargs=-1)
@click.option(
    "--crawl", "crawl_id", type=click.IntRange(min=1), metavar="N", help="Only what this crawl got."
)
@click.option("--from", "first", type=_DAY, metavar="DAY", help="Captures of this day (UTC) on.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="Captures up to this day (UTC).")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Where to write it; by default named after what is chosen, with .wacz.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@archive_option
def package(
    names: tuple[str, ...], crawl_id: int | None, first: datetime | None, last: datetime | None,
    out: Path | None, force: bool, archive_dir: Path,
) -> None:  # fmt: skip
    """Pack the captures of portals, of a crawl or of a period as one WACZ file.

    Without NAME of all portals. The file holds the records as they are stored, their index, and the
    articles with title and text; pywb and replayweb.page show it. The same archive and choice give
    the same bytes. Nothing in the archive is written; a crawl may be running.
    """
    choice = Choice(tuple(dict.fromkeys(names)), crawl_id, _day(first), _day(last))
    if first and last and first > last:
        raise UserError(f"--from {_day(first)} is after --to {_day(last)}", Exit.USAGE)
    place = out or Path(f"{choice.name}.wacz")
    if place.exists() and not force:
        raise UserError(
            f"{place}: exists; --force replaces it, --out names another file", Exit.USAGE
        )
    # It loads other tools' modules, which no other command needs.
    from archive.package import package as pack  # noqa: PLC0415

    archive = Archive(archive_dir)
    console = report_console()
    with reading(archive) as connection, _telling(console) as tell:
        try:
            packed = pack(archive, connection, choice, place, software=GENERATOR, tell=tell)
        except LookupError as error:
            raise UserError(str(error), Exit.USAGE) from error
    print_packed(console, choice, packed)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@contextmanager
def _telling(console: Console) -> Iterator[Callable[[int], None]]:
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("packing", total=None)
        yield lambda count: progress.advance(task, count)


def print_packed(console: Console, choice: Choice, packed: Packed) -> None:
    """Print what was packed, for people."""
    console.print(f"\n[bold]{escape(str(packed.path))}[/bold]", soft_wrap=True)
    console.print(f"  chosen:   {escape(str(choice))}", soft_wrap=True)
    console.print(f"  captures: {packed.captures:,}, {packed.first} to {packed.last}")
    if packed.referred:
        console.print(f"            and {packed.referred:,} whose bodies they repeat")
    console.print(f"  pages:    {packed.pages:,}, listed with title and text")
    console.print(
        f"  records:  {packed.records:,} in {packed.files:,} WARC file{'s' * (packed.files != 1)}"
    )
    console.print(f"  size:     {packed.bytes / 1e6:,.1f} MB")
