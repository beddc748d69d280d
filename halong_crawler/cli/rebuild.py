"""``halong rebuild``: the database once more, out of the WARC files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.journals import Journals
from archive.place import Archive, ArchiveError, Beside, sync_folder
from archive.same import Compared, at_rest, compare
from archive.store import Store
from archive.warc import WarcWriter
from halong_crawler.cli.crawl import crawl_settings
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.import_ import chooser
from halong_crawler.cli.imported import telling
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.summary import report_console
from halong_crawler.importing.reading import Reading
from halong_crawler.portal import DescriptorError, Portal, find, load_all
from halong_crawler.rebuild import Rebuild, described
from halong_crawler.session import GENERATOR, Options, rules_of
from halong_crawler.unnamed import Remains

_FAULTS_TOLD = 20


@click.command()
@click.argument("new", metavar="NEW.db", type=click.Path(path_type=Path, dir_okay=False))
@archive_option
def rebuild(new: Path, archive_dir: Path) -> None:
    """Make the whole database once more, out of the WARC files and descriptors alone.

    Crawls and captures are put back as the WARC files' own journals tell them; articles, versions,
    people, files and their text are read again by today's readers. The archive's own database is
    not looked at but to compare with it at the end, where there is one. NEW.db appears when it is
    whole; to go on with it, put it in the place of halong.db. The next crawl then asks for
    everything once.
    """
    archive = Archive(archive_dir)
    if not archive.warc_dir.is_dir():
        raise ArchiveError(
            f"{archive.warc_dir}: no WARC files there; name the folder of an archive with --archive"
        )
    if new.exists():
        raise UserError(f"{new}: is there already; name a file that is not", Exit.USAGE)
    if not new.absolute().parent.is_dir():
        raise UserError(f"{new.absolute().parent}: no such folder; make it first", Exit.USAGE)
    console = report_console()
    faults = _make(console, archive, new)
    _tell_compared(console, archive, new)
    for fault in faults[:_FAULTS_TOLD]:
        console.print(f"[yellow]damaged:[/] {escape(fault)}", soft_wrap=True)
    if faults:
        raise UserError(
            f"{new}: is made without what {len(faults)} damaged records held; take their files "
            "from a copy of the archive and rebuild again",
            Exit.DAMAGED,
        )


def _make(console: Console, archive: Archive, new: Path) -> list[str]:
    """Make the database beside its place and move it there; what could not be read."""
    part = new.with_name(f".{new.name}.part")
    for tail in ("", "-wal", "-shm"):  # of a run that was killed
        part.with_name(part.name + tail).unlink(missing_ok=True)
    with Store(Beside(archive.path, part), generator=GENERATOR, purpose="rebuilding") as store:
        journals = Journals()
        with telling(console, "reading WARC files", None) as tell:
            journals.read(archive.warc_dir, tell)
        faults = _fill(console, store, journals)
    part.replace(new)
    sync_folder(new.absolute().parent)
    return faults


def _fill(console: Console, store: Store, journals: Journals) -> list[str]:
    archive = store.archive
    settings = crawl_settings(archive.path)
    warc = WarcWriter(archive.warc_dir, prefix="rebuild", software=GENERATOR, info={})
    reading = Reading(store, warc, settings)
    portal_of = _portals(archive, journals)
    made = Rebuild(store, journals, portal_of, reading)
    with telling(console, "rebuilding", journals.count("capture")) as tell:
        made.run(tell)
    left = journals.unnamed()
    remains = Remains(
        store, reading, portal_of, chooser(load_all(*folders(archive.path))),
        rules_of(settings, Options()).apart,
    )  # fmt: skip
    with telling(console, "reading what no journal names", len(left)) as tell:
        remains.keep(left, tell)
    store.commit()
    made.close()
    counts = {
        "captures put back": made.counts["captures"],
        "captures that no journal named, read anew": remains.counts["captures"],
        "files read again": made.counts["files"],
        "pages a reader failed on": made.counts["pages that could not be read"],
        "answers that were never kept (a kill came between)": journals.never_kept(),
    }
    for what, count in counts.items():
        if count:
            console.print(f"{count:>9,}  {what}")
    return [*map(str, journals.faults), *made.faults, *remains.faults]


def _portals(archive: Archive, journals: Journals) -> Callable[[str], Portal]:
    """Portals as they are described now; one that no file describes as its last crawl had it."""
    then = {row["portal"]: row for row in journals.rows("descriptor")}

    @cache
    def portal_of(name: str) -> Portal:
        try:
            return find(name, folders(archive.path))
        except DescriptorError:
            if name not in then:
                raise
            return described(then[name])

    return portal_of


def _tell_compared(console: Console, archive: Archive, new: Path) -> None:
    """Say what was made, and where it differs from the archive's own database."""
    live = archive.database
    if not live.is_file():
        console.print(f"[bold green]made[/] {escape(str(new))}; put it in the place of {live.name}")
        return
    try:
        found = compare(new, live)
        readers = _readers(f"{live.absolute().as_uri()}?mode=ro") ^ _readers(at_rest(new))
    except sqlite3.Error as error:
        console.print(f"{escape(str(live))} cannot be compared with ({escape(str(error))})")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("table")
    for name in ("rebuilt", live.name, "only here", "only there"):
        table.add_column(name, justify="right")
    for each in found:
        _add(table, each)
    console.print(table)
    differ = [each.table for each in found if each.more or each.less]
    word = f"[yellow]differs in {', '.join(differ)}[/]" if differ else "[bold green]the same[/]"
    console.print(f"\n{word}: {escape(str(new))} beside {escape(str(live))}", soft_wrap=True)
    if readers:
        console.print(
            f"Pages were read by different readers ({escape(', '.join(sorted(readers)))}): halong "
            "reparse brings the archive to today's", soft_wrap=True,
        )  # fmt: skip


def _add(table: Table, each: Compared) -> None:
    style = "yellow" if each.more or each.less else ""
    counts = (each.rows, each.others, each.more, each.less)
    table.add_row(each.table, *(f"{count:,}" for count in counts), style=style)


def _readers(address: str) -> set[str]:
    """The versions of the readers that read the articles of a database."""
    with closing(sqlite3.connect(address, uri=True)) as connection:
        rows = connection.execute("SELECT DISTINCT parser_version FROM article_versions")
        return {version for (version,) in rows}
