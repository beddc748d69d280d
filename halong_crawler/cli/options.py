"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from halong_crawler.budget import seconds, size
from halong_crawler.portal import BUILTIN

archive_option = click.option(
    "--archive",
    "archive_dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="HALONG_ARCHIVE",
    default=Path("halong-archive"),
    show_default=True,
    help="The archive's folder.",
)

tsa_ca_option = click.option(
    "--tsa-ca", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    envvar="HALONG_TSA_CA",
    help="Certificates (PEM) that time stamps must be signed by; without, signatures are not "
    "checked.",
)  # fmt: skip


def folders(archive_dir: Path) -> tuple[Path, ...]:
    """Where descriptors are looked for: the archivist's own first."""
    return (archive_dir / "portals", BUILTIN)


class _Amount(click.ParamType[int]):
    """An option with a unit; ``read`` raises ValueError with one line for what is none."""

    def __init__(self, read: Callable[[str | int], int], name: str) -> None:
        self.read = read
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The amount in plain units."""
        try:
            return self.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


_BUDGET = (
    click.option("--max-pages", type=click.IntRange(min=1), help="Stop after so many answers."),
    click.option(
        "--max-time", type=_Amount(seconds, "time"), metavar="TIME",
        help="Stop after so long: 90s, 45m, 2h30m.",
    ),
    click.option(
        "--max-bytes", type=_Amount(size, "size"), metavar="SIZE",
        help="Stop after so much was received: 500MB, 2GB.",
    ),
)  # fmt: skip


def budget_options(command: Callable[..., None]) -> Callable[..., None]:
    """What a crawl may take: the command gets them as ``budget``, by their names."""

    @wraps(command)
    def with_budget(**options: Any) -> None:
        names = ("max_pages", "max_time", "max_bytes")
        command(budget={name: options.pop(name) for name in names}, **options)

    for option in reversed(_BUDGET):
        with_budget = option(with_budget)
    return with_budget
