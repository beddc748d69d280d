"""The ladders: for each field the places it may be read from, best first.

A rung is a method that answers with a value or None; the first answer wins and its name is the
field's evidence. Selectors come first (the portal's own, then the platform's), then structured
data, then general heuristics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from archive.text import fold, squeeze
from halong_crawler.platforms import Platform, Selector, selector
from halong_crawler.portal import Portal
from halong_crawler.reading.blocks import Block, blocks
from halong_crawler.reading.container import (
    common_ancestor,
    furniture,
)
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import name_of, visible_text
from halong_crawler.reading.found import Found, first_found
from halong_crawler.reading.leads import APART, read_lead
from halong_crawler.reading.weighing.opening import heading_among, is_generic_title, title_text
from halong_crawler.reading.weighing.outline import Passage
from halong_crawler.reading.weighing.story import Story, find_story

_SOMETHING = 40
"""Characters from which a selected body holds text."""
_LONGEST_TITLE = 500
_BESIDE_TITLE = 200
"""Characters that a line may hold besides the title it shows."""
WEIGHED = "weighed"
"""Evidence of a body that was weighed out of the page's passages."""
_HOME = "vi"
"""Language of the sites after which the tables of platforms were made."""
_SEPARATORS = re.compile(r"\s+[-–—|»›]\s+")


