"""``halong serve``: the archive's site."""

from __future__ import annotations

from pathlib import Path

import click

from archive import serving
from halong_crawler.cli.options import archive_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True,
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
@archive_option
def serve(host: str, port: int, archive_dir: Path) -> None:
    """Serve the archive for browsing and search, until Ctrl-C."""
    serving.serve(archive_dir, host=host, port=port, on_ready=say_ready)


def say_ready(url: str) -> None:
    """Tell where the site is."""
    click.echo(f"The archive is at {url}  (Ctrl-C stops it)")
