"""``halong portal learn``: what the captured pages of a portal have in common."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from archive.connection import explained
from archive.place import Archive, ArchiveError
from archive.store import Store
from halong_crawler.captured import reread, to_reread
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.summary import report_console
from halong_crawler.learner import PAGES, in_words, learn_portal, write_template
from halong_crawler.learning.learn import FEWEST, MOST, NotLearntError
from halong_crawler.learning.template import Template, learned_file
from halong_crawler.portal import Portal, find
from halong_crawler.session import GENERATOR


@click.command()
@click.argument("name")
@click.option(
    "--pages", type=click.IntRange(FEWEST, MOST), default=PAGES, show_default=True,
    help="How many article pages to look at, the newest.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would be learnt, write nothing.")
@click.option("--reread", "again", is_flag=True, help="Read the captured pages again with it.")
@archive_option
def learn(name: str, pages: int, dry_run: bool, again: bool, archive_dir: Path) -> None:
    """Learn the page template of the portal NAME from its captured pages.

    What repeats on them is furniture, what varies is content. The rules go into
    portals/learned/NAME.toml of the archive, each with the number of pages it held on, and are
    used from then on. Nothing is asked of the portal.
    """
    portal = find(name, folders(archive_dir))
    archive = Archive(archive_dir)
    with _reading(archive) as connection:
        try:
            template = learn_portal(connection, archive, portal, pages)
        except NotLearntError as error:
            raise UserError(f"{name}: {error}", Exit.NOTHING_READ) from error
    print_template(template)
    if dry_run:
        return
    write_template(archive, name, template)
    place = learned_file(archive.portals_dir, name)
    click.echo(f"learnt {in_words(template)}; written to {place}")
    if again:
        count = _reread(archive, portal.with_template(template))
        click.echo(f"{count} captures were read again with it")


@contextmanager
def _reading(archive: Archive) -> Iterator[sqlite3.Connection]:
    """The archive's database, for reading only; a crawl may go on beside it."""
    if not archive.database.is_file():
        raise ArchiveError(
            f"{archive.path}: holds no archive to learn from; crawl the portal first, or name "
            "another folder with --archive"
        )
    with explained(archive.database):
        address = f"{archive.database.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection


def _reread(archive: Archive, portal: Portal) -> int:
    with Store(archive, generator=GENERATOR, purpose=f"reading {portal.name} again") as store:
        count = 0
        for group in to_reread(store.connection, portal, others=True):
            count += reread(store, portal, group)
            store.tick()
        return count


def print_template(template: Template) -> None:
    """A table of the rules: field, selector, on how many pages of the sample it held."""
    table = Table(box=None, pad_edge=False)
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("selector", overflow="fold")
    table.add_column("found on", style="dim", no_wrap=True)
    for name, rules in template.rules.items():
        for rule in rules:
            held = f"{rule.support} of {rule.of} pages" if rule.of else "written by hand"
            table.add_row(name, Text(rule.selector), held)
    console = report_console()
    console.print(table)
    for url in template.sample.did_not_fit:
        console.print(Text(f"did not fit: {url}"), style="dim", soft_wrap=True)
