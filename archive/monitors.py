"""Monitors: what is unusual about a crawl, judged from the archive when it has ended.

They read the archive and not the crawler, so a killed crawl is judged too, by whoever finds it. A
monitor is a row of a table; what it found is one sentence: what was seen, what is usual, what to
do. Without enough to judge by it says so and raises nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import erfc, exp, lgamma, log, sqrt
from typing import Literal

from archive.runs import ENOUGH, History, Run, history

Level = Literal["ok", "warning", "alarm"]

MONITORS: dict[str, str] = {
    "failures": "share of the requests that brought no page",
    "unreadable": "share of the answers that a fault of Halong's kept from being read",
    "challenges": "share of the answers that want proof of a browser, or a script's work",
    "fill": "share of the articles a field was read in: the descriptor's [fill], and usually",
    "minimum": "articles the descriptor expects",
    "silence": "days since the newest article, beside the longest silence of the year before it",
    "articles_met": "articles read, or known and not due",
    "pages": "answers had",
    "articles_new": "articles not known before",
    "drift": "share of the articles a learnt selector was found on",
}
"""Every monitor and what it measures."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a monitor found in one crawl."""

    monitor: str
    """A key of :data:`MONITORS`."""
    subject: str
    """The field it is about, else empty."""
    level: Level
    value: float | None
    """What was measured; None where there was not enough to judge by."""
    bound: float | None
    """Where a warning begins."""
    text: str
    """What was seen, what is usual, and what to do if that is not well."""


# Shares of outcomes


@dataclass(frozen=True, slots=True)
class Share:
    """Outcomes of which there should be few."""

    monitor: str
    outcomes: tuple[str, ...]
    least: int
    """Fewer than so many are chance."""
    warning: float
    alarm: float
    seen: str
    advice: str


SHARES = (
    Share(
        "failures", ("unreachable", "untrusted", "truncated", "server_error", "refused"),
        3, .05, .2, "brought no page",
        "See failed_urls in halong report --json; ask more slowly (--delay) if the portal is weak",
    ),
    Share(
        "unreadable", ("unreadable",), 1, 0.0, .01, "could not be read, by a fault of Halong's",
        "Their bytes are in the WARC; report the note of their captures",
    ),
    Share(
        "challenges", ("challenge", "needs_javascript", "obfuscated"), 3, .02, .2,
        "want proof of a browser or a script's work",
        "Ask the portal's operator to let HALONG_CONTACT's crawler in",
    ),
)  # fmt: skip


def _share(row: Share, past: History) -> Result:
    count, of = past.run.count(*row.outcomes), past.run.fetched
    share = past.run.share(*row.outcomes)
    enough = count >= row.least
    level = _level(enough and share > row.warning, enough and share > row.alarm)
    usual = _mean([run.share(*row.outcomes) for run in past.usual])
    seen = f"{count:,} of {of:,} answers {row.seen} ({share:.1%}){_usually(usual)}"
    return _result(row.monitor, level, share, row.warning, seen, row.advice)


# Counts


@dataclass(frozen=True, slots=True)
class Count:
    """A number that stays near to what it was in the runs before."""

    monitor: str
    of: Callable[[Run], int]
    what: str
    advice: str
    few: tuple[float, float] | None = None
    """Warning and alarm below these times the fewest."""
    many: tuple[float, float] | None = None
    """Warning and alarm above these times the most."""
    least: int = 0
    """What is below this is never many, nor few where the fewest was below it."""
    with_first: bool = False
    """The portal's first run counts, too."""


COUNTS = (
    Count("articles_met", lambda run: run.articles_met, "articles were met", few=(.9, .5),
          advice="Look at the portal: listings may have moved. halong coverage says which ended"),
    Count("pages", lambda run: run.fetched, "answers were had", few=(.3, .1), many=(3, 10),
          least=20, with_first=True,
          advice="Few: seeds may lead nowhere. Many: look for a loop of links in captures"),
    Count("articles_new", lambda run: run.articles_new, "articles were new", many=(3, 10), least=30,
          advice="If they are known ones, their addresses have a new form: see article_url"),
)  # fmt: skip


