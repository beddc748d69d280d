"""``python -m bench.crawling.capture``: what evidence costs, in CPU time and in bytes.

The same crawl with capture and without it, in turn; the WARC's size beside what went over the
wire; and what a second crawl of the unchanged portal adds to it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from bench.crawling.__main__ import Cost, an_article, ours, run
from bench.crawling.portal import NAME, served


def _uncaptured(host: str, folder: Path) -> Cost:
    return ours(host, folder, ("bench.crawling.uncaptured",))


def _stored(folder: Path) -> int:
    """Bytes of all WARC files."""
    return sum(path.stat().st_size for path in folder.glob("*.warc.gz"))


def _wire(folder: Path) -> int:
    """Bytes of all requests and answers, as they went over the wire."""
    total = 0
    for path in folder.glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                if record.rec_type in ("request", "response"):
                    total += record.length
    return total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawling.capture", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000, help="of the larger portal")
    parser.add_argument("--pairs", type=int, default=3, help="so often each side crawls")
    wanted = parser.parse_args()
    with served(100) as few, served(wanted.articles) as many:
        ratios = []
        for number in range(wanted.pairs):
            with_it, without = an_article(ours, few, many), an_article(_uncaptured, few, many)
            ratios.append(with_it / without)
            print(
                f"pair {number + 1}: {with_it * 1000:.2f} ms of CPU an article with capture, "
                f"{without * 1000:.2f} ms without: {ratios[-1]:.2f} ×",
                flush=True,
            )
        print(f"\nwith capture a crawl takes {statistics.median(ratios):.2f} × the CPU time")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ours(many, folder)
            warcs = folder / "archive" / "warc"
            first, wire = _stored(warcs), _wire(warcs)
            print(f"the WARC takes {first / wire:.2f} × the bytes of the wire")
            words = ["halong_crawler.cli", "crawl", NAME, "--archive", str(folder / "archive")]
            run(words, folder / "log")
            print(f"a second crawl adds {_stored(warcs) / first - 1:.1%} to it")


if __name__ == "__main__":
    main()
