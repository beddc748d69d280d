"""Where on a page the article stands, when no selector says so.

The passages that belong to the article are weighed out (:mod:`.weigh`).
Around them is drawn the smallest element that holds them all; inside it, what holds none of them is
passed over. A few short lines after the last passage are kept on trial: a signature, a source or a
date stands there, and a caption beside a picture.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborNode

from archive.text import squeeze
from halong_crawler.reading.blocks import Block, blocks, is_data_table
from halong_crawler.reading.body import begins_tail
from halong_crawler.reading.document import Document
from halong_crawler.reading.weighing.clues import prose
from halong_crawler.reading.weighing.furniture import OUTSIDE, kinds
from halong_crawler.reading.weighing.opening import is_headline, leads_between, title_among
from halong_crawler.reading.weighing.outline import Element, Outline, Passage
from halong_crawler.reading.weighing.phrases import is_imprint, is_stray
from halong_crawler.reading.weighing.weigh import weigh

SURE = -0.3
"""Log-odds from which a passage is article. Below 0: a lost paragraph is worse than a stray one."""
LINKED_SURE = 1.0
"""The same for a passage that is all link: menus and lists of other articles are."""
_SIGNS_WITHIN = 6
"""Passages after the article's last that may still sign or date it."""
_CAPTION = 300
"""Characters of the longest caption."""
_CAPTION_NAMES = re.compile(r"(?:^|[\s_-])(?:caption|chu-?thich)(?:$|[\s_-])")
_SHORT = 140
"""Characters of the longest such line."""
_ENOUGH = 200
"""Characters of article that may end with a line such as "Bài viết khác"."""
_LITTLE, _SENTENCE = 120, 60
"""Less text than this, without one sentence in it, is no article."""


@dataclass(frozen=True)
class Story:
    """The article's passages on a page."""

    document: Document
    page: Outline
    chosen: frozenset[int]
    """Numbers of the passages that are article."""
    trial: frozenset[int]
    """Numbers of those that may hang on to it."""
    title_at: int | None = None
    """Number of the passage that shows the title."""

    @cached_property
    def container(self) -> LexborNode:
        """The smallest element that holds all of it."""
        return self._container.node

    @cached_property
    def _container(self) -> Element:
        kept = sorted(self.chosen | self.trial)
        element = self.page.passages[kept[0]].element
        for above in element.ancestors():
            if above.first <= kept[0] and kept[-1] < above.end:
                return above
        return self.page.elements[0]

    @cached_property
    def passed_over(self) -> set[int]:
        """``mem_id`` of the outermost elements in the container that hold nothing of it."""
        kept = sorted(self.chosen | self.trial)
        found: set[int] = set()
        container = self._container
        for element in self.page.elements:
            inside = container.first <= element.first and element.end <= container.end
            if not inside or element.first == element.end or element is container:
                continue
            within = element.parent is not None and element.parent.node_id in found
            if within or not _holds_any(element, kept):
                found.add(element.node_id)
        return found

    def blocks(self, apart: set[int]) -> list[Block]:
        """Its blocks in reading order; ``apart`` are elements read as something else."""
        return list(self._marked(blocks(self.document, self.container, self.passed_over | apart)))

    def _marked(self, found: list[Block]) -> Iterator[Block]:
        """Drop texts that were not chosen though their element was; mark those on trial."""
        verdicts: dict[tuple[int, str], bool | None] = {}
        for at, passage in enumerate(self.page.passages):
            key = (passage.element.node_id, passage.text)
            verdicts[key] = True if at in self.chosen else False if at in self.trial else None
        for block in found:
            verdict = verdicts.get((block.node_id, squeeze(block.text)), True)
            if block.kind == "table" or not block.text or verdict is True:
                yield block
            elif verdict is False or block.pictures:
                yield block.on_trial()


def _holds_any(element: Element, kept: list[int]) -> bool:
    """Whether one of the passages, numbered in ascending order, stands in the element."""
    at = bisect_left(kept, element.first)
    return at < len(kept) and kept[at] < element.end


def find_story(document: Document) -> Story | None:
    """The article's place on a page, or None where nothing on it reads like one."""
    page = document.outline
    opinions = weigh(page, document.head_title)
    title_at = title_among(page, opinions, document)
    chosen = frozenset(_choose(document, opinions, title_at))
    sizes = [len(page.passages[at].text) for at in chosen]
    if not sizes or (sum(sizes) < _LITTLE and max(sizes) < _SENTENCE):
        return None
    return Story(document, page, chosen, frozenset(_trial(page, chosen)), title_at)


def _choose(document: Document, opinions: Sequence[float], title_at: int | None) -> Iterator[int]:
    """The passages likely enough to be article, from its title to a line that ends articles."""
    page = document.outline
    found = sorted(_likely(page, opinions) - {title_at})
    if title_at is not None and is_headline(page.passages[title_at], document):
        other = _next_article(page, found, title_at)
        found = [at for at in found if at < other]
    start, end = _start(page, found, title_at), _end(page, found)
    found = [at for at in found if start <= at < end]
    text_at = next((at for at in found if len(page.passages[at].text) > _SENTENCE), None)
    if title_at is not None and text_at is not None:
        yield from leads_between(page, opinions, title_at, text_at, document)
    yield from found


