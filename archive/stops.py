"""Why crawls end: a closed list, and what each reason means for what was crawled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason for a crawl's end."""

    meaning: str
    code: int = 5
    """Exit code of ``halong crawl``; docs/cli.md explains them."""
    then: str = "run it again to go on"
    """What the archivist does next."""
    later: bool = False
    """No fault here and no wish of the operator's: the portal wants to be asked later."""
    files: bool = False
    """The files of the articles read are still fetched."""

    @property
    def whole(self) -> bool:
        """The crawl did what it was asked for."""
        return self.code == 0


_ARCHIVE = 4
_LATER = "run it again later to go on"

STOPS: dict[str, Stop] = {
    "finished": Stop("nothing was left to ask for", 0, then="nothing"),
    "limit": Stop("the articles asked for (--limit) were read", 0, files=True),
    "max_pages": Stop("the answers asked for (--max-pages) were had", 0),
    "max_time": Stop("the time given (--max-time) was over", 0),
    "max_bytes": Stop("the bytes given (--max-bytes) were received", 0),
    "shutdown": Stop("it was interrupted (Ctrl-C, or a signal)"),
    "waiting": Stop("pages are left that may not be asked for yet", then=_LATER, later=True),
    "quiet": Stop("the portal's quiet hours", then=_LATER, later=True),
    "errors": Stop(
        "too many requests in a row brought no answer", then=_LATER, later=True
    ),
    "error_share": Stop(
        "too large a share of the latest requests brought no answer", then=_LATER, later=True
    ),
    "disk": Stop(
        "the archive's disk was nearly full", _ARCHIVE, then="make room on it and run it again"
    ),
    "archive": Stop(
        "the archive could not be written", _ARCHIVE, then="mend what the message names"
    ),
    "scrapy": Stop("Scrapy ended it for a reason of its own, which the log tells"),
}  # fmt: skip
"""``crawls.reason`` → what it means. A crawl that was killed has none: its status says so."""


_UNKNOWN = Stop("nobody knows why it ended: it was killed, or is still running")


def stop_for(reason: str | None) -> Stop:
    """What a crawl's reason means; one that is not in the list stands for no good end."""
    return STOPS.get(reason or "", _UNKNOWN)
