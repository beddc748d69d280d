"""How complete the archive is: the numbers against a truth that is known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive import coverage, seals, totals
from archive.counters import MOST_RANGES, Range, _counter, _Group, counters, split
from archive.coverage import Coverage
from archive.records import Page, Published
from archive.schema import SCHEMA_VERSION, migrate, schema_version
from archive.store import Store
from archive.totals import Total
from archive.walked import ENDS
from halong_crawler.cli import main
from tests.archive.pages import ARTICLE, PORTAL, capture

AT = "2025-05-01T03:15:00Z"
LATER = "2025-05-01T04:00:00Z"
HOST = "halongcity.gov.vn"


def begun(store: Store, **options: object) -> int:
    return store.begin_crawl("halong", started_at=AT, options=options)


def ended(store: Store, number: int, reason: str = "finished") -> None:
    status = "finished" if reason == "finished" else "stopped"
    store.finish_crawl(number, finished_at=LATER, status=status, reason=reason)


def article(store: Store, crawl_id: int, source_id: str, day: str | None = None) -> int:
    """Keep an article; its row's number."""
    url = f"https://{HOST}/tin/{source_id}"
    published = Published(day, "day", day, "test") if day else None
    one = replace(ARTICLE, source_id=source_id, url=url, published=published)
    store.keep(crawl_id, Page("halong", capture(AT, url=url), one))
    (number,) = store.connection.execute(
        "SELECT id FROM articles WHERE source_id = ?", [source_id]
    ).fetchone()
    return int(number)


def known(store: Store, crawl_id: int, key: str, *, state: str = "done", status: int | None = 200,
          kind: str = "article", **visit: object) -> None:  # fmt: skip
    """A URL as the frontier and the visits know it."""
    store.connection.execute(
        "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
        "sequence, found_on) VALUES ('halong', ?, ?, ?, 1, 0, ?, ?, 0, ?)",
        [key, f"https://{key}", kind, state, crawl_id, visit.pop("found_on", None)],
    )
    values = {"portal": "halong", "url_key": key, "class": kind, "last_status": status, **visit}
    store.connection.execute(
        f"INSERT INTO _visits ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        [*values.values()],
    )


def listing(store: Store, crawl_id: int, name: str, *pages: str, stopped: int = 0,
            articles: tuple[str, ...] = (), **last: object) -> None:  # fmt: skip
    """A listing of some pages that names some articles; ``last`` is said of its last page."""
    walk = f"{HOST}/{name}"
    turned = [walk, *(f"{walk}?page={page}" for page in pages)]
    for key in turned:
        above = {"walk": walk} if key != walk else {}
        more = last if key == turned[-1] else {}
        known(store, crawl_id, key, kind="listing", **above, **more)  # type: ignore[arg-type]
    store.connection.execute(
        "INSERT INTO _walks (portal, walk, crawl_id, whole, whole_at, stopped) "
        "VALUES ('halong', ?, ?, 1, ?, ?)", [walk, crawl_id, AT, stopped],
    )  # fmt: skip
    for position, key in enumerate(articles):
        store.connection.execute(
            "INSERT INTO _listed (portal, walk, url_key, position, crawl_id) "
            "VALUES ('halong', ?, ?, ?, ?)", [walk, key, position, crawl_id],
        )  # fmt: skip


def measured(store: Store) -> Coverage:
    return coverage.coverage(store.connection, "halong")


# Months


def test_months_without_an_article_are_told_and_undated_articles_stand_apart(store: Store) -> None:
    number = begun(store)
    for source_id, day in enumerate(
        ["2023-11-05", "2023-11-30", "2024-02", None, "2024-02-29T08:00:00+07:00"]
    ):
        article(store, number, f"tin-{source_id}", day)
    found = measured(store)
    assert found.months == {"2023-11": 2, "2023-12": 0, "2024-01": 0, "2024-02": 2}
    assert found.empty_months == ("2023-12", "2024-01")
    assert (found.articles, found.undated) == (5, 1)
    assert sum(found.months.values()) + found.undated == found.articles
    assert (found.oldest, found.newest) == ("2023-11-05", "2024-02-29T08:00:00+07:00")


def test_an_archive_without_articles_has_a_coverage(store: Store) -> None:
    assert measured(store).months == {}
    ended(store, begun(store))
    assert measured(store).as_json()["articles"] == 0


# Numbers


