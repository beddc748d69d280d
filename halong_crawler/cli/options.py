"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

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


def folders(archive_dir: Path) -> tuple[Path, ...]:
    """Where descriptors are looked for: the archivist's own first."""
    return (archive_dir / "portals", BUILTIN)
