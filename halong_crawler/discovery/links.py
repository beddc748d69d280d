"""The links of a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.text import squeeze

_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")


@dataclass(frozen=True, slots=True)
class Link:
    """One link, as a reader would see it."""

    url: str
    """Absolute, without fragment."""
    text: str
    """Its words; those of the first link with words where several lead to the same URL."""
    rel: str
    """Its ``rel`` in lower case, such as ``next``."""


def links(tree: LexborHTMLParser, base_url: str) -> list[Link]:
    """The http(s) links of a page, each URL once, in the order of the page.

    Taken are anchors, image-map areas, and of the head's links the next page and feeds. A link
    into the page itself, to mail, telephone or a script is none.
    """
    return once(every_link(tree, base_url))


def once(every: Iterable[Link]) -> list[Link]:
    """Each URL's link once, with the words of the first that has any."""
    found: dict[str, Link] = {}
    for link in every:
        earlier = found.get(link.url)
        if earlier is None:
            found[link.url] = link
        elif link.text and not earlier.text:  # a picture's link, then its headline's
            found[link.url] = Link(link.url, link.text, earlier.rel or link.rel)
    return list(found.values())


def every_link(tree: LexborHTMLParser, base_url: str) -> Iterator[Link]:
    """The same links as often as they stand on the page, each with its own words."""
    base = _base(tree, base_url)
    for node in tree.css("a[href], area[href], link[href][rel]"):
        attributes = node.attributes
        rel = (attributes.get("rel") or "").lower()
        url = _absolute(base, attributes.get("href"))
        if url and (node.tag != "link" or _leads_on(rel, attributes.get("type"))):
            yield Link(url, _words(node), rel)


def _leads_on(rel: str, media_type: str | None) -> bool:
    return "next" in rel.split() or ("alternate" in rel.split() and media_type in _FEEDS)


def _words(node: LexborNode) -> str:
    return squeeze(node.text()) or squeeze(node.attributes.get("title") or "")


def _base(tree: LexborHTMLParser, base_url: str) -> str:
    node = tree.css_first("base[href]")
    return (_joined(base_url, node.attributes.get("href") or "") if node else None) or base_url


def _joined(base: str, href: str) -> str | None:
    try:
        return urljoin(base, href)
    except ValueError:  # a bracket in the host's place: no URL
        return None


def _absolute(base: str, href: str | None) -> str | None:
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    url = (_joined(base, href) or "").partition("#")[0]
    return url if url.lower().startswith(("http://", "https://")) else None
