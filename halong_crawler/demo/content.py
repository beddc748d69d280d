"""Loads what the demo portals publish from ``content/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halong_crawler.demo.model import Block, DemoArticle
from halong_crawler.demo.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT = Path(__file__).with_name("content")

FIRST_UPDATE = date(2025, 1, 6)
"""``lastmod`` of the oldest article; the sitemap needs one even where the page prints no date."""


@dataclass(frozen=True, slots=True)
class Category:
    """A section of a portal. ``id`` is the number in its listing's address."""

    id: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Site:
    """What a portal prints around its articles."""

    title: str
    slogan: str
    categories: tuple[Category, ...]
    footer: tuple[str, ...]
    """Paragraphs of the imprint; a line break inside one is kept."""

    def category(self, name: str) -> Category | None:
        """The category with this printed name."""
        return next((item for item in self.categories if item.name == name), None)


def load_site(name: str) -> Site:
    """The portal's own words, from ``content/<name>_site.toml``."""
    data = tomllib.loads((CONTENT / f"{name}_site.toml").read_text(encoding="utf-8"))
    return Site(
        title=data["title"],
        slogan=data["slogan"],
        categories=tuple(Category(**entry) for entry in data["category"]),
        footer=tuple(paragraph.strip("\n") for paragraph in data["footer"]),
    )


def load_articles(name: str) -> tuple[DemoArticle, ...]:
    """All articles of a portal, from ``content/<name>_*.toml`` without the site's file."""
    entries: list[Mapping[str, Any]] = []
    for path in sorted(CONTENT.glob(f"{name}_*.toml")):
        if path.name != f"{name}_site.toml":
            entries += tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    entries.sort(key=lambda entry: _number(str(entry["id"])))
    return tuple(_article(entry, position) for position, entry in enumerate(entries))


def _number(article_id: str) -> int:
    return int(article_id.rpartition("-")[2])


def _article(entry: Mapping[str, Any], position: int) -> DemoArticle:
    published_at = entry.get("published_at")
    update = published_at or (FIRST_UPDATE + timedelta(days=4 * position)).isoformat()
    return DemoArticle(
        id=entry["id"],
        title=entry["title"],
        lead=entry["lead"],
        category=entry["category"],
        blocks=tuple(_blocks(entry["body"])),
        byline=entry.get("byline"),
        authors=tuple((author["name"], author["role"]) for author in entry.get("authors", ())),
        source=entry.get("source"),
        published_at=published_at,
        date_shown=entry.get("date_shown"),
        attachments=tuple(entry.get("attachments", ())),
        tags=tuple(entry.get("tags", ())),
        slug=entry.get("slug") or slug(entry["title"]),
        forms=tuple(entry.get("forms", ())),
        updated_at=update,
        title_html=entry.get("title_html"),
        lead_html=entry.get("lead_html"),
        byline_html=entry.get("byline_html"),
    )


def _blocks(body: Iterable[str | Mapping[str, Any]]) -> Iterable[Block]:
    """A string is a paragraph; a table names its kind by its first key."""
    for piece in body:
        if isinstance(piece, str):
            yield Block("p", piece)
        elif "h" in piece:
            yield Block("h", piece["h"])
        elif "image" in piece:
            yield Block(
                "image",
                piece.get("caption", ""),
                src=piece["image"],
                credit=piece.get("credit"),
                html=piece.get("html"),
            )
        elif "table" in piece:
            yield Block("table", rows=tuple(tuple(row) for row in piece["table"]))
        elif "list" in piece:
            yield Block("list", items=tuple(piece["list"]))
        else:
            yield Block("p", piece["p"], html=piece["html"])
