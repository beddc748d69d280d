"""``halong verify``: whether the archive still holds what was put into it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from archive import fixity, stamps
from archive.chain import Head
from archive.place import Archive
from archive.reader import reading
from archive.verify import Damage, find_root
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, tsa_ca_option
from halong_crawler.cli.summary import report_console

_KINDS = {
    "halong.db": "the database: structure, foreign keys, full-text index, every row's seal",
    "chain": "the chain: heads, links, roots, time stamps",
    "warc": "WARC files: every record, its digests, the rows that name it",
    "files": "attachments by their SHA-256",
}
_HASH = re.compile(r"[0-9a-fA-F]{64}")


class _Share(click.ParamType[float]):
    """``5%``; given as a share between 0 and 1."""

    name = "share"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The share."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", value.strip())
        if not found or not 0 < float(found[1]) <= 100:
            self.fail(f"{value!r} is no share such as 5%", param, ctx)
        return float(found[1]) / 100


@click.command()
@click.option(
    "--sample", type=_Share(), default=1.0, metavar="SHARE",
    help="Of the files only this share of their bytes, such as 5%: those verified longest ago.",
)  # fmt: skip
@click.option(
    "--chain", "root", metavar="ROOT",
    help="A head or root kept earlier: the archive must still hold the history it stands for.",
)  # fmt: skip
@tsa_ca_option
@archive_option
def verify(sample: float, root: str | None, tsa_ca: Path | None, archive_dir: Path) -> None:
    """Check that the archive still holds what was put into it.

    Every WARC record and its digests, every row's record, every attachment, the full-text index,
    the database and the chain of roots. One line for each damage on stdout, exit code 11 when there
    is one. Each run is in the archive's fixity log. A crawl may be running.
    """
    if root is not None and not _HASH.fullmatch(root.strip()):
        raise UserError(f"--chain: {root!r} is no head or root of 64 hex digits", Exit.USAGE)
    archive = Archive(archive_dir)
    trusted = stamps.certificates(tsa_ca)
    console = report_console()
    with reading(archive) as connection:
        known = _known(connection, root, archive)
        try:
            done = fixity.run(archive, connection, sample, _say, trusted)
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"{archive.database}: cannot be read ({error})", Exit.DAMAGED
            ) from error
    _print(console, done, known)
    if done.damages:
        count = len(done.damages)
        raise UserError(
            f"{archive.path}: {count} damage{'s' if count != 1 else ''}; take what is named from a "
            "copy of the archive", Exit.DAMAGED,
        )  # fmt: skip


def _known(connection: sqlite3.Connection, root: str | None, archive: Archive) -> Head | None:
    if root is None:
        return None
    head = find_root(connection, root)
    if head is None:
        raise UserError(
            f"{archive.path}: no crawl closed with {root}: what it stood for was altered, or it is "
            "of another archive",
            Exit.DAMAGED,
        )
    return head


def _say(damage: Damage) -> None:
    click.echo(str(damage))


def _print(console: Console, done: fixity.Run, known: Head | None) -> None:
    color = "bold red" if done.damages else "bold green"
    word = "DAMAGED" if done.damages else "sound"
    console.print(f"\n[{color}]{word}[/]: {done.items:,} of {done.of_items:,} items looked at")
    for kind, count in done.kinds.items():
        console.print(f"  {count:>9,}  {_KINDS[kind]}", soft_wrap=True)
    rate = done.bytes / 1e6 / max(done.seconds, 0.001)
    console.print(f"  {done.bytes / 1e6:,.1f} MB in {done.seconds:,.1f} s: {rate:,.0f} MB/s")
    if known is not None and not done.damages:
        console.print(
            f"  The root of {escape(known.closed)} (closed {known.closed_at}) stands: nothing "
            "before it was altered.",
            soft_wrap=True,
        )
