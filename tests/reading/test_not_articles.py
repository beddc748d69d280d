"""Pages that are no article, and articles that look as if they were none.

``tests/pages/not_articles/<reason>/<name>.html`` is refused for the reason its folder names; its
address stands in ``<name>.url``. ``tests/pages/look_alikes/<name>.html`` is an article.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article
from archive.schema import OUTCOMES
from halong_crawler.platforms import detect
from halong_crawler.portal import BUILTIN, Portal, load_all
from halong_crawler.reading import Document, NotAnArticle, read
from halong_crawler.reading.verdict import BEFORE_READING, Glance, ciphered, refuse

PAGES = Path(__file__).parents[1] / "pages"
REFUSED = sorted((PAGES / "not_articles").glob("*/*.html"))
LOOK_ALIKES = sorted((PAGES / "look_alikes").glob("*.html"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def built_in() -> dict[str, Portal]:
    return load_all(BUILTIN)


def portal_of(url: str, html: bytes) -> Portal:
    """The portal that has the address, else one that nobody configured."""
    for portal in built_in().values():
        if portal.covers(url):
            return portal
    host = urlsplit(url).netloc
    return Portal(
        name="unknown", title_vi=host, title_en=host, hosts=(host,), level="commune", province="?",
        platform=detect(Document.parse(html, url).text).name, seeds=(f"http://{host}/",),
    )  # fmt: skip


def verdict(path: Path, html: bytes | None = None) -> Article | NotAnArticle:
    url = path.with_suffix(".url").read_text("utf-8").strip()
    html = path.read_bytes() if html is None else html
    return read(html, url, portal=portal_of(url, html), captured_at=NOW)


def decomposed(html: str) -> bytes:
    return unicodedata.normalize("NFD", html).encode()


def in_entities(html: str) -> bytes:
    return html.encode("ascii", "xmlcharrefreplace")


def _name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


each_refused = pytest.mark.parametrize("path", REFUSED, ids=_name_of)
each_look_alike = pytest.mark.parametrize("path", LOOK_ALIKES, ids=lambda path: path.stem)
each_spelling = pytest.mark.parametrize("spelt", [decomposed, in_entities])


@each_refused
def test_a_page_that_is_no_article(path: Path) -> None:
    result = verdict(path)
    assert isinstance(result, NotAnArticle), result
    assert result.reason == path.parent.name, result
    assert result.reason in OUTCOMES
    assert result.because


@each_look_alike
def test_an_article_that_speaks_of_such_things(path: Path) -> None:
    result = verdict(path)
    assert isinstance(result, Article), result
    assert len(result.body) > 60 or result.images or result.attachments


def _is_text(path: Path) -> bool:
    """Whether the page can be spelt another way; the bytes of a file cannot."""
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return False
    return True


@each_spelling
@pytest.mark.parametrize("path", [p for p in REFUSED if _is_text(p)], ids=_name_of)
def test_it_is_none_in_any_spelling(path: Path, spelt: Callable[[str], bytes]) -> None:
    result = verdict(path, spelt(path.read_text("utf-8")))
    assert isinstance(result, NotAnArticle), result
    assert result.reason == path.parent.name, result


@each_spelling
@each_look_alike
def test_it_is_one_in_any_spelling(path: Path, spelt: Callable[[str], bytes]) -> None:
    assert isinstance(verdict(path, spelt(path.read_text("utf-8"))), Article)


def test_every_reason_of_a_rule_has_a_frozen_page() -> None:
    assert {rule.reason for rule in BEFORE_READING} <= {path.parent.name for path in REFUSED}


def test_cipher_is_no_language() -> None:
    token = "QmFvVGhhbmhIb2E" * 40
    assert ciphered(token)
    assert ciphered(f"Sáng 12/5 {token}")
    assert ciphered(f"{token} " + "Sáng 12/5, thành phố tổ chức ra quân. " * 40) is None
    assert ciphered("https://halongcity.gov.vn/" + "tin-tuc/" * 100) is None
    assert ciphered("") is None


@given(st.text(max_size=300), st.sampled_from(["", "/", "/a-p13n1.html", "/login", "/search?q=1"]))
def test_any_page_has_a_verdict(text: str, path: str) -> None:
    document = Document.parse(text.encode("utf-8", "ignore"), f"http://x.vn{path}")
    refused = refuse(Glance(document, None))
    assert refused is None or (refused.reason in OUTCOMES and refused.because)


@pytest.mark.parametrize(
    "piece",
    ["document.cookie=1;", "<a href=x>tin ", "<!-- x ", "<script ", "không tìm thấy <", "> x ",
     "hệ thống đang ", "&#7897;", ">" + "A" * 80 + " ", "<h1>x", "không tìm ", " " * 20],
)  # fmt: skip
def test_a_hostile_page_costs_no_more_than_a_long_one(piece: str) -> None:
    page = (piece * 60_000)[:900_000].encode()
    document = Document.parse(page, "http://x.vn/a-p13n1.html")
    begun = time.process_time()
    refuse(Glance(document, None))
    assert time.process_time() - begun < 5
