"""Each monitor raises what it is there for, and is quiet about what is usual or by chance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import comb
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive.monitors import MONITORS, Result, _at_most, judge
from archive.place import Archive
from archive.records import Drift, Page, Published
from archive.store import Store
from halong_crawler.cli import main
from tests.archive.pages import ARTICLE, PORTAL, capture

FIRST = date(2026, 1, 1)
FIELDS = {"title": 1.0, "byline": 0.9, "tags": 0.05}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Archive(tmp_path), generator="test/1") as opened:
        opened.put_portal(PORTAL)
        yield opened


def crawl(
    store: Store, day: int, *, reason: str = "finished", new: int = 2, again: int = 48,
    not_due: int = 950, fetched: int = 100, outcomes: Mapping[str, int] | None = None,
    fields: Mapping[str, int] | None = None, options: Mapping[str, object] | None = None,
    drift: tuple[Drift, ...] = (), end: bool = True,
) -> int:  # fmt: skip
    """A crawl with given numbers, on a day counted from the first; its number."""
    at = f"{FIRST + timedelta(days=day)}T03:00:00Z"
    number = store.begin_crawl("halong", started_at=at, options=options or {})
    run = store.connection.execute
    read = new + again
    found = {name: round(share * read) for name, share in FIELDS.items()} | dict(fields or {})
    run("UPDATE crawls SET fetched = ?, articles_new = ?, articles_unchanged = ?, "
        "articles_not_due = ?, fields = ? WHERE id = ?",
        [fetched, new, again, not_due, json.dumps(found), number])  # fmt: skip
    for outcome, count in (outcomes or {}).items():
        for _ in range(count):
            run("INSERT INTO captures (crawl_id, portal, url, fetched_at, outcome) "
                "VALUES (?, 'halong', 'x', ?, ?)", [number, at, outcome])  # fmt: skip
    if end:
        status = "finished" if reason == "finished" else "stopped"
        store.finish_crawl(number, finished_at=at, status=status, reason=reason, drift=drift)
    return number


def usual(store: Store, runs: int = 5, **numbers: Any) -> int:
    """The first crawl of all and some usual ones; the next day's number."""
    crawl(store, 0, new=1000, again=0, not_due=0, fetched=1200)
    for day in range(1, runs):
        crawl(store, day, **numbers)
    return runs


def of(results: tuple[Result, ...], monitor: str, subject: str = "") -> Result:
    (one,) = [each for each in results if (each.monitor, each.subject) == (monitor, subject)]
    return one


def found(store: Store, number: int, monitor: str, subject: str = "") -> Result:
    return of(store.crawl_summary(number).monitors, monitor, subject)


def test_a_usual_crawl_raises_nothing_and_every_monitor_speaks(store: Store) -> None:
    day = usual(store)
    options = {"expected": {"articles": 900, "fill": {"byline": 0.8}}}
    results = store.crawl_summary(crawl(store, day, options=options)).monitors
    assert {each.level for each in results} == {"ok"}
    assert {each.monitor for each in results} == set(MONITORS)


def test_a_first_crawl_has_nothing_usual_to_be_measured_by(store: Store) -> None:
    results = store.crawl_summary(crawl(store, 0, new=1000, again=0)).monitors
    assert {each.level for each in results} == {"ok"}
    assert "too few runs" in of(results, "pages").text
    assert of(results, "pages").value is None


@pytest.mark.parametrize(
    ("monitor", "outcomes", "level"),
    [
        ("failures", {"server_error": 4, "refused": 1}, "ok"),
        ("failures", {"server_error": 4, "refused": 2}, "warning"),
        ("failures", {"unreachable": 11, "truncated": 10}, "alarm"),
        ("failures", {"not_found": 90}, "ok"),
        ("unreadable", {"unreadable": 1}, "warning"),
        ("unreadable", {"unreadable": 2}, "alarm"),
        ("unreadable", {"article": 50}, "ok"),
        ("challenges", {"challenge": 2}, "ok"),
        ("challenges", {"challenge": 2, "needs_javascript": 1}, "warning"),
        ("challenges", {"challenge": 30}, "alarm"),
    ],
)
def test_shares_of_what_went_wrong(
    store: Store, monitor: str, outcomes: dict[str, int], level: str
) -> None:
    result = found(store, crawl(store, 0, outcomes=outcomes), monitor)
    assert result.level == level
    assert ("." in result.text.rpartition("%)")[2]) == (level != "ok")  # advice, if need be


def test_two_failures_of_few_requests_are_chance(store: Store) -> None:
    number = crawl(store, 0, fetched=5, outcomes={"server_error": 2})
    assert found(store, number, "failures").level == "ok"


def test_the_usual_is_told_beside_what_was_seen(store: Store) -> None:
    day = usual(store, outcomes={"server_error": 1})
    result = found(store, crawl(store, day, outcomes={"server_error": 9}), "failures")
    assert result.text.startswith("9 of 100 answers brought no page (9.0%); usually 1.0%. See")


