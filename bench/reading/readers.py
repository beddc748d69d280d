"""Readers that are measured: ours, the peers', and any function that reads a page.

A reader is a function of a page's bytes and address that returns a mapping with some of the keys
``title``, ``lead``, ``body``, ``author`` (list of names) and ``published`` (ISO 8601). A peer is
imported when it first reads; its adapter asks for the settings its authors use to measure it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Read = Callable[[bytes, str], Mapping[str, Any]]


class NoReaderError(Exception):
    """A reader that cannot be had: one line with what to do."""


@dataclass(frozen=True)
class Reader:
    """A named reader. ``package`` is None for one that is no installed package of a version."""

    name: str
    read: Read
    package: str | None = None
    fields: tuple[str, ...] = ("body", "title", "lead", "author", "day")
    """What it can read at all; other fields are not scored."""

    @property
    def version(self) -> str | None:
        """The installed version, None where there is none to ask for."""
        return version(self.package) if self.package is not None else None


def halong(html: bytes, url: str) -> Mapping[str, Any]:
    """Ours."""
    from halong_crawler.reading.door import read_page  # noqa: PLC0415

    return read_page(html, url)


def trafilatura(html: bytes, url: str, *, fast: bool = False) -> Mapping[str, Any]:
    """Tables in, comments and formatting out, as in its own evaluation."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    found = bare_extraction(
        html, url=url or None, fast=fast, with_metadata=True, include_comments=False,
        include_tables=True, include_formatting=False,
    )  # fmt: skip
    if found is None:
        return {}
    authors = (found.author or "").split("; ")
    return _fields(found.title, found.text, authors, found.date)


def trafilatura_fast(html: bytes, url: str) -> Mapping[str, Any]:
    """Without its fallback extractors."""
    return trafilatura(html, url, fast=True)


def newspaper(html: bytes, url: str) -> Mapping[str, Any]:
    """Its whole parse; images are not fetched."""
    from newspaper import Article  # noqa: PLC0415

    article = Article(url or "http://localhost/", fetch_images=False)
    article.download(input_html=_decoded(html))
    article.parse()
    day = article.publish_date
    return _fields(article.title, article.text, article.authors, day.isoformat() if day else None)


def readability(html: bytes, url: str) -> Mapping[str, Any]:
    """Title and body only."""
    from lxml.html import fromstring  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    document = Document(_decoded(html), url=url or None)
    body = fromstring(document.summary(html_partial=True))
    return _fields(document.short_title(), "\n".join(body.itertext()), (), None)


def goose(html: bytes, url: str) -> Mapping[str, Any]:
    """Images are not fetched, which is its default."""
    found = _goose().extract(url=url or None, raw_html=_decoded(html))
    return _fields(found.title, found.cleaned_text, found.authors, found.publish_date)


@cache
def _goose() -> Any:
    from goose3 import Goose  # noqa: PLC0415

    return Goose()


def resiliparse(html: bytes, url: str) -> Mapping[str, Any]:  # noqa: ARG001
    """Main content and the page's ``<title>``."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415
    from resiliparse.parse.html import HTMLTree  # noqa: PLC0415

    tree = HTMLTree.parse(bytes_to_str(html, detect_encoding(html)))
    return _fields(tree.title, extract_plain_text(tree, main_content=True), (), None)


def htmldate(html: bytes, url: str) -> Mapping[str, Any]:
    """The day of publication, not of the last change."""
    from htmldate import find_date  # noqa: PLC0415

    return {"published": find_date(html, url=url or None, original_date=True)}


def _fields(title: Any, body: Any, authors: Any, published: Any) -> Mapping[str, Any]:
    return {
        "title": title or "",
        "body": body or "",
        "author": list(_names(authors)),
        "published": str(published) if published else None,
    }


def _names(authors: Any) -> Iterator[str]:
    """Names as some peers return them: lists in lists."""
    for author in authors or ():
        if isinstance(author, str):
            yield from filter(None, [author.strip()])
        else:
            yield from _names(author)


def _decoded(html: bytes) -> str:
    """For peers that take text only."""
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # noqa: PLC0415

        best = from_bytes(html).best()
        return str(best) if best is not None else html.decode("utf-8", "replace")


READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("halong", halong),
        Reader("trafilatura", trafilatura, "trafilatura"),
        Reader("trafilatura-fast", trafilatura_fast, "trafilatura"),
        Reader("newspaper4k", newspaper, "newspaper4k"),
        Reader("readability-lxml", readability, "readability-lxml", ("body", "title", "lead")),
        Reader("goose3", goose, "goose3"),
        Reader("resiliparse", resiliparse, "resiliparse", ("body", "title", "lead")),
        Reader("htmldate", htmldate, "htmldate", ("day",)),
    )
}
"""Every reader by name, ours first."""


def reader(name: str) -> Reader:
    """A reader of the table, or the function that ``module:function`` names."""
    module, _, function = name.partition(":")
    if function:
        try:
            return Reader(name, getattr(importlib.import_module(module), function))
        except (ImportError, AttributeError) as error:
            raise NoReaderError(f"{name}: cannot be imported ({error}).") from error
    if name not in READERS:
        raise NoReaderError(
            f"{name}: no such reader; there are {', '.join(READERS)}, or MODULE:FUNC."
        )
    found = READERS[name]
    try:
        found.version  # noqa: B018
    except PackageNotFoundError as error:
        raise NoReaderError(
            f"{name}: not installed; make bench-reading installs the peers."
        ) from error
    return found
