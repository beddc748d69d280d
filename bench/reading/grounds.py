"""The days that a page's own data states as those of its publication.

A reader that reads one of them where the gold has no day has taken the site at its word; one that
reads another has made it up. The same for every reader, and told without any of them: JSON-LD, the
metas, and the elements of schema.org and of HTML that say when something was published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from dateutil import parser
from lxml import etree
from lxml import html as lxml_html

_IN_JSON = re.compile(r'"(?:datePublished|uploadDate|dateCreated)"\s*:\s*"([^"]{8,60})"')
"""Any object's, also where the script is broken JSON."""
_META = re.compile(
    r"publi[sc]h?(?:ed)?[_:.-]?(?:date|time|at|on)|date[_:.-]?publi|pub[_-]?date|publication.?date|"
    r"^(?:dc\.|dcterms\.|dc:|article\.)?(?:date|created)(?:\.(?:issued|created))?$|"
    r"issued|sailthru\.date|citation_(?:online_)?date|release[_-]?date|displaydate|post[_-]?date",
    re.I,
)
"""Names of metas."""
_MARKED = (
    "//*[@itemprop='datePublished' or @itemprop='dateCreated' or @itemprop='uploadDate']"
    " | //time[@pubdate]"
)
_FILLINGS = (datetime(1904, 1, 1), datetime(1908, 2, 2))  # noqa: DTZ001 - for parts a text lacks


def stated_days(html: bytes) -> frozenset[str]:
    """ISO days, each as it is written and as it is in UTC; of ``03/04/2020`` both readings."""
    try:
        tree = lxml_html.fromstring(html)
    except (etree.ParserError, etree.LxmlError, ValueError):
        return frozenset()
    return frozenset(day for text in _statements(tree) for day in _days(text))


def _statements(tree: lxml_html.HtmlElement) -> Iterator[str]:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        yield from _IN_JSON.findall(script)
    for meta in tree.iter("meta"):
        named = (meta.get("property"), meta.get("name"), meta.get("itemprop"))
        if any(name and _META.search(name) for name in named):
            yield meta.get("content") or ""
    for node in tree.xpath(_MARKED):
        yield node.get("datetime") or node.get("content") or node.text_content()


def _days(text: str) -> Iterator[str]:
    for day_first in (True, False):
        try:
            first, second = (
                parser.parse(text.strip(), dayfirst=day_first, default=filling)
                for filling in _FILLINGS
            )
        except (ValueError, OverflowError):
            iso = re.match(r"\s*(\d{4}-\d\d-\d\d)", text)
            yield from iso.groups() if iso is not None else ()
            continue
        if first.date() == second.date():
            yield first.date().isoformat()
            if first.tzinfo is not None:
                yield first.astimezone(UTC).date().isoformat()
