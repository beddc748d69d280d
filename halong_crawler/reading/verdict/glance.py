"""What the rules look at; each part is made when a rule first asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from archive.text import fold, nfc, squeeze
from halong_crawler.discovery.target import Target
from halong_crawler.reading.document import Document
from halong_crawler.reading.verdict import prose


@dataclass(frozen=True, slots=True)
class NotAnArticle:
    """Why a page was not read as an article."""

    reason: str
    """One of the outcomes of ``archive.schema.OUTCOMES``."""
    because: str
    """The evidence, in words."""


_FEW_LINKS = 12
"""Links up to which a page has no frame of menus around what it says."""
_PARTS = re.compile(r"\s+[|–—»:·-]+\s+|\s*[|»]\s*")
_HEADING = re.compile(r"<[hH][1-3]\b[^<>]*>(.{0,1000}?)</[hH][1-3]", re.S)
_HEADINGS = 8
_LONGEST_HEADING = 160
_TITLES = (
    "h1, h2, h3, h4, [class*=title], [class*=Title], [id*=title], [id*=Title], [class*=tieude]"
)
_OWN_TITLE = 30
_LONGEST_TITLE = 300
_WORD = re.compile(r"[a-z]{2,}")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Glance:
    """One page and its address, before it is read."""

    document: Document
    target: Target | None
    framed: bool = False
    """The portal's template shows title, date and running text of an article in it."""

    @cached_property
    def path(self) -> str:
        """The path of the page's address."""
        return urlsplit(self.document.url).path

    @cached_property
    def is_article_address(self) -> bool:
        """Whether the address is known as an article's."""
        return self.target is not None and self.target.kind == "article"

    @cached_property
    def in_paragraphs(self) -> bool:
        """Whether it speaks in paragraphs, by its template or by
        :func:`halong_crawler.reading.verdict.prose.in_paragraphs`.
        """
        return self.framed or prose.in_paragraphs(self.document.written)

    @cached_property
    def is_wordless(self) -> bool:
        """See :func:`halong_crawler.reading.verdict.prose.is_wordless`."""
        return prose.is_wordless(self.document.text)

    @cached_property
    def rhythm(self) -> str:
        """See :func:`halong_crawler.reading.verdict.prose.rhythm`."""
        return prose.rhythm(self.document.text)

    @cached_property
    def said(self) -> int:
        """See :func:`halong_crawler.reading.verdict.prose.said`."""
        return prose.said(self.document.text)

    @cached_property
    def bare(self) -> bool:
        """Whether the page has no frame of menus around what it says."""
        return self.document.written.count("<a ") <= _FEW_LINKS

    @cached_property
    def is_marked(self) -> bool:
        """Whether the page calls itself an article in its own data."""
        metas = self.document.metas
        stated = metas.get("og:type", "").lower() == "article"
        return stated or "article:published_time" in metas or bool(self.document.linked_data)

    @cached_property
    def source(self) -> str:
        """The page's source, its letters written out where they stand as entities."""
        return nfc(prose.with_letters(self.document.text))

    @cached_property
    def markup(self) -> str:
        """The page's source, scripts and all, in lower case."""
        return self.source.lower()

    @cached_property
    def words(self) -> str:
        """What a reader sees, in lower case, on one line."""
        return self.document.visible.lower()

    @cached_property
    def title(self) -> tuple[str, ...]:
        """The parts of ``<title>``, in lower case: the page's own and the site's name."""
        return tuple(part for part in _PARTS.split(self.document.head_title.lower()) if part)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The parts of the title, then the page's first headings, in lower case."""
        found = islice(_HEADING.finditer(self.document.text), _HEADINGS)
        texts = (squeeze(unescape(_TAG.sub(" ", match.group(1)))).lower() for match in found)
        return (*self.title, *(text for text in texts if 0 < len(text) < _LONGEST_HEADING))

    @cached_property
    def own_title(self) -> str | None:
        """The title of the page's one article, None where no title stands out.

        It is a heading, no link, that is also the page's title or spells the address's slug.
        """
        head = fold(self.document.head_title)
        for node in self.document.tree.css(_TITLES):
            text = squeeze(node.text())
            inside = node.parent is not None and node.parent.tag == "a"
            if len(text) > _LONGEST_TITLE or inside or node.css_first("a[href]") is not None:
                continue
            plain = fold(text)
            if (len(text) >= _OWN_TITLE and plain in head) or self._spells_address(plain):
                return text
        return None

    @cached_property
    def is_named(self) -> bool:
        """Whether the page's own title is the one its address spells."""
        return self.own_title is not None and self._spells_address(fold(self.own_title))

    def _spells_address(self, plain: str) -> bool:
        slug, words = self._slug, set(_WORD.findall(plain))
        return len(slug) >= 4 and sum(word in words for word in slug) * 10 >= len(slug) * 7

    @cached_property
    def _slug(self) -> list[str]:
        last = self.path.rstrip("/").rsplit("/", 1)[-1]
        return _WORD.findall(fold(last.rsplit(".", 1)[0]))

    def mentions(self, name: str) -> bool:
        """Whether a name of HTML's stands in the source at all; cheaper than asking the tree."""
        return name in self.document.written or name.upper() in self.document.written

    def has(self, css: str) -> bool:
        """Whether an element is on the page."""
        return self.document.tree.css_first(css) is not None
