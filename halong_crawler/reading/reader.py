"""The ladders: for each field the places it may be read from, best first.

A rung is a method that answers with a value or None; the first answer wins and its name is the
field's evidence. Selectors come first (the portal's own, then the platform's), then structured
data, then general heuristics.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archive.text import fold, squeeze
from halong_crawler.platforms import Platform, Selector, selector
from halong_crawler.portal import Portal
from halong_crawler.reading.blocks import Block, blocks
from halong_crawler.reading.container import (
    common_ancestor,
    find_container,
    furniture,
    is_generic_title,
)
from halong_crawler.reading.dates import parse_date
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import visible_text

_LEAD_CLASSES = ", ".join(
    f"[class*={word} i]"
    for word in ("sapo", "summary", "hometext", "trich", "tomtat", "tom-tat", "mota", "lead")
)
_FULL_STOPS = (".", "!", "?", "…", ".”", '."')
_APART = ("title", "lead", "date", "updated", "byline", "category", "tags", "cut")
"""Fields whose elements are no part of the body, wherever they stand."""
_SEPARATORS = re.compile(r"\s+[-–—|»›]\s+")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and where it was read from."""

    value: T
    evidence: str


class Reader:
    """Reads the fields of one page. Pure: it changes nothing and knows no network."""

    def __init__(self, document: Document, portal: Portal, platform: Platform) -> None:
        self.document = document
        self.portal = portal
        self.platform = platform
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

    def stated(self, name: str, *, near: bool = False) -> Iterator[tuple[str, str]]:
        """The texts a field's selectors find, each cut to what the selector asks for.

        With ``near`` only those inside the article's scope and outside furniture: a class such as
        ``date`` also stands in lists of other news.
        """
        for wanted, evidence in self.selectors(name):
            for node in self.document.tree.css(wanted.css):
                text = None if near and not self.is_near(node) else _stated_by(node, wanted)
                if text:
                    yield text, evidence

    def selected_ids(self, *names: str) -> set[int]:
        """``mem_id`` of every element the fields' selectors find."""
        return {node.mem_id for name in names for node, _ in self.selected(name)}

    # The article's place on the page

    @cached_property
    def container(self) -> Found[LexborNode] | None:
        """The element that holds the body."""
        for node, evidence in self.selected("body"):
            if len(visible_text(node)) >= 40:
                return Found(node, evidence)
        densest = find_container(self.document)
        if densest is not None:
            return Found(densest, "heuristic:densest")
        around = self._around_heading()
        return Found(around, "heuristic:around the heading") if around is not None else None

    def _around_heading(self) -> LexborNode | None:
        """Where a page has no prose: what stands around the heading that its head names too."""
        wanted = fold(self.document.head_title)
        for node in self.document.tree.css("h1, h2"):
            text = fold(visible_text(node))
            if len(text) >= 8 and text in wanted and not self._generic(text):
                return node.parent
        return None

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
        named = self.selected_ids(*_APART)
        named |= {link.mem_id for link in node.css('a[rel="tag"]')}
        named.discard(node.mem_id)
        return blocks(self.document, node, furniture(node) | named)

    def is_near(self, node: LexborNode) -> bool:
        """Whether an element stands in the article's scope and outside furniture."""
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

    @cached_property
    def scope_blocks(self) -> list[Block]:
        """Every block of the scope, furniture left out."""
        if self.scope is None:
            return []
        return blocks(self.document, self.scope, self._furniture)

    @cached_property
    def title_at(self) -> int | None:
        """Which of the scope's blocks shows the title."""
        title = fold(self.title.value) if self.title else ""
        if not title:
            return None
        return next((i for i, b in enumerate(self.scope_blocks) if title in fold(b.text)), None)

    # Title

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the site calls itself: no article has such a title."""
        own = self.document.metas.get("og:site_name")
        names = (self.portal.title_vi, self.portal.title_en, own)
        return tuple(name for name in names if name)

    @cached_property
    def title(self) -> Found[str] | None:
        """The article's title."""
        return first_found(
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
        if node is None:
            return None
        return Found(visible_text(node), f"heading:{_name(node)}")

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
        """The lead (sapo), one paragraph."""
        return first_found(
            self._lead_selected, self._lead_classed, self._lead_described, self._lead_between,
            self._lead_bold,
        )  # fmt: skip

    def _lead_selected(self) -> Found[str] | None:
        for text, evidence in self.stated("lead", near=True):
            if 20 <= len(text) <= 2000:
                return Found(text, evidence)
        return None

    def _lead_classed(self) -> Found[str] | None:
        """An element that names itself a lead, under the title."""
        if self.scope is None:
            return None
        for node in self.scope.css(_LEAD_CLASSES):
            text = visible_text(node)
            if 40 <= len(text) <= 1500 and self.is_near(node) and node.css_first("a") is None:
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
        if not self.body_blocks or self.title is None:
            return []
        found, start, first = self.scope_blocks, self.title_at, self.body_blocks[0].text
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

    # Identity

    def source_id(self) -> str | None:
        """The article's id where the page states it and the URL does not."""
        return next((text for text, _ in self.stated("source_id")), None)


def first_found(*rungs: Callable[[], Found[T] | None]) -> Found[T] | None:
    """Climb a ladder: the first rung that answers wins."""
    return next((found for rung in rungs if (found := rung()) is not None), None)


def _stated_by(node: LexborNode, wanted: Selector) -> str | None:
    if wanted.attribute in (None, "text"):
        return wanted.cut(visible_text(node))
    return wanted.cut(squeeze(node.attributes.get(wanted.attribute or "") or ""))


def _name(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    return ".".join([node.tag or "", *classes[:2]])
