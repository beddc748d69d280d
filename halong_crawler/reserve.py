"""What a crawl asks for when nothing else is left to ask: declared months, ids, and the search.

These are guesses: addresses nobody linked to. That there is nothing at one of them is an answer
like any other, no failure, and no such address is asked for again of itself.

Months, and the words of a search, are each one walk (:mod:`archive.walks`): turned in their order
until known articles in a row end it. Ids are asked for a batch at a time, so that a long range
costs no memory; where no last id is declared, a crawl goes on from the greatest known one until
enough in a row hold no article.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from archive import ranges, visits
from archive.visits import Visit
from halong_crawler.clock import now
from halong_crawler.declared import Range, Search, month_number
from halong_crawler.discovery.target import declared_key
from halong_crawler.items import Lead
from halong_crawler.portal import Portal

_BATCH = 500
"""Ids of a range with a last one that are asked for at a time."""
_SAMPLE = 7777
"""An id in whose key the id is looked for."""


class Reserve:
    """The guesses of one portal during one crawl, handed out batch by batch.

    A batch is for a crawl that has nothing else to ask for; whether the next one is needed may
    depend on what the batch before it came to.
    """

    def __init__(
        self, connection: sqlite3.Connection, portal: Portal, *, since: date | None = None
    ) -> None:
        """``since``: months that had ended by then are left out."""
        self.connection = connection
        self.portal = portal
        self.since = since
        self._batches = self._all()
        self.is_used_up = not (portal.ranges or portal.search)
        """Whether there is nothing more in it."""

    def batch(self) -> list[Lead]:
        """The next addresses to ask for; empty when it is used up."""
        found = next((batch for batch in self._batches if batch), [])
        self.is_used_up = not found
        return found

    def first(self) -> list[Lead]:
        """What a crawl would ask for first of each; nothing is written."""
        found: list[Lead] = []
        for each in self.portal.ranges:
            found += self._walk(each) if each.is_monthly else next(self._ids(each), [])
        return found + (self._walk(self.portal.search) if self.portal.search is not None else [])

    def _all(self) -> Iterator[list[Lead]]:
        for each in self.portal.ranges:
            if each.is_monthly:
                yield self._begun(self._walk(each))
        for each in self.portal.ranges:
            if not each.is_monthly:
                yield from self._ids(each)
        if self.portal.search is not None:
            yield self._begun(self._walk(self.portal.search))

    # One walk: months, words

    def _walk(self, declared: Range | Search) -> list[Lead]:
        urls = declared.urls if isinstance(declared, Search) else self._months(declared)
        return [self._lead(url, declared.url) for url in urls]

    def _begun(self, leads: list[Lead]) -> list[Lead]:
        """The pages of a walk, noted as such; it is named by the last."""
        for lead in leads:
            known = self._visit(lead.key)
            if known is None or known.walk is None:
                page_class = known.page_class if known is not None else lead.kind
                values = {"class": page_class, "walk": leads[-1].key}
                visits.put(self.connection, self.portal.name, lead.key, values)
        return leads

    def _months(self, declared: Range) -> Iterator[str]:
        """Newest first, so that the last is always the same."""
        assert self.portal.first_date is not None
        present = month_number(now().astimezone(ZoneInfo(self.portal.timezone)).date())
        first = month_number(max(self.portal.first_date, self.since or date.min))
        return (declared.at(number) for number in range(present, first - 1, -1))

    # Ids

    def _ids(self, declared: Range) -> Iterator[list[Lead]]:
        last = declared.last
        top = self._greatest(declared) if last is None else None
        number = self._begin(declared, top)
        if number is None:
            return
        while last is None or number <= last:
            end = number + declared.misses if last is None else min(number + _BATCH, last + 1)
            yield list(self._unknown(declared, range(number, end), top))
            ranges.move(self.connection, self.portal.name, declared.url, end)
            if last is None and end > (top or 0) and not self._finds(declared, number, end):
                return
            number = end

    def _begin(self, declared: Range, top: int | None) -> int | None:
        """The id a crawl begins with. Above the greatest known one all are asked for again: what
        was not there may have been published since."""
        asked = ranges.upto(self.connection, self.portal.name, declared.url)
        begin = declared.first if asked is None else asked
        if declared.last is None and top is not None:
            return top + 1 if begin is None else min(begin, top + 1)
        return begin

    def _unknown(self, declared: Range, numbers: Iterable[int], top: int | None) -> Iterator[Lead]:
        for number in numbers:
            lead = self._lead(declared.at(number), declared.url)
            known = self._visit(lead.key)
            if known is not None and known.article_id is not None:
                continue
            if known is None or not known.was_asked or (top is not None and number > top):
                yield lead

    def _finds(self, declared: Range, first: int, end: int) -> bool:
        """Whether any id of a batch, which was asked for, holds an article."""
        leads = (self._lead(declared.at(number), declared.url) for number in range(first, end))
        visited = (self._visit(lead.key) for lead in leads)
        return any(known is not None and known.article_id is not None for known in visited)

    def _greatest(self, declared: Range) -> int | None:
        key = declared_key(declared.at(_SAMPLE), self.portal)
        prefix, _, suffix = key.rpartition(str(_SAMPLE))
        return ranges.greatest(self.connection, self.portal.name, prefix, suffix)

    def _visit(self, key: str) -> Visit | None:
        return visits.visit(self.connection, self.portal.name, key)

    def _lead(self, url: str, template: str) -> Lead:
        return Lead(declared_key(url, self.portal), url, "guess", 0, template)
