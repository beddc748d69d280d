"""Weighs a page's days: which of them is the article's.

Two looks, each a sum of weights (logistic regression), so that any choice can be explained by the
weights it came from. The first weighs every shown date by where it stands; the second every day by
what the page's data states of it, by the best opinion of the first and by what the page is. The
weights are data
(``weights.json``), fitted by ``bench/reading/fit_dates.py`` on pages whose day people noted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from halong_crawler.reading.dates.moment import Moment
from halong_crawler.reading.dates.shown import EDITED, Shown
from halong_crawler.reading.dates.stated import Stated
from halong_crawler.reading.weighing.weights import tables, weight

_FIRM = frozenset({"ld news", "ld blog", "ld article", "ld work", "meta published"})
_PUBLISHED = _FIRM | {"ld page", "meta date", "url"}
_ANY = _PUBLISHED | {"meta created"}
_MODIFIED = " modified"
_ILL_SHOWN = -2.0
"""Opinion below which a stated day is as good as hidden: the page shows it of something else."""
_FEW = (0, 1, 3, 7, 15)
"""Numbers of shown days: steps between clues."""
_ALIKE = 2.0
"""By so much less likely a place still belongs to the same statement as the likeliest."""


Ground = Literal["news", "stated", "shown"]
"""Who names a day as that of publication: the data of a news article; any other data of the page or
its address; nobody, it is only shown."""


class Weighed(NamedTuple):
    """A day's best statement and the log-odds that it is the article's."""

    moment: Moment
    evidence: str
    odds: float
    ground: Ground


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
    def ground(self) -> Ground:
        """Who names it as the day of publication."""
        if "ld news" in self.kinds:
            return "news"
        return "stated" if self.kinds & _PUBLISHED else "shown"

    @property
    def opinion(self) -> float | None:
        """The best of the first look's."""
        return max((opinion for opinion, _ in self.shown), default=None)

    @property
    def is_edit(self) -> bool:
        """Whether it is stated or labelled as the day of a change, and not as published."""
        if self.kinds & _FIRM:
            return False
        return any(_MODIFIED in kind for kind in self.kinds) or any(
            found.clues & EDITED for _, found in self.shown
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


def weigh(
    stated: Iterable[Stated], shown: Sequence[Shown], page: Collection[str] = ()
) -> list[Weighed]:
    """The days, the likeliest first; ``page`` are clues to what the page is."""
    by_place, by_day = (tables(__package__)[name] for name in ("shown", "day"))
    days = gather(stated, ((weight(by_place, found.clues), found) for found in shown))
    odds = {at: weight(by_day, clues) for at, clues in day_clues(days, page).items()}
    left = sorted(days, key=lambda at: (-odds[at], at))
    return [Weighed(*days[at].best(), odds[at], days[at].ground) for at in left]


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


def day_clues(days: Mapping[str, Day], page: Collection[str] = ()) -> dict[str, set[str]]:
    """ISO day → its clues; those to what the page is (``page``) are clues to each of its days."""
    firm = [at for at, day in days.items() if day.kinds & _FIRM]
    edits = {at for at, day in days.items() if firm and min(firm) < at and day.is_edit}
    opinions = {
        at: day.opinion for at, day in days.items() if at not in edits and day.opinion is not None
    }
    count = sum(day.opinion is not None for day in days.values())
    of_page = {*page, f"days shown {bisect_left(_FEW, count)}"}
    return {
        at: {
            *of_page,
            *_own_clues(day),
            *_beside(at, day, opinions, firm, edits),
            *_a_day_off(at, days),
        }
        for at, day in days.items()
    }


def _own_clues(day: Day) -> Iterator[str]:
    kinds, opinion = day.kinds, day.opinion
    yield from kinds
    is_said = bool(kinds & _ANY)
    if opinion is None or (is_said and opinion < _ILL_SHOWN):
        yield "hidden" if opinion is None else "ill shown"
        yield from (f"hidden: {kind}" for kind in kinds & _ANY)
    else:
        scale = "stated and shown" if is_said else "shown"
        yield from (f"{scale} {step / 2}" for step in range(-8, 7) if opinion * 2 >= step)
    if kinds and not is_said:
        yield "only modified"
    if any(_MODIFIED in kind for kind in kinds) and kinds & _FIRM:
        yield "published and modified"


def _a_day_off(at: str, days: Mapping[str, Day]) -> Iterator[str]:
    """Near midnight a page's data and its lines name neighbouring days, each in a zone."""
    day = date.fromisoformat(at)
    beside = [days[key] for step in (-1, 1) if (key := _after(day, step)) in days]
    if days[at].kinds & _FIRM:
        if any((other.opinion or -1) > 0 for other in beside):
            yield "shown a day off"
    elif any(other.kinds & _FIRM for other in beside):
        yield "stated a day off"


def _after(day: date, step: int) -> str:
    return (day + timedelta(step)).isoformat()


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
