"""Crawling again: what a crawl asks for of what it knows, and what each answer says for the next.

It stands between the frontier, which asks it which pages are wanted, and the archive's
``_visits``. The numbers are in :mod:`halong_crawler.schedule`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from archive import removals, visits
from archive.records import Page
from archive.store import Kept
from archive.visits import Due, Visit
from halong_crawler import moves, schedule
from halong_crawler.attachments import is_elsewhere
from halong_crawler.clock import now, stamp
from halong_crawler.discovery.target import target
from halong_crawler.items import Lead, Outcome
from halong_crawler.listings import LISTS, Listings, Rules
from halong_crawler.portal import Portal
from halong_crawler.validators import Validators

_TROUBLE = frozenset(
    ("unreachable", "server_error", "refused", "unreadable", "challenge", "maintenance",
     "server_page", "other_status", "state_expired")
)  # fmt: skip
"""Outcomes that say nothing of the page: the server, or we, were not well."""
_GONE = frozenset(("not_found", "soft_404"))


class Revisits:
    """The known pages of one portal during one crawl."""

    def __init__(
        self, connection: sqlite3.Connection, portal: Portal, crawl_id: int, rules: Rules
    ) -> None:
        self.connection = connection
        self.portal = portal
        self.crawl_id = crawl_id
        self.rules = rules
        began = now()
        self.began = stamp(began)
        self.due_before = stamp(began + timedelta(days=schedule.SLACK))
        self.trust = visits.trust(connection, portal.name)
        self.trusts_lastmod = self.trust.lastmod(schedule.TRUST_SAMPLES, schedule.TRUST_SHARE)
        self.listings = Listings(connection, portal.name, crawl_id, rules)
        self.walks = self.listings.walks
        homes = (target(url, portal) for url in portal.seeds)
        self._homes = {home.key for home in homes if home is not None}

    # What is asked for

    def due(self) -> list[Due]:
        """The known pages this crawl asks for whether or not it meets them."""
        since = self.rules.since.isoformat() if self.rules.since else None
        return visits.due(
            self.connection, self.portal.name, self.due_before, trusted=self.trusts_lastmod,
            full=self.rules.full, without=self.rules.without, since=since,
        )  # fmt: skip

    def planted(self) -> tuple[list[Lead], list[Lead]]:
        """What is due: the pages that list others, and the rest with the random check."""
        due = self.due()
        if not self.rules.full:
            due += visits.draw(
                self.connection, self.portal.name, self.due_before, schedule.CHECKED
            )  # fmt: skip
        found: tuple[list[Lead], list[Lead]] = [], []
        for each in due:
            is_file = each.page_class in visits.FILES
            if is_elsewhere(each.url, self.portal) if is_file else not self.portal.covers(each.url):
                continue  # the descriptor names its host no longer
            lead = Lead(each.key, each.url, each.kind, each.depth, each.found_on)
            found[each.page_class not in visits.EACH_CRAWL].append(lead)
        return found

    def wants(self, lead: Lead) -> bool:
        """Whether a page that was met is asked for; if not, it is noted as met."""
        if lead.form is not None:
            return self.listings.wants(lead)
        if self.rules.full or lead.is_file:
            return True
        known = visits.visit(self.connection, self.portal.name, lead.key)
        if known is None or not known.was_asked or self._is_due(known):
            return True
        visits.meet(self.connection, self.portal.name, lead.key, self.crawl_id)
        return False

    def _is_due(self, known: Visit) -> bool:
        if known.page_class in visits.EACH_CRAWL and not known.failures:
            return known.walk is None or not self.walks.is_passed_over(known.walk)
        if self.trusts_lastmod and known.lastmod_moved:
            return True
        # A link to what was gone is news: it is looked at even before its time.
        gone_a_day = known.failures and known.article_id and known.last_seen is not None and (
            datetime.fromisoformat(known.last_seen) + self.rules.apart
            <= datetime.fromisoformat(self.due_before)
        )  # fmt: skip
        return bool(gone_a_day) or known.next_visit is None or known.next_visit <= self.due_before

    def validators(self, lead: Lead, url: str) -> Validators:
        """What a request asks with; nothing where the whole page is wanted.

        That is: after a server answered 304 wrongly, at another address, in the random check,
        where a form is sent, and where all links of a listing are needed.
        """
        known = visits.visit(self.connection, self.portal.name, lead.key)
        if known is None or self.rules.full or self.trust.validators_wrong or known.checking:
            return Validators()
        if lead.form is not None:
            return Validators()
        if known.url != url or known.last_status not in (200, 304):
            return Validators()
        if known.page_class in ("seed", "listing") and self.walks.is_whole(known.walk or lead.key):
            return Validators()
        return Validators(known.etag, known.last_modified)

    def article_of(self, lead: Lead) -> int | None:
        """The article that stands at an address."""
        known = visits.visit(self.connection, self.portal.name, lead.key)
        return known.article_id if known is not None else None

    # What an answer says

    def told(self, lastmods: Mapping[str, str]) -> None:
        """Note what a site map says: key → ``lastmod``."""
        for key, lastmod in lastmods.items():
            visits.tell_lastmod(self.connection, self.portal.name, key, "article", lastmod)

    def count_unknown(self, leads: Iterable[Lead]) -> int:
        """How many of some addresses no crawl has met."""
        return sum(
            self.connection.execute(
                "SELECT 1 FROM _frontier WHERE portal = ? AND url_key = ?",
                [self.portal.name, lead.key],
            ).fetchone()
            is None
            for lead in leads
        )

    def note(self, item: Outcome, kept: Kept | None, fresh: int) -> None:
        """Take note of how a visit ended; ``fresh``: addresses on the page that nobody had met."""
        page, lead = item.page, item.lead
        if item.state in ("again", "later"):
            return
        known = visits.visit(self.connection, self.portal.name, lead.key)
        first = {} if known and known.first_crawl_id else {"first_crawl_id": self.crawl_id}
        if page is None or kept is None:
            # robots.txt forbids it: it is known, and robots.txt is asked anew each crawl.
            self._put(lead, known, **first)
            return
        (article_id,) = self.connection.execute(
            "SELECT article_id FROM captures WHERE id = ?", [kept.capture_id]
        ).fetchone()
        article_id = article_id or (known.article_id if known is not None else None)
        outcome = page.capture.outcome
        page_class = _class(lead, outcome, known)
        seen = item.state == "done" and outcome not in _TROUBLE
        values: dict[str, Any] = {
            "class": page_class, "article_id": article_id,
            "crawl_id": self.crawl_id, "last_status": page.capture.status or 0, "checking": 0,
            **first,
        }  # fmt: skip
        if page.capture.status is not None:
            values["last_seen"] = page.capture.fetched_at
        how = self.gone(item, article_id)
        if how is not None and article_id is not None:
            self._see_gone(page, article_id, kept.capture_id, how)
        changed = kept.change in ("new", "changed") or fresh > 0
        if seen and how is None and not (page_class == "article" and _is_stand_in(outcome)):
            values |= self._good(item, known, values, changed=changed)
            self._sample(item, known, kept)
        else:
            values |= self._bad(item, known, article_id)
        visits.put(self.connection, self.portal.name, lead.key, values)
        self._follow(item, known, article_id)

    def finish(self) -> None:
        """The end of a crawl that was not stopped by a fault: removals, and what has vanished."""
        removals.conclude(self.connection, self.portal.name, self.rules.apart)
        if self.walks.baseline is None:
            self._rest_backlog()
        self.walks.finish()
        visits.count_rest(self.connection, self.portal.name, self.crawl_id)

    def _rest_backlog(self) -> None:
        """What a first crawl found without a date is mostly old, and is not due all at once."""
        found = visits.backlog(
            self.connection, self.portal.name, self.crawl_id, fresh=schedule.FRESH
        )
        for key, last_seen in found:
            days = schedule.first_rest(key)
            values = {"class": "article", "interval": days,
                      "next_visit": _later(last_seen, days, key)}  # fmt: skip
            visits.put(self.connection, self.portal.name, key, values)

    # A visit that brought the page

    def _good(
        self, item: Outcome, known: Visit | None, page: Mapping[str, Any], *, changed: bool
    ) -> dict[str, Any]:
        assert item.page is not None
        at = item.page.capture.fetched_at
        recovered = known is not None and known.failures > 0
        before = known.interval if known is not None and not recovered else None
        bounds = self._bounds(page["class"], page["article_id"], at, before)
        days = bounds.next(before, _elapsed(known, at), changed=changed)
        values: dict[str, Any] = {
            "failures": 0, "interval": days, "next_visit": _later(at, days, item.lead.key),
            "unchanged": 0 if changed or known is None else known.unchanged + 1,
        }  # fmt: skip
        if changed or known is None or known.last_seen is None:
            values["last_changed"] = at
        if item.page.capture.status == 200:
            values |= {
                "url": item.page.capture.url, "etag": item.validators.etag,
                "last_modified": item.validators.last_modified,
            }  # fmt: skip
        if known is not None and known.lastmod_told is not None:
            values["lastmod"] = known.lastmod_told
        return values

    def _bounds(
        self, page_class: str, article_id: int | None, at: str, before: float | None
    ) -> schedule.Bounds:
        if page_class != "article" or article_id is None:
            return schedule.OTHERS.get(page_class, schedule.OTHERS["page"])
        published, first_seen = self.connection.execute(
            "SELECT published_at, first_seen_at FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        age = (_day(at) - _day(published or first_seen)).days
        return schedule.bounds_of_age(age if published else schedule.age(age, before))

    def _sample(self, item: Outcome, known: Visit | None, kept: Kept) -> None:
        """Weigh the portal's word against what was read, where both readings are one reader's."""
        if known is None or kept.change not in ("changed", "unchanged"):
            return
        changed = kept.change == "changed"
        if changed and not self._same_reader(kept.capture_id):
            return
        if known.lastmod is not None and known.lastmod_told is not None:
            moved = "moved" if known.lastmod_moved else "still"
            self._count(f"{moved}_{'changed' if changed else 'same'}")
        before = Validators(known.etag, known.last_modified)
        assert item.page is not None
        same_place = item.page.capture.url == known.url and item.page.capture.status == 200
        if changed and before and before == item.validators and same_place:
            self._count("validators_wrong")
            self.trust = visits.trust(self.connection, self.portal.name)
        if known.checking:
            self.connection.execute(
                "UPDATE crawls SET checked = checked + 1, checked_changed = checked_changed + ? "
                "WHERE id = ?",
                [int(changed), self.crawl_id],
            )

    def _same_reader(self, capture_id: int) -> bool:
        """Whether the version a capture made was read as the one before it was."""
        (readers,) = self.connection.execute(
            "SELECT count(DISTINCT o.parser_version) FROM article_versions v "
            "JOIN article_versions o ON o.article_id = v.article_id "
            "AND o.number IN (v.number, v.number - 1) WHERE v.capture_id = ?",
            [capture_id],
        ).fetchone()
        return bool(readers == 1)

    def _count(self, name: str) -> None:
        visits.count_sample(self.connection, self.portal.name, name)

    # A visit that did not

    def _bad(self, item: Outcome, known: Visit | None, article_id: int | None) -> dict[str, Any]:
        assert item.page is not None
        failures = (known.failures if known is not None else 0) + 1
        at = item.page.capture.fetched_at
        if item.page.capture.outcome in _TROUBLE:
            next_visit = _later(at, schedule.trouble(failures), item.lead.key)
            return {"failures": failures, "next_visit": next_visit}
        bounds = schedule.OTHERS["gone" if article_id is not None else "missing"]
        before = known.interval if known is not None and known.failures else None
        days = bounds.next(before, _elapsed(known, at), changed=False)
        return {
            "failures": failures, "interval": days,
            "next_visit": _later(at, days, item.lead.key),
        }  # fmt: skip

    def gone(self, item: Outcome, article_id: int | None) -> str | None:
        """How an article was seen gone, if it was: see :data:`archive.removals.GONE`."""
        assert item.page is not None
        capture = item.page.capture
        if article_id is None:
            return None
        if capture.outcome in _GONE:
            return capture.outcome
        if capture.outcome == "redirect" and capture.note:
            goal = target(capture.note, self.portal)
            if goal is not None and goal.key in self._homes:
                return "redirect_home"
        return None

    def _see_gone(self, page: Page, article_id: int, capture_id: int, how: str) -> None:
        capture = page.capture
        host = urlsplit(capture.url).netloc
        sight = removals.Sight(self.crawl_id, capture_id, capture.fetched_at, how, host)
        removals.see_gone(self.connection, article_id, sight)

    # Where it leads

    def _follow(self, item: Outcome, known: Visit | None, article_id: int | None) -> None:
        assert item.page is not None
        if item.page.capture.outcome == "redirect":
            moves.see(self.connection, self.portal, item, article_id)
        self.listings.follow(item, known)

    def _put(self, lead: Lead, known: Visit | None, **values: Any) -> None:
        page_class = known.page_class if known is not None else lead.kind
        visits.put(self.connection, self.portal.name, lead.key, {"class": page_class, **values})


def _class(lead: Lead, outcome: str, known: Visit | None) -> str:
    """What a page is to the schedule: what it was read as, else what its address says."""
    if lead.kind in visits.EACH_CRAWL or lead.kind == "article" or lead.is_file:
        return lead.kind
    if outcome == "article" or (known is not None and known.page_class == "article"):
        return "article"
    if outcome in LISTS:
        return "listing"
    if outcome in ("unchanged", "redirect", *_TROUBLE, *_GONE) and known is not None:
        return known.page_class
    return lead.kind


def _is_stand_in(outcome: str) -> bool:
    """Whether an answer under an article's address shows something else."""
    return outcome not in ("article", "unchanged", "redirect", "file", "print_twin")


def _elapsed(known: Visit | None, at: str) -> float:
    """Days since the visit before."""
    if known is None or known.last_seen is None:
        return 0.0
    return (_moment(at) - _moment(known.last_seen)).total_seconds() / 86400


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _later(at: str, days: float, key: str) -> str:
    return stamp(datetime.fromisoformat(at) + timedelta(days=schedule.spread(days, key)))


def _day(text: str) -> date:
    """The day of a date that may be cut to its month."""
    return date.fromisoformat(f"{text}-01"[:10] if len(text) == 7 else text[:10])
