"""``halong stamp``: have an authority say when the chain's roots were there."""

from __future__ import annotations

from pathlib import Path

import click

from archive import stamps
from archive.place import Archive, ArchiveError
from archive.store import Store
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, tsa_ca_option
from halong_crawler.session import GENERATOR


@click.command()
@click.option(
    "--tsa", metavar="URL", envvar="HALONG_TSA", required=True,
    help="Address of the time-stamp authority (RFC 3161).",
)  # fmt: skip
@tsa_ca_option
@archive_option
def stamp(tsa: str, tsa_ca: Path | None, archive_dir: Path) -> None:
    """Stamp the roots of the chain that have no time stamp yet, the newest first.

    With HALONG_TSA set each crawl does so when it closes; this makes up for an authority that was
    away. The answer's status, imprint and nonce are checked; its signature too with --tsa-ca.
    """
    archive = Archive(archive_dir)
    if not archive.database.exists():
        raise ArchiveError(f"{archive.database}: no archive there; crawl a portal first")
    trusted = stamps.certificates(tsa_ca)
    with Store(archive, generator=GENERATOR, purpose="stamping roots") as store:
        store.close_chain()
        waiting = len(stamps.unstamped(store.connection))
        try:
            stamps.stamp_all(store.connection, archive.warc_dir, tsa, trusted, _say)
        except stamps.StampError as error:
            raise UserError(str(error), Exit.UNSTAMPED) from error
    if not waiting:
        click.echo("Every root has its stamp.")


def _say(number: int, made: stamps.Stamp) -> None:
    click.echo(f"Entry {number}: stamped {made.stamped_at}")
