"""``halong demo``: a small portal on this machine, crawled for real, then served."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from archive import serving
from archive.place import Archive
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.serve import say_ready
from halong_crawler.demo import DemoServer, Face, descriptor

_PORTS = (8765, 8766)


@click.command()
@click.option("--no-serve", is_flag=True, help="Only crawl and compare; do not serve.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True,
              help="Port of the archive's site; 0 takes a free one.")  # fmt: skip
@click.option(
    "--archive", "archive_dir", metavar="DIR", default=Path("demo-archive"), show_default=True,
    type=click.Path(path_type=Path, file_okay=False), help="The demo archive's folder.",
)  # fmt: skip
def demo(no_serve: bool, port: int, archive_dir: Path) -> None:
    """Crawl the bundled portals and serve what comes of it."""
    archive = Archive(archive_dir)
    archive.create()
    with ExitStack() as stack:
        server = _portals(stack)
        faces = (server.halong, server.sharepoint)
        for face in faces:
            click.echo(f"demo portal {face.name} is at {face.base_url}")
            (archive.portals_dir / f"{face.name}.toml").write_text(descriptor(face), "utf-8")
        _crawl(archive, [face.name for face in faces])
        agreed = [_agrees(archive, face) for face in faces]
        if not all(agreed):
            raise UserError("the archive and the demo portal disagree", Exit.FAULT)
        if not no_serve:
            serving.serve(archive_dir, port=port, on_ready=say_ready)


def _portals(stack: ExitStack) -> DemoServer:
    """The demo portals, at the same addresses each time so that a second demo meets the same
    pages; at free ones when those are taken.
    """
    halong_port, sharepoint_port = _PORTS
    try:
        server = DemoServer(halong_port=halong_port, sharepoint_port=sharepoint_port)
        return stack.enter_context(server)
    except OSError:
        return stack.enter_context(DemoServer())


def _crawl(archive: Archive, names: list[str]) -> None:
    # A process of its own: Scrapy's event loop cannot be handed on to the web server.
    command = [sys.executable, "-m", "halong_crawler.cli", "crawl", *names]
    done = subprocess.run([*command, "--archive", str(archive.path)], check=False)  # noqa: S603
    if done.returncode != Exit.FINE:
        raise UserError("the crawl of the demo portal did not end well", Exit(done.returncode))


def _agrees(archive: Archive, face: Face) -> bool:
    """Compare what was read with the server's own truth, and say so."""
    with sqlite3.connect(archive.database) as connection:
        rows = connection.execute(
            "SELECT source_id FROM articles WHERE portal = ? AND status = 'live'", [face.name]
        ).fetchall()
    read = [source_id for (source_id,) in rows]
    missing = sorted(set(face.articles) - set(read))
    invented = sorted(set(read) - set(face.articles))
    click.echo(
        f"{face.name}: {len(read)} articles read, {len(face.articles)} on the portal, "
        f"{len(missing)} missing, {len(invented)} invented, {len(read) - len(set(read))} twice"
    )
    for label, ids in (("missing", missing), ("invented", invented)):
        if ids:
            click.echo(f"  {label}: {', '.join(ids)}", err=True)
    return not missing and not invented
