"""A container element to a list of blocks: paragraphs, headings, list items, tables, images.

A block is what a reader sees as one piece of text. It does not matter how the page made it: a
``<p>``, a ``<div>``, a cell of a layout table, or text between two ``<br>``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborNode

from archive.text import is_one_line, nfc, squeeze
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import BLOCKS, HEADINGS, UNSEEN, is_hidden, visible_text

_Attributes = Mapping[str, str | None]
Kind = Literal["p", "heading", "item", "caption", "table", "image"]

_KEPT_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u",
                "sub": "sub", "sup": "sup"}  # fmt: skip
_ALIGN = re.compile(r"text-align\s*:\s*(right|center|justify|left)", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I)
_WHITE = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")
"""White space that is not the one space it shall become."""
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|photo-?note|image-?note", re.I)
_EMPTY = re.compile(
    r"<(?P<tag>strong|em|u|sub|sup)>(?P<breaks>(?:\s|<br>)*)</(?P=tag)>|<a [^>]*>\s*</a>"
)
_MAX_DEPTH = 200


class Picture(NamedTuple):
    """An image in the text: its address and its alternative text."""

    url: str
    alt: str


class Block(NamedTuple):
    """One piece of text as a reader sees it."""

    kind: Kind
    text: str
    html: str
    node_id: int
    """Identity of the element the text stands in."""
    align: str = ""
    strong: bool = False
    """The whole text is bold."""
    emphasis: bool = False
    """The whole text is italic."""
    linked: int = 0
    """Characters inside links."""
    level: int = 0
    """For a heading 1 to 6; for an item how deep the list is."""
    ordered: bool = False
    pictures: tuple[Picture, ...] = ()
    sure: bool = True
    """False: a line that may sign, date or caption the article, and else is none of it."""

    def on_trial(self) -> Block:
        """The same block, no longer sure to be the article's."""
        return self._replace(sure=False)

    @property
    def link_share(self) -> float:
        """Part of the text that stands inside links, 0 to 1."""
        return self.linked / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class _Run:
    """Inline content gathered until the next block border."""

    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    strong: int = 0
    emphasis: int = 0
    linked: int = 0
    letters: int = 0
    breaks: int = 0

    def add(self, text: str, style: _Style) -> None:
        count = len(text.strip())
        if count:
            self.breaks = 0
            self.letters += count
            self.strong += count if style.strong else 0
            self.emphasis += count if style.emphasis else 0
            self.linked += count if style.linked else 0
        self.text.append(text)
        self.html.append(escape(text, quote=False))


class _Style(NamedTuple):
    """What the elements around a piece of text say about it."""

    kind: Kind = "p"
    align: str = ""
    strong: bool = False
    emphasis: bool = False
    linked: bool = False
    level: int = 0
    ordered: bool = False
    node_id: int = 0


class _Walker:
    def __init__(
        self, document: Document, skipped: Collection[int], known: Mapping[int, list[Block]]
    ) -> None:
        self.document = document
        self.skipped = skipped
        self.known = known
        self.blocks: list[Block] = []
        self.run = _Run()

    def flush(self, style: _Style) -> None:
        run = self.run
        if not run.text and not run.html and not run.pictures:
            return
        self.run = _Run()
        text = _lines("".join(run.text))
        if not text and not run.pictures:
            return
        kind: Kind = style.kind if text else "image"
        self.blocks.append(
            Block(
                kind=kind,
                text=text,
                html=_tidy("".join(run.html)),
                node_id=style.node_id,
                align=style.align,
                strong=bool(run.letters) and run.strong >= run.letters,
                emphasis=bool(run.letters) and run.emphasis >= run.letters,
                linked=run.linked,
                level=style.level,
                ordered=style.ordered,
                pictures=tuple(run.pictures),
            )
        )

    def walk(self, node: LexborNode, style: _Style, depth: int = 0) -> None:
        for child in node.iter(include_text=True):
            if child.is_text_node:
                self.run.add(_spaces(child.text(deep=False)), style)
            elif child.is_element_node:
                self.element(child, style, depth + 1)

    def element(self, node: LexborNode, style: _Style, depth: int) -> None:
        tag = node.tag or ""
        if tag in UNSEEN or depth > _MAX_DEPTH:
            return
        if node.mem_id in self.skipped:
            if tag in BLOCKS:  # what stands before and after it is not one line
                self.flush(style)
            return
        if node.mem_id in self.known:
            self.flush(style)
            self.blocks += self.known[node.mem_id]
            return
        if tag == "br":
            self.line_break(style)
            return
        attributes = node.attributes
        if attributes and is_hidden(attributes):
            return
        if tag == "img":
            self.picture(node)
        elif tag == "table" and is_data_table(node):
            self.flush(style)
            self.blocks.append(_table(node))
        elif tag in BLOCKS:
            inner = _block_style(node, attributes, tag, style)
            self.flush(style)
            self.walk(node, inner, depth)
            self.flush(inner)
        else:
            self.inline(node, attributes, tag, style, depth)

    def line_break(self, style: _Style) -> None:
        """One <br> breaks the line, a second one in a row ends the paragraph."""
        self.run.breaks += 1
        if self.run.breaks >= 2:
            self.flush(style)
            self.run.breaks = 2
        else:
            self.run.text.append("\n")
            self.run.html.append("<br>")

    def picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        url = self.document.absolute(attributes.get("data-src") or attributes.get("src"))
        if url is not None:
            self.run.pictures.append(Picture(url, squeeze(attributes.get("alt") or "")))

    def inline(
        self, node: LexborNode, attributes: _Attributes, tag: str, style: _Style, depth: int
    ) -> None:
        inner = _inline_style(attributes, tag, style)
        wrap = _KEPT_INLINE.get(tag)
        href = self.document.absolute(attributes.get("href")) if tag == "a" else None
        opening, closing = "", ""
        if wrap is not None:
            opening, closing = f"<{wrap}>", f"</{wrap}>"
        elif href is not None:
            opening, closing = f'<a href="{escape(href)}">', "</a>"
        run = self.run
        run.html.append(opening)
        self.walk(node, inner, depth)
        # A block element inside the inline one has closed the run; the tag then ended with it.
        if self.run is run:
            run.html.append(closing)


