"""From the blocks of the article's container to its body: what is not body is cut.

Cut are the title, lead and date where they are repeated, the signature, lists of other news, share
bars, counters, and whatever follows the lines that begin such things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from archive.records import Author
from archive.text import fold, squeeze
from halong_crawler.reading.blocks import Block
from halong_crawler.reading.bylines import Byline, is_nobody, read_byline

_TAIL = re.compile(
    r"(?:(?:cac|nhung|mot so)\s+)?(?:tin(?: tuc)?|bai(?: viet)?|tin bai|van ban)\s+"
    r"(?:khac|lien quan|moi(?: hon| nhat)?|cu hon|cung chuyen muc|da dua|tiep theo|cung loai)"
    r".{0,12}|other news|related (?:news|articles)|thoi tiet|thong ke truy cap|ty gia ngoai te|"
    r"(?:\d+ )?binh luan|y kien ban doc|danh gia bai viet|gui binh luan|"
    r"tin doc nhieu(?: nhat)?"
)
"""Lines, folded, from which on a page is no longer its article."""
_NOISE = re.compile(
    r"(?:so\s+)?luot (?:xem|doc|truy cap)\s*:?\s*[\d.,]*|view count\s*:?\s*\d*|\d+ views?|"
    r"(?:in|print)(?: bai(?: viet)?| trang(?: nay)?)?|"
    r"gui (?:email|mail|bai viet|cho ban be)|e-?mail|chia se(?: bai viet)?:?|share|facebook|zalo|"
    r"twitter|tweet|like|quay lai|ve dau trang|ve trang truoc|back|co chu:?|a ?[-+]|"
    r"doc bai(?: viet)?|nghe (?:bai viet|audio)|xem them|"
    r"(?:ngay )?(?:dang|cap nhat)(?: luc)?:?|tags?:.*|tu khoa:.*"
)
"""Lines, folded, that are controls and counters."""
_BRACKETED_END = re.compile(r"(?P<text>.*[.!?…”\"/])\s*(?P<byline>\([^()]{3,60}\))\s*\.?", re.S)
_MAX_BYLINE_BLOCKS = 4


@dataclass
class Body:
    """The article's own blocks and what its end says about who wrote it."""

    blocks: list[Block]
    bylines: list[Byline] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Paragraphs separated by one empty line."""
        return "\n\n".join(block.text for block in self.blocks if block.text)


def is_noise(text: str) -> bool:
    """Whether a line is a counter, a share link or another control, no text."""
    return len(text) < 80 and bool(_NOISE.fullmatch(fold(text).strip(" .|")))


def begins_tail(block: Block) -> bool:
    """Whether everything from this block on is no longer the article."""
    return len(block.text) < 70 and bool(_TAIL.fullmatch(fold(block.text).strip(" .:»›>-")))


def cut_body(found: Sequence[Block], *, repeated: Sequence[str]) -> Body:
    """Cut what is not body. ``repeated`` are texts read elsewhere: title, lead, printed date."""
    kept = [block for block in _before_tail(found) if not is_noise(block.text)]
    kept = _without_repeats(kept, repeated)
    body = Body(kept)
    _take_signature(body)
    while body.blocks and not body.blocks[-1].text and not body.blocks[-1].pictures:
        body.blocks.pop()
    body.blocks = _bold_lines_as_headings(body.blocks)
    return body


def _bold_lines_as_headings(found: list[Block]) -> list[Block]:
    """Editors without a heading button set a short bold line above the text it heads."""
    kept = list(found)
    for index, block in enumerate(found[:-1]):
        heads = block.kind == "p" and block.strong and not block.pictures and block.align != "right"
        short = 3 < len(block.text) <= 140 and not block.text.rstrip().endswith((".", ";", ","))
        if heads and short and found[index + 1].kind in ("p", "item", "table", "image"):
            kept[index] = replace(block, kind="heading", level=3)
    return kept


def _before_tail(found: Sequence[Block]) -> list[Block]:
    for index, block in enumerate(found):
        if begins_tail(block):
            return list(found[:index])
    return list(found)


def _without_repeats(found: list[Block], repeated: Sequence[str]) -> list[Block]:
    """Drop each repeated text once, where the body begins (or, for a date, ends) with it."""
    kept = list(found)
    for text in filter(None, repeated):
        key = _key(text)
        edge = [*range(min(5, len(kept))), *range(max(5, len(kept) - 3), len(kept))]
        at = next((i for i in edge if _key(kept[i].text) == key), None)
        if at is not None:
            if kept[at].pictures:
                kept[at] = replace(kept[at], kind="image", text="", html="")
            else:
                del kept[at]
    return kept


def _key(text: str) -> str:
    return fold(squeeze(text)).strip(" .:;()–-")


def _take_signature(body: Body) -> None:
    """Read bylines and sources off the end of the body, last line first."""
    for _ in range(_MAX_BYLINE_BLOCKS):
        if not body.blocks or not _take_last(body):
            return


def _take_last(body: Body) -> bool:
    """Take the last block, or its last line, off the body if it signs; False when it does not."""
    block = body.blocks[-1]
    if not block.text:
        return _drop_unless_picture(body)
    if is_nobody(block.text):
        body.blocks.pop()
        return True
    if block.kind in ("table", "heading") and not block.strong:
        return False
    lines = block.text.split("\n")
    if len(lines) > 1:
        return _take_last_line(body, block, lines)
    bracketed = _BRACKETED_END.fullmatch(block.text)
    if bracketed is not None:
        return _take_bracketed(body, block, bracketed)
    return _take_block(body, block)


def _take_block(body: Body, block: Block) -> bool:
    """A signature in a paragraph of its own."""
    if len(body.blocks) == 1:
        return False
    byline = read_byline(block.text)
    after_picture = bool(body.blocks[-2].pictures) and not block.strong
    if byline is None or (after_picture and _is_plain(block, byline)):
        return False
    if block.pictures and byline.source is None:
        return False
    _sign(body, byline)
    body.blocks.pop()
    return True


def _is_plain(block: Block, byline: Byline) -> bool:
    """A bare name under a picture is as likely its caption."""
    return byline.source is None and ":" not in byline.printed and block.align != "right"


def _drop_unless_picture(body: Body) -> bool:
    if body.blocks[-1].pictures:
        return False
    body.blocks.pop()
    return True


def _take_last_line(body: Body, block: Block, lines: list[str]) -> bool:
    """A signature on a line of its own at the end of the last paragraph."""
    whole = read_byline(" – ".join(lines)) if len(lines) == 2 and len(block.text) < 100 else None
    if whole is not None and whole.authors and len(body.blocks) > 1:
        _sign(body, replace(whole, printed=" / ".join(lines)))
        body.blocks.pop()
        return True
    byline = read_byline(lines[-1])
    if byline is None:
        return False
    _sign(body, byline)
    html = block.html.rsplit("<br>", 1)[0]
    body.blocks[-1] = replace(block, text="\n".join(lines[:-1]), html=html)
    return True


def _take_bracketed(body: Body, block: Block, match: re.Match[str]) -> bool:
    """``… tốt đẹp./. (Hồng Hạnh)``: a name in brackets after the last full stop."""
    byline = read_byline(match["byline"])
    if byline is None or not (byline.authors or byline.source):
        return False
    _sign(body, byline)
    at = block.html.rfind("(")
    html = block.html[:at].rstrip() if at > 0 else match["text"]
    body.blocks[-1] = replace(block, text=match["text"].rstrip(), html=html)
    return True


def _sign(body: Body, byline: Byline) -> None:
    if byline.source is not None:
        body.sources.insert(0, byline.source)
    else:
        body.bylines.insert(0, byline)


def merge(bylines: Sequence[Byline]) -> tuple[str | None, tuple[Author, ...]]:
    """Several lines of one signature as one printed byline and one list of authors.

    A unit line after a name (``Tô Phượng`` / ``Đài truyền thanh …``) stays in the printed form.
    """
    if not bylines:
        return None, ()
    authors = dict.fromkeys(author for byline in bylines for author in byline.authors)
    return " / ".join(byline.printed for byline in bylines), tuple(authors)
