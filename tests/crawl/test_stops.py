"""A crawl ends in good order, says why, goes on later, and its counts add up."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from archive.place import Archive
from archive.stops import STOPS
from halong_crawler.budget import seconds, size
from tests.crawl.runs import ROOT, halong, run
from tests.crawl.served import Answer, Served, article_page, descriptor

COUNT = 30
HOME = "".join(f'<a href="/bai-{n}-p13n{n}.html">Bài {n}</a>' for n in range(1, COUNT + 1))
ROBOTS = Answer(b"User-agent: *\nDisallow: /admin/\n", headers={"Content-Type": "text/plain"})
PAGES = {
    "/robots.txt": ROBOTS,
    "/": Answer(f"<html><body>{HOME}<a href='/admin/x'>x</a></body></html>".encode()),
    **{
        f"/bai-{n}-p13n{n}.html": Answer(article_page(f"Bài số {n} về việc trồng cây"))
        for n in range(1, COUNT + 1)
    },
}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive")
    made.create()
    return made


def described(archive: Archive, served: Served, more: str = "") -> None:
    (archive.portals_dir / "small.toml").write_text(descriptor(served.host) + more)


def reported(
    archive: Archive, *options: str, code: int = 0, env: dict[str, str] | None = None
) -> dict[str, Any]:
    done = run("crawl", "small", "--report", "-", *options, archive=archive, env=env)
    assert done.returncode == code, done.stderr
    (report,) = json.loads(done.stdout)
    parts = [report[name] for name in ("done", "skipped", "failed", "pending")]
    assert report["known"] == sum(parts)
    assert len(report["skipped_urls"]) == report["skipped"]
    assert len(report["failed_urls"]) == report["failed"]
    return dict(report)


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ("--max-pages=7", "max_pages"),
        ("--max-bytes=9kB", "max_bytes"),
        ("--max-time=2s", "max_time"),
        ("--limit=5", "limit"),
    ],
)
def test_a_spent_budget_ends_a_crawl_well_and_the_next_goes_on(
    archive: Archive, option: str, reason: str
) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        slow = ["--delay=0.25"] if reason == "max_time" else []
        first = reported(archive, option, *slow)
        assert (first["status"], first["reason"]) == ("finished", reason)
        assert first["meaning"] == STOPS[reason].meaning
        assert 0 < first["articles_new"] < COUNT
        assert first["pending"] > 0
        asked = len(served.asked)
        second = reported(archive)
    assert (second["reason"], second["pending"], second["failed"]) == ("finished", 0, 0)
    assert first["articles_new"] + second["articles_new"] == COUNT
    articles = [path for path in served.asked[asked:] if "p13n" in path]
    assert len(articles) <= COUNT


def test_what_robots_txt_forbids_is_counted_once(archive: Archive) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        report = reported(archive)
    assert [(row["reason"], row["url"]) for row in report["skipped_urls"]] == [
        ("robots", f"http://{served.host}/admin/x")
    ]
    assert report["known"] == COUNT + 2
    assert report["done"] == COUNT + 1


def test_a_portal_that_falls_silent_ends_the_crawl(archive: Archive, tmp_path: Path) -> None:
    pages = {
        path: answer for path, answer in PAGES.items() if "p13n" not in path or path < "/bai-13"
    }
    broken = {path: Answer(status=500) for path in PAGES if path not in pages}
    with Served({**pages, **broken}) as served:
        described(archive, served)
        settings = scrapy_settings(tmp_path, archive, HALONG_MOST_SILENT=5)
        done = crawled(settings)
    assert "too many requests in a row brought no answer" in done.stderr
    (row,) = rows(archive, "SELECT status, reason FROM crawls")
    assert row == ("stopped", "errors")
    assert rows(archive, "SELECT count(*) FROM _frontier WHERE state = 'pending'")[0][0] > 0


def test_a_nearly_full_disk_ends_the_crawl_before_it_is_full(
    archive: Archive, tmp_path: Path
) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        done = crawled(scrapy_settings(tmp_path, archive, HALONG_LEAST_FREE=10**18))
    assert "the archive's disk was nearly full" in done.stderr
    assert rows(archive, "SELECT status, reason FROM crawls") == [("stopped", "disk")]


def scrapy_settings(folder: Path, archive: Archive, **values: object) -> list[str]:
    return [
        f"-s{name}={value}" for name, value in {"HALONG_ARCHIVE": archive.path, **values}.items()
    ]


def crawled(settings: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "small", *settings],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(archive.database) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_ends_a_crawl_and_nothing_kept_is_lost(archive: Archive, times: int) -> None:
    pages = dict(PAGES)
    if times == 2:  # an answer that never ends is on its way
        pages["/bai-5-p13n5.html"] = Answer(b" ", drip=0.1)
    with Served(pages) as served:
        described(archive, served)
        process = subprocess.Popen(
            [sys.executable, "-m", "halong_crawler.cli", "crawl", "small", "--delay=0.3",
             "--archive", str(archive.path)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while "/bai-5-p13n5.html" not in served.asked and process.poll() is None:
            time.sleep(0.05)
        for _ in range(times):
            os.kill(process.pid, signal.SIGINT)
            time.sleep(0.1)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 5, err
        assert "Received SIGINT" in err
        assert "it was interrupted" in out
        served.pages = PAGES
        second = reported(archive)
    assert second["pending"] == 0
    assert rows(archive, "SELECT count(*) FROM articles") == [(COUNT,)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("90s", 90), ("45m", 2700), ("2h 30m", 9000), ("1h", 3600), ("120", 120), ("5 min", 300)],
)
def test_times(text: str, amount: int) -> None:
    assert seconds(text) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("500MB", 500_000_000), ("2 GB", 2 * 10**9), ("7", 7), ("1.5k", 1500)]
)
def test_sizes(text: str, amount: int) -> None:
    assert size(text) == amount


@pytest.mark.parametrize(
    "option", ["--max-time=soon", "--max-bytes=-1", "--max-pages=0", "--max-time="]
)
def test_a_wrong_budget_is_one_clear_line(archive: Archive, option: str) -> None:
    done = run("crawl", "halong", option, archive=archive)
    assert done.returncode == 2
    assert option.partition("=")[0] in done.stderr


def test_a_report_that_cannot_be_written_is_one_line(archive: Archive) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        said = halong("crawl", "small", "--report", "/nowhere/report.json", archive=archive, code=2)
    assert "/nowhere/report.json: the report cannot be written" in said