def _count(row: Count, past: History) -> Result:
    before = [row.of(run) for run in (past.before if row.with_first else past.later)]
    value = row.of(past.run)
    if not past.run.is_whole or len(before) < ENOUGH:
        why = "the crawl is not whole" if not past.run.is_whole else "too few runs before it"
        return _unjudged(row.monitor, why)
    fewest, most = min(before), max(before)
    low: list[float] = [0, 0]
    if row.few is not None and fewest >= row.least:
        low = [share * fewest for share in row.few]
    high: list[float] = [value, value]
    if row.many is not None:
        high = [times * max(most, row.least / row.many[0]) for times in row.many]
    level = _level(value < low[0] or value > high[0], value < low[1] or value > high[1])
    seen = f"{value:,} {row.what}; in {len(before)} runs before {_from_to(fewest, most)}"
    bound = high[0] if value > high[0] or row.few is None else low[0]
    return _result(row.monitor, level, value, bound, seen, row.advice)


def _minimum(past: History) -> Iterator[Result]:
    wanted = past.run.options.get("expected", {}).get("articles", 0)
    if wanted and past.run.is_whole:
        value = past.run.articles_met
        seen = f"{value:,} articles; the descriptor expects {wanted:,}"
        advice = "See halong coverage for what is missing"
        yield _result("minimum", _level(value < wanted), value, wanted, seen, advice)


# Fill

_CHANCE = 0.005
"""A share so unlikely to come by chance is believed."""
_DROP = 0.1
"""A share this much below the usual is worth a word."""


def _fill(past: History) -> Iterator[Result]:
    floors = past.run.options.get("expected", {}).get("fill", {})
    articles = past.run.articles
    if not articles:
        yield _unjudged("fill", "no article was read")
        return
    for name in sorted({*past.run.fields, *floors}):
        yield _field(name, floors.get(name, 0.0), past)


def _field(name: str, floor: float, past: History) -> Result:
    articles, found = past.run.articles, past.run.fields.get(name, 0)
    share = found / articles
    runs = [run for run in past.usual if run.articles]
    read = sum(run.articles for run in runs)
    usual = sum(run.fields.get(name, 0) for run in runs) / read if read else None
    expected = [floor] if floor else []
    if usual is not None and len(runs) >= ENOUGH and usual > _DROP:
        # A share of 1 on some runs is no certainty: the next article might be an exception.
        expected.append((usual * read + 1) / (read + 2) - _DROP)
    bound = max(expected, default=0.0)
    low = share < bound and _at_most(found, articles, bound) < _CHANCE
    seen = f"{name} was read in {found:,} of {articles:,} articles ({share:.0%})"
    if floor:
        seen += f"; the descriptor expects {floor:.0%}"
    advice = f"Look at an article that has it: halong probe URL; {_selectors(name)}"
    return _result(
        "fill", _level(low, low and share < bound / 2), share, bound,
        f"{seen}{_usually(usual)}", advice, subject=name,
    )  # fmt: skip


def _selectors(name: str) -> str:
    return f"[selectors] in the descriptor names where {name} stands"


def _at_most(found: int, of: int, share: float) -> float:
    """How likely at most ``found`` of ``of`` are where each is with a chance of ``share``.

    The binomial distribution; from 1,000 on the normal one, which is as good there.
    """
    if not 0 < share < 1:
        return float(share <= 0 or found >= of)
    if of >= 1000:
        deviation = sqrt(of * share * (1 - share))
        return 0.5 * erfc((of * share - found - 0.5) / (deviation * sqrt(2)))
    return sum(
        exp(
            lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
            + k * log(share) + (of - k) * log(1 - share)
        )
        for k in range(found + 1)
    )  # fmt: skip


# Silence

