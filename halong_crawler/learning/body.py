"""Which element holds the body, and what stands inside it without being part of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from archive.text import fold
from halong_crawler.learning.corpus import Corpus
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Trial, Wish, choose, proposals

_MOST = 0.55
"""Part of a page's prose an element must hold to be tried as the body's."""
_TRIED = 120
_JUNK = 0.35
"""An element is cut when less than this part of its text, over all pages, is an article's own."""
_CUT_RULES = 12
_ACCIDENT = 0.85
"""Share of pages up to which prose below the body's element is what readers left there."""
_TEMPLATES = 3
"""Selectors of the body, one for each template."""


@dataclass(frozen=True)
class Body:
    """The body's selectors and what they find on each page."""

    trials: tuple[Trial, ...]
    found: Mapping[Page, Element]

    @property
    def pages(self) -> frozenset[Page]:
        """The pages on which the body was found."""
        return frozenset(self.found)


def find_body(corpus: Corpus) -> Body | None:
    """The selectors whose elements hold the prose of all pages and little else.

    What one leaves over may be pages of a second template, which gets a selector of its own.
    """
    trials: list[Trial] = []
    found: dict[Page, Element] = {}
    open_pages = {page for page in corpus.pages if corpus.prose[page].total}
    least = max(3, int(len(corpus.pages) * 0.3))
    while len(open_pages) >= least and len(trials) < _TEMPLATES:
        best = _best(corpus, open_pages, least, sure=bool(trials))
        if best is None:
            break
        trials.append(best)
        for page in best.hits:
            found.setdefault(page, _first(page, best.css))
        open_pages -= best.hits
        least = max(4, int(len(corpus.pages) * 0.06))
    return Body(tuple(trials), found) if trials else None


def _best(corpus: Corpus, pages: AbstractSet[Page], least: int, *, sure: bool) -> Trial | None:
    """The best selector for some pages; a ``sure`` one finds no wrong element on any other."""
    scored = [
        (score, trial)
        for score, trial in _scored(corpus, pages)
        if len(trial.hits & pages) >= least and not (sure and trial.wrong)
    ]
    if not scored:
        return None
    scored.sort(key=lambda pair: -pair[0])
    near = [trial for score, trial in scored if score >= scored[0][0] - 0.012]
    best = min(near, key=lambda trial: (trial.cost, trial.css))
    return _descend(corpus, best, [trial for _, trial in scored])


def _scored(corpus: Corpus, pages: Collection[Page]) -> Iterator[tuple[float, Trial]]:
    """Candidates with the share of prose they hold, less what they hold besides."""
    votes: dict[str, tuple[int, float]] = {}
    for page in pages:
        mine: dict[str, float] = {}
        for element in _trunk(corpus, page):
            mine.update(proposals(corpus, element))
        for css, cost in mine.items():
            votes[css] = (votes.get(css, (0, 0.0))[0] + 1, cost)
    ranked = sorted(votes, key=lambda css: (-votes[css][0], votes[css][1], css))[:_TRIED]
    for css in ranked:
        trial, score = _weigh(corpus, css, votes[css][1], pages)
        yield score, trial


def _trunk(corpus: Corpus, page: Page) -> Iterator[Element]:
    """The elements that hold most of a page's prose, outermost first."""
    sums = corpus.prose[page]
    wanted = sums.total * _MOST
    if sums.total:
        for element in page.elements:
            if element.tag not in ("p", "body") and element.is_block and sums.of(element) >= wanted:
                yield element


def _weigh(corpus: Corpus, css: str, cost: float, pages: Collection[Page]) -> tuple[Trial, float]:
    """Over the pages: the part of the prose found, less furniture found with it, less misses."""
    hits, wrong, crowded = set(), set(), set()
    value = 0.0
    for page in corpus.pages:
        prose, furniture = corpus.prose[page], corpus.furniture[page]
        if not prose.total:
            continue
        found = page.matches(css)
        if not found:
            continue
        inside = prose.of(found[0])
        held = inside / prose.total
        if held < 0.3:
            wrong.add(page)
            continue
        hits.add(page)
        if len(found) > 1:
            crowded.add(page)
        # On a page of two lines any furniture outweighs the prose; it must not decide.
        noise = furniture.of(found[0])
        if page in pages:
            value += held - 0.8 * noise / (inside + noise + 400) - (0.05 if len(found) > 1 else 0)
    score = (value - 0.5 * len(wrong)) / len(pages)
    return Trial(css, cost, frozenset(hits), frozenset(wrong), frozenset(crowded)), score


def _first(page: Page, css: str) -> Element:
    return page.matches(css)[0]


def _descend(corpus: Corpus, best: Trial, others: list[Trial]) -> Trial:
    """Go one element deeper where that leaves out a single paragraph: the lead stands there."""
    inner = [trial for trial in others if _is_inner(corpus, best, trial)]
    if not inner:
        return best
    most = max(len(trial.hits) for trial in inner)
    return min(
        (trial for trial in inner if len(trial.hits) == most),
        key=lambda trial: (trial.cost, trial.css),
    )


