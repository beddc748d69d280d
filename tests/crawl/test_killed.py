"""A crawl may be killed at any instant: what comes of it in the end is the same archive."""

from __future__ import annotations

import os
import random
import shlex
import subprocess
import sys
import threading
import time
from collections import UserDict
from itertools import pairwise
from pathlib import Path

import pytest

from archive.place import Archive
from archive.store import SECONDS_A_TRANSACTION
from bench.crawling.portal import NAME, Town, descriptor
from halong_crawler.cli.errors import Exit
from tests.crawl.bigportal import Big
from tests.crawl.bigportal import served as served_big
from tests.crawl.quick import begin, quick
from tests.crawl.runs import PATIENCE, ROOT, halong
from tests.crawl.served import Answer, Served
from tests.crawl.served import descriptor as facts
from tests.crawl.whole import differences, proved

ARTICLES = 1850
"""With the pages of the listing and the sections of the menu, 2,009 pages."""
FEW = 250
KILLS = 50
FEW_KILLS = 6
TWICE = 100
"""Pages a kill may cost asking for again."""
QUICK = {"HALONG_PATIENCE": PATIENCE}


def town(articles: int) -> dict[str, Answer]:
    """The answers of a portal that does not change."""
    plain = {"/robots.txt": {"Content-Type": "text/plain"}}
    pages = Town(articles).pages().items()
    return {path: Answer(body, headers=plain.get(path, {})) for path, body in pages}


def seeded() -> random.Random:
    """Moments by chance, which a failure names so that it can be repeated."""
    seed = int(os.environ.get("HALONG_KILL_SEED", "0")) or random.randrange(1, 10**6)
    print(f"HALONG_KILL_SEED={seed} repeats the moments")  # noqa: T201  # shown when it fails
    return random.Random(seed)


@pytest.fixture(scope="module")
def small() -> dict[str, Answer]:
    return town(FEW)


def made(folder: Path, host: str) -> Archive:
    archive = Archive(folder)
    archive.create()
    (archive.portals_dir / f"{NAME}.toml").write_text(descriptor(host), encoding="utf-8")
    return archive


def test_an_archive_of_fifty_killed_crawls_equals_that_of_one_never_killed(tmp_path: Path) -> None:
    pages = town(ARTICLES)
    moments = seeded()
    with Served(pages) as served:
        whole = made(tmp_path / "whole", served.host)
        quick("crawl", NAME, archive=whole, env=QUICK)
        served.asked.clear()
        killed = made(tmp_path / "killed", served.host)
        asked = [0]
        """Pages asked for more than once, after each kill."""
        for _ in range(KILLS):
            kill_often(killed, tmp_path / "said", moments, 1)
            asked.append(len(served.asked) - len(set(served.asked)))
        quick("crawl", NAME, archive=killed, env=QUICK)
    assert max(after - before for before, after in pairwise(asked)) <= TWICE
    assert proved(whole) >= len(pages)
    assert proved(killed) >= len(pages)
    assert differences(killed, whole) == {}


def kill_often(archive: Archive, said: Path, moments: random.Random, times: int) -> None:
    """Crawl, be killed, crawl on: so many times, at moments by chance."""
    for _ in range(times):
        process = begin("crawl", NAME, archive=archive, said=said, env=QUICK)
        process.join(moments.uniform(0.1, 1.0))
        assert process.exitcode is None, said.read_text()
        process.kill()
        process.join()


def test_files_and_traps_come_out_of_killed_crawls_as_of_one_never_killed(tmp_path: Path) -> None:
    portal = Big(articles=300, pages=150, a_file_in=30, still=True)
    with served_big(portal) as (host, _):
        whole, killed = made(tmp_path / "whole", host), made(tmp_path / "killed", host)
        quick("crawl", NAME, archive=whole, env=QUICK)
        kill_often(killed, tmp_path / "said", seeded(), FEW_KILLS)
        quick("crawl", NAME, archive=killed, env=QUICK)
    assert sum(path.is_file() for path in killed.files_dir.rglob("*")) == 10
    assert proved(killed) >= proved(whole)
    assert differences(killed, whole) == {}


