"""One walk over a page: its elements and the passages of text that stand in them.

A passage is a run of text that no block element and no double ``<br>`` interrupts. The outline is
all that deciding what is article needs; the article's own blocks are made from the tree afterwards
(:mod:`halong_crawler.reading.blocks`), and only for what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from archive.text import nfc
from halong_crawler.reading.elements import BLOCKS, UNSEEN, is_hidden

_BOLD = ("b", "strong")
_NAMES = ("class", "id", "role")


@dataclass(slots=True, eq=False)
class Element:
    """A block element and where it stands."""

    node: LexborNode
    node_id: int
    tag: str
    names: str
    """Its class, id and role, in lower case, parted by spaces."""
    parent: Element | None
    depth: int
    first: int
    """Number of the first passage at or after its start."""
    end: int = 0
    """Number of the first passage after its end."""

    def ancestors(self) -> Iterator[Element]:
        """The element itself, its parent, and so on up to the body."""
        current: Element | None = self
        while current is not None:
            yield current
            current = current.parent


@dataclass(slots=True, eq=False)
class Passage:
    """A run of text between block borders."""

    text: str
    """On one line, spaces as printed on the page."""
    linked: int
    """Characters inside links."""
    element: Element
    """The nearest block element around it."""
    strong: int = 0
    """Characters inside <b> and <strong>."""
    pictured: bool = False
    """An image stands in the run."""
    inline: str = ""
    """Class and style of the inline elements around its beginning, in lower case."""
    head: str = ""
    """Its first line, where a single ``<br>`` ends one."""


@dataclass(slots=True)
class Outline:
    """A page's block elements in document order and its passages in reading order."""

    elements: list[Element] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """Text gathered until the next border."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0
    pictured: bool = False
    inline: str = ""
    head: str = ""


def outline(root: LexborNode) -> Outline:
    """Walk an element's subtree once. What shows nothing (scripts, forms' fields) is left out."""
    return _Walk(root).result


class _Walk:
    """What is open at the present place of the walk. Documents bound how deep they are nested."""

    def __init__(self, root: LexborNode) -> None:
        self.result = Outline()
        self.run = _Run()
        self.links = 0
        self.bold = 0
        self.breaks = 0
        self.top = self._open_block(root, "body", "", None)
        self._inside(root)
        self._close_block()

    def _inside(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            if child.is_text_node:
                self._text(child.text_content or "")
            elif child.is_element_node:
                self._element(child, child.tag or "")

    def _element(self, node: LexborNode, tag: str) -> None:
        if tag == "br":
            self._break()
            return
        if tag == "img":
            self.run.pictured = True
            return
        if tag in UNSEEN:
            return
        attributes = node.attributes
        if attributes and is_hidden(attributes):
            return
        if tag in BLOCKS:
            names = [value for name in _NAMES if (value := attributes.get(name))]
            self._flush()
            outer = self.top
            self.top = self._open_block(node, tag, " ".join(names).lower(), outer)
            self._inside(node)
            self._close_block()
            self.top = outer
            return
        if attributes and not self.run.parts:
            self.run.inline += f" {attributes.get('class') or ''} {attributes.get('style') or ''}"
        self.links += tag == "a"
        self.bold += tag in _BOLD
        self._inside(node)
        self.links -= tag == "a"
        self.bold -= tag in _BOLD

    def _close_block(self) -> None:
        self._flush()
        self.top.end = len(self.result.passages)

    def _open_block(
        self, node: LexborNode, tag: str, names: str, parent: Element | None
    ) -> Element:
        depth = parent.depth + 1 if parent is not None else 0
        first = len(self.result.passages)
        element = Element(node, node.mem_id, tag, names, parent, depth, first)
        self.result.elements.append(element)
        return element

    def _text(self, text: str) -> None:
        run = self.run
        if text.isspace():
            if run.parts:
                run.parts.append(" ")
            return
        run.parts.append(text)
        self.breaks = 0
        if self.links:
            run.linked += len(text)
        if self.bold:
            run.strong += len(text)

    def _break(self) -> None:
        """One <br> is a space, two in a row end the passage."""
        self.breaks += 1
        if self.breaks >= 2:
            self._flush()
        elif self.run.parts:
            self.run.head = self.run.head or " ".join(nfc("".join(self.run.parts)).split())
            self.run.parts.append(" ")

    def _flush(self) -> None:
        run = self.run
        if not run.parts and not run.pictured:
            return
        text = " ".join(nfc("".join(run.parts)).split())
        if text:
            self.result.passages.append(
                Passage(
                    text,
                    run.linked,
                    self.top,
                    run.strong,
                    run.pictured,
                    run.inline.strip().lower() if run.inline else "",
                    run.head,
                )
            )
        self.run = _Run()
