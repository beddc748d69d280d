"""What an answer is, before it is read: which reader it wants, and how it relates to its page."""

from __future__ import annotations

import json
from dataclasses import replace

from scrapy.http import Response

from archive.records import AliasKind, Article, Capture
from halong_crawler.discovery.target import Target
from halong_crawler.items import Lead
from halong_crawler.reading import Encoding

_HTML = frozenset(("text/html", "application/xhtml+xml", "text/x-delimtext", None))
_XML = frozenset(("text/xml", "application/xml", "application/rss+xml", "application/atom+xml"))


def kind_of(response: Response, capture: Capture, lead: Lead) -> str:
    """Which reader an answer wants, by what was asked for and what came."""
    start = response.body[:300].lstrip().lower()
    if lead.kind in ("sitemap", "feed"):
        # A firewall answers even these with an HTML page.
        return "html" if start.startswith((b"<!doctype html", b"<html")) else lead.kind
    if capture.media_type in _XML:
        return "feed" if b"<rss" in start or b"<feed" in start else "sitemap"
    if capture.media_type in _HTML or start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "file"


def with_encoding(capture: Capture, encoding: Encoding) -> Capture:
    """The capture with the encoding its page was read in."""
    conflict = encoding.conflict
    words = None if conflict is None else json.dumps(conflict)
    return replace(capture, encoding=encoding.used, encoding_conflict=words)


def aliases_of(
    lead: Lead, article: Article, where: Target | None
) -> tuple[tuple[str, AliasKind], ...]:
    """Further URLs that lead to an article: the one it was found at."""
    if lead.url == article.url:
        return ()
    alias = where.alias if where is not None and where.alias != "canonical" else "alias"
    return ((lead.url, alias),)
