"""``python -m bench.reparsing.many``: memory and time of ``halong reparse`` on a large archive.

Articles of the bench's portal, each captured many times; every twentieth is kept as another reader
might have read it, without its author. What counts is that the memory of the command, with every
process it starts, does not grow with the archive. A million captures take an hour and 10 GB.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from archive.place import Archive
from archive.records import Article, Page
from bench.crawling.portal import NAME, Town
from bench.reparsing.stored import HOST, as_read, captured, described_town, filling

_STORIES = 1000
"""Different texts; beyond, each comes again under other numbers and titles."""
_EVERY = 20
_NUMBERS = 100_000
"""What lies between the numbers of a story and its next appearance."""


def large_archive(folder: Path, articles: int, times: int) -> Archive:
    """An archive of ``articles`` × ``times`` captures."""
    with filling(folder) as (store, writer):
        portal = described_town(store)
        crawl = store.begin_crawl(NAME, started_at=_day(0), options={})
        for number, (url, html) in enumerate(_pages(articles)):
            first: Page | None = None
            for day in range(times):
                capture = captured(writer, url, _day(day), html)
                if first is None:
                    reader = _nobody if number % _EVERY == 0 else _as_it_is
                    first = page = as_read(capture, portal, html, reader)
                else:
                    outcome = first.capture.outcome
                    page = replace(first, capture=replace(capture, outcome=outcome))
                store.keep(crawl, page)
                store.tick()
        store.finish_crawl(crawl, finished_at=_day(times), status="finished", reason="finished")
    return store.archive


def _pages(articles: int) -> Iterator[tuple[str, bytes]]:
    town = Town(_STORIES, host=HOST)
    stories = [(town.path(story), town.page(story)) for story in town.stories]
    for number in range(articles):
        again, which = divmod(number, len(stories))
        path, html = stories[which]
        slug, _, tail = path.rpartition("-p13n")
        source_id = int(tail.removesuffix(".html")) + again * _NUMBERS
        shown = html.replace("</h1>", f" {again}</h1>", 1) if again else html
        yield f"http://{HOST}{slug}-p13n{source_id}.html", shown.encode()


def _day(number: int) -> str:
    return f"2026-03-{number + 1:02}T03:15:00Z"


def _as_it_is(article: Article) -> Article:
    return article


def _nobody(article: Article) -> Article:
    return replace(article, byline=None, authors=())


def _memory(process: int) -> float:
    """Megabytes of a process and those it started, pages they share counted once."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has ended meanwhile
        return 0.0
    own = next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return own / 1024 + sum(_memory(int(child)) for child in children)


def _measured(archive: Archive, *words: str) -> tuple[float, float]:
    """Seconds, and the most megabytes, of ``halong reparse``."""
    command = [sys.executable, "-m", "halong_crawler.cli", "reparse", *words]
    began, most = time.monotonic(), 0.0
    with subprocess.Popen(
        [*command, "--archive", str(archive.path)], stdout=subprocess.DEVNULL
    ) as run:
        while run.poll() is None:
            most = max(most, _memory(run.pid))
            time.sleep(1)
    if run.returncode:
        raise SystemExit(f"halong reparse ended with {run.returncode}")
    return time.monotonic() - began, most


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.reparsing.many", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--captures", type=int, default=10, help="of each article, 27 at most")
    wanted = parser.parse_args()
    total = wanted.articles * wanted.captures
    with tempfile.TemporaryDirectory() as folder:
        archive = large_archive(Path(folder) / "archive", wanted.articles, wanted.captures)
        for what, words in (("read again", ()), ("and written", ("--apply",))):
            seconds, most = _measured(archive, *words)
            print(
                f"{total:,} captures {what}: {seconds:,.0f} s, {total / seconds:,.0f} a second, "
                f"{most:,.0f} MB at most",
                flush=True,
            )


if __name__ == "__main__":
    main()
