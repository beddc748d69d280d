"""Which elements name who wrote an article, whom it was taken from, and which holds its lead."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from archive.text import fold
from halong_crawler.learning.facts import Facts, before, fills, is_line, states_date
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Trial, Truth, Wish, choose
from halong_crawler.reading.bylines import read_byline


def learn_byline(facts: Facts) -> list[Trial]:
    """Lines that name who wrote, above or below the body; captions stand amid it and do not."""
    truth = _signed(facts, lambda text: is_signed(text, stated=False))
    if _distinct(truth) < 2:
        return []
    wish = Wish(
        truth,
        harmless=lambda _page, element: is_signed(element.text, stated=True),
        merit=lambda page, element: _signedness(facts, page, element),
    )
    return choose(facts.corpus, wish, least=0.12, faults=0.02)


def learn_source(facts: Facts) -> list[Trial]:
    """Lines that say who the article was taken from."""
    truth = _signed(facts, _is_source)
    wish = Wish(truth, harmless=lambda _page, element: _is_source(element.text), several=True)
    return choose(facts.corpus, wish, least=0.08, faults=0.0, most=1)


def _is_source(text: str) -> bool:
    byline = read_byline(text)
    return byline is not None and byline.source is not None


def is_signed(text: str, *, stated: bool) -> bool:
    """Whether a text names authors; ``stated`` as for a line that the page marks as theirs."""
    byline = read_byline(text, stated=stated)
    return byline is not None and bool(byline.authors)


def _signed(facts: Facts, fits: Callable[[str], bool]) -> dict[Page, list[Element]]:
    found: dict[Page, list[Element]] = {}
    for page in facts.body.found:
        title = facts.titles.get(page)
        after = title.end if title is not None else 0
        listed = [
            element
            for element in facts.lines(page)
            if element.start >= after and len(element.text) <= 120 and fits(element.text)
            if not _among_links(element) and _is_told_apart(facts, page, element)
        ]
        if listed:
            found[page] = listed
    return found


def _is_told_apart(facts: Facts, page: Page, element: Element) -> bool:
    """Whether a line of the body has a name: its place among paragraphs differs by article."""
    container = facts.body.found[page]
    current: Element | None = element
    while current is not None and current is not container:
        if facts.corpus.names(current):
            return True
        current = current.parent
    return not element.inside(container)


def _among_links(element: Element) -> bool:
    above = element.parent
    return above is not None and len(above.node.css("a")) > 2


def _distinct(truth: Truth) -> int:
    return len({fold(element.text) for found in truth.values() for element in found})


def _signedness(facts: Facts, page: Page, element: Element) -> float:
    own = 0.4 if ":" not in before(page, element) else 0.2
    container = facts.body.found[page]
    close = container.start - 4 <= element.start <= container.end + 2
    return own + (0.4 if close else 0.0)


# Lead


def learn_lead(facts: Facts) -> list[Trial]:
    """The paragraph between title and body, or the body's first where it has a shape of its own."""
    signatures = _signatures(facts)
    truth: dict[Page, list[Element]] = {}
    for page, container in facts.body.found.items():
        found = [
            element
            for element in _openings(facts, page, container)
            if not element.inside(container) or signatures[_signature(facts, element)] <= 1.1
        ]
        if found:
            truth[page] = found
    wish = Wish(
        truth,
        harmless=lambda page, element: (
            page in facts.body.found
            and page in facts.titles
            and facts.titles[page].end <= element.start
            and element.end <= facts.body.found[page].start
        ),
        several=True,
    )
    return choose(facts.corpus, wish, least=0.15, faults=0.02)


def _signature(facts: Facts, element: Element) -> tuple[str, tuple[str, ...]]:
    return element.tag, facts.corpus.names(element)


def _signatures(facts: Facts) -> dict[tuple[str, tuple[str, ...]], float]:
    """How often on a page that has any, elements of one tag and one set of names hold a text."""
    times: Counter[tuple[str, tuple[str, ...]]] = Counter()
    pages: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for page, container in facts.body.found.items():
        mine = Counter(
            _signature(facts, element)
            for element in page.elements
            if element is not container and element.inside(container) and is_line(page, element)
        )
        times.update(mine)
        pages.update(mine.keys())
    return defaultdict(lambda: 99.0, {key: times[key] / pages[key] for key in times})


def _openings(facts: Facts, page: Page, container: Element) -> Iterator[Element]:
    """Elements that hold the first paragraph after the title and nothing else."""
    title = facts.titles.get(page)
    if title is None or title.start > container.end:
        return
    first = next(
        (
            at
            for at in range(title.end, container.end)
            if len(page.runs[at].text) >= 40
            and facts.openings[page.runs[at].key] <= facts.corpus.often
            and page.runs[at].link_share < 0.3
            and not states_date(facts, page.runs[at].text)
        ),
        None,
    )
    if first is None or facts.corpus.prose[page].before[container.end] == 0:
        return
    for element in page.elements:
        whole = element.start <= first < element.end and is_line(page, element)
        short = len(element.text) <= 1500 and not title.inside(element)
        if whole and short and element is not container and fills(page, element):
            yield element
