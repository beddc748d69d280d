"""The frontier's side of the database: each page once, in order, and nothing lost by a kill."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request, Spider

from archive.place import Archive
from archive.store import Store
from halong_crawler.failures import HORIZON
from halong_crawler.frontier import Frontier
from halong_crawler.items import Lead
from halong_crawler.listings import Rules
from halong_crawler.portal import find
from halong_crawler.priorities import PRIORITIES
from halong_crawler.reserve import Reserve
from halong_crawler.revisit import Revisits
from halong_crawler.session import Options, Session
from tests.archive.pages import PORTAL

AT = "2025-05-01T03:15:00Z"
HALONG = find("halong")
ROOT = "https://halongcity.gov.vn/"


def lead(key: str, kind: str = "page", depth: int = 1, found_on: str | None = ROOT) -> Lead:
    return Lead(key, f"{ROOT}{key}", kind, depth, found_on)


@dataclass
class Walk:
    """What the frontier asks of a crawl's session, on a real archive."""

    store: Store
    crawl_id: int
    options: Options = field(default_factory=Options)
    portal: Any = HALONG
    articles_read: int = 0
    stop_reason: str | None = None
    planted: list[Lead] = field(default_factory=lambda: [lead("home", "seed", 0, None)])
    revisits: Revisits = field(init=False)
    reserve: Reserve = field(init=False)
    frontier: Frontier = field(init=False)

    def __post_init__(self) -> None:
        connection = self.store.connection
        self.revisits = Revisits(connection, self.portal, self.crawl_id, Rules())
        self.reserve = Reserve(connection, self.portal)
        self.frontier = Frontier(cast(Session, self))
        self.frontier.open(Spider("halong"))

    @property
    def asks_on(self) -> bool:
        return self.stop_reason in (None, "limit")

    def has_enough(self, on_their_way: int) -> bool:
        return Session.has_enough(cast(Session, self), on_their_way)

    def seeds(self) -> Iterator[Lead]:
        yield from self.planted

    def keep_quiet_hours(self) -> None:
        """It has none."""

    def request(self, asked: Lead, attempts: int) -> Request:
        return Request(asked.url, meta={"lead": asked, "attempts": attempts}, dont_filter=True)

    def next(self) -> Lead | None:
        request = self.frontier.next_request()
        return request.meta["lead"] if request is not None else None

    def all(self, limit: int = 1000) -> list[str]:
        """Keys in the order they are handed out, each settled at once."""
        keys: list[str] = []
        while len(keys) < limit and (asked := self.next()) is not None:
            keys.append(asked.key)
            self.frontier.settle(asked.key, "done")
        return keys


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Archive(tmp_path), generator="test/1") as opened:
        opened.put_portal(PORTAL)
        yield opened


def walk(store: Store, **values: Any) -> Walk:
    return Walk(store, store.begin_crawl("halong", started_at=AT, options={}), **values)


def killed(walk: Walk) -> Store:
    """The archive after a kill: what was not committed is gone, the lock is free."""
    store, archive = walk.store, walk.store.archive
    store.connection.rollback()
    store.close()
    return Store(archive, generator="test/1")


def test_a_page_is_asked_for_once_under_many_urls(store: Store) -> None:
    frontier = walk(store).frontier
    urls = (f"{ROOT}a", f"{ROOT}a?print=1", "https://www.halongcity.gov.vn/a")
    assert [frontier.add([Lead("a", url, "article", 1)]) for url in urls] == [1, 0, 0]
    seen = []
    while (request := frontier.next_request()) is not None:
        seen.append(request.url)
        frontier.settle(request.meta["lead"].key, "done")
        assert frontier.add([Lead("a", f"{ROOT}a?again", "article", 1)]) == 0
    assert seen == [f"{ROOT}home", f"{ROOT}a"]


def test_the_most_wanted_kind_goes_first_and_of_one_kind_the_first_found(store: Store) -> None:
    session = walk(store, planted=[])
    kinds = sorted(PRIORITIES, key=PRIORITIES.__getitem__)
    session.frontier.add(lead(f"{kind}-{number}", kind) for number in (1, 2) for kind in kinds)
    assert session.all() == [f"{kind}-{number}" for kind in reversed(kinds) for number in (1, 2)]


