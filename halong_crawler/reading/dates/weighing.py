"""Weighs a page's days: which of them is the article's.

Two looks, each a sum of weights (logistic regression), so that any choice can be explained by the
weights it came from. The first weighs every shown date by where it stands; the second every day by
what the page's data states of it and by the best opinion of the first. The weights are data
(``weights.json``), fitted by ``bench/reading/fit_dates.py`` on pages whose day people noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from halong_crawler.reading.dates.moment import Moment
from halong_crawler.reading.dates.shown import Shown
from halong_crawler.reading.dates.stated import Stated
from halong_crawler.reading.weighing.weights import tables, weight

_FIRM = frozenset({"ld news", "ld blog", "ld article", "ld work", "meta published"})
_SAID = frozenset({"ld news", "ld blog", "ld article"})
_ANY = _FIRM | {"ld page", "meta date", "meta created", "url"}
_MODIFIED = " modified"
_ALIKE = 2.0
"""By so much less likely a place still belongs to the same statement as the likeliest."""


class Weighed(NamedTuple):
    """A day's best statement and the log-odds that it is the article's."""

    moment: Moment
    evidence: str
    odds: float
    said: bool
    """The data of an article states it as the day of publication."""


@dataclass
class Day:
    """All that a page says of one day."""

    stated: list[Stated] = field(default_factory=list)
    shown: list[tuple[float, Shown]] = field(default_factory=list)
    """With the opinion of the first look."""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of statement that name the day."""
        return frozenset(found.kind for found in self.stated)

    @property
    def opinion(self) -> float | None:
        """The best of the first look's."""
        return max((opinion for opinion, _ in self.shown), default=None)

    @property
    def is_edit(self) -> bool:
        """Whether it is stated or labelled as the day of a change, and not as published."""
        if self.kinds & _FIRM:
            return False
        called = {"label updated", "called updated"}
        return any(_MODIFIED in kind for kind in self.kinds) or any(
            found.clues & called for _, found in self.shown
        )

    def best(self) -> tuple[Moment, str]:
        """Where the day stands most exactly among its surest places."""
        shown = sorted(self.shown, key=lambda pair: -pair[0])
        places: list[Stated | Shown] = [
            *(found for found in self.stated if _MODIFIED not in found.kind),
            *(found for opinion, found in shown if opinion > shown[0][0] - _ALIKE),
            *self.stated,
        ]
        exact = [place for place in places if place.moment.precision == "minute"]
        found = (exact or places)[0]
        return found.moment, found.evidence


def weigh(stated: Iterable[Stated], shown: Sequence[Shown]) -> list[Weighed]:
    """The days, the likeliest first."""
    by_place, by_day = (tables(__package__)[name] for name in ("shown", "day"))
    days = gather(stated, ((weight(by_place, found.clues), found) for found in shown))
    odds = {at: weight(by_day, clues) for at, clues in day_clues(days).items()}
    left = sorted(days, key=lambda at: (-odds[at], at))
    return [Weighed(*days[at].best(), odds[at], bool(days[at].kinds & _SAID)) for at in left]


def gather(stated: Iterable[Stated], shown: Iterable[tuple[float, Shown]]) -> dict[str, Day]:
    """ISO day → all that is said of it."""
    days: dict[str, Day] = {}
    for found in stated:
        days.setdefault(_key(found.moment), Day()).stated.append(found)
    for opinion, place in shown:
        days.setdefault(_key(place.moment), Day()).shown.append((opinion, place))
    return days


def _key(moment: Moment) -> str:
    return moment.at.date().isoformat()


def day_clues(days: Mapping[str, Day]) -> dict[str, set[str]]:
    """ISO day → its clues."""
    firm = [at for at, day in days.items() if day.kinds & _FIRM]
    edits = {at for at, day in days.items() if firm and min(firm) < at and day.is_edit}
    opinions = {
        at: day.opinion for at, day in days.items() if at not in edits and day.opinion is not None
    }
    return {
        at: {*_own_clues(day), *_beside(at, day, opinions, firm, edits)} for at, day in days.items()
    }


def _own_clues(day: Day) -> Iterator[str]:
    kinds, opinion = day.kinds, day.opinion
    yield from kinds
    if opinion is None:
        yield "hidden"
        yield from (f"hidden: {kind}" for kind in kinds & _ANY)
    else:
        yield from (f"shown {step / 2}" for step in range(-8, 7) if opinion * 2 >= step)
    if kinds and not kinds & _ANY:
        yield "only modified"
    if any(_MODIFIED in kind for kind in kinds) and kinds & _FIRM:
        yield "published and modified"


def _beside(
    at: str, day: Day, opinions: Mapping[str, float], firm: Sequence[str], edits: set[str]
) -> Iterator[str]:
    """What other days say against this one. The shown day of an edit says nothing against it."""
    own = day.opinion if day.opinion is not None else -9.0
    if any(opinion > max(own + 1, -1) for key, opinion in opinions.items() if key != at):
        yield "another is better shown"
    if at in edits:
        yield "edit of another"
    elif edits and at in firm:
        yield "edited later"
    if firm and at not in firm:
        yield "another is published"
    if not firm and "ld page" in day.kinds:
        yield "page only"
