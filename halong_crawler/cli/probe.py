"""``halong probe``: what would be read from one page, field by field, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.records import Article, Imprint
from archive.schema import OUTCOMES
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option, folders
from halong_crawler.cli.page import is_address, own_address, read_file, unknown_portal
from halong_crawler.cli.summary import report_console
from halong_crawler.discovery.target import target
from halong_crawler.fetching import FetchError, fetch
from halong_crawler.platforms import detect
from halong_crawler.portal import Portal, load_all
from halong_crawler.reading import Document, NotAnArticle, read_document, read_imprint


@click.command()
@click.argument("page", metavar="URL|FILE")
@click.option("--url", help="The address FILE came from; else the one the file itself names.")
@archive_option
def probe(page: str, url: str | None, archive_dir: Path) -> None:
    """Show what would be read from one page.

    Each field is shown with the place it was read from; a page that is no article says why.
    Nothing is stored. Useful when a field is read wrong, and before a portal is added.
    """
    portals = load_all(*folders(archive_dir))
    if is_address(page):
        body, content_type, address = _fetch(page, portals)
    else:
        body, content_type = read_file(page), None
        address = url or own_address(body) or f"http://localhost/{Path(page).name}"
    headers = {"content-type": content_type} if content_type else {}
    document = Document.parse(body, url or address, headers)
    portal = _portal_of(document, portals)
    result = read_document(document, portal=portal, captured_at=datetime.now(UTC))
    _print(report_console(), document, portal, result, read_imprint(document))


def _fetch(url: str, portals: dict[str, Portal]) -> tuple[bytes, str | None, str]:
    trusted = (portal.tls.ca for portal in portals.values() if portal.covers(url))
    try:
        answer = fetch(url, ca=next(trusted, None))
    except FetchError as error:
        raise UserError(str(error), Exit.UNREADABLE) from error
    return answer.body, answer.headers.get("content-type"), answer.url


def _portal_of(document: Document, portals: dict[str, Portal]) -> Portal:
    """The portal that covers the page, or one made up for it on the platform it betrays."""
    for portal in portals.values():
        if portal.covers(document.url):
            return portal
    return unknown_portal(document.url, detect(document.text).name)


def _print(
    console: Console,
    document: Document,
    portal: Portal,
    result: Article | NotAnArticle,
    imprint: Imprint | None,
) -> None:
    where = target(document.url, portal)
    head = Table.grid(padding=(0, 2))
    head.add_row("page", document.url)
    head.add_row("portal", f"{portal.name} ({portal.platform})")
    head.add_row("address", f"{where.kind}, {where.key}" if where is not None else "off the portal")
    if where is not None and where.refused is not None:
        head.add_row("", f"a crawl would not ask for it: {where.refused}")
    head.add_row("encoding", document.encoding.words)
    console.print(head)
    console.print()
    if isinstance(result, NotAnArticle):
        console.print(f"[bold yellow]not an article: {result.reason}[/bold yellow] "
                      f"({OUTCOMES[result.reason]})")  # fmt: skip
        console.print(Text(f"because: {result.because}"))
    else:
        console.print(f"[bold green]article[/bold green] {portal.name}-{result.source_id}")
        _fields(console, [*_article_rows(result)])
    if imprint is not None:
        console.print()
        console.print("[bold]imprint[/bold]")
        _fields(console, [(n, v, "foot of the page") for n, v in _imprint_rows(imprint)])


def _fields(console: Console, rows: list[tuple[str, str, str]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("read from", style="dim", overflow="fold")
    for name, value, evidence in rows:
        table.add_row(name, Text(value or "—"), Text(evidence))
    console.print(table)


def _article_rows(article: Article) -> Iterator[tuple[str, str, str]]:
    evidence = article.evidence
    published = article.published
    yield "title", article.title, evidence.get("title", "")
    yield "lead", article.lead or "", evidence.get("lead", "")
    date_text = f"{published.at} ({published.precision}; “{published.raw}”)" if published else ""
    yield "published", date_text, evidence.get("published_at", "")
    yield "byline", article.byline or "", evidence.get("byline", "")
    people = ", ".join(f"{author.name} ({author.role})" for author in article.authors)
    yield "authors", people, evidence.get("byline", "") if people else ""
    yield "source", article.source or "", evidence.get("source", "")
    yield "category", " › ".join(article.category), evidence.get("category", "")
    yield "tags", ", ".join(article.tags), ""
    for image in article.images:
        yield "image", f"{image.url}\n{image.caption or ''}".strip(), image.credit or ""
    for attachment in article.attachments:
        yield "attachment", attachment.url, evidence.get("attachments", "")
    yield "body", article.body, evidence.get("body", "")


def _imprint_rows(imprint: Imprint) -> Iterator[tuple[str, str]]:
    yield "owner", imprint.owner or ""
    yield "operator", imprint.operator or ""
    licence = " of ".join(filter(None, (imprint.licence_number, imprint.licence_date)))
    yield "licence", licence
    for name, values in (
        ("address", imprint.addresses), ("phone", imprint.phones),
        ("fax", imprint.faxes), ("e-mail", imprint.emails),
    ):  # fmt: skip
        for value in values:
            yield name, value
