"""The peer: trafilatura over a WARC file, each answer read for its text, metadata and comments off.

``python peer.py WARC…`` in the peers' environment; prints pages and CPU seconds as JSON. Importing
is not counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import trafilatura
from warcio.archiveiterator import ArchiveIterator


def main(paths: list[str]) -> None:
    """Read every page."""
    began = time.process_time()
    pages = read = 0
    for path in paths:
        with Path(path).open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response":
                    continue
                html = record.content_stream().read()
                url = record.rec_headers.get_header("WARC-Target-URI")
                found = trafilatura.bare_extraction(
                    html, url=url, with_metadata=True, include_comments=False
                )
                pages += 1
                read += found is not None
    seconds = time.process_time() - began
    print(json.dumps({"pages": pages, "read": read, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1:])
