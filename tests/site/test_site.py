"""The site over HTTP: a real Datasette behind a real server."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import pytest

from archive.schema import create_statements
from archive.serving import ServingError, build, serve
from archive.site import FOLDER
from archive.site.headers import OWN_POLICY
from archive.tables import TABLES
from archive.views import VIEWS
from tests.site.small_archive import ARTICLES, Server, Written, without_data, write_archive

OWN_PAGES = ["/", "/search", "/search?q=dai+hoi", "/a/halong-61318", "/a/nobody"]
DATASETTE_PAGES = ["/halong", "/halong/articles", "/halong/articles/1", "/halong/latest_articles"]


# Pages


def test_home_says_what_is_held(site: Server) -> None:
    page = site.get("/")
    assert page.status_code == 200
    assert "Cổng thông tin phường Hà Khánh" in page.text
    assert "2012–2025" in page.text
    assert "Lưu từ <time" in page.text
    assert page.text.index("<form") < page.text.index("Mới đăng")
    assert "/a/halong-60007" in page.text.split("Đã bị gỡ")[1]
    assert "sửa tiêu đề" in page.text


@pytest.mark.parametrize("typed", ["dai hoi dang bo", "Đại hội Đảng bộ", "đại hội"])
def test_search_finds_with_and_without_marks(site: Server, typed: str) -> None:
    page = site.get("/search", q=typed)
    assert 'href="/a/halong-61318"' in page.text
    assert "<mark>Đại</mark> <mark>hội</mark>" in page.text


def test_search_page_keeps_filters_when_asked_again(site: Server) -> None:
    page = site.get("/search", q="hà", portal="hakhanh", order="newest")
    assert '<input type="hidden" name="portal" value="hakhanh">' in page.text
    assert '<input type="hidden" name="order" value="newest">' in page.text
    assert 'href="/search?q=h%C3%A0&amp;order=newest"' in page.text  # takes the filter away


def test_typed_filters_become_filters_that_can_be_taken_away(site: Server) -> None:
    page = site.get("/search", q="hà portal:hakhanh")
    assert 'value="hà"' in page.text
    assert 'href="/search?q=h%C3%A0"' in page.text


def test_undated_is_a_facet_and_is_said(site: Server) -> None:
    page = site.get("/search", year="undated")
    assert 'href="/a/halong-31007"' in page.text
    assert "không rõ ngày đăng" in page.text
    assert "không rõ ngày đăng" in site.get("/a/halong-31007").text


@pytest.mark.parametrize("bad", ["0", "-1", "x", "99999", "9" * 50, "²"])
def test_odd_page_numbers_are_no_error(site: Server, bad: str) -> None:
    assert site.get("/search", page=bad, order="sideways").status_code == 200


def test_nothing_found_is_helped(site: Server) -> None:
    assert "Không tìm thấy bài nào" in site.get("/search", q="zzzz").text


def test_article_page(site: Server) -> None:
    page = site.get("/a/halong-61318").text
    assert '<link rel="canonical" href="/a/halong-61318">' in page
    assert '<meta name="description" content="Hạ Long là địa phương' in page
    assert 'href="https://halong.gov.vn/tin/61318.html" rel="noopener nofollow"' in page
    assert "Hồng Hạnh" in page
    assert "12/5/2025, 08:30" in page
    assert "Kế hoạch thi đua.pdf" in page
    assert "trong khoảng từ" in page
    assert "123 KB · chưa lưu tệp" in page
    assert "SHA-256" in page
    assert "platform:.date" in page
    assert "<img" not in page


def test_a_removed_article_says_so(site: Server) -> None:
    assert "đã bị gỡ khỏi cổng gốc" in site.get("/a/halong-60007").text


def test_dates_are_as_exact_as_they_are_known(site: Server) -> None:
    assert 'từ <time datetime="2012-12">12/2012</time>' in site.get("/a/hakhanh-413").text
    assert ">20/11/2024</time>" in site.get("/a/halong-60007").text


@pytest.mark.parametrize("path", ["/a/nobody", "/nowhere", "/halong/nothing", "/a/x%2Fy"])
def test_what_is_not_there_gets_a_designed_404(site: Server, path: str) -> None:
    page = site.get(path)
    assert page.status_code in (403, 404)
    assert '<form class="search"' in page.text


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_are_well_made(site: Server, path: str) -> None:
    page = site.get(path).text
    assert '<html lang="vi">' in page
    assert page.count("<h1") == 1
    for element in ("<main", "<nav", "<title>", 'name="viewport"', 'name="description"'):
        assert element in page
    assert "<script" not in without_data(page)
    assert "style=" not in page


# JSON


def test_article_json(site: Server) -> None:
    answer = site.get("/a/halong-61318.json")
    article = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert article["permalink"] == "/a/halong-61318"
    assert article["portal"]["title_en"] == "Hạ Long City Portal"
    assert article["category"] == ["Tin tức", "Tin trong thành phố"]
    assert article["published"] == {
        "at": "2025-05-12T08:30:00+07:00",
        "precision": "minute",
        "printed": "2025-05-12T08:30:00+07:00",
        "read_from": "platform:.date",
    }
    assert [author["name"] for author in article["authors"]] == ["Hồng Hạnh"]
    assert [version["number"] for version in article["versions"]] == [2, 1]
    assert article["versions"][0]["changed"] == ["title"]
    assert article["captures"]["count"] == 2
    assert article["captures"]["shown"]["warc_offset"] == 1234
    assert article["content_sha256"] in article["citation"]
    assert article["body_html"].startswith("<p>")


def test_unknown_article_json(site: Server) -> None:
    answer = site.get("/a/nobody.json")
    assert answer.status_code == 404
    assert answer.json()["ok"] is False


def test_a_hit_in_an_attachment_leads_to_the_files_of_its_article(site: Server) -> None:
    page = site.get("/search", q='"3431 QĐ UBND pdf"').text
    assert '<a lang="vi" href="/a/halong-57120#attachments">3431-QĐ-UBND.pdf</a>' in page
    assert 'id="attachments"' in site.get("/a/halong-57120").text


def test_search_json_and_its_next_page(
    tmp_path: Path, start_server: Callable[[Path], Server]
) -> None:
    many = [Written(n, f"Tin số {n}", "Hạ Long hôm nay.") for n in range(1, 46)]
    server = start_server(write_archive(tmp_path / "nhiều #?%", many))
    seen: list[str] = []
    address: str | None = "/search.json?q=ha+long"
    while address:
        answer = server.get(address).json()
        seen += [hit["key"] for hit in answer["hits"]]
        address = answer["next"]
    assert answer["total"] == 45
    assert answer["facets"]["year"] == [
        {"value": "2025", "label": "2025", "count": 45, "selected": False}
    ]
    assert len(seen) == len(set(seen)) == 45


# What readers must not reach


HIDDEN = ["_frontier", "articles_fts", "articles_fts_data", "articles_fts_config", "sqlite_master"]


@pytest.mark.parametrize("table", [*HIDDEN, "_FRONTIER", "pragma_database_list", "sqlite_schema"])
@pytest.mark.parametrize("form", ["", ".json", ".csv", "/1", "/1.json", ".json?_shape=array"])
def test_plumbing_is_out_of_reach(site: Server, table: str, form: str) -> None:
    answer = site.get(f"/halong/{table}{form}")
    assert answer.status_code in (403, 404)
    assert "secret-key" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/halong?sql=select+*+from+_frontier",
        "/halong.json?sql=select+1",
        "/halong.csv?sql=select+1",
        "/halong/articles?_where=1",
        '/halong/articles?_through={"table":"_frontier","column":"portal","value":"halong"}',
        "/halong.db",
        "/_internal",
        "/_internal/tables.json",
        "/_memory",
        "/-/databases.json",
        "/-/threads",
        "/-/permissions",
    ],
)
def test_side_doors_are_shut(site: Server, path: str) -> None:
    assert site.get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    ["/", "/.json", "/halong", "/halong.json", "/-/metadata.json", "/halong/articles.json?_size=2",
     "/halong/portals/halong", "/halong/articles/1.json?_extras=foreign_key_tables",
     "/halong/articles?_search=x&_fts_table=_frontier"],
)  # fmt: skip
def test_nothing_speaks_of_plumbing(site: Server, archive_dir: Path, path: str) -> None:
    text = site.get(path).text.replace("_fts_table=_frontier", "").replace('value="_frontier"', "")
    assert "secret-key" not in text
    assert "articles_fts_data" not in text
    assert str(archive_dir) not in text
    if "_fts_table" not in path:
        assert "_frontier" not in text


def test_the_database_page_lists_readers_tables_and_no_others(site: Server) -> None:
    listed = site.get("/halong.json").json()
    expected = {table.name for table in TABLES if not table.is_plumbing}
    assert {table["name"] for table in listed["tables"]} == expected
    assert {view["name"] for view in listed["views"]} == {view.name for view in VIEWS}


# Datasette's own pages


def test_datasettes_own_search_box_folds(site: Server) -> None:
    for typed in ("dai hoi", "Đại hội", "quyet dinh 3431/qd-ubnd", 'stray " quote'):
        answer = site.get("/halong/articles.json", _search=typed)
        assert answer.status_code == 200
    answer = site.get("/halong/articles.json", _search="dang bo", _shape="array")
    assert [row["key"] for row in answer.json()] == ["halong-61318"]


def test_table_pages_have_facets_descriptions_and_permalinks(site: Server) -> None:
    page = site.get("/halong/articles").text
    for facet in ("portal", "category", "status"):
        assert f'data-column="{facet}"' in page
    assert "Permanent name, such as halong-61318" in page
    assert '<a href="/a/halong-61318">halong-61318</a>' in page


def test_tables_can_be_taken_away(site: Server) -> None:
    assert site.get("/halong/articles.csv", _stream="on").text.count("\n") == len(ARTICLES) + 1
    assert site.get("/halong/articles.json", portal="hakhanh").json()["filtered_table_rows_count"]


@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_may_do_next_to_nothing(site: Server, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == OWN_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"]


@pytest.mark.parametrize("path", [*DATASETTE_PAGES, "/static/halong.css", "/halong/none.json"])
def test_every_answer_has_a_policy(site: Server, path: str) -> None:
    headers = site.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src 'unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_robots(site: Server) -> None:
    answer = site.get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Disallow: /search?" in answer.text
    assert "Allow: /" in answer.text


def test_every_link_of_ours_leads_somewhere(site: Server) -> None:
    for path in OWN_PAGES[:-1]:
        page = site.get(path).text
        for href in set(re.findall(r'(?:href|action)="(/[^"]*)"', page)):
            target = urljoin(site.address, href.replace("&amp;", "&"))
            assert site.get(target.removeprefix(site.address)).status_code in (200, 303), href


def test_every_setting_has_its_reason() -> None:
    reasons = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in json.loads((FOLDER / "settings.json").read_text()):
        assert f"| `{name}` |" in reasons


def test_a_crawl_may_write_while_readers_read(
    tmp_path: Path, start_server: Callable[[Path], Server]
) -> None:
    folder = write_archive(tmp_path, ARTICLES[:1])
    server = start_server(folder)
    assert "Tiêu đề mới" not in server.get("/").text
    with closing(sqlite3.connect(folder / "halong.db")) as conn:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("UPDATE articles SET title = 'Tiêu đề mới'")
        assert server.get("/").status_code == 200
        conn.commit()
    assert "Tiêu đề mới" in server.get("/").text


# Serving


def test_serve_says_when_it_is_ready_and_a_taken_port_is_one_clear_line(archive_dir: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServingError, match=f"127.0.0.1:{port}: another program"):
            serve(archive_dir, port=port)


def test_serve_answers_once_ready(archive_dir: Path) -> None:
    ready: list[str] = []
    done = threading.Event()

    def on_ready(address: str) -> None:
        ready.append(address)
        done.set()

    thread = threading.Thread(
        target=serve, args=[archive_dir], kwargs={"port": 0, "on_ready": on_ready}, daemon=True
    )
    thread.start()
    assert done.wait(20)
    host, _, port = ready[0].removeprefix("http://").rstrip("/").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as conn:
        conn.sendall(b"GET /robots.txt HTTP/1.0\r\n\r\n")
        assert b"200" in conn.recv(100)


def test_no_archive_no_server(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match=r"no archive in .*Crawl a portal"):
        build(tmp_path / "nowhere")
    with pytest.raises(ServingError, match=r"no such halong\.db"):
        build(tmp_path)


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    write_archive(tmp_path, [])
    with pytest.raises(ServingError, match="holds no article yet"):
        build(tmp_path)


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "halong.db").write_text("not a database " * 100)
    with pytest.raises(ServingError, match="cannot be read"):
        build(tmp_path)


def test_an_archive_of_a_newer_halong(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "halong.db")) as conn:
        for statement in create_statements():
            conn.execute(statement)
        conn.execute("INSERT INTO schema_info (version, created, generator) VALUES (99, '', '')")
        conn.commit()
    with pytest.raises(ServingError, match="schema 99, newer"):
        build(tmp_path)
