"""What repeats over the pages of one portal and what does not: counts over all of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import takewhile
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from archive.text import fold, squeeze
from halong_crawler.learning.outline import Element, Page, Run

_SEPARATORS = re.compile(r"\s+[-–—|»›]\s+")
_WORDS = re.compile(r"[a-z0-9]+")
_PROSE = 60
"""Characters from which a run counts as prose."""
_CONTACT = re.compile(r"giay phep|ban quyen|dia chi\s*:|dien thoai\s*:|copyright")
_SHORTEST_TITLE = 12
_SURE = 24
"""Letters of a title that must stand in a slug before its cut end is looked at."""
_NUMBERED = re.compile(r"(?:-[a-z]?\d+(?:[a-z]\d+)?)+(?:-html?)?$")


class Corpus:
    """The article pages of one template, and other pages of the same portal to compare with."""

    def __init__(self, pages: Sequence[Page], others: Sequence[Page], zone: ZoneInfo) -> None:
        self.pages = list(pages)
        self.others = list(others)
        self.zone = zone
        self.often = max(2, len(self.pages) // 10)
        """Pages from which a text is seen on too many to be one article's own."""
        self._seen_on: Counter[str] = Counter()
        names: Counter[str] = Counter()
        for page in self.pages:
            self._seen_on.update({run.key for run in page.runs})
            names.update({name for element in page.elements for name in element.names})
        least = max(2, len(self.pages) // 20)
        self._names = frozenset(name for name, count in names.items() if count >= least)

    def names(self, element: Element) -> tuple[str, ...]:
        """The element's names that other pages have too: the others belong to one article."""
        return tuple(name for name in element.names if name in self._names)

    def is_rare(self, run: Run) -> bool:
        """Whether a run stands on few pages."""
        return self._seen_on[run.key] <= self.often

    def is_own(self, run: Run) -> bool:
        """Whether a run varies and stands outside links: text of the article, of whatever field."""
        return self.is_rare(run) and run.link_share < 0.5 and self.own_or_unknown(run)

    def own_or_unknown(self, run: Run) -> bool:
        """Whether a run is not the title of another page of the sample."""
        return run.link_share == 0 or fold(run.text) not in self.titles

    def is_prose(self, run: Run) -> bool:
        """Whether a run is a paragraph of an article."""
        return (
            len(run.text) >= _PROSE
            and run.link_share < 0.34
            and self.is_rare(run)
            and _CONTACT.search(run.key) is None
        )

    def _tells(self, page: Page, run: Run) -> bool:
        """Whether a run is a paragraph of the page's article, and not its title in full length."""
        return self.is_prose(run) and not self.called[page].fits(run.text)

    @cached_property
    def prose(self) -> dict[Page, Sums]:
        """For each page the characters of prose before each run."""
        return {
            page: Sums(len(r.text) - r.linked if self._tells(page, r) else 0 for r in page.runs)
            for page in self.pages
        }

    @cached_property
    def furniture(self) -> dict[Page, Sums]:
        """For each page the characters that repeat or link elsewhere, before each run."""
        return {
            page: Sums(0 if self.is_own(r) else len(r.text) for r in page.runs)
            for page in self.pages
        }

    # What the pages are called

    @cached_property
    def called(self) -> dict[Page, Called]:
        """What is known of each page's title from outside its text."""
        links = self._linked_as()
        heads = Counter(fold(page.document.head_title) for page in self.pages)
        found = {}
        for page in self.pages:
            document = page.document
            head = document.head_title if heads[fold(document.head_title)] <= self.often else ""
            texts = [head, document.metas.get("og:title", ""), *links[_address(page.url)]]
            found[page] = Called(texts, page.url)
        return found

    @cached_property
    def titles(self) -> frozenset[str]:
        """Everything the pages are called, folded."""
        return frozenset(text for called in self.called.values() for text in called.texts)

    def _linked_as(self) -> dict[str, set[str]]:
        """Address → the texts other pages link to it with."""
        wanted = {_address(page.url) for page in self.pages}
        found: dict[str, set[str]] = defaultdict(set)
        for page in (*self.pages, *self.others):
            for element in page.elements:
                if element.tag != "a":
                    continue
                url = page.document.absolute(element.node.attributes.get("href"))
                where = _address(url) if url is not None else ""
                if where in wanted and where != _address(page.url):
                    found[where].add(element.text)
        return found


class Called:
    """The names of one page: its head's title, the texts of links to it, the words of its URL."""

    def __init__(self, texts: Iterable[str], url: str) -> None:
        self.texts: frozenset[str] = frozenset(
            part
            for text in texts
            for part in (fold(squeeze(text)), *map(fold, _SEPARATORS.split(squeeze(text))))
            if len(part) >= _SHORTEST_TITLE
        )
        self.slug = "-".join(_WORDS.findall(_slug(url)))

    def fits(self, text: str) -> bool:
        """Whether a text on the page is the page's title."""
        folded = fold(text)
        if len(folded) < _SHORTEST_TITLE:
            return folded in self.texts
        if folded in self.texts:
            return True
        # Heads and links cut long titles.
        start = folded[:40]
        if any(other.startswith(start) and _cut(other, folded) for other in self.texts):
            return True
        words = "-".join(_WORDS.findall(folded))
        return len(words) >= _SHORTEST_TITLE and bool(self.slug) and _of_slug(words, self.slug)


class Sums:
    """Sums over the runs of a page."""

    def __init__(self, values: Iterable[int]) -> None:
        self.before = [0]
        for value in values:
            self.before.append(self.before[-1] + value)

    def of(self, element: Element) -> int:
        """The sum over an element's runs."""
        return self.before[element.end] - self.before[element.start]

    def lines(self, start: int, end: int) -> int:
        """How many runs of a range add to the sum."""
        return sum(self.before[at] < self.before[at + 1] for at in range(start, end))

    @property
    def total(self) -> int:
        """The sum over the page."""
        return self.before[-1]


def _cut(shorter: str, whole: str) -> bool:
    return whole.startswith(shorter.rstrip(" .…")) or shorter.startswith(whole)


def _of_slug(words: str, slug: str) -> bool:
    """Whether a slug, which may be cut and have numbers around it, is made of these words."""
    if words in slug:
        return True
    at = slug.find(words[:_SURE]) if len(words) >= _SURE else -1
    if at < 0:
        return False
    cut = _NUMBERED.sub("", slug[at:])
    alike = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(cut, words, strict=False))
    )
    return alike >= 0.9 * len(cut)


def _slug(url: str) -> str:
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    return fold(max(parts[-2:], key=len)) if parts else ""


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path}?{parts.query}"
