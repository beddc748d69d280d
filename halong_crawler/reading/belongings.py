"""What hangs on an article: its category, tags and attachments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.records import AttachmentLink
from archive.text import fold, nfc, squeeze
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.found import Found, first_found
from halong_crawler.reading.reader import Reader

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z)$", re.I)
_FILE_INSIDE = re.compile(_FILE.pattern.removesuffix("$"), re.I)
_TAG_LABEL = re.compile(r"\s*(?:từ\s+kho[áa]|từ\s+khóa|tags?|thẻ|keywords?)\s*:?\s*", re.I)
_LONGEST_TAG = 80
_LONGEST_TAGS = 600
"""Characters of all tags together."""
_LONGEST_LABEL = 40
_LONGEST_STEP = 80
_LONGEST_TRAIL = 240
"""Characters of all steps together; what is longer is a menu."""
_MOST_STEPS = 6
_STEPS = re.compile(r"\s*(?:[»›>/|]|::)\s*")
_BARS = " »›>/|:-–"
_HOME = frozenset(("trang chu", "home", "trang nhat", "trang chinh", "dau trang", "index"))
_IN_HOME = ("trang", "home", "index")
"""One of these, whatever its marks and case, is in each of the words for home."""
_HOME_LINKS, _HOME_LINES = (
    ", ".join(f'{tag}:lexbor-contains("{word}" i)' for tag in tags for word in _IN_HOME)
    for tags in (("a",), ("div", "p", "li", "td", "span", "font"))
)
_SPACE = " \t\r\n\xa0" + _BARS
_NO_STEPS = frozenset(("ban dang o day", "ban dang o", "you are here", "chi tiet", ""))
_MENU = frozenset(("lien he", "so do", "so do cong", "english", "rss", "dang nhap", "tim kiem"))
"""Neighbours of home in a bar of links, and never in a breadcrumb."""
# Classes by which a lone link or line above the title names itself the article's section.
_SECTION = re.compile(r"(?:^|[-_\s])cate?s?(?:$|[-_\s])|categor|chuyen-?muc|section-?name", re.I)


def read_category(reader: Reader) -> Found[tuple[str, ...]] | None:
    """The category and its parents, outermost first, from the breadcrumb or the page's data."""
    return first_found(
        lambda: _category_selected(reader),
        lambda: _category_marked(reader),
        lambda: _category_below_home(reader),
        lambda: _category_linked(reader),
        lambda: _category_named(reader),
    )


def _category_selected(reader: Reader) -> Found[tuple[str, ...]] | None:
    for wanted, evidence in reader.selectors("category"):
        trail = _trail(reader, reader.document.tree.css(wanted.css))
        if trail:
            return Found(trail, evidence)
    return None


def _category_marked(reader: Reader) -> Found[tuple[str, ...]] | None:
    """An element that calls itself a breadcrumb."""
    for node in reader.document.tree.css("[class*=breadcrumb i], [id*=breadcrumb i]"):
        trail = _trail(reader, [node]) if _is_trail(node) else ()
        if trail:
            return Found(trail, "breadcrumb")
    return None


def _category_below_home(reader: Reader) -> Found[tuple[str, ...]] | None:
    """Steps behind the word for home: a breadcrumb, whatever the template calls it."""
    for node in _homes(reader):
        frame = node
        # The smallest element around the home step that holds a second step.
        while frame.parent is not None and len(_steps(frame)) < 2:
            frame = frame.parent
        steps = [fold(step) for step in _steps(frame)]
        if _is_trail(frame) and steps[0] in _HOME and not _MENU & set(steps):
            trail = _trail(reader, [frame])
            if trail:
                return Found(trail, "steps behind the home page")
    return None


def _homes(reader: Reader) -> Iterator[LexborNode]:
    """Links to the home page, and lines that begin with the plain word for it.

    Of a page whose template is known only the links: its table would name such a line.
    """
    for css in (_HOME_LINKS,) if reader.templated else (_HOME_LINKS, _HOME_LINES):
        for node in reader.document.tree.css(css):
            start = node.text(deep=False).lstrip(_SPACE)[:40]
            if fold(start).startswith(tuple(_HOME)):
                yield node


def _category_linked(reader: Reader) -> Found[tuple[str, ...]] | None:
    """JSON-LD: the article's section, or the page's list of breadcrumbs."""
    section = reader.document.linked_data.get("articleSection")
    names = [section] if isinstance(section, str) else section
    if isinstance(names, list):
        steps = tuple(squeeze(name) for name in names if isinstance(name, str) and squeeze(name))
        if steps:
            return Found(steps, "json-ld:articleSection")
    for thing in reader.document.linked_objects:
        if thing.get("@type") == "BreadcrumbList":
            steps = _kept(reader, _list_names(thing.get("itemListElement")))
            if steps:
                return Found(steps, "json-ld:BreadcrumbList")
    stated = reader.document.metas.get("article:section", "")
    return Found((stated,), "meta:article:section") if stated else None


