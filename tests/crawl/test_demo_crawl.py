"""A whole crawl, from the portal's pages to the rows, against the portal's own truth."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from archive.place import Archive
from archive.records import Article
from archive.warc import read_response
from halong_crawler.demo import DemoServer
from halong_crawler.portal import load
from halong_crawler.reading import read
from tests.crawl.conftest import Rows
from tests.crawl.runs import ROOT, halong, run


def test_demo_finds_all_none_twice_none_invented(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = Archive(tmp_path_factory.mktemp("a path with spaces") / "archive")
    output = halong("demo", "--no-serve", archive=place)
    for name, count in (("demo_halong", 40), ("demo_quangninh", 20)):
        assert (
            f"{name}: {count} articles read, {count} on the portal, 0 missing, 0 invented, 0 twice"
            in output
        )


def test_a_second_demo_adds_nothing(tmp_path: Path) -> None:
    place = Archive(tmp_path / "archive")
    halong("demo", "--no-serve", archive=place)
    halong("demo", "--no-serve", archive=place)
    rows = Rows(place)
    assert rows.one("SELECT count(*) FROM articles") == 60
    assert rows.one("SELECT count(*) FROM crawls") == 4


def test_every_article_of_the_portal_is_kept_once(crawled: Rows, server: DemoServer) -> None:
    keys = [key for (key,) in crawled.all("SELECT key FROM articles ORDER BY key")]
    assert keys == sorted(f"demo_halong-{key}" for key in server.halong.articles)


def test_a_second_crawl_adds_captures_one_crawl_and_its_root_only(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    before = crawled.counts()
    halong("crawl", server.halong.name, "--full", archive=archive)
    after = crawled.counts()
    readers = {name for name in after if not name.startswith("_")}
    assert {name for name in readers if after[name] != before[name]} == {
        "captures", "crawls", "chain",
    }  # fmt: skip
    assert after["crawls"] == before["crawls"] + 1
    assert crawled.one("SELECT articles_unchanged FROM crawls ORDER BY id DESC LIMIT 1") == 40


def test_an_edit_is_a_version_that_names_what_changed(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    key = "61638"
    old = server.halong.articles[key]
    server.halong.edit(
        key, title="Đại hội Đảng bộ phường: đính chính", byline="Tác giả: Lê Văn Tám"
    )
    halong("crawl", server.halong.name, "--full", archive=archive)
    version = crawled.one(
        "SELECT number, changed, title, previous_seen_at, captured_at FROM article_versions v "
        "JOIN articles a ON a.id = v.article_id WHERE a.key = ? AND number > 1".replace(
            "title", "v.title"
        ),
        f"demo_halong-{key}",
    )
    number, changed, title, not_before, not_after = version
    assert (number, title) == (2, "Đại hội Đảng bộ phường: đính chính")
    assert json.loads(changed) == ["title", "byline", "authors"]
    assert not_before <= not_after
    first = crawled.one(
        "SELECT v.title FROM article_versions v JOIN articles a ON a.id = v.article_id "
        "WHERE a.key = ? AND number = 1",
        f"demo_halong-{key}",
    )
    assert first == old.title
    assert crawled.one("SELECT count(*) FROM article_versions WHERE number > 1") == 1
    assert crawled.one("SELECT articles_changed FROM crawls ORDER BY id DESC LIMIT 1") == 1


def test_a_challenge_page_is_never_content(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    before = crawled.all("SELECT key, content_sha256, version_count FROM articles")
    server.halong.block()
    output = halong("crawl", server.halong.name, "--full", archive=archive, code=5)
    assert crawled.all("SELECT key, content_sha256, version_count FROM articles") == before
    outcomes = [
        outcome
        for (outcome,) in crawled.all(
            "SELECT outcome FROM captures "
            "WHERE crawl_id = (SELECT max(id) FROM crawls) ORDER BY id DESC"
        )
    ]
    assert "article" not in outcomes
    # A portal that wants no robot is not hammered: eight times in a row (its sitemaps and feeds are
    # still served, whenever their turn comes), then once after each pause.
    last = next(n for n, outcome in enumerate(outcomes) if outcome != "challenge")
    assert 8 <= last <= 11
    assert crawled.one("SELECT count(*) FROM _frontier WHERE state = 'pending'") > 20
    assert "challenge" in output
    assert "pages of 127.0.0.1" in output


def test_a_page_that_is_gone_takes_nothing_from_the_archive(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    server.halong.fail("61638", 404)
    halong("crawl", server.halong.name, "--full", archive=archive)
    assert crawled.one("SELECT count(*) FROM articles WHERE key = 'demo_halong-61638'") == 1
    assert crawled.one("SELECT count(*) FROM captures WHERE outcome = 'not_found'") >= 1


def test_a_failing_server_is_asked_three_times(archive: Archive, server: DemoServer) -> None:
    server.halong.fail("61638", 503)
    halong("crawl", server.halong.name, archive=archive)
    rows = Rows(archive)
    assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'server_error'") == 3
    assert rows.one("SELECT state FROM _frontier WHERE url_key LIKE '%#61638'") == "failed"
    assert rows.one("SELECT failed FROM crawls") == 3
    assert rows.one("SELECT count(*) FROM articles") == 39


def test_what_must_not_be_asked_for_is_not(crawled: Rows, server: DemoServer) -> None:
    asked = server.halong.requests
    assert not [path for path in asked if path.startswith("/quan-tri")]
    assert not [path for path in asked if path.startswith("/print/")]
    assert not [path for path in asked if path.rstrip("/").endswith(("/en", "/vi"))]
    reasons = dict(crawled.all("SELECT reason, count(*) FROM skipped_urls GROUP BY reason"))
    assert {"robots", "language_recursion", "portal_state"} <= set(reasons)
    assert crawled.one("SELECT count(*) FROM captures WHERE outcome = 'robots'") == 1


def test_an_article_met_under_many_urls_is_one_with_its_aliases(crawled: Rows) -> None:
    ornaments = crawled.all("SELECT url, kind FROM article_urls WHERE url LIKE '%utm_source%'")
    assert ornaments
    assert {kind for _, kind in ornaments} == {"alias"}
    assert crawled.one("SELECT count(*) FROM article_urls WHERE kind = 'canonical'") == 40
    assert not crawled.all("SELECT url FROM articles WHERE url LIKE '%utm_source%'")


def test_the_report_counts_every_url_once(crawled: Rows, archive: Archive) -> None:
    report = json.loads(halong("report", "demo_halong", "--json", archive=archive))
    walked = crawled.all("SELECT url, state FROM _frontier")
    refused = {url for (url,) in crawled.all("SELECT url FROM skipped_urls")}
    settled = {url for url, state in walked if state != "refused"}
    assert report["known"] == len({url for url, _ in walked} | refused)
    assert report["done"] + report["failed"] + report["pending"] == len(settled)
    assert report["skipped"] == len(refused - settled) == len(report["skipped_urls"])
    assert {row["url"] for row in report["skipped_urls"]} == refused - settled
    assert report["pending"] == 0


def test_limit_is_met_to_the_article(archive: Archive, server: DemoServer) -> None:
    output = halong("crawl", server.halong.name, "--limit", "7", archive=archive)
    assert Rows(archive).one("SELECT count(*) FROM articles") == 7
    assert "the articles asked for (--limit) were read" in output
    halong("crawl", server.halong.name, archive=archive)
    assert Rows(archive).one("SELECT count(*) FROM articles") == 40


def test_since_leaves_out_what_listings_date_before(archive: Archive, server: DemoServer) -> None:
    face = server.sharepoint
    halong("crawl", face.name, "--since", "2025-09-10", archive=archive)
    rows = Rows(archive)
    read_ids = {key for (key,) in rows.all("SELECT source_id FROM articles")}
    dates = {key: article.published_at for key, article in face.articles.items()}
    newer = {key for key, day in dates.items() if day is not None and day >= "2025-09-10"}
    undated = {key for key, day in dates.items() if day is None}
    assert newer <= read_ids <= newer | undated
    assert json.loads(rows.one("SELECT options FROM crawls"))["since"] == "2025-09-10"


def test_stored_pages_can_be_read_again(crawled: Rows, archive: Archive) -> None:
    portal = load(archive.portals_dir / "demo_halong.toml")
    records = crawled.all(
        "SELECT c.url, c.fetched_at, c.warc_file, c.warc_offset, c.warc_length, a.source_id, "
        "t.body FROM captures c JOIN articles a ON a.id = c.article_id "
        "JOIN article_texts t ON t.article_id = a.id"
    )
    assert len(records) == 40
    for url, fetched_at, file, offset, length, source_id, body in records:
        stored = read_response(archive.warc_dir, file, offset, length)
        assert (stored.url, stored.fetched_at) == (url, fetched_at)
        article = read(
            stored.body, url, portal=portal, captured_at=datetime.fromisoformat(fetched_at),
            headers=stored.headers,
        )  # fmt: skip
        assert isinstance(article, Article)
        assert (article.source_id, article.body) == (source_id, body)


def test_the_imprint_is_kept_once(crawled: Rows, archive: Archive, server: DemoServer) -> None:
    owner, number, day = crawled.one("SELECT owner, licence_number, licence_date FROM imprints")
    assert (owner, number, day) == ("UBND Thành phố Hạ Long", "318/GP-STTT", "2024-02-14")
    halong("crawl", server.halong.name, archive=archive)
    assert crawled.one("SELECT count(*) FROM imprints") == 1


def test_scrapy_knows_every_portal_as_a_spider(archive: Archive, server: DemoServer) -> None:
    env = {"HALONG_ARCHIVE": str(archive.path)}
    listed = run("list", module="scrapy", env=env).stdout.split()
    assert {"halong", "quangninh", "hanoi_sotttt", "demo_halong"} <= set(listed)
    done = run("crawl", "demo_halong", "-a", "limit=3", module="scrapy", env=env)
    assert done.returncode == 0, done.stderr
    assert Rows(archive).one("SELECT count(*) FROM articles") == 3


def test_a_kill_loses_nothing_and_the_next_crawl_goes_on(
    archive: Archive, server: DemoServer
) -> None:
    command = [
        sys.executable,
        "-m",
        "halong_crawler.cli",
        "crawl",
        "demo_halong",
        "--delay",
        "0.05",
    ]
    crawl = subprocess.Popen(
        [*command, "--archive", str(archive.path)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while committed(archive) < 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    crawl.send_signal(signal.SIGKILL)
    crawl.wait()
    rows = Rows(archive)
    kept = rows.one("SELECT count(*) FROM captures")
    assert 10 <= kept < 90
    assert rows.one("PRAGMA integrity_check") == "ok"
    for file, offset, length in rows.all(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE warc_file IS NOT NULL"
    ):
        read_response(archive.warc_dir, file, offset, length)
    halong("crawl", "demo_halong", archive=archive)
    assert rows.one("SELECT count(*) FROM articles") == 40
    assert rows.all("SELECT status FROM crawls ORDER BY id") == [("killed",), ("finished",)]


def committed(archive: Archive) -> int:
    """Captures another process sees; 0 while there is no database yet."""
    if not archive.database.exists():
        return 0
    with closing(sqlite3.connect(archive.database, timeout=5)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM captures").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_a_second_writer_is_told_who_writes(archive: Archive, server: DemoServer) -> None:
    command = [sys.executable, "-m", "halong_crawler.cli", "crawl", "demo_halong", "--delay", "1"]
    crawl = subprocess.Popen(
        [*command, "--archive", str(archive.path)], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not archive.database.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        output = halong("crawl", "demo_quangninh", archive=archive, code=4)
        assert f"is being written by process {crawl.pid} since" in output
        assert "crawling demo_halong (python" in output
        assert "crawl demo_halong --delay 1" in output
        assert "Traceback" not in output
        # The first Ctrl-C ends the crawl cleanly, and what it had is kept.
        crawl.send_signal(signal.SIGINT)
        assert crawl.wait(timeout=60) == 5
        assert Rows(archive).one("SELECT status FROM crawls") == "stopped"
    finally:
        crawl.kill()
