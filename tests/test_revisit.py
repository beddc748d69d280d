"""The policy of crawling again, piece by piece: validators, intervals, trust, proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from archive import removals, seals, visits
from archive.crawls import CrawlSummary
from archive.place import Archive
from archive.records import Capture, Page
from archive.removals import Sight
from archive.schema import SCHEMA_VERSION, migrate, schema_version
from archive.store import Store
from archive.visit_tables import VISIT_TABLES
from archive.visits import Trust
from archive.walks import Walks
from halong_crawler import schedule
from halong_crawler.portal import find
from halong_crawler.revisit import Revisits, Rules
from halong_crawler.schedule import Bounds
from halong_crawler.validators import Validators, validators_of
from tests.archive.pages import PORTAL, page

T1, T2, T3 = "2025-05-01T03:00:00Z", "2025-05-02T03:00:00Z", "2025-05-03T04:00:00Z"
HOST = "halongcity.gov.vn"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Archive(tmp_path), generator="test/1") as opened:
        opened.put_portal(PORTAL)
        yield opened


def crawl(store: Store, at: str = T1) -> int:
    return store.begin_crawl("halong", started_at=at, options={})


def finished(store: Store, crawl_id: int, reason: str = "finished") -> None:
    store.finish_crawl(crawl_id, finished_at=T3, status="finished", reason=reason)


# Validators


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"ETag": '"a"'}, Validators('"a"')),
        ({"ETag": 'W/"a"'}, Validators('W/"a"')),
        ({"ETag": "bare"}, Validators()),
        ({"ETag": '"a", "b"'}, Validators()),
        ({"Last-Modified": "yesterday"}, Validators()),
        (
            {
                "Last-Modified": "Thu, 01 May 2025 03:00:00 GMT",
                "Date": "Thu, 01 May 2025 03:00:01 GMT",
            },
            Validators(None, "Thu, 01 May 2025 03:00:00 GMT"),
        ),
        # The page was made in the second it was served in: the date proves nothing later.
        (
            {
                "Last-Modified": "Thu, 01 May 2025 03:00:00 GMT",
                "Date": "Thu, 01 May 2025 03:00:00 GMT",
            },
            Validators(),
        ),
    ],
)
def test_only_what_proves_something_is_sent_back(headers: dict[str, str], kept: Validators) -> None:
    assert validators_of(Response("http://a/", headers=headers)) == kept


def test_a_request_asks_with_both_validators() -> None:
    assert Validators('W/"a"', "Thu, 01 May 2025 03:00:00 GMT").headers() == {
        "If-None-Match": 'W/"a"',
        "If-Modified-Since": "Thu, 01 May 2025 03:00:00 GMT",
    }
    assert Validators().headers() == {}


# Intervals


@given(
    age=st.floats(-5, 9000), interval=st.none() | st.floats(0.1, 400),
    elapsed=st.floats(0, 4000), changed=st.booleans(),
)  # fmt: skip
def test_an_interval_stays_within_the_bounds_of_its_age(
    age: float, interval: float | None, elapsed: float, changed: bool
) -> None:
    bounds = schedule.bounds_of_age(age)
    assert bounds.shortest <= bounds.next(interval, elapsed, changed=changed) <= bounds.longest


def test_an_interval_doubles_when_it_is_over_and_not_when_somebody_looked_early() -> None:
    bounds = Bounds(1, 64)
    assert bounds.next(4, 4, changed=False) == 8
    assert bounds.next(4, 3.9, changed=False) == 8
    assert bounds.next(4, 0.1, changed=False) == 4
    assert bounds.next(4, 4, changed=True) == 2


def test_ages_follow_on_each_other_and_old_articles_rest_longer() -> None:
    ages = [age.younger_than for age in schedule.AGES]
    assert ages == sorted(ages)
    assert ages[-1] == float("inf")
    longest = [age.bounds.longest for age in schedule.AGES]
    assert longest == sorted(longest)


def test_pages_crawled_on_one_day_are_not_due_on_one_day() -> None:
    days = [schedule.spread(30, f"a#{number}") for number in range(200)]
    assert min(days) >= 30
    assert max(days) <= 30 * (1 + schedule.SPREAD)
    assert len({int(day) for day in days}) > 5
    assert schedule.spread(1, "a") == 1


# Trust


@pytest.mark.parametrize(
    ("trust", "believed"),
    [
        (Trust(), False),
        (Trust(moved_changed=9), False),
        (Trust(moved_changed=10), True),
        (Trust(moved_changed=10, moved_same=11), False),
        (Trust(moved_changed=10, still_changed=11), False),
        (Trust(moved_changed=10, moved_same=5, still_changed=5, still_same=500), True),
    ],
)
def test_lastmod_is_believed_after_enough_samples_both_ways(trust: Trust, believed: bool) -> None:
    assert trust.lastmod(schedule.TRUST_SAMPLES, schedule.TRUST_SHARE) is believed


def test_a_count_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no count"):
        visits.count_sample(store.connection, "halong", "url")


def test_the_random_check_tells_what_may_be_missed(store: Store) -> None:
    number = crawl(store)
    summary: CrawlSummary = store.crawl_summary(number)
    assert summary.missed == (0.0, 1.0)
    share, most = replace(summary, checked=100, checked_changed=0).missed
    assert share == 0
    assert 0.03 < most < 0.04
    share, most = replace(summary, checked=50, checked_changed=5).missed
    assert share == pytest.approx(0.1)
    assert most == pytest.approx(0.2136, abs=0.001)


# Removals


def gone(store: Store, crawl_id: int, at: str, how: str = "soft_404") -> None:
    capture = Capture(f"https://{HOST}/a", at, how, 200)
    capture_id = store.keep(crawl_id, Page("halong", capture)).capture_id
    sight = Sight(crawl_id, capture_id, at, how, HOST)
    with store.whole():
        removals.see_gone(store.connection, 1, sight)


def well(store: Store, crawl_id: int, at: str, host: str = HOST) -> None:
    store.keep(crawl_id, Page("halong", Capture(f"https://{host}/", at, "home", 200)))


def conclude(store: Store) -> int:
    with store.whole():
        return removals.conclude(store.connection, "halong", timedelta(days=1))


def test_a_soft_404_seen_twice_is_a_removal(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    for at in (T2, T3):
        number = crawl(store, at)
        gone(store, number, at)
        well(store, number, at)
        assert conclude(store) == (at == T3)
    rows = store.connection.execute("SELECT removed_at, how FROM removed_articles")
    assert rows.fetchall() == [(T3, "soft_404")]


@pytest.mark.parametrize(
    ("second", "host_at_first", "removed"),
    [(T3, HOST, 1), ("2025-05-02T23:00:00Z", HOST, 0), (T3, "elsewhere.gov.vn", 0)],
    ids=["proved", "less than a day apart", "its host was not well"],
)
def test_a_removal_is_established_by_sound_sights_only(
    store: Store, second: str, host_at_first: str, removed: int
) -> None:
    store.keep(crawl(store), page(T1))
    first = crawl(store, T2)
    gone(store, first, T2)
    well(store, first, T2, host_at_first)
    conclude(store)
    later = crawl(store, second)
    gone(store, later, second)
    well(store, later, second)
    assert conclude(store) == removed


def test_an_article_seen_between_two_sights_is_live(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    first = crawl(store, T1)
    gone(store, first, "2025-05-01T09:00:00Z")
    well(store, first, T1)
    store.keep(crawl(store, T2), page(T2))
    last = crawl(store, T3)
    gone(store, last, T3)
    well(store, last, T3)
    assert conclude(store) == 0


# An archive from before


def test_articles_of_an_archive_from_before_are_due_at_once(store: Store) -> None:
    number = crawl(store)
    store.keep(number, page(T1))
    (url,) = store.connection.execute("SELECT url FROM articles").fetchone()
    store.connection.execute(
        "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
        "sequence) VALUES ('halong', 'a', ?, 'article', 1, 70, 'done', ?, 0)",
        [url, number],
    )
    seals.release(store.connection)
    store.connection.execute("DROP VIEW removed_articles")
    store.connection.execute("CREATE VIEW removed_articles AS SELECT key FROM articles")
    for table in VISIT_TABLES:
        store.connection.execute(f"DROP TABLE {table.name}")
    for name in ("articles_not_due", "checked", "checked_changed"):
        store.connection.execute(f"ALTER TABLE crawls DROP COLUMN {name}")
    store.connection.execute("DELETE FROM schema_info")
    store.connection.execute("INSERT INTO schema_info VALUES (2, '', '')")
    store.connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0006_visits'")
    migrate(store.connection, generator="test/2")
    assert schema_version(store.connection) == SCHEMA_VERSION
    due = visits.due(
        store.connection, "halong", T2, trusted=False, full=False, without=(), since=None
    )
    assert [(each.key, each.reason) for each in due] == [("a", "due")]
    assert store.crawl_summary(number).checked == 0
    assert store.connection.execute("SELECT how FROM removed_articles").fetchall() == []


# Walks


def walks(store: Store, crawl_id: int, enough: int = 3) -> Walks:
    return Walks(
        store.connection, "halong", crawl_id, now=T3, whole_before=T1, enough=enough
    )  # fmt: skip


def asked(store: Store, crawl_id: int, *keys: str) -> None:
    for key in keys:
        values = {"class": "article", "first_crawl_id": crawl_id, "last_status": 200}
        visits.put(store.connection, "halong", key, values)


def test_what_a_crawl_that_was_cut_short_met_does_not_end_a_walk(store: Store) -> None:
    first = crawl(store)
    asked(store, first, "a", "b", "c")
    walks(store, first).read("list", ["a", "b", "c"], has_new=True)
    finished(store, first)
    short = crawl(store, T2)
    asked(store, short, "d")
    finished(store, short, "limit")
    now = walks(store, crawl(store, T3))
    assert now.baseline == first
    assert now.is_known("a")
    assert not now.is_known("d")


def test_items_that_shift_from_page_to_page_are_counted_once(store: Store) -> None:
    first = crawl(store)
    walks(store, first).read("list", list("abcdef"), has_new=True)
    finished(store, first)
    now = walks(store, crawl(store, T2), enough=4)
    assert not now.read("list", ["new", "a", "b"], has_new=True)
    assert not now.read("list", ["b", "c", "d"], has_new=False)
    assert not now.read("list", ["c", "d", "e"], has_new=False)
    assert now.read("list", ["e", "f"], has_new=False)
    assert now.is_passed_over("list")


def test_a_page_of_a_listing_that_never_answered_is_asked_for_all_the_same(store: Store) -> None:
    first = crawl(store)
    walks(store, first).read("list", list("abc"), has_new=True)
    finished(store, first)
    second = crawl(store, T2)
    for key, status in (("page2", 200), ("page3", 500), ("page4", None)):
        values = {"class": "listing", "walk": "list", "last_status": status}
        visits.put(store.connection, "halong", key, values)
        store.connection.execute(
            "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
            "sequence) VALUES ('halong', ?, ?, 'listing', 0, 60, 'pending', ?, 0)",
            [key, key, second],
        )
    assert walks(store, second).read("list", list("abc"), has_new=False)
    left = store.connection.execute(
        "SELECT url_key FROM _frontier WHERE state = 'pending' ORDER BY url_key"
    ).fetchall()
    assert left == [("page3",), ("page4",)]


# What is planted


@pytest.mark.parametrize(
    ("page_class", "url", "is_planted"),
    [
        ("article", f"https://{HOST}/tin-p13n7.html", True),
        ("file", f"https://{HOST}/tep/ke-hoach.pdf", True),
        ("file", "https://media.example.vn/ke-hoach.pdf", True),
        ("article", "https://example.com/tin-p13n7.html", False),
        ("file", "https://example.com/ke-hoach.pdf", False),
    ],
)
def test_what_is_due_is_planted_where_the_descriptor_still_names_its_host(
    store: Store, page_class: str, url: str, is_planted: bool
) -> None:
    visits.put(
        store.connection, "halong", url,
        {"class": page_class, "url": url, "last_status": 404, "failures": 1, "next_visit": T1},
    )  # fmt: skip
    portal = find("halong").model_copy(update={"file_hosts": ("media.example.vn",)})
    revisits = Revisits(store.connection, portal, crawl(store), Rules())
    lists, others = revisits.planted()
    assert [lead.url for lead in others] == [url] * is_planted
    assert lists == []
