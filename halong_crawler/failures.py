"""Failures as a table: what each class is, how often a page is tried, how long we wait.

Waits are in seconds, for a page and for its whole host. All are multiplied by the setting
``HALONG_PATIENCE`` and varied by a fifth, so that pages do not come back in step; what the
server itself asks for (``Retry-After``) is taken as it is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from archive.records import Capture

if TYPE_CHECKING:
    from halong_crawler.items import Outcome

HORIZON = 3600.0
"""Seconds, times patience: what must wait longer is left pending for a later crawl."""

LEAST_PATIENCE = 0.0001
"""Without any wait a crawl would neither leave a failing host alone nor give it up."""

LONGEST_RETRY_AFTER = 86_400.0
"""Seconds; a server that asks for more is asked again after a day."""

_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Failure:
    """One class of failure with its schedule."""

    meaning: str
    attempts: int = 1
    """How often a page is asked for in one crawl."""
    waits: tuple[float, ...] = ()
    """Before the second, third … attempt."""
    pauses: tuple[float, ...] = ()
    """How long the host is left alone after the first, second … failure in a row; the last goes for
    all that follow. After each pause one request is let through, and only an answer opens the host
    again."""

    def wait(self, attempts: int) -> float:
        """Before a page that was asked for ``attempts`` times is asked for again."""
        return self.waits[min(attempts, len(self.waits)) - 1] if self.waits else 0.0

    def pause(self, failures: int) -> float:
        """After so many failures of the host in a row."""
        return self.pauses[min(failures, len(self.pauses)) - 1] if self.pauses else 0.0


_TODAY = 21_600.0
"""Six hours: beyond any crawl's horizon, so the host's pages stay pending for a later crawl."""

_BREAKER = (300, 600, 1200, 2400, _TODAY)

FAILURES: dict[str, Failure] = {
    "now": Failure(
        "no answer, an answer that broke off, or an error of the server: tried again in this crawl",
        attempts=3, waits=(60, 300), pauses=(5, 10, 20, 40, *_BREAKER),
    ),
    "busy": Failure(
        "status 429, or Retry-After: the host is left alone as long as it asks",
        attempts=3, waits=(30, 120), pauses=(15, 30, 60, 120, *_BREAKER),
    ),
    "robots": Failure(
        "robots.txt cannot be had: by RFC 9309 (2.3.1.4) nothing may be asked for until it can",
        pauses=(60, 300, 900, 1800, _TODAY),
    ),
    "blocked": Failure(
        "status 401 or 403, a firewall or a challenge: we are not wanted, and do not insist",
        pauses=(0, 0, 0, 0, 0, 0, 0, 600, 1800, _TODAY),
    ),
    "certificate": Failure(
        "the server's certificate cannot be trusted: an archivist must look",
        pauses=(5, 60, _TODAY),
    ),
    "gone": Failure("status 404 or 410, or another that brings no page"),
    "ours": Failure("an answer that Halong cannot read or will not take; what came is in the WARC"),
}  # fmt: skip
"""Class → schedule. The host's pauses are its circuit breaker: from five minutes on it is open."""

_CLASSES: dict[str, str] = {
    "unreachable": "now",
    "truncated": "now",
    "server_error": "now",
    "refused": "blocked",
    "challenge": "blocked",
    "untrusted": "certificate",
    "not_found": "gone",
    "other_status": "gone",
    "too_large": "ours",
    "unreadable": "ours",
}
"""Outcome of a capture → class of failure; what is not here is an answer."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure, as the host's health wants to know it."""

    failure: str
    """A key of :data:`FAILURES`."""
    first: bool = True
    """Whether the page had not failed before: one that fails again tells nothing of its host."""
    retry_after: float | None = None
    """Seconds the server asks to be left alone."""


def class_of(capture: Capture, retry_after: float | None = None) -> str | None:
    """The class of failure a capture belongs to; None for one that brought an answer."""
    if capture.status == 429 or (retry_after is not None and capture.status == 503):
        return "busy"
    return _CLASSES.get(capture.outcome)


def judged(outcome: Outcome, attempts: int, retry_after: float | None = None) -> Outcome:
    """The outcome with what its failure, if it is one, means for its page and its host."""
    if outcome.page is None:
        return outcome
    capture = outcome.page.capture
    name = class_of(capture, retry_after)
    if name is None or (name == "gone" and outcome.state == "done"):
        return outcome
    outcome = replace(outcome, trouble=Trouble(name, attempts == 1, retry_after))
    if outcome.state == "again" or capture.outcome == "too_large":
        return outcome
    failure = FAILURES[name]
    if attempts < failure.attempts or (retry_after or 0.0) > HORIZON:
        return replace(outcome, state="later", wait=failure.wait(attempts))
    return replace(outcome, state="failed")


def jittered(seconds: float) -> float:
    """The wait, a fifth longer or shorter."""
    return seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311


def retry_after(headers: Mapping[bytes, bytes | None], now: datetime) -> float | None:
    """Seconds that ``Retry-After`` (RFC 9110, 10.2.3) asks for: a number or an HTTP date.

    At least 0 and at most :data:`LONGEST_RETRY_AFTER`; None where it is missing or neither.
    """
    text = (headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)
