"""The frontier: every URL a portal's walk knows and how far it has come, in SQLite.

It is Scrapy's scheduler. Its rows live in the archive's database and change in the transaction
that keeps the page they belong to, so a kill at any instant leaves pages and frontier in step.
One page is asked for once a crawl, under whatever URLs it is met: rows are keyed by the page's
identity, not by URL.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from archive import words
from archive.connection import explained
from archive.looks import adopt
from archive.place import ArchiveError
from archive.standing import inherit
from archive.visits import FILES
from halong_crawler.discovery.postback import Form
from halong_crawler.discovery.target import target
from halong_crawler.failures import LEAST_PATIENCE, jittered
from halong_crawler.hosts import HostHealth, Waiting, host_of, seconds, stamp
from halong_crawler.items import Lead, Outcome
from halong_crawler.priorities import HURRIED, LOOKED_AT_AGAIN, PRIORITIES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from halong_crawler.session import Session

logger = logging.getLogger(__name__)

# The archivist's newest first: of two articles the one found in a fresher place goes first, and
# listings, feeds and sitemaps are all walked from their newest end.
_NEXT = """
UPDATE _frontier SET state = 'leased', attempts = attempts + 1
WHERE portal = :portal AND url_key = :url_key
RETURNING url_key, url, kind, depth, found_on, attempts, host, form
"""
_OF_ARTICLES = ", ".join(f"'{kind}'" for kind in FILES)
_MAY_ASK = f"""
portal = :portal AND state = 'pending' AND host = :host
AND (not_before IS NULL OR not_before <= :now) AND (kind IN ({_OF_ARTICLES}) OR NOT :only_files)
"""
# One host at a time, so that the index leads to the row however many pages of others wait.
_FIRST = f"""
SELECT -priority, sequence, url_key FROM _frontier WHERE {_MAY_ASK} AND priority <> :held
ORDER BY priority DESC, sequence LIMIT 1
"""  # noqa: S608
# The order leads SQLite to the index; else it looks through the portal's whole frontier.
_WAITS = f"SELECT 1 FROM _frontier WHERE {_MAY_ASK} ORDER BY priority DESC, sequence LIMIT 1"  # noqa: S608
_TAKE_OVER = """
UPDATE _frontier SET attempts = 0, crawl_id = :crawl_id,
  state = iif(kind IN (SELECT value FROM json_each(:without)), 'aside', 'pending')
WHERE portal = :portal AND state IN ('pending', 'leased', 'aside') RETURNING state
"""
_UNDONE = (
    "SELECT 1 FROM _frontier WHERE portal = :portal AND state IN ('pending', 'leased') LIMIT 1"
)
_ADD = """
INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, attempts, found_on,
                       crawl_id, sequence, host, form)
VALUES (:portal, :url_key, :url, :kind, :depth, :priority, 'pending', 0, :found_on,
        :crawl_id, :sequence, :host, :form)
ON CONFLICT (portal, url_key) DO UPDATE SET
  -- An article that was found under one address is asked for there again, whichever of its
  -- addresses a walk meets first; one that failed there is tried at the address just met.
  url = CASE WHEN excluded.kind = 'article' AND _frontier.state = 'done'
             THEN _frontier.url ELSE excluded.url END,
  host = CASE WHEN excluded.kind = 'article' AND _frontier.state = 'done'
              THEN _frontier.host ELSE excluded.host END,
  kind = excluded.kind, depth = excluded.depth, priority = excluded.priority,
  state = 'pending', attempts = 0, found_on = excluded.found_on, crawl_id = excluded.crawl_id,
  sequence = excluded.sequence, form = excluded.form, not_before = NULL
