"""Listings turned by ASP.NET postbacks: walked to their end, whatever happens on the way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.aspnet import A_PAGE, AspNet, Serving, descriptor
from tests.crawl.conftest import Rows
from tests.crawl.quick import begin, quick
from tests.crawl.runs import halong
from tests.crawl.whole import proved

PAGES = 79
DAY = "2026-11-{:02}T03:00:00Z"


def newest_first(count: int) -> list[int]:
    return list(range(count, 0, -1))


@contextmanager
def crawled(portal: AspNet, folder: Path, *declared: str) -> Iterator[Archive]:
    """The archive's place, while the portal is served."""
    archive = Archive(folder / "archive")
    archive.create()
    with Serving(portal) as serving:
        text = descriptor(serving.host, *declared)
        (archive.portals_dir / "small.toml").write_text(text, "utf-8")
        yield archive


def crawl(archive: Archive, day: int = 1, *, look: str | None = None) -> str:
    """``look``: seconds after which a listing is looked at again, where not the usual ones."""
    env = {"HALONG_NOW": DAY.format(day)}
    if look is None:
        return quick("crawl", "small", archive=archive, env=env)
    # A forked process has read the settings already.
    return halong("crawl", "small", archive=archive, env={**env, "HALONG_SECOND_LOOK_AFTER": look})


def assert_each_once(portal: AspNet, rows: Rows) -> None:
    assert Counter(portal.articles()) == Counter(portal.items)
    kept = rows.all("SELECT source_id FROM articles")
    assert {int(number) for (number,) in kept} == set(portal.items)


def test_79_pages_are_walked_to_the_end_with_items_inserted_midway(tmp_path: Path) -> None:
    portal = AspNet(newest_first(PAGES * A_PAGE))
    first, last = portal.items[0], portal.items[-1]

    def insert() -> None:
        portal.items[:0] = [first + 3, first + 2, first + 1]

    portal.on_page[40] = insert
    with crawled(portal, tmp_path) as archive:
        said = crawl(archive, look="0")
        rows = Rows(archive)
        assert len(portal.items) == PAGES * A_PAGE + 3
        assert_each_once(portal, rows)
        assert portal.articles()[-4] == last  # those that came in are found at the end
        # With those inserted there is one page more; then the first two or three again.
        assert portal.pages()[: PAGES + 1] == list(range(1, PAGES + 2))
        assert len(portal.pages()) <= PAGES + 1 + 2 * 3
        assert {status for _, _, status in portal.asked} <= {200, 404}
        assert f"{len(portal.items)}" in said
        # What asked for each page is on record, and none of it is kept in the frontier.
        assert proved(archive) == rows.one("SELECT count(*) FROM captures WHERE warc_file NOT NULL")
        posted = rows.all("SELECT posted_page FROM captures WHERE posted_page NOT NULL")
        assert {page for (page,) in posted} == set(range(2, PAGES + 2))
        assert rows.one("SELECT count(*) FROM _frontier WHERE form IS NOT NULL") == 0
        assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'listing' "
                        "AND posted_page NOT NULL AND url LIKE '%tabid=119'") >= PAGES  # fmt: skip

        portal.asked.clear()
        crawl(archive, 2)
        assert portal.pages() == [1, 2]  # twenty known articles in a row

        portal.asked.clear()
        portal.items.insert(0, first + 4)
        crawl(archive, 3)
        assert first + 4 in portal.articles()
        assert len(portal.pages()) <= 3
        assert set(portal.items) == {int(n) for (n,) in rows.all("SELECT source_id FROM articles")}


def test_a_walk_that_is_killed_goes_on_with_the_page_it_had_come_to(tmp_path: Path) -> None:
    portal = AspNet(newest_first(200))
    with crawled(portal, tmp_path) as archive:
        process = begin("crawl", "small", archive=archive, said=tmp_path / "said", env={})
        wait_for(lambda: len(portal.pages()) >= 6)
        process.kill()
        process.join()
        before = len(portal.pages())
        assert before < 20
        crawl(archive)
        rows = Rows(archive)
        assert {int(n) for (n,) in rows.all("SELECT source_id FROM articles")} == set(portal.items)
        twice = [page for page, times in Counter(portal.pages()).items() if times > 1]
        # The first page begins each crawl; one more was on its way, or its commit was.
        assert set(portal.pages()) == set(range(1, 21))
        assert len(twice) <= 6
        assert max(Counter(portal.articles()).values()) <= 2


