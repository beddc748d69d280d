"""What inside an article's container names itself as something else, and where elements meet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from halong_crawler.reading.elements import UNSEEN

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|nav(?:bar|igation)?|side-?bar|footer|header|breadcrumbs?|related|"
    r"tin-?khac|tinkhac|other(?:-?(?:news|title))?|khac|tin-?lien-?quan|comments?|binh-?luan|share|social|weather|"
    r"thoi-?tiet|thong-?ke|counter|banner|lien-?ket|widgets?|paging|pagination|toolbar|rating|"
    r"copyright|quang-?cao|popup|modal|login|search|ty-?gia|newsother|tags?)(?:$|[\s_-])",
    re.I,
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside"))


def is_furniture(node: LexborNode) -> bool:
    """Whether an element names itself as something other than the article."""
    if node.tag in _FURNITURE_TAGS:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_FURNITURE.search(names))


def furniture(root: LexborNode) -> set[int]:
    """``mem_id`` of the outermost furniture elements below ``root``."""
    found: set[int] = set()
    _collect(root, found, 0)
    return found


def _collect(node: LexborNode, found: set[int], depth: int) -> None:
    for child in node.iter():
        if child.tag in UNSEEN or depth > 200:
            continue
        if is_furniture(child):
            found.add(child.mem_id)
        else:
            _collect(child, found, depth + 1)


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
