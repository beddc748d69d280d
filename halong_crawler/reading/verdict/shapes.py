"""Pages that are told by their address or their build rather than by a phrase."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from archive.text import squeeze
from halong_crawler.reading.verdict.glance import Glance
from halong_crawler.reading.verdict.signs import APOLOGY

# By address

_HOME_PATH = re.compile(
    r"^/?(?:(?:en|vi)/?)?(?:index\.(?:html?|php|aspx?)|(?:.*/)?(?:trang/)?default\.aspx|"
    r"trang-?chu(?:\.\w+)?|home"
    r"(?:\.\w+)?|web/[^/]+(?:/(?:home|trang-?chu|index|main))?)?/?$",
    re.I,
)
_SEARCH_PATH = re.compile(
    r"/(?:search|tim-?kiem|searchqnp|searchresults?|ket-qua-tim-kiem)(?:\.\w+)?(?:/|$)", re.I
)
_SEARCH_QUERY = re.compile(r"^(?:s|q|k|keyword|keywords|tukhoa|tu-khoa|search)=", re.I)
_LOGIN_PATH = re.compile(r"(?:dang-?nhap|log-?in|sign-?in|authenticate)(?:[^a-z]|$)", re.I)


def print_twin(glance: Glance) -> str | None:
    """An address known as a twin's."""
    if glance.target is not None and glance.target.alias in ("print", "download"):
        return f"the {glance.target.alias} form of {glance.target.canonical}"
    return None


def state(glance: Glance) -> str | None:
    """An address that is a state of the portal's software."""
    if glance.target is not None and glance.target.refused == "portal_state":
        has_password = glance.has("input[type=password]")
        return None if has_password else "a state of the portal's software: poll, pop-up or form"
    return None


def home(glance: Glance) -> str | None:
    """The address of a front page."""
    if glance.is_article_address:
        return None
    if _HOME_PATH.match(glance.path) and not urlsplit(glance.document.url).query:
        return "the front page of the portal or of one of its languages"
    return None


def search(glance: Glance) -> str | None:
    """The address of a search. An article may be *about* a search: only whole segments count."""
    if glance.is_article_address:
        return None
    query = urlsplit(glance.document.url).query
    asked = _HOME_PATH.match(glance.path) and _SEARCH_QUERY.match(query)
    return "a search page" if asked or _SEARCH_PATH.search(glance.path) else None


def login_address(glance: Glance) -> str | None:
    """A login's address, and a password field to go with it."""
    if not _LOGIN_PATH.search(glance.path) or not glance.has("input[type=password]"):
        return None
    return "a password field, at the address of a login"


# By build

_MAGIC: tuple[tuple[str, str], ...] = (
    ("%PDF-", "a PDF file"), ("PK\x03\x04", "a ZIP or Office file"), ("GIF8", "a GIF image"),
    ("{\\rtf", "an RTF file"), ("Rar!", "a RAR file"),
)  # fmt: skip
_MAGIC_LATER = (("PNG\r\n\x1a", "a PNG image"), ("JFIF", "a JPEG image"), ("Exif", "a JPEG image"))
_XML_ROOT = re.compile(
    r"(?:\s|<\?[^>]*>|<!--.*?-->|<!doctype(?! html)[^>]*>)*<(rss|feed|rdf:RDF|urlset|sitemapindex|"
    r"\w*:?Envelope|opml|svg|kml|ArrayOf\w+|root|response)\b",
    re.I | re.S,
)
_HTML = re.compile(r"<!doctype html|<html", re.I)
_JSON = re.compile(r"\s*(?:[\[{]\s*(?:\"|\{|\[|\]|\})|\w{0,40}\(\s*[\[{]\s*\")")
_START = 2000


def not_html(glance: Glance) -> str | None:
    """A file, a feed or data that the server calls HTML."""
    start = glance.document.written[:_START].lstrip()
    if _HTML.match(start):
        return None
    for mark, meaning in _MAGIC:
        if start.startswith(mark):
            return f"{meaning}, called HTML by the server"
    for mark, meaning in _MAGIC_LATER:
        if mark in start[:16]:
            return f"{meaning}, called HTML by the server"
    root = _XML_ROOT.match(start)
    if root:
        return f"XML (<{root.group(1)}>), called HTML by the server"
    if _JSON.match(start) and "<html" not in start.lower():
        return "JSON, called HTML by the server"
    return None


_LITTLE = 600
_NOTHING = 20
_APP = re.compile(
    r"<(?:div|main|section)[^>]*\bid=[\"']?(?:root|app|__next|__nuxt|app-root|main-app|wrapper-app)"
    r"[\"']?[^>]*>\s*(?:<[^>]{0,200}>\s*|loading\W*|đang tải\W*){0,8}</|"
    r"<app-root\b|<[a-z]+-app\b|\bng-app=",
)
_ASKS_FOR_SCRIPT = re.compile(
    r"<noscript\b[^>]*>(?:(?!</noscript).){0,400}?(?:enable|need|requires?|bật|kích hoạt|cho phép)"
    r"(?:(?!</noscript).){0,60}javascript",
    re.S,
)


def needs_javascript(glance: Glance) -> str | None:
    """An application's shell: its text is drawn by a script."""
    if not glance.bare or len(glance.words) > 250 or not glance.has("script"):
        return None
    if _APP.search(glance.markup) or _ASKS_FOR_SCRIPT.search(glance.markup):
        return "the shell of an application; its text is drawn by a script"
    return None