def test_a_request_carries_what_is_known_of_the_page(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.add([lead("a", "article", 3)])
    request = session.frontier.next_request()
    assert request is not None
    assert request.meta == {"lead": lead("a", "article", 3), "attempts": 1}


def test_later_goes_last_and_counts_its_attempts(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.add([lead("a", "article"), lead("b", "page")])
    assert session.next() == lead("a", "article")
    session.frontier.later("a")
    assert session.next() == lead("b", "page")
    request = session.frontier.next_request()
    assert request is not None
    assert (request.meta["lead"].key, request.meta["attempts"]) == ("a", 2)


def test_a_page_that_must_wait_is_not_handed_out_and_keeps_the_crawl_open(store: Store) -> None:
    session = walk(store, planted=[])
    now = 1_772_445_600.0
    session.frontier.health.clock = lambda: now
    session.frontier.add([lead("a", "article"), lead("b", "page")])
    session.next()
    session.frontier.later("a", 100.0)
    assert session.all() == ["b"]
    assert session.frontier.has_pending_requests()
    due = session.frontier.due()
    assert due is not None
    assert 80 <= due - now <= 120
    session.frontier.health.clock = lambda: due
    assert session.all() == ["a"]
    assert not session.frontier.has_pending_requests()


def test_a_wait_beyond_the_horizon_is_left_to_a_later_crawl(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.add([lead("a", "article")])
    session.next()
    session.frontier.later("a", 3 * HORIZON)
    assert not session.frontier.has_pending_requests()
    (left,) = session.frontier.waiting()
    assert (left.host, left.pages) == ("halongcity.gov.vn", 1)
    store.commit()
    with killed(session) as revived:
        second = walk(revived, planted=[])
        assert second.next() is None
        second.frontier.health.clock = lambda: time.time() + 4 * HORIZON
        assert second.next() == lead("a", "article")


def test_a_page_that_was_not_asked_for_has_lost_no_attempt(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.add([lead("a", "article")])
    for _ in range(5):
        request = session.frontier.next_request()
        assert request is not None
        assert request.meta["attempts"] == 1
        session.frontier.put_back("a")


def test_a_host_is_given_no_more_than_it_may_be_asked_at_a_time(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.health.concurrency = 2
    other = Lead("x", "https://bachdang.halongcity.gov.vn/x", "page", 1, ROOT)
    session.frontier.add([*(lead(str(number), "article") for number in range(4)), other])
    assert [session.next() for _ in range(4)] == [
        lead("0", "article"), lead("1", "article"), other, None,
    ]  # fmt: skip
    session.frontier.settle("0", "done")
    session.frontier.released("0")  # twice is once
    assert [session.next(), session.next()] == [lead("2", "article"), None]


def test_again_asks_at_the_new_address(store: Store) -> None:
    session = walk(store, planted=[])
    session.frontier.add([lead("a", "article")])
    session.next()
    session.frontier.again("a", f"{ROOT}moved")
    request = session.frontier.next_request()
    assert request is not None
    assert (request.url, request.meta["attempts"]) == (f"{ROOT}moved", 2)


def test_what_is_left_over_is_taken_up_by_the_next_crawl(store: Store) -> None:
    first = walk(store)
    first.frontier.add([lead("a", "article"), lead("b", "article"), lead("c", "listing")])
    assert first.all(limit=2) == ["home", "a"]
    store.finish_crawl(first.crawl_id, finished_at=AT, status="stopped", reason="shutdown")
    second = walk(store)
    assert second.all() == ["home", "b", "c"]
    assert second.frontier.counts() == {"done": 3}


def test_a_finished_crawl_is_walked_anew(store: Store) -> None:
    for _ in range(2):
        session = walk(store)
        session.frontier.add([lead("a", "article")])
        assert session.all() == ["home", "a"]
        store.finish_crawl(session.crawl_id, finished_at=AT, status="finished", reason="finished")


def test_a_kill_loses_no_url_and_repeats_only_what_was_under_way(store: Store) -> None:
    first = walk(store)
    first.frontier.add([lead(str(number), "article") for number in range(6)])
    assert first.all(limit=3) == ["home", "0", "1"]
    assert first.next() == lead("2", "article")  # leased, and never settled
    store.commit()
    assert first.all(limit=1) == ["3"]  # settled in a transaction that the kill undoes
    with killed(first) as revived:
        second = walk(revived)
        assert second.frontier.add([lead("0", "article"), lead("1", "article")]) == 0
        assert second.all() == ["home", "2", "3", "4", "5"]
        assert second.frontier.counts() == {"done": 7}


def test_kills_in_a_row_still_repeat_nothing(store: Store) -> None:
    session = walk(store)
    session.frontier.add([lead(str(number), "article") for number in range(6)])
    seen: list[str] = []
    for _ in range(3):
        seen += session.all(limit=3)
        session.store.commit()
        session = walk(killed(session))
    session.store.close()
    assert seen == ["home", "0", "1", "home", "2", "3", "home", "4", "5"]


def test_one_portal_leaves_the_urls_of_another_alone(store: Store) -> None:
    walk(store, planted=[]).frontier.add([lead("a", "article")])
    store.put_portal(replace(PORTAL, name="quangninh"))
    crawl = store.begin_crawl("quangninh", started_at=AT, options={})
    session = Walk(store, crawl, portal=find("quangninh"), planted=[])
    assert session.next() is None
    assert not session.frontier.has_pending_requests()


@pytest.mark.parametrize(("limit", "read", "leased"), [(1, 0, 1), (3, 0, 3), (3, 2, 1), (2, 2, 0)])
def test_a_limit_counts_articles_that_are_on_their_way(
    store: Store, limit: int, read: int, leased: int
) -> None:
    session = walk(store, planted=[], options=Options(limit=limit), articles_read=read)
    session.frontier.add(lead(str(number), "article") for number in range(5))
    asked = [session.next() for _ in range(4)]
    assert sum(found is not None for found in asked) == leased
    if leased:
        assert session.frontier.has_pending_requests()
        session.frontier.settle("0", "failed")  # it was no article: there is room for one more
        assert session.next() is not None


def test_pages_that_are_no_articles_do_not_use_up_the_limit(store: Store) -> None:
    session = walk(store, options=Options(limit=1))
    session.frontier.add([lead("l", "listing"), lead("p", "page")])
    assert session.all() == ["home", "l", "p"]


def test_a_crawl_that_stops_hands_out_nothing_and_forgets_nothing(store: Store) -> None:
    session = walk(store)
    session.stop_reason = "limit"
    assert session.next() is None
    assert not session.frontier.has_pending_requests()
    assert session.frontier.counts() == {"pending": 1}


def test_when_enough_articles_are_read_their_files_are_still_asked_for(store: Store) -> None:
    session = walk(store)
    url = "https://halongcity.gov.vn/tep/a.pdf"
    session.frontier.add([Lead(url, url, "file", 2, "https://halongcity.gov.vn/x")])
    session.stop_reason = "limit"
    assert session.frontier.has_pending_requests()
    lead = session.next()
    assert lead is not None
    assert lead.key == url
    session.frontier.settle(url, "done")
    assert session.next() is None
    assert not session.frontier.has_pending_requests()
    assert session.frontier.counts() == {"pending": 1, "done": 1}


def test_an_article_is_asked_for_again_where_it_was_found(store: Store) -> None:
    first = walk(store, planted=[])
    first.frontier.add([Lead("a", f"{ROOT}a", "article", 1), Lead("b", f"{ROOT}b", "article", 1)])
    first.next()
    first.frontier.settle("a", "done")
    first.next()
    first.frontier.settle("b", "failed")
    store.finish_crawl(first.crawl_id, finished_at=AT, status="finished", reason="finished")
    second = walk(store, planted=[])
    second.frontier.add([Lead(key, f"{ROOT}{key}?x", "article", 1) for key in "ab"])
    found = [second.next(), second.next()]
    assert [asked.url for asked in found if asked] == [f"{ROOT}a", f"{ROOT}b?x"]


def test_requests_made_elsewhere_are_taken_if_they_are_the_portals(store: Store) -> None:
    frontier = walk(store).frontier
    assert frontier.enqueue_request(Request(f"{ROOT}lien-he"))
    assert not frontier.enqueue_request(Request(f"{ROOT}lien-he"))
    assert not frontier.enqueue_request(Request("https://example.org/"))
    assert not frontier.enqueue_request(Request(f"{ROOT}{'a/' * 1200}"))


def test_opening_is_all_or_nothing(store: Store) -> None:
    first = walk(store)
    store.finish_crawl(first.crawl_id, finished_at=AT, status="stopped", reason="shutdown")
    before = store.connection.execute("SELECT * FROM _frontier").fetchall()
    with pytest.raises(KeyError):
        walk(store, planted=[lead("a", "article"), lead("b", "no such kind")])
    assert store.connection.execute("SELECT * FROM _frontier").fetchall() == before


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "next", "done", "failed", "later", "again"]), st.integers(0, 9)
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_counts_add_up_whatever_happens(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    with Store(Archive(tmp_path_factory.mktemp("archive")), generator="test/1") as store:
        store.put_portal(PORTAL)
        session = walk(store, planted=[])
        frontier = session.frontier
        states: dict[str, str] = {}
        for step, number in steps:
            leased = sorted(key for key, state in states.items() if state == "leased")
            if step == "add":
                key = str(number)
                assert frontier.add([lead(key, "article")]) == (key not in states)
                states.setdefault(key, "pending")
            elif step == "next":
                asked = session.next()
                waiting = {key for key, state in states.items() if state == "pending"}
                assert (asked is None) == (not waiting)
                if asked is not None:
                    assert asked.key in waiting
                    states[asked.key] = "leased"
            elif leased:
                key = leased[number % len(leased)]
                if step == "later":
                    frontier.later(key)
                elif step == "again":
                    frontier.again(key, f"{ROOT}{key}?again")
                else:
                    frontier.settle(key, step)
                states[key] = step if step in ("done", "failed") else "pending"
            expected = {state: list(states.values()).count(state) for state in states.values()}
            assert frontier.counts() == expected
            assert frontier.has_pending_requests() == ("pending" in expected)
