"""A crawl takes no more memory for a portal of a hundred thousand pages than for a small one."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.bigportal import NAME, Big, descriptor, served
from tests.crawl.runs import ROOT

BIG = Big(articles=55_000, pages=43_000)
"""With the listing 100,750 pages; 110 files, and twice as many addresses that are refused."""
MOST = 250
"""Megabytes."""
GROWS = 10
"""Megabytes by which memory may grow once so many pages are fetched:"""
FROM = 20_000
EACH = 5_000


class Watched:
    """A crawl in a process of its own, and what it took."""

    def __init__(self, archive: Archive, asked: Synchronized[int], *words: str) -> None:
        self.curve: dict[int, int] = {}
        """Requests, about every five thousand → megabytes resident."""
        self.peak = 0
        first, due = asked.value, EACH
        command = [sys.executable, "-m", "halong_crawler.cli", "crawl", NAME, *words,
                   "--archive", str(archive.path)]  # fmt: skip
        with (archive.path / "said").open("wb") as said:
            process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        while process.poll() is None:
            time.sleep(0.2)
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")
            self.peak = max(self.peak, _megabytes(status, "VmHWM"))
            if asked.value - first >= due:
                due += EACH
                self.curve[asked.value - first] = _megabytes(status, "VmRSS")
        assert process.returncode == 0, (archive.path / "said").read_text("utf-8")
        self.requests = asked.value - first


def _megabytes(status: str, name: str) -> int:
    """A line of /proc/PID/status; 0 for a process that has ended and is not yet buried."""
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found is not None else 0


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_flat_over_a_hundred_thousand_pages(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    with served(BIG) as (host, asked):
        (archive.portals_dir / f"{NAME}.toml").write_text(descriptor(host), encoding="utf-8")
        for words in ((), ("--full",)):
            crawl = Watched(archive, asked, *words)
            print(words, f"peak {crawl.peak} MB", crawl.curve)  # noqa: T201  # the measure
            assert crawl.requests >= 100_000
            assert crawl.peak < MOST
            (base, *later) = (size for count, size in crawl.curve.items() if count >= FROM)
            assert max(later) <= base + GROWS
