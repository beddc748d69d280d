"""``python -m bench.crawling``: CPU time a page of ``halong crawl`` beside plain Scrapy.

Both crawl the same portal at the same server, in turn, each in a process of its own; of a portal
with few pages and one with many, so that what starting costs falls out. The ratio is what counts;
the milliseconds are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.crawling.portal import NAME, descriptor, served

Crawl = Callable[[str, Path], int]
"""Host and an empty folder → articles that were read."""


@dataclass(frozen=True)
class Cost:
    """One crawl."""

    articles: int
    seconds: float
    """Of CPU, user and system."""


def run(words: list[str], log: Path) -> float:
    """Run a command; the CPU seconds it took."""
    before = os.times()
    with log.open("w") as said:
        subprocess.run([sys.executable, "-m", *words], check=True, stdout=said, stderr=said)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def _count(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


def ours(host: str, folder: Path, module: tuple[str, ...] = ("halong_crawler.cli",)) -> Cost:
    """``halong crawl`` into a new archive."""
    archive = folder / "archive"
    (archive / "portals").mkdir(parents=True)
    (archive / "portals" / f"{NAME}.toml").write_text(descriptor(host), encoding="utf-8")
    seconds = run([*module, "crawl", NAME, "--archive", str(archive)], folder / "log")
    return Cost(_count(archive / "halong.db"), seconds)


def plain(host: str, folder: Path) -> Cost:
    """Plain Scrapy into a new database."""
    database = folder / "plain.db"
    seconds = run(["bench.crawling.plain", host, str(database)], folder / "log")
    return Cost(_count(database), seconds)


def an_article(crawl: Callable[[str, Path], Cost], few: str, many: str) -> float:
    """CPU seconds of one article with its share of all other pages."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "few", Path(folder) / "many"
        small.mkdir()
        large.mkdir()
        first, second = crawl(few, small), crawl(many, large)
    return (second.seconds - first.seconds) / (second.articles - first.articles)


def _stages(host: str) -> dict[str, float]:
    """Stage → its share of a crawl's CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "samples"
        ours(host, Path(folder), ("bench.crawling.where", str(out)))
        samples: dict[str, int] = json.loads(out.read_text())
    return {stage: count / sum(samples.values()) for stage, count in samples.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawling", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="of the larger portal")
    parser.add_argument("--pairs", type=int, default=3, help="so often each side crawls")
    wanted = parser.parse_args()
    with served(100) as few, served(wanted.articles) as many:
        pairs = []
        for number in range(wanted.pairs):
            pair = an_article(ours, few, many), an_article(plain, few, many)
            pairs.append(pair)
            print(
                f"pair {number + 1}: halong {pair[0] * 1000:.2f} ms of CPU an article, "
                f"plain Scrapy {pair[1] * 1000:.2f} ms: {pair[0] / pair[1]:.2f} ×",
                flush=True,
            )
        ratio = statistics.median(mine / theirs for mine, theirs in pairs)
        print(f"\nhalong takes {ratio:.2f} × what plain Scrapy takes (middle of {len(pairs)})\n")
        print("where halong's time goes, start included:")
        for stage, share in sorted(_stages(many).items(), key=lambda item: -item[1]):
            print(f"  {stage:<28}{share:6.1%}")


if __name__ == "__main__":
    main()
