"""Why crawls end: a closed list, and what each reason means for what was crawled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason for a crawl's end."""

    meaning: str
    whole: bool = False
    """The crawl did what it was asked for; otherwise it wants to be run again."""
    files: bool = False
    """The files of the articles read are still fetched."""


STOPS: dict[str, Stop] = {
    "finished": Stop("nothing was left to ask for", whole=True),
    "limit": Stop("the articles asked for (--limit) were read", whole=True, files=True),
    "max_pages": Stop("the answers asked for (--max-pages) were had", whole=True),
    "max_time": Stop("the time given (--max-time) was over", whole=True),
    "max_bytes": Stop("the bytes given (--max-bytes) were received", whole=True),
    "shutdown": Stop("it was interrupted (Ctrl-C, or a signal)"),
    "errors": Stop("too many requests in a row brought no answer"),
    "disk": Stop("the archive's disk was nearly full"),
    "archive": Stop("the archive could not be written"),
}
"""``crawls.reason`` → what it means. A crawl that was killed has none: its status says so."""


def is_whole(reason: str) -> bool:
    """Whether a crawl that ended for a reason did what it was asked for."""
    stop = STOPS.get(reason)
    return stop is not None and stop.whole
