"""What is known of a sample while it is learnt from: each field narrows where the next stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from archive.text import fold
from halong_crawler.learning.body import Body
from halong_crawler.learning.corpus import Corpus
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Trial
from halong_crawler.reading.dates import find_date

LINE = 170
"""Characters of the longest line of facts (date, author, counters) below a title."""
ABOVE, BELOW = 4, 8
"""Runs above the title and below the body in which facts of the article are looked for."""


@dataclass
class Facts:
    """What is known so far of the sample; each field learnt narrows where the next may stand."""

    corpus: Corpus
    body: Body
    rules: dict[str, list[Trial]] = field(default_factory=dict)

    def found(self, name: str) -> dict[Page, Element]:
        """What the rules of a field find on each page."""
        found: dict[Page, Element] = {}
        for trial in self.rules.get(name, ()):
            for page in trial.hits:
                if page not in found:
                    found[page] = page.matches(trial.css)[0]
        return found

    @cached_property
    def titles(self) -> dict[Page, Element]:
        """The element of each page's title."""
        return self.found("title")

    @cached_property
    def openings(self) -> Counter[str]:
        """How many pages have a text about where the body begins.

        Counted there only: the leads of the latest articles may stand beside every page's body.
        """
        seen: Counter[str] = Counter()
        for page, container in self.body.found.items():
            title = self.titles.get(page)
            first = title.end if title is not None else container.start
            seen.update({run.key for run in page.runs[first : container.start + 3]})
        return seen

    def near(self, page: Page) -> range:
        """The runs among which facts of the article stand: about its title, to below its body."""
        container, title = self.body.found.get(page), self.titles.get(page)
        if container is None:
            return range(0)
        first = min(title.start if title is not None else container.start, container.start)
        # From the line above the title; what stands further up is the page's head.
        return range(max(0, first - ABOVE), min(len(page.runs), container.end + BELOW))

    def amid(self, page: Page, element: Element) -> bool:
        """Whether an element stands among the body's paragraphs, prose before and after it."""
        prose = self.corpus.prose[page]
        container = self.body.found[page]
        before = prose.before[element.start] - prose.before[container.start]
        after = prose.before[container.end] - prose.before[min(element.end, container.end)]
        return container.start <= element.start and before > 0 and after > 0

    def lines(self, page: Page) -> Iterator[Element]:
        """Elements of one short line near the article, none amid its body."""
        where = self.near(page)
        taken = self.titles.get(page)
        for element in page.elements:
            if element.start not in where or element.end - element.start != 1:
                continue
            if element.end > len(page.runs) or len(page.runs[element.start].text) > LINE:
                continue
            if taken is not None and element.inside(taken):
                continue
            if not self.amid(page, element):
                yield element


def apart(facts: Facts) -> dict[Page, Collection[Element]]:
    """The elements that rules of fields find: no part of the body, and not to be cut again."""
    found: dict[Page, list[Element]] = defaultdict(list)
    for rules in facts.rules.values():
        for trial in rules:
            for page in trial.hits:
                found[page].extend(page.matches(trial.css))
    return dict(found)


def is_line(page: Page, element: Element) -> bool:
    """Whether an element stands in one line of text."""
    return element.end - element.start == 1 and element.end <= len(page.runs)


def fills(page: Page, element: Element) -> bool:
    """Whether an element holds the whole of its line."""
    return fold(element.text) == fold(page.runs[element.start].text)


def before(page: Page, element: Element) -> str:
    """What the line says up to the element: a label often stands outside it."""
    line = page.runs[element.start].text
    at = line.find(element.text)
    return re.split(r"[|•–-]", line[: at if at >= 0 else 0])[-1].strip()


def states_date(facts: Facts, text: str) -> bool:
    """Whether a line states the article's date, no sentence that has one in it."""
    sentence = text.rstrip().endswith((".", "!", "?", "…"))
    return len(text) <= LINE and not sentence and find_date(text, facts.corpus.zone) is not None
