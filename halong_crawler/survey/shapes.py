"""The form of an article's address, learned from addresses that are and that are no articles.

A form is proposed from each headline's address by replacing what differs between articles; of all
proposals the one wins that fits most headlines and fewest links of the menu. A number in the
address is preferred to a slug: editors rename slugs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

_FEWEST = 2
"""Articles from which a form can be learned at all."""
_COVERED = 0.5
"""Share of the headlines a form must fit: some lead to documents and other sites' parts."""
_FALSE = 0.15
"""Share of links of the menu among what fits, above which a form is none of articles."""
_DISTINCT = 0.8
"""Share of different ids among what fits: a category's number repeats."""
_SLUG_WEIGHT = 0.8

_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.I)
_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")
_DAY = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}$")
_VALUE = re.compile(r"(?=\D*\d)[\w%-]+")
_HYPHENS_IN_OWN_FOLDER = (0, 2, 3, 4, 5)
_HYPHENS_ELSEWHERE = (4, 3, 5, 2)
"""How many hyphens a slug has at least, the likeliest first. A page of the menu has few words;
where articles have a folder of their own there is nothing to tell them from."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of addresses, and how it fared."""

    regex: str
    """For an article's path and query, with a group ``id``."""
    hits: int
    """Headlines that fit."""
    headlines: int
    false: int
    """Links of the menu that fit."""
    menu: int


@dataclass(frozen=True, slots=True)
class _Proposal:
    regex: str
    numbered: bool
    taste: int
    """Of proposals that fare alike the one with the smallest."""


def learn(headlines: Collection[str], menu: Collection[str]) -> Shape | None:
    """The form of articles' addresses, from paths with queries; None if no form tells them apart.

    ``menu`` are addresses that are no articles. Both are taken without repetition.
    """
    headlines, menu = set(headlines), set(menu) - set(headlines)
    if len(headlines) < _FEWEST:
        return None
    folders = {re.split(r"[?.]", place.lower())[0].rstrip("/") for place in menu}
    proposals = {p.regex: p for place in sorted(headlines) for p in _proposals(place, folders)}
    best: tuple[float, int, str] | None = None
    found: Shape | None = None
    for proposal in proposals.values():
        shape = measured(proposal.regex, headlines, menu)
        if shape is None:
            continue
        weight = 1.0 if proposal.numbered else _SLUG_WEIGHT
        rank = (-(shape.hits - 2 * shape.false) * weight, proposal.taste, proposal.regex)
        if best is None or rank < best:
            best, found = rank, shape
    return found


def measured(regex: str, headlines: Collection[str], menu: Collection[str]) -> Shape | None:
    """How a form fares; None if it is no form of articles."""
    pattern = re.compile(regex, re.IGNORECASE)
    matches = [match for place in headlines if (match := pattern.search(place))]
    false = sum(pattern.search(place) is not None for place in menu)
    hits, ids = len(matches), {match["id"] for match in matches}
    if hits < max(_FEWEST, _COVERED * len(headlines)):
        return None
    if false > _FALSE * hits or len(ids) < _DISTINCT * hits:
        return None
    return Shape(regex, hits, len(headlines), false, len(menu))


def _proposals(place: str, folders: Collection[str]) -> Iterator[_Proposal]:
    path, _, query = place.partition("?")
    folder, _, last = path.rstrip("/").rpartition("/")
    found = _EXTENSION.search(last)
    extension = found.group(0) if found else ""
    stem = last.removesuffix(extension)
    end = _plain(extension) + (r"(?:\?|$)" if extension else r"/?(?:\?|$)")
    yield from _in_query(folder, last, extension, query)
    own = folder.lower() not in folders
    for before, taste in _folders(folder, own):
        if stem.isdecimal() and before == "/":  # a listing's page may be written so
            continue
        for tail in _numbers(stem):
            yield _Proposal(f"{before}{tail}{end}", True, taste)
    yield from _number_before(folder, end)
    yield from _slugs(folder, own, end)


