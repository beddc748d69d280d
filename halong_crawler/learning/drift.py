"""Whether a portal still builds its pages as they were learnt."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from archive.records import Drift
from halong_crawler.learning.template import LearnedRule, Template
from halong_crawler.platforms.base import selector
from halong_crawler.reading.dates import find_date
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import visible_text

WATCHED = ("title", "lead", "body", "byline", "date", "category", "tags", "source")
"""Fields whose share tells of the template; what is cut or listed comes and goes with editors."""
ENOUGH = 20
"""Articles below which a low share is chance."""
_SIGMAS = 3.0
_MARGIN = 0.1
"""A share this much below what was learnt is drift, if it cannot be chance either."""


@dataclass
class Watch:
    """Counts, over a crawl, on how many articles the rules of each field find what they should."""

    template: Template
    zone: ZoneInfo
    pages: int = 0
    found: dict[str, int] = field(default_factory=dict)
    first_without: dict[str, str] = field(default_factory=dict)

    def see(self, document: Document) -> None:
        """Count one article's page."""
        self.pages += 1
        for name in WATCHED:
            rules = self.template.rules.get(name, ())
            if any(_finds(document, name, rule.selector, self.zone) for rule in rules):
                self.found[name] = self.found.get(name, 0) + 1
            elif rules:
                self.first_without.setdefault(name, document.url)

    def drifts(self) -> tuple[Drift, ...]:
        """The fields found on clearly fewer pages than the sample promised."""
        if self.pages < ENOUGH:
            return ()
        return tuple(
            drift
            for name in WATCHED
            if (rules := self.template.rules.get(name)) and (drift := self._drift(name, rules))
        )

    def _drift(self, name: str, rules: tuple[LearnedRule, ...]) -> Drift | None:
        expected = min(1.0, sum(rule.share for rule in rules))
        sample = max(rule.of for rule in rules)
        seen = self.found.get(name, 0) / self.pages
        if not sample or seen >= expected - _slack(expected, sample, self.pages):
            return None
        return Drift(
            field=name,
            selector=rules[0].selector,
            expected=round(expected, 3),
            seen=round(seen, 3),
            pages=self.pages,
            first_url=self.first_without[name],
        )


def _slack(expected: float, sample: int, pages: int) -> float:
    """How far a share may fall by chance, given how many pages were learnt from and seen."""
    # A share of 1 on a sample of n is no certainty: one page more might have been an exception.
    share = (expected * sample + 1) / (sample + 2)
    return max(_MARGIN, _SIGMAS * math.sqrt(share * (1 - share) * (1 / sample + 1 / pages)))


def _finds(document: Document, name: str, text: str, zone: ZoneInfo) -> bool:
    wanted = selector(text)
    for node in document.tree.css(wanted.css):
        value = wanted.cut(visible_text(node)) if wanted.attribute in (None, "text") else (
            node.attributes.get(wanted.attribute or "")
        )  # fmt: skip
        if value and (name != "date" or find_date(value, zone) is not None):
            return True
    return False
