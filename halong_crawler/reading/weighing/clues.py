"""What a page tells about each of its passages: the clues that are weighed for "is article".

Every clue is a word such as ``len3`` or ``hard.comment``; a passage has some forty of them, and
:mod:`.weigh` adds up their weights. Clues are of five sorts: the passage itself (length, links,
letters), its element and those around it, what repeats on the page, its neighbours, and where it
stands. Numbers are cut into classes, because their effect is not linear.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from halong_crawler.reading.weighing.furniture import OUTSIDE, kinds
from halong_crawler.reading.weighing.outline import Element, Outline, Passage
from halong_crawler.reading.weighing.phrases import OPENERS, is_imprint, kinds_of_line

_LENGTH = (10, 25, 50, 80, 120, 200, 400)
_SHORT_LONG = (25, 80, 200)
_LINKED = (0.001, 0.1, 0.3, 0.6, 0.95)
_SHARE = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
_PLACE = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
_MASS = (1, 150, 500, 1500)
_UNIT = (40, 120, 300, 800)
_PROSE = 40
"""Characters from which a passage counts as prose."""
_LITTLE = 150
"""Characters of prose that are hardly an article."""
_NOTHING = 60
_STOP = re.compile(r"[.!?…。！？][\"”»’')\]]*$")
_NAME = re.compile(r"[a-z]{3,18}")
_NO_NAMES: frozenset[str] = frozenset()
_CAPITALS = (0.15, 0.3, 0.6, 0.9)
_WORD_LENGTH = (4.5, 6, 8)
_DIGITS = (0.001, 0.1, 0.3)
_LINKS = (0.05, 0.15, 0.3, 0.5, 0.8)
_ALIKE = (1, 2, 4, 8, 16, 40)
_PART_LINKED = (0.1, 0.6)
_NEXT = {
    step: {
        length * 3 + part: f"next{step}.{length}.{part}" for length in range(4) for part in range(3)
    }
    | {-1: f"next{step}.none"}
    for step in (-3, -2, -1, 1, 2, 3)
}
"""Steps to a neighbour → what is seen of it (-1: there is none) → the clue. Writing the words of
clues costs as much as weighing them, so that the commonest are written once."""
_ALL_LINK = 0.95
_ENTRIES = frozenset({"li", "td", "dd", "dt"})
_ENTRY, _MANY = 120, 4
"""Characters of the longest entry of a list of links, and how many make one."""
_INITIAL = itemgetter(0)


def _numbered(name: str, limits: tuple[float, ...]) -> tuple[str, ...]:
    """The clues of a number's classes."""
    return tuple(f"{name}{number}" for number in range(len(limits) + 1))


_LENGTHS, _LINKED_PARTS = _numbered("len", _LENGTH), _numbered("link", _LINKED)
_LENGTHS_LINKED = tuple(_numbered(f"len{n}.link", _LINKED) for n in range(len(_SHORT_LONG) + 1))
_UNSTOPPED, _COMMAS = _numbered("nostop.len", _SHORT_LONG), _numbered("comma", (1, 2, 3))
_CAPITALIZED, _DIGITAL = _numbered("cap", _CAPITALS), _numbered("digit", _DIGITS)
_WORDS_LONG = _numbered("word", _WORD_LENGTH)
_PLAIN = frozenset({"body", "div"})
_INLINE_UNITS = frozenset({"p", "h2", "h3"})


def prose(passage: Passage) -> float:
    """Characters of running text: long enough, and not mostly links."""
    size = len(passage.text)
    if size < _PROSE or passage.linked * 2 > size:
        return 0.0
    return float(size - passage.linked)


class _Within(NamedTuple):
    """What an element and those around it are called."""

    names: frozenset[str]
    tags: frozenset[str]
    clues: tuple[str, ...]
    """One for each of them."""
    up: int
    """Steps up to the element that holds most of the prose, -1 outside it."""


_NOWHERE = _Within(frozenset(), frozenset(), (), -1)


