"""From elements to the shortest selector that finds exactly them on every page.

Each element proposes selectors: its own names, its parent's and its own, its place. What many
elements propose is tried on all pages, and the best is kept; what it leaves over may get a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from halong_crawler.learning.corpus import Corpus
from halong_crawler.learning.outline import Element, Page

# fmt: off
_SPEAKING = frozenset({
    "h1", "h2", "h3", "h4", "article", "main", "time", "address", "figcaption", "blockquote",
    "aside", "header", "footer", "section",
})
"""Tags that say what an element is."""
_COMMON = frozenset({
    "container", "row", "clearfix", "wrapper", "content", "main", "left", "right", "active",
    "first", "last", "clear", "fl", "fr", "pull-left", "pull-right", "text-justify", "text-center",
})
"""Names that say nothing: another is preferred where there is one."""
# fmt: on
_TRIED = 80
"""Proposals that are tried on all pages, the most frequent first."""
_CLIMB = 6
"""Ancestors that may stand in a selector."""
_STEPS = 12
"""Steps of a way that has no names."""

Truth = Mapping[Page, Collection[Element]]
"""Page → the elements a selector should find there; any one of them will do."""


@dataclass(frozen=True)
class Trial:
    """What a selector found on the sample."""

    css: str
    cost: float
    """How hard it is to read, and how soon it may break."""
    hits: frozenset[Page]
    """Pages on which it found what it should."""
    wrong: frozenset[Page]
    """Pages on which it found something else first."""
    crowded: frozenset[Page]
    """Hits on which it found more besides."""
    merit: float = field(default=0.0, compare=False)
    cut: str = ""
    """``@text~regex`` where only a part of the element's text is meant."""

    @property
    def selector(self) -> str:
        """The whole selector, as a descriptor has it."""
        return self.css + self.cut

    @cached_property
    def score(self) -> float:
        """Pages found, less what went wrong."""
        return len(self.hits) - 2 * len(self.wrong) - 0.34 * len(self.crowded) + self.merit


@dataclass(frozen=True)
class Wish:
    """What a rule is wanted for."""

    truth: Truth
    harmless: Callable[[Page, Element], bool] = lambda _page, _element: False
    """Whether finding this element is no fault on a page where nothing is known."""
    several: bool = False
    """The selector may find many elements on a page, all of them in ``truth``."""
    merit: Callable[[Page, Element], float] = lambda _page, _element: 0.0
    """How well an element looks the part, for choosing between equals (about 0 to 1)."""


def choose(
    corpus: Corpus, wish: Wish, *, least: float = 0.15, most: int = 3, faults: float = 0.03
) -> list[Trial]:
    """The rules for one field: each adds pages that those before it leave over.

    ``least`` is the share of all pages a first rule must find; ``faults`` the share on which it may
    be wrong.
    """
    chosen: list[Trial] = []
    pages = len(corpus.pages)
    open_pages = {page for page in corpus.pages if wish.truth.get(page)}
    while open_pages and len(chosen) < most:
        proposals = _proposals(corpus, wish.truth, open_pages)
        trials = [_try(corpus, wish, css, cost) for css, cost in proposals]
        needed = max(3, pages * least) if not chosen else max(4, pages * 0.06)
        sound = [
            trial
            for trial in trials
            if len(trial.hits & open_pages) >= needed
            and len(trial.wrong) <= pages * (faults if not chosen else 0.0)
        ]
        if not sound:
            break
        best = _best(sound, open_pages)
        chosen.append(best)
        open_pages -= best.hits
    return chosen


def _best(trials: Sequence[Trial], open_pages: Collection[Page]) -> Trial:
    """The most pages; among those nearly as good, the one that reads best."""

    def worth(trial: Trial) -> float:
        return trial.score - len(trial.hits - set(open_pages)) * 0.5

    top = max(map(worth, trials))
    slack = 0.015 * len(open_pages)
    return min(
        (trial for trial in trials if worth(trial) >= top - slack),
        key=lambda trial: (trial.cost, -worth(trial), trial.css),
    )


def _proposals(corpus: Corpus, truth: Truth, pages: Collection[Page]) -> list[tuple[str, float]]:
    votes: Counter[str] = Counter()
    costs: dict[str, float] = {}
    for page in pages:
        found: dict[str, float] = {}
        for element in truth[page]:
            found.update(proposals(corpus, element))
        votes.update(found.keys())
        costs.update(found)
    ranked = sorted(votes, key=lambda css: (-votes[css], costs[css], css))
    return [(css, costs[css]) for css in ranked[:_TRIED]]