_NONE: Mapping[int, list[Block]] = {}


def blocks(
    document: Document,
    container: LexborNode,
    skipped: Collection[int] = (),
    known: Mapping[int, list[Block]] = _NONE,
) -> list[Block]:
    """The blocks of a container in reading order.

    ``skipped`` holds the ``mem_id`` of elements to leave out, ``known`` the ``mem_id`` of those
    whose blocks were made before.
    """
    walker = _Walker(document, skipped, known)
    style = _Style(node_id=container.mem_id)
    walker.walk(container, style)
    walker.flush(style)
    return walker.blocks


def is_data_table(table: LexborNode) -> bool:
    """Whether a table holds data; a table used for layout is walked like any other element."""
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return False
    rows = table.css("tr")
    widths = [len([c for c in row.iter() if c.tag in ("td", "th")]) for row in rows]
    cells = sum(widths)
    if len(rows) < 2 or cells < 4 or sorted(widths)[len(widths) // 2] < 2:
        return False
    if table.css("img") and len(visible_text(table)) < 40 * len(table.css("img")):
        return False
    if any(len(cell.css("p, div")) > 6 for cell in table.css("td")):
        return False
    return len(visible_text(table)) / cells < 160


def _table(table: LexborNode) -> Block:
    rows: list[list[str]] = []
    html: list[str] = []
    for row in table.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        rows.append([visible_text(cell) for cell in cells])
        html.append("<tr>" + "".join(_cell(cell) for cell in cells) + "</tr>")
    text = "\n".join(" | ".join(row) for row in rows if any(row))
    return Block("table", text, "<table>" + "".join(html) + "</table>", table.mem_id)


def _cell(cell: LexborNode) -> str:
    spans = "".join(
        f' {name}="{value}"'
        for name in ("colspan", "rowspan")
        if (value := cell.attributes.get(name) or "").isdigit()
    )
    text = escape(visible_text(cell), quote=False)
    return f"<{cell.tag}{spans}>{text}</{cell.tag}>"


def _block_style(node: LexborNode, attributes: _Attributes, tag: str, outer: _Style) -> _Style:
    css = attributes.get("style") or ""
    found = _ALIGN.search(css) if css else None
    align = found.group(1).lower() if found else (attributes.get("align") or "").lower()
    kind: Kind = outer.kind if outer.kind in ("item", "caption") else "p"
    level, ordered = outer.level, outer.ordered
    if tag in HEADINGS:
        kind, level = "heading", int(tag[1])
    elif tag in ("ul", "ol"):
        level, ordered = outer.level + 1, tag == "ol"
    elif tag == "li":
        kind = "item"
    elif tag == "figcaption" or _CAPTION_CLASS.search(attributes.get("class") or ""):
        kind = "caption"
    return _Style(
        kind=kind,
        align=align or ("center" if tag == "center" else outer.align),
        strong=outer.strong or _is_bold(css),
        emphasis=outer.emphasis or "italic" in css,
        linked=outer.linked,
        level=level,
        ordered=ordered,
        node_id=node.mem_id,
    )


def _inline_style(attributes: _Attributes, tag: str, outer: _Style) -> _Style:
    css = attributes.get("style") or ""
    strong = tag in ("b", "strong") or _is_bold(css)
    emphasis = tag in ("i", "em") or "italic" in css
    linked = tag == "a"
    if not (strong or emphasis or linked):
        return outer
    return outer._replace(
        strong=outer.strong or strong,
        emphasis=outer.emphasis or emphasis,
        linked=outer.linked or linked,
    )


def _is_bold(css: str) -> bool:
    return bool(css) and _BOLD.search(css) is not None


def _spaces(text: str) -> str:
    text = nfc(text)
    return text if is_one_line(text) else _WHITE.sub(" ", text)


def _lines(text: str) -> str:
    text = nfc(text)
    if is_one_line(text):
        return text.strip(" ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _tidy(html: str) -> str:
    if "<" not in html:
        return html.strip()
    html = _EMPTY.sub(r"\g<breaks>", html)
    return re.sub(r"^(?:\s|<br>)+|(?:\s|<br>)+$", "", html)


def captions(found: list[Block]) -> Iterator[tuple[Picture, Block | None]]:
    """Each picture with the block that captions it, if one does.

    A caption is marked as one, or it is the short centred or italic block right after a picture,
    or (as portals without any markup do) a short block that names the photographer.
    """
    for index, block in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        for picture in block.pictures:
            own = block if block.text and len(block.text) <= 300 else None
            yield picture, own or (following if _captions(following) else None)


def _captions(block: Block | None) -> bool:
    if block is None or not block.text or len(block.text) > 300 or block.kind == "heading":
        return False
    marked = block.kind == "caption" or block.align == "center" or block.emphasis
    return marked or bool(re.search(r"\(?\bẢnh\s*:", block.text)) or _looks_like_caption(block)


def _looks_like_caption(block: Block) -> bool:
    return len(block.text) <= 200 and not block.text.rstrip().endswith((".", ":", ";", "…"))
