"""Completeness and monitors in the words of readers, in the language of the page."""

from __future__ import annotations

from typing import Any

from archive.site.labels import field_label, number, percent
from archive.site.language import N_, gettext

ENDS: dict[str, str] = {
    "failed": N_("pages of it brought no answer"),
    "stopped": N_("pages of it are still to be asked for"),
    "refused": N_("robots.txt forbids pages of it"),
    "since": N_("only newer articles were asked for"),
    "too_deep": N_("it names pages too far from the front page"),
    "known": N_("left at articles that were known"),
    "ended": N_("walked to its end"),
}
"""How a listing's walk ended: the words for :data:`archive.walked.ENDS`."""

STOPS: dict[str, str] = {
    "finished": N_("nothing was left to ask for"),
    "limit": N_("the articles asked for were read"),
    "max_pages": N_("the pages asked for were had"),
    "max_time": N_("its time was over"),
    "max_bytes": N_("its bytes were received"),
    "shutdown": N_("it was interrupted"),
    "waiting": N_("pages may not be asked for yet"),
    "quiet": N_("the portal's quiet hours"),
    "errors": N_("too many requests in a row failed"),
    "error_share": N_("too large a share of the requests failed"),
    "disk": N_("the disk was nearly full"),
    "archive": N_("the archive could not be written"),
    "scrapy": N_("the software ended it"),
}
"""Why a crawl ended: the words for :data:`archive.stops.STOPS`."""

KILLED = N_("it was killed")

LEVELS: dict[str, str] = {
    "alarm": N_("Alarm"),
    "warning": N_("Warning"),
    "ok": N_("As usual"),
}

MONITORS: dict[str, tuple[str, str]] = {
    "failures": (
        N_("Failed pages"),
        N_("{value} of the pages asked for brought nothing (threshold {bound})"),
    ),
    "unreadable": (
        N_("Unreadable"), N_("{value} of the answers could not be read for a fault of the software")
    ),
    "challenges": (
        N_("Browser wanted"),
        N_("{value} of the answers wanted proof of being a browser (threshold {bound})"),
    ),
    "fill": (
        N_("What is read"), N_("{field}: read in {value} of the articles (threshold {bound})")
    ),
    "minimum": (
        N_("Least articles"), N_("{value} articles; the portal's description expects {bound}")
    ),
    "silence": (N_("Silence"), N_("{value} days without a new article; up to {bound} are usual")),
    "articles_met": (N_("Articles met"), N_("{value} articles met (threshold {bound})")),
    "pages": (N_("Pages"), N_("{value} pages received (threshold {bound})")),
    "articles_new": (N_("New articles"), N_("{value} new articles (threshold {bound})")),
    "drift": (
        N_("Template"),
        N_("{field}: the learnt template fits {value} of the articles ({bound} when learnt)"),
    ),
}  # fmt: skip
"""Name of each monitor and what it says, with a share or a number for ``value`` and ``bound``."""

_SHARES = frozenset(("failures", "unreadable", "challenges", "fill", "drift"))
_UNJUDGED = N_("too few numbers to judge by yet")
_NO_DRIFT = N_("no template fits less than when it was learnt")


def said(result: dict[str, Any]) -> str:
    """What a monitor found."""
    monitor, value, bound = result["monitor"], result["value"], result["bound"]
    if value is None:
        unsaid = _NO_DRIFT if monitor == "drift" else _UNJUDGED
        return gettext(unsaid)
    form = percent if monitor in _SHARES else lambda one: number(round(one))
    _, sentence = MONITORS[monitor]
    field = field_label(result["subject"])
    return gettext(sentence).format(value=form(value), bound=form(bound), field=field)


def monitor_label(name: str) -> str:
    """What a monitor is called."""
    return gettext(MONITORS[name][0])


def level_label(name: str) -> str:
    """How loud it is."""
    return gettext(LEVELS[name])


def end_label(name: str) -> str:
    """How a listing's walk ended."""
    return gettext(ENDS[name])


def stop_label(name: str | None) -> str:
    """Why the crawl ended; one without a reason was killed."""
    return gettext(STOPS.get(name or "", KILLED))


FILTERS = {
    "monitor_label": monitor_label,
    "level_label": level_label,
    "end_label": end_label,
    "stop_label": stop_label,
    "said": said,
}