def _in_query(folder: str, last: str, extension: str, query: str) -> Iterator[_Proposal]:
    """``/xem-tin?id=123``, and ``/tin/<slug>?id=123``."""
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if not _VALUE.fullmatch(value):
            continue
        kind = r"\d+" if value.isdecimal() else r"[\w%-]+"
        tail = rf"\?(?:[^?]*&)?{_plain(name)}=(?P<id>{kind})(?:&|$)"
        yield _Proposal(f"^{_plain(folder)}/{_plain(last)}{tail}", True, 0)
        yield _Proposal(f"^{_plain(folder)}/[^/?]+{_plain(extension)}{tail}", True, 1)


def _folders(folder: str, own: bool) -> Iterator[tuple[str, int]]:
    """How what stands before the last segment may be written, and how well that is liked.

    A folder that the menu leads to is one of several categories; any other is the articles' own.
    """
    yield "/", 1
    if folder:
        yield f"^{_generalised(folder)}/", 0 if own else 2
        yield f"^{_any_folder(folder)}/", 2 if own else 1
        first = folder.split("/")[1]
        if folder.count("/") > 1:
            yield f"^/{_plain(first)}/(?:[^/?]+/)*", 0 if own else 1


def _numbers(stem: str) -> Iterator[str]:
    """The last segment with its number at the end, at the beginning, or all of it."""
    if stem.isdecimal():
        yield r"(?P<id>\d+)"
        return
    tokens = re.split(r"([-_.])", stem)
    if len(tokens) < 3:
        return
    for token in _tokens(tokens[-1]):
        yield f"[^/?]*{_plain(tokens[-2])}{token}"
    for token in _tokens(tokens[0]):
        yield f"{token}{_plain(tokens[1])}[^/?]+"


@lru_cache(maxsize=1024)
def _tokens(token: str) -> tuple[str, ...]:
    """``p13n53557`` as ``p13n(\\d+)`` and as ``p\\d+n(\\d+)``: its last number is the id."""
    match = re.fullmatch(r"((?:[a-z]+\d+)*?[a-z]*)(\d+)([a-z]*)", token, re.I)
    if match is None:
        return ()
    before, _, after = match.groups()
    written = (_plain(before), re.sub(r"\d+", r"\\d+", _plain(before)))
    return tuple(dict.fromkeys(rf"{form}(?P<id>\d+){after}" for form in written))


def _number_before(folder: str, end: str) -> Iterator[_Proposal]:
    """``/tin/123/<slug>``; the month of ``/2025/06/<slug>`` is no id."""
    above, _, number = folder.rpartition("/")
    if number.isdecimal() and not _DAY.search(folder):
        yield _Proposal(rf"/(?P<id>\d+)/[^/?]+{end}", True, 1)
        yield _Proposal(rf"^{_generalised(above)}/(?P<id>\d+)/[^/?]+{end}", True, 0)


def _slugs(folder: str, own: bool, end: str) -> Iterator[_Proposal]:
    """A slug and nothing else: its folder, or the number of its words, must tell it apart."""
    forms = [(f"^{_generalised(folder)}/", own and bool(folder))]
    if folder:
        forms.append((f"^{_any_folder(folder)}/", False))
    for before, alone in forms:
        minima = _HYPHENS_IN_OWN_FOLDER if alone else _HYPHENS_ELSEWHERE
        for taste, hyphens in enumerate(minima):
            words = rf"(?=(?:[^/?]*?-){{{hyphens}}})" if hyphens else ""
            yield _Proposal(f"{before}{words}(?P<id>[^/?]+?){end}", False, taste + 10 * (not alone))


def _generalised(folder: str) -> str:
    """A folder with its numbers, such as the year and the month, left open."""
    return re.sub(r"(?<=/)\d+(?=/|$)", r"\\d+", _plain(folder))


def _any_folder(folder: str) -> str:
    """Any folder as deep as this one."""
    depth = folder.count("/")
    return "/[^/?]+" if depth == 1 else f"(?:/[^/?]+){{{depth}}}"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
