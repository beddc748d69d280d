"""``halong serve``: the archive's site."""

from __future__ import annotations

from pathlib import Path

import click

from archive import serving
from archive.place import Archive
from archive.replay import replay
from halong_crawler.cli.options import archive_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True,
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
@click.option(
    "--replay",
    "with_replay",
    is_flag=True,
    help="Also start pywb over the captures (extra replay); versions link to it.",
)
@click.option("--replay-port", type=click.IntRange(1, 65535), default=8002, show_default=True,
              help="Port pywb listens on.")  # fmt: skip
@archive_option
def serve(
    host: str, port: int, with_replay: bool, replay_port: int, archive_dir: Path
) -> None:  # fmt: skip
    """Serve the archive for browsing and search, until Ctrl-C."""
    if not with_replay:
        serving.serve(archive_dir, host=host, port=port, on_ready=say_ready)
        return
    with replay(Archive(archive_dir), host=host, port=replay_port):
        click.echo(f"pywb shows what was captured until now at port {replay_port}")
        serving.serve(
            archive_dir, host=host, port=port, replay_port=replay_port, on_ready=say_ready
        )


def say_ready(url: str) -> None:
    """Tell where the site is."""
    click.echo(f"The archive is at {url}  (Ctrl-C stops it)")
