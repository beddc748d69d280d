"""``halong crawl`` that keeps no evidence, to measure what keeping it costs.

``python -m bench.crawling.uncaptured crawl NAME --archive DIR``. Nothing is noted at the wire and
nothing is written to a WARC; all else is as it is.
"""

from __future__ import annotations

import sys

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.http import Response

from archive.warc import Place
from halong_crawler import wire
from halong_crawler.cli import main as halong
from halong_crawler.middlewares import CaptureMiddleware


def _write(
    _: CaptureMiddleware, request: Request, _response: Response, _at: str, _broken: bool
) -> tuple[Place, None]:
    request.meta.pop("wire", None)
    return Place("none.warc.gz", 0, 0, "sha1:NONE"), None


def main() -> None:
    """Crawl without capture."""
    CaptureMiddleware._write = _write  # type: ignore[assignment,method-assign]
    wire._TellingFactory = http11._LenientHTTP11ClientFactory  # type: ignore[assignment,misc]
    halong(sys.argv[1:], prog_name="halong")


if __name__ == "__main__":
    main()
