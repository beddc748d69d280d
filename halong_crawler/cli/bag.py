"""``halong bag``: the archive as a BagIt bag."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from archive import bag as bags
from archive.place import Archive
from halong_crawler import __version__
from halong_crawler.cli.options import archive_option
from halong_crawler.cli.summary import report_console
from halong_crawler.session import GENERATOR


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--organization", envvar="HALONG_ORGANIZATION", metavar="TEXT",
    help="Source-Organization of the bag: who keeps the archive.",
)  # fmt: skip
@archive_option
def bag(folder: Path, names: tuple[str, ...], organization: str | None, archive_dir: Path) -> None:
    """Write the archive as a bag (BagIt 1.0, RFC 8493) to FOLDER, which must not be there yet.

    Every file is copied, with manifests in SHA-256 and SHA-512; data/ is an archive again. With
    NAMEs only these portals' WARC files and attachments; the database is whole all the same. While
    a crawl runs, nothing is written and exit code 4 tells who holds the archive.
    """
    what = f"of the portals {', '.join(names)}" if names else "of all its portals"
    info = {
        "Source-Organization": organization or "",
        "External-Description": f"Archive of local-government portals: database, WARC files and "
        f"attachments {what}",
        "Bag-Software-Agent": GENERATOR,
        "Halong-Version": __version__,
    }
    console = report_console()
    with console.status("Copying …") as status:
        made = bags.write(
            Archive(archive_dir), folder, info=info, portals=names,
            on_file=lambda name: status.update(f"Copying {escape(name)}"),
        )  # fmt: skip
    console.print(
        f"[bold green]bag[/]: {escape(str(made.path))}: {made.files:,} files, "
        f"{made.bytes / 1e6:,.1f} MB", soft_wrap=True,
    )  # fmt: skip
    console.print(f"  head of the chain: {made.head or 'no crawl was closed yet'}", soft_wrap=True)
