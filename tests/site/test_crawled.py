"""From the portal's page to a journalist's search result: crawl, serve, search."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.runs import halong
from tests.site.small_archive import Server, without_data

FOLDED = "replace(replace(:q,'đ','d'),'Đ','D')"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("crawled") / "archive")
    halong("demo", "--no-serve", archive=archive)
    return archive


@pytest.fixture(scope="module")
def site(crawled: Archive, start_server: Callable[[Path], Server]) -> Server:
    return start_server(crawled.path)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        (
            "dai hoi dang bo",
            ["<mark>Đại</mark> <mark>hội</mark> <mark>Đảng</mark> <mark>bộ</mark>"],
        ),
        (
            "đại hội đảng bộ",
            ["<mark>Đại</mark> <mark>hội</mark> <mark>Đảng</mark> <mark>bộ</mark>"],
        ),
        ("ha long", ["<mark>Hạ</mark> <mark>Long</mark>"]),
        ("hoá", ["<mark>hoá</mark>", "<mark>hóa</mark>"]),
        ("hóa", ["<mark>hoá</mark>", "<mark>hóa</mark>"]),
    ],
)
def test_a_reader_finds_what_she_expects(site: Server, query: str, marked: list[str]) -> None:
    page = site.get("/search", q=query)
    answer = site.get("/search.json", q=query).json()
    assert page.status_code == 200
    assert answer["total"] > 0
    texts = page.text + json.dumps(answer, ensure_ascii=False)
    for form in marked:
        assert form.lower() in texts.lower(), form


def test_with_and_without_marks_the_same_articles_are_found(site: Server) -> None:
    found = [
        {hit["key"] for hit in site.get("/search.json", q=query).json()["hits"]}
        for query in ("dai hoi dang bo", "đại hội đảng bộ", "ĐẠI HỘI ĐẢNG BỘ")
    ]
    assert found[0] == found[1] == found[2] != set()


@pytest.mark.parametrize("query", ["dai hoi dang bo", "đại hội đảng bộ", "ha long", "hoá", "hóa"])
def test_a_plain_sqlite_shell_finds_the_same(crawled: Archive, site: Server, query: str) -> None:
    sql = (
        "SELECT a.key, highlight(articles_fts, 0, '[', ']') FROM articles_fts "
        "JOIN articles a ON a.id = articles_fts.rowid "
        f"WHERE articles_fts MATCH {FOLDED} ORDER BY rank"
    )
    with closing(sqlite3.connect(crawled.database)) as connection:
        rows = connection.execute(sql, {"q": query}).fetchall()
    assert len(rows) == site.get("/search.json", q=query).json()["total"]
    shell = shutil.which("sqlite3")
    if shell is None:
        assert os.environ.get("HALONG_REQUIRE_ALL") != "1", "the sqlite3 shell is not installed"
        return
    quoted = sql.replace(":q", f"'{query}'")
    done = subprocess.run(
        [shell, "-json", str(crawled.database), quoted], capture_output=True, text=True, check=True
    )
    assert [row["key"] for row in json.loads(done.stdout)] == [key for key, _ in rows]


def test_the_article_page_carries_what_was_read(site: Server) -> None:
    page = site.get("/a/demo_halong-61638")
    answer = site.get("/a/demo_halong-61638.json").json()
    assert page.status_code == 200
    assert answer["title"] in page.text
    assert answer["authors"][0]["name"] in page.text
    assert answer["published"]["at"] == "2025-06-20T17:20:00+07:00"
    assert answer["content_sha256"] in page.text
    assert answer["captures"]["shown"]["warc_file"].endswith(".warc.gz")


def test_the_hostile_article_reaches_no_page_as_markup(site: Server) -> None:
    for path in ("/a/demo_halong-61408", "/search?q=trang+gia+mao", "/"):
        text = without_data(site.get(path).text)
        assert "<script" not in text
        assert "onerror=" not in text.replace("&lt;img src=x onerror=", "")


def test_the_coverage_of_a_real_crawl_is_shown(site: Server) -> None:
    page = site.get("/coverage/demo_halong")
    answer = site.get("/coverage/demo_halong.json").json()
    assert page.status_code == 200
    assert (answer["coverage"]["articles"], answer["coverage"]["listings_open"]) == (40, 0)
    assert "đã đi đến trang cuối" in page.text
    assert answer["crawls"][0]["articles_new"] == 40


def test_facets_narrow_the_result(site: Server) -> None:
    whole = site.get("/search.json", q="thanh pho").json()
    for name in ("year", "portal", "category", "author"):
        value = whole["facets"][name][0]
        narrowed = site.get("/search.json", q="thanh pho", **{name: value["value"]}).json()
        assert narrowed["total"] == value["count"], name


@pytest.mark.parametrize(
    "path", ["/halong/_frontier", "/halong/_frontier.json", "/halong/_sqlite_migrations",
             "/halong.json?sql=select+1", "/halong?sql=select+1", "/halong/articles_fts_data"],
)  # fmt: skip
def test_plumbing_and_open_sql_are_out_of_reach(site: Server, path: str) -> None:
    assert site.get(path).status_code in (403, 404)
