"""``halong reindex``: build the full-text index anew."""

from __future__ import annotations

from pathlib import Path

import click

from archive.place import Archive, ArchiveError
from archive.schema import fts_canary
from archive.schema import reindex as build_index
from archive.store import Store
from halong_crawler.cli.options import archive_option
from halong_crawler.session import GENERATOR


@click.command()
@archive_option
def reindex(archive_dir: Path) -> None:
    """Build the full-text index anew and check it.

    FTS5's own 'rebuild' would index đ as a letter of its own; this command does it right.
    """
    archive = Archive(archive_dir)
    if not archive.database.exists():
        raise ArchiveError(f"{archive.database}: no archive there; crawl a portal first")
    with Store(archive, generator=GENERATOR, purpose="indexing anew") as store:
        build_index(store.connection)
        wrong = fts_canary(store.connection)
        (count,) = store.connection.execute("SELECT count(*) FROM article_texts").fetchone()
    if wrong:
        raise ArchiveError(f"{archive.database}: the index still holds unfolded words: {wrong[:5]}")
    click.echo(f"Indexed {count} articles anew; the index is sound.")
