"""Each page speaks one language: Vietnamese, or English for who asks for it."""

from __future__ import annotations

import re
import subprocess
import sys

import httpx
import pytest
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from archive.site import labels
from archive.site.language import COOKIE, LANGUAGES, chosen, speaking
from tests.crawl.runs import ROOT
from tests.site.small_archive import Server

PAGES = ("/", "/search?q=dai+hoi", "/search?q=zzz", "/a/halong-61318", "/a/halong-61318/v/1",
         "/a/halong-61318/v/1/captured", "/coverage/halong", "/a/nobody")  # fmt: skip
VIETNAMESE = re.compile(r"\w*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", re.I)
NAMES = {"Hạ", "Quảng"}
"""Of places: the same in every language."""


def words(page: str) -> str:
    """What a page says itself, without what was crawled."""
    tree = LexborHTMLParser(page)
    for node in tree.css(
        "body [lang=vi], body script, body code, body a[rel~=nofollow], .citation"
    ):
        node.decompose()
    assert tree.body is not None
    return tree.body.text(separator=" ")


def get(site: Server, path: str, **headers: str) -> httpx.Response:
    return httpx.get(site.address + path, headers=headers, timeout=30)


def test_every_message_has_its_words_in_every_language() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_vietnamese_unless_english_is_asked_for(site: Server, path: str) -> None:
    for accepted in ("", "vi", "fr", "vi-VN,vi;q=0.9,en;q=0.8", "*", ";;q=,en;q=x"):
        answer = get(site, path, **{"accept-language": accepted})
        assert answer.headers["content-language"] == "vi"
        assert '<html lang="vi">' in answer.text
    assert VIETNAMESE.search(words(answer.text))
    answer = get(site, path, **{"accept-language": "en-GB,en;q=0.9,vi;q=0.5"})
    assert answer.headers["content-language"] == "en"
    assert {"accept-language", "cookie"} <= set(answer.headers["vary"].lower().split(", "))
    assert '<html lang="en">' in answer.text
    assert set(VIETNAMESE.findall(words(answer.text))) <= NAMES, path


def test_what_a_reader_chose_wins_over_the_browser() -> None:
    assert chosen({COOKIE: "vi"}, "en") == "vi"
    assert chosen({COOKIE: "en"}, "vi") == "en"
    assert chosen({COOKIE: "xx"}, None) == "vi"
    assert chosen({}, "a" * 100_000) == "vi"


@pytest.mark.parametrize(("back", "leads"), [
    ("/search?q=b%C3%A1o", "/search?q=b%C3%A1o"), ("//evil.example/", "/"),
    ("/\\evil.example", "/"),
    ("http://evil.example/", "/"), ("/a\r\nX: y", "/"), ("", "/"),
])  # fmt: skip
def test_the_switch_leads_back_and_nowhere_else(site: Server, back: str, leads: str) -> None:
    answer = httpx.get(f"{site.address}/language/en", params={"back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, leads)
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=en;")
    assert httpx.get(f"{site.address}/language/xx").status_code == 404


def test_the_switch_is_used_without_script(site: Server, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{site.address}/a/halong-61318")
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_role("link", name="English").click()
    assert page.url == f"{site.address}/a/halong-61318"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="Search", exact=True).click()
    assert page.get_by_role("heading", name="All articles").is_visible()
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.get_by_role("heading", name="Tất cả bài viết").is_visible()
    context.close()


@pytest.mark.parametrize(("value", "vietnamese", "english"), [
    ("2025-07-22T09:30:00+07:00", "22/7/2025, 09:30", "22 July 2025, 09:30"),
    ("2025-07-22T02:30:00Z", "22/7/2025, 02:30 UTC", "22 July 2025, 02:30 UTC"),
    ("2025-07-22", "22/7/2025", "22 July 2025"), ("2025-07", "7/2025", "July 2025"),
    ("2025", "2025", "2025"), ("2025-02-30", "2025-02-30", "2025-02-30"), (None, "", ""),
])  # fmt: skip
def test_dates_stand_in_the_form_of_the_language(
    value: str | None, vietnamese: str, english: str
) -> None:
    for language, expected in (("vi", vietnamese), ("en", english)):
        with speaking(language):
            assert labels.moment(value) == expected


def test_numbers_stand_in_the_form_of_the_language() -> None:
    forms = {}
    for language in LANGUAGES:
        with speaking(language):
            forms[language] = (
                labels.number(1234567), labels.percent(0.125), labels.file_size(1_250_000)
            )  # fmt: skip
    assert forms == {
        "vi": ("1.234.567", "12,5 %", "1,2 MB"), "en": ("1,234,567", "12.5 %", "1.2 MB"),
    }  # fmt: skip
