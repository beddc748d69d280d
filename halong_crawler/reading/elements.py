"""What HTML elements mean to a reader: which break the line, which show nothing."""

from __future__ import annotations

from collections.abc import Mapping

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
HIDDEN_CLASSES = frozenset({
    "hidden", "d-none", "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text",
})
"""Classes by which the usual style sheets take an element out of sight."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: on


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element's own attributes take it out of sight."""
    if not attributes:
        return False
    style = attributes.get("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return True
    classes = attributes.get("class")
    return "hidden" in attributes or bool(classes and HIDDEN_CLASSES & set(classes.split()))


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


def name_of(node: LexborNode) -> str:
    """An element as evidence names it: its tag and its first two classes."""
    classes = (node.attributes.get("class") or "").split()
    return ".".join([node.tag or "", *classes[:2]])
