"""Bylines that share a line with other facts: told by a label, or by their place between bars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from halong_crawler.learning.facts import Facts
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.people import is_signed
from halong_crawler.learning.selecting import Trial, Wish, choose

_LABELS = (
    "Tác giả", "Người viết", "Người đăng", "Đăng bởi", "Bởi", "Tin, ảnh", "Tin, bài", "Bài, ảnh",
    "Bài và ảnh", "Tin bài", "Bài", "Tin", "Author", "By",
)  # fmt: skip
_END = r"\s*(?:[|•·]|\s[-–—]\s|$)"
"""Where a name ends that other facts follow on the line."""
_BARS = ("|", "•", "·")
_PLACES = 4
"""Facts between bars that are looked at, from the first."""


def learn_joint_byline(facts: Facts) -> list[Trial]:
    """A selector with a regex that cuts the author out of a line of facts."""
    lines = {page: list(facts.lines(page)) for page in facts.body.found}
    tried = [_learn(facts, lines, regex) for regex in _regexes(lines)]
    found = [trial for trial in tried if trial is not None]
    return [max(found, key=lambda trial: len(trial.hits))] if found else []


def _regexes(lines: Mapping[Page, list[Element]]) -> list[str]:
    texts = {element.text for found in lines.values() for element in found}
    whole = "\n".join(texts)
    labels = [
        rf"{label}\s*:\s*(.+?){_END}" for label in _LABELS if re.search(rf"\b{label}\s*:", whole)
    ]
    between = [
        rf"^(?:[^{bar}]*\{bar}){{{place}}}\s*([^{bar}]+?)\s*(?:\{bar}|$)"
        for bar in _BARS
        if bar in whole
        for place in range(_PLACES)
    ]
    return labels + between


def _learn(facts: Facts, lines: Mapping[Page, list[Element]], regex: str) -> Trial | None:
    pattern = re.compile(regex)
    labelled = not regex.startswith("^")

    def names(element: Element) -> bool:
        match = pattern.search(element.text)
        return match is not None and is_signed(match[1], stated=labelled)

    truth = {page: [e for e in found if names(e)] for page, found in lines.items()}
    truth = {page: found for page, found in truth.items() if found}
    values = {match[1] for found in truth.values() for e in found
              if (match := pattern.search(e.text))}  # fmt: skip
    if len(values) < 2:
        return None
    # A line without the author is still a line of facts; it must only not be read as a name.
    wish = Wish(truth, harmless=lambda _page, e: labelled and pattern.search(e.text) is None)
    chosen = choose(facts.corpus, wish, least=0.3, most=1, faults=0.02)
    return replace(chosen[0], cut=f"@text~{regex}") if chosen else None
