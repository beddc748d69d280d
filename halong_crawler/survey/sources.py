"""Where a portal lists itself for machines and readers: site maps, feeds, listings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin

from halong_crawler.discovery.feed import read_feed
from halong_crawler.discovery.links import links
from halong_crawler.discovery.sitemap import read_sitemap
from halong_crawler.discovery.target import Target, target
from halong_crawler.discovery.xml import Entry
from halong_crawler.portal import Portal
from halong_crawler.reading import Document
from halong_crawler.survey.door import document_of, is_html, is_page
from halong_crawler.survey.places import Place, Places
from halong_crawler.survey.visitor import Visitor

_MAPS, _PARTS, _FEEDS, _GUESSES, _LISTINGS = 3, 2, 2, 2, 2
"""How many are asked for: site maps, parts of an index, feeds named, feeds guessed, listings."""

_USUAL_FEEDS = ("/rss", "/feed")
_FEED = re.compile(r"(?:^|[/._?=-])(?:rss|feed|atom)(?:[/._?=-]|\d|$)", re.IGNORECASE)
_NEWS_PART = re.compile(r"tin|bai|news|post|article|su-kien", re.IGNORECASE)
_SHOWS = 3
"""Headlines from which a page is taken for a listing."""


class Source(NamedTuple):
    """A site map, feed or listing that was found to name pages of the portal."""

    url: str
    names: int
    """How many pages of the portal it names, as far as it was read."""
    evidence: str


@dataclass
class Sources:
    """What names articles, and what it names."""

    sitemaps: list[Source] = field(default_factory=list)
    feeds: list[Source] = field(default_factory=list)
    listings: list[Source] = field(default_factory=list)
    mapped: list[Target] = field(default_factory=list)
    """Pages that site maps name: articles and others."""
    fed: list[Target] = field(default_factory=list)
    """Pages that feeds name: articles."""
    doubts: list[str] = field(default_factory=list)


def find_sitemaps(visitor: Visitor, portal: Portal, home: str, found: Sources) -> None:
    """Those robots.txt names, else the one at the usual address."""
    named = visitor.robots(home).sitemaps
    evidence = "named in robots.txt" if named else "at the usual address"
    for url in (named or (urljoin(home, "/sitemap.xml"),))[:_MAPS]:
        answer = visitor.ask(url, "sitemap").answer
        if answer is None or answer.status != 200:
            continue
        sitemap = read_sitemap(answer.body, answer.url)
        entries = list(sitemap.entries)
        parts = sorted(sitemap.children, key=lambda child: not _NEWS_PART.search(child))
        for part in parts[:_PARTS]:
            below = visitor.ask(part, "part of the sitemap").answer
            if below is not None and below.status == 200:
                entries += read_sitemap(below.body, below.url).entries
        pages = _of_portal(entries, portal)
        if pages:
            if len(parts) > _PARTS:
                evidence += f", {_PARTS} of {len(parts)} parts read"
            found.sitemaps.append(Source(url, len(pages), evidence))
            found.mapped += pages
        elif entries:
            found.doubts.append(f"{url} names {len(entries)} addresses, none on this portal")


def find_feeds(visitor: Visitor, portal: Portal, front: Document, found: Sources) -> None:
    """Those the front page names, else those at the usual addresses."""
    every = links(front.tree, front.base_url)
    stated = [link.url for link in every if "alternate" in link.rel.split()]
    linked = [link.url for link in every if _FEED.search(link.url) or link.text.lower() == "rss"]
    named = [url for url in dict.fromkeys([*stated, *linked]) if portal.covers(url)]
    guesses = [urljoin(front.url, path) for path in _USUAL_FEEDS]
    tries = [(url, "named on the front page") for url in named[:_FEEDS]]
    tries = tries or [(url, "at a usual address") for url in guesses[:_GUESSES]]
    for url, evidence in tries:
        answer = visitor.ask(url, "feed").answer
        if answer is None or answer.status != 200 or is_page(answer.body):
            continue
        pages = _of_portal(read_feed(answer.body, answer.url), portal)
        if pages:
            found.feeds.append(Source(url, len(pages), evidence))
            found.fed += pages
            if not named:  # the other usual address leads to the same feed
                return


def find_listings(visitor: Visitor, places: Places, found: Sources) -> list[Document]:
    """The sections of the menu that are about news; two of them are looked at and returned."""
    sections = list(places.sections())
    looked = list(islice(_first(sections, places), _LISTINGS))
    documents: list[Document] = []
    empty: set[str] = set()
    for place in looked:
        answer = visitor.ask(place.target.url, "listing").answer
        if answer is None or answer.status != 200 or not is_html(answer):
            empty.add(place.target.key)
            continue
        document = document_of(answer)
        documents.append(document)
        shown = sum(p.is_headline for p in places.note(document))
        # Words about news and one headline are enough; without the words it takes a list.
        if shown < (1 if place in sections else _SHOWS):
            empty.add(place.target.key)
        elif place not in sections:
            sections.append(place)
    for place in sections:
        if place.target.key not in empty:
            words = f"“{place.words}” in the menu" if place.words else "its address"
            found.listings.append(Source(place.target.url, 0, words))
    return documents


def _first(sections: list[Place], places: Places) -> Iterator[Place]:
    """What to look at first: sections about news, then whatever the menu has."""
    yield from sections
    yield from (place for place in places.menu() if place not in sections)


def _of_portal(entries: Iterable[Entry], portal: Portal) -> list[Target]:
    pages = (target(entry.url, portal) for entry in entries)
    return [page for page in pages if page is not None and page.refused is None]
