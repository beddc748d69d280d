"""Who is one person in the archive: spelling that differs only in form meets, nothing else does."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from archive.records import Author
from archive.store import Store
from archive.text import name_key
from tests.archive.pages import ARTICLE, capture, page

AT = "2025-05-13T03:15:00Z"


def keep(store: Store, *signed: tuple[Author, ...]) -> None:
    """Keep one article for each byline."""
    crawl = store.begin_crawl("halong", started_at=AT, options={})
    for number, authors in enumerate(signed, 1):
        url = f"https://halongcity.gov.vn/tin-tuc/{number}"
        article = replace(ARTICLE, source_id=str(number), url=url, authors=authors)
        store.keep(crawl, replace(page(AT), article=article, capture=capture(AT, url=url)))


def people(store: Store) -> list[str]:
    return [name for (name,) in store.connection.execute("SELECT name FROM people ORDER BY id")]


@pytest.mark.parametrize(
    "other",
    [
        unicodedata.normalize("NFD", "Đỗ Văn Hòa"),
        "Đỗ Văn Hoà",
        "Ðỗ Văn Hòa",  # the Icelandic letter that old keyboards wrote
        "ĐỖ VĂN HÒA",
        "Đỗ  Văn\u00a0Hòa ",
        "Đỗ Văn Hòa\u200b",
        unicodedata.normalize("NFD", "ĐỖ VĂN HOÀ"),
    ],
)
def test_one_name_in_two_spellings_is_one_person(other: str, store: Store) -> None:
    keep(store, (Author("Đỗ Văn Hòa"),), (Author(other),))
    assert people(store) == ["Đỗ Văn Hòa"]
    counts = store.connection.execute("SELECT count(DISTINCT article_id) FROM article_people")
    assert counts.fetchone() == (2,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hồng Hạnh", "Hồng Hanh"),
        ("Hồng Hạnh", "Hồng Hành"),
        ("Hồng Hạnh", "Nguyễn Hồng Hạnh"),
        ("Hồng Hạnh", "Hạnh"),
        ("Văn Hòa", "Văn Hóa"),
        ("Minh Thuý", "Minh Thủy"),
        ("L.M.T.", "L.M.P."),
        ("Lê Quý", "Lê Quỳ"),
    ],
)
def test_nobody_is_merged_on_a_guess(one: str, other: str, store: Store) -> None:
    keep(store, (Author(one),), (Author(other),))
    assert people(store) == [one, other]


def test_the_printed_form_and_the_role_stay_with_each_article(store: Store) -> None:
    keep(
        store,
        (Author("Văn Hoà", "writer", "Tin: Văn Hoà"),),
        (Author("Văn Hòa", "photographer", "Ảnh: Văn Hòa"), Author("Lê Na", "writer", "Lê Na")),
    )
    found = store.connection.execute(
        "SELECT p.name, ap.role, ap.printed FROM article_people ap JOIN people p "
        "ON p.id = ap.person_id ORDER BY ap.article_id, ap.position"
    ).fetchall()
    assert found == [
        ("Văn Hoà", "writer", "Tin: Văn Hoà"),
        ("Văn Hoà", "photographer", "Ảnh: Văn Hòa"),
        ("Lê Na", "writer", "Lê Na"),
    ]


@pytest.mark.parametrize("name", ["Hoà", "Thuý", "Quỳ", "Hoàn", "Suýt", "Huỳnh", "Khoẻ", "Ðức"])
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