@pytest.mark.parametrize(
    ("name", "filled", "level"),
    [
        ("byline", 45, "ok"),
        ("byline", 40, "ok"),  # by chance
        ("byline", 30, "warning"),
        ("byline", 10, "alarm"),
        ("title", 49, "ok"),
        ("title", 20, "alarm"),
        ("tags", 0, "ok"),  # rare ones come and go
    ],
)
def test_a_field_is_measured_by_the_runs_before(
    store: Store, name: str, filled: int, level: str
) -> None:
    day = usual(store)
    number = crawl(store, day, fields={name: filled})
    assert found(store, number, "fill", name).level == level


@pytest.mark.parametrize(
    ("floor", "filled", "level"), [(0.8, 45, "ok"), (0.95, 45, "ok"), (0.95, 38, "warning"),
                                   (1.0, 49, "warning"), (0.95, 5, "alarm")],
)  # fmt: skip
def test_a_field_is_measured_by_the_descriptor(
    store: Store, floor: float, filled: int, level: str
) -> None:
    options = {"expected": {"fill": {"byline": floor}}}
    result = found(
        store, crawl(store, 0, options=options, fields={"byline": filled}), "fill", "byline"
    )
    assert result.level == level
    assert f"expects {floor:.0%}" in result.text


def test_a_field_the_crawl_never_read_is_below_its_floor(store: Store) -> None:
    options = {"expected": {"fill": {"published_at": 0.9}}}
    number = crawl(store, 0, options=options)
    assert found(store, number, "fill", "published_at").level == "alarm"


def test_few_articles_of_a_night_are_no_drop(store: Store) -> None:
    day = usual(store)
    number = crawl(store, day, new=2, again=0, fields={"byline": 1, "title": 2})
    assert found(store, number, "fill", "byline").level == "ok"
    nothing = crawl(store, day + 1, new=0, again=0)
    assert "no article was read" in found(store, nothing, "fill").text


@given(of=st.integers(1, 60), share=st.floats(0.01, 0.99), data=st.data())
def test_chance_is_the_binomial_distributions(of: int, share: float, data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, of))
    exact = sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(seen + 1))
    assert _at_most(seen, of, share) == pytest.approx(exact, abs=1e-9)


def test_chance_goes_over_smoothly_to_many_articles() -> None:
    assert _at_most(880, 999, 0.9) == pytest.approx(_at_most(881, 1000, 0.9), rel=0.1)
    assert [_at_most(9, 10, 1.0), _at_most(10, 10, 1.0), _at_most(0, 10, 0.0)] == [0, 1, 1]


@pytest.mark.parametrize(
    ("numbers", "monitor", "level"),
    [
        ({"not_due": 900}, "articles_met", "ok"),
        ({"not_due": 800}, "articles_met", "warning"),
        ({"not_due": 300}, "articles_met", "alarm"),
        ({"fetched": 40}, "pages", "ok"),
        ({"fetched": 25}, "pages", "warning"),
        ({"fetched": 5}, "pages", "alarm"),
        ({"fetched": 3000}, "pages", "ok"),  # the first crawl was nearly so large
        ({"fetched": 4000}, "pages", "warning"),
        ({"fetched": 40_000}, "pages", "alarm"),
        ({"new": 30}, "articles_new", "ok"),
        ({"new": 31}, "articles_new", "warning"),
        ({"new": 101}, "articles_new", "alarm"),
    ],
)
def test_counts_are_measured_by_the_runs_before(
    store: Store, numbers: dict[str, int], monitor: str, level: str
) -> None:
    number = crawl(store, usual(store), **numbers)
    assert found(store, number, monitor).level == level


@pytest.mark.parametrize(
    "told", [{"reason": "max_pages"}, {"options": {"since": "2026-01-01"}}, {"reason": "errors"}]
)
def test_a_crawl_cut_short_is_not_counted_and_counts_for_nothing(
    store: Store, told: dict[str, Any]
) -> None:
    day = usual(store)
    number = crawl(store, day, not_due=0, fetched=1, **told)
    assert "not whole" in found(store, number, "articles_met").text
    later = crawl(store, day + 1, not_due=800)
    assert "950" not in found(store, later, "articles_met").text
    assert found(store, later, "articles_met").level == "warning"


def test_a_crawl_of_everything_is_compared_with_its_like(store: Store) -> None:
    day = usual(store)
    number = crawl(store, day, fetched=40_000, options={"full": True})
    assert "too few runs" in found(store, number, "pages").text


def test_the_minimum_of_the_descriptor(store: Store) -> None:
    options = {"expected": {"articles": 1001}}
    result = found(store, crawl(store, 0, options=options), "minimum")
    assert result.level == "warning"
    assert "1,000 articles; the descriptor expects 1,001" in result.text
    partial = store.crawl_summary(crawl(store, 1, options=options, reason="limit")).monitors
    assert "minimum" not in {each.monitor for each in partial}


# Silence


