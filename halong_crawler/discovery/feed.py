"""Feeds: RSS 2.0, RSS 1.0 and Atom."""

from urllib.parse import urljoin

from halong_crawler.discovery.xml import Element, Entry, local_name, parse, text_of

_ITEMS = ("item", "entry")
_DATES = ("pubdate", "date", "published", "updated", "modified", "issued")


def read_feed(body: bytes, url: str) -> tuple[Entry, ...]:
    """The entries of a feed in its order; none if the bytes are no feed."""
    root = parse(body)
    if root is None:
        return ()
    items = (element for element in root.iter() if local_name(element) in _ITEMS)
    entries = (_entry(item, url) for item in items)
    return tuple(entry for entry in entries if entry is not None)


def _entry(item: Element, url: str) -> Entry | None:
    link = date = guid = None
    for child in item:
        name = local_name(child)
        if name == "link" and link is None:
            link = _link(child)
        elif name == "guid" and (child.get("isPermaLink") or "true").lower() != "false":
            guid = text_of(child)
        elif name in _DATES and date is None:
            date = text_of(child)
    found = link or guid
    return Entry(urljoin(url, found), date) if found else None


def _link(element: Element) -> str | None:
    """Atom keeps the URL in an attribute and has links of several kinds; RSS has it as text."""
    href = element.get("href")
    if href is None:
        return text_of(element)
    return href.strip() if (element.get("rel") or "alternate") == "alternate" else None