def _try(corpus: Corpus, wish: Wish, css: str, cost: float) -> Trial:
    hits, wrong, crowded = set(), set(), set()
    merit = 0.0
    for page in corpus.pages:
        found = page.matches(css)
        if not found:
            continue
        known = wish.truth.get(page, ())
        fitting = [element for element in found if element in known]
        if wish.several:
            good = len(fitting) == len(found) or all(
                element in known or wish.harmless(page, element) for element in found
            )
        else:
            good = found[0] in known
        if good and fitting:
            hits.add(page)
            merit += wish.merit(page, fitting[0])
            if not wish.several and len(found) > 1:
                crowded.add(page)
        elif not (found and wish.harmless(page, found[0])):
            wrong.add(page)
    return Trial(
        css, cost, frozenset(hits), frozenset(wrong), frozenset(crowded),
        0.25 * merit,
    )  # fmt: skip


def proposals(corpus: Corpus, element: Element) -> Iterator[tuple[str, float]]:
    """Selectors an element may be found by, with their cost."""
    own = list(_own(corpus, element))
    yield from own
    anchors = list(_anchors(corpus, element))
    # By its place under the nearest element that has a name.
    placed = [*own, (element.tag, 1.4), *_placed(element)]
    for anchor, cost, distance in anchors:
        for css, price in placed:
            if distance == 1:
                yield f"{anchor} > {css}", price + cost + 0.3
            else:
                yield f"{anchor} {css}", price + cost + 0.4 + 0.05 * distance
    yield from _by_way(corpus, element)


def _own(corpus: Corpus, element: Element) -> Iterator[tuple[str, float]]:
    names = corpus.names(element)
    for name in names:
        yield f"{element.tag}{name}", 1.0 + _dullness(name)
    classes = [name for name in names if name.startswith(".")]
    for i, first in enumerate(classes[:4]):
        for second in classes[i + 1 : 4]:
            yield f"{element.tag}{first}{second}", 1.9
    if element.tag in _SPEAKING:
        yield element.tag, 0.9


def _dullness(name: str) -> float:
    dull = 0.3 if name.lstrip(".#").lower() in _COMMON else 0.0
    if name.startswith("["):
        dull = 0.1 if name.startswith("[itemprop") else 0.25 if name.startswith("[class") else 0.7
    return dull + 0.01 * len(name)


def _anchors(corpus: Corpus, element: Element) -> Iterator[tuple[str, float, int]]:
    current, distance, given = element.parent, 1, 0
    while current is not None and distance <= _CLIMB and given < 3:
        names = corpus.names(current)
        for name in names[:3]:
            yield f"{current.tag}{name}", 1.0 + _dullness(name), distance
        if not names and current.tag in ("article", "main", "section"):
            yield current.tag, 1.0, distance
        given += bool(names)
        current, distance = current.parent, distance + 1


def _placed(element: Element) -> Iterator[tuple[str, float]]:
    parent = element.parent
    if parent is None:
        return
    if element.child == 1:
        yield f"{element.tag}:first-child", 2.3
    if element.child == parent.count:
        yield f"{element.tag}:last-child", 2.3
    yield f"{element.tag}:nth-of-type({element.nth})", 2.6
    if element.tag in ("ul", "ol", "div", "table", "p"):
        yield f"{element.tag}:has(a)", 2.4


def _by_way(corpus: Corpus, element: Element) -> Iterator[tuple[str, float]]:
    """The last steps of the way to an element, from a named one above it, from the top, or none."""
    way, steps = "", 0
    current, above = element, element.parent
    while above is not None and steps < _STEPS:
        if current.tag in ("tbody", "thead"):
            way = f" {way.lstrip('> ')}"  # every parser puts it there, and no page's source
            current, above = above, above.parent
            continue
        way = _step(current) + (f" > {way}" if way and not way.startswith(" ") else way)
        steps += 1
        price = (0.8 if element.tag == "tr" else 0.0) + 0.6 * steps
        if steps > 1:
            yield way, 3.4 + price
        names = corpus.names(above)
        for name in names[:2]:
            yield f"{above.tag}{name} > {way}", 3.0 + _dullness(name) + price
        if above.tag == "body":
            yield f"body > {way}", 3.4 + price
        if names and steps > 4:
            return
        current, above = above, above.parent


def _step(element: Element) -> str:
    alone = element.parent is not None and element.parent.count == 1
    return element.tag if alone else f"{element.tag}:nth-of-type({element.nth})"
