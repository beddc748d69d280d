"""Where a listing goes on: the links to its further pages."""

import re

from selectolax.lexbor import LexborHTMLParser

from archive.text import fold
from halong_crawler.discovery.links import Link, every_link
from halong_crawler.discovery.target import Target, target
from halong_crawler.portal import Portal

_NEXT = re.compile(
    r"(?:(?:xem )?(?:trang )?(?:tiep(?: theo)?|sau|ke(?: tiep)?)|next(?: page)?)? ?[›»>→]*"
)
"""Words that turn a page, folded."""

_NUMBER = re.compile(r"(?:trang )?\d{1,4}")


def next_pages(tree: LexborHTMLParser, url: str, portal: Portal) -> list[str]:
    """The further pages a listing names, the very next one first, none twice.

    A page is named by ``rel=next``, by its parameters or path (the platform's paging rules), or by
    a link that says "next" and leads to a page of the same path. A number alone says nothing: it
    may stand in a calendar or in an article's title.
    """
    here = target(url, portal)
    if here is None:
        return []
    found: dict[str, tuple[int, str]] = {}
    for link in every_link(tree, url):
        there = target(link.url, portal)
        if there is None or there.refused or there.key == here.key:
            continue
        rank = _rank(link, here, there)
        if rank is not None and (there.key not in found or rank < found[there.key][0]):
            found[there.key] = (rank, there.url)
    return [page for _, page in sorted(found.values(), key=lambda item: item[0])]


def _rank(link: Link, here: Target, there: Target) -> int | None:
    """0: the next page, surely; 1: the next page by its words; 2: another page of the listing."""
    if there.kind == "article":
        return None
    if "next" in link.rel.split():
        return 0
    same_list = _path(here) == _path(there) or there.paging
    words = fold(link.text).strip()
    if same_list and words and _NEXT.fullmatch(words):
        return 1
    if there.paging and (_NUMBER.fullmatch(words) or _path(here) == _path(there)):
        return 2
    return None


def _path(page: Target) -> str:
    return page.key.partition("?")[0]
