"""What a listing says of the articles it lists: the day printed beside each."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from halong_crawler.discovery.target import target
from halong_crawler.portal import Portal
from halong_crawler.reading.dates import find_date
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import visible_text

_CLIMB = 5
"""How many elements above a link may still be its entry of the listing."""
_ENTRY = 900
"""Characters of the longest entry: title, date and summary."""


def listed_dates(document: Document, portal: Portal) -> dict[str, date]:
    """Article key → the day its entry prints; entries without a date are left out."""
    zone = ZoneInfo(portal.timezone)
    found: dict[str, date] = {}
    for link in document.tree.css("a[href]"):
        key = _article(link, document, portal)
        day = _day_of_entry(link, key, document, portal, zone) if key is not None else None
        if key is not None and day is not None:
            found.setdefault(key, day)
    return found


def _day_of_entry(
    link: LexborNode, key: str, document: Document, portal: Portal, zone: ZoneInfo
) -> date | None:
    """Climb while the element holds this one article only; the first date met is its own."""
    node = link.parent
    for _ in range(_CLIMB):
        if node is None or node.tag == "body":
            return None
        others = {_article(a, document, portal) for a in node.css("a[href]")} - {None, key}
        text = visible_text(node)
        if others or len(text) > _ENTRY:
            return None
        moment = find_date(text, zone)
        if moment is not None:
            return moment.at.date()
        node = node.parent
    return None


def _article(link: LexborNode, document: Document, portal: Portal) -> str | None:
    url = document.absolute(link.attributes.get("href"))
    found = target(url, portal) if url is not None else None
    return found.key if found is not None and found.kind == "article" else None