class Clues:
    """The clues of one page. ``head_title`` is the text of ``<title>``."""

    def __init__(self, page: Outline, head_title: str) -> None:
        self.page = page
        self.passages = page.passages
        self.furniture = self._furniture()
        own = [self.furniture[p.element.node_id] for p in self.passages]
        imprint = self._imprint()
        self.outside = [bool(found & OUTSIDE) or at in imprint for at, found in enumerate(own)]
        everything = [prose(p) for p in self.passages]
        inside = [0.0 if out else mass for out, mass in zip(self.outside, everything, strict=True)]
        self.mass = inside if sum(inside) >= _NOTHING else everything
        self.masses = _running(self.mass)
        self.total = self.masses[-1] or 1.0
        self.texts = _running([float(len(p.text)) for p in self.passages])
        self.links = _running([float(min(p.linked, len(p.text))) for p in self.passages])
        self.main = self._main()
        self.title_at = self._title_at(head_title.lower())
        self.keys = [key_of(p) for p in self.passages]
        self.views = [_view(p) for p in self.passages]
        self.alike = Counter(self.keys)
        self.alike_mass: Counter[tuple[str, str, str]] = Counter()
        for key, mass in zip(self.keys, self.mass, strict=True):
            self.alike_mass[key] += int(mass)
        self.same_text = Counter(p.text for p in self.passages)
        self.siblings = Counter(
            (e.parent.node_id, e.tag, e.names) for e in page.elements if e.parent is not None
        )
        self._arounds: dict[int, tuple[str, ...]] = {}
        self._withins: dict[int, _Within] = {}

    def __iter__(self) -> Iterator[tuple[list[str], tuple[str, ...]] | None]:
        """For each passage its own clues and those of its element, which others share.

        None where nothing need be weighed: a link outside the article's text or among many.
        """
        headed: dict[str, int] = {}
        for at, passage in enumerate(self.passages):
            is_link = passage.linked >= _ALL_LINK * len(passage.text)
            if is_link and (self.outside[at] or self._is_entry(passage)):
                yield None
                continue
            found: list[str] = []
            self._own(passage, found)
            self._line(at, passage, headed, found)
            self._kinds(at, passage, found)
            self._repeated(passage, found)
            self._neighbours(at, found)
            self._place(at, found)
            yield found, self._around(passage.element)

    def _is_entry(self, passage: Passage) -> bool:
        """Whether a link is one of several that stand alike: a menu's or a list's."""
        element = passage.element
        if element.tag not in _ENTRIES or element.parent is None or len(passage.text) > _ENTRY:
            return False
        return self.siblings[(element.parent.node_id, element.tag, element.names)] >= _MANY

    # What holds of the whole page

    def _furniture(self) -> dict[int, frozenset[str]]:
        """Element → kinds of furniture it stands in; what holds most of the page is none."""
        own = [prose(p) for p in self.passages]
        masses = _running(own)
        found: dict[int, frozenset[str]] = {}
        for element in self.page.elements:
            above = found[element.parent.node_id] if element.parent else frozenset[str]()
            named = kinds(element.tag, element.names) if element.parent else frozenset[str]()
            if named & OUTSIDE and self._holds_article(element, named, masses):
                named = frozenset()
            found[element.node_id] = above | named if named else above
        return found

    def _imprint(self) -> set[int]:
        """Passages at the page's end that say who runs the site, and those that stand with them."""
        count = len(self.passages)
        found = [at for at in range(count // 2, count) if is_imprint(self.passages[at].text)]
        stated = [0.0] * count
        for at in found:
            stated[at] = float(len(self.passages[at].text))
        held = _running(stated)
        texts = _running([float(len(p.text)) for p in self.passages])
        beside: set[int] = set()
        for at in found:
            for element in self.passages[at].element.ancestors():
                said = held[element.end] - held[element.first]
                if said * 2 < texts[element.end] - texts[element.first]:
                    break
                beside.update(range(element.first, element.end))
        return beside | set(found)

    def _holds_article(self, element: Element, named: frozenset[str], masses: list[float]) -> bool:
        """A name such as ``footer`` does not count where hardly any prose stands elsewhere."""
        inside = masses[element.end] - masses[element.first]
        outside = masses[-1] - inside
        if element.tag == "header" and self._has_heading(element):
            return True
        if inside <= outside:
            return False
        return outside < _LITTLE or (outside < inside / 4 and "comment" not in named)

    def _has_heading(self, element: Element) -> bool:
        return any(p.element.tag == "h1" for p in self.passages[element.first : element.end])

    def _main(self) -> Element:
        """The deepest element that holds most of the prose."""
        best = self.page.elements[0]
        for element in self.page.elements:
            held = self.masses[element.end] - self.masses[element.first]
            if held >= 0.6 * self.total and element.depth >= best.depth:
                best = element
        return best

    def _title_at(self, head_title: str) -> int:
        """Number of the passage that shows the title, -1 if none does."""
        found = -1
        for at, passage in enumerate(self.passages):
            if 12 <= len(passage.text) <= 300 and passage.text.lower() in head_title:
                if passage.element.tag == "h1":
                    return at
                found = at if found < 0 else found
        return found

    # The sorts of clues

    def _own(self, passage: Passage, found: list[str]) -> None:
        text, size = passage.text, len(passage.text)
        linked = bisect(_LINKED, min(1.0, passage.linked / size))
        length = bisect(_SHORT_LONG, size)
        words = text.split()
        capitals = sum(map(str.isupper, map(_INITIAL, words))) / len(words)
        digits = sum(map(text.count, "0123456789")) / size
        found += (
            _LENGTHS[bisect(_LENGTH, size)],
            _LINKED_PARTS[linked],
            _LENGTHS_LINKED[length][linked],
            "tag." + passage.element.tag,
            "stop" if _STOP.search(text, max(0, size - 6)) else _UNSTOPPED[length],
            _COMMAS[min(3, text.count(", "))],
            _CAPITALIZED[bisect(_CAPITALS, capitals)],
            _WORDS_LONG[bisect(_WORD_LENGTH, size / len(words))],
            _DIGITAL[bisect(_DIGITS, digits)],
        )
        if text.isupper():
            found.append("upper")
        if passage.strong >= 0.9 * size:
            found.append(f"bold.len{bisect((50, 150), size)}")
        if "|" in text:
            found.append("bar")
        if self.same_text[text] > 1:
            found.append(f"again.len{bisect((25, 80), size)}")

    def _line(self, at: int, passage: Passage, headed: dict[str, int], found: list[str]) -> None:
        """What the line says of itself, and what short lines before it have announced."""
        text, size = passage.text, len(passage.text)
        said = kinds_of_line(text) if size < 400 else set()
        length = bisect((30, 70, 160), size)
        found += [f"says.{kind}.{length}" for kind in said]
        found += [
            f"after.{kind}.{bisect((2, 4, 8, 16, 40), at - where)}"
            for kind, where in headed.items()
        ]
        if said and size < 70 and text[-1] not in ".!,;":
            for kind in said & OPENERS:
                headed[kind] = at

    def _kinds(self, at: int, passage: Passage, found: list[str]) -> None:
        """What furniture it stands in."""
        size = len(passage.text)
        furniture = self.furniture[passage.element.node_id]
        for kind in furniture:
            found.append(f"in:{kind}")
            found.append(f"in:{kind}.len{bisect((80, 200), size)}")
        length = bisect((40, 150), size)
        several = "+" if len(furniture) > 1 else ""
        found.append(f"outside.len{length}{several}" if self.outside[at] else f"inside.len{length}")

    def _around(self, element: Element) -> tuple[str, ...]:
        """The element, those around it, and how much of the page's prose they hold."""
        known = self._arounds.get(element.node_id)
        if known is not None:
            return known
        within = self._within(element)
        near = self._names_of(element)
        if element.parent is not None:
            near |= self._names_of(element.parent)
        found = [f"near.{name}" for name in near]
        for level, outer in enumerate(islice(element.ancestors(), 1, 5), 1):
            found += self._held(level, outer)
        found += within.clues
        found.append(f"main.{min(within.up, 5)}" if within.up >= 0 else "main.out")
        self._arounds[element.node_id] = tuple(found)
        return self._arounds[element.node_id]

    def _within(self, element: Element) -> _Within:
        """What it stands in: nearly always the same as its parent, and made once for both."""
        known = self._withins.get(element.node_id)
        if known is not None:
            return known
        own, tag = self._names_of(element), frozenset((element.tag,)) - _PLAIN
        above = self._within(element.parent) if element.parent is not None else _NOWHERE
        names, tags, clues = above.names, above.tags, above.clues
        if not (own <= names and tag <= tags):
            clues += tuple(f"in.{name}" for name in own - names)
            clues += tuple(f"in<{name}>" for name in tag - tags)
            names, tags = names | own, tags | tag
        up = 0 if element is self.main else above.up + 1 if above.up >= 0 else -1
        self._withins[element.node_id] = found = _Within(names, tags, clues, up)
        return found

    def _names_of(self, element: Element) -> frozenset[str]:
        return _words_of(element.names) if element.names else _NO_NAMES

    def _held(self, level: int, element: Element) -> tuple[str, str]:
        first, end = element.first, element.end
        held = (self.masses[end] - self.masses[first]) / self.total
        text = self.texts[end] - self.texts[first]
        linked = (self.links[end] - self.links[first]) / (text or 1.0)
        return f"share{level}.{bisect(_SHARE, held)}", f"linked{level}.{bisect(_LINKS, linked)}"

    def _repeated(self, passage: Passage, found: list[str]) -> None:
        """Whether the passage stands in one of several like units: an entry, a card, a comment."""
        mostly_link = passage.linked * 2 > len(passage.text)
        for level, element in enumerate(passage.element.ancestors()):
            if element.parent is None or level > 5:
                break
            if element.tag in _INLINE_UNITS and not mostly_link:
                continue
            count = self.siblings[(element.parent.node_id, element.tag, element.names)]
            if count < 3:
                continue
            text = self.texts[element.end] - self.texts[element.first]
            linked = self.links[element.end] - self.links[element.first]
            size = bisect(_UNIT, text)
            sort = bisect((1, 15, 40), linked) if linked < text * 0.9 else 9
            share = linked / (text or 1.0)
            found += (
                f"unit.{bisect((4, 7, 13), count)}.{size}.{sort}",
                f"unit.up{min(level, 3)}.{size}",
                f"unit.{element.tag}.{bisect((0.01, 0.2, 0.5, 0.9), share)}",
            )
            return
        found.append("unit.none")

    def _neighbours(self, at: int, found: list[str]) -> None:
        key, views, count = self.keys[at], self.views, len(self.passages)
        found.append(f"alike.mass{bisect(_SHARE, self.alike_mass[key] / self.total)}")
        found.append(f"alike{bisect(_ALIKE, self.alike[key])}")
        for step, seen in _NEXT.items():
            where = at + step
            found.append(seen[views[where] if 0 <= where < count else -1])
        element = self.passages[at].element
        for step in (-1, 1):
            where = at + step
            if 0 <= where < count:
                if self.passages[where].element is element:
                    found.append(f"next{step}.same")
                if self.keys[where] == key:
                    found.append(f"next{step}.alike")

    def _place(self, at: int, found: list[str]) -> None:
        count, masses = len(self.passages), self.masses
        if self.title_at < 0:
            title = "title.none"
        elif at == self.title_at:
            title = "title.here"
        elif at < self.title_at:
            title = f"title.below{bisect((2, 10, 40), self.title_at - at)}"
        else:
            title = f"title.above{bisect((2, 5, 15, 40, 100), at - self.title_at)}"
        found += (
            title,
            f"place{bisect(_PLACE, at / count)}",
            f"count{bisect((20, 50, 100, 200, 400), count)}",
            f"before{bisect(_MASS, masses[at] - masses[max(0, at - 6)])}",
            f"behind{bisect(_MASS, masses[min(count, at + 7)] - masses[at + 1])}",
            f"sofar{bisect((0.01, 0.2, 0.5, 0.8, 0.97, 0.995), masses[at] / self.total)}",
        )


@lru_cache(maxsize=8192)
def _words_of(names: str) -> frozenset[str]:
    return frozenset(_NAME.findall(names))


def _view(passage: Passage) -> int:
    """What its neighbours see of a passage: a key of the rows of :data:`_NEXT`."""
    size = len(passage.text)
    return bisect(_SHORT_LONG, size) * 3 + bisect(_PART_LINKED, min(1.0, passage.linked / size))


def key_of(passage: Passage) -> tuple[str, str, str]:
    """What passages of one sort on a page have in common."""
    element = passage.element
    return (element.tag, element.names, element.parent.names if element.parent else "")


def _running(values: list[float]) -> list[float]:
    """Sums of the first 0, 1, 2 … values."""
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