def published(store: Store, crawl_id: int, *days: date | None) -> None:
    for number, day in enumerate(days, 1000 * crawl_id):
        url = f"https://halongcity.gov.vn/tin/{number}"
        when = Published(day.isoformat(), "day", str(day), "test") if day else None
        at = store.connection.execute(
            "SELECT started_at FROM crawls WHERE id = ?", [crawl_id]
        ).fetchone()[0]
        one = replace(ARTICLE, source_id=str(number), url=url, published=when)
        store.keep(crawl_id, Page("halong", capture(at, url=url), one))


@pytest.mark.parametrize(
    ("every", "silent", "level"),
    [
        (1, 3, "ok"), (1, 4, "warning"), (1, 7, "alarm"),
        (7, 2, "ok"), (7, 7, "ok"), (7, 8, "warning"), (7, 15, "alarm"),
        (7, 365, "alarm"), (7, 366, "ok"),  # at rest
    ],
)  # fmt: skip
def test_silence_is_measured_by_the_portals_own_rhythm(
    store: Store, every: int, silent: int, level: str
) -> None:
    number = crawl(store, 500, end=False)
    newest = FIRST + timedelta(days=500 - silent)
    # Neither what is years old nor what is dated in the future says anything.
    odd = newest - timedelta(days=3000), FIRST + timedelta(days=501)
    published(store, number, *(newest - timedelta(days=every * n) for n in range(30)), *odd)
    store.finish_crawl(number, finished_at="2027-05-16T04:00:00Z", status="finished",
                       reason="finished")  # fmt: skip
    result = found(store, number, "silence")
    assert (result.level, result.value, result.bound) == (level, silent, max(every, 3))


def test_the_long_silences_of_a_year_are_usual(store: Store) -> None:
    number = crawl(store, 500, end=False)
    newest = FIRST + timedelta(days=490)
    # Nine days at Tet, and years ago a hundred.
    back = (0, 1, 2, 3, 12, 13, 14, 380, 480)
    published(store, number, *(newest - timedelta(days=n) for n in back))
    result = of(judge_whole(store, number), "silence")
    assert (result.value, result.bound, result.level) == (10, 9, "warning")


def judge_whole(store: Store, number: int) -> tuple[Result, ...]:
    store.connection.execute("UPDATE crawls SET reason = 'finished' WHERE id = ?", [number])
    return judge(store.connection, number)


def test_undated_articles_count_from_when_they_were_first_seen(store: Store) -> None:
    first = crawl(store, 0, end=False)
    published(store, first, *[None] * 50)
    store.finish_crawl(first, finished_at="2026-01-01T05:00:00Z", status="finished",
                       reason="finished")  # fmt: skip
    assert "too few days" in found(store, first, "silence").text
    for day in (1, 2, 3, 4, 6):
        published(store, crawl(store, day), None)
    quiet, silent = crawl(store, 8), crawl(store, 11)
    assert found(store, quiet, "silence").level == "ok"
    assert (found(store, silent, "silence").value, found(store, silent, "silence").bound) == (5, 3)
    assert found(store, silent, "silence").level == "warning"


# Drift


def test_a_selector_that_drifted_is_raised_by_what_it_is_for(store: Store) -> None:
    drifted = [Drift(name, "div.k5", 0.98, 0.0, 64, "https://x/1") for name in ("lead", "body")]
    results = store.crawl_summary(crawl(store, 0, drift=tuple(drifted))).monitors
    assert [of(results, "drift", name).level for name in ("lead", "body")] == ["warning", "alarm"]
    assert "halong portal learn halong" in of(results, "drift", "lead").text


# Where they are told


def test_a_killed_crawl_is_judged_by_who_finds_it(store: Store) -> None:
    number = crawl(store, 0, end=False, outcomes={"unreadable": 5})
    store.close()
    with Store(store.archive, generator="test/1") as later:
        results = later.crawl_summary(number).monitors
    assert of(results, "unreadable").level == "alarm"
    assert "not whole" in of(results, "pages").text


def test_the_view_the_report_and_its_json_tell_what_is_not_well(store: Store) -> None:
    number = crawl(store, 0, outcomes={"unreadable": 5, "challenge": 4})
    rows = store.connection.execute(
        "SELECT monitor, level FROM crawl_monitors WHERE crawl_id = ? AND level <> 'ok'", [number]
    ).fetchall()
    assert rows == [("unreadable", "alarm"), ("challenges", "warning")]
    store.commit()
    place = ["--archive", str(store.archive.path)]
    said = CliRunner().invoke(main, ["report", *place]).output
    assert "alarm: unreadable: 5 of 100 answers could not be read" in said
    assert "warning: challenges: 4 of 100" in said
    assert "failures" not in said
    told = json.loads(CliRunner().invoke(main, ["report", "--json", *place]).output)["monitors"]
    assert {each["monitor"] for each in told if each["level"] != "ok"} == {
        "unreadable", "challenges",
    }  # fmt: skip
