"""Turning the pages of listings by forms, as the spider does it: what is declared, what came."""

from __future__ import annotations

from dataclasses import replace

from scrapy import Request
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response

from archive.records import Capture, Page
from halong_crawler.discovery.postback import (
    LOST,
    Form,
    Shown,
    is_lost,
    listing_key,
    page_key,
    turned,
)
from halong_crawler.discovery.target import declared_key
from halong_crawler.items import Lead, Outcome
from halong_crawler.platforms import PLATFORMS, Turn
from halong_crawler.portal import Portal
from halong_crawler.reading import Document

_AT_ONCE = 2
"""So often a form that met a closed connection is sent again at once."""


class Turning:
    """The listings of a portal whose pages are turned by a form."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        usual = PLATFORMS[portal.platform].turns
        self._declared: dict[str, tuple[str, tuple[Turn, ...]]] = {
            declared_key(each.listing, portal): (
                each.listing, (each.turn,) if each.turn is not None else usual,
            )
            for each in portal.postbacks
        }  # fmt: skip

    def knows(self, lead: Lead) -> bool:
        """Whether a page is one of such a listing."""
        return listing_key(lead.key) in self._declared

    def refused(self, response: Response, capture: Capture, lead: Lead) -> Outcome | None:
        """What a status comes to by which the server refuses a form; None for any other."""
        if lead.form is None or not lead.form.body or response.status not in LOST:
            return None
        return self._lost(capture, lead, lead.form, f"status {response.status}")

    def unheard(self, request: Request, error: BaseException | None) -> Outcome | None:
        """A form sent on a connection that the server was closing is sent again, at once.

        A client repeats a GET by itself; a POST only where its meaning allows it (RFC 9110, 9.2.2).
        Turning a page changes nothing on the server.
        """
        lead: Lead = request.meta["lead"]
        closed = isinstance(error, DownloadFailedError) and request.method == "POST"
        once_more = closed and request.meta["attempts"] <= _AT_ONCE
        return Outcome(None, lead, "again") if once_more else None

    def followed(self, response: Response, document: Document, item: Outcome) -> Outcome:
        """A page that was read, with the one after it, if it is a page of such a listing."""
        if item.page is None or not self.knows(item.lead):
            return item
        lead, asked = item.lead, item.lead.form
        _, turns = self._declared[listing_key(lead.key)]
        shown = Shown(
            document.tree, response.url, document.encoding.used, _entries(item),
            item.page.capture.outcome, _cookies(response),
        )  # fmt: skip
        after = turned(shown, turns, asked)
        if asked is not None and is_lost(shown, turns, asked, after):
            note = f"the answer is another page ({item.page.capture.outcome})"
            return self._lost(item.page.capture, lead, asked, note)
        if after is None:
            return item
        key = page_key(listing_key(lead.key), after.form.page)
        further = Lead(key, after.url, "listing", lead.depth, lead.url, after.form)
        return replace(item, found=[*item.found, further])

    def _lost(self, capture: Capture, lead: Lead, asked: Form, why: str) -> Outcome:
        """The state is lost: the walk begins anew, unless that has brought it no further before."""
        anew = asked.anew()
        end = "" if anew is not None else ", as when the walk began anew: given up"
        note = f"page {asked.page} was not shown: {why}{end}"
        page = Page(self.portal.name, replace(capture, outcome="state_expired", note=note))
        if anew is None:
            return Outcome(page, lead, "failed")
        key = listing_key(lead.key)
        url, _ = self._declared[key]
        first = Lead(key, url, "listing", lead.depth, lead.found_on, anew)
        return Outcome(page, lead, "done", [first])


def _entries(item: Outcome) -> tuple[str, ...]:
    """What a page lists: its articles; where no address says which those are, all it links to."""
    articles = tuple(lead.key for lead in item.found if lead.kind == "article")
    return articles or tuple(lead.key for lead in item.found)


def _cookies(response: Response) -> dict[str, str]:
    """Names and values of the cookies an answer sets (RFC 6265, 5.2)."""
    pairs = (
        line.decode("latin-1").partition(";")[0].partition("=")
        for line in response.headers.getlist(b"Set-Cookie")
    )
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}
