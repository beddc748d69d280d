"""``halong import --wayback`` and ``--common-crawl``: what public web archives hold of a host."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from scrapy.settings import Settings

from archive.elsewhere import Asked
from archive.place import Archive
from archive.store import Store
from halong_crawler import settings as project
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.imported import tell_kept, tell_skipped, telling
from halong_crawler.importing.asking import Asker, AskError, SilentError
from halong_crawler.importing.elsewhere import Elsewhere
from halong_crawler.importing.keeping import Importer
from halong_crawler.importing.listing import Fault
from halong_crawler.portal import Portal
from halong_crawler.session import GENERATOR

_NAMES = {"wayback": "Wayback Machine", "common_crawl": "Common Crawl"}
_HOST = re.compile(r"(?:\*\.)?[a-z0-9.-]+(?::\d+)?", re.IGNORECASE)


class _Day(click.ParamType[str]):
    """A year, month or day, as the indexes want it: its digits."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """``2021-07`` → ``202107``."""
        if not re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", value):
            self.fail(f"{value!r} is no year, month or day such as 2021, 2021-07, 2021-07-01",
                      param, ctx)  # fmt: skip
        return str(value).replace("-", "")


DAY = _Day()


def wanted_of(
    wayback: Sequence[str], common_crawl: Sequence[str], since: str | None, until: str | None,
    portals: Iterable[Portal],
) -> list[Asked]:  # fmt: skip
    """What is to be asked for. Raises :class:`UserError` for a host that is no portal's."""
    known = list(portals)
    hosts = [("wayback", host) for host in wayback] + [("common_crawl", h) for h in common_crawl]
    for _, host in hosts:
        if _HOST.fullmatch(host) is None or not any(_is_of(host, portal) for portal in known):
            raise UserError(
                f"{host}: is no host of a portal that is described here; `halong portal add` "
                "describes one",
                Exit.USAGE,
            )
    return [
        Asked(kind, host.lower(), since or "", until or "")
        for kind, host in dict.fromkeys(hosts)
    ]  # fmt: skip


def _is_of(host: str, portal: Portal) -> bool:
    plain = host.removeprefix("*.").lower()
    own = [each.removeprefix("*.").lower() for each in portal.hosts]
    return any(
        plain == each or plain.endswith(f".{each}") or each.endswith(f".{plain}") for each in own
    )


def from_web_archives(
    console: Console, wanted: Sequence[Asked], portals: Mapping[str, Portal],
    chooser: Callable[[str], Portal | None], settings: Settings, dry_run: bool,
) -> list[Fault]:  # fmt: skip
    """List what the archives hold, say it, and bring it; what could not be had."""
    asker = Asker(
        delay=_number("HALONG_WEB_ARCHIVES_DELAY", project.HALONG_WEB_ARCHIVES_DELAY),
        patience=settings.getfloat("HALONG_PATIENCE"),
    )
    archive = Archive(settings["HALONG_ARCHIVE"])
    with Store(archive, generator=GENERATOR, purpose="importing") as store:
        found = Elsewhere(store, wanted, chooser, asker)
        try:
            with telling(console, "listing", None) as tell:
                found.read(tell)
            _tell_listed(console, found, wanted)
            if dry_run:
                return []
            importer = Importer(store, found, portals, settings)
            with telling(console, "bringing", found.count()) as tell:
                importer.run(tell)
        except (AskError, SilentError) as error:
            raise UserError(
                f"{error}; what came before is kept: give the same command again later",
                Exit.STOPPED,
            ) from error
    tell_kept(console, importer)
    tell_skipped(console, found.skipped)
    damage = zip(found.damage, importer.unresolved, strict=True)
    return [fault for one, two in damage for fault in one + two]


def _tell_listed(console: Console, found: Elsewhere, wanted: Sequence[Asked]) -> None:
    asked = ", ".join(f"{_NAMES[each.kind]} of {each.host}" for each in wanted)
    rows = found.rows()
    if not rows:
        console.print(f"nothing new: {asked}", soft_wrap=True)
        return
    console.print(f"to be brought: {asked}", soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    for name in ("portal", "status", "type", "captures", "held", "from", "to"):
        right = name in ("status", "captures", "held")
        table.add_column(name, justify="right" if right else "left")
    for row in rows:
        status = "as before" if row.status is None else str(row.status)
        table.add_row(row.portal, status, row.media_type or "", str(row.captures), str(row.held),
                      row.first, row.last)  # fmt: skip
    console.print(table)
    total, held = sum(row.captures for row in rows), sum(row.held for row in rows)
    console.print(f"{total} captures, {held} of them held already")


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UserError(
            f"{name}: {text!r} is no number; unset it, or give seconds such as 2", Exit.USAGE
        ) from None
