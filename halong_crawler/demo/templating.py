"""The Jinja environment of the demo pages, and how text is prepared for printing."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from halong_crawler.demo.model import Block, DemoArticle

TEMPLATES = Path(__file__).with_name("templates")


def encoded(path: str) -> str:
    """A path as it stands in a link."""
    return quote(path, safe="/:")


def environment() -> Environment:
    """Autoescaping is on; templates mark the few places where markup is meant to be raw."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["encoded"] = encoded
    env.filters["rfc2822"] = lambda stamp: format_datetime(datetime.fromisoformat(stamp))
    env.filters["filename"] = lambda path: path.rpartition("/")[2]
    return env


def as_printed(article: DemoArticle) -> DemoArticle:
    """The article with its letters decomposed where its form asks for that.

    Only every other paragraph is, because real pages mix both forms in one article.
    """
    if "nfd" not in article.forms:
        return article
    return replace(
        article,
        title=_nfd(article.title),
        lead=_nfd(article.lead),
        blocks=tuple(_every_other_decomposed(article.blocks)),
        attachments=tuple(_nfd(path) for path in article.attachments),
    )


def _every_other_decomposed(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for position, block in enumerate(blocks):
        if position % 2:
            yield block
        else:
            yield replace(block, text=_nfd(block.text), src=_nfd(block.src))


def _nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)