def empty(glance: Glance) -> str | None:
    """No text at all."""
    if glance.mentions("frameset") and glance.has("frameset"):
        return "a frameset: what it shows is on other pages"
    if not glance.is_wordless:
        return None
    return "the page has no text" if len(glance.words) < _NOTHING else None


_PASSWORD = "input[type=password]"  # noqa: S105  # a selector


def login(glance: Glance) -> str | None:
    """A password field, and little besides."""
    if not glance.mentions("password") or glance.is_marked or not glance.has(_PASSWORD):
        return None
    titled = any(re.match(r"đăng nhập|log ?in|sign ?in", part) for part in glance.headings)
    if len(glance.words) < _LITTLE or (
        titled and glance.said < _LITTLE and glance.own_title is None
    ):
        return "a password field, and little besides"
    return None


_HINTS = re.compile(r"hông (?:còn |được )?t(?:ìm|ồn)")  # alternatives that begin alike: fast
_CODED_HINTS = re.compile(r"&(?:ocirc|#244|#x[fF]4);ng ")
_APOLOGY = re.compile(APOLOGY)
_LONGEST_APOLOGY = 240
_LONGEST_TAG = 2000


def gone_inside(glance: Glance) -> str | None:
    """An apology as an element of its own in a full frame, where the article would be."""
    text = glance.document.text
    if not _HINTS.search(text) and not _CODED_HINTS.search(text):
        return None
    text, end = glance.source, 0
    for hint in _HINTS.finditer(text):
        if hint.start() < end:
            continue  # inside the piece that was looked at
        # A longer piece is no apology; the search is bounded, since a page may be hostile.
        start = text.rfind(">", max(0, hint.start() - _LONGEST_APOLOGY), hint.start()) + 1
        end = text.find("<", hint.end(), hint.end() + _LONGEST_APOLOGY)
        if start == 0 or end < 0:
            end = hint.end()
            continue
        piece = squeeze(text[start:end])
        opened = text[text.rfind("<", max(0, start - _LONGEST_TAG), start) : start].lower()
        if opened.startswith(("<a ", "<script", "<option")):
            continue
        if _APOLOGY.search(piece.lower()):
            alone = glance.said <= _LITTLE and glance.own_title is None
            return f"says “{piece}” where the article would be" if alone else None
    return None


_CIPHER = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
_LONG_WORD = re.compile(r"[A-Za-z0-9+/=_-]{40}")
_FEWEST_CIPHERED = 400


def ciphered(text: str) -> str | None:
    """Whether most of a text is tokens no language has: enciphered, for a script to decipher.

    Returns the evidence. Addresses and e-mails do not count: they hold other signs.
    """
    if _LONG_WORD.search(text) is None:
        return None
    tokens = [word for word in text.split() if _CIPHER.fullmatch(word)]
    length = sum(map(len, tokens))
    if length < _FEWEST_CIPHERED or length * 2 < len(text):
        return None
    return f"enciphered: {len(tokens)} words of {length} characters in all"


_CIPHER_PIECE = re.compile(r">\s*([A-Za-z0-9+/_-]{76,}={0,2}(?:\s+[A-Za-z0-9+/_-]{4,}={0,2})*)\s*<")


def obfuscated(glance: Glance) -> str | None:
    """Enciphered text where the article would be."""
    text = glance.document.text
    for match in _CIPHER_PIECE.finditer(text):
        opened = text[text.rfind("<", 0, match.start() + 1) : match.start()].lower()
        if not opened.startswith(("<script", "<style", "<textarea")):
            found = ciphered(match.group(1))
            if found is not None:
                return found
    return None


# By the order of what it says: under the address of an article

_ENTRIES = 4
_SUMMARY = re.compile(r">\s*[^<>{}=\s][^<>{}=]{60,}")
_BARE_ENTRIES = 8
_PAGER = re.compile(
    r"class=[\"'][^\"'>]*\b(?:pagination|[Pp]ager|[Pp]aging|phan-?trang|page-?nav|rgPager)"
)
_HOME_TITLE = re.compile(r"^(?:trang chủ|home(?: ?page)?|homepage|trang nhất)$")


def listing(glance: Glance) -> str | None:
    """A list, also under the address of an article: some products answer so what is gone."""
    text = glance.document.text
    paged = _PAGER.search(text) is not None
    several = len(list(islice(_SUMMARY.finditer(text), _ENTRIES))) == _ENTRIES
    if not (paged or several) or glance.is_marked:
        return None
    rhythm = glance.rhythm
    summaries = len(re.findall("LD?T", rhythm))
    # Nearly all that is said stands under a headline; before an article's other news it does not.
    summarised = summaries >= _ENTRIES and summaries * 5 >= rhythm.count("T") * 4
    dated = len(re.findall("LD|DL", rhythm)) >= _BARE_ENTRIES and "TT" not in rhythm
    if not summarised and not (dated and paged):
        return None
    if glance.own_title is not None:
        return None
    return f"headlines that are links ({rhythm.count('L')}), summaries, and no article of its own"


def front_page(glance: Glance) -> str | None:
    """The front page under the address of an article."""
    if not glance.is_article_address or glance.is_marked or "TTT" in glance.rhythm:
        return None
    titled = bool(glance.title) and _HOME_TITLE.match(glance.title[0]) is not None
    node = glance.document.tree.css_first("link[rel=canonical]")
    canonical = urlsplit((node.attributes.get("href") or "x") if node is not None else "x").path
    if not titled and canonical not in ("", "/"):
        return None
    if glance.own_title is not None or glance.rhythm.count("L") < _ENTRIES:
        return None
    return "titled as the front page" if titled else "names the front page as its own address"
