"""What a listing says of its own size: "Hiển thị 1 - 20 của 345 kết quả", "Trang 1/79"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.text import fold, squeeze
from archive.totals import Total
from halong_crawler.reading.elements import UNSEEN, is_hidden

_N = r"(?:\d{1,3}(?:[.,\x20]\d{3}){1,2}|\d{1,7})(?![.,]?\d)"
"""790, 1.234, 1,234, 1 234. Bounded, so that no run of digits takes long."""
_UNIT = (
    r"(?:ket qua|ban ghi|tin bai|bai viet|bai dang|tin tuc|tin|bai|muc|van ban|mau tin|dong"
    r"|results?|records?|entries|items?|articles?|posts?)"
)
_OF = r"(?:/|cua|tren(?: tong(?: so| cong)?)?|trong(?: tong(?: so| cong)?)?|of|out of)"
_TO = r"(?:-|–|—|~|den|to|toi)"
_ALL = r"(?:tong(?: so| cong)?|tat ca|total(?: of)?)"
_SHOWN = rf"(?P<first>{_N}) {_TO} (?P<last>{_N})"


class Phrase(NamedTuple):
    """A form of words in which portals print a total, its marks folded."""

    says: Literal["items", "pages"]
    pattern: re.Pattern[str]
    """Groups: ``total``; ``first`` and ``last`` of what is shown, or ``here``: the page."""


def _phrase(says: Literal["items", "pages"], words: str) -> Phrase:
    # A phrase stands alone or between marks: amid a sentence the same words are an article's.
    spaced = words.replace(" ", r"[ \n]?")
    whole = rf"(?:^|[\n.:;,|(\[»>]) ?(?P<phrase>{spaced})(?= ?(?:$|[\n.;,|)\]-]))"
    return Phrase(says, re.compile(whole))


PHRASES = (
    # Liferay, DataTables, Kendo: which of how many are shown.
    _phrase(
        "items",
        r"(?:(?:dang )?(?:hien thi|xem)|showing|displaying)(?: (?:ket qua|tu|results?))? "
        rf"{_SHOWN} (?:{_UNIT} )?{_OF} (?P<total>{_N})(?: {_UNIT})?",
    ),
    _phrase("items", rf"{_SHOWN} {_OF} (?P<total>{_N}) {_UNIT}"),
    # How many there are, or were found.
    _phrase(
        "items",
        rf"(?:co|tim thay|tim duoc|found|{_ALL})(?: (?:co|tim thay))? :? (?P<total>{_N}) {_UNIT}"
        "(?: (?:duoc tim thay|phu hop|found))?",
    ),
    _phrase("items", rf"{_ALL}(?: so)? {_UNIT} (?:la )?:? (?P<total>{_N})"),
    # Which page of how many.
    _phrase(
        "pages", rf"(?:trang|page) :? (?P<here>{_N}) {_OF} (?P<total>{_N})(?: (?:trang|pages))?"
    ),
    _phrase("pages", rf"{_ALL}(?: so)? (?:trang|pages) :? (?P<total>{_N})"),
)
"""Every form, the most precise first."""


def read_total(tree: LexborHTMLParser) -> Total | None:
    """What a page says of the size of the list on it; None where it says nothing.

    A page of several lists says several things, which belong to nobody: none of them is taken.
    """
    return find_total("\n".join(_texts(tree.body))) if tree.body is not None else None


def find_total(text: str) -> Total | None:
    """:func:`read_total` of a page's text, whose pieces are parted by line ends."""
    text = "\n".join(filter(None, map(squeeze, text.splitlines())))
    folded = fold(text)
    found: dict[str, tuple[int, str]] = {}
    for says in ("items", "pages"):
        stated = list(_stated(says, folded))
        if stated and len({total for total, _ in stated}) == 1:
            total, (start, end) = stated[0]
            # Folding leaves letters in their places, but for those of other scripts.
            words = text if len(text) == len(folded) else folded
            found[says] = total, squeeze(words[start:end])
    if not found:
        return None
    return Total(
        items=found["items"][0] if "items" in found else None,
        pages=found["pages"][0] if "pages" in found else None,
        printed="; ".join(dict.fromkeys(words for _, words in found.values())),
    )


def _stated(says: str, folded: str) -> Iterator[tuple[int, tuple[int, int]]]:
    for phrase in PHRASES:
        for match in phrase.pattern.finditer(folded) if phrase.says == says else ():
            numbers = {
                name: int(re.sub(r"\D", "", value))
                for name, value in match.groupdict().items()
                if name != "phrase" and value is not None
            }
            if _agree(**numbers):
                yield numbers["total"], match.span("phrase")


def _agree(total: int, first: int = 0, last: int = 0, here: int = 0) -> bool:
    """Whether the numbers can be a list's: 5 - 3 of 2 is a score or a date."""
    return total > 0 and first <= last <= total and here <= total


def _texts(node: LexborNode) -> Iterator[str]:
    """The pieces of text a reader sees, in reading order."""
    for child in node.iter(include_text=True):
        if child.is_text_node:
            # A line break of the source is none to a reader.
            yield squeeze(child.text(deep=False))
        elif child.is_element_node and child.tag not in UNSEEN and not is_hidden(child.attributes):
            yield from _texts(child)