def test_numbers_nobody_met_are_told_apart_from_those_asked_for_and_gone(store: Store) -> None:
    number = begun(store)
    for source_id in (101, 102, 103, 108, 109, 110):
        row = article(store, number, f"honggai-{source_id}", f"2024-03-{source_id - 100:02}")
        known(store, number, f"honggai.{HOST}#{source_id}", article_id=row)
    known(store, number, f"honggai.{HOST}#104", state="failed", status=404)
    known(store, number, f"honggai.{HOST}#105", state="pending", status=None)
    known(store, number, f"honggai.{HOST}#106", state="failed", status=503)
    # Out of the span, of another site, no number: they say nothing of this one.
    known(store, number, f"honggai.{HOST}#999", state="failed", status=404)
    known(store, number, f"caoxanh.{HOST}#107", state="failed", status=404)
    known(store, number, f"honggai.{HOST}#gioi-thieu", state="failed", status=404)
    (found,) = counters(store.connection, "halong")
    assert (found.prefix, found.first, found.last, found.held) == ("honggai-", 101, 110, 6)
    assert (found.gone, found.waiting, found.unknown, found.range_count) == (1, 2, 1, 1)
    assert found.ranges == (Range(107, 107, "2024-03-03", "2024-03-08"),)
    assert found.is_dense


def test_each_prefix_has_a_counter_of_its_own_and_few_articles_make_none(store: Store) -> None:
    number = begun(store)
    for source_id in ("1", "2", "4", "7", "8", *(f"bvid-{n}" for n in range(500, 506)), "slug"):
        article(store, number, source_id)
    for source_id in range(4):
        article(store, number, f"caoxanh-{source_id}")
    found = counters(store.connection, "halong")
    assert [(each.prefix, each.held, each.unknown) for each in found] == [
        ("bvid-", 6, 0),
        ("", 5, 3),
    ]
    assert found[1].ranges == (Range(3, 3), Range(5, 6))


def test_a_counter_that_numbers_other_things_too_names_nothing_missing(store: Store) -> None:
    number = begun(store)
    for source_id in range(0, 1000, 100):
        article(store, number, str(source_id))
    found = measured(store)
    assert found.counters[0].unknown == 891
    assert not found.counters[0].is_dense
    assert found.unknown_ids == 0


@given(
    held=st.sets(st.integers(0, 300), min_size=1), gone=st.sets(st.integers(0, 300)),
    waiting=st.sets(st.integers(0, 300)),
)  # fmt: skip
def test_every_number_of_the_span_is_counted_once(
    held: set[int], gone: set[int], waiting: set[int]
) -> None:
    found = _counter("", _Group(dict.fromkeys(held), gone - held, waiting - held))
    span = range(found.first, found.last + 1)
    unknown = [n for n in span if n not in held | gone | waiting]
    assert found.held + found.gone + found.waiting + found.unknown == len(span)
    assert found.unknown == len(unknown)
    told = [n for each in found.ranges for n in range(each.first, each.last + 1)]
    assert set(told) <= set(unknown)
    assert told == sorted(told)
    if found.range_count <= MOST_RANGES:
        assert told == unknown


@given(st.from_regex(r"[a-z]{0,5}-?", fullmatch=True), st.integers(0, 10**14))
def test_an_id_is_split_into_prefix_and_number(prefix: str, number: int) -> None:
    assert split(f"{prefix}{number}") == (prefix, number)
    assert split(f"{number}{prefix}x") is None


# Listings


def test_what_a_listing_names_is_compared_with_what_is_held(store: Store) -> None:
    number = begun(store)
    keys = tuple(f"{HOST}#{n}" for n in range(1, 5))
    for n, key in enumerate(keys[:3], 1):
        row = article(store, number, str(n), f"202{n}-01-01" if n != 1 else None)
        known(store, number, key, article_id=row)
    known(store, number, keys[3], status=404, state="failed")
    # Not on the list as it was read; its own row says that it was found there.
    row = article(store, number, "5", "2019-01-01")
    known(store, number, f"{HOST}#5", article_id=row, kind="page",
          found_on=f"https://{HOST}/tin?page=2")  # fmt: skip
    known(store, number, f"{HOST}/lien-he", kind="page", found_on=f"https://{HOST}/tin")
    listing(store, number, "tin", "2", articles=keys)
    (found,) = measured(store).listings
    assert (found.url, found.pages) == (f"https://{HOST}/tin", 2)
    assert (found.named, found.held) == (5, 4)
    assert (found.oldest, found.last_key) == ("2019-01-01", "halong-3")


