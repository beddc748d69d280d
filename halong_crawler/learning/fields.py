"""Which element holds the title and which the dates, on each page of the sample.

Each function names the candidates page by page from shape, place and what other pages say, and
leaves it to :func:`halong_crawler.learning.selecting.choose` to find what they have in common.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from archive.text import fold
from halong_crawler.learning.facts import LINE, Facts, before, fills
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Trial, Wish, choose
from halong_crawler.reading.dates import Moment, find_date, parse_date

_HEADINGS = {"h1": 1.0, "h2": 0.8, "h3": 0.7, "h4": 0.5}
_FEW = 5
_SAME = 0.8
"""Share of one day, or of the days of capture, from which a date is the page's and no article's."""
_UPDATED = re.compile(r"(?:ngay )?(?:cap nhat|sua|chinh sua)|last (?:modified|updated)|updated")


def learn_title(facts: Facts) -> list[Trial]:
    """The element whose text the page's head, its links or its address call the page."""
    corpus = facts.corpus
    truth = {page: list(_titles(facts, page)) for page in corpus.pages}
    known = sum(map(bool, truth.values()))
    if known < 0.5 * len(corpus.pages):
        truth = {page: list(_headlines(facts, page)) for page in corpus.pages}
    wish = Wish(
        {page: found for page, found in truth.items() if found},
        harmless=lambda page, element: not truth[page] and 8 <= len(element.text) <= 300,
        merit=lambda page, element: _prominence(facts, page, element),
    )
    return choose(corpus, wish, least=0.3)


def _titles(facts: Facts, page: Page) -> Iterator[Element]:
    called = facts.corpus.called[page]
    container = facts.body.found.get(page)
    for element in page.elements:
        if element.end - element.start != 1 or element.end > len(page.runs):
            continue
        if container is not None and element.start >= container.end:
            return  # what follows the body names other pages
        if 8 <= len(page.runs[element.start].text) <= 400 and called.fits(element.text):
            yield element


def _headlines(facts: Facts, page: Page) -> Iterator[Element]:
    """Lines of the article's own above its first paragraph, where nothing names the page."""
    container = facts.body.found.get(page)
    if container is None:
        return
    prose = facts.corpus.prose[page].before
    for element in page.elements:
        if element.end - element.start != 1 or element.end > len(page.runs):
            continue
        run = page.runs[element.start]
        above = prose[element.start] == 0 and element.start <= container.end
        own = 12 <= len(run.text) <= 250 and run.linked == 0 and facts.corpus.is_rare(run)
        dated = find_date(run.text, facts.corpus.zone) is not None
        if above and own and not dated and fills(page, element):
            yield element


def _prominence(facts: Facts, page: Page, element: Element) -> float:
    value = _HEADINGS.get(element.tag, 0.2)
    if element.tag == "a" or (element.parent is not None and element.parent.tag == "a"):
        value -= 0.3
    above = element.parent if element.tag in ("a", "span", "li", "b", "strong") else element
    if above is not None and len(above.node.css("a")) > 1:
        value -= 0.5
    container = facts.body.found.get(page)
    if container is not None:
        value -= min(0.4, 0.02 * max(0, container.start - element.end))
    return value


# Dates


def learn_dates(facts: Facts) -> dict[str, list[Trial]]:
    """``date``, and ``updated`` where a second date says so: what varies and is no clock."""
    dated = _without_clocks(facts, {page: dict(_dates(facts, page)) for page in facts.body.found})
    updated = {
        page: [e for e in found if _UPDATED.match(_line(page, e))] for page, found in dated.items()
    }
    first = {
        page: [e for e in found if e not in updated[page]] or list(found)
        for page, found in dated.items()
    }
    rules = {"date": _choose(facts, first)}
    both = {p: e for p, e in updated.items() if e and any(x not in e for x in dated[p])}
    if len(both) >= max(3, 0.15 * len(dated)):
        rules["updated"] = _choose(facts, both)
    return rules


def _choose(facts: Facts, truth: Mapping[Page, list[Element]]) -> list[Trial]:
    wish = Wish(
        truth,
        harmless=lambda page, element: not truth.get(page) and len(element.text) <= LINE,
        merit=lambda page, element: _datedness(facts, page, element),
    )
    return choose(facts.corpus, wish, least=0.15)


def _line(page: Page, element: Element) -> str:
    return fold(element.text if _UPDATED.match(fold(element.text)) else before(page, element))


def _dates(facts: Facts, page: Page) -> Iterator[tuple[Element, Moment]]:
    zone = facts.corpus.zone
    for element in facts.lines(page):
        run = page.runs[element.start]
        if run.link_share > 0.3 or not any(map(str.isdigit, element.text)):
            continue
        moment = find_date(element.text, zone)
        if moment is not None and moment.at.date() <= page.captured_at.astimezone(zone).date():
            yield element, moment


def _without_clocks(
    facts: Facts, dated: Mapping[Page, dict[Element, Moment]]
) -> dict[Page, dict[Element, Moment]]:
    """The dates without those that, at one place of all pages, are one day or each capture's."""
    days: dict[_Place, list[tuple[date, bool]]] = defaultdict(list)
    for page, found in dated.items():
        today = page.captured_at.astimezone(facts.corpus.zone).date()
        for element, moment in found.items():
            day = moment.at.date()
            days[_place(facts, element)].append((day, day == today))
    return {
        page: {e: moment for e, moment in found.items() if not _is_clock(days[_place(facts, e)])}
        for page, found in dated.items()
    }


_Place = tuple[tuple[str, tuple[str, ...], int], ...]


def _place(facts: Facts, element: Element) -> _Place:
    """Where an element stands: the way from the top, counting only where there are no names."""
    steps = []
    current: Element | None = element
    while current is not None:
        names = facts.corpus.names(current)
        steps.append((current.tag, names, 0 if names else current.nth))
        current = current.parent
    return tuple(steps)


def _is_clock(seen: Sequence[tuple[date, bool]]) -> bool:
    ((_, most),) = Counter(day for day, _ in seen).most_common(1)
    today = sum(is_today for _, is_today in seen)
    return len(seen) >= _FEW and max(most, today) > _SAME * len(seen)


def _datedness(facts: Facts, page: Page, element: Element) -> float:
    whole = 0.4 if parse_date(element.text, facts.corpus.zone) is not None else 0.0
    title, container = facts.titles.get(page), facts.body.found[page]
    if title is not None and title.end <= element.start <= container.start + 2:
        return whole + 0.6  # between title and body
    return whole + (0.3 if element.start >= container.end - 2 else 0.0)
