"""Where a listing goes on: the links to its further pages."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from archive.text import fold
from halong_crawler.discovery.links import Link, every_link
from halong_crawler.discovery.target import Target, target
from halong_crawler.discovery.urls import Address, spell
from halong_crawler.portal import Portal

_NEXT = re.compile(
    r"(?:(?:xem )?(?:trang )?(?:tiep(?: theo)?|sau|ke(?: tiep)?)|next(?: page)?)? ?[›»>→]*"
)
"""Words that turn a page, folded."""

_DATE = re.compile(r"ngay|thang|nam|day|date|month|year|lich|(?:19|20)\d\d", re.IGNORECASE)
"""In the names of what a calendar's numbers turn."""

Resource = tuple[str, frozenset[str]]
"""A path, and the parts of a query in any order."""

_PAGER = 2
"""Numbers from which they are a pager's."""

_PLACES = (r"[-_/.]{}(?=[/._-]|$)", r"[-_/.][a-z]{{1,8}}[-_/.:]?{}(?=[/._-]|$)")
"""Where a page's number stands in a path: ``/2``, ``-2.html``, ``/trang/2``, ``-p2.html``."""

_NUMBER = re.compile(r"(?:trang )?\d{1,4}")


def next_pages(tree: LexborHTMLParser, url: str, portal: Portal) -> list[str]:
    """The further pages a listing names, the very next one first, none twice.

    A page is named by ``rel=next``, by its parameters or path (the platform's paging rules), by a
    link that says "next" and leads to a page of the same path, or by one of several links that are
    numbers and lead to this very address but for their number. A number alone says nothing: it may
    stand in a calendar or in an article's title.
    """
    here = target(url, portal)
    if here is None:
        return []
    found: dict[str, tuple[int, str]] = {}
    numbers: dict[Resource, dict[str, Target]] = {}
    for link in every_link(tree, url):
        there = target(link.url, portal)
        if there is None or there.refused or there.key == here.key or there.kind == "article":
            continue
        rank = _rank(link, here, there)
        if rank is not None and (there.key not in found or rank < found[there.key][0]):
            found[there.key] = (rank, there.url)
        number = re.sub(r"\D", "", link.text)
        for listing in _same_but_for(number, here, there) if _is_number(link) else ():
            numbers.setdefault(listing, {})[number] = there
    for pages in numbers.values():
        if len(pages) >= _PAGER:
            for there in pages.values():
                found.setdefault(there.key, (2, there.url))
    return [page for _, page in sorted(found.values(), key=lambda item: item[0])]


def _rank(link: Link, here: Target, there: Target) -> int | None:
    """0: the next page, surely; 1: the next page by its words; 2: another page of the listing."""
    if "next" in link.rel.split():
        return 0
    same_list = _path(here) == _path(there) or there.paging
    words = fold(link.text).strip()
    if same_list and words and _NEXT.fullmatch(words):
        return 1
    if there.paging and (_is_number(link) or _path(here) == _path(there)):
        return 2
    return None


def _is_number(link: Link) -> bool:
    return _NUMBER.fullmatch(fold(link.text).strip()) is not None


def _path(page: Target) -> str:
    return page.key.partition("?")[0]


def _same_but_for(number: str, here: Target, there: Target) -> set[Resource]:
    """What is left of two addresses if they are one listing's but for a page's number."""
    first, further = spell(here.canonical), spell(there.canonical)
    if first is None or further is None:
        return set()
    bare = {_resource(first), *_without_number(first, r"\d{1,4}")}
    return bare.intersection(_without_number(further, number))


def _without_number(page: Address, number: str) -> Iterator[Resource]:
    """An address without each of the numbers that may turn a page; dates are left alone."""
    path, params = _resource(page)
    for name, part in page.params():
        if re.fullmatch(number, part.removeprefix(f"{name}=")) and not _DATE.search(name):
            yield path, params - {part}
    for form in _PLACES:
        for match in re.finditer(form.format(number), path, re.IGNORECASE):
            if not _DATE.search(match.group(0)):
                yield path[: match.start()] + path[match.end() :], params


def _resource(page: Address) -> Resource:
    return page.path.rstrip("/"), frozenset(part for _, part in page.params())
