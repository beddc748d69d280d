"""Authors where markup states them: elements and links that say so, bound to the article.

A page shows other articles' authors as well, those of comments and of lists: an element counts by
how near it stands to the article's heading, and not at all inside another's frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.text import fold, squeeze
from halong_crawler.reading.authors.shown import DATE_WORD
from halong_crawler.reading.bylines.given_names import GIVEN_NAMES
from halong_crawler.reading.bylines.stated import (
    OTHER_ROLES,
    introduces,
    is_code,
    is_full_name,
    people_in_pieces,
)
from halong_crawler.reading.elements import UNSEEN, is_hidden, visible_text

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
    r"(?<!elementor-)widgets?|cards?|listings?|stories|quotes?|testimonials?|reviews?|reviewer|mega-?menu|caption|gallery|media-?box\w*)(?:$|[\s_-])",
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
_LINKED_BESIDES = 40
"""Characters beside a name that a link to its owner's page may hold: a post, "view all"."""
_NEAR = 3
"""Elements around a name in which the words before it say whose it is."""


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
    frames: Set[int],
    *,
    refused: Collection[str] = (),
    ends_before: Callable[[LexborNode], bool],
) -> Marked | None:
    """The authors that an element of the article states.

    ``frames`` are the article's own (:func:`frames_of`). The first element below the heading
    counts, before one above it. ``ends_before`` says of an element
    whether it stands after the text: there lists of other articles begin, so elements that name
    different people say nothing.
    """
    after: list[Marked] = []
    above: Marked | None = None
    for below, node, found in _found(tree, heading, frames, refused):
        if not below:
            above = found
        elif not ends_before(node):
            return found
        elif found.names[0] not in (other.names[0] for other in after):
            after.append(found)
    return after[0] if len(after) == 1 else above


def _found(
    tree: LexborHTMLParser,
    heading: LexborNode | None,
    frames: Set[int],
    refused: Collection[str],
) -> Iterator[tuple[bool, LexborNode, Marked]]:
    """Every element that states authors, and whether it stands below the heading."""
    below = heading is None
    for node in tree.css(_ALL if heading is None else f"{_ALL}, {heading.tag}"):
        if heading is not None and node.mem_id == heading.mem_id:
            below = True
        if node.mem_id in frames or node.tag in ("body", "html", "meta", "link", *UNSEEN):
            continue
        found = _read(node, frames, refused)
        if found is not None:
            yield below, node, found


def _read(node: LexborNode, above: Set[int], refused: Collection[str]) -> Marked | None:
    evidence = _evidence(node)
    if not evidence:
        return None
    pieces = list(_pieces(node))
    if not 0 < sum(map(len, pieces)) <= _LONGEST or is_foreign(node, above):
        return None
    if OTHER_ROLES.match(_text_before(node, above)) or _stands_in_prose(node, evidence, above):
        return None
    names = people_in_pieces(pieces, refused=refused)
    if not names or (not is_full_name(names[0]) and not _signs(node, names[0], pieces, above)):
        return None
    names, printed = _with_companions(node, names, above, refused)
    return Marked(names, printed, evidence)


def _text_before(node: LexborNode, above: Set[int]) -> str:
    """The run of text right before an element in its own small frame: ``Reviewed by``."""
    current: LexborNode | None = node
    for _ in range(_NEAR):
        if current is None or current.mem_id in above:
            break
        before = current.prev
        while before is not None:
            text = squeeze(before.text(deep=False)) if before.is_text_node else ""
            if before.is_element_node and before.tag not in UNSEEN:
                text = next(reversed(list(_pieces(before))), "")
            if text:
                return text
            before = before.prev
        current = current.parent
    return ""


def _stands_in_prose(node: LexborNode, evidence: str, above: Set[int]) -> bool:
    """Whether a link to somebody's page stands in a sentence that tells of them."""
    parent = node.parent
    if evidence != "link:author" or parent is None or parent.mem_id in above:
        return False
    return len(squeeze(parent.text())) > _LONGEST


def _with_companions(
    node: LexborNode, names: tuple[str, ...], above: Set[int], refused: Collection[str]
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


def frames_of(nodes: Iterable[LexborNode]) -> set[int]:
    """``mem_id`` of all that stands around elements of the article: none is another's frame."""
    return {above.mem_id for node in nodes for above in _ancestors(node)}


def is_foreign(node: LexborNode, above: Set[int], text: str | None = None) -> bool:
    """Whether an element stands in the frame of comments, lists or another article.

    ``above`` are the article's own frames (:func:`frames_of`). ``text`` is given for a
    line of the element's text.
    """
    own = fold(visible_text(node) if text is None else text)
    current: LexborNode | None = node
    while current is not None and current.mem_id not in above and current.tag != "body":
        attributes = current.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if (current.tag in _FOREIGN_TAGS or _FOREIGN.search(names)) and not (
            _OWN.search(names) or _ends_an_article(current, above)
        ):
            return True
        if current.tag in ("article", "li") and _heads_another(current, own):
            return True
        if current.tag == "a" and _links_more(current, own):
            return True
        current = current.parent
    return False


def _signs(node: LexborNode, name: str, pieces: Sequence[str], above: Set[int]) -> bool:
    """Whether a single word is somebody's name: a given one, one after "By", or all there is.

    Beside other words it may be a topic; what a page hides for machines is often an account.
    """
    if is_code(name) or not _is_in_sight(node, above):
        return False
    if fold(name) in GIVEN_NAMES or any(map(introduces, pieces)):
        return True
    beside = " ".join(pieces).replace(name, "", 1)
    return name[0].islower() and not any(
        not DATE_WORD.fullmatch(word) for word in re.findall(r"[^\W\d_]{2,}", beside)
    )


def _is_in_sight(node: LexborNode, above: Set[int]) -> bool:
    """Whether a page shows an element: what it hides for machines is often an account's name."""
    current: LexborNode | None = node
    while current is not None and current.mem_id not in above:
        if is_hidden(current.attributes):
            return False
        current = current.parent
    return True


def is_quoted(node: LexborNode, above: Set[int]) -> bool:
    """Whether an element stands in what is said elsewhere: a quotation, a caption, a menu."""
    current: LexborNode | None = node
    while current is not None and current.mem_id not in above and current.tag != "body":
        if current.tag in _FOREIGN_TAGS:
            return True
        current = current.parent
    return False


def _ends_an_article(frame: LexborNode, above: Set[int]) -> bool:
    """Whether a frame is the article's own footer: the page's stands in no article."""
    parent = frame.parent
    own = parent is not None and parent.tag == "article" and parent.mem_id in above
    return own and frame.tag == "footer"


def _heads_another(frame: LexborNode, own: str) -> bool:
    """Whether a frame has a linked heading of its own: the teaser of another article."""
    for heading in frame.css("h2 a, h3 a, h4 a, a h2, a h3, a h4"):
        text = fold(visible_text(heading))
        if text and text not in own and own not in text:
            return True
    return False


def _links_more(link: LexborNode, own: str) -> bool:
    """Whether a link holds far more than an author: it leads to another article."""
    return len(link.text()) > len(own) + _LINKED_BESIDES and bool(
        link.css_first("h1, h2, h3, h4, h5, h6, p, time")
    )


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    current = node.parent
    while current is not None:
        yield current
        current = current.parent