@pytest.mark.parametrize(
    ("last", "stopped", "options", "end"),
    [
        ({}, 0, {}, "ended"),
        ({}, 1, {}, "known"),
        ({"state": "pending", "status": None}, 0, {}, "stopped"),
        ({"state": "failed", "status": 500, "failures": 3}, 0, {}, "failed"),
        ({"state": "failed", "status": 0, "failures": 1}, 1, {}, "failed"),
        ({"state": "failed", "status": 404, "failures": 1}, 0, {}, "ended"),
        ({"state": "refused", "status": None}, 0, {}, "refused"),
        ({}, 0, {"since": "2025-01-01"}, "since"),
    ],
)
def test_why_a_listing_was_left_before_its_end(
    store: Store, last: dict[str, object], stopped: int, options: dict[str, object], end: str
) -> None:
    number = begun(store, **options)
    listing(store, number, "tin", "2", "3", stopped=stopped, **last)
    ended(store, number)
    (found,) = measured(store).listings
    assert found.end == end
    assert end in ENDS
    assert found.is_whole == (end == "ended")
    assert found.ended_at == (LATER if end == "ended" else None)
    assert measured(store).listings_open == int(end != "ended")


def test_what_is_too_deep_is_told_unless_it_was_asked_for_on_another_way(store: Store) -> None:
    number = begun(store)
    listing(store, number, "tin")
    found_on = f"https://{HOST}/tin"
    known(store, number, f"{HOST}/near", kind="page")
    store.skip(number, "halong", f"https://{HOST}/near", "too_deep", found_on=found_on, at=AT)
    assert measured(store).listings[0].end == "ended"
    store.skip(number, "halong", f"https://{HOST}/far", "too_deep", found_on=found_on, at=AT)
    assert measured(store).listings[0].end == "too_deep"


def test_an_end_reached_once_is_remembered_when_a_later_walk_stops_early(store: Store) -> None:
    first = begun(store)
    listing(store, first, "tin", "2")
    ended(store, first)
    second = begun(store)
    store.connection.execute("UPDATE _walks SET crawl_id = ?, stopped = 1", [second])
    ended(store, second)
    (found,) = measured(store).listings
    assert (found.end, found.ended_at, found.is_whole) == ("known", LATER, True)


def test_what_the_portal_says_is_kept_with_the_page_that_says_it(store: Store) -> None:
    first = begun(store)
    row = article(store, first, "1")
    (capture_id,) = store.connection.execute("SELECT max(id) FROM captures").fetchone()
    known(store, first, f"{HOST}#1", article_id=row)
    listing(store, first, "tin", "2", articles=(f"{HOST}#1",))
    listing(store, first, "anh")

    def say(crawl_id: int, key: str, items: int | None, pages: int | None, words: str) -> None:
        total = Total(items, pages, words)
        totals.note(store.connection, "halong", f"{HOST}/{key}", crawl_id, capture_id, total)

    say(first, "tin", 790, None, "Tổng số: 790 bản ghi")
    say(first, "tin?page=2", None, 79, "Trang 2/79")  # says less than what is known
    say(first, "anh", None, 3, "Trang 1/3")
    say(first, "lien-he", 7, None, "Có 7 kết quả")  # of no listing
    tin, anh = measured(store).listings
    assert (tin.says, tin.says_pages, tin.printed) == (790, None, "Tổng số: 790 bản ghi")
    assert (anh.says, anh.says_pages, anh.capture_id) == (None, 3, capture_id)
    assert "the portal says 790 (“Tổng số: 790 bản ghi”); names 1" in said(store, "halong")
    assert "the portal says 3 pages; names 0" in said(store, "halong")
    ended(store, first)
    second = begun(store)
    say(second, "tin?page=2", 791, None, "Tổng số: 791 bản ghi")
    assert [one.says for one in measured(store).listings] == [791, None]
    rows = store.connection.execute("SELECT crawl_id, items FROM listing_totals ORDER BY 1, 2")
    assert rows.fetchall() == [(first, None), (first, 790), (second, 791)]


# Kept with each crawl


def test_two_crawls_can_be_compared(store: Store) -> None:
    first = begun(store)
    for source_id in range(1, 7):
        article(store, first, str(2 * source_id), "2024-01-01")
    listing(store, first, "tin", "2", state="pending", status=None)
    ended(store, first, "max_pages")
    before = measured(store)
    second = begun(store)
    article(store, second, "3", "2024-03-01")
    store.connection.execute("UPDATE _frontier SET state = 'done'")
    store.connection.execute("UPDATE _walks SET crawl_id = ?", [second])
    ended(store, second)
    assert coverage.kept(store.connection, first) == before
    assert coverage.kept(store.connection, second) == measured(store)
    rows = store.connection.execute(
        "SELECT crawl_id, articles, months_empty, ids_unknown, listing_count, listings_open "
        "FROM crawl_coverage ORDER BY crawl_id"
    ).fetchall()
    assert rows == [(first, 6, 0, 5, 1, 1), (second, 7, 1, 4, 1, 0)]


