"""What reading an article costs, against the floor: parsing the same bytes with lxml.

The pages are those of the demo portals. Both sides run in turn on every page, so that whatever else
the machine does falls on both; CPU time is taken, and the best of the repeats counts. The ratio is
what to compare between two states of the code; the milliseconds are this machine's.

    .venv/bin/python bench/reading.py [REPEATS]
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from lxml import html as lxml_html

from archive.records import Article
from halong_crawler.demo import DemoServer, descriptor
from halong_crawler.portal import Portal, load
from halong_crawler.reading import read

REPEATS = 7


@dataclass(frozen=True)
class Page:
    """An article's page."""

    url: str
    body: bytes
    portal: Portal


def pages() -> list[Page]:
    """Every article's page of both demo portals, over HTTP."""
    found = []
    with DemoServer() as server, tempfile.TemporaryDirectory() as folder:
        for face in (server.halong, server.sharepoint):
            path = Path(folder) / f"{face.name}.toml"
            path.write_text(descriptor(face), encoding="utf-8")
            portal = load(path)
            for key in face.articles:
                url = face.url_of(key)
                with urllib.request.urlopen(url) as answer:
                    found.append(Page(url, answer.read(), portal))
    return found


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for one run."""
    begin = time.process_time_ns()
    work()
    return (time.process_time_ns() - begin) / 1e9


def measure(page: Page, repeats: int) -> tuple[float, float]:
    """Best CPU time of reading and of the floor, interleaved."""
    now = datetime.now(UTC)
    readings, floors = [], []
    for _ in range(repeats):
        readings.append(cpu_seconds(lambda: read_page(page, now)))
        floors.append(cpu_seconds(lambda: lxml_html.document_fromstring(page.body)))
    return min(readings), min(floors)


def read_page(page: Page, now: datetime) -> Article:
    """Read it; a page that is no article would make the measure a lie."""
    article = read(page.body, page.url, portal=page.portal, captured_at=now)
    if not isinstance(article, Article):
        raise SystemExit(f"{page.url}: {article.reason}, {article.because}")
    return article


def main(repeats: int) -> None:
    """Measure every page and print the ratios."""
    corpus = pages()
    for page in corpus:  # caches of selectors and patterns fill once a process
        read_page(page, datetime.now(UTC))
    times = [measure(page, repeats) for page in corpus]
    ratios = sorted(reading / floor for reading, floor in times)
    total = sum(reading for reading, _ in times)
    floor_total = sum(floor for _, floor in times)
    size = sum(len(page.body) for page in corpus)
    print(f"{len(corpus)} pages, {size / len(corpus) / 1000:.1f} KB each, best of {repeats}")
    print(f"reading     {total / len(corpus) * 1000:7.2f} ms of CPU a page")
    print(f"lxml parse  {floor_total / len(corpus) * 1000:7.2f} ms of CPU a page (floor)")
    print(
        f"ratio       {total / floor_total:7.1f} in all; a page {median(ratios):.1f} (median), "
        f"{ratios[0]:.1f} to {ratios[-1]:.1f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS)
