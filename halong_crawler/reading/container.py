"""What inside an article's container names itself as something else, and where elements meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|nav(?:bar|igation)?|side-?bar|footer|header|breadcrumbs?|related|"
    r"tin-?khac|tinkhac|other(?:-?(?:news|title))?|khac|tin-?lien-?quan|comments?|binh-?luan|share|social|weather|"
    r"thoi-?tiet|thong-?ke|counter|banner|lien-?ket|widgets?|paging|pagination|toolbar|rating|"
    r"copyright|quang-?cao|popup|modal|login|search|ty-?gia|newsother|tags?)(?:$|[\s_-])",
    re.I,
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside"))
_NAMED = ", ".join((*_FURNITURE_TAGS, "[class]", "[id]"))
"""What can be furniture: the parser finds it many times as fast as a walk."""


def is_furniture(node: LexborNode) -> bool:
    """Whether an element names itself as something other than the article."""
    if node.tag in _FURNITURE_TAGS:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_FURNITURE.search(names))


def furniture(root: LexborNode) -> set[int]:
    """``mem_id`` of the furniture elements below ``root``."""
    found = {node.mem_id for node in root.css(_NAMED) if is_furniture(node)}
    found.discard(root.mem_id)
    return found


def common_ancestor(first: LexborNode, second: LexborNode) -> LexborNode:
    """The nearest element that holds both."""
    above = {node.mem_id for node in _ancestors(first)}
    for node in _ancestors(second):
        if node.mem_id in above:
            return node
    return second


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    current: LexborNode | None = node
    while current is not None:
        yield current
        current = current.parent
