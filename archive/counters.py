"""The portal's own numbers: which of them the archive holds, and which nobody has met.

A portal that counts its articles betrays by its numbers what no listing shows any more. Where a
path or a host has a counter of its own, its articles' ids share a prefix (``honggai-54162``).
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

ENOUGH = 5
"""Articles below which numbers at the end of ids are no counter."""
MOST_RANGES = 20
"""Ranges that are told one by one, the longest first."""
DENSE = 0.5
"""Share of a span's numbers that are held, below which more than articles is counted there."""

_NUMBERED = re.compile(r"(.*?)(\d{1,15})", re.DOTALL)

# What was asked for and answered, refusals and trouble left out, says whether an article is there.
_MET = """
SELECT f.url_key, a.source_id, v.last_status BETWEEN 200 AND 499
  AND v.last_status NOT IN (401, 403, 408, 425, 429)
FROM _frontier f LEFT JOIN _visits v ON v.portal = f.portal AND v.url_key = f.url_key
LEFT JOIN articles a ON a.id = v.article_id AND a.portal = f.portal
WHERE f.portal = ? AND instr(f.url_key, '#') > 0
"""


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers in a row that nobody has met."""

    first: int
    last: int
    after: str | None = None
    """When the nearest dated article below was published (ISO)."""
    before: str | None = None
    """When the nearest one above was."""

    @property
    def size(self) -> int:
        """How many numbers."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Counter:
    """The numbers from the least to the greatest id held of those with one prefix."""

    prefix: str
    first: int
    last: int
    held: int
    """Articles in the archive, removed ones too."""
    gone: int
    """Asked for, and no article was there."""
    waiting: int
    """Met, and not asked for yet or not answered."""
    unknown: int
    """Met nowhere."""
    range_count: int
    """Ranges of unknown numbers."""
    ranges: tuple[Range, ...] = ()
    """The longest of them, in order."""

    @property
    def is_dense(self) -> bool:
        """Whether most numbers are articles: then a number nobody met was probably one."""
        return self.held >= DENSE * (self.last - self.first + 1)


@dataclass
class _Group:
    held: dict[int, str | None] = field(default_factory=dict)
    """Number → when the article was published."""
    gone: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)


def counters(connection: sqlite3.Connection, portal: str) -> tuple[Counter, ...]:
    """Every counter of a portal, the one with most articles first."""
    groups: dict[str, _Group] = defaultdict(_Group)
    rows = connection.execute(
        "SELECT source_id, published_at FROM articles WHERE portal = ?", [portal]
    )
    for source_id, published_at in rows:
        numbered = split(source_id)
        if numbered is not None:
            groups[numbered[0]].held[numbered[1]] = published_at
    for prefix, number, answered in _without_article(connection, portal):
        group = groups[prefix]
        if number not in group.held:
            (group.gone if answered else group.waiting).add(number)
    found = [
        _counter(prefix, group) for prefix, group in groups.items() if len(group.held) >= ENOUGH
    ]
    return tuple(sorted(found, key=lambda counter: (-counter.held, counter.prefix)))


def split(source_id: str) -> tuple[str, int] | None:
    """``honggai-54162`` → ``("honggai-", 54162)``; None for an id that does not end in digits."""
    match = _NUMBERED.fullmatch(source_id)
    return (match[1], int(match[2])) if match is not None else None


def _without_article(
    connection: sqlite3.Connection, portal: str
) -> Iterable[tuple[str, int, bool]]:
    """Prefix and number of the addresses that stand for no article held, and whether answered.

    An address's key names the site and the number (``a.gov.vn/ward#7``). Which prefix the ids of a
    site have is learnt from its articles.
    """
    prefixes: dict[str, Tally[str]] = defaultdict(Tally)
    empty: list[tuple[str, int, bool]] = []
    for key, source_id, answered in connection.execute(_MET, [portal]):
        site_and_number = split(key)
        if site_and_number is None:
            continue
        site, number = site_and_number
        if source_id is None:
            empty.append((site, number, bool(answered)))
        elif (known := split(source_id)) is not None and known[1] == number:
            prefixes[site][known[0]] += 1
    for site, number, answered in empty:
        if site in prefixes:
            yield prefixes[site].most_common(1)[0][0], number, answered


def _counter(prefix: str, group: _Group) -> Counter:
    first, last = min(group.held), max(group.held)
    gone = {number for number in group.gone if first < number < last}
    waiting = {number for number in group.waiting - gone if first < number < last}
    ranges = list(_ranges(group.held, sorted({*group.held, *gone, *waiting})))
    longest = sorted(ranges, key=lambda each: (-each.size, each.first))[:MOST_RANGES]
    return Counter(
        prefix, first, last, held=len(group.held), gone=len(gone), waiting=len(waiting),
        unknown=sum(each.size for each in ranges), range_count=len(ranges),
        ranges=tuple(sorted(longest, key=lambda each: each.first)),
    )  # fmt: skip


def _ranges(held: dict[int, str | None], known: list[int]) -> Iterable[Range]:
    """What lies between the known numbers, each range with the dates around it."""
    below: str | None = None
    opened: list[Range] = []
    for number, following in pairwise(known):
        below = held.get(number) or below
        if following - number > 1:
            opened.append(Range(number + 1, following - 1, after=below))
        above = held.get(following)
        if above is not None:
            yield from (Range(each.first, each.last, each.after, above) for each in opened)
            opened.clear()
    yield from opened
