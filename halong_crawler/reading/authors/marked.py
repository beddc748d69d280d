"""Authors where markup states them: elements and links that say so, bound to the article.

A page shows other articles' authors as well, those of comments and of lists: an element counts by
how near it stands to the article's heading, and not at all inside another's frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.text import fold, squeeze
from halong_crawler.reading.bylines.stated import people_in_pieces
from halong_crawler.reading.elements import UNSEEN, visible_text

_MARKS: tuple[tuple[str, str], ...] = (
    ("rel", "[rel~=author]"),
    ("itemprop", "[itemprop~=author]"),
    ("class", "[class*=byline i], [id*=byline i], [class*=author i], [id*=author i]"),
    ("class", "[class*=autor i], [class*=verfasser i], [class*=auteur i], [class*=redakteur i]"),
    ("class", "[class*=writer i], [class*=contributor i], [class*=tacgia i], [class*=tac-gia i]"),
    ("link", "a[href*='/author/' i], a[href*='/autor/' i], a[href*='/autoren/' i]"),
    ("link", "a[href*='/authors/' i], a[href*='/auteur/' i], a[href*='/profile/' i]"),
)
"""Evidence → the elements that state an author by it."""
_ALL = ", ".join(css for _, css in _MARKS)
_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:-?(?:list|area|author|meta))?|kommentare?|disqus|respond|reply|"
    r"related(?:-?\w+)?|recommend(?:ed|ations?)?|popular|recent(?:-?\w+)?|side-?bar|footer|nav|"
    r"menu|teasers?|trending|latest|more-\w+|most-\w+|carousel|slider|newsletter|similar|"
    r"widgets?|cards?|listings?|stories|quotes?|testimonials?|reviews?|reviewer|mega-?menu|caption|gallery|media-?box\w*)(?:$|[\s_-])",
    re.I,
)
"""Names of frames whose authors are not the article's."""
_FOREIGN_TAGS = frozenset({"nav", "footer", "figure", "figcaption", "blockquote", "form"})
_OWN = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|content|news|single)[\w-]*?(?:footer|nav|related-author)|"
    r"(?:footer|nav)[\w-]*?(?:article|entry|post|story)|author-?_?(?:bio|box|info|card)",
    re.I,
)
"""Names of such frames that belong to the article."""
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Marked:
    """The people one element states to be the authors."""

    names: tuple[str, ...]
    printed: str
    """The element's text."""
    evidence: str


def marked_authors(
    tree: LexborHTMLParser,
    heading: LexborNode | None,
    *,
    refused: Collection[str] = (),
    ends_before: Callable[[LexborNode], bool],
) -> Marked | None:
    """The authors that an element of the article states.

    The first below the heading counts, before one above it. ``ends_before`` says of an element
    whether it stands after the text: there lists of other articles begin, so elements that name
    different people say nothing.
    """
    after: list[Marked] = []
    above: Marked | None = None
    for below, node, found in _found(tree, heading, refused):
        if not below:
            above = found
        elif not ends_before(node):
            return found
        elif found.names[0] not in (other.names[0] for other in after):
            after.append(found)
    return after[0] if len(after) == 1 else above


def _found(
    tree: LexborHTMLParser, heading: LexborNode | None, refused: Collection[str]
) -> Iterator[tuple[bool, LexborNode, Marked]]:
    """Every element that states authors, and whether it stands below the heading."""
    frames = frames_of(heading)
    below = heading is None
    for node in tree.css(_ALL if heading is None else f"{_ALL}, {heading.tag}"):
        if heading is not None and node.mem_id == heading.mem_id:
            below = True
        if node.mem_id in frames or node.tag in ("body", "html", "meta", "link", *UNSEEN):
            continue
        found = _read(node, frames, refused)
        if found is not None:
            yield below, node, found


def _read(node: LexborNode, above: set[int], refused: Collection[str]) -> Marked | None:
    evidence = _evidence(node)
    if not evidence:
        return None
    pieces = list(_pieces(node))
    if not 0 < sum(map(len, pieces)) <= _LONGEST or is_foreign(node, above):
        return None
    names = people_in_pieces(pieces, refused=refused)
    if not names:
        return None
    names, printed = _with_companions(node, names, above, refused)
    return Marked(names, printed, evidence)


def _with_companions(
    node: LexborNode, names: tuple[str, ...], above: set[int], refused: Collection[str]
) -> tuple[tuple[str, ...], str]:
    """Names beside the first: each author is often an element of its own."""
    parent, printed = node.parent, visible_text(node)
    for _ in range(2):
        if parent is None or parent.mem_id in above:
            break
        pieces = list(_pieces(parent))
        if sum(map(len, pieces)) > _LONGEST:
            break
        together = people_in_pieces(pieces, refused=refused)
        if len(together) > len(names) and together[: len(names)] == names:
            names, printed = together, visible_text(parent)
        parent = parent.parent
    return names, printed


def _pieces(node: LexborNode) -> Iterator[str]:
    """The texts of an element, one for each run of text in it."""
    for child in node.iter(include_text=True):
        if child.is_text_node:
            if text := squeeze(child.text(deep=False)):
                yield text
        elif child.is_element_node and child.tag not in UNSEEN:
            yield from _pieces(child)


def _evidence(node: LexborNode) -> str:
    attributes = node.attributes
    if "author" in (attributes.get("rel") or "").lower().split():
        return "rel:author"
    if "author" in (attributes.get("itemprop") or "").lower().split():
        return "itemprop:author"
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    named = next((name for name in names if _NAMED.search(name)), None)
    if named is not None:
        return f"class:{named}"
    return "link:author" if node.tag == "a" else ""


_NAMED = re.compile(
    r"byline|author|autor|verfasser|auteur|redakteur|writer|contributor|tac-?gia", re.I
)


def frames_of(heading: LexborNode | None) -> set[int]:
    """``mem_id`` of the elements around the article's heading: none of them is another's frame."""
    return {node.mem_id for node in _ancestors(heading)} if heading is not None else set()


def is_foreign(node: LexborNode, above: set[int], text: str | None = None) -> bool:
    """Whether an element stands in the frame of comments, lists or another article.

    ``above`` are the frames of the article's heading (:func:`frames_of`). ``text`` is given for a
    line of the element's text.
    """
    own = fold(visible_text(node) if text is None else text)
    current: LexborNode | None = node
    while current is not None and current.mem_id not in above and current.tag != "body":
        attributes = current.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if (current.tag in _FOREIGN_TAGS or _FOREIGN.search(names)) and not _OWN.search(names):
            return True
        if current.tag in ("article", "li") and _heads_another(current, own):
            return True
        current = current.parent
    return False


def _heads_another(frame: LexborNode, own: str) -> bool:
    """Whether a frame has a linked heading of its own: the teaser of another article."""
    for heading in frame.css("h2 a, h3 a, h4 a, a h2, a h3, a h4"):
        text = fold(visible_text(heading))
        if text and text not in own and own not in text:
            return True
    return False


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent
