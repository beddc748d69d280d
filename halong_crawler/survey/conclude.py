"""From what was seen: the descriptor's lines with their comments, and the report of a survey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from archive.records import Article
from halong_crawler import settings
from halong_crawler.discovery.target import target
from halong_crawler.discovery.urls import Address
from halong_crawler.portal import Portal
from halong_crawler.reading import NotAnArticle
from halong_crawler.survey import who
from halong_crawler.survey.proposal import Proposal
from halong_crawler.survey.seen import Seen
from halong_crawler.survey.visitor import Robots, Visit, is_loopback

_LISTED = 12
"""Listings that are written down."""
_FEW = 5
"""Headlines below which a form that was learned from them is doubtful."""
_SUB_DOMAINS = 5
"""Sub-domains that are named."""


class Finding(NamedTuple):
    """One conclusion."""

    what: str
    value: str
    evidence: str


@dataclass(frozen=True)
class Survey:
    """What was asked, what was concluded from it, and what is doubtful."""

    address: Address
    """Of the front page."""
    proposal: Proposal
    visits: list[Visit]
    findings: list[Finding]
    doubts: list[str]

    def name(self, *, with_port: bool = False) -> str:
        """A name for the portal, from its host and path."""
        return who.name_for(self.address, self.proposal.path_prefix, with_port=with_port)


def conclude(seen: Seen) -> Survey:
    """Complete the proposal and say what speaks for it and against it."""
    _fill(seen)
    findings, doubts = list(_findings(seen)), _doubts(seen)
    seen.proposal.comments[""] = _head(seen, doubts)
    return Survey(seen.address, seen.proposal, seen.visitor.visits, findings, doubts)


# The descriptor


def _fill(seen: Seen) -> None:
    proposal, sources, comments = seen.proposal, seen.sources, seen.proposal.comments
    proposal.sitemaps = tuple(source.url for source in sources.sitemaps)
    proposal.feeds = tuple(source.url for source in sources.feeds)
    # A short headline was taken for a section until the form of articles was known.
    portal = seen.portal
    sources.listings = [s for s in sources.listings if not _is_article(s.url, portal)]
    proposal.listings = tuple(source.url for source in sources.listings[:_LISTED])
    for key in ("level", "province"):
        if not seen.said[key].evidence:
            comments[key] = "Not said on the portal: correct it."
    if seen.shape is not None:
        shape = seen.shape
        others = f"{shape.false or 'none'} of {shape.menu} other links"
        comments["article_url"] = (
            f"Learned: {shape.hits} of {shape.headlines} headlines fit, and {others}."
        )
    delay = _robots(seen).delay
    if delay is not None and delay > settings.DOWNLOAD_DELAY:
        proposal.delay, comments["delay"] = delay, "robots.txt asks for it."
    elif is_loopback(seen.address):
        proposal.delay, comments["delay"] = 0.0, "A server on this machine needs no pause."


def _is_article(url: str, portal: Portal) -> bool:
    found = target(url, portal)
    return found is not None and found.kind == "article"


def _head(seen: Seen, doubts: list[str]) -> str:
    today = datetime.now(UTC).date()
    lines = [
        f"Proposed by `halong portal add` on {today.day} {today:%B %Y}, from {seen.address.url} "
        f"and {len(seen.visitor.visits) - 1} further requests. {_product(seen)}",
    ]
    if seen.imprint is not None and seen.imprint.owner:
        lines.append(f"The foot of its pages names {seen.imprint.owner}.")
    if doubts:
        lines.append("To look at: " + "; ".join(doubts) + ".")
    return "\n".join(lines)


def _product(seen: Seen) -> str:
    known = seen.platform or seen.product
    return f"Product: {known.name}, {known.evidence}." if known else "Its product is not known."


# The report


def _findings(seen: Seen) -> Iterator[Finding]:
    proposal, said = seen.proposal, seen.said
    yield Finding("robots.txt", *_robots_words(_robots(seen)))
    yield from _whereabouts(seen)
    yield Finding("title", proposal.title_vi, said["title_vi"].evidence)
    yield Finding("level", proposal.level, said["level"].evidence)
    yield Finding("province", proposal.province, said["province"].evidence)
    yield Finding("language", proposal.language, said["language"].evidence)
    yield Finding("time zone", seen.portal.timezone, "Viet Nam has one")
    known = seen.platform or seen.product
    yield Finding("product", known.name if known else "not known", known.evidence if known else "")
    yield Finding("platform", proposal.platform, "" if seen.platform else "the web at large")
    for what, sources in (
        ("sitemap", seen.sources.sitemaps), ("feed", seen.sources.feeds),
    ):  # fmt: skip
        for source in sources:
            yield Finding(
                what, source.url, f"{source.evidence}; {source.names} pages of the portal"
            )
    for source in seen.sources.listings[:_LISTED]:
        yield Finding("listing", source.url, source.evidence)
    yield _address(seen)
    for read in seen.reads:
        yield Finding("article" if isinstance(read.result, Article) else "no article",
                      read.url, _read_words(read.result))  # fmt: skip
    if seen.imprint is not None:
        licence = seen.imprint.licence_number
        words = [seen.imprint.owner, f"licence {licence}" if licence else None]
        yield Finding("imprint", "; ".join(filter(None, words)), "the foot of a page")


def _whereabouts(seen: Seen) -> Iterator[Finding]:
    hops = f"redirected from {seen.answer.hops[0]}" if seen.answer.hops else "as asked"
    yield Finding("front page", seen.address.url, hops)
    yield Finding("host", seen.address.site, "with and without www., http and https alike")
    if seen.proposal.path_prefix:
        evidence = "its pages lie below it; the rest of the host is left alone"
        yield Finding("path", seen.proposal.path_prefix, evidence)


def _address(seen: Seen) -> Finding:
    """How articles are told by their address."""
    if seen.shape is not None:
        shape = seen.shape
        evidence = (
            f"learned: {shape.hits} of {shape.headlines} headlines fit, "
            f"{shape.false or 'none'} of {shape.menu} other links"
        )
        return Finding("article's address", shape.regex, evidence)
    if seen.fit_platform:
        evidence = f"{seen.fit_platform} of {seen.headlines} headlines fit"
        return Finding("article's address", f"the form of {seen.proposal.platform}", evidence)
    return Finding("article's address", "none found", "articles are told by their own data alone")


def _read_words(result: Article | NotAnArticle) -> str:
    if isinstance(result, NotAnArticle):
        return f"{result.reason}: {result.because}"
    day = result.published.at[:10] if result.published else "no date"
    return f"“{result.title}”, {day}, {len(result.body.split())} words"


def _robots(seen: Seen) -> Robots:
    return seen.visitor.robots(seen.answer.url)


def _robots_words(robots: Robots) -> tuple[str, str]:
    if robots.status is None or robots.status >= 500:
        said = "no answer" if robots.status is None else f"status {robots.status}"
        return said, "taken for leave, as in a crawl"
    if robots.status != 200:
        return "none", f"status {robots.status}: everything may be asked for"
    delay = f", {robots.delay:g} s between requests" if robots.delay else ""
    return "allows the portal's pages" + delay, f"it names {len(robots.sitemaps) or 'no'} site maps"


def _doubts(seen: Seen) -> list[str]:
    """What a person should look at, one phrase each."""
    proposal = seen.proposal
    doubts = [
        f"{key}: not said on the portal; {getattr(proposal, key)!r} was put"
        for key in ("level", "province")
        if not seen.said[key].evidence
    ]
    doubts.append("title_en is made from the Vietnamese name")
    if seen.shape is None and not seen.fit_platform:
        doubts.append(
            "no form of an article's address was found: what does not call itself an article "
            "in its own data is missed"
        )
    if seen.shape is not None and seen.shape.hits < _FEW:
        doubts.append(f"the form of an article's address was learned from {seen.shape.hits} links")
    failed = Counter(r.result.reason for r in seen.reads if isinstance(r.result, NotAnArticle))
    for reason, times in failed.items():
        doubts.append(f"{times} of {len(seen.reads)} articles looked at were read as {reason}")
    if not seen.reads:
        doubts.append("no article was looked at")
    if len(seen.sources.listings) > _LISTED:
        doubts.append(
            f"the menu has {len(seen.sources.listings)} listings, {_LISTED} are written down"
        )
    if seen.places.elsewhere:
        hosts = sorted(seen.places.elsewhere)
        more = f" and {len(hosts) - _SUB_DOMAINS} more" if len(hosts) > _SUB_DOMAINS else ""
        doubts.append(
            f"sub-domains are linked to and left out: {', '.join(hosts[:_SUB_DOMAINS])}{more}"
        )
    return doubts + seen.sources.doubts