_FEWEST_DAYS = 5
"""Days with articles, within a year, below which a portal has no rhythm."""
_SHORTEST = 3
"""Days of silence that are never unusual: a week-end."""
_YEAR = 365
# Of an article dated by its day, that day. Of another, the day it was first seen, unless that was
# in the portal's first crawl, which finds what is years old.
_DAYS = """
SELECT substr(published_at, 1, 10) FROM articles
WHERE portal = :portal AND published_precision IN ('minute', 'day') AND published_at <= :now
UNION
SELECT substr(first_seen_at, 1, 10) FROM articles
WHERE portal = :portal AND coalesce(published_precision, '') NOT IN ('minute', 'day')
  AND first_seen_at > (SELECT min(finished_at) FROM crawls WHERE portal = :portal
                       AND reason = 'finished')
  AND first_seen_at <= :now
ORDER BY 1
"""


def _silence(past: History) -> Iterator[Result]:
    run = past.run
    if not run.is_whole:
        yield _unjudged("silence", "the crawl is not whole")
        return
    now = date.fromisoformat(run.started_at[:10])
    values = {"portal": run.portal, "now": f"{now}T24"}
    days = [date.fromisoformat(day) for (day,) in past.connection.execute(_DAYS, values)]
    recent = [day for day in days if day >= days[-1] - timedelta(days=_YEAR)]
    if len(recent) < _FEWEST_DAYS:
        yield _unjudged("silence", "too few days with articles are known")
        return
    longest = max((later - day).days for day, later in pairwise(recent))
    bound = max(longest, _SHORTEST)
    value = max((now - recent[-1]).days, 0)
    seen = (
        f"the newest article is of {recent[-1]}, {value:,} days before this crawl; "
        f"the longest silence of the year before it was {longest} days"
    )
    # After a year it is no news: the portal is at rest, or closed.
    level = _level(bound < value <= _YEAR, value > 2 * bound)
    advice = "Look at the portal: new articles may stand where no listing known leads, or it rests"
    yield _result("silence", level, value, bound, seen, advice)


# Drift

_VITAL = ("title", "body")


def _drift(past: History) -> Iterator[Result]:
    for each in past.run.drift:
        seen = (
            f"{each['field']} ({each['selector']}) was found on {each['seen']:.0%} of "
            f"{each['pages']} articles; it was learnt with {each['expected']:.0%}. "
            f"First without it: {each['first_url']}"
        )
        advice = f"If the portal has a new face: halong portal learn {past.run.portal}"
        level = _level(True, each["field"] in _VITAL)
        yield _result(
            "drift", level, each["seen"], each["expected"], seen, advice, subject=each["field"]
        )
    if not past.run.drift:
        yield Result("drift", "", "ok", None, None, "no learnt selector found less than it should")


# All of them


def judge(connection: sqlite3.Connection, crawl_id: int) -> tuple[Result, ...]:
    """What every monitor finds in a crawl that has ended."""
    past = history(connection, crawl_id)
    return (
        *(_share(row, past) for row in SHARES),
        *_fill(past),
        *_minimum(past),
        *_silence(past),
        *(_count(row, past) for row in COUNTS),
        *_drift(past),
    )


def note(connection: sqlite3.Connection, crawl_id: int) -> None:
    """Write what the monitors find in a crawl, that has ended, into its row."""
    found = [asdict(result) for result in judge(connection, crawl_id)]
    connection.execute(
        "UPDATE crawls SET monitors = ? WHERE id = ?",
        [json.dumps(found, ensure_ascii=False), crawl_id],
    )


def _level(warning: bool, alarm: bool = False) -> Level:
    return "alarm" if warning and alarm else "warning" if warning else "ok"


def _result(
    monitor: str, level: Level, value: float, bound: float, seen: str, advice: str,
    *, subject: str = "",
) -> Result:  # fmt: skip
    text = seen if level == "ok" else f"{seen}. {advice}"
    return Result(monitor, subject, level, round(value, 4), round(bound, 4), text)


def _unjudged(monitor: str, why: str) -> Result:
    return Result(monitor, "", "ok", None, None, f"not judged: {why}")


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _usually(share: float | None) -> str:
    return f"; usually {share:.1%}" if share is not None else ""


def _from_to(fewest: int, most: int) -> str:
    return f"{fewest:,} to {most:,}" if fewest != most else f"{fewest:,}"