def _likely(page: Outline, opinions: Sequence[float]) -> set[int]:
    """The passages that are article taken by themselves."""
    likely = set()
    for at, (passage, opinion) in enumerate(zip(page.passages, opinions, strict=True)):
        needed = LINKED_SURE if passage.linked > 0.9 * len(passage.text) else SURE
        if opinion > needed and not _is_no_text(passage):
            likely.add(at)
    _decide_tables(page, likely)
    return likely - _captions_among(page, likely)


def _is_no_text(passage: Passage) -> bool:
    """Whether its words say that it is none of an article's, whatever it weighs."""
    return is_imprint(passage.text) or is_stray(passage.text, passage.linked)


def _captions_among(page: Outline, likely: set[int]) -> set[int]:
    """Those that caption pictures, unless the article is a series of pictures."""
    found = {at for at in likely if _is_caption(page.passages[at])}
    told = sum(len(page.passages[at].text) for at in found)
    return found if told * 2 < sum(len(page.passages[at].text) for at in likely) else set()


def _decide_tables(page: Outline, likely: set[int]) -> None:
    """A data table is article as a whole or not at all."""
    for element in page.elements:
        inside = range(element.first, element.end)
        if element.tag != "table" or len(inside) < 4 or likely.isdisjoint(inside):
            continue
        if is_data_table(element.node):
            size = sum(len(page.passages[at].text) for at in inside)
            chosen = sum(len(page.passages[at].text) for at in inside if at in likely)
            if chosen * 5 > size * 2:
                likely.update(inside)
            else:
                likely.difference_update(inside)


def _start(page: Outline, found: Sequence[int], title_at: int | None) -> int:
    """Number of the first passage that can be article: those above its title are others'."""
    if title_at is None:
        return 0
    sizes = {at: prose(page.passages[at]) for at in found}
    above = sum(size for at, size in sizes.items() if at < title_at)
    below = sum(size for at, size in sizes.items() if at > title_at)
    return title_at if below > above else 0


def _end(page: Outline, found: Sequence[int]) -> int:
    """Number of the line below which only other things follow.

    Newspapers elsewhere put such lines amid their text as well: most of it must stand above then.
    """
    sizes = {at: len(page.passages[at].text) for at in found}
    total, above = sum(sizes.values()), 0
    for at, passage in enumerate(page.passages):
        enough = _ENOUGH if not passage.text.isascii() else total / 2
        if above > enough and begins_tail(passage.text):
            return at
        above += sizes.get(at, 0)
    return len(page.passages)


def _next_article(page: Outline, found: Sequence[int], title_at: int) -> int:
    """Number of the passage where another article begins: an element built like the one that
    holds title and text, with a title like this one's in it.
    """
    count = len(page.passages)
    text_at = next((at for at in found if at > title_at), None)
    if text_at is None:
        return count
    title = page.passages[title_at].element
    holders = {e.parent.node_id: e for e in title.ancestors() if e.parent is not None}
    for at in range(text_at + 1, count):
        element = page.passages[at].element
        if (element.tag, element.names) != (title.tag, title.names):
            continue
        for unit in element.ancestors():
            own = holders.get(unit.parent.node_id) if unit.parent is not None else None
            if own is None:
                continue
            alike = own is not unit and (own.tag, own.names) == (unit.tag, unit.names)
            if alike and own.names and own.first <= text_at < own.end:
                return at
            break
    return count


def _trial(page: Outline, chosen: frozenset[int]) -> Iterator[int]:
    """Lines after the last passage that may sign it, and lines that stand by a picture in it."""
    last = max(chosen)
    for at in range(last + 1, min(len(page.passages), last + 1 + _SIGNS_WITHIN)):
        passage = page.passages[at]
        outside = any(kinds(e.tag, e.names) & OUTSIDE for e in passage.element.ancestors())
        if len(passage.text) > _SHORT or passage.linked * 3 > len(passage.text) or outside:
            break
        if is_imprint(passage.text) or begins_tail(passage.text):
            break
        yield at
    for at in range(min(chosen), last):
        if at not in chosen and _captions(page, at):
            yield at


def _is_caption(passage: Passage) -> bool:
    """Whether its element says that it captions a picture: such a line is no text of its own."""
    around = list(passage.element.ancestors())[:3]
    return len(passage.text) <= _CAPTION and any(
        element.tag == "figcaption" or _CAPTION_NAMES.search(element.names) for element in around
    )


def _captions(page: Outline, at: int) -> bool:
    passage = page.passages[at]
    around = list(passage.element.ancestors())[:3]
    return passage.pictured or any(
        e.tag in ("figure", "figcaption") or "caption" in e.names for e in around
    )
