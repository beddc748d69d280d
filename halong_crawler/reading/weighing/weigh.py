"""Weighs the clues of a page's passages: which belong to its article.

Two looks. The first weighs each passage by its own clues; the second by what the first thought of
it, of its neighbours and of the elements around it, so that one article comes out and not many
likely paragraphs. Both are sums of weights, logistic regression, so that any decision can be
explained by listing the weights it came from. The weights are data (``weights.json``), fitted by
``bench/reading/fit.py`` on pages marked by people.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence

from halong_crawler.reading.weighing.clues import Clues, key_of
from halong_crawler.reading.weighing.outline import Outline
from halong_crawler.reading.weighing.weights import Weights, tables, weight

_OPINION = (-3, -1.5, -0.7, 0, 0.7, 1.5, 3)
_FINE = (-5, -4, -3, -2.5, -2, -1.5, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.5, 2, 2.5, 3, 4, 5)
_BESIDE = tuple(
    (
        start,
        end,
        tuple(f"{side}{width}.{view}" for view in (*range(len(_OPINION) + 1), "-")),
        width == 3,
    )
    for width in (1, 3, 8)
    for side, start, end in (("b", -width, 0), ("a", 1, 1 + width))
)
"""Passages before and after one: from, to, the clue for each opinion, whether its own is added."""
_UP = tuple(tuple(f"up{level}.{n}" for n in range(len(_OPINION) + 1)) for level in range(4))
_EDGE = (0.001, 0.02, 0.1, 0.9, 0.98, 0.999)
_MOST = 600
"""Characters of a passage that count: one long paragraph must not outvote the page."""

DISMISSED = -4.0
"""The opinion about links outside the article's text, which are not weighed."""

HOPELESS = -3.0
"""First opinions below it are not looked at again: nothing around a passage makes up for them."""


def weigh(page: Outline, head_title: str) -> list[float]:
    """For each passage the log-odds that it belongs to the article: above 0 more likely so."""
    if not page.passages:
        return []
    first, second = (tables(__package__)[look] for look in ("first", "second"))
    opinions = first_look(page, head_title, first)
    return [weight(second, found) if found else DISMISSED for found in second_clues(page, opinions)]


def first_look(page: Outline, head_title: str, table: Weights) -> list[float]:
    """What the passages' own clues add up to, :data:`DISMISSED` for those without any."""
    shared: dict[int, float] = {}
    opinions = []
    for found in Clues(page, head_title):
        if found is None:
            opinions.append(DISMISSED)
            continue
        own, around = found
        known = shared.get(id(around))
        if known is None:
            known = shared[id(around)] = weight(table, around) - table[""]
        opinions.append(weight(table, own) + known)
    return opinions


def second_clues(page: Outline, opinions: Sequence[float]) -> Iterator[list[str]]:
    """The clues of the second look; ``opinions`` are the sums of the first, one a passage."""
    passages = page.passages
    sizes = [min(len(p.text), _MOST) for p in passages]
    clipped = [max(-4.0, min(4.0, opinion)) for opinion in opinions]
    said = [0.0]
    size = [0]
    liked = [0.0]
    for opinion, length in zip(clipped, sizes, strict=True):
        said.append(said[-1] + opinion * length)
        size.append(size[-1] + length)
        liked.append(liked[-1] + max(0.0, opinion) * length)
    alike = _alike(page, clipped, sizes)
    total, count = liked[-1] or 1.0, len(passages)
    amount = f"all{bisect((200, 800, 2000, 5000, 12000), liked[-1])}"
    for at, (passage, opinion) in enumerate(zip(passages, opinions, strict=True)):
        if opinion < HOPELESS:
            yield []
            continue
        own = bisect((-2, -0.7, 0, 0.7, 2), opinion)
        found = [
            f"own{bisect(_FINE, opinion)}",
            f"own{own}.len{bisect((30, 80, 200), sizes[at])}",
            amount,
        ]
        for level, element in enumerate(passage.element.ancestors()):
            if element.parent is None or level > 3:
                break
            mean = (said[element.end] - said[element.first]) / (
                size[element.end] - size[element.first] or 1
            )
            above = _UP[level][bisect(_OPINION, mean)]
            found.append(above)
            if level < 2:
                found.append(f"{above}.own{own}")
        kin = bisect(_OPINION, alike[at])
        found += [f"kin{kin}", f"kin{kin}.own{own}"]
        for first, last, views, with_own in _BESIDE:
            start, end = max(0, at + first), min(count, at + last)
            long = size[end] - size[start]
            view = views[bisect(_OPINION, (said[end] - said[start]) / long) if long else -1]
            found.append(view)
            if with_own:
                found.append(f"{view}.own{own}")
        before, behind = liked[at] / total, 1 - liked[at + 1] / total
        found += [
            f"before{bisect(_EDGE, before)}",
            f"behind{bisect(_EDGE, behind)}",
            f"before{bisect((0.001, 0.02, 0.98, 0.999), before)}.own{own}",
        ]
        yield found


def _alike(page: Outline, opinions: Sequence[float], sizes: Sequence[int]) -> list[float]:
    """For each passage the mean opinion of the passages built like it."""
    sums: dict[tuple[str, str, str], list[float]] = {}
    keys = []
    for passage, opinion, length in zip(page.passages, opinions, sizes, strict=True):
        key = key_of(passage)
        keys.append(key)
        entry = sums.setdefault(key, [0.0, 0.0])
        entry[0] += opinion * length
        entry[1] += length
    return [sums[key][0] / (sums[key][1] or 1.0) for key in keys]