def _is_inner(corpus: Corpus, outer: Trial, inner: Trial) -> bool:
    if inner.wrong or len(inner.hits) < len(outer.hits) or inner.css == outer.css:
        return False
    differs = followed = 0
    for page in outer.hits:
        around, element = _first(page, outer.css), _first(page, inner.css)
        if page not in inner.hits or not element.inside(around):
            return False
        prose = corpus.prose[page]
        above = prose.lines(around.start, element.start)
        below = prose.lines(element.end, around.end)
        if above > 1 or (below and not _is_parted(corpus, page, element, around)):
            return False
        followed += bool(below)
        differs += element.start > around.start or element.end < around.end
    # Every article may have a lead; a body in two parts is no accident, comments are.
    return differs > 0 and followed <= _ACCIDENT * len(outer.hits)


def _is_parted(corpus: Corpus, page: Page, inner: Element, outer: Element) -> bool:
    """Whether furniture stands between an element's prose and what follows, as above comments."""
    prose, furniture = corpus.prose[page], corpus.furniture[page]
    told = [at for at in range(outer.start, outer.end) if prose.lines(at, at + 1)]
    last = max((at for at in told if at < inner.end), default=inner.start)
    following = min((at for at in told if at >= inner.end), default=outer.end)
    return furniture.lines(last + 1, following) > 0 and 2 * prose.of(inner) > prose.of(outer)


# What is cut


def find_cuts(
    corpus: Corpus, body: Body, fields: Mapping[Page, Collection[Element]]
) -> list[Trial]:
    """Selectors of what stands in the body's element and is furniture or another field.

    ``fields`` are elements that are cut anyway, because a field's rule finds them.
    """
    junk = _junk(corpus, body, fields)
    kept = {page: _kept(corpus, page, element) for page, element in body.found.items()}
    wish = Wish(
        junk,
        harmless=lambda page, element: page not in kept or _is_outside(page, element, body, kept),
        several=True,
    )
    return choose(corpus, wish, least=0.05, most=_CUT_RULES, faults=0.0)


def _is_outside(
    page: Page, element: Element, body: Body, kept: Mapping[Page, frozenset[int]]
) -> bool:
    """Whether cutting an element costs the body nothing."""
    container = body.found[page]
    if element.inside(container) and element is not container:
        return not any(at in kept[page] for at in range(element.start, element.end)) and (
            element.node.css_first("img") is None
        )
    return not container.inside(element)


def _kept(corpus: Corpus, page: Page, container: Element) -> frozenset[int]:
    """The runs of the container that may be body: everything of the article's own."""
    return frozenset(
        at for at in range(container.start, container.end) if corpus.is_own(page.runs[at])
    )


def _junk(
    corpus: Corpus, body: Body, fields: Mapping[Page, Collection[Element]]
) -> dict[Page, list[Element]]:
    """The outermost elements below the container that, over all pages, are not the article's."""
    weights: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    roles: dict[Page, list[tuple[Element, tuple[str, ...]]]] = {}
    for page, container in body.found.items():
        roles[page] = list(_roles(corpus, page, container))
        for element, role in roles[page]:
            runs = page.runs[element.start : element.end]
            weights[role][0] += sum(len(r.text) for r in runs if corpus.is_own(r))
            weights[role][1] += sum(len(r.text) for r in runs)
    bad = {role for role, (own, whole) in weights.items() if whole and own < _JUNK * whole}
    found: dict[Page, list[Element]] = {}
    for page, listed in roles.items():
        cut = [e for e, role in listed if role in bad and _mostly_foreign(corpus, page, e)]
        ids = {e.node.mem_id for e in (*cut, *fields.get(page, ()))}
        outermost = [e for e in cut if not _has_above(e, ids)]
        if outermost:
            found[page] = outermost
    return found


def _roles(
    corpus: Corpus, page: Page, container: Element
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """The blocks of the container with the way to each from there, and whether it is all links."""
    paths: dict[int, tuple[str, ...]] = {container.node.mem_id: ()}
    for element in page.elements:
        above = paths.get(element.parent.node.mem_id) if element.parent is not None else None
        if above is None:
            continue
        runs = page.runs[element.start : element.end]
        profile = "links" if runs and all(r.link_share > 0.6 for r in runs) else ""
        step = element.tag + "".join(corpus.names(element)) + profile
        paths[element.node.mem_id] = (*above, step)
        whole = element.is_block or _is_whole_run(page, element)
        if whole and element.end > element.start and not _holds_picture(element):
            yield element, (*above, step)


def _is_whole_run(page: Page, element: Element) -> bool:
    if element.end - element.start != 1 or element.end > len(page.runs) or not element.names:
        return False
    return fold(element.text) == fold(page.runs[element.start].text)


def _holds_picture(element: Element) -> bool:
    return element.node.css_first("img") is not None and len(element.text) < 200


def _mostly_foreign(corpus: Corpus, page: Page, element: Element) -> bool:
    runs = page.runs[element.start : element.end]
    whole = sum(len(run.text) for run in runs)
    return sum(len(run.text) for run in runs if corpus.is_own(run)) < _JUNK * whole


def _has_above(element: Element, ids: Collection[int]) -> bool:
    current = element.parent
    while current is not None:
        if current.node.mem_id in ids:
            return True
        current = current.parent
    return False