@pytest.mark.parametrize("room", [1_000, 3_000])
def test_a_full_disk_loses_nothing_and_the_crawl_goes_on_when_there_is_room(
    small: dict[str, Answer], tmp_path: Path, room: int
) -> None:
    """``room`` are the kilobytes any one file may have: the database's or its log's, or the WARC's.

    The system says so at a write, as it does when a disk is full.
    """
    with Served(small) as served:
        whole, filled = made(tmp_path / "whole", served.host), made(tmp_path / "f", served.host)
        quick("crawl", NAME, archive=whole, env=QUICK)
        crawl = f"{shlex.quote(sys.executable)} -m halong_crawler.cli crawl {NAME}"
        stopped = subprocess.run(
            ["bash", "-c", f"ulimit -f {room}; {crawl} --archive {shlex.quote(str(filled.path))}"],
            capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
            env={**os.environ, **QUICK},
        )  # fmt: skip
        assert stopped.returncode == Exit.ARCHIVE, stopped.stderr
        assert "Traceback" not in stopped.stderr
        assert proved(filled) < len(small)
        quick("crawl", NAME, archive=filled, env=QUICK)
    assert proved(filled) >= len(small)
    assert differences(filled, whole) == {}


def test_a_server_that_dies_midway_costs_nothing_but_time(
    small: dict[str, Answer], tmp_path: Path
) -> None:
    with Served(small) as served:
        port = served.port
        whole, left = made(tmp_path / "whole", served.host), made(tmp_path / "left", served.host)
        quick("crawl", NAME, archive=whole, env=QUICK)
        served.asked.clear()
        words = ["-m", "halong_crawler.cli", "crawl", NAME, "--archive", str(left.path)]
        with (tmp_path / "said").open("w") as said:
            crawl = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, stderr=said,
                env={**os.environ, "HALONG_PATIENCE": "0.0001"},
            )  # fmt: skip
        while len(served.asked) < FEW // 2:
            assert crawl.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.01)
    assert crawl.wait(60) == Exit.STOPPED, (tmp_path / "said").read_text()
    with Served(small, port=port):
        halong("crawl", NAME, archive=left)
    assert proved(left) >= len(small)
    # What was asked for while nobody answered is on record, and all else is as if it had not been.
    (only,) = differences(left, whole).items()
    assert (only[0], {outcome for _, _, outcome, _ in only[1].more}) == (
        "captured",
        {"unreachable"},
    )
    assert not only[1].less


class Twins(UserDict[str, Answer]):
    """A page, one that takes longer than a transaction, and the first page's words once more."""

    def __init__(self) -> None:
        super().__init__()
        self.held = threading.Event()
        """Whether the second page has its say."""
        self.goes_on = threading.Event()
        links = "<a href='/mot'>1</a> <a href='/cham'>2</a> <a href='/hai'>3</a>"
        text = "<h1>Giới thiệu</h1><p>Địa chỉ, điện thoại và thư điện tử của ủy ban.</p>"
        self.data = {
            "/": Answer(f"<h1>Trang chủ</h1>{links}".encode()),
            "/mot": Answer(text.encode()),
            "/cham": Answer(b"<h1>Trang n\xc3\xa0y l\xc3\xa2u</h1>"),
            "/hai": Answer(f"{text}<a href='/bay?so=3'>3</a>".encode()),
            "/bay?so=3": Answer(f"{text}<a href='/bay?so=4'>4</a>".encode()),
        }

    def __getitem__(self, path: str) -> Answer:
        if path == "/cham":
            time.sleep(SECONDS_A_TRANSACTION + 0.1)
        if path == "/hai" and not self.goes_on.is_set():
            self.held.set()
            self.goes_on.wait(60)
        return super().__getitem__(path)


def test_a_killed_crawl_remembers_the_words_of_pages_so_that_traps_do_not_grow(
    tmp_path: Path,
) -> None:
    pages = Twins()
    with Served(pages) as served:
        whole, killed = Archive(tmp_path / "whole"), Archive(tmp_path / "killed")
        for archive in (whole, killed):
            archive.create()
            text = facts(served.host)
            (archive.portals_dir / f"{NAME}.toml").write_text(text, encoding="utf-8")
        process = begin("crawl", NAME, archive=killed, said=tmp_path / "said", env=QUICK)
        assert pages.held.wait(60), (tmp_path / "said").read_text()
        process.kill()
        process.join()
        pages.goes_on.set()
        for archive in (killed, whole):
            quick("crawl", NAME, archive=archive, env=QUICK)
    assert proved(killed) >= proved(whole)
    assert differences(killed, whole) == {}
