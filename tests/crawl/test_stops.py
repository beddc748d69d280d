"""A crawl ends in good order, says why, goes on later, and its counts add up."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.place import Archive
from archive.stops import STOPS
from halong_crawler import settings
from halong_crawler.budget import seconds, size
from halong_crawler.cli import main
from halong_crawler.cli.crawl import crawl_settings
from halong_crawler.cli.errors import Exit, UserError
from tests.crawl.runs import PATIENCE, ROOT, run
from tests.crawl.served import Answer, Served, article_page, descriptor

COUNT = 30
HOME = "".join(f'<a href="/bai-{n}-p13n{n}.html">Bài {n}</a>' for n in range(1, COUNT + 1))
LONG = f"<a href='/{'a' * 2100}'>a</a>"
"""A link that is refused as soon as it is met; what robots.txt forbids is when its turn comes."""
KNOWN = COUNT + 3
ROBOTS = Answer(b"User-agent: *\nDisallow: /admin/\n", headers={"Content-Type": "text/plain"})
PAGES = {
    "/robots.txt": ROBOTS,
    "/": Answer(f"<html><body>{HOME}<a href='/admin/x'>x</a>{LONG}</body></html>".encode()),
    **{
        f"/bai-{n}-p13n{n}.html": Answer(article_page(f"Bài số {n} về việc trồng cây"))
        for n in range(1, COUNT + 1)
    },
}
PARTS = ("done", "skipped", "failed", "pending")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive")
    made.create()
    return made


def described(archive: Archive, served: Served) -> None:
    (archive.portals_dir / "small.toml").write_text(descriptor(served.host))


def reported(
    archive: Archive, *options: str, code: int = 0, env: dict[str, str] | None = None
) -> dict[str, Any]:
    """The report of a crawl made now, whose sum is what the tables say."""
    done = run("crawl", "small", "--report", "-", *options, archive=archive, env=env)
    assert done.returncode == code, done.stderr
    (report,) = json.loads(done.stdout)
    assert report["known"] == sum(report[name] for name in PARTS) == len(known(archive))
    for name in ("skipped", "failed"):
        assert len(report[f"{name}_urls"]) == report[name]
        assert report[f"{name}_met_again"] == 0
    assert sum(report["skipped_by_reason"].values()) == report["skipped"]
    if report["reason"] is not None:
        assert report["exit_code"] == code
    return dict(report)


def known(archive: Archive) -> set[str]:
    """Every URL the latest crawl knew, from the rows."""
    latest = "= (SELECT max(id) FROM crawls)"
    walked = rows(archive, f"SELECT url FROM _frontier WHERE crawl_id {latest}")
    skipped = rows(archive, f"SELECT url FROM skipped_urls WHERE last_crawl_id {latest}")
    return {url for (url,) in [*walked, *skipped]}


def told(archive: Archive, *words: str, code: int = 0) -> str:
    """What ``halong report`` says of a crawl made before."""
    result = CliRunner().invoke(main, ["report", *words, "--archive", str(archive.path)])
    assert result.exit_code == code, result.output
    return result.output


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(archive.database) as connection:
        return connection.execute(sql).fetchall()


# Budgets


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
    # Told from the archive alone: the same, also of a crawl whose URLs the next one has taken up.
    assert json.loads(told(archive, "small", "--json")) == second
    again = json.loads(told(archive, "--crawl", str(first["crawl"]), "--json"))
    for name in ("status", "reason", "known", *PARTS, "skipped_by_reason", "outcomes", "fields"):
        assert again[name] == first[name]
    assert again["skipped_met_again"] + len(again["skipped_urls"]) == first["skipped"] == 1


def test_the_report_names_what_was_skipped_and_what_failed_with_its_last_word(
    archive: Archive,
) -> None:
    more = "<a href='/mat-p13n98.html'>a</a><a href='/cam-p13n99.html?utm_source=x'>b</a>"
    pages = {
        **PAGES,
        "/": Answer(PAGES["/"].body.replace(b"</body>", f"{more}</body>".encode())),
        "/cam-p13n99.html": Answer(status=403),
    }
    with Served(pages) as served:
        described(archive, served)
        report = reported(archive)
    root = f"http://{served.host}"
    assert [(row["reason"], row["url"]) for row in report["skipped_urls"]] == [
        ("robots", f"{root}/admin/x"), ("url_too_long", f"{root}/{'a' * 2100}"),
    ]  # fmt: skip
    failed = {row["url"].partition("?")[0]: row for row in report["failed_urls"]}
    assert {url: (row["outcome"], row["status"]) for url, row in failed.items()} == {
        f"{root}/mat-p13n98.html": ("not_found", 404),
        f"{root}/cam-p13n99.html": ("refused", 403),
    }
    assert {row["found_on"] for row in failed.values()} == {f"{root}/"}
    assert (report["known"], report["done"]) == (KNOWN + 2, COUNT + 1)
    text = told(archive, "small")
    assert f"known:    {KNOWN + 2} = {COUNT + 1} done + 2 skipped + 2 failed + 0 pending" in text


# Trouble


class Dying(Served):
    """Answers so many requests and is gone."""

    left = 12

    def answer(self, path: str) -> Answer:
        self.left -= 1
        if self.left == 0:
            threading.Thread(target=self.__exit__).start()
        return super().answer(path)


def test_a_portal_that_dies_midway_ends_the_crawl(archive: Archive, tmp_path: Path) -> None:
    with Dying(PAGES) as served:
        described(archive, served)
        done = scrapy_crawl(archive, HALONG_MOST_SILENT=5)
    assert STOPS["errors"].meaning in done.stderr
    assert rows(archive, "SELECT status, reason FROM crawls") == [("stopped", "errors")]
    report = json.loads(told(archive, "--json"))
    assert report["outcomes"]["unreachable"] == 5
    assert report["known"] == KNOWN
    assert 15 <= report["pending"] <= COUNT


def test_a_portal_that_fails_every_other_time_ends_the_crawl(archive: Archive) -> None:
    broken = {f"/bai-{n}-p13n{n}.html": Answer(status=500) for n in range(2, COUNT, 2)}
    with Served({**PAGES, **broken}) as served:
        described(archive, served)
        done = scrapy_crawl(archive, HALONG_MOST_SILENT=5, HALONG_FAILED_OF=10)
    assert STOPS["error_share"].meaning in done.stderr
    assert rows(archive, "SELECT status, reason FROM crawls") == [("stopped", "error_share")]
    assert len(served.asked) < COUNT / 2


def test_a_nearly_full_disk_ends_the_crawl_before_it_is_full(archive: Archive) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        full = reported(archive, code=4, env={"HALONG_LEAST_FREE": str(10**18)})
        assert (full["status"], full["reason"]) == ("stopped", "disk")
        assert (full["known"], full["pending"]) == (1, 1)
        assert reported(archive)["articles_new"] == COUNT


def scrapy_crawl(archive: Archive, **values: object) -> subprocess.CompletedProcess[str]:
    words = [f"-s{name}={value}" for name, value in values.items()]
    env = {"HALONG_PATIENCE": PATIENCE, "HALONG_ARCHIVE": str(archive.path)}
    return run("crawl", "small", *words, module="scrapy", env=env)


# Signals and kills


@pytest.mark.parametrize(
    ("sent", "times"), [(signal.SIGINT, 1), (signal.SIGINT, 2), (signal.SIGTERM, 1)]
)
def test_an_interrupt_ends_a_crawl_and_nothing_kept_is_lost(
    archive: Archive, sent: signal.Signals, times: int
) -> None:
    pages = dict(PAGES)
    if times == 2:  # an answer that never ends is on its way
        pages["/bai-5-p13n5.html"] = Answer(b" ", drip=0.1)
    with Served(pages) as served:
        described(archive, served)
        process = begun(archive, "--delay=0.3")
        while "/bai-5-p13n5.html" not in served.asked and process.poll() is None:
            time.sleep(0.05)
        for _ in range(times):
            os.kill(process.pid, sent)
            time.sleep(0.1)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 5, err
        assert err.count(f"Received {sent.name}, shutting down gracefully") == 1
        assert STOPS["shutdown"].meaning in out
        sums = re.search(r"known: +(\d+) = (\d+) done \+ 1 skipped \+ 0 failed \+ (\d+) pe", out)
        assert sums is not None
        assert int(sums[1]) == KNOWN == int(sums[2]) + 1 + int(sums[3])
        assert archive.lock.read_text() == ""
        wal = Path(f"{archive.database}-wal")
        assert not wal.exists() or wal.stat().st_size == 0
        assert rows(archive, "PRAGMA integrity_check") == [("ok",)]
        served.pages = PAGES
        second = reported(archive)
    assert second["pending"] == 0
    assert rows(archive, "SELECT count(*) FROM articles") == [(COUNT,)]


def test_a_crawl_that_goes_on_for_a_killed_one_knows_all_that_one_knew(archive: Archive) -> None:
    with Served(PAGES) as served:
        described(archive, served)
        process = begun(archive, "--delay=0.2")
        deadline = time.monotonic() + 60
        while captures(archive) < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        process.communicate()
        resumed = reported(archive)
    assert captures(archive) >= 4
    assert [resumed[name] for name in ("known", *PARTS)] == [KNOWN, COUNT + 1, 2, 0, 0]
    killed = json.loads(told(archive, "--crawl", "1", "--json"))
    assert (killed["status"], killed["reason"], killed["exit_code"]) == ("killed", None, None)
    assert killed["known"] == KNOWN == sum(killed[name] for name in PARTS)
    assert killed["done"] >= 3
    assert (killed["skipped"], killed["skipped_urls"], killed["skipped_met_again"]) == (1, [], 1)


def begun(archive: Archive, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "halong_crawler.cli", "crawl", "small", *options,
         "--archive", str(archive.path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def captures(archive: Archive) -> int:
    try:
        return int(rows(archive, "SELECT count(*) FROM captures")[0][0])
    except sqlite3.OperationalError:  # not made yet
        return 0


# Words


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
    done = CliRunner().invoke(main, ["crawl", "halong", option, "--archive", str(archive.path)])
    assert done.exit_code == 2
    assert f"'{option.partition('=')[0]}'" in done.output


def test_a_wrong_limit_of_the_disk_is_one_clear_line(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HALONG_LEAST_FREE", "much")
    with pytest.raises(UserError, match="HALONG_LEAST_FREE: 'much' is no number") as caught:
        crawl_settings(archive.path)
    assert caught.value.code is Exit.USAGE


@pytest.mark.parametrize("reason", STOPS)
def test_every_reason_has_an_exit_code_that_is_documented(reason: str) -> None:
    stop = STOPS[reason]
    assert Exit(stop.code) in (Exit.FINE, Exit.ARCHIVE, Exit.STOPPED)
    assert stop.meaning
    assert stop.then


def test_a_report_that_cannot_be_written_is_told_before_the_crawl(archive: Archive) -> None:
    words = ["crawl", "halong", "--report", "/nowhere/report.json", "--archive", str(archive.path)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2
    assert "/nowhere/report.json: the report cannot be written (/nowhere is no folder)" in (
        done.output
    )
    assert not archive.database.exists()


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        ([], 4, "holds no archive; crawl a portal first"),
        (["--crawl", "7"], 4, "holds no archive"),
    ],
)
def test_without_an_archive_there_is_no_report(
    archive: Archive, words: list[str], code: int, line: str
) -> None:
    assert line in told(archive, *words, code=code)
