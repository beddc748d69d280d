"""From the blocks of the article's container to its body: what is not body is cut.

Cut are the title, lead and date where they are repeated, the signature, lists of other news, share
bars, counters, and whatever follows the lines that begin such things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from archive.text import fold, squeeze
from halong_crawler.reading.authors.signature import Signature, take_signature
from halong_crawler.reading.blocks import Block, captions
from halong_crawler.reading.bylines import read_byline

_TAIL = re.compile(
    r"(?:(?:(?:cac|nhung|mot so)\s+)?"
    r"(?:tin(?: tuc)?|bai(?: viet)?|tin bai|van ban|thong bao|su kien|hoat dong|chuyen muc)\s+"
    r"(?:khac|lien quan|moi(?: hon| nhat)?|cu hon|cung chuyen muc|da dua|tiep theo|cung loai)"
    r".{0,12}|other news|related (?:news|articles)|thoi tiet|thong ke truy cap|ty gia ngoai te|"
    r"(?:\d+ )?binh luan|y kien ban doc|danh gia bai viet|gui binh luan|"
    r"tin doc nhieu(?: nhat)?)+"
)
"""Lines, folded, from which on a page is no longer its article."""
_NOISE = re.compile(
    r"(?:so\s+)?luot (?:xem|doc|truy cap)\s*:?\s*[\d.,]*|view count\s*:?\s*\d*|\d+ views?|"
    r"(?:tep|file|tai lieu|van ban)(?: tin)? dinh kem:?|tai ve|"
    r"(?:in|print)(?: bai(?: viet)?| trang(?: nay)?)?|"
    r"gui (?:email|mail|bai viet|cho ban be)|e-?mail|chia se(?: bai viet)?:?|share|facebook|zalo|"
    r"twitter|tweet|like|quay lai|ve dau trang|ve trang truoc|back|co chu:?|a ?[-+]|"
    r"\d{1,2}:\d{2}(?: ?/ ?\d{1,2}:\d{2})?|"
    r"a\+ a-(?: in trang)?|doc bai(?: viet)?|nghe (?:bai viet|audio)|xem them|"
    r"(?:ngay )?(?:dang|cap nhat)(?: luc)?:?|tags?:.*|tu khoa:.*"
)
"""Lines, folded, that are controls and counters."""
_TOP = 3
_BESIDE = 20
"""Characters that a repeated text may have beside itself: stops, brackets, marks of their own."""


@dataclass
class Body:
    """The article's own blocks and what its end says about who wrote it."""

    blocks: list[Block]
    signature: Signature = field(default_factory=Signature)

    @property
    def text(self) -> str:
        """Paragraphs and captions, separated by one empty line."""
        return "\n\n".join(block.text for block in self.blocks if block.text)

    @property
    def prose(self) -> str:
        """The same without captions that are known only by their pictures."""
        return "\n\n".join(block.text for block in self.blocks if block.text and block.sure)


_IMPRESSION = re.compile(
    r"(?:.{0,40}\b(?:dang boi|nguoi dang|ngay dang|dang luc|cap nhat|luot xem|posted|published)\b)"
)
"""How a line between title and text begins that says when, by whom and how often."""

_COUNTER = re.compile(r"\d{1,7}")
_DIGIT = re.compile(r"\d")


def is_impression(text: str) -> bool:
    """Whether a line under the title states date, poster or views, and is no text.

    A bare number there is how often the page was read.
    """
    if len(text) >= 140 or not _DIGIT.search(text):
        return False
    return bool(_COUNTER.fullmatch(text) or _IMPRESSION.match(fold(text)))


def is_noise(text: str) -> bool:
    """Whether a line is a counter, a share link or another control, no text."""
    return len(text) < 80 and bool(_NOISE.fullmatch(fold(text).strip(" .|")))


def begins_tail(text: str) -> bool:
    """Whether everything from this line on is no longer the article."""
    return len(text) < 70 and bool(_TAIL.fullmatch(fold(text).strip(" .:»›>-")))


def cut_body(found: Sequence[Block], *, repeated: Sequence[str], ended: bool = False) -> Body:
    """Cut what is not body. ``repeated`` are texts read elsewhere: title, lead, printed date.

    ``ended`` says that what follows the article has been left out already.
    """
    article = found if ended else _before_tail(found)
    kept = [block for block in article if not is_noise(block.text)]
    kept = [b for at, b in enumerate(kept) if at > _TOP or not is_impression(b.text)]
    kept = _without_repeats(kept, repeated)
    kept, signature = take_signature(_that_may_sign(kept))
    kept = _without_trials(kept)
    while kept and not kept[-1].text and not kept[-1].pictures:
        kept.pop()
    return Body(_bold_lines_as_headings(kept), signature)


def _that_may_sign(found: list[Block]) -> list[Block]:
    """Without the lines on trial that sign nothing: they would hide the signature above them."""
    last = max((at for at, block in enumerate(found) if block.sure), default=-1)
    return [
        block
        for at, block in enumerate(found)
        if at <= last or block.pictures or read_byline(block.text) is not None
    ]


def _without_trials(found: list[Block]) -> list[Block]:
    """Of the lines on trial only captions stay: with their pictures, not in the text."""
    captioning = {id(caption) for _, caption in captions(found) if caption is not None}
    return [b for b in found if b.sure or b.pictures or id(b) in captioning]


def _bold_lines_as_headings(found: list[Block]) -> list[Block]:
    """Editors without a heading button set a short bold line above the text it heads."""
    kept = list(found)
    for index, block in enumerate(found[:-1]):
        heads = block.kind == "p" and block.strong and not block.pictures and block.align != "right"
        short = 3 < len(block.text) <= 140 and not block.text.rstrip().endswith((".", ";", ","))
        if heads and short and found[index + 1].kind in ("p", "item", "table", "image"):
            kept[index] = block._replace(kind="heading", level=3)
    return kept


def _before_tail(found: Sequence[Block]) -> list[Block]:
    for index, block in enumerate(found):
        if begins_tail(block.text):
            return list(found[:index])
    return list(found)


def _without_repeats(found: list[Block], repeated: Sequence[str]) -> list[Block]:
    """Drop repeated texts where the body begins (or, for a date, ends) with them."""
    keys = {_key(text) for text in repeated if text}
    longest = max(map(len, keys), default=0) + _BESIDE
    kept: list[Block] = []
    for at, block in enumerate(found):
        if 5 <= at < len(found) - 3 or not block.text:
            kept.append(block)
            continue
        lines = block.text.split("\n")
        rest = [line for line in lines if len(line) > longest or _key(line) not in keys]
        if len(rest) == len(lines) > 1 and len(block.text) <= longest:
            rest = [] if _key(block.text) in keys else lines
        kept += [block] if len(rest) == len(lines) else _with_lines(block, rest)
    return kept


def _with_lines(block: Block, lines: Sequence[str]) -> list[Block]:
    """The block with only some of its lines; none where neither text nor picture is left."""
    if lines:
        html = "<br>".join(escape(line, quote=False) for line in lines)
        return [block._replace(text="\n".join(lines), html=html)]
    return [block._replace(kind="image", text="", html="")] if block.pictures else []


def _key(text: str) -> str:
    return fold(squeeze(text)).strip(" .:;()–-")
