"""``halong reparse``: read stored captures again and say what reads otherwise."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from archive.findings import Example, Findings, findings, remove
from archive.lock import Lock
from archive.place import Archive
from archive.reader import reading
from archive.store import Store
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.summary import report_console
from halong_crawler.portal import load_all
from halong_crawler.reading import version_for
from halong_crawler.reparse import ARTICLE, COMPARED, Task, count, read_again
from halong_crawler.reparsed import write
from halong_crawler.session import GENERATOR

_KINDS = ("gained", "lost", "changed")
_UNREAD = {
    "damaged": "captures whose record cannot be read (halong verify says more)",
    "failed": "captures on which the reader failed; they stay as they were read",
}
_NEVER = "no value"


@click.command()
@click.option(
    "--portal", "names", multiple=True, metavar="NAME",
    help="Only this portal; may be given again. By default all of the archive.",
)  # fmt: skip
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="Only articles captured on this day or later, each with its whole history.",
)  # fmt: skip
@click.option("--field", "fields", multiple=True, type=click.Choice((ARTICLE, *COMPARED)),
              help="Show, and with --apply write, only articles that differ in this field; may be "
              "given again.")  # fmt: skip
@click.option("--apply", "apply", is_flag=True, help="Write what was found into the archive.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N",
              help="Processes that read; by default one for each core.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
@archive_option
def reparse(
    names: tuple[str, ...], since: datetime | None, fields: tuple[str, ...], apply: bool,
    workers: int | None, as_json: bool, archive_dir: Path,
) -> None:  # fmt: skip
    """Read stored captures again and say what reads otherwise now.

    For each field: how many captures gained, lost or changed it, with examples. Each capture is
    read by the tables of its own day. Nothing is asked of a portal, and nothing is written before
    --apply: a crawl may be running. A run that was ended goes on where it was.
    """
    archive = Archive(archive_dir)
    chosen, left_out = _portals(archive, names)
    task = Task(archive_dir.absolute(), chosen, since.date() if since is not None else None)
    portals = task.load()
    lock = Lock(archive.reparse_lock, "reading captures again")
    try:
        with findings(archive, task.identity(portals)) as found:
            _read(task, found, workers or _cores())
            readers = {name: version_for(portal) for name, portal in portals.items()}
            _tell(found, fields, readers, left_out, as_json=as_json)
            if apply:
                with Store(archive, generator=GENERATOR, purpose="correcting readings") as store:
                    result = write(store, found, fields)
        if apply:
            # With some fields the other differences are still to be written.
            if not fields:
                remove(archive)
            report_console(beside_json=as_json).print(_written(result), soft_wrap=True)
    except KeyboardInterrupt:
        raise UserError(
            "stopped; what was read is kept, and the same command goes on from there", Exit.STOPPED
        ) from None
    finally:
        lock.release()


def _portals(archive: Archive, names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The portals to be read, and those of the archive nobody describes."""
    with reading(archive) as connection:
        held = [
            name for (name,) in connection.execute("SELECT name FROM portals ORDER BY name")
        ]  # fmt: skip
    unknown = sorted(set(names) - set(held))
    if unknown:
        raise UserError(
            f"the archive holds nothing of {', '.join(unknown)}; it holds {', '.join(held)}",
            Exit.USAGE,
        )
    if names:
        return tuple(sorted(set(names))), []
    described = load_all(*folders(archive.path))
    chosen = tuple(name for name in held if name in described)
    return chosen, [name for name in held if name not in described]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read(task: Task, found: Findings, workers: int) -> None:
    columns = (TextColumn("reading again"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    console = Console(stderr=True)
    total = count(task, found.last)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        shown = bar.add_task("", total=total)
        # A few captures are not worth starting processes for.
        workers = workers if total > 100 * workers else 1
        read_again(task, found, workers=workers, tell=lambda read: bar.advance(shown, read))


# Telling


def _tell(
    found: Findings, fields: Collection[str], readers: dict[str, str], left_out: Sequence[str],
    *, as_json: bool,
) -> None:  # fmt: skip
    counts, examples = found.counts(), found.examples()
    shown = [name for name in (ARTICLE, *COMPARED) if not fields or name in fields]
    if as_json:
        told = _as_json(counts, examples, shown, readers, left_out)
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print_findings(report_console(), counts, examples, shown, readers, left_out)


def _as_json(
    counts: Counter[tuple[str, str]], examples: Sequence[Example], shown: Sequence[str],
    readers: dict[str, str], left_out: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    return {
        "readers": readers,
        "read_before_by": _before(counts),
        "not_described": list(left_out),
        "captures": counts["captures", ""],
        "same": counts["same", ""],
        "different": counts["different", ""],
        **{name: counts[name, "lost"] for name in _UNREAD},
        "fields": {
            name: {kind: counts[name, kind] for kind in _KINDS}
            | {
                "examples": [
                    each._asdict() for each in examples if each.field == name
                ]
            }
            for name in shown
        },
        "unread": [each._asdict() for each in examples if each.field in _UNREAD],
    }  # fmt: skip


def _before(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    return {
        name.removeprefix("by "): number
        for (name, _), number in sorted(counts.items())
        if name.startswith("by ") and number
    }


def print_findings(
    console: Console, counts: Counter[tuple[str, str]], examples: Sequence[Example],
    shown: Sequence[str], readers: dict[str, str], left_out: Sequence[str],
) -> None:  # fmt: skip
    """Print what reads otherwise: a table of the fields, then examples."""
    _print_head(console, counts, readers, left_out)
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("field", style="bold", no_wrap=True)
    for kind in _KINDS:
        table.add_column(kind, justify="right")
    differing = [name for name in shown if any(counts[name, kind] for kind in _KINDS)]
    for name in differing:
        table.add_row(name, *(f"{counts[name, kind]:,}" for kind in _KINDS))
    console.print()
    console.print(table if differing else "  Nothing reads otherwise.")
    for name in (*differing, *_UNREAD):
        _print_examples(console, name, [each for each in examples if each.field == name])
    if differing:
        console.print("\nNothing of this is in the archive before halong reparse --apply.")


def _print_head(
    console: Console, counts: Counter[tuple[str, str]], readers: dict[str, str],
    left_out: Sequence[str],
) -> None:  # fmt: skip
    before = ", ".join(f"{number:,} by {name}" for name, number in _before(counts).items())
    now = ", ".join(sorted(set(readers.values()))) or "none"
    console.print(f"[bold]{counts['captures', '']:,} captures read again[/bold]")
    console.print(f"  reader then: {before or 'none'}; now: {now}", soft_wrap=True)
    same, different = counts["same", ""], counts["different", ""]
    console.print(f"  {same:,} of articles read as before, {different:,} otherwise")
    for name, words in _UNREAD.items():
        if counts[name, "lost"]:
            console.print(f"  [yellow]{counts[name, 'lost']:,} {words}[/yellow]", soft_wrap=True)
    if left_out:
        console.print(f"  not read, no descriptor: {escape(', '.join(left_out))}", soft_wrap=True)


def _print_examples(console: Console, name: str, examples: Sequence[Example]) -> None:
    if not examples:
        return
    console.print(f"\n[bold]{name}[/bold]")
    for each in examples:
        console.print(Text(f"  {each.kind:<8} {each.key or ''} {each.url}"), soft_wrap=True)
        for mark, value, style in (("-", each.before, "red"), ("+", each.after, "green")):
            line = " ".join((value or _NEVER).split())
            console.print(
                Text(f"           {mark} {line}", style=style if value else "dim"), soft_wrap=True
            )


def _written(result: Counter[str]) -> str:
    before, after = result["versions before"], result["versions after"]
    return (
        f"Written: {result['corrected']:,} articles corrected, whose versions were {before:,} and "
        f"are {after:,}; {result['adopted']:,} captures gave an article that had not been seen"
    )
