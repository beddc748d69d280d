"""The health of hosts: which of them may be asked now, and which are left alone until when.

A circuit breaker per host, driven by the table :data:`halong_crawler.failures.FAILURES`. What is
left alone stands in ``_hosts``, for every portal of the archive, so that waits outlive a kill.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archive.store import Store
from halong_crawler.discovery.urls import spell
from halong_crawler.failures import FAILURES, HORIZON, Trouble, jittered

logger = logging.getLogger(__name__)

_LOUD = 60.0
"""Seconds, times patience: a pause as long as this is worth a line in the log."""

_KEEP = """
INSERT INTO _hosts (host, failure, failures, not_before, note)
VALUES (:host, :failure, :failures, :not_before, :note)
ON CONFLICT (host) DO UPDATE SET failure = excluded.failure, failures = excluded.failures,
  not_before = excluded.not_before, note = excluded.note
"""


@dataclass(frozen=True, slots=True)
class Ill:
    """A host whose last answers were failures."""

    failure: str
    """The class of the last one."""
    failures: int
    """In a row."""
    until: float
    """Unix time; before it nothing is asked of the host."""
    note: str
    """What the last one was, in words."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pages of a host that a crawl leaves for a later one."""

    host: str
    pages: int
    until: float | None
    """Unix time; None where nothing forbids to ask at once."""
    note: str | None
    """What ails the host."""

    def __str__(self) -> str:
        """One line: how many pages of which host wait, until when and why."""
        until = f" until {readable(self.until)}" if self.until is not None else ""
        why = f" ({self.note})" if self.note else ""
        return f"{self.pages} page{'s' * (self.pages != 1)} of {self.host} wait{until}{why}"


class HostHealth:
    """Who may be asked. Hosts are named as in URLs, with a port that is not the scheme's own."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self.clock = clock
        self.patience = 1.0
        """Factor on every wait but those a server asks for."""
        self.concurrency: int | None = None
        """How many requests a healthy host is given at a time; None for any number."""
        self._ill: dict[str, Ill] = {}
        self._away: Counter[str] = Counter()

    def load(self) -> None:
        """Take over the waits that still run. Those that have passed count no more."""
        now = self.clock()
        rows = self.store.connection.execute(
            "SELECT host, failure, failures, not_before, note FROM _hosts WHERE not_before > ?",
            [stamp(now)],
        )
        for host, failure, failures, not_before, note in rows.fetchall():
            self._ill[host] = Ill(failure, failures, seconds(not_before), note)

    # Who may be asked

    def is_free(self, host: str) -> bool:
        """Whether one more request may go to a host now; an ill one gets one at a time."""
        ill = self._ill.get(host)
        if ill is not None:
            return self.clock() >= ill.until and self._away[host] == 0
        return self.concurrency is None or self._away[host] < self.concurrency

    def left(self, host: str) -> None:
        """A request goes out to a host."""
        self._away[host] += 1

    def back(self, host: str) -> None:
        """The answer to a request is judged, or will never come."""
        self._away[host] -= 1

    @property
    def horizon(self) -> float:
        """Unix time up to which a crawl waits for what it may not ask for yet."""
        return self.clock() + HORIZON * self.patience

    def within_reach(self, host: str) -> bool:
        """Whether this crawl will still ask a host."""
        ill = self._ill.get(host)
        return ill is None or ill.until <= self.horizon

    def ill(self, host: str) -> Ill | None:
        """What ails a host."""
        return self._ill.get(host)

    def due(self) -> float | None:
        """The next time (Unix) at which a host may be asked again."""
        now = self.clock()
        return min((ill.until for ill in self._ill.values() if ill.until > now), default=None)

    # What it is told

    def answered(self, host: str) -> None:
        """The host gave an answer: whatever ailed it is over."""
        ill = self._ill.pop(host, None)
        if ill is None:
            return
        if ill.until > self.clock():
            # An answer to what was asked before it was closed is no sign of health.
            self._ill[host] = ill
            return
        if self._is_loud(ill.failure, ill.failures):
            logger.info("%s answers again", host)
        self._write(host, Ill("", 0, self.clock(), ""))

    def failed(self, host: str, trouble: Trouble, note: str) -> None:
        """One more failure: the host is left alone for as long as its class and the server say."""
        failure = FAILURES[trouble.failure]
        if not failure.pauses:
            self.answered(host)
            return
        before = self._ill.get(host)
        # What was on its way when the host was closed tells no more than what closed it.
        closed = before is not None and before.until > self.clock()
        count = (before.failures if before is not None else 0) + int(trouble.first and not closed)
        if count == 0 and trouble.retry_after is None:
            return
        pause = jittered(failure.pause(max(count, 1)) * self.patience)
        until = self.clock() + max(pause, trouble.retry_after or 0.0)
        if before is not None:
            until = max(until, before.until)
        ill = Ill(trouble.failure, count, until, note)
        self._ill[host] = ill
        self._write(host, ill)
        if self._is_loud(trouble.failure, count) or until - self.clock() >= _LOUD:
            self._say(host, ill)

    def _is_loud(self, failure: str, count: int) -> bool:
        return failure in FAILURES and FAILURES[failure].pause(count) >= _LOUD

    def _say(self, host: str, ill: Ill) -> None:
        logger.warning(
            "%s: %d failure%s in a row (last: %s); left alone until %s",
            host, ill.failures, "s" * (ill.failures != 1), ill.note,
            f"{readable(ill.until)}, then one request is tried"
            if ill.until <= self.horizon
            else f"{readable(ill.until)}: its pages wait for a later crawl",
        )  # fmt: skip

    def _write(self, host: str, ill: Ill) -> None:
        with self.store.whole():
            self.store.connection.execute(
                _KEEP,
                {
                    "host": host, "failure": ill.failure, "failures": ill.failures,
                    "not_before": stamp(ill.until), "note": ill.note,
                },
            )  # fmt: skip


def host_of(url: str) -> str:
    """The host of a URL, with its port unless it is the scheme's own."""
    address = spell(url)
    return address.host if address is not None else urlsplit(url).netloc.lower()


def stamp(moment: float) -> str:
    """A Unix time as the frontier keeps it: UTC with milliseconds, in the order of time."""
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def seconds(text: str) -> float:
    """:func:`stamp` undone."""
    return datetime.fromisoformat(text).timestamp()


def readable(moment: float) -> str:
    """A Unix time for people, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
