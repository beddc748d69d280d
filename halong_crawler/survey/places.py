"""Where a page names articles and listings: its links, told apart by their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.text import fold
from halong_crawler.discovery.links import every_link
from halong_crawler.discovery.target import Target, target
from halong_crawler.portal import Portal
from halong_crawler.reading import Document

_WORD = re.compile(r"[a-z]+|\d+")
_HEADLINE = 7
"""Syllables from which a link's words are a headline; a menu says it in fewer."""
_SHORT = 3
_MENU = 5
_TURNING = re.compile(
    r"(?:xem|doc) (?:them|tiep|chi tiet|tat ca).*|chi tiet|tiep.*|sau|truoc|next|prev\w*|more|.?.?"
)
"""Words that lead on to an article or a page without naming it."""

_NEWS = (
    r"(?<!thong )\btin\b(?! hoc)|thoi su|su kien|\bnews\b|bai viet|chuyen muc",
    r"hoat dong|thong bao|kinh te|van hoa|xa hoi|giao duc|y te|chinh tri|quoc phong|an ninh|"
    r"the thao|xay dung dang|doan the|nong thon moi|cai cach|chuyen doi so|phap luat|moi truong|"
    r"thong tin|cong nghe|guong (?:nguoi tot|dien hinh)|diem bao|phong su",
)
"""Folded words of sections with articles, the surest row first."""
_NO_NEWS = re.compile(
    r"lien he|gioi thieu|so do|dang (?:nhap|ky)|dich vu cong|thu tuc|van ban|hoi dap|gop y|"
    r"thu vien|lich (?:cong tac|tiep)|\brss\b|english|trang chu|tim kiem|video|danh ba|co cau|"
    r"to chuc bo may|tham do|binh chon|\bgop y\b|\bapp\b"
)


@dataclass
class Place:
    """One page of the portal, as other pages name it."""

    target: Target
    words: str = ""
    """The longest words of a link to it."""
    pages: set[str] = field(default_factory=set)
    """On which pages it is named."""

    @property
    def resource(self) -> str:
        """Path and query of its canonical address: what a form of addresses is matched against."""
        return resource_of(self.target.canonical)

    @property
    def is_headline(self) -> bool:
        """Whether its words are a headline's."""
        return len(_syllables(self.words)) >= _HEADLINE

    @property
    def is_menu(self) -> bool:
        """Whether its words are those of a menu."""
        folded = fold(self.words).strip()
        few = 1 <= len(_syllables(self.words)) <= _MENU
        return few and not _TURNING.fullmatch(folded) and re.search("[a-z]", folded) is not None

    @property
    def news_rank(self) -> int | None:
        """How surely it is a section with articles, 0 first; None if nothing says so."""
        said = f"{fold(self.words)} | {re.sub('[-_/.]+', ' ', fold(self.resource))}"
        if _NO_NEWS.search(said):
            return None
        return next((rank for rank, row in enumerate(_NEWS) if re.search(row, said)), None)


def resource_of(url: str) -> str:
    """Path and query of a URL in its one spelling."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _syllables(words: str) -> list[str]:
    return _WORD.findall(fold(words))


class Places:
    """Every page of the portal that was named so far, by its key."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.known: dict[str, Place] = {}
        self.noted: set[str] = set()
        """Addresses of the pages whose links were taken up."""
        self.elsewhere: set[str] = set()
        """Sub-domains of the portal's hosts that are linked to, no part of it."""

    def note(self, document: Document) -> list[Place]:
        """Take up the links of a page; returns those it names, once each, in its order."""
        here = target(document.url, self.portal)
        self.noted.add(document.url)
        found: dict[str, Place] = {}
        for link in every_link(document.tree, document.base_url):
            there = target(link.url, self.portal)
            if there is None:
                self._note_sub_domain(link.url)
                continue
            if there.refused or (here is not None and there.key == here.key):
                continue
            place = self.known.setdefault(there.key, Place(there))
            place.pages.add(document.url)
            place.words = max(place.words, link.text, key=len)
            found[there.key] = place
        return list(found.values())

    def headlines(self) -> list[Place]:
        """Pages whose links read as headlines, turned listings left out."""
        return [p for p in self.known.values() if p.is_headline and not p.target.paging]

    def menu(self) -> list[Place]:
        """Pages whose links read as a menu's and stand on every page, as a menu does."""
        return [
            place
            for place in self.known.values()
            if (place.is_menu and self.is_everywhere(place)) or place.target.paging
        ]

    def short_headlines(self) -> list[Place]:
        """Pages that some pages name and others do not, in words as few as a menu's."""
        return [
            place
            for place in self.known.values()
            if len(_syllables(place.words)) >= _SHORT
            and not self.is_everywhere(place) and not place.target.paging
        ]  # fmt: skip

    def is_everywhere(self, place: Place) -> bool:
        """Whether every page that was looked at names it, as a menu does."""
        return len(place.pages) == len(self.noted)

    def sections(self) -> Iterator[Place]:
        """Pages that seem to list articles, the surest first."""
        ranked = [
            (rank, order, place)
            for order, place in enumerate(self.known.values())
            if (rank := place.news_rank) is not None
            and not place.is_headline and not place.target.paging
            and (place.is_menu or place.target.kind != "article")
        ]  # fmt: skip
        return (place for _, _, place in sorted(ranked, key=lambda row: row[:2]))

    def _note_sub_domain(self, url: str) -> None:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        if any(host.endswith(f".{own.removeprefix('*.')}") for own in self.portal.hosts):
            self.elsewhere.add(host)
