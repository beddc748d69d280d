"""Pages that are no article, and how each betrays itself.

The reasons are outcomes of :data:`archive.schema.OUTCOMES`. Each rule is a row; the first whose
condition holds decides. A page that no rule refuses is read as an article if it has what an
article needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from archive.text import fold, nfc, squeeze
from halong_crawler.discovery.target import Target
from halong_crawler.reading.blocks import blocks
from halong_crawler.reading.container import furniture
from halong_crawler.reading.document import Document


@dataclass(frozen=True, slots=True)
class NotAnArticle:
    """Why a page was not read as an article."""

    reason: str
    """One of the outcomes of ``archive.schema.OUTCOMES``."""
    because: str
    """The evidence, in words."""


_COOKIE_SCRIPT = re.compile(r"D1N\s*=\s*[a-f0-9]{32}|document\.cookie\s*=.{0,400}location", re.S)
_CHALLENGE = re.compile(
    r"captcha|cf-chl|just a moment|checking your browser|xác thực bạn không phải|"
    r"verify you are human",
    re.I,
)
_NOT_FOUND = re.compile(
    r"không tìm thấy|không tồn tại|đã bị (?:xóa|xoá|gỡ)|page not found|\b404\b|not be found", re.I
)
_MAINTENANCE = re.compile(r"đang (?:được )?(?:bảo trì|nâng cấp|tạm dừng)|under maintenance", re.I)
_HOME_PATH = re.compile(
    r"^/?(?:(?:en|vi)/?)?(?:index\.(?:html?|php|aspx?)|(?:.*/)?(?:trang/)?default\.aspx|"
    r"trang-?chu(?:\.\w+)?|home"
    r"(?:\.\w+)?|web/[^/]+/(?:home|trang-chu)|web/guest(?:/\w+)?)?/?$",
    re.I,
)
_SEARCH = re.compile(r"(?:^|[/_-])(?:search|tim-?kiem)", re.I)
_FEW_WORDS = 600
"""Characters of text under which a page that apologises says nothing else."""


@dataclass(frozen=True)
class Glance:
    """What the rules look at; the costly parts are made only when a rule asks for them."""

    document: Document
    target: Target | None

    @cached_property
    def raw(self) -> str:
        """All text of the page, scripts and menus included: cheap, for ruling things out."""
        body = self.document.tree.body
        return nfc(body.text()) if body is not None else ""

    @cached_property
    def text(self) -> str:
        """What a reader sees of the page, furniture left out."""
        body = self.document.tree.body
        if body is None:
            return ""
        return " ".join(b.text for b in blocks(self.document, body, furniture(body)))


Rule = tuple[str, Callable[[Glance], str | None]]


def _challenge(glance: Glance) -> str | None:
    text = glance.document.text
    if len(text) < 4096 and _COOKIE_SCRIPT.search(text):
        return "a script sets a cookie and reloads"
    if _CHALLENGE.search(text[:8192]) and len(glance.document.visible) < _FEW_WORDS:
        return "the page asks for proof of a human"
    return None


def _empty(glance: Glance) -> str | None:
    if len(glance.raw) > 4000:
        return None
    return "the page has no text" if len(glance.document.visible) < 20 else None


def _print_twin(glance: Glance) -> str | None:
    if glance.target is not None and glance.target.alias in ("print", "download"):
        return f"the {glance.target.alias} form of {glance.target.canonical}"
    return None


def _state(glance: Glance) -> str | None:
    if glance.target is not None and glance.target.refused == "portal_state":
        has_password = glance.document.tree.css_first("input[type=password]") is not None
        return None if has_password else "a state of the portal's software: poll, pop-up or form"
    return None


def _login(glance: Glance) -> str | None:
    if glance.document.tree.css_first("input[type=password]") is None:
        return None
    path = fold(urlsplit(glance.document.url).path)
    if re.search(r"dang-?nhap|login|signin", path) or len(glance.text) < _FEW_WORDS:
        return "a password field, and little besides"
    return None


def _soft_404(glance: Glance) -> str | None:
    title = glance.document.head_title
    for text in (title, *(squeeze(n.text()) for n in glance.document.tree.css("h1, h2")[:3])):
        if len(text) < 120 and _NOT_FOUND.search(text):
            return f"says “{text}” with status 200"
    match = _NOT_FOUND.search(glance.raw) and _NOT_FOUND.search(glance.text)
    if match and len(glance.text) < _FEW_WORDS:
        return f"says “{match.group(0)}” with status 200"
    return None


def _maintenance(glance: Glance) -> str | None:
    match = _MAINTENANCE.search(glance.raw) and _MAINTENANCE.search(glance.text)
    return f"says “{match.group(0)}”" if match and len(glance.text) < _FEW_WORDS else None


def _home(glance: Glance) -> str | None:
    parts = urlsplit(glance.document.url)
    if glance.target is not None and glance.target.kind == "article":
        return None
    if _HOME_PATH.match(parts.path) and not parts.query:
        return "the front page of the portal or of one of its languages"
    return None


def _search(glance: Glance) -> str | None:
    return "a search page" if _SEARCH.search(urlsplit(glance.document.url).path) else None


BEFORE_READING: tuple[Rule, ...] = (
    ("challenge", _challenge),
    ("empty", _empty),
    ("print_twin", _print_twin),
    ("form", _state),
    ("login", _login),
    ("soft_404", _soft_404),
    ("maintenance", _maintenance),
    ("home", _home),
    ("search", _search),
)


def refuse(glance: Glance) -> NotAnArticle | None:
    """The first rule that says the page cannot be an article."""
    for reason, rule in BEFORE_READING:
        because = rule(glance)
        if because is not None:
            return NotAnArticle(reason, because)
    return None
