"""Citations that people and reference managers can take: parsed by other software."""

from __future__ import annotations

import json

import bibtexparser  # type: ignore[import-untyped]
import pytest
import rispy
from playwright.sync_api import Browser
from selectolax.lexbor import LexborHTMLParser

from archive.site import cite
from tests.site.small_archive import Server

KEY = "halong-61318"
NASTY = r"Giảm 50% {phí} \ & <b>$1</b> </script> #1_a~b^c “x”"


@pytest.fixture
def article(site: Server) -> dict[str, object]:
    found: dict[str, object] = json.loads(site.get(f"/a/{KEY}.json").text)
    return found


def test_each_form_is_offered_as_a_file_of_its_kind(site: Server) -> None:
    page = LexborHTMLParser(site.get(f"/a/{KEY}").text)
    links = [node.attributes["href"] for node in page.css(".cite a")]
    assert links == [f"/a/{KEY}.{form}" for form in cite.FORMS]
    for form, (media_type, _) in cite.FORMS.items():
        answer = site.get(f"/a/{KEY}.{form}")
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"].endswith(f'"citation.{form}"')
        assert site.get(f"/a/nobody.{form}").status_code == 404


def test_bibtex_is_read_by_bibtexparser(site: Server, article: dict[str, object]) -> None:
    (entry,) = bibtexparser.loads(site.get(f"/a/{KEY}.bib").text, _parser()).entries
    assert (entry["ENTRYTYPE"], entry["ID"]) == ("online", KEY)
    assert entry["title"].strip("{}") == article["title"]
    assert entry["author"] == "{Hồng Hạnh}"
    assert entry["date"] == "2025-05-12"
    assert entry["url"] == article["url"]
    assert str(article["content_sha256"]) in entry["note"]
    assert f"/a/{KEY}" in entry["note"]


def test_ris_is_read_by_rispy(site: Server, article: dict[str, object]) -> None:
    (entry,) = rispy.loads(site.get(f"/a/{KEY}.ris").text)
    assert entry["type_of_reference"] == "NEWS"
    assert entry["title"] == article["title"]
    assert entry["authors"] == ["Hồng Hạnh"]
    assert (entry["year"], entry["date"]) == ("2025", "2025/05/12")
    assert entry["urls"] == [article["url"]]
    assert entry["keywords"] == article["tags"]


def test_csl_names_day_author_and_state(site: Server, article: dict[str, object]) -> None:
    (item,) = json.loads(site.get(f"/a/{KEY}.csl.json").text)
    assert item["title"] == article["title"]
    assert item["author"] == [{"literal": "Hồng Hạnh"}]
    assert item["issued"] == {"date-parts": [[2025, 5, 12]]}
    assert item["URL"] == article["url"]
    assert item["archive_location"] == f"{site.address}/a/{KEY}"


def test_words_stand_in_both_languages(site: Server) -> None:
    page = LexborHTMLParser(site.get(f"/a/{KEY}").text)
    vietnamese, english = (
        page.css_first(f".citation[lang={code}]").text() for code in ("vi", "en")
    )
    assert "đăng 12/5/2025" in vietnamese
    assert "published 12 May 2025" in english


def test_the_page_says_what_it_is_to_zotero(
    site: Server, browser: Browser, article: dict[str, object]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site.address}/a/{KEY}")
    told = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert (told["@type"], told["headline"]) == ("NewsArticle", article["title"])
    assert told["author"] == [{"@type": "Person", "name": "Hồng Hạnh"}]
    assert told["isBasedOn"] == article["url"]
    assert page.locator('meta[name="DC.title"]').get_attribute("content") == article["title"]
    assert page.locator('meta[name="DC.date"]').get_attribute("content") == "2025-05-12"
    # Data is no script: the page's policy has nothing against it.
    assert said == []
    context.close()


@pytest.mark.parametrize("published", [None, "2025", "2025-05", "2025-05-12T08:30:00+07:00"])
def test_odd_titles_and_dates_break_no_form(
    article: dict[str, object], published: str | None
) -> None:
    odd = article | {"title": NASTY, "published": {"at": published}, "authors": []}
    (entry,) = bibtexparser.loads(cite.bibtex(odd, "http://x/"), _parser()).entries
    assert "50\\%" in entry["title"]
    assert entry.get("date") == (published[:10] if published else None)
    (read,) = rispy.loads(cite.ris(odd, "http://x/"))
    assert read["title"] == NASTY
    (item,) = cite.csl(odd, "http://x/")
    assert item["title"] == NASTY
    parts = item["issued"]["date-parts"][0] if published else []
    assert parts == [int(part) for part in (published or "")[:10].split("-") if part]


def _parser() -> bibtexparser.bparser.BibTexParser:
    return bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
