"""Why crawls end: a closed list, and what each reason means for what was crawled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason for a crawl's end."""

    meaning: str
    whole: bool = False
    """The crawl did what it was asked for; otherwise it wants to be run again."""
    later: bool = False
    """No fault here and no wish of the operator's: the portal wants to be asked later."""
    files: bool = False
    """The files of the articles read are still fetched."""


STOPS: dict[str, Stop] = {
    "finished": Stop("nothing was left to ask for", whole=True),
    "limit": Stop("the articles asked for (--limit) were read", whole=True, files=True),
    "max_pages": Stop("the answers asked for (--max-pages) were had", whole=True),
    "max_time": Stop("the time given (--max-time) was over", whole=True),
    "max_bytes": Stop("the bytes given (--max-bytes) were received", whole=True),
    "shutdown": Stop("it was interrupted (Ctrl-C, or a signal)"),
    "waiting": Stop("pages are left that may not be asked for yet", later=True),
    "quiet": Stop("the portal's quiet hours", later=True),
    "errors": Stop("too many requests in a row brought no answer", later=True),
    "disk": Stop("the archive's disk was nearly full"),
    "archive": Stop("the archive could not be written"),
}
"""``crawls.reason`` → what it means. A crawl that was killed has none: its status says so."""


_UNKNOWN = Stop("nobody knows why it ended")


def stop_for(reason: str | None) -> Stop:
    """What a crawl's reason means; one that is not in the list stands for no good end."""
    return STOPS.get(reason or "", _UNKNOWN)
