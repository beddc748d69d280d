"""``halong portal add``: look at a site, propose its descriptor, say what was seen."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.place import Archive, ArchiveError
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option
from halong_crawler.cli.summary import report_console
from halong_crawler.portal import BUILTIN, DescriptorError, load, load_all
from halong_crawler.survey import NoSurveyError, Survey, Visit, Visitor, survey

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _valid_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is not None and not _NAME.fullmatch(name):
        raise click.BadParameter(f"{name!r}: small letters, digits and underscores, a letter first")
    return name


@click.command()
@click.argument("url")
@click.option("--name", callback=_valid_name,
              help="The portal's name; by default it is made from the host.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Look and report; write nothing.")
@click.option("--force", is_flag=True, help="Replace a descriptor of yours of the same name.")
@archive_option
def add(url: str, name: str | None, dry_run: bool, force: bool, archive_dir: Path) -> None:
    """Look at the site at URL and write a descriptor for it.

    About fifteen pages are asked for, as a crawl would ask: robots.txt is obeyed, with a pause
    between two requests. What was seen is told line by line, with what is doubtful. The
    descriptor goes into the archive's folder portals/; `halong crawl` can use it as it is.
    """
    archive = Archive(archive_dir)
    if name is not None and not dry_run:
        _free(name, archive, force)
    console, visitor = report_console(), Visitor()
    waiting = Console(stderr=True)
    looking = waiting.status(f"looking at {url}") if waiting.is_terminal else nullcontext()
    try:
        with looking:
            found = survey(url, visitor)
    except NoSurveyError as error:
        _print_visits(console, visitor.visits)
        raise UserError(
            str(error), Exit.UNWELCOME if error.unwelcome else Exit.UNREADABLE
        ) from error
    _print_visits(console, found.visits)
    _print_findings(console, found)
    name = name or _name_for(found, archive)
    if not dry_run:
        _free(name, archive, force)
        _write(archive, name, found.proposal.toml())
    _print_descriptor(console, found, archive.portals_dir / f"{name}.toml", dry_run)
    _print_next(console, name, archive_dir, dry_run)


# Names


def _name_for(found: Survey, archive: Archive) -> str:
    """A name from the host; with the port where that name is another address's."""
    name = found.name()
    path = archive.portals_dir / f"{name}.toml"
    if path.is_file() and _is_of_another(path, found):
        return found.name(with_port=True)
    return name


def _is_of_another(path: Path, found: Survey) -> bool:
    try:
        return not load(path).covers(found.address.url)
    except DescriptorError:  # it describes no portal, so not this one either
        return True


def _free(name: str, archive: Archive, force: bool) -> None:
    """Refuse a name that is taken."""
    if (BUILTIN / f"{name}.toml").is_file():
        raise UserError(
            f"{name}: a built-in portal has this name; crawl it with `halong crawl {name}`, or "
            "give another name with --name",
            Exit.DESCRIPTOR,
        )
    path = archive.portals_dir / f"{name}.toml"
    if path.exists() and not force:
        raise UserError(
            f"{path}: exists already; --force replaces it, --name gives another name",
            Exit.DESCRIPTOR,
        )


def _write(archive: Archive, name: str, text: str) -> None:
    archive.create()
    path = archive.portals_dir / f"{name}.toml"
    new = path.with_suffix(".new")
    try:
        new.write_text(text, "utf-8")
        new.replace(path)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written ({error.strerror})") from error


# The report


def _print_visits(console: Console, visits: list[Visit]) -> None:
    console.print("[bold]asked[/bold]")
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=6, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for visit in visits:
        answer = visit.answer
        hops = answer.hops if answer is not None else ()
        where = f"{visit.url} → {answer.url}" if answer is not None and hops else visit.url
        status = str(answer.status) if answer is not None else "—"
        problem = f": {visit.problem}" if visit.problem else ""
        table.add_row(status, visit.why, Text(where + problem))
    console.print(table)


def _print_findings(console: Console, found: Survey) -> None:
    console.print("\n[bold]seen[/bold]")
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=19, no_wrap=True)
    table.add_column(overflow="fold", ratio=3)
    table.add_column(overflow="fold", ratio=2, style="dim")
    before = None
    for what, value, evidence in found.findings:
        table.add_row(Text(f"  {what}" if what != before else ""), Text(value), Text(evidence))
        before = what
    console.print(table)
    doubts = [*found.doubts, *_known_already(found)]
    if doubts:
        console.print("\n[bold yellow]look at this yourself[/bold yellow]")
        for doubt in doubts:
            console.print(Text(f"  {doubt}"))


def _known_already(found: Survey) -> list[str]:
    """The built-in portals that crawl this site too."""
    return [
        f"the built-in portal {name} covers this address: `halong crawl {name}` keeps it already"
        for name, portal in load_all().items()
        if portal.covers(found.address.url)
    ]


def _print_descriptor(console: Console, found: Survey, path: Path, dry_run: bool) -> None:
    verb = "would be written to" if dry_run else "written to"
    console.print(f"\n[bold]descriptor[/bold], {verb} {path}\n", soft_wrap=True)
    console.print(Text(found.proposal.toml()), soft_wrap=True)


def _print_next(console: Console, name: str, archive_dir: Path, dry_run: bool) -> None:
    default = Path(os.environ.get("HALONG_ARCHIVE", "halong-archive"))
    where = "" if archive_dir == default else f" --archive {shlex.quote(str(archive_dir))}"
    command = f"halong crawl {name}{where}"
    words = "without --dry-run it is written; then" if dry_run else "next"
    console.print(f"{words}: [bold]{command}[/bold]", soft_wrap=True)
