"""What the end of a body says about who wrote it: read off its last lines, and cut from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from archive.records import Author
from halong_crawler.reading.authors.shown import read_line
from halong_crawler.reading.blocks import Block
from halong_crawler.reading.bylines import Byline, is_nobody, read_byline
from halong_crawler.reading.bylines.names import is_place, is_post, is_vietnamese
from halong_crawler.reading.bylines.stated import is_full_name

_BRACKETED_END = re.compile(r"(?P<text>.*[.!?…”\"/])\s*(?P<byline>\([^()]{3,60}\))\s*\.?", re.S)
_QUOTED = re.compile(r"\s*[“\"«].*[”\"»]\s*\.?\s*", re.S)
_MAX_BYLINE_BLOCKS = 4
_LONGEST = 160
"""Characters of a line above which none signs."""
_SAMPLE = 800
"""Characters of a text that tell its language."""
_SIGNATORY_LINES = 4
"""Lines above a signatory's name among which the post stands: post, seal, "(Đã ký)"."""


@dataclass
class Signature:
    """The bylines and sources that stand at the end of a body, in reading order."""

    bylines: list[Byline] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def printed(self) -> str | None:
        """The bylines as one line.

        A unit line after a name (``Tô Phượng`` / ``Đài truyền thanh …``) stays in it.
        """
        return " / ".join(byline.printed for byline in self.bylines) or None

    @property
    def authors(self) -> tuple[Author, ...]:
        """Everybody the bylines name, once."""
        return tuple(dict.fromkeys(a for byline in self.bylines for a in byline.authors))


@dataclass
class _Ending:
    """Blocks whose end is being read off."""

    blocks: list[Block]
    sample: str
    """The end of the text as it was."""
    signature: Signature = field(default_factory=Signature)

    @cached_property
    def vietnamese(self) -> bool:
        """Whether it is Vietnamese print."""
        return is_vietnamese(self.sample)

    def read(self, text: str) -> Byline | None:
        """A text as a byline: elsewhere than in Vietnamese print it must be introduced as one."""
        if len(text) > _LONGEST:  # most articles end with a paragraph
            return None
        if self.vietnamese:
            return read_byline(text)
        shown = read_line(text)
        if shown is None or not all(map(is_full_name, shown.names)):
            return None
        return Byline(text, tuple(Author(name, "writer", text) for name in shown.names))

    def above(self, lines: Sequence[str] = ()) -> list[str]:
        """The few lines above the last block, nearest first; ``lines`` are the block's own."""
        found = [*reversed(lines)]
        for block in reversed(self.blocks[:-1]):
            if len(found) >= _SIGNATORY_LINES:
                break
            found.extend(reversed(block.text.split("\n")))
        return found[:_SIGNATORY_LINES]


def take_signature(found: Sequence[Block]) -> tuple[list[Block], Signature]:
    """Read bylines and sources off the end of a body, last line first; the rest of the blocks."""
    sample = " ".join(block.text for block in found[-12:])[-_SAMPLE:]
    body = _Ending(list(found), sample)
    for _ in range(_MAX_BYLINE_BLOCKS):
        if not body.blocks or not _take_last(body):
            break
    return body.blocks, body.signature


def _take_last(body: _Ending) -> bool:
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


def _take_block(body: _Ending, block: Block) -> bool:
    """A signature in a paragraph of its own."""
    if len(body.blocks) == 1:
        return False
    byline = body.read(block.text)
    if byline is None or (block.pictures and byline.source is None):
        return False
    if _is_plain(byline) and not _signs(body, block):
        return False
    _sign(body, byline)
    body.blocks.pop()
    return True


def _is_plain(byline: Byline) -> bool:
    """Nothing but names: no label, no brackets, no unit says what they are there for."""
    return bool(byline.authors) and byline.printed == byline.authors[0].name


def _signs(body: _Ending, block: Block) -> bool:
    """Whether a bare name at the end is the author's.

    It may as well caption the picture above it, name who spoke the words above it, or be the
    signatory of a document printed in full.
    """
    above = body.above()
    if any(is_post(line) for line in above):
        return False
    set_apart = block.align == "right" or block.strong
    if set_apart:
        return True
    before = body.blocks[-2]
    quoted = bool(_QUOTED.fullmatch(before.text))
    return not (before.pictures or before.kind == "caption" or quoted or is_place(block.text))


def _drop_unless_picture(body: _Ending) -> bool:
    if body.blocks[-1].pictures:
        return False
    body.blocks.pop()
    return True


def _take_last_line(body: _Ending, block: Block, lines: list[str]) -> bool:
    """A signature on a line of its own at the end of the last paragraph."""
    whole = body.read(" – ".join(lines)) if len(lines) == 2 and len(block.text) < 100 else None
    if whole is not None and whole.authors and len(body.blocks) > 1:
        _sign(body, replace(whole, printed=" / ".join(lines)))
        body.blocks.pop()
        return True
    byline = body.read(lines[-1])
    if byline is None:
        return False
    if _is_plain(byline) and any(is_post(line) for line in body.above(lines[:-1])):
        return False
    _sign(body, byline)
    html = block.html.rsplit("<br>", 1)[0]
    body.blocks[-1] = block._replace(text="\n".join(lines[:-1]), html=html)
    return True


def _take_bracketed(body: _Ending, block: Block, match: re.Match[str]) -> bool:
    """``… tốt đẹp./. (Hồng Hạnh)``: a name in brackets after the last full stop."""
    byline = read_byline(match["byline"]) if body.vietnamese else None
    if byline is None or not (byline.authors or byline.source):
        return False
    _sign(body, byline)
    at = block.html.rfind("(")
    html = block.html[:at].rstrip() if at > 0 else match["text"]
    body.blocks[-1] = block._replace(text=match["text"].rstrip(), html=html)
    return True


def _sign(body: _Ending, byline: Byline) -> None:
    if byline.source is not None:
        body.signature.sources.insert(0, byline.source)
    if byline.source is None or byline.authors:
        body.signature.bylines.insert(0, byline)
