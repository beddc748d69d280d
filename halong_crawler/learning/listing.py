"""How a portal's listings hold their entries: what repeats around links to articles."""

from __future__ import annotations

from collections.abc import Iterator

from halong_crawler.learning.corpus import Corpus
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Wish, choose
from halong_crawler.learning.template import LearnedRule

_FEWEST_PAGES = 4
_FEWEST_ENTRIES = 4
_LONGEST = 900
"""Characters of the longest entry: title, date and summary."""


def learn_listing(corpus: Corpus) -> dict[str, tuple[LearnedRule, ...]]:
    """The selector of a listing's entries, which finds nothing on any article's page."""
    known = {page.url for page in corpus.pages}
    truth = {page: list(_entries(page, known)) for page in corpus.others}
    truth = {page: found for page, found in truth.items() if len(found) >= _FEWEST_ENTRIES}
    if len(truth) < _FEWEST_PAGES:
        return {}
    listings = Corpus(list(truth), [], corpus.zone)
    wish = Wish(truth, harmless=_has_no_text, several=True)
    fit = [
        trial
        for trial in choose(listings, wish, least=0.5, most=1)
        if not any(page.matches(trial.css) for page in corpus.pages)
    ]
    rules = tuple(
        LearnedRule(selector=trial.css, support=len(trial.hits), of=len(truth)) for trial in fit
    )
    return {"listing": rules} if rules else {}


def _has_no_text(_page: Page, element: Element) -> bool:
    return not element.text


def _entries(page: Page, known: set[str]) -> Iterator[Element]:
    """The largest element around each link to an article that holds no link to another one."""
    seen: set[int] = set()
    links = {
        element: url
        for element in page.elements
        if element.tag == "a"
        and (url := page.document.absolute(element.node.attributes.get("href"))) in known
    }
    around: dict[int, set[str]] = {}
    for element, url in links.items():
        current: Element | None = element
        while current is not None:
            around.setdefault(current.node.mem_id, set()).add(url)
            current = current.parent
    for element in links:
        entry = element
        while entry.parent is not None and len(around[entry.parent.node.mem_id]) == 1:
            entry = entry.parent
        if entry.node.mem_id not in seen and entry.parent is not None:
            seen.add(entry.node.mem_id)
            if len(entry.text) <= _LONGEST:
                yield entry
