"""``halong report``: what a crawl came to, from the archive alone; for people, and as JSON."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import click

from archive import crawls, standing
from archive.crawls import CrawlSummary
from archive.place import Archive
from archive.reader import reading
from archive.stops import stop_for
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option
from halong_crawler.cli.summary import print_summary, report_console


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--crawl", "crawl_id", type=int, metavar="ID",
    help="The crawl's number; by default the latest.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All of it, with every URL left out by name.")
@archive_option
def report(name: str | None, crawl_id: int | None, as_json: bool, archive_dir: Path) -> None:
    """Say what a crawl came to: the latest of the portal NAME, or of all.

    Nothing is asked of the portal and nothing is written; a crawl may be running.
    """
    archive = Archive(archive_dir)
    with reading(archive) as connection:
        summary = _find(connection, name, crawl_id)
        if as_json:
            _dump(sys.stdout, connection, summary)
            click.echo()
            return
        (title,) = connection.execute(
            "SELECT title_vi FROM portals WHERE name = ?", [summary.portal]
        ).fetchone()
    print_summary(report_console(), summary, title, archive)


def _find(connection: sqlite3.Connection, name: str | None, crawl_id: int | None) -> CrawlSummary:
    """The crawl that is meant. Raises :class:`UserError` where there is none."""
    number = crawl_id if crawl_id is not None else crawls.latest(connection, name)
    of_whom = f" of {name}" if name is not None else ""
    try:
        found = crawls.summary(connection, number) if number is not None else None
    except LookupError:
        found = None
    if found is None or name not in (None, found.portal):
        which = f"crawl {crawl_id}" if crawl_id is not None else "crawl"
        raise UserError(f"the archive has no {which}{of_whom}", Exit.USAGE)
    return found


# JSON


def check_place(place: str) -> None:
    """Raise :class:`UserError` if no report can be written there: before a crawl of hours."""
    folder = Path(place).absolute().parent
    if place != "-" and not os.access(folder, os.W_OK):
        why = "may not be written" if folder.is_dir() else "is no folder"
        raise UserError(f"{place}: the report cannot be written ({folder} {why})", Exit.USAGE)


def write_reports(archive: Archive, crawl_ids: Iterable[int], place: str) -> None:
    """Write the reports of a command's crawls as a JSON list, to a file or (``-``) to stdout."""
    try:
        with _opened(place) as stream, reading(archive) as connection:
            for number, crawl_id in enumerate(crawl_ids):
                stream.write(",\n" if number else "[")
                _dump(stream, connection, crawls.summary(connection, crawl_id))
            stream.write("]\n")
    except OSError as error:
        raise UserError(
            f"{place}: the report cannot be written ({error.strerror}); the crawl itself is kept, "
            "and halong report tells of it",
            Exit.USAGE,
        ) from error


@contextmanager
def _opened(place: str) -> Iterator[TextIO]:
    if place == "-":
        yield sys.stdout
        return
    with Path(place).open("w", encoding="utf-8") as stream:
        yield stream


def _dump(stream: TextIO, connection: sqlite3.Connection, summary: CrawlSummary) -> None:
    """Write one report; its URLs pass one by one, however many they are."""
    number, parts = summary.id, summary.standing.parts()
    lists = {
        "skipped": standing.skipped_urls(connection, number),
        "failed": standing.failed_urls(connection, number),
    }
    stream.write(json.dumps(_head(summary), ensure_ascii=False, indent=1).removesuffix("\n}"))
    for name, rows in lists.items():
        count = _dump_list(stream, f"{name}_urls", rows)
        stream.write(f',\n "{name}_met_again": {parts[name] - count}')
    stream.write("\n}")


def _dump_list(stream: TextIO, name: str, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    stream.write(f',\n "{name}": [')
    for count, row in enumerate(rows, 1):  # how many there were
        stream.write((",\n  " if count > 1 else "\n  ") + json.dumps(row, ensure_ascii=False))
    stream.write("]")
    return count


def _head(summary: CrawlSummary) -> dict[str, Any]:
    """A report without its URLs."""
    values = asdict(summary)
    sums = values.pop("standing")
    stop = stop_for(summary.reason)
    return {
        "crawl": values.pop("id"),
        **{name: values.pop(name) for name in (
            "portal", "started_at", "finished_at", "status", "reason",
        )},
        "meaning": stop.meaning,
        "exit_code": stop.code if summary.reason is not None else None,
        "known": summary.standing.known,
        **summary.standing.parts(),
        "fetches_failed": values.pop("failed"),
        "skipped_by_reason": sums["skipped_by_reason"],
        **{name: value for name, value in values.items() if name != "skipped"},
    }  # fmt: skip
