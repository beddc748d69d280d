"""One parse of a page, shared by everything that reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin

from selectolax.lexbor import LexborHTMLParser

from archive.text import nfc, squeeze
from halong_crawler.reading.bounds import MOST_BYTES, bounded, prune
from halong_crawler.reading.decode import Encoding, decode
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.weighing.outline import Outline, outline

_ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "BlogPosting", "ReportageNewsArticle", "GovernmentNewsArticle"}
)
_CONTROL = re.compile(r"[\x00-\x1f]")
"""Editors leave raw line ends and tabs in strings; between values JSON takes a space as well."""
_PLAIN = re.compile(
    r"(?:https?://[a-z0-9.:-]+(?=/))?(?:/(?![/.])[A-Za-z0-9._~%-]*)+(?:\?[A-Za-z0-9._~/%=&+,-]+)?"
)
"""What needs neither joining but to its host nor quoting; most links on a page are of this form."""
_ORIGIN = re.compile(r"https?://[a-z0-9.:-]+(?=/|$)")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*$", re.S)
"""Comment marks some products put around a script."""


@dataclass(frozen=True)
class Document:
    """A parsed page. Nothing that reads it may change its tree."""

    url: str
    written: str
    """The page's HTML, its letters as they stand there: composed or not."""
    tree: LexborHTMLParser
    encoding: Encoding

    @classmethod
    def parse(cls, body: bytes, url: str, headers: Mapping[str, str] | None = None) -> Document:
        """Decode and parse a page; ``headers`` are the response's, names in lower case."""
        content_type = (headers or {}).get("content-type")
        text, encoding = decode(body[:MOST_BYTES], content_type)
        text = bounded(text)
        # Letters stay as written in the tree: a link whose letters are decomposed leads elsewhere.
        tree = LexborHTMLParser(text)
        prune(tree)
        return cls(url, text, tree, encoding)

    @cached_property
    def text(self) -> str:
        """The page's HTML in NFC, for whatever looks for words in it."""
        return nfc(self.written)

    @cached_property
    def base_url(self) -> str:
        """What relative links on the page are relative to."""
        base = self.tree.css_first("base[href]")
        href = base.attributes.get("href") if base is not None else None
        return urljoin(self.url, href) if href else self.url

    @cached_property
    def _origin(self) -> str:
        """Scheme and host of the base; empty where it has none."""
        found = _ORIGIN.match(self.base_url)
        return found[0] if found is not None else ""

    def absolute(self, href: str | None) -> str | None:
        """The http(s) URL a link means, or None for anything else (javascript:, data:, junk)."""
        if not href:
            return None
        if _PLAIN.fullmatch(href):
            if href.startswith("h"):
                return href
            if self._origin:
                return self._origin + href
        try:
            url = urljoin(self.base_url, href.strip())
        except ValueError:
            return None
        # Editors leave spaces and accents in file names; a URL has neither.
        quoted = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        return quoted if quoted.lower().startswith(("http://", "https://")) else None

    @cached_property
    def outline(self) -> Outline:
        """Its elements and passages; without any where the page has no body."""
        body = self.tree.body
        return outline(body) if body is not None else Outline()

    @cached_property
    def visible(self) -> str:
        """What a reader sees of the whole page, on one line."""
        body = self.tree.body
        return visible_text(body) if body is not None else ""

    @cached_property
    def head_title(self) -> str:
        """The text of ``<title>``."""
        node = self.tree.css_first("title")
        return squeeze(node.text()) if node is not None else ""

    @cached_property
    def metas(self) -> dict[str, str]:
        """``name``, ``property`` or ``itemprop`` (lower case) of each meta → its content."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            content = squeeze(attributes.get("content") or "")
            for key in ("property", "name", "itemprop"):
                name = (attributes.get(key) or "").lower()
                if name and content:
                    found.setdefault(name, content)
        return found

    @cached_property
    def linked_data(self) -> dict[str, Any]:
        """The first JSON-LD object of the page that describes an article, else empty."""
        for thing in self.linked_objects:
            kinds = thing.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name in _ARTICLE_TYPES for name in names):
                return thing
        return {}

    @cached_property
    def linked_objects(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page, those of a ``@graph`` among them, in reading order."""
        found: list[dict[str, Any]] = []
        for node in self.tree.css('script[type="application/ld+json"]'):
            try:
                data = json.loads(_CONTROL.sub(" ", _WRAPPING.sub("", node.text())))
            except (ValueError, RecursionError):
                continue  # a broken script says nothing; the ladder goes on to its next rung
            found.extend(_things(data))
        return tuple(found)


def _things(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _things(item)
    elif isinstance(data, dict):
        yield data
        yield from _things(data.get("@graph", []))