-- With a form a page is asked for whenever the page before it is turned.
WHERE _frontier.crawl_id <> excluded.crawl_id OR excluded.form IS NOT NULL
"""
# Met again nearer to the seeds: else the way on would end too soon, and where would be chance.
_NEARER = """
UPDATE _frontier SET depth = :depth, found_on = :found_on
WHERE portal = :portal AND url_key = :url_key AND state = 'pending' AND depth > :depth
"""


class Frontier(BaseScheduler):
    """Hands out the portal's URLs, most wanted first, each page once a crawl."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._sequence = 0
        self._articles_leased: set[str] = set()
        self._hosts: set[str] = set()
        self._away: dict[str, str] = {}
        self.health = HostHealth(session.store)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Join the session of the crawler's spider."""
        session: Session = crawler.spider.session  # type: ignore[union-attr]
        frontier = cls(session)
        session.frontier = frontier
        frontier.health.patience = max(crawler.settings.getfloat("HALONG_PATIENCE"), LEAST_PATIENCE)
        # No more than may be on their way: what a failure says must be heard before the next goes.
        frontier.health.concurrency = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        return frontier

    def open(self, spider: Spider) -> None:  # noqa: ARG002
        """Take over what an earlier crawl left undone, and plant the seeds."""
        try:
            left = self._take_over()
        except ArchiveError as error:
            self.session.fail(error)
            return
        if left:
            logger.info("%d URLs left over from an earlier crawl are taken up again", left)

    def _take_over(self) -> int:
        store = self.session.store
        with store.whole():
            self._go_on_where_killed()
            without = json.dumps(self.session.revisits.rules.without)
            left = [state for (state,) in self._execute(_TAKE_OVER, without=without)]
            (self._sequence,) = self._execute(
                "SELECT coalesce(max(sequence), 0) FROM _frontier "
                "WHERE portal = :portal AND crawl_id = :crawl_id"
            ).fetchone()
            self._hosts = {host for (host,) in self._execute(
                "SELECT DISTINCT host FROM _frontier WHERE portal = :portal AND state = 'pending'"
            )}  # fmt: skip
            self.health.load()
            self._ask(self.session.seeds())
            lists, others = self.session.revisits.planted()
            self._ask(lists)
            self._ask(others, most=LOOKED_AT_AGAIN)
        store.commit()
        return left.count("pending")

    def _go_on_where_killed(self) -> None:
        """Count what a killed crawl had done as done in this one, which goes on in its place.

        A page was kept together with the links found on it, so all that was still to be asked for
        stands in the frontier. Only where the walk starts is looked at again, for what is new.
        """
        killed = self._execute(
            "SELECT id FROM crawls WHERE status = 'killed' AND id = ("
            "SELECT max(id) FROM crawls WHERE portal = :portal AND id < :crawl_id)"
        ).fetchone()
        if killed is None:
            words.forget(self.session.store.connection, self.session.portal.name)
            return
        self._execute(
            "UPDATE _frontier SET crawl_id = :crawl_id WHERE portal = :portal "
            "AND state IN ('done', 'refused') AND found_on IS NOT NULL AND crawl_id = :killed",
            killed=killed[0],
        )
        connection, crawl_id = self.session.store.connection, self.session.crawl_id
        adopt(connection, self.session.portal.name, killed[0], crawl_id)
        inherit(connection, killed[0], crawl_id)

    def has_pending_requests(self) -> bool:
        """Whether a URL waits that this crawl may still ask for."""
        if not self.session.asks_on:
            return False
        only_files = self.session.stop_reason is not None
        horizon = stamp(self.health.horizon)
        return self._may_draw() or any(
            self._execute(_WAITS, host=host, now=horizon, only_files=only_files).fetchone()
            for host in self._hosts
            if self.health.within_reach(host)
        )

    def next_request(self) -> Request | None:
        """Lease the most wanted URL; None when there is none.

        When the crawl's limit is reached, only the files of the articles read are still asked for.
        """
        self.session.keep_quiet_hours()
        if not self.session.asks_on:
            return None
        try:
            with explained(self.session.store.archive.database):
                self.session.store.begin()
                row = self._lease()
                while row is None and self._may_draw():
                    self._ask(self.session.reserve.batch())
                    row = self._lease()
        except ArchiveError as error:
            self.session.fail(error)
            return None
        if row is None:
            return None
        key, url, kind, depth, found_on, attempts, host, text = row
        self._away[key] = host
        self.health.left(host)
        if kind == "article":
            self._articles_leased.add(key)
        form = Form.load(text) if text is not None else None
        return self.session.request(Lead(key, url, kind, depth, found_on, form), attempts)

    def _lease(self) -> tuple[Any, ...] | None:
        """The most wanted URL of those whose hosts may be asked now."""
        now, only_files = stamp(self.health.clock()), self._only_files()
        held = self._held()
        firsts = [
            row
            for host in self._hosts
            if self.health.is_free(host)
            for row in self._execute(_FIRST, host=host, now=now, only_files=only_files, held=held)
        ]
        if not firsts:
            return None
        _, _, key = min(firsts)
        leased: tuple[Any, ...] = self._execute(_NEXT, url_key=key).fetchone()
        return leased

    def enqueue_request(self, request: Request) -> bool:
        """Take a request made elsewhere in Scrapy, if it is for a page of the portal."""
        found = target(request.url, self.session.portal)
        if found is None or found.refused is not None:
            return False
        return self.add([Lead(found.key, found.url, found.kind, request.meta.get("depth", 0))]) > 0

    def add(self, leads: Iterable[Lead]) -> int:
        """Add URLs that were met to the walk; returns how many this crawl did not know yet.

        Pages that are known and not due are not added.
        """
        return self._ask(lead for lead in leads if self.session.revisits.wants(lead))

    def _ask(self, leads: Iterable[Lead], most: int = 100) -> int:
        added = 0
        for lead in leads:
            self._sequence += 1
            host = host_of(lead.url)
            self._hosts.add(host)
            row = {
                "url_key": lead.key,
                "url": lead.url,
                "kind": lead.kind,
                "depth": lead.depth,
                "priority": min(HURRIED if lead.is_hurried else PRIORITIES[lead.kind], most),
                "found_on": lead.found_on,
                "sequence": self._sequence,
                "host": host,
                "form": lead.form.dump() if lead.form is not None else None,
            }
            if self._execute(_ADD, **row).rowcount:
                added += 1
            else:
                self._execute(_NEARER, **row)
        return added

    def hear(self, outcome: Outcome) -> None:
        """Tell the host's health what a fetch came to."""
        host = self._away.get(outcome.lead.key)
        if host is None or outcome.page is None:
            return
        if outcome.trouble is None:
            self.health.answered(host)
        else:
            capture = outcome.page.capture
            words = f"status {capture.status}" if capture.status else (capture.note or "no answer")
            self.health.failed(host, outcome.trouble, f"{capture.outcome}, {words}")

    def answered(self, key: str) -> None:
        """A leased URL brought a good answer, whose reading its host need not wait for."""
        host = self._away.get(key)
        if host is not None:
            self.health.answered(host)
        self.released(key)

    def released(self, key: str) -> None:
        """A leased URL no longer occupies its host."""
        host = self._away.pop(key, None)
        if host is not None:
            self.health.back(host)

    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._away)

    def settle(self, key: str, state: str, capture_id: int | None = None) -> None:
        """Record how a leased URL ended: done, failed or refused, and by which capture."""
        self._end(
            key, "state = :state, capture_id = :capture_id, form = NULL",
            state=state, capture_id=capture_id,
        )  # fmt: skip

    def again(self, key: str, url: str) -> None:
        """Ask once more for a leased page, perhaps at another address (a redirect to itself)."""
        host = host_of(url)
        self._hosts.add(host)
        self._end(key, "state = 'pending', url = :url, host = :host", url=url, host=host)

    def later(self, key: str, wait: float = 0.0) -> None:
        """Ask once more for a page that failed, after everything else and after ``wait`` seconds.

        The wait is multiplied by patience and varied, and ends no sooner than its host's. It is
        kept, so that it outlives a kill.
        """
        ill = self.health.ill(self._away.get(key, ""))
        due = max(
            self.health.clock() + jittered(wait * self.health.patience), ill.until if ill else 0.0
        )
        self._end(
            key, "state = 'pending', priority = 0, not_before = :due",
            due=stamp(due) if wait or ill else None,
        )  # fmt: skip

    def look_again(self, key: str) -> None:
        """Ask once more for a page that was answered, as it stands now."""
        self._execute(
            "UPDATE _frontier SET state = 'pending', attempts = 0 "
            "WHERE portal = :portal AND url_key = :url_key AND state = 'done'", url_key=key,
        )  # fmt: skip

    def put_back(self, key: str) -> None:
        """A leased page was not asked for after all."""
        self._end(key, "state = 'pending', attempts = attempts - 1")

    def _end(self, key: str, change: str, **values: Any) -> None:
        self._articles_leased.discard(key)
        self.released(key)
        self._execute(
            f"UPDATE _frontier SET {change} WHERE portal = :portal AND url_key = :url_key",  # noqa: S608
            url_key=key, **values,
        )  # fmt: skip

    def due(self) -> float | None:
        """The next time (Unix) at which something that waits may be asked for."""
        (text,) = self._execute(
            "SELECT min(not_before) FROM _frontier WHERE portal = :portal "
            "AND state = 'pending' AND not_before > :now", now=stamp(self.health.clock()),
        ).fetchone()  # fmt: skip
        times = [self.health.due(), seconds(text) if text is not None else None]
        return min((moment for moment in times if moment is not None), default=None)

    def waiting(self) -> list[Waiting]:
        """What this crawl leaves pending because it may not be asked for yet."""
        rows = self._execute(
            "SELECT host, count(*), min(not_before) FROM _frontier WHERE portal = :portal "
            "AND state = 'pending' GROUP BY host ORDER BY host"
        )
        return [
            Waiting(host, count, ill.until if ill else seconds(due) if due else None,
                    ill.note if ill else None)
            for host, count, due in rows.fetchall()
            for ill in [self.health.ill(host)]
        ]  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many URLs of this crawl stand in each state."""
        rows = self._execute(
            "SELECT state, count(*) FROM _frontier WHERE portal = :portal "
            "AND crawl_id = :crawl_id GROUP BY state"
        )
        return dict(rows.fetchall())

    def _held(self) -> int:
        """The priority that has to wait now."""
        on_its_way = self._execute(
            "SELECT 1 FROM _frontier WHERE portal = :portal AND state = 'leased' "
            "AND priority > :again LIMIT 1",
            again=LOOKED_AT_AGAIN,
        ).fetchone()
        return LOOKED_AT_AGAIN if on_its_way is not None else -1

    def _may_draw(self) -> bool:
        """Whether nothing is left to ask but what the reserve holds, and that may be asked for."""
        return not (
            self.session.reserve.is_used_up or self._only_files()
            or self._execute(_UNDONE).fetchone()
        )  # fmt: skip

    def _only_files(self) -> bool:
        """Whether the articles asked for are here, and only their files may still be missing."""
        return self.session.has_enough(len(self._articles_leased))

    def _execute(self, sql: str, **values: Any) -> Any:
        values.update(portal=self.session.portal.name, crawl_id=self.session.crawl_id)
        return self.session.store.connection.execute(sql, values)
