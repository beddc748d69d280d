"""``python -m bench.reparsing``: pages a CPU second of ``halong reparse``, beside two others.

The project's own pages of known templates, each captured many times, are the archive. Its WARC is
read again by Halong (the whole command with every process it starts: read, compared with what is
stored, kept as findings), read by trafilatura, and its pages are read by Halong's reader alone,
from memory. Of a small archive and a large one, so that what starting costs falls out as the peer's
imports do; in turn, so that whatever else the machine does falls on all. The ratios are what
counts; the pages a second are this machine's.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from archive.place import Archive
from bench.reading.cost import Page, frozen_pages
from bench.reading.frozen import PAGES, frozen
from bench.reparsing.stored import PLAIN, archive_of_frozen
from halong_crawler.heap import keep_freed
from halong_crawler.reading import read

_FEW = 20
"""Captures of each page in the small archive: enough that processes are started for it."""
PEER = Path(__file__).with_name("peer.py")
_PR_SET_CHILD_SUBREAPER = 36
"""<linux/prctl.h>"""
PEERS_PYTHON = Path(".venv-bench/bin/python")


def reparse(archive: Archive) -> float:
    """CPU seconds of the whole command, findings thrown away before."""
    for path in archive.path.glob(".reparse.db*"):
        path.unlink()
    before = os.times()
    words = ["halong_crawler.cli", "reparse", "--json", "--archive", str(archive.path)]
    done = subprocess.run([sys.executable, "-m", *words], check=True, capture_output=True)
    _wait_for_all()
    after = os.times()
    told = json.loads(done.stdout)
    if told["different"] or told["damaged"] or told["failed"]:
        raise SystemExit("the archive does not read as it was read a moment ago")
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def _adopt_orphans() -> None:
    """Have processes that outlive the command become this one's children: their time counts."""
    if sys.platform != "linux":
        raise SystemExit("the time of every process can be had on Linux only")
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _wait_for_all() -> None:
    with suppress(ChildProcessError):
        while True:
            os.wait()


def reading(pages: Sequence[Page]) -> float:
    """CPU seconds of the reader on pages in memory."""
    began = time.process_time()
    for page in pages:
        read(
            page.html, page.url, portal=page.portal, captured_at=page.captured_at,
            headers={"content-type": PLAIN},
        )  # fmt: skip
    return time.process_time() - began


def peer(archive: Archive, python: Path) -> float:
    """CPU seconds of trafilatura for as many pages as there are."""
    paths = sorted(archive.warc_dir.glob("*.warc.gz"))
    done = subprocess.run([python, PEER, *paths], check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["seconds"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.reparsing", description=__doc__)
    parser.add_argument("--captures", type=int, default=100, help="of each page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", type=Path, default=PEERS_PYTHON, help="Python with trafilatura")
    wanted = parser.parse_args()
    keep_freed()  # as the command does
    _adopt_orphans()
    pages = [page for page in frozen_pages(frozen(PAGES)) if page.group == "known"]
    with tempfile.TemporaryDirectory() as folder:
        large = archive_of_frozen(Path(folder) / "large", pages, wanted.captures)
        small = archive_of_frozen(Path(folder) / "small", pages, _FEW)
        size = sum(len(page.html) for page in pages) / len(pages) / 1000
        total = len(pages) * wanted.captures
        print(f"{total} captures of {len(pages)} pages of known templates, {size:.0f} kB each")
        rounds = []
        for number in range(wanted.rounds):
            ours = (reparse(large) - reparse(small)) / len(pages) / (wanted.captures - _FEW)
            alone = reading(pages * wanted.captures) / total
            theirs = peer(large, wanted.peer) / total
            rounds.append((theirs / ours, ours / alone))
            print(
                f"round {number + 1}: halong reparse {1 / ours:,.0f} pages a CPU second, "
                f"reading alone {1 / alone:,.0f}, trafilatura {1 / theirs:,.0f}: "
                f"{theirs / ours:.1f} × and {ours / alone:.2f} ×",
                flush=True,
            )
    faster, dearer = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"\n{faster:.1f} × trafilatura's pages, {dearer:.2f} × the cost of reading alone")


if __name__ == "__main__":
    main()