def _list_names(items: Any) -> list[str]:
    """The names of a schema.org list's items, in order."""
    names = []
    for item in items if isinstance(items, list) else []:
        inner = item.get("item") if isinstance(item, dict) else None
        name = (item.get("name") if isinstance(item, dict) else None) or (
            inner.get("name") if isinstance(inner, dict) else None
        )
        names.append(squeeze(str(name or "")))
    return names


def _category_named(reader: Reader) -> Found[tuple[str, ...]] | None:
    """A short line above the title whose class says that it names the section."""
    if reader.scope is None or reader.templated:
        return None
    frame = reader.scope.parent or reader.scope
    for node in frame.css("[class]"):
        names = node.attributes.get("class") or ""
        if _SECTION.search(names) and len(node.css("a")) == 1 and _is_trail(node):
            trail = _trail(reader, [node])
            if trail:
                return Found(trail, f"class:{names.split()[0]}")
    return None


def read_tags(reader: Reader) -> tuple[str, ...]:
    """The tags an article carries, as printed."""
    nodes = [node for node, _ in reader.selected("tags")]
    if not nodes and reader.scope is not None:
        # Block themes mark the category's link as a tag, too.
        sections = reader.selected_ids("category")
        marked = reader.scope.css('a[rel="tag"]')
        nodes = [link for link in marked if link.mem_id not in sections] or _labelled_tags(reader)
    texts = (text.strip(" ,;#") for node in nodes for text in _tag_texts(node))
    return tuple(dict.fromkeys(text for text in texts if text and len(text) <= _LONGEST_TAG))


def _labelled_tags(reader: Reader) -> list[LexborNode]:
    """The smallest element that holds a label for tags and goes on with links."""
    if reader.scope is None or reader.templated:
        return []
    frame = reader.scope.parent or reader.scope
    for label in frame.css("b, strong, span, em, label, i, h3, h4, h5, p, div, li"):
        around, text = label.parent, nfc(label.text(deep=False))
        if around is None or len(text) > _LONGEST_LABEL or not _TAG_LABEL.fullmatch(text):
            continue
        if around.css_first("a") is not None and len(visible_text(around)) < _LONGEST_TAGS:
            return [around]
    return []


def _tag_texts(node: LexborNode) -> list[str]:
    """A list of tags as its links, or as its words after the label, parted by commas."""
    links = node.css("a")
    if links:
        return [visible_text(link) for link in links]
    text = visible_text(node)
    label = _TAG_LABEL.match(text)
    return re.split(r"\s*[,;]\s*", text[label.end() :] if label else text)


def read_attachments(reader: Reader) -> tuple[AttachmentLink, ...]:
    """Links to files in the article's container, or where the platform lists attachments."""
    links = [a for node, _ in reader.selected("attachments") for a in [node, *node.css("a[href]")]]
    if reader.container is not None:
        inside = reader.container.value.css("a[href]")
        files = (link for link in inside if _FILE_INSIDE.search(link.attributes["href"] or ""))
        links += [link for link in files if reader.is_near(link)]
    found: dict[str, AttachmentLink] = {}
    for link in links:
        href = link.attributes.get("href")
        url = reader.document.absolute(href) if _FILE_INSIDE.search(href or "") else None
        if url is not None and _FILE.search(urlsplit(url).path):
            found.setdefault(url, AttachmentLink(url, _filename(url)))
    return tuple(found.values())


def _is_trail(node: LexborNode) -> bool:
    """Whether an element is small enough to be a breadcrumb and no menu."""
    return len(visible_text(node)) <= _LONGEST_TRAIL + 200 and len(node.css("a")) <= _MOST_STEPS


def _trail(reader: Reader, nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    """The steps of a breadcrumb, outermost first, without home and the title itself."""
    return _kept(reader, (step for node in nodes for step in _steps(node)))


def _kept(reader: Reader, steps: Iterable[str]) -> tuple[str, ...]:
    title = fold(reader.title.value) if reader.title else ""
    kept: list[str] = []
    for text in steps:
        folded = fold(text).strip(" .:")
        cut = fold(text).endswith(("...", "…")) and title.startswith(folded.rstrip("…"))
        is_step = folded not in _HOME and folded not in _NO_STEPS and folded != title and not cut
        if is_step and len(text) <= _LONGEST_STEP and text not in kept:
            kept.append(text)
    return tuple(kept)


def _steps(node: LexborNode) -> list[str]:
    """The texts of a breadcrumb: its links and the plain text between their separators."""
    leaves = [n for n in _below(node, "a, span, p, li") if not _below(n, "a, span")]
    texts = [visible_text(leaf) for leaf in leaves if visible_text(leaf)]
    whole = visible_text(node)
    # Text outside any leaf, such as a first step that is no link.
    plain = [part for part in _STEPS.split(whole) if part.strip(_BARS)]
    if sum(map(len, texts)) < 0.6 * len(whole) or not texts:
        return [text.strip(_BARS) for text in plain]
    return [text.strip(_BARS) for text in texts]


def _below(node: LexborNode, css: str) -> list[LexborNode]:
    """Descendants that match; the parser's own search would find the element itself, too."""
    return [found for found in node.css(css) if found.mem_id != node.mem_id]


def _filename(url: str) -> str | None:
    return nfc(unquote(urlsplit(url).path.rsplit("/", 1)[-1])).strip() or None
