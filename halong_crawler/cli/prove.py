"""``halong prove``: one capture as a file that anybody can check."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.place import Archive, ArchiveError
from archive.prove import proof
from archive.reader import reading
from halong_crawler.cli.options import archive_option


@click.command()
@click.argument("key", metavar="KEY")
@click.option("--version", type=click.IntRange(min=1), help="A version; by default the latest.")
@click.option(
    "--to", metavar="HEAD", help="Lead to this head of the chain; by default to the newest."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Where to write it; by default KEY.proof.json.",
)  # fmt: skip
@archive_option
def prove(
    key: str, version: int | None, to: str | None, out: Path | None, archive_dir: Path
) -> None:
    """Write the capture behind the article KEY with its path to the root, as one JSON file.

    examples/check_proof.py checks it with nothing but Python: that the record was in the archive
    when the head was published, and is unaltered.
    """
    archive = Archive(archive_dir)
    with reading(archive) as connection:
        made = proof(connection, archive.warc_dir, key, version, to)
    place = out or Path(f"{key}.proof.json")
    try:
        place.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise ArchiveError(
            f"{place}: cannot be written ({error.strerror}); name another file with --out"
        ) from error
    click.echo(
        f"{place}: {key} version {made['version']}, captured {made['fetched_at']}, up to head "
        f"{made['head']}"
    )
