"""Where on a page the article stands, when no selector says so.

Prose is text outside links, in blocks long enough to be sentences, outside elements that name
themselves as furniture. The article's container is the deepest element that still holds nearly
all of the page's prose.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from archive.text import fold, squeeze
from halong_crawler.reading.blocks import Block, blocks
from halong_crawler.reading.document import Document
from halong_crawler.reading.elements import UNSEEN

_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:menu|nav(?:bar|igation)?|side-?bar|footer|header|breadcrumbs?|related|"
    r"tin-?khac|tinkhac|other(?:-?(?:news|title))?|khac|tin-?lien-?quan|comments?|binh-?luan|share|social|weather|"
    r"thoi-?tiet|thong-?ke|counter|banner|lien-?ket|widgets?|paging|pagination|toolbar|rating|"
    r"copyright|quang-?cao|popup|modal|login|search|ty-?gia|newsother|tags?)(?:$|[\s_-])",
    re.I,
)
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside"))
_SENTENCE = 60
"""Characters from which a block counts as prose."""
_SHARE = 0.72
"""Part of the page's prose the container must hold."""
_END = 160
"""Characters that may stand around the densest element and still belong to the article."""
_TITLES = "h1, h2, [class*=title i], [class*=tieude i], [class*=tieu-de i]"
_GENERIC_TITLE = re.compile(
    r"(?:(?:cong|trang) thong tin\b.*|trang chu|home|bai viet|noi dung|news|tin hoat dong|"
    r"(?:chi tiet )?(?:tin tuc|tin bai|tin|bai viet)(?:(?: -)? su kien)?)"
)


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


def find_container(document: Document) -> LexborNode | None:
    """The element that holds the page's main text, or None where the page has no prose."""
    body = document.tree.body
    if body is None:
        return None
    prose: dict[int, int] = defaultdict(int)
    for block in blocks(document, body, furniture(body)):
        if _is_prose(block):
            prose[block.node_id] += len(block.text) - block.linked
    total = sum(prose.values())
    if total == 0:
        return None
    node = _deepest(body, _sums(body, prose), total * _SHARE)
    # One long paragraph alone is not the container: its neighbours belong to the article too.
    if node.tag == "p" and node.parent is not None:
        node = node.parent
    return _with_its_end(document, node)


def _with_its_end(document: Document, node: LexborNode) -> LexborNode:
    """Widen the container while that adds only a line or two, such as the signature below it."""
    while node.parent is not None and node.parent.tag not in ("body", "form", "html"):
        parent = node.parent
        if parent.css_first(_TITLES) is not None:
            return node
        added = blocks(document, parent, furniture(parent) | {node.mem_id})
        if sum(len(block.text) for block in added) > _END or any(b.link_share > 0.3 for b in added):
            return node
        node = parent
    return node


def _is_prose(block: Block) -> bool:
    return (
        block.kind in ("p", "item")
        and len(block.text) >= _SENTENCE
        and block.link_share < 0.34
        and not re.search(r"giấy phép|bản quyền|địa chỉ\s*:|điện thoại\s*:", block.text, re.I)
    )


def _sums(root: LexborNode, own: dict[int, int]) -> dict[int, int]:
    """Prose in each element's subtree."""
    sums: dict[int, int] = {}

    def total(node: LexborNode, depth: int) -> int:
        value = own.get(node.mem_id, 0)
        if depth < 200:
            value += sum(total(child, depth + 1) for child in node.iter())
        sums[node.mem_id] = value
        return value

    total(root, 0)
    return sums


def _deepest(root: LexborNode, sums: dict[int, int], wanted: float) -> LexborNode:
    node = root
    while True:
        child = max(node.iter(), key=lambda n: sums.get(n.mem_id, 0), default=None)
        if child is None or sums.get(child.mem_id, 0) < wanted:
            return node
        node = child


def is_generic_title(text: str, site_names: tuple[str, ...]) -> bool:
    """Whether a title names the site or a section and not an article."""
    folded = fold(squeeze(text))
    return bool(_GENERIC_TITLE.fullmatch(folded)) or folded in {fold(name) for name in site_names}


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
