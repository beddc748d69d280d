"""``halong fixture``: freeze a page, with what is read from it, for the tests of reading."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from archive.records import Article
from archive.text import fold
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.page import is_address, own_address, read_file, unknown_portal
from halong_crawler.cli.summary import report_console
from halong_crawler.discovery.target import target
from halong_crawler.fetching import Answer
from halong_crawler.platforms import GENERIC, detect
from halong_crawler.reading import Document, NotAnArticle, read_document
from halong_crawler.survey import Visitor

_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_LONGEST_NAME = 40


def _valid_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is not None and not _NAME.fullmatch(name):
        raise click.BadParameter(f"{name!r}: small letters, digits and underscores only")
    return name


@click.command()
@click.argument("page", metavar="URL|FILE")
@click.option("--url", help="The address FILE came from; else the one the file itself names.")
@click.option(
    "--family",
    callback=_valid_name,
    help="The folder of pages alike; by default the product the page betrays.",
)
@click.option(
    "--name",
    callback=_valid_name,
    help="The page's name in its folder; by default it is made from the address.",
)
@click.option(
    "--pages",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tests/pages"),
    show_default=True,
    help="The folder of frozen pages.",
)
def fixture(
    page: str, url: str | None, family: str | None, name: str | None, folder: Path
) -> None:  # fmt: skip
    """Freeze a page for the tests, with the values expected of it.

    Beside the page as it came, a file of expected values is written: all that is read from it
    today. They are a draft. Whatever is not on the page, or is missing, is corrected by hand; then
    the test holds it forever. A page on the web is asked for politely: robots.txt is obeyed.
    """
    if not folder.is_dir():
        raise UserError(
            f"{folder}: no such folder; run this in a checkout of Halong, or name one with --pages",
            Exit.USAGE,
        )
    body, content_type, address = _get(page, url)
    headers = {"content-type": content_type} if content_type else {}
    document = Document.parse(body, address, headers)
    place = folder / (family or detect(document.text).name) / (name or _name_for(address))
    files = place.with_suffix(".html"), place.with_suffix(".json")
    for path in files:
        if path.exists():
            raise UserError(f"{path}: exists already; give another --name", Exit.USAGE)
    captured_at = datetime.now(UTC).replace(microsecond=0)
    portal = unknown_portal(address, GENERIC.name)
    result = read_document(document, portal=portal, captured_at=captured_at)
    truth = _head(document, captured_at, content_type) | _values(result)
    _write(files[0], body)
    _write(files[1], (json.dumps(truth, ensure_ascii=False, indent=2) + "\n").encode())
    _tell(files, result)


def _get(page: str, url: str | None) -> tuple[bytes, str | None, str]:
    """The page's bytes, its Content-Type where a server named one, and its address."""
    if is_address(page):
        answer = _ask(page)
        return answer.body, answer.headers.get("content-type"), url or answer.url
    body = read_file(page)
    address = url or own_address(body)
    if address is None:
        raise UserError(
            f"{page}: the file does not name the address it came from; give it with --url",
            Exit.USAGE,
        )
    if not is_address(address) or not urlsplit(address).netloc:
        raise UserError(f"{address}: no http or https address of a host", Exit.USAGE)
    return body, None, address


def _ask(url: str) -> Answer:
    visit = Visitor().ask(url, "page", needed=True)
    if visit.answer is None:
        code = Exit.UNWELCOME if visit.forbidden else Exit.UNREADABLE
        raise UserError(f"{url}: {visit.problem}", code)
    if visit.answer.status != 200:
        raise UserError(f"{url}: answered with status {visit.answer.status}", Exit.UNREADABLE)
    return visit.answer


def _name_for(url: str) -> str:
    """A name from the last words of an address: its path's end, else its host."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2].partition(".")[0]
    words = re.sub(r"[^a-z0-9]+", "_", fold(last or parts.netloc)).strip("_")
    return words[:_LONGEST_NAME].strip("_") or "page"


def _head(document: Document, captured_at: datetime, content_type: str | None) -> dict[str, Any]:
    """Where the page is from, and what is known of it without reading."""
    platform = detect(document.text).name
    head: dict[str, Any] = {
        "url": document.url,
        "platform": platform,
        "captured_at": captured_at.isoformat().replace("+00:00", "Z"),
    }
    if document.encoding.used != "utf-8":
        head["encoding"] = document.encoding.used
        if content_type:
            head["content_type"] = content_type
    where = target(document.url, unknown_portal(document.url, platform))
    if where is not None and where.source_id is not None:
        head["source_id"] = where.source_id
    return head


def _values(result: Article | NotAnArticle) -> dict[str, Any]:
    """Every field a test asks for; empty where the page was not read as an article."""
    article = result if isinstance(result, Article) else Article(source_id="", url="", title="",
                                                                 body="")  # fmt: skip
    published = article.published
    return {
        "title": article.title,
        "lead": article.lead,
        "body": article.body.split("\n\n") if article.body else [],
        "authors": [{"name": author.name, "role": author.role} for author in article.authors],
        "byline": article.byline,
        "source": article.source,
        "published": published and {"at": published.at, "precision": published.precision},
        "updated_at": article.updated_at,
        "category": list(article.category),
        "tags": list(article.tags),
        "images": [
            {"url": image.url, "caption": image.caption, "credit": image.credit}
            for image in article.images
        ],
        "attachments": [
            {"url": link.url, "filename": link.filename} for link in article.attachments
        ],
    }


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror})", Exit.USAGE) from error


def _tell(files: tuple[Path, Path], result: Article | NotAnArticle) -> None:
    console = report_console()
    for path in files:
        console.print(f"wrote {path}", highlight=False, markup=False)
    console.print()
    if isinstance(result, NotAnArticle):
        console.print(
            f"It was not read as an article: {result.reason} ({result.because}). The values are "
            "empty: fill them in by hand. If it is none, move the page to "
            f"{files[0].parent.parent / 'not_articles' / result.reason} instead.",
            markup=False,
        )
    else:
        console.print(
            "The values are what is read today, true or not. Open the page in a browser and check "
            f"each by eye: {', '.join(_values(result))}.",
            markup=False,
        )
    test = f"{files[0].parent.name}/{files[0].stem}"
    console.print(f"Then: python -m pytest tests/reading/test_pages.py -k {test}", markup=False)
