"""``halong portal``: the descriptors, listed, shown and checked."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.learn import learn, print_template
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.portal_add import add
from halong_crawler.cli.summary import report_console
from halong_crawler.portal import DescriptorError, find, load, load_all


@click.group()
def portal() -> None:
    """Add, list, show, check and learn the portals Halong knows."""


portal.add_command(add)
portal.add_command(learn)


@portal.command(name="list")
@archive_option
def list_portals(archive_dir: Path) -> None:
    """List every portal: name, title, platform and level."""
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "title", "platform", "level"):
        table.add_column(heading, overflow="fold")
    for name, known in sorted(load_all(*folders(archive_dir)).items()):
        table.add_row(name, known.title_vi, known.platform, known.level)
    report_console().print(table)


@portal.command()
@click.argument("name")
@archive_option
def show(name: str, archive_dir: Path) -> None:
    """Show a portal's descriptor with every default filled in, and what was learnt of it."""
    known = find(name, folders(archive_dir))
    table = Table.grid(padding=(0, 2))
    for key, value in known.model_dump(mode="json").items():
        if value in (None, [], {}):
            continue
        table.add_row(f"[bold]{key}[/bold]", _plain(value))
    report_console().print(table)
    if known.learned is not None:
        count, day = known.learned.sample.pages, known.learned.learned
        report_console().print(f"\n[bold]learned[/bold] from {count} pages on {day.isoformat()}")
        print_template(known.learned)


@portal.command()
@click.argument("names", metavar="[NAME|FILE]...", nargs=-1)
@archive_option
def check(names: tuple[str, ...], archive_dir: Path) -> None:
    """Check descriptors: those named, or every one there is."""
    places = [_place(name, archive_dir) for name in names] or [
        path for folder in folders(archive_dir) if folder.is_dir()
        for path in sorted(folder.glob("*.toml"))
    ]  # fmt: skip
    problems = 0
    for place in places:
        try:
            known = load(place)
        except DescriptorError as error:
            problems += 1
            click.echo(str(error), err=True)
        else:
            click.echo(f"{place}: sound ({known.title_vi})")
    if problems:
        raise UserError(f"{problems} of {len(places)} descriptors are wrong", Exit.DESCRIPTOR)


def _place(name: str, archive_dir: Path) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    for folder in folders(archive_dir):
        if (folder / f"{name}.toml").exists():
            return folder / f"{name}.toml"
    find(name, folders(archive_dir))
    raise UserError(f"{name}: no descriptor of that name", Exit.DESCRIPTOR)


def _plain(value: object) -> str:
    if isinstance(value, list):
        # Tables are told apart by a blank line, and words by commas within one.
        apart = "\n\n" if any(isinstance(item, dict) for item in value) else "\n"
        return apart.join(_plain(item) for item in value)
    if isinstance(value, dict):
        return "\n".join(
            f"{key} = {', '.join(map(str, item)) if isinstance(item, list) else item}"
            for key, item in value.items()
            if item is not None
        )
    return str(value)
