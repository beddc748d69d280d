"""The ladders: for each field the places it may be read from, best first.

A rung is a method that answers with a value or None; the first answer wins and its name is the
field's evidence. Selectors come first (the portal's own, then the platform's), then structured
data, then general heuristics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archive.records import AttachmentLink, Published
from archive.text import fold, nfc, squeeze
from halong_crawler.platforms import Platform, Selector, selector
from halong_crawler.portal import Portal
from halong_crawler.reading.blocks import Block, blocks
from halong_crawler.reading.container import (
    common_ancestor,
    find_container,
    furniture,
    is_generic_title,
)
from halong_crawler.reading.dates import Moment, date_in_url, find_date, in_bounds, parse_date
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import visible_text

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z)$", re.I)
_HOME_WORDS = frozenset(("trang chu", "home", "trang nhat", ""))
_LEAD_CLASSES = ", ".join(
    f"[class*={word} i]"
    for word in ("sapo", "summary", "hometext", "trich", "tomtat", "tom-tat", "mota", "lead")
)
_FULL_STOPS = (".", "!", "?", "…", ".”", '."')
_SEPARATORS = re.compile(r"\s+[-–—|»›]\s+")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it was read from."""

    value: T
    evidence: str


class Reader:
    """Reads the fields of one page. Pure: it changes nothing and knows no network."""

    def __init__(
        self, document: Document, portal: Portal, platform: Platform, captured_at: datetime
    ) -> None:
        self.document = document
        self.portal = portal
        self.platform = platform
        self.captured_at = captured_at
        self.zone = ZoneInfo(portal.timezone)

    # Selectors

    def selectors(self, name: str) -> Iterator[tuple[Selector, str]]:
        """The selectors of a field and the evidence each stands for."""
        for text in self.portal.selectors.get(name, ()):
            yield selector(text), f"portal:{text}"
        for text in self.platform.selectors.get(name, ()):
            yield selector(text), f"platform:{text}"

    def selected(self, name: str) -> Iterator[tuple[LexborNode, str]]:
        """The elements a field's selectors find, best first; those without text left out."""
        for wanted, evidence in self.selectors(name):
            for node in self.document.tree.css(wanted.css):
                if visible_text(node):
                    yield node, evidence

    def stated(self, name: str) -> Iterator[tuple[str, str]]:
        """The texts a field's selectors find, each cut to what the selector asks for."""
        for wanted, evidence in self.selectors(name):
            for node in self.document.tree.css(wanted.css):
                text = _stated_by(node, wanted)
                if text:
                    yield text, evidence

    def selected_ids(self, *names: str) -> set[int]:
        return {node.mem_id for name in names for node, _ in self.selected(name)}

    # The article's place on the page

    @cached_property
    def container(self) -> Found[LexborNode] | None:
        for node, evidence in self.selected("body"):
            if len(visible_text(node)) >= 40:
                return Found(node, evidence)
        node = find_container(self.document)
        return Found(node, "heuristic:densest") if node is not None else None

    @cached_property
    def scope(self) -> LexborNode | None:
        """The element that holds title and body: facts of the article stand inside it."""
        if self.container is None:
            return None
        body = self.container.value
        title = self._title_node
        if title is not None:
            return common_ancestor(title, body)
        return body.parent or body

    @cached_property
    def body_blocks(self) -> list[Block]:
        """The container's blocks without what selectors name as something else."""
        if self.container is None:
            return []
        node = self.container.value
        named = self.selected_ids("title", "lead", "date", "updated", "category", "tags", "cut")
        named.discard(node.mem_id)
        return blocks(self.document, node, furniture(node) | named)

    def stated_near(self, name: str) -> Iterator[tuple[str, str]]:
        """Like :meth:`stated`, but only inside the article's scope and outside furniture.

        A class such as ``date`` also stands in lists of other news.
        """
        for wanted, evidence in self.selectors(name):
            for node in self.document.tree.css(wanted.css):
                text = _stated_by(node, wanted) if self._is_near(node) else None
                if text:
                    yield text, evidence

    def _is_near(self, node: LexborNode) -> bool:
        scope = self.scope
        current: LexborNode | None = node
        while current is not None and scope is not None:
            if current.mem_id == scope.mem_id:
                return True
            if current.mem_id in self._furniture:
                return False
            current = current.parent
        return False

    @cached_property
    def _furniture(self) -> set[int]:
        return furniture(self.scope) if self.scope is not None else set()

    # Title

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        names = (self.portal.title_vi, self.portal.title_en, self.document.metas.get("og:site_name"))
        return tuple(name for name in names if name)

    @cached_property
    def title(self) -> Found[str] | None:
        return self._first(
            self._title_selected, self._title_linked, self._title_meta,
            self._title_heading, self._title_head,
        )  # fmt: skip

    def _title_selected(self) -> Found[str] | None:
        for text, evidence in self.stated("title"):
            if len(text) <= 500 and not self._generic(text):
                return Found(text, evidence)
        return None

    def _title_linked(self) -> Found[str] | None:
        text = squeeze(str(self.document.linked_data.get("headline") or ""))
        return Found(text, "json-ld:headline") if text and not self._generic(text) else None

    def _title_meta(self) -> Found[str] | None:
        for name in ("og:title", "twitter:title"):
            text = self._without_site(self.document.metas.get(name, ""))
            if text and not self._generic(text):
                return Found(text, f"meta:{name}")
        return None

    def _title_heading(self) -> Found[str] | None:
        node = self._title_node
        return Found(visible_text(node), f"heading:{_name(node)}") if node else None

    def _title_head(self) -> Found[str] | None:
        text = self._without_site(self.document.head_title)
        return Found(text, "head:title") if text and not self._generic(text) else None

    @cached_property
    def _title_node(self) -> LexborNode | None:
        """The element that shows the title: selected, or the heading that fits best."""
        for node, _ in self.selected("title"):
            if not self._generic(visible_text(node)):
                return node
        body = self.document.tree.body
        if body is None or self.container is None:
            return None
        wanted = {fold(self.document.head_title), fold(self.document.metas.get("og:title", ""))}
        best: tuple[float, LexborNode] | None = None
        for node in body.css("h1, h2, h3, [class*=title i], [class*=tieude i], [class*=tieu-de i]"):
            score = self._heading_score(node, wanted)
            if score > 0 and (best is None or score > best[0]):
                best = (score, node)
        return best[1] if best else None

    def _heading_score(self, node: LexborNode, wanted: set[str]) -> float:
        text = visible_text(node)
        if not 8 <= len(text) <= 300 or self._generic(text) or parse_date(text, self.zone):
            return 0
        score = {"h1": 2.0, "h2": 1.0, "h3": 0.5}.get(node.tag or "", 0.7)
        folded = fold(text)
        if any(folded in other or (other and other in folded) for other in wanted if other):
            score += 4
        elif node.css_first("a") is not None or node.tag == "a":
            return 0  # a linked title belongs to another page
        return score

    def _generic(self, text: str) -> bool:
        return is_generic_title(text, self.site_names)

    def _without_site(self, text: str) -> str:
        """``Title - Section - Site`` → ``Title``, when the rest names the section or the site."""
        parts = _SEPARATORS.split(text)
        visible = self._title_node
        if visible is not None and len(parts) > 1:
            shown = fold(visible_text(visible))
            if fold(text).startswith(shown):
                return visible_text(visible)
        while len(parts) > 1 and self._generic(parts[-1]):
            text = text[: text.rfind(parts[-1])].rstrip(" -–—|»›")
            parts = parts[:-1]
        return text

    # Lead

    @cached_property
    def lead(self) -> Found[str] | None:
        return self._first(
            self._lead_selected, self._lead_classed, self._lead_described, self._lead_between,
            self._lead_bold,
        )  # fmt: skip

    def _lead_selected(self) -> Found[str] | None:
        for text, evidence in self.stated_near("lead"):
            if 20 <= len(text) <= 2000:
                return Found(text, evidence)
        return None

    def _lead_classed(self) -> Found[str] | None:
        """An element that names itself a lead, under the title."""
        if self.scope is None:
            return None
        for node in self.scope.css(_LEAD_CLASSES):
            text = visible_text(node)
            if 40 <= len(text) <= 1500 and self._is_near(node) and node.css_first("a") is None:
                return Found(text, f"class:{_name(node)}")
        return None

    def _lead_between(self) -> Found[str] | None:
        """The only sentence between title and body."""
        texts = [b.text for b in self._between if len(b.text) >= 40 and b.link_share < 0.3]
        texts = [text for text in texts if parse_date(text, self.zone) is None]
        return Found(texts[0], "paragraph between title and body") if len(texts) == 1 else None

    @cached_property
    def _between(self) -> list[Block]:
        """Blocks after the title and before the body's first."""
        if self.scope is None or not self.body_blocks or self.title is None:
            return []
        found = blocks(self.document, self.scope, self._furniture)
        title, first = fold(self.title.value), self.body_blocks[0].text
        start = next((i for i, b in enumerate(found) if title in fold(b.text)), None)
        end = next((i for i, b in enumerate(found) if b.text == first), 0)
        return found[start + 1 : end] if start is not None and len(self.title.value) < 500 else []

    def _lead_described(self) -> Found[str] | None:
        """The description, when the page shows it as the first paragraph."""
        linked = str(self.document.linked_data.get("description") or "")
        metas = self.document.metas
        for name, text in (
            ("json-ld:description", linked),
            ("meta:og:description", metas.get("og:description", "")),
            ("meta:description", metas.get("description", "")),
        ):
            start = fold(squeeze(text)).rstrip(" .…")
            if len(start) < 40:
                continue
            for block in [*self._between, *self._opening]:
                if fold(block.text).startswith(start):
                    return Found(block.text, name)
        return None

    def _lead_bold(self) -> Found[str] | None:
        opening = [b for b in self._opening if b.text]
        for block in opening[:2]:
            sentence = len(block.text) >= 60 and block.text.rstrip().endswith(_FULL_STOPS)
            if block.strong and block.kind == "p" and sentence and len(opening) > 1:
                return Found(block.text, "heuristic:bold opening paragraph")
        return None

    @cached_property
    def _opening(self) -> list[Block]:
        title = fold(self.title.value) if self.title else ""
        return [b for b in self.body_blocks[:6] if fold(b.text) != title][:4]

    # Dates

    @cached_property
    def published(self) -> Published | None:
        found = self._first(self._date_selected, self._date_structured, self._date_near, self._date_url)
        if found is None:
            return None
        moment = found.value
        return Published(moment.isoformat(), moment.precision, moment.raw, found.evidence)

    def _date_selected(self) -> Found[Moment] | None:
        for text, evidence in self.stated_near("date"):
            moment = find_date(text, self.zone)
            if moment is not None and self._possible(moment):
                return Found(moment, evidence)
        return None

    def _date_structured(self) -> Found[Moment] | None:
        metas = self.document.metas
        candidates = (
            ("json-ld:datePublished", str(self.document.linked_data.get("datePublished") or "")),
            *((f"meta:{name}", metas.get(name, "")) for name in (
                "article:published_time", "datepublished", "dc.date.issued", "pubdate")),
        )  # fmt: skip
        for evidence, text in candidates:
            moment = parse_date(text, self.zone)
            if moment is not None and self._possible(moment):
                return Found(moment, evidence)
        return None

    def _date_near(self) -> Found[Moment] | None:
        """A line that is nothing but a date, between title and body or at the body's end."""
        for block, evidence in self._near:
            for line in block.text.split("\n"):
                moment = parse_date(line, self.zone)
                if moment is not None and self._possible(moment):
                    return Found(moment, evidence)
        return None

    @cached_property
    def _near(self) -> list[tuple[Block, str]]:
        if self.scope is None:
            return []
        found = blocks(self.document, self.scope, furniture(self.scope))
        texts = [fold(b.text) for b in found]
        title = fold(self.title.value) if self.title else ""
        start = next((i for i, text in enumerate(texts) if title and title in text), 0)
        first_prose = next(
            (i for i in range(start + 1, len(found)) if len(found[i].text) > 120), len(found)
        )
        after = [(b, "line under the title") for b in found[start : first_prose + 1]]
        above = [(b, "line above the title") for b in found[max(0, start - 2) : start]]
        end = [(b, "line at the end of the body") for b in self.body_blocks[-3:]]
        return [*after, *end, *above]

    def _date_url(self) -> Found[Moment] | None:
        moment = date_in_url(self.document.url, self.zone)
        return Found(moment, "url") if moment is not None and self._possible(moment) else None

    def _possible(self, moment: Moment) -> bool:
        return in_bounds(moment, self.portal.first_date, self.captured_at)

    @cached_property
    def updated_at(self) -> str | None:
        """When the page says it was last edited; only where it is stated apart."""
        stated = [text for text, _ in self.stated_near("updated")]
        stated.append(str(self.document.linked_data.get("dateModified") or ""))
        stated.append(self.document.metas.get("article:modified_time", ""))
        for text in stated:
            moment = find_date(text, self.zone)
            if moment is not None and self._possible(moment):
                return moment.isoformat()
        return None

    # Category, tags, attachments

    @cached_property
    def category(self) -> Found[tuple[str, ...]] | None:
        for node, evidence in self.selected("category"):
            trail = self._trail(node)
            if trail:
                return Found(trail, evidence)
        section = self.document.linked_data.get("articleSection")
        if isinstance(section, str) and squeeze(section):
            return Found((squeeze(section),), "json-ld:articleSection")
        for node in self.document.tree.css(".breadcrumb, .breadcrumbs, [class*=breadcrumb i]"):
            trail = self._trail(node)
            if trail:
                return Found(trail, "breadcrumb")
        return None

    def _trail(self, node: LexborNode) -> tuple[str, ...]:
        links = [visible_text(n) for n in node.css("a, span, p, li") if n.css_first("a,span") is None]
        steps = links or re.split(r"\s*[»›>/|]\s*", visible_text(node))
        title = fold(self.title.value) if self.title else ""
        kept: list[str] = []
        for step in steps:
            text = step.strip(" »›>/|")
            folded = fold(text)
            if folded in _HOME_WORDS or folded == title or len(text) > 80 or text in kept:
                continue
            if folded.endswith(("...", "…")) and title.startswith(folded.rstrip(" .…")):
                continue
            kept.append(text)
        return tuple(kept)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        nodes = [node for node, _ in self.selected("tags")]
        links = [a for node in nodes for a in (node.css("a") or [node])]
        if not links and self.scope is not None:
            links = self.scope.css('a[rel="tag"]')
        texts = (visible_text(a).strip(" ,#") for a in links)
        return tuple(dict.fromkeys(text for text in texts if text and len(text) <= 80))

    @cached_property
    def attachments(self) -> tuple[AttachmentLink, ...]:
        """Links to files in the article's container, or where the platform lists attachments."""
        roots = [node for node, _ in self.selected("attachments")]
        if self.container is not None:
            roots.append(self.container.value)
        found: dict[str, AttachmentLink] = {}
        for root in roots:
            for link in [root, *root.css("a[href]")]:
                url = self.document.absolute(link.attributes.get("href"))
                if url is not None and _FILE.search(urlsplit(url).path):
                    found.setdefault(url, AttachmentLink(url, _filename(url)))
        return tuple(found.values())

    def source_id(self) -> str | None:
        """The article's id where the page states it and the URL does not."""
        return next((text for text, _ in self.stated("source_id")), None)

    def _first(self, *rungs: Callable[[], Found[Any] | None]) -> Found[Any] | None:
        return next((found for rung in rungs if (found := rung()) is not None), None)


def _stated_by(node: LexborNode, wanted: Selector) -> str | None:
    if wanted.attribute in (None, "text"):
        return wanted.cut(visible_text(node))
    return wanted.cut(squeeze(node.attributes.get(wanted.attribute or "") or ""))


def _filename(url: str) -> str | None:
    return nfc(unquote(urlsplit(url).path.rsplit("/", 1)[-1])).strip() or None


def _name(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    return ".".join([node.tag or "", *classes[:2]])

