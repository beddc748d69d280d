"""The process in which one file is opened: limits and bytes in, kind and pages out.

Standard input: a line of JSON, then the file. Standard output: the media type on a line, then a
line of JSON. Run by :func:`halong_crawler.documents.apart.read_apart`.
"""

from __future__ import annotations

import json
import resource
import sys

from halong_crawler.documents.kind import media_type_of
from halong_crawler.documents.outcome import Limits
from halong_crawler.documents.text import pages_of


def main() -> None:
    """Read one file and say what it is and holds."""
    wishes = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    _bound(resource.RLIMIT_AS, int(wishes["memory"]))
    # Should the parent die, nobody is left to end a file without end.
    _bound(resource.RLIMIT_CPU, int(wishes["seconds"]) + 1)
    media_type = media_type_of(data)
    sys.stdout.write(f"{media_type}\n")
    sys.stdout.flush()
    text = pages_of(data, media_type, Limits(**wishes["limits"]))
    answer = {"pages": text.pages, "status": text.status, "note": text.note}
    sys.stdout.write(json.dumps(answer))


def _bound(what: int, most: int) -> None:
    """Lower a limit of this process; where the machine sets a lower one, that stands."""
    _, hard = resource.getrlimit(what)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(what, (most, hard))


if __name__ == "__main__":
    main()
