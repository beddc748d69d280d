"""The listings of a portal during one crawl: where they go on, where a walk ends, and begins anew.

It joins what the archive keeps of walks (:mod:`archive.walks`) and of looks at them
(:mod:`archive.looks`) with the pages that are turned by a form
(:mod:`halong_crawler.discovery.postback`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive import visits
from archive.looks import Looks
from archive.visits import Visit
from archive.walks import Walks
from halong_crawler import schedule
from halong_crawler.clock import now, stamp
from halong_crawler.discovery.postback import listing_key
from halong_crawler.items import Lead, Outcome

LISTS = frozenset(("listing", "home"))
"""Outcomes that make a page one to be asked for each crawl."""
_ENOUGH = 20
"""Articles met again in a row that end a look, where no number ends a walk."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a crawl was told about crawling again."""

    full: bool = False
    """Ask for everything, and believe no validator."""
    since: date | None = None
    without: tuple[str, ...] = ()
    """Classes of :data:`archive.visits.FILES` that are not asked for."""
    known_in_a_row: int = 20
    apart: timedelta = timedelta(days=1)
    """Between the two sights that prove a removal."""
    second_look: float = 300.0
    """Seconds a listing may take to walk without being looked at again."""


class Listings:
    """The walks of one portal during one crawl."""

    def __init__(
        self, connection: sqlite3.Connection, portal: str, crawl_id: int, rules: Rules
    ) -> None:
        self.connection = connection
        self.portal = portal
        self.crawl_id = crawl_id
        began = now()
        self.walks = Walks(
            connection, portal, crawl_id, now=stamp(began),
            whole_before=stamp(began - timedelta(days=schedule.WHOLE_WALK)),
            enough=0 if rules.full else rules.known_in_a_row,
        )  # fmt: skip
        self.looks = Looks(
            connection, portal, crawl_id,
            enough=rules.known_in_a_row or _ENOUGH, after=rules.second_look,
        )  # fmt: skip

    def wants(self, lead: Lead) -> bool:
        """Whether a page is turned to with the form that was found for it.

        Once a crawl, or as long as the listing is looked at again; after its state was lost, as far
        as the walk had come.
        """
        assert lead.form is not None
        walk = listing_key(lead.key)
        if lead.form.page == 1:
            return True
        if self.walks.is_passed_over(walk):
            return False
        known = self._visit(lead.key)
        if known is None or known.crawl_id != self.crawl_id:
            return True
        return lead.form.page <= lead.form.reach or self.looks.is_turning(walk)

    def follow(self, item: Outcome, known: Visit | None) -> None:
        """Take note of a page that was asked for, and what it lists if it is a listing's.

        ``known`` is what was known before of the page, whose visit is noted by now.
        """
        assert item.page is not None
        outcome = item.page.capture.outcome
        walk = self._walk(item.lead, known)
        if outcome == "unchanged" and known is not None and known.page_class == "listing":
            self.walks.unchanged(walk)
        if item.state == "failed" and item.lead.form is not None:
            self.walks.broken(walk)
        if outcome in LISTS and item.lead.kind != "article":
            again = known is not None and known.crawl_id == self.crawl_id
            self._list(item, walk, again=again)

    def to_look_at_again(self, item: Outcome) -> str | None:
        """The page of a listing that is asked for once more after this one, which is settled."""
        if item.page is None or item.page.capture.outcome not in LISTS or item.state != "done":
            return None
        key, at = item.lead.key, item.page.capture.fetched_at
        known = self._visit(key)
        walk = self._walk(item.lead, known)
        if self.looks.is_turning(walk):
            # Turned by a form, the next page is one of the leads that were found.
            chained = any(lead.form is not None for lead in item.found)
            further = None if chained else self.looks.next_page(walk, key)
            if chained or further is not None:
                return further
        return walk if self.looks.is_due(walk, at) else None

    def _list(self, item: Outcome, walk: str, *, again: bool) -> None:
        """Note the order of a listing's articles, and the pages it turns to.

        Turning a page costs no depth: so a listing's further pages are told from its articles.
        """
        assert item.page is not None
        at, is_first = item.page.capture.fetched_at, item.lead.key == walk
        articles, has_new = self._articles(item, walk)
        if again:
            self.looks.read(walk, articles, at, first=is_first)
            return
        if is_first:
            self.looks.begin(walk, at)
        self.walks.read(walk, articles, has_new=has_new)

    def _articles(self, item: Outcome, walk: str) -> tuple[Sequence[str], bool]:
        articles: list[str] = []
        has_new = False
        for lead in item.found:
            known = self._visit(lead.key)
            if lead.depth == item.lead.depth and lead.kind != "article":
                if lead.key != walk and (known is None or known.walk != walk):
                    page_class = known.page_class if known is not None else lead.kind
                    values = {"class": page_class, "walk": walk}
                    visits.put(self.connection, self.portal, lead.key, values)
                continue
            if lead.kind == "article" or (known is not None and known.page_class == "article"):
                articles.append(lead.key)
            if lead.kind in ("article", "page") and not self.walks.is_known(lead.key):
                has_new = True
        return articles, has_new

    def _walk(self, lead: Lead, known: Visit | None) -> str:
        """The key of the first page of the listing a page belongs to."""
        return (known.walk if known is not None else None) or listing_key(lead.key)

    def _visit(self, key: str) -> Visit | None:
        return visits.visit(self.connection, self.portal, key)