class Reader:
    """Reads the fields of one page. Pure: it changes nothing and knows no network."""

    def __init__(self, document: Document, portal: Portal, platform: Platform) -> None:
        self.document = document
        self.portal = portal
        self.platform = platform
        self.zone = ZoneInfo(portal.timezone)
        self.learned = portal.learned
        self._selectors: dict[str, list[tuple[Selector, str]]] = {}
        self._found: dict[str, list[LexborNode]] = {}
        self._texts: dict[int, str] = {}
        self._with_text: dict[str, list[LexborNode]] = {}

    # Selectors

    def selectors(self, name: str) -> list[tuple[Selector, str]]:
        """The selectors of a field and the evidence each stands for."""
        known = self._selectors.get(name)
        if known is None:
            learned = self.learned.selectors(name) if self.learned is not None else ()
            known = self._selectors[name] = [
                *(
                    (selector(text), f"portal:{text}")
                    for text in self.portal.selectors.get(name, ())
                ),
                *(
                    (selector(text), f"platform:{text}")
                    for text in self.platform.selectors.get(name, ())
                ),
                *((selector(text), f"learned:{text}") for text in learned),
            ]
        return known

    def selected(self, name: str) -> Iterator[tuple[LexborNode, str]]:
        """The elements a field's selectors find, best first; those without text left out."""
        for wanted, evidence in self.selectors(name):
            for node in self._nodes_with_text(wanted.css):
                yield node, evidence

    def _nodes_with_text(self, css: str) -> list[LexborNode]:
        found = self._with_text.get(css)
        if found is None:
            found = [node for node in self._nodes(css) if self.text_of(node)]
            self._with_text[css] = found
        return found

    def text_of(self, node: LexborNode) -> str:
        """An element's text as it stands, every piece of it stripped."""
        text = self._texts.get(node.mem_id)
        if text is None:
            text = self._texts[node.mem_id] = node.text(strip=True)
        return text

    def _nodes(self, css: str) -> list[LexborNode]:
        """The elements a CSS selector finds on the page; each is searched for once."""
        found = self._found.get(css)
        if found is None:
            found = self._found[css] = self.document.tree.css(css)
        return found

    def stated(self, name: str, *, near: bool = False) -> Iterator[tuple[str, str]]:
        """The texts a field's selectors find, each cut to what the selector asks for.

        With ``near`` only those inside the article's scope and outside furniture: a class such as
        ``date`` also stands in lists of other news.
        """
        for wanted, evidence in self.selectors(name):
            for node in self._nodes(wanted.css):
                # What was learnt has been tried on many pages, whatever its frame is called.
                sure = not near or evidence.startswith("learned:") or self.is_near(node)
                text = _stated_by(node, wanted) if sure else None
                if text:
                    yield text, evidence

    def selected_ids(self, *names: str) -> set[int]:
        """``mem_id`` of every element the fields' selectors find."""
        return {node.mem_id for name in names for node, _ in self.selected(name)}

    # The article's place on the page

    @cached_property
    def container(self) -> Found[LexborNode] | None:
        """The element that holds the body."""
        if self._selected_body is not None:
            return self._selected_body[0]
        if self.story is not None:
            return Found(self.story.container, WEIGHED)
        around = self._around_heading()
        return Found(around, "heuristic:around the heading") if around is not None else None

    @cached_property
    def story(self) -> Story | None:
        """The article's passages, where no selector says which element holds its body."""
        return find_story(self.document)

    @cached_property
    def _selected_body(self) -> tuple[Found[LexborNode], list[Block]] | None:
        """The element a selector says is the body, with its blocks.

        Not one most of whose paragraphs name themselves furniture: the selector means other pages.
        """
        for node, evidence in self.selected("body"):
            kept = blocks(self.document, node, furniture(node) | self._named_apart(node))
            size = sum(len(block.text) for block in kept)
            held = sum(len(paragraph.text()) for paragraph in node.css("p"))
            if size * 2 < held or self._is_doubtful(size, evidence):
                continue
            if size >= _SOMETHING or any(b.pictures for b in kept):
                return Found(node, evidence), kept
        return None

    def _is_doubtful(self, size: int, evidence: str) -> bool:
        """Where themes differ: whether the text weighed out of the page is of another size.

        The tables know the themes of Vietnamese sites. Elsewhere what is weighed is nearer to the
        article: furniture stands inside these elements as well, and leads outside.
        """
        if not (self.platform.varied and evidence.startswith("platform:") and self.story):
            return False
        if self.portal.language != _HOME:
            return True
        weighed = sum(len(self.story.page.passages[at].text) for at in self.story.chosen)
        return not weighed * 0.8 <= size <= weighed * 1.25

    def _named_apart(self, node: LexborNode) -> set[int]:
        """``mem_id`` of what stands in an element and is known to be no part of the body."""
        apart = (wanted.css for name in APART for wanted, _ in self.selectors(name))
        found = node.css(", ".join(('a[rel="tag"]', *apart)))
        named = {inside.mem_id for inside in found if inside.text(strip=True)}
        named.discard(node.mem_id)
        return named

    @property
    def weighed(self) -> bool:
        """Whether the body was weighed out of the page's passages."""
        return self.container is not None and self.container.evidence == WEIGHED

    @property
    def templated(self) -> bool:
        """Whether a selector written or learnt for this portal or its product found the body.

        Then the same table says where the other fields stand, and the page is not searched.
        """
        if self._selected_body is None:
            return False
        evidence = self._selected_body[0].evidence
        return not (self.platform.varied and evidence.startswith("platform:"))

    def _around_heading(self) -> LexborNode | None:
        """Where a page has no running text: what stands around its heading."""
        return self._heading.element.node.parent if self._heading is not None else None

    @cached_property
    def _heading(self) -> Passage | None:
        """The heading of a page without running text."""
        if self.story is not None:
            return None
        page = self.document.outline
        at = heading_among(page, self.document)
        return page.passages[at] if at is not None else None

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
        if self.weighed and self.story is not None:
            return self.story.blocks(self._named_apart(self.container.value))
        if self._selected_body is not None:
            return self._selected_body[1]
        node = self.container.value
        return blocks(self.document, node, furniture(node) | self._named_apart(node))

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
        """Every block of the scope, furniture left out; of a selected body those that are read."""
        if self.scope is None:
            return []
        body = self._selected_body
        known = {body[0].value.mem_id: body[1]} if body is not None else {}
        return blocks(self.document, self.scope, self._furniture, known)

    @cached_property
    def title_at(self) -> int | None:
        """Which of the scope's blocks shows the title."""
        title = fold(self.title.value) if self.title else ""
        if not title:
            return None
        longest = 2 * len(title) + _BESIDE_TITLE
        lines = ((at, block.text) for at, block in enumerate(self.scope_blocks))
        return next((at for at, t in lines if len(t) <= longest and title in fold(t)), None)

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
            if len(text) <= _LONGEST_TITLE and not self._generic(text):
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
        shown = self._shown_title
        if shown is None or self._generic(title_text(shown)):
            return None
        return Found(title_text(shown), f"heading:{name_of(shown.element.node)}")

    def _title_head(self) -> Found[str] | None:
        text = self._without_site(self.document.head_title)
        return Found(text, "head:title") if text and not self._generic(text) else None

    @cached_property
    def _title_node(self) -> LexborNode | None:
        """The element that shows the title: selected, or the heading that fits best."""
        for node, _ in self.selected("title"):
            if not self._generic(visible_text(node)):
                return node
        shown = self._shown_title
        return shown.element.node if shown is not None else None

    @cached_property
    def _shown_title(self) -> Passage | None:
        """The passage that shows the title, where no selector says so."""
        story = self.story
        if story is None:
            return self._heading
        return story.page.passages[story.title_at] if story.title_at is not None else None

    def _generic(self, text: str) -> bool:
        return is_generic_title(text, self.site_names)

    def _without_site(self, text: str) -> str:
        """``Title - Section - Site`` → ``Title``, when the rest names the section or the site."""
        if len(text) > _LONGEST_TITLE:
            return ""
        parts = _SEPARATORS.split(text)
        visible = self._shown_title
        if (
            visible is not None
            and len(parts) > 1
            and fold(text).startswith(fold(title_text(visible)))
        ):
            return title_text(visible)
        while len(parts) > 1 and self._generic(parts[-1]):
            text = text[: text.rfind(parts[-1])].rstrip(" -–—|»›")
            parts = parts[:-1]
        return text

    # Lead

    @cached_property
    def lead(self) -> Found[str] | None:
        """The lead (sapo), one paragraph."""
        return read_lead(self)

    def is_settled(self, name: str) -> bool:
        """Whether the page's template is learnt and says where a field stands, if there is one."""
        learned, container = self.learned, self.container
        of_template = container is not None and container.evidence.startswith("learned:")
        return of_template and learned is not None and learned.settles(name)

    # Identity

    def source_id(self) -> str | None:
        """The article's id where the page states it and the URL does not."""
        return next((text for text, _ in self.stated("source_id")), None)


def _stated_by(node: LexborNode, wanted: Selector) -> str | None:
    if wanted.attribute in (None, "text"):
        return wanted.cut(visible_text(node))
    return wanted.cut(squeeze(node.attributes.get(wanted.attribute or "") or ""))