def test_a_killed_crawl_is_measured_by_who_finds_it(store: Store) -> None:
    number = begun(store)
    article(store, number, "1", "2024-01-01")
    store.close()
    with Store(store.archive, generator="test/1") as later:
        left = coverage.kept(later.connection, number)
    assert left is not None
    assert (left.crawl_id, left.articles, left.at) == (number, 1, AT)


def test_a_fault_in_measuring_does_not_undo_the_end_of_a_crawl(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begun(store)
    monkeypatch.setattr(coverage, "counters", None)
    with pytest.raises(TypeError):
        ended(store, number)
    row = store.connection.execute("SELECT status, coverage FROM crawls").fetchone()
    assert row == ("finished", None)


def test_an_archive_of_schema_4_learns_to_measure(store: Store) -> None:
    number = begun(store)
    listing(store, number, "tin")
    ended(store, number)
    run = store.connection.execute
    seals.release(store.connection)
    run("DROP VIEW crawl_coverage")
    run("DROP VIEW crawl_monitors")
    run("DROP TABLE listing_totals")
    for table, column in (("crawls", "coverage"), ("crawls", "monitors"), ("_walks", "ended_at")):
        run(f"ALTER TABLE {table} DROP COLUMN {column}")
    run("DELETE FROM schema_info")
    run("INSERT INTO schema_info VALUES (4, '', '')")
    run("DELETE FROM _sqlite_migrations WHERE name = '0009_coverage'")
    migrate(store.connection, generator="test/2")
    assert schema_version(store.connection) == SCHEMA_VERSION
    assert measured(store).listings[0].ended_at == AT
    for name in ("crawl_coverage", "crawl_monitors", "listing_totals"):
        assert run(f"SELECT * FROM {name}").fetchall() == []


# The command


def said(store: Store, *words: str, code: int = 0) -> str:
    store.commit()
    done = CliRunner().invoke(main, ["coverage", *words, "--archive", str(store.archive.path)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_says_what_is_missing_and_why(store: Store) -> None:
    number = begun(store)
    for source_id, year in enumerate((2019, 2019, 2022, 2022, 2023), 1):
        article(store, number, str(source_id * 3 - source_id // 5 * 2), f"{year}-06-01")
    listing(store, number, "xong", articles=(f"{HOST}#1",))
    listing(store, number, "dang-do", "2", state="pending", status=None)
    ended(store, number, "max_time")
    text = " ".join(said(store, "halong").split())
    assert "5 articles held, from 2019-06-01 to 2023-06-01" in text
    assert "No article in 46 months: 2019-07 to 2022-05, 2022-07 to 2023-05" in text
    assert "2020 0 · · · · · · · · · · · ·" in text
    assert "Ids 3–13: 5 held; the rest says nothing" in text
    assert "the end of 1 of 2 was reached" in text
    assert "to be asked for: 1 (the time given (--max-time) was over); its end was never" in text
    assert text.index("/dang-do") < text.index("/xong")


def test_the_longest_ranges_are_told_with_their_time(store: Store) -> None:
    number = begun(store)
    for source_id in (1, 2, 3, 4, 7, 8):
        article(store, number, str(source_id), f"2024-0{source_id}-01")
    text = said(store, "halong")
    assert "Ids 1–8: 6 held, 2 unknown" in text
    assert "5–6: 2 unknown, about 2024-04 to 2024-07" in text


def test_json_holds_all_of_it_and_an_earlier_crawl_can_be_asked_for(store: Store) -> None:
    first = begun(store)
    article(store, first, "1", "2024-01-01")
    ended(store, first)
    second = begun(store)
    article(store, second, "2", "2024-01-02")
    ended(store, second)
    now = json.loads(said(store, "halong", "--json"))
    then = json.loads(said(store, "halong", "--json", "--crawl", str(first)))
    assert (now["articles"], then["articles"], then["crawl_id"]) == (2, 1, first)
    assert Coverage.from_json(now) == measured(store)


def test_what_the_archive_does_not_know_is_one_line(store: Store) -> None:
    other = replace(PORTAL, name="quangninh")
    store.put_portal(other)
    number = begun(store)
    for words, line in (
        (["nowhere"], "the archive has no portal nowhere"),
        (["halong", "--crawl", "99"], "the archive has no crawl 99"),
        (["halong", "--crawl", str(number)], f"crawl {number} left no coverage"),
    ):
        assert line in said(store, *words, code=2)
    ended(store, number)
    line = f"the archive has no crawl {number} of quangninh"
    assert line in said(store, "quangninh", "--crawl", str(number), code=2)
    assert "0 articles held; not crawled" in said(store, "quangninh")