def wait_for(done: object) -> None:
    assert callable(done)
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.01)


@pytest.mark.parametrize("how", ["500", "400", "first", "redirect", "login"])
def test_a_state_that_is_lost_costs_no_article_and_no_host(tmp_path: Path, how: str) -> None:
    portal = AspNet(newest_first(95), lost={5: [how]})
    with crawled(portal, tmp_path) as archive:
        crawl(archive)
        rows = Rows(archive)
        assert_each_once(portal, rows)
        pages = Counter(portal.pages())
        assert pages == Counter([1, 2, 3, 4, *range(1, 11)])
        assert rows.all("SELECT posted_page, note LIKE 'page 5 was not shown%' FROM captures "
                        "WHERE outcome = 'state_expired'") == [(5, 1)]  # fmt: skip
        assert rows.all("SELECT * FROM _hosts") == []
        assert rows.one("SELECT failed FROM crawls") == 0


def test_a_form_on_a_connection_that_was_being_closed_is_sent_again_at_once(tmp_path: Path) -> None:
    portal = AspNet(newest_first(45), lost={3: ["closed"]})
    with crawled(portal, tmp_path) as archive:
        crawl(archive)
        rows = Rows(archive)
        assert_each_once(portal, rows)
        assert portal.pages() == [1, 2, 3, 4, 5]
        assert rows.all("SELECT * FROM _hosts") == []
        waited = "SELECT max(julianday(fetched_at)) - min(julianday(fetched_at)) FROM captures"
        assert rows.one(waited) * 86400 < 30


def test_a_state_that_is_lost_for_ever_is_given_up_and_the_next_crawl_walks_on(
    tmp_path: Path,
) -> None:
    portal = AspNet(newest_first(80), lost={5: ["500"] * 2})
    with crawled(portal, tmp_path) as archive:
        crawl(archive)
        rows = Rows(archive)
        assert Counter(portal.articles()) == Counter(portal.items[:40])
        (note,) = rows.all("SELECT note FROM captures WHERE outcome = 'state_expired'")[-1]
        assert note.endswith("given up")
        assert rows.one("SELECT count(*) FROM _frontier WHERE state = 'failed' "
                        "AND url_key LIKE '%#page=5'") == 1  # fmt: skip
        # The listing was not walked to its end: known articles in a row do not stop this one.
        crawl(archive, 2)
        assert {int(n) for (n,) in rows.all("SELECT source_id FROM articles")} == set(portal.items)


@pytest.mark.parametrize(
    ("style", "declared"),
    [
        ("rad", ()),
        ("rad", ("pager = '.rgWrap'",)),
        ("grid", ("target = 'ctl00$grid'", "argument = 'Page${page}'")),
        ("image", ("next = 'input.sau'",)),
        ("endless", ("next = 'input.sau'",)),
    ],
)
def test_pages_are_turned_by_numbers_groups_and_buttons(
    tmp_path: Path, style: str, declared: tuple[str, ...]
) -> None:
    portal = AspNet(newest_first(225), style=style)
    with crawled(portal, tmp_path, *declared) as archive:
        crawl(archive)
        assert_each_once(portal, Rows(archive))
        assert len(portal.pages()) <= 23 + 2
        assert {status for _, _, status in portal.asked} <= {200, 404}


def test_a_form_goes_back_in_the_encoding_of_its_page(tmp_path: Path) -> None:
    portal = AspNet(newest_first(25), charset="windows-1252", unit="Phòng Nông và Xã")
    with crawled(portal, tmp_path) as archive:
        crawl(archive)
        assert sorted(set(portal.pages())) == [1, 2, 3]


def test_what_slips_by_when_an_article_is_taken_away_is_found(tmp_path: Path) -> None:
    portal = AspNet(newest_first(120))

    def take_away() -> None:
        del portal.items[4]  # the first of page 8 slips to page 7, which was read

    portal.on_page[8] = take_away
    slipped = portal.items[70]
    with crawled(portal, tmp_path) as archive:
        crawl(archive, look="-1")  # however short a walk of seconds was
        assert slipped in portal.articles()
        assert set(portal.items) <= set(portal.articles())
        assert max(Counter(portal.articles()).values()) == 1
