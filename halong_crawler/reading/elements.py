"""What HTML elements mean to a reader: which break the line, which show nothing."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from archive.text import squeeze

# fmt: off
UNSEEN = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "embed", "select", "option",
    "button", "input", "textarea", "svg", "canvas", "audio", "video", "map", "head", "nav", "title",
    "label",
})
"""Elements whose content is no part of a page's text."""
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
})
"""Elements that begin and end a line of their own."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: on


def visible_text(node: LexborNode) -> str:
    """The text of an element on one line, as a reader sees it.

    Words that markup cuts in pieces (``Đ<b>ại</b>``) stay whole; blocks and ``<br>`` part words.
    """
    parts: list[str] = []
    _gather(node, parts)
    return squeeze("".join(parts))


def _gather(node: LexborNode, parts: list[str]) -> None:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            parts.append(child.text(deep=False))
        elif child.is_element_node and child.tag not in UNSEEN:
            border = child.tag in BLOCKS or child.tag == "br"
            parts.append(" " if border else "")
            _gather(child, parts)
            parts.append(" " if border else "")
