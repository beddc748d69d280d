"""A portal's wishes and troubles: robots.txt, Retry-After, quiet hours, hosts that fail."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from archive.place import Archive
from tests.crawl.conftest import Rows
from tests.crawl.runs import PATIENCE, ROOT, halong, run
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.crawl.test_odd_answers import home

ARTICLE = Answer(article_page("Hội nghị thứ nhất"))


@dataclass
class Crawled:
    rows: Rows
    served: Served
    output: str
    code: int

    def asked(self, path: str) -> list[float]:
        """When a path was asked for."""
        return [at for at, asked in self.served.times if asked == path]


def crawl(
    tmp_path: Path,
    pages: Mapping[str, Answer | list[Answer]],
    *,
    patience: str = PATIENCE,
    extra: str = "",
    times: int = 1,
) -> Crawled:
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(pages) as served:
        text = descriptor(served.host) + extra
        (archive.portals_dir / "small.toml").write_text(text, "utf-8")
        for _ in range(times):
            done = run("crawl", "small", archive=archive, env={"HALONG_PATIENCE": patience})
    assert "Traceback" not in done.stderr, done.stderr
    return Crawled(Rows(archive), served, done.stdout + done.stderr, done.returncode)


# robots.txt


def test_without_robots_txt_nothing_is_asked_for(tmp_path: Path) -> None:
    """RFC 9309, 2.3.1.4; and the crawl ends, with the pages pending, and says so."""
    pages = {"/": ARTICLE, "/robots.txt": Answer(status=429)}
    done = crawl(tmp_path, pages, patience="0.0002")
    assert set(done.served.asked) == {"/robots.txt"}
    assert 2 <= len(done.served.asked) <= 6
    assert done.code == 6
    assert f"1 page of {done.served.host} wait until" in done.output
    assert "(robots.txt: status 429)" in done.output
    assert done.rows.all("SELECT state, attempts FROM _frontier") == [("pending", 0)]
    assert done.rows.one("SELECT status || ', ' || reason FROM crawls") == "stopped, waiting"


def test_a_robots_txt_that_comes_later_is_waited_for_and_obeyed(tmp_path: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /kin", headers={"Content-Type": "text/plain"})
    pages = {
        "/": home("/kin/x", "/mot-p13n1.html"),
        "/mot-p13n1.html": ARTICLE,
        "/robots.txt": [Answer(status=503), Answer(status=503), rules],
    }
    done = crawl(tmp_path, pages)
    assert done.code == 0
    assert done.served.asked == ["/robots.txt"] * 3 + ["/", "/mot-p13n1.html"]
    assert done.rows.all("SELECT key FROM articles") == [("small-1",)]
    assert "answers again" in done.output


def test_a_dead_host_is_not_crawled_on(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    (archive.portals_dir / "small.toml").write_text(descriptor("127.0.0.1:9"), "utf-8")
    env = {"HALONG_PATIENCE": "0.0002"}
    output = halong("crawl", "small", archive=archive, code=6, env=env)
    assert "not a single page was reached" in output
    rows = Rows(archive)
    assert {url for (url,) in rows.all("SELECT url FROM captures")} == {
        "http://127.0.0.1:9/robots.txt"
    }


def test_a_captcha_in_the_place_of_robots_txt_holds_no_rules_and_is_noted(tmp_path: Path) -> None:
    wall = b"<!DOCTYPE html><html><body><form>Disallow: nobody</form></body></html>"
    done = crawl(tmp_path, {"/": ARTICLE, "/robots.txt": Answer(wall)})
    assert done.served.asked == ["/robots.txt", "/"]
    note = done.rows.one("SELECT note FROM captures WHERE outcome = 'robots'")
    assert note == "a web page in the place of robots.txt: it holds no rules"


def test_the_rules_that_were_obeyed_are_found_in_the_capture(tmp_path: Path) -> None:
    text = b"User-agent: Halong\nDisallow: /kin\n\nUser-agent: *\nDisallow: /\n"
    done = crawl(tmp_path, {"/": home("/kin/x"), "/robots.txt": Answer(text)})
    note = done.rows.one("SELECT note FROM captures WHERE outcome = 'robots'")
    assert note.startswith("group 'halong', 1 lines, sha256 ")
    assert note.endswith(": Disallow: /kin")
    assert done.rows.all("SELECT reason FROM skipped_urls") == [("robots",)]


# Retry-After


def test_retry_after_is_honoured_for_the_whole_host(tmp_path: Path) -> None:
    busy = Answer(status=429, headers={"Retry-After": "1"})
    pages = {
        "/": home("/mot-p13n1.html", "/hai-p13n2.html"),
        "/mot-p13n1.html": [busy, ARTICLE],
        "/hai-p13n2.html": Answer(article_page("Hội nghị thứ hai")),
    }
    done = crawl(tmp_path, pages)
    assert done.code == 0
    assert done.rows.one("SELECT count(*) FROM articles") == 2
    first, second = done.asked("/mot-p13n1.html")
    assert second - first >= 1
    assert done.asked("/hai-p13n2.html")[0] - first >= 1


def test_a_long_retry_after_outlives_the_crawl(tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    busy = Answer(status=503, headers={"Retry-After": format_datetime(later, usegmt=True)})
    pages = {"/": home("/mot-p13n1.html"), "/mot-p13n1.html": busy}
    done = crawl(tmp_path, pages, times=2)
    # The second crawl, a process of its own, asks nothing at all.
    assert done.served.asked == ["/robots.txt", "/", "/mot-p13n1.html"]
    assert done.code == 6
    ((url, not_before),) = done.rows.all(
        "SELECT url, not_before FROM _frontier WHERE state = 'pending' AND not_before IS NOT NULL"
    )
    assert url.endswith("/mot-p13n1.html")
    assert abs(datetime.fromisoformat(not_before) - later) < timedelta(seconds=10)
    assert "wait until" in done.output


# Failing hosts


def test_a_host_that_fails_is_left_alone_and_tried_with_one_request(tmp_path: Path) -> None:
    paths = [f"/tin-p13n{number}.html" for number in range(1, 13)]
    broken = Answer(status=500)
    pages: dict[str, Answer | list[Answer]] = {"/": home(*paths)}
    pages |= {path: [broken, ARTICLE] for path in paths[:6]}
    pages |= {path: Answer(article_page(f"Tin {path}")) for path in paths[6:]}
    done = crawl(tmp_path, pages, patience="0.004")
    assert done.code == 0
    assert done.rows.one("SELECT count(*) FROM articles") == 12
    lines = [line for line in done.output.splitlines() if "in a row" in line]
    # 300 and 600 s, times patience: the breaker opens at the fifth failure and the sixth.
    assert [line.split(": ")[1].split(" ")[0] for line in lines] == ["5", "6"]
    assert "server_error, status 500" in lines[0]
    times = [at for at, path in done.served.times if path in paths]
    assert times[5] - times[4] >= 300 * 0.8 * 0.004
    assert times[6] - times[5] >= 600 * 0.8 * 0.004
    assert done.rows.one("SELECT failures FROM _hosts") == 0


def test_a_few_broken_pages_do_not_close_a_host(tmp_path: Path) -> None:
    paths = [f"/tin-p13n{number}.html" for number in range(1, 13)]
    pages = {path: Answer(article_page(f"Tin {path}")) for path in paths}
    pages |= {path: Answer(status=500) for path in paths[::2]}
    done = crawl(tmp_path, {"/": home(*paths), **pages})
    assert done.code == 0
    assert done.rows.one("SELECT count(*) FROM articles") == 6
    assert done.rows.one("SELECT count(*) FROM _frontier WHERE state = 'failed'") == 6
    assert "in a row" not in done.output


def test_a_page_that_says_no_is_asked_once(tmp_path: Path) -> None:
    done = crawl(tmp_path, {"/": home("/a", "/b"), "/a": Answer(status=403)})
    assert len(done.asked("/a")) == len(done.asked("/b")) == 1
    assert done.code == 0


def test_a_wait_outlives_a_kill(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    pages = {
        "/": home("/mot-p13n1.html", "/hai-p13n2.html"),
        "/mot-p13n1.html": Answer(status=503, headers={"Retry-After": "3000"}),
        "/hai-p13n2.html": Answer(article_page("Hội nghị thứ hai")),
    }
    with Served(pages) as served:
        (archive.portals_dir / "small.toml").write_text(descriptor(served.host), "utf-8")
        command = [sys.executable, "-m", "halong_crawler.cli", "crawl", "small"]
        running = subprocess.Popen(
            [*command, "--archive", str(archive.path)], cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        rows = Rows(archive)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not _waits(rows):
            time.sleep(0.1)
        running.send_signal(signal.SIGKILL)
        running.wait()
        asked = len(served.asked)
        halong("crawl", "small", archive=archive, code=6)
        assert len(served.asked) == asked == 3


def _waits(rows: Rows) -> bool:
    """Whether the wait is committed; the database may not be there yet."""
    if not rows.archive.database.exists():
        return False
    tables = rows.one("SELECT count(*) FROM sqlite_master WHERE name = '_hosts'")
    return bool(tables) and bool(rows.all("SELECT 1 FROM _hosts WHERE failures > 0"))


# Quiet hours


def test_in_quiet_hours_nothing_is_asked_for(tmp_path: Path) -> None:
    now = datetime.now(UTC) + timedelta(hours=7)
    span = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    done = crawl(tmp_path, {"/": ARTICLE}, extra=f'quiet = "{span}"\n')
    assert done.served.asked == []
    assert done.code == 5
    assert "quiet hours until" in done.output
    assert done.rows.all("SELECT state FROM _frontier") == [("pending",)]
    assert done.rows.one("SELECT reason FROM crawls") == "quiet"


def test_a_patience_that_is_no_number_is_told(tmp_path: Path) -> None:
    env = {"HALONG_PATIENCE": "little"}
    output = halong("crawl", "halong", archive=Archive(tmp_path), code=2, env=env)
    assert "HALONG_PATIENCE: 'little' is no number" in output
    assert "Traceback" not in output
