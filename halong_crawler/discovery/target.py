"""What a URL found on a page is to a portal: which page, by which key, and whether to ask for it.

One page has many URLs: with and without ``www``, by http and https, in other letter case, with
ornamental parameters, as print, download and mobile twins, in states of the portal's software.
All of them must meet in one key. What is a rule of one product stands in its platform's table.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archive.records import AliasKind
from halong_crawler.discovery.urls import Address, spell
from halong_crawler.platforms import PLATFORMS, ArticleUrl, Platform, Twin
from halong_crawler.portal import Portal

LONGEST = 2000
"""Characters of a URL; what is longer comes from nested states, never from an editor."""

_REPEATS = 3
"""So often a segment stands in a path only when a link is relative to the wrong folder."""

_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|ppsx?|odt|ods|odp|rtf|txt|csv|epub"
    r"|jpe?g|png|gif|bmp|tiff?|webp|svg|ico|psd"
    r"|mp[34]|m4[av]|avi|wmv|wma|flv|swf|mov|mkv|webm|ogg|wav|3gp"
    r"|zip|rar|7z|gz|tar|exe|msi|apk|iso|dmg"
    r"|css|js|map|json|woff2?|ttf|eot|axd|ashx)$"
    # Liferay puts a folder's numbers before a file's name and its identifier after it.
    r"|^/(?:documents/\d+/|image/|c/document_library/)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """One URL, judged for one portal."""

    url: str
    """What to ask for: one spelling, the query as found (the server may need all of it); of a
    twin, the article's own URL."""
    key: str
    """The page's identity: equal for all its URLs."""
    kind: Literal["article", "listing", "page"]
    """As far as the URL tells; ``page`` if it does not."""
    source_id: str | None
    """The portal's own id of an article: ``61318``, ``honggai-54162``, ``bvid-458``."""
    canonical: str
    """The page's URL without ornaments. Scheme and www stay as found: not every portal answers
    to both."""
    alias: AliasKind
    """How the URL that was found relates to the canonical one."""
    paging: bool
    """It only turns a listing's page."""
    refused: str | None
    """A key of :data:`archive.schema.SKIP_REASONS` if it must not be asked for."""


def target(url: str, portal: Portal) -> Target | None:
    """Judges a URL; None if it is not http(s), not on this portal, or a file."""
    found = spell(url)
    if found is None or not portal.holds(found) or _FILES.search(found.path):
        return None
    platform = PLATFORMS[portal.platform]
    asked, alias = _own_address(found, platform.twins)
    plain = asked._replace(query=_counting_query(asked, platform))
    article = _article(plain, portal)
    if article:
        canonical, key, source_id = article
    else:
        canonical, key, source_id = plain, _key(plain, platform), None
    if alias == "canonical" and canonical != found:
        alias = "alias"
    paging = not article and _matches(platform.paging, plain.resource)
    listing = (
        paging
        or asked.url in portal.listing_urls
        or _matches(platform.listing_urls, plain.resource)
    )
    too_long = len(asked.url) > LONGEST
    return Target(
        url=canonical.url if too_long else asked.url,
        key=key,
        kind="article" if article else "listing" if listing else "page",
        source_id=source_id,
        canonical=canonical.url,
        alias=alias,
        paging=paging,
        refused=_refusal(canonical if too_long else asked, platform),
    )


def declared_key(url: str, portal: Portal) -> str:
    """The key of a place that the descriptor names.

    What a walk would refuse is still asked for there, but under its own name: it must not stand for
    the page it is a state of.
    """
    found = target(url, portal)
    return url if found is None or found.refused is not None else found.key


def is_file(url: str) -> bool:
    """Whether a URL names a document, an image or a part of a page's dress, no page."""
    found = spell(url)
    return found is not None and _FILES.search(found.path) is not None


def _matches(rules: Iterable[re.Pattern[str]], text: str) -> bool:
    return any(rule.search(text) for rule in rules)


def _own_address(found: Address, twins: Iterable[Twin]) -> tuple[Address, AliasKind]:
    """The article's own address for a twin's; any other address as it is."""
    resource = found.resource
    kind: AliasKind = "canonical"
    for twin in twins:
        resource, times = twin.pattern.subn(twin.replacement, resource)
        kind = twin.kind if times else kind
    if kind == "canonical":
        return found, kind
    path, _, query = resource.partition("?")
    return found._replace(path=path or "/", query=query.strip("&")), kind


def _counting_query(address: Address, platform: Platform) -> str:
    """The parameters that tell this page from another, sorted."""
    if not address.query:
        return ""
    return "&".join(
        sorted({part for name, part in address.params() if _counts(name, part, platform)})
    )


@lru_cache(maxsize=8192)  # a portal's links share a few hundred parameters
def _counts(name: str, part: str, platform: Platform) -> bool:
    if part.endswith("=") or any(rule.fullmatch(part) for rule in platform.first_page):
        return False
    if any(rule.fullmatch(name) for rule in platform.drop_params):
        return False
    keep = platform.keep_params
    return not keep or any(rule.fullmatch(name) for rule in keep)


def _key(address: Address, platform: Platform) -> str:
    path = re.sub("/{2,}", "/", address.path).rstrip("/")
    query = address.query
    if platform.lower_path:
        path = path.lower()
        query = "&".join(
            sorted(name.lower() + part[len(name) :] for name, part in address.params())
        )
    return f"{address.site}{path or '/'}" + (f"?{query}" if query else "")


def _article(address: Address, portal: Portal) -> tuple[Address, str, str] | None:
    """Canonical address, key and id of the article an address names, if it names one."""
    if len(address.url) > LONGEST:  # refused anyway; regexes are not let loose on it
        return None
    for form in portal.article_urls:
        match = form.pattern.search(address.resource)
        if match:
            site = (match.groupdict().get("site") or "").lower().strip("/")
            number = form.prefix + match["id"]
            own = portal.own_part(site)
            labels = [portal.host_label(address), own.replace("/", "-"), number]
            return (
                address._replace(query=_needed_query(address, form)),
                f"{address.site}{'/' + site if site else ''}#{number}",
                "-".join(label for label in labels if label),
            )
    return None


def _needed_query(address: Address, form: ArticleUrl) -> str:
    if form.params is None:
        return address.query
    return "&".join(part for name, part in address.params() if name.lower() in form.params)


def _refusal(address: Address, platform: Platform) -> str | None:
    if len(address.url) > LONGEST:
        return "url_too_long"
    for rule in platform.refuse:
        if rule.pattern.search(address.resource):
            return rule.reason
    segments = address.path.lower().strip("/").split("/")
    if len(segments) >= _REPEATS and any(
        segment and segments.count(segment) >= _REPEATS for segment in set(segments)
    ):
        return "repeated_segments"
    return None
