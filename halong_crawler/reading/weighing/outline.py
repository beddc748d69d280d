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

MAX_DEPTH = 400
"""Elements nested deeper are passed over: no page for readers needs them."""

_BOLD = ("b", "strong")
_VOID = ("br", "img")


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
    """The stack holds what is open: (mem_id, block element or None, what kind of inline)."""

    def __init__(self, root: LexborNode) -> None:
        self.result = Outline()
        self.run = _Run()
        self.links = 0
        self.bold = 0
        self.breaks = 0
        self.top = self._open_block(root, "body", "", None)
        self.stack: list[tuple[int, str]] = [(root.mem_id, "block")]
        self._walk(root)

    def _walk(self, root: LexborNode) -> None:
        stack = self.stack
        hidden_below = 0
        nodes = root.traverse(include_text=True)
        next(nodes, None)
        for node in nodes:
            parent = node.parent
            above = parent.mem_id if parent is not None else 0
            while len(stack) > 1 and stack[-1][0] != above:
                if self._close(stack.pop()):
                    hidden_below -= 1
            if node.is_text_node:
                if not hidden_below:
                    self._text(node.text_content or "")
            elif not node.is_element_node:
                continue
            elif hidden_below:
                stack.append((node.mem_id, "inline"))
            else:
                kind = self._open(node)
                hidden_below += kind == "hidden"
                stack.append((node.mem_id, kind))
        while stack:
            self._close(stack.pop())

    def _open(self, node: LexborNode) -> str:
        """Enter an element; what kind it is."""
        tag = node.tag or ""
        if tag == "br":
            self._break()
        elif tag == "img":
            self.run.pictured = True
        if tag in _VOID:
            return "inline"
        attributes = node.attributes
        if tag in UNSEEN or len(self.stack) > MAX_DEPTH or is_hidden(attributes):
            return "hidden"
        if tag in BLOCKS:
            names = " ".join(
                value for name in ("class", "id", "role") if (value := attributes.get(name))
            )
            self._flush()
            self.top = self._open_block(node, tag, names.lower(), self.top)
            return "block"
        if not self.run.parts:
            self.run.inline += f" {attributes.get('class') or ''} {attributes.get('style') or ''}"
        self.links += tag == "a"
        self.bold += tag in _BOLD
        return "link" if tag == "a" else "bold" if tag in _BOLD else "inline"

    def _close(self, entry: tuple[int, str]) -> bool:
        """Leave an element; True when it was a hidden one."""
        kind = entry[1]
        if kind == "block":
            self._flush()
            self.top.end = len(self.result.passages)
            self.top = self.top.parent or self.top
        elif kind == "link":
            self.links -= 1
        elif kind == "bold":
            self.bold -= 1
        return kind == "hidden"

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
                    run.inline.strip().lower(),
                    run.head,
                )
            )
        self.run = _Run()
