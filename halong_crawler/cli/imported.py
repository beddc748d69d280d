"""What ``halong import`` says while it works and at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.importing.keeping import Importer
from halong_crawler.importing.listing import Fault

_DAMAGE_TOLD = 20


@contextmanager
def telling(console: Console, what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A line that counts on a terminal; it is called with how many more there are."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)


def tell_kept(console: Console, importer: Importer) -> None:
    """Say of each origin what became of its captures."""
    for origin, counts in zip(importer.listing.origins, importer.counts, strict=True):
        words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        console.print(f"[bold]{escape(origin.source)}[/]: {words or 'nothing'}", soft_wrap=True)


def tell_skipped(console: Console, skipped: Sequence[Counter[str]]) -> None:
    """Say what was left out, and why."""
    total: Counter[str] = sum(skipped, Counter())
    if total:
        words = ", ".join(f"{count} {escape(name)}" for name, count in total.most_common())
        console.print(f"left out: {words}", soft_wrap=True)


def tell_damage(console: Console, damage: Sequence[Fault]) -> None:
    """Say what could not be had. Raises :class:`UserError` if there is any."""
    for each in damage[:_DAMAGE_TOLD]:
        console.print(f"[yellow]damaged:[/] {escape(each.line())}", soft_wrap=True)
    if len(damage) > _DAMAGE_TOLD:
        console.print(f"and {len(damage) - _DAMAGE_TOLD} more; all are in imports.damage")
    if damage:
        raise UserError(
            f"{len(damage)} records could not be had; get the files once more, or other copies of "
            "them, and import those",
            Exit.SOURCE_DAMAGED,
        )
