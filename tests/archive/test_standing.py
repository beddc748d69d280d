"""Every URL a crawl knew is done, skipped, failed or pending, and counted once."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from archive import crawls, seals, standing
from archive.records import Capture, Page
from archive.schema import SCHEMA_VERSION, migrate, schema_version
from archive.standing import Standing
from archive.store import Store
from halong_crawler.cli import main

AT = "2025-05-01T03:15:00Z"
ROOT = "https://halongcity.gov.vn/"


def begun(store: Store) -> int:
    return store.begin_crawl("halong", started_at=AT, options={})


def walked(store: Store, crawl_id: int, name: str, state: str, capture: int | None = None) -> None:
    store.connection.execute(
        "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
        "sequence, capture_id) VALUES ('halong', ?, ?, 'page', 1, 20, ?, ?, 0, ?) "
        "ON CONFLICT (portal, url_key) DO UPDATE SET state = excluded.state, "
        "crawl_id = excluded.crawl_id",
        [name, ROOT + name, state, crawl_id, capture],
    )


def skipped(store: Store, crawl_id: int, name: str, reason: str) -> None:
    store.skip(crawl_id, "halong", ROOT + name, reason, found_on=ROOT, at=AT)


def test_a_url_is_counted_once_however_often_it_was_met(store: Store) -> None:
    number = begun(store)
    for name, state in (("a", "done"), ("b", "pending"), ("c", "leased"), ("d", "failed")):
        walked(store, number, name, state)
    walked(store, number, "forbidden", "refused")
    skipped(store, number, "forbidden", "robots")
    skipped(store, number, "forbidden", "too_deep")
    skipped(store, number, "a", "too_deep")  # and met again nearer to the seeds
    skipped(store, number, "deep", "too_deep")
    stands = standing.standing(store.connection, number)
    assert stands == Standing(1, {"robots": 1, "too_deep": 1}, 1, 2)
    assert (stands.known, sum(stands.parts().values())) == (6, 6)
    rows = list(standing.skipped_urls(store.connection, number))
    assert [(row["url"], row["reason"]) for row in rows] == [
        (f"{ROOT}forbidden", "robots"), (f"{ROOT}deep", "too_deep"),
    ]  # fmt: skip


def test_the_sum_of_a_crawl_stays_when_the_next_moves_the_frontier_on(store: Store) -> None:
    first = begun(store)
    walked(store, first, "a", "done")
    walked(store, first, "b", "pending")
    skipped(store, first, "x", "robots")
    skipped(store, first, "y", "robots")
    store.finish_crawl(first, finished_at=AT, status="stopped", reason="shutdown")
    second = begun(store)
    walked(store, second, "b", "done")
    skipped(store, second, "x", "robots")
    assert store.crawl_summary(first).standing == Standing(1, {"robots": 2}, 0, 1)
    assert [row["url"] for row in standing.skipped_urls(store.connection, first)] == [f"{ROOT}y"]
    assert standing.standing(store.connection, second) == Standing(1, {"robots": 1}, 0, 0)


def test_a_killed_crawl_is_counted_by_who_finds_it(store: Store) -> None:
    number = begun(store)
    walked(store, number, "a", "leased")
    store.close()
    with Store(store.archive, generator="test/1") as later:
        later.connection.execute("DELETE FROM _frontier")
        summary = later.crawl_summary(number)
    assert (summary.status, summary.standing.pending) == ("killed", 1)


def test_what_failed_is_told_with_the_capture_that_settled_it(store: Store) -> None:
    number = begun(store)
    capture = Capture(f"{ROOT}plain", AT, "server_error", note="a note", status=500)
    kept = store.keep(number, Page("halong", capture))
    walked(store, number, "ornate?utm=1", "failed", kept.capture_id)
    (row,) = standing.failed_urls(store.connection, number)
    assert (row["url"], row["outcome"], row["status"], row["note"]) == (
        f"{ROOT}ornate?utm=1", "server_error", 500, "a note",
    )  # fmt: skip


def test_a_reason_that_is_not_in_the_list_is_refused(store: Store) -> None:
    number = begun(store)
    with pytest.raises(ValueError, match=r"no reason of archive\.stops\.STOPS"):
        store.finish_crawl(number, finished_at=AT, status="stopped", reason="a whim")


def test_an_archive_of_schema_3_learns_to_count(store: Store) -> None:
    number = begun(store)
    walked(store, number, "a", "done")
    seals.release(store.connection)
    for table, column in (("crawls", "standing"), ("_frontier", "capture_id")):
        store.connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    store.connection.execute("DELETE FROM schema_info")
    store.connection.execute("INSERT INTO schema_info VALUES (3, '', '')")
    store.connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0007_standing'")
    migrate(store.connection, generator="test/2")
    assert schema_version(store.connection) == SCHEMA_VERSION
    assert store.crawl_summary(number).standing == Standing(done=1)


def test_a_crawl_the_archive_does_not_know_is_one_line(store: Store) -> None:
    number = begun(store)
    for words, line in (
        (["--crawl", "99"], "the archive has no crawl 99"),
        (["quangninh"], "the archive has no crawl of quangninh"),
        (["quangninh", "--crawl", str(number)], f"no crawl {number} of quangninh"),
    ):
        place = ["--archive", str(store.archive.path)]
        done = CliRunner().invoke(main, ["report", *words, *place])
        assert done.exit_code == 2
        assert line in done.output
    assert crawls.latest(store.connection) == number
    assert crawls.latest(store.connection, "quangninh") is None
