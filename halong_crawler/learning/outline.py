"""A page as learning sees it: its elements in order, and the runs of text they hold.

A run is what stands between two borders of blocks: a paragraph, a cell, a line of a list. The walk
is done once a page; everything else counts over elements and runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from selectolax.lexbor import LexborNode

from archive.text import fold, squeeze
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import BLOCKS, UNSEEN, visible_text

Kind = Literal["article", "listing", "page"]
"""What a page was taken for when it was captured; ``page`` where nothing said."""

_DEPTH = 200
_MASKED = 80
"""Characters below which lines that differ only in their numbers count as the same."""
_NUMBERS = re.compile(r"\d+")
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_VALUE = re.compile(r"#?[\w-]{1,24}%?")
_NAMED_BY = ("itemprop", "role", "size", "color", "bgcolor", "align", "valign", "width", "face")
"""Attributes that tell elements apart beside id and class; on old pages how they look is all."""


@dataclass(slots=True)
class Run:
    """A line of text as a reader sees it."""

    text: str
    linked: int
    """Characters inside links."""
    owner: Element
    """The innermost block that holds it."""
    key: str
    """Folded; in a short line numbers are 0, so that counters and clocks are one text."""

    @property
    def link_share(self) -> float:
        """Part of the text inside links, 0 to 1."""
        return self.linked / len(self.text) if self.text else 0.0


@dataclass(slots=True, eq=False)
class Element:
    """An element and which runs stand in it."""

    node: LexborNode
    tag: str
    names: tuple[str, ...]
    """``#id``, ``.class`` and ``[itemprop='x']`` that do not look made by a machine."""
    parent: Element | None
    nth: int
    """Which of its parent's children of the same tag, from 1."""
    start: int = 0
    end: int = 0
    """Its runs: ``page.runs[start:end]``. An inline element shares its run with its block."""
    count: int = 0
    """Children of its own, elements only."""
    child: int = 1
    """Which of its parent's element children, from 1."""
    _text: str | None = None

    @property
    def text(self) -> str:
        """The visible text."""
        if self._text is None:
            self._text = visible_text(self.node)
        return self._text

    @property
    def is_block(self) -> bool:
        """Whether it begins and ends a line of its own."""
        return self.tag in BLOCKS

    def inside(self, other: Element) -> bool:
        """Whether it stands in another element, or is it."""
        current: Element | None = self
        while current is not None:
            if current is other:
                return True
            current = current.parent
        return False


@dataclass(eq=False)
class Page:
    """One page of the sample."""

    document: Document
    captured_at: datetime
    kind: Kind = "article"
    elements: list[Element] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The page's address."""
        return self.document.url

    @cached_property
    def by_id(self) -> dict[int, Element]:
        """``mem_id`` → element."""
        return {element.node.mem_id: element for element in self.elements}

    def matches(self, css: str) -> list[Element]:
        """The elements a CSS selector finds, those that show nothing left out."""
        found = (self.by_id.get(node.mem_id) for node in self.document.tree.css(css))
        return [element for element in found if element is not None and element.text]


def outline(document: Document, captured_at: datetime, *, kind: Kind = "article") -> Page:
    """Walk a page once."""
    page = Page(document, captured_at, kind)
    body = document.tree.body
    if body is not None:
        walker = _Walker(page)
        root = Element(body, "body", (), None, 1)
        page.elements.append(root)
        walker.walk(root, root, linked=False, depth=0)
        walker.flush(root)
        root.end = len(page.runs)
    return page


class _Walker:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.parts: list[str] = []
        self.linked: list[str] = []

    def flush(self, owner: Element) -> None:
        parts, linked = self.parts, self.linked
        self.parts, self.linked = [], []
        if not parts:
            return
        text = squeeze("".join(parts))
        if text:
            key = fold(text)
            if len(key) < _MASKED:
                key = _NUMBERS.sub("0", key)
            length = len(squeeze("".join(linked))) if linked else 0
            self.page.runs.append(Run(text, length, owner, key))

    def walk(self, element: Element, owner: Element, *, linked: bool, depth: int) -> None:
        siblings: dict[str, int] = {}
        for child in element.node.iter(include_text=True):
            if child.is_text_node:
                text = child.text(deep=False)
                if text.strip() or self.parts:
                    self.parts.append(text)
                    if linked:
                        self.linked.append(text)
            elif child.is_element_node:
                tag = child.tag or ""
                siblings[tag] = siblings.get(tag, 0) + 1
                element.count += 1
                if tag not in UNSEEN and depth < _DEPTH and not _is_hidden(child):
                    self.element(child, tag, siblings[tag], element, owner, linked, depth)

    def element(
        self, node: LexborNode, tag: str, nth: int, parent: Element, owner: Element,
        linked: bool, depth: int,
    ) -> None:  # fmt: skip
        if tag == "br":
            # One <br> breaks the line, a second one in a row ends the paragraph.
            if self.parts and self.parts[-1] == "\n":
                self.flush(owner)
            elif self.parts:
                self.parts.append("\n")
            return
        element = Element(node, tag, _names(node), parent, nth, child=parent.count)
        self.page.elements.append(element)
        block = tag in BLOCKS
        if block:
            self.flush(owner)
        element.start = len(self.page.runs)
        inner = element if block else owner
        self.walk(element, inner, linked=linked or tag == "a", depth=depth + 1)
        if block:
            self.flush(element)
        element.end = len(self.page.runs) + (0 if block or not self.parts else 1)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    css = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in css


def _names(node: LexborNode) -> tuple[str, ...]:
    attributes = node.attributes
    if not attributes:
        return ()
    found: list[str] = []
    own = (attributes.get("id") or "").strip()
    if _NAME.fullmatch(own) and not is_made(own):
        found.append(f"#{own}")
    classes = (attributes.get("class") or "").split()
    found.extend(_as_class(token) for token in classes if _NAME.fullmatch(token))
    if node.tag != "img":
        values = ((name, attributes.get(name) or "") for name in _NAMED_BY)
        found.extend(f"[{name}='{value}']" for name, value in values if _VALUE.fullmatch(value))
    return tuple(dict.fromkeys(name for name in found if name))


def _as_class(token: str) -> str:
    """The class, or of one that a bundler made the part before the machine's letters."""
    if not is_made(token):
        return f".{token}"
    head, separator, tail = token.rpartition("_")
    while separator and not is_made(tail) and head:
        head, separator, tail = head.rpartition("_")
    head = head.strip("_-")
    return f"[class*='{head}_']" if len(head) >= 4 and separator and not is_made(head) else ""


def is_made(name: str) -> bool:
    """Whether a name (or a part of it) was made by a machine and may be another tomorrow."""
    return any(_is_hash(part) for part in re.split(r"[-_]+", name))


def _is_hash(part: str) -> bool:
    """``1x2y3``, ``5b6c7d8e``, ``bdVaJa``, ``60217``; not ``ctl00``, ``lblTitle``, ``h1``."""
    if len(part) < 4:
        return False
    if part.isdigit():
        return True
    pieces = _PIECES.findall(part)
    digits = [i for i, piece in enumerate(pieces) if piece.isdigit()]
    if any(i < len(pieces) - 1 for i in digits) and len(pieces) > 2:
        return True
    if digits and len(pieces[-1]) >= 4:
        return True
    return len(pieces) >= 3 and len(part) / len(pieces) < 2.5
