"""The table of failures, and the health of hosts it drives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.place import Archive
from archive.records import Capture, Page
from archive.schema import OUTCOMES
from archive.store import FAILURES as COUNTED
from archive.store import Store
from halong_crawler.failures import (
    _CLASSES,
    FAILURES,
    HORIZON,
    LONGEST_RETRY_AFTER,
    Trouble,
    class_of,
    judged,
    retry_after,
)
from halong_crawler.hosts import HostHealth, host_of, seconds, stamp
from halong_crawler.items import Lead, Outcome

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOST = "vidu.gov.vn"


@dataclass
class Clock:
    now: float = 1_772_445_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Archive(tmp_path), generator="test/1") as opened:
        yield opened


@pytest.fixture
def health(store: Store, clock: Clock) -> HostHealth:
    made = HostHealth(store, clock)
    made.concurrency = 2
    return made


def outcome(name: str, status: int | None = None) -> Outcome:
    capture = Capture("https://vidu.gov.vn/x", "2026-03-02T10:00:00Z", name, status)
    return Outcome(Page("vidu", capture), Lead("x", capture.url, "article", 1), "failed")


def test_every_class_and_outcome_named_is_known() -> None:
    assert set(_CLASSES) <= set(OUTCOMES)
    assert set(_CLASSES.values()) | {"busy", "robots"} == set(FAILURES)
    assert set(COUNTED) <= set(_CLASSES)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_every_schedule_ends(failure: object) -> None:
    """A page is asked for a bounded number of times, and a host that stays ill is given up."""
    assert isinstance(failure, type(FAILURES["now"]))
    assert 1 <= failure.attempts <= 3
    assert len(failure.waits) in (0, failure.attempts - 1)
    assert list(failure.waits) == sorted(failure.waits)
    assert list(failure.pauses) == sorted(failure.pauses)
    assert not failure.pauses or failure.pauses[-1] > HORIZON


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"999999", LONGEST_RETRY_AFTER),
        (b"Mon, 02 Mar 2026 10:05:00 GMT", 300.0),
        (b"Monday, 02-Mar-26 10:05:00 GMT", 300.0),
        (b"Mon Mar  2 10:05:00 2026", 300.0),
        (b"Mon, 02 Mar 2026 09:00:00 GMT", 0.0),
        (b"Mon, 02 Mar 2099 10:00:00 GMT", LONGEST_RETRY_AFTER),
        (b"soon", None),
        (b"-5", None),
        ("\u0663".encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: bytes | None, expected: float | None) -> None:
    assert retry_after({b"Retry-After": text}, NOW) == expected


@pytest.mark.parametrize(
    ("name", "status", "wish", "expected"),
    [
        ("server_error", 500, None, "now"),
        ("server_error", 503, None, "now"),
        ("server_error", 503, 5.0, "busy"),
        ("refused", 429, None, "busy"),
        ("refused", 403, None, "blocked"),
        ("refused", 200, None, "blocked"),
        ("challenge", 200, None, "blocked"),
        ("not_found", 404, None, "gone"),
        ("unreadable", 200, None, "ours"),
        ("article", 200, None, None),
        ("redirect", 301, 5.0, None),
    ],
)
def test_what_came_has_its_class(
    name: str, status: int, wish: float | None, expected: str | None
) -> None:
    page = outcome(name, status).page
    assert page is not None
    assert class_of(page.capture, wish) == expected


def test_a_temporary_failure_is_tried_three_times_with_growing_waits() -> None:
    results = [judged(outcome("unreachable"), attempts) for attempts in (1, 2, 3)]
    assert [result.state for result in results] == ["later", "later", "failed"]
    assert results[0].wait < results[1].wait


def test_a_long_retry_after_never_fails_a_page() -> None:
    assert judged(outcome("server_error", 503), 9, 2 * HORIZON).state == "later"


@pytest.mark.parametrize("name", ["refused", "challenge", "not_found", "unreadable"])
def test_what_is_not_temporary_is_not_tried_again(name: str) -> None:
    assert judged(outcome(name), 1).state == "failed"


def fail(health: HostHealth, clock: Clock, name: str = "now", **values: float | bool) -> float:
    """One failure, then the pause is waited for; how long it was."""
    health.failed(HOST, Trouble(name, **values), "status 500")  # type: ignore[arg-type]
    ill = health.ill(HOST)
    if ill is None:
        return 0.0
    pause = ill.until - clock.now
    clock.now = max(ill.until, clock.now)
    return pause


def test_pauses_grow_until_the_host_is_given_up(health: HostHealth, clock: Clock) -> None:
    expected = FAILURES["now"].pauses
    pauses = []
    for _ in expected:
        assert health.within_reach(HOST)
        before = clock.now
        pauses.append(fail(health, clock))
    assert all(0.8 * e <= p <= 1.2 * e for e, p in zip(expected, pauses, strict=True))
    clock.now = before
    assert not health.within_reach(HOST)
    assert not health.is_free(HOST)


def test_after_a_pause_one_request_is_let_through(health: HostHealth, clock: Clock) -> None:
    health.left(HOST)
    assert health.is_free(HOST)
    health.back(HOST)
    fail(health, clock)
    assert health.is_free(HOST)
    health.left(HOST)
    assert not health.is_free(HOST)
    health.answered(HOST)
    assert health.is_free(HOST)


def test_an_answer_asked_for_before_the_pause_does_not_end_it(
    health: HostHealth, clock: Clock
) -> None:
    health.failed(HOST, Trouble("busy", retry_after=60.0), "status 429")
    health.answered(HOST)
    assert not health.is_free(HOST)


def test_a_page_that_fails_again_says_nothing_of_its_host(health: HostHealth, clock: Clock) -> None:
    for _ in range(20):
        assert fail(health, clock, first=False) == 0.0
    assert health.is_free(HOST)


def test_waits_outlive_the_process_and_end(health: HostHealth, clock: Clock, store: Store) -> None:
    health.failed(HOST, Trouble("busy", retry_after=500.0), "status 503")
    again = HostHealth(store, clock)
    again.load()
    assert not again.is_free(HOST)
    clock.now += 501
    assert again.is_free(HOST)
    anew = HostHealth(store, clock)
    anew.load()
    assert anew.ill(HOST) is None


def test_one_host_in_trouble_leaves_others_alone(health: HostHealth, clock: Clock) -> None:
    health.failed(HOST, Trouble("robots"), "robots.txt: status 503")
    assert health.is_free("other.gov.vn")
    assert not health.is_free(HOST)


def test_a_stamp_sorts_as_its_time_and_comes_back() -> None:
    moments = [0.0, 1.5, 1_772_445_600.25, 1_772_445_600.251, 4_000_000_000.0]
    texts = [stamp(moment) for moment in moments]
    assert texts == sorted(texts)
    assert [seconds(text) for text in texts] == moments


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://Vidu.gov.vn:443/x", "vidu.gov.vn"), ("http://www.a.vn:81", "www.a.vn:81")],
)
def test_a_host_has_one_name(url: str, host: str) -> None:
    assert host_of(url) == host
