"""Which elements hold an article's category, its tags and its files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from archive.text import fold
from halong_crawler.learning.facts import BELOW, Facts
from halong_crawler.learning.outline import Element, Page
from halong_crawler.learning.selecting import Trial, Wish, choose

_HOME = re.compile(r"(?:trang chu|trang nhat|home)\b")
_CATEGORY = re.compile(r"(?:chuyen muc|danh muc|muc)\s*:")
_TAGS = re.compile(r"(?:tags?|tu khoa|the)\s*:?")
_TAG_LINK = re.compile(r"[/?&=](?:tags?|tu-khoa|tukhoa|keywords?|the)[/=?-]", re.I)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z)(?:$|[?#])", re.I)


def learn_category(facts: Facts) -> list[Trial]:
    """The trail above the title: it varies, and each of its values comes again."""
    trails: dict[Page, list[Element]] = {}
    for page in facts.body.found:
        found = list(_trails(facts, page))
        if found:
            trails[page] = found
    values = Counter(_value(facts, p, e) for p, found in trails.items() for e in set(found))
    often = 0.95 * len(facts.corpus.pages)
    truth = {
        page: [e for e in found if 1 < values[_value(facts, page, e)] < often]
        for page, found in trails.items()
    }
    wish = Wish(
        {page: found for page, found in truth.items() if found},
        harmless=lambda page, element: element in trails.get(page, ()),
        merit=_trailness,
    )
    return choose(facts.corpus, wish, least=0.4, most=1)


def _trails(facts: Facts, page: Page) -> Iterator[Element]:
    title = facts.titles.get(page)
    if title is None:
        return
    body = facts.body.found[page]
    for element in page.elements:
        if element.start >= body.start or len(element.text) > 260 or element.inside(title):
            continue
        above = element.start <= title.start and element.end <= title.end
        placed = above or _CATEGORY.match(fold(element.text)) is not None
        linked = element.tag == "a" or element.node.css_first("a") is not None
        if placed and linked and not title.inside(element) and element.text:
            yield element


def _value(facts: Facts, page: Page, element: Element) -> str:
    return fold(element.text).replace(fold(facts.titles[page].text), "").strip(" »›>/|")


def _trailness(_page: Page, element: Element) -> float:
    text = fold(element.text)
    value = 0.6 if _HOME.match(text) else 0.4 if _CATEGORY.match(text) else 0.0
    return value + (0.3 if any("breadcrumb" in name.lower() for name in element.names) else 0.0)


def learn_tags(facts: Facts) -> list[Trial]:
    """A line of short links below the body that calls itself tags, or whose addresses do."""
    truth: dict[Page, list[Element]] = {}
    for page, container in facts.body.found.items():
        found = [e for e in page.elements if e.start >= container.start and _is_tag_line(e)]
        found = [e for e in found if not facts.amid(page, e) and e.start < container.end + BELOW]
        if found:
            truth[page] = found
    return choose(facts.corpus, Wish(truth), least=0.1, most=1, faults=0.0)


def _is_tag_line(element: Element) -> bool:
    if element.tag in ("a", "li") or len(element.node.css("a")) == 0 or len(element.text) > 300:
        return False
    links = element.node.css("a[href]")
    if any(len(link.text().strip()) > 40 for link in links):
        return False
    named = all(_TAG_LINK.search(link.attributes.get("href") or "") for link in links)
    return bool(links) and (named or _TAGS.match(fold(element.text)) is not None)


def learn_attachments(facts: Facts) -> list[Trial]:
    """Where files are listed outside the body's element."""
    truth: dict[Page, list[Element]] = {}
    for page, container in facts.body.found.items():
        where = facts.near(page)
        found = [
            element
            for element in page.elements
            if element.start in where and not element.inside(container)
            and not container.inside(element) and _lists_files(element)
        ]  # fmt: skip
        if found:
            truth[page] = found
    wish = Wish(truth, harmless=lambda _page, e: not e.node.css("a[href]"))
    return choose(facts.corpus, wish, least=0.05, most=1, faults=0.0)


def _lists_files(element: Element) -> bool:
    if element.tag == "a":
        return False
    links = element.node.css("a[href]")
    return bool(links) and all(_FILE.search(link.attributes.get("href") or "") for link in links)
