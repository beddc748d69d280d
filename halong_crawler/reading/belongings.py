"""What hangs on an article: its category, tags and attachments."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from archive.records import AttachmentLink
from archive.text import fold, nfc, squeeze
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.reader import Found, Reader

_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z)$", re.I)
_TAG_LISTS = ".tags, .tag-list, .list-tags, .tukhoa, .tu-khoa, .keywords"
_TAG_LABEL = re.compile(r"^\s*(?:từ\s+khóa|từ\s+khoá|tags?|thẻ|keywords?)\s*:\s*", re.I)
_HOME_WORDS = frozenset(("trang chu", "home", "trang nhat", ""))


def read_category(reader: Reader) -> Found[tuple[str, ...]] | None:
    """The category and its parents, outermost first, from the breadcrumb or the page's data."""
    for wanted, evidence in reader.selectors("category"):
        trail = _trail(reader, reader.document.tree.css(wanted.css))
        if trail:
            return Found(trail, evidence)
    section = reader.document.linked_data.get("articleSection")
    if isinstance(section, str) and squeeze(section):
        return Found((squeeze(section),), "json-ld:articleSection")
    for node in reader.document.tree.css("[class*=breadcrumb i]"):
        trail = _trail(reader, [node])
        if trail:
            return Found(trail, "breadcrumb")
    return None


def read_tags(reader: Reader) -> tuple[str, ...]:
    """The tags an article carries, as printed."""
    nodes = [node for node, _ in reader.selected("tags")]
    if not nodes and reader.scope is not None:
        nodes = reader.scope.css('a[rel="tag"]') or reader.scope.css(_TAG_LISTS)
    texts = (text.strip(" ,;#") for node in nodes for text in _tag_texts(node))
    return tuple(dict.fromkeys(text for text in texts if text and len(text) <= 80))


def _tag_texts(node: LexborNode) -> list[str]:
    """A list of tags as its links, or as its words after the label, parted by commas."""
    links = node.css("a")
    if links:
        return [visible_text(link) for link in links]
    return re.split(r"\s*[,;]\s*", _TAG_LABEL.sub("", visible_text(node)))


def read_attachments(reader: Reader) -> tuple[AttachmentLink, ...]:
    """Links to files in the article's container, or where the platform lists attachments."""
    links = [a for node, _ in reader.selected("attachments") for a in [node, *node.css("a[href]")]]
    if reader.container is not None:
        inside = reader.container.value.css("a[href]")
        links += [link for link in inside if reader.is_near(link)]
    found: dict[str, AttachmentLink] = {}
    for link in links:
        url = reader.document.absolute(link.attributes.get("href"))
        if url is not None and _FILE.search(urlsplit(url).path):
            found.setdefault(url, AttachmentLink(url, _filename(url)))
    return tuple(found.values())


def _trail(reader: Reader, nodes: list[LexborNode]) -> tuple[str, ...]:
    """The steps of a breadcrumb, outermost first, without home and the title itself."""
    title = fold(reader.title.value) if reader.title else ""
    kept: list[str] = []
    for text in (step for node in nodes for step in _steps(node)):
        folded = fold(text)
        cut = folded.endswith(("...", "…")) and title.startswith(folded.rstrip(" .…"))
        if folded in _HOME_WORDS or folded == title or cut or len(text) > 80 or text in kept:
            continue
        kept.append(text)
    return tuple(kept)


def _steps(node: LexborNode) -> list[str]:
    """The texts of a breadcrumb's links, or of its parts where it has none."""
    links = [n for n in node.css("a, span, p, li") if n.css_first("a, span") is None]
    texts = [visible_text(n) for n in links] or re.split(r"\s*[»›>/|]\s*", visible_text(node))
    return [text.strip(" »›>/|") for text in texts]


def _filename(url: str) -> str | None:
    return nfc(unquote(urlsplit(url).path.rsplit("/", 1)[-1])).strip() or None
