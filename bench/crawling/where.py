"""Where the CPU time of a crawl goes: ``halong crawl`` under a sampler.

``python -m bench.crawling.where OUT crawl NAME --archive DIR``; OUT gets the shares as JSON.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

STAGES = (
    ("halong_crawler/reading", "reading"),
    ("halong_crawler/discovery", "links"),
    ("halong_crawler/revisit", "scheduling"),
    ("halong_crawler/frontier", "scheduling"),
    ("archive/visits", "scheduling"),
    ("archive/walks", "scheduling"),
    ("archive/warc", "WARC"),
    ("archive/", "keeping and indexing"),
    ("halong_crawler/extensions/progress", "progress"),
    ("halong_crawler/", "our part between the rooms"),
    ("scrapy/", "Scrapy"),
    ("twisted/", "Twisted"),
)
"""Part of a module's path → the stage its time belongs to. The innermost frame that is named
decides, so that what a stage asks of a library counts as its own."""

_INTERVAL = 0.002
"""Seconds of CPU time between two samples."""


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        for part, stage in STAGES:
            if part in path:
                return stage
        frame = frame.f_back
    return "start"


def main() -> None:
    """Crawl under the sampler."""
    out, *words = sys.argv[1:]
    samples: Counter[str] = Counter()

    def take(_: int, frame: FrameType | None) -> None:
        samples[_stage(frame)] += 1

    signal.signal(signal.SIGPROF, take)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    from halong_crawler.cli import main as halong  # noqa: PLC0415  # its imports are measured too

    try:
        halong(words, prog_name="halong")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(out).write_text(json.dumps(samples))


if __name__ == "__main__":
    main()
