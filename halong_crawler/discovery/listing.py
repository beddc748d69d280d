"""Where a listing goes on: the links to its further pages."""

import re
from collections.abc import Callable, Iterable, Iterator

from archive.text import fold
from halong_crawler.discovery.links import Link
from halong_crawler.discovery.target import Target
from halong_crawler.discovery.urls import Address, spell

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

_LONGEST = 12
_NUMBER = re.compile(r"(?:trang )?\d{1,4}")


Judge = Callable[[str], Target | None]
"""What a URL is to the portal: :func:`~halong_crawler.discovery.target.target`, perhaps cached."""


def next_pages(every: Iterable[Link], url: str, judge: Judge) -> list[Target]:
    """The further pages a listing names, the very next one first, none twice.

    ``every`` are the page's links, as often as they stand on it.

    A page is named by ``rel=next``, by its parameters or path (the platform's paging rules), by a
    link that says "next" and leads to a page of the same path, or by one of several links that are
    numbers and lead to this very address but for their number. A number alone says nothing: it may
    stand in a calendar or in an article's title.
    """
    here = judge(url)
    if here is None:
        return []
    found: dict[str, tuple[int, Target]] = {}
    numbers: dict[Resource, dict[str, Target]] = {}
    for link in every:
        there = judge(link.url)
        if there is None or there.refused or there.key == here.key or there.kind == "article":
            continue
        rank = _rank(link, here, there)
        if rank is not None and (there.key not in found or rank < found[there.key][0]):
            found[there.key] = (rank, there)
        if not _is_number(link):
            continue
        number = re.sub(r"\D", "", link.text)
        for listing in _same_but_for(number, here, there):
            numbers.setdefault(listing, {})[number] = there
    for pages in numbers.values():
        if len(pages) >= _PAGER:
            for there in pages.values():
                found.setdefault(there.key, (2, there))
    return [page for _, page in sorted(found.values(), key=lambda item: item[0])]


def _rank(link: Link, here: Target, there: Target) -> int | None:
    """0: the next page, surely; 1: the next page by its words; 2: another page of the listing."""
    if "next" in link.rel.split():
        return 0
    same_path = _path(here) == _path(there)
    if (same_path or there.paging) and link.text and _NEXT.fullmatch(fold(link.text).strip()):
        return 1
    if there.paging and (_is_number(link) or same_path):
        return 2
    return None


def _is_number(link: Link) -> bool:
    return len(link.text) <= _LONGEST and _NUMBER.fullmatch(fold(link.text).strip()) is not None


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
