"""What servers answer besides pages: redirects, twins of other pages, errors, nothing."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.conftest import Rows
from tests.crawl.runs import ROOT, halong
from tests.crawl.served import Answer, Served, article_page, descriptor

HOME = (
    "<html><head><title>Cổng thử</title></head><body><h1>Chào mừng quý vị và bà con</h1>"
    "<p>Chào mừng bạn đến với cổng thông tin của xã, nơi đăng tin tức và thông báo cho bà con.</p>"
    "{links}<p>Đang online {online}</p></body></html>"
)


def home(*paths: str, online: int = 7) -> Answer:
    links = "".join(f"<a href='{path}'>Một tin của xã ở {path}</a> " for path in paths)
    return Answer(HOME.format(links=links, online=online).encode())


def crawl(tmp_path: Path, pages: dict[str, Answer], *, times: int = 1) -> tuple[Rows, list[str]]:
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(pages) as served:
        text = descriptor(served.host)
        (archive.portals_dir / "small.toml").write_text(text, "utf-8")
        for _ in range(times):
            halong("crawl", "small", archive=archive)
    return Rows(archive), served.asked


def test_the_front_page_under_an_article_address_is_no_article(tmp_path: Path) -> None:
    """Portals answer what is gone with their front page; only its counter differs."""
    pages = {
        "/": home("/mot-p13n1.html", "/hai-p13n2.html"),
        "/mot-p13n1.html": Answer(article_page("Hội nghị thứ nhất")),
        "/hai-p13n2.html": home("/mot-p13n1.html", "/hai-p13n2.html", online=99),
    }
    rows, _ = crawl(tmp_path, pages)
    assert rows.all("SELECT key FROM articles") == [("small-1",)]
    outcomes = dict(rows.all("SELECT url, outcome FROM captures"))
    gone = next(outcome for url, outcome in outcomes.items() if url.endswith("n2.html"))
    assert gone == "soft_404"


def test_a_redirect_is_kept_and_followed_once(tmp_path: Path) -> None:
    pages = {
        "/": home("/cu-p13n1.html", "/di-roi", "/vong"),
        # The same article under a corrected slug, an old address, and one that turns in a circle.
        "/cu-p13n1.html": Answer(status=301, headers={"Location": "/moi-p13n1.html"}),
        "/moi-p13n1.html": Answer(article_page("Hội nghị thứ nhất")),
        "/di-roi": Answer(status=302, headers={"Location": "/hai-p13n2.html"}),
        "/hai-p13n2.html": Answer(article_page("Hội nghị thứ hai")),
        "/vong": Answer(status=302, headers={"Location": "/vong?a=1"}),
        "/vong?a=1": Answer(status=302, headers={"Location": "/vong"}),
    }
    rows, asked = crawl(tmp_path, pages)
    assert sorted(rows.all("SELECT key FROM articles")) == [("small-1",), ("small-2",)]
    assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'redirect'") >= 4
    assert len([path for path in asked if path.startswith("/vong")]) <= 12
    assert rows.all("SELECT state, count(*) FROM _frontier GROUP BY state")
    assert rows.one("SELECT count(*) FROM _frontier WHERE state IN ('pending', 'leased')") == 0


def test_a_redirect_off_the_portal_is_not_followed(tmp_path: Path) -> None:
    pages = {
        "/": home("/ra-ngoai"),
        "/ra-ngoai": Answer(status=302, headers={"Location": "http://127.0.0.1:9/x"}),
    }
    rows, _ = crawl(tmp_path, pages)
    (note,) = rows.all("SELECT note FROM captures WHERE outcome = 'redirect'")[0]
    assert note == "http://127.0.0.1:9/x"
    assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'unreachable'") == 0


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "not_found"), (410, "not_found"), (403, "refused"),
                            (429, "refused"), (418, "other_status")],
)  # fmt: skip
def test_every_status_is_a_capture(tmp_path: Path, status: int, outcome: str) -> None:
    rows, _ = crawl(tmp_path, {"/": home("/x"), "/x": Answer(b"khong", status)})
    found = rows.all("SELECT outcome FROM captures WHERE url LIKE '%/x'")
    # What asks us to wait is asked again; what says no is not.
    assert found == [(outcome,)] * (3 if status == 429 else 1)


def test_the_word_of_robots_txt_is_kept_with_its_sitemap(tmp_path: Path) -> None:
    robots = "User-agent: *\nDisallow: /kin\nCrawl-delay: 1\nSitemap: /sm.xml\n"
    sitemap = "<urlset><url><loc>http://{host}/an-p13n5.html</loc></url></urlset>"
    pages = {"/": home("/kin/x"), "/robots.txt": Answer(robots.encode())}
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(pages) as served:
        pages["/sm.xml"] = Answer(
            sitemap.format(host=served.host).encode(), headers={"Content-Type": "text/xml"}
        )
        pages["/an-p13n5.html"] = Answer(article_page("Một tin chỉ có trong sơ đồ trang"))
        (archive.portals_dir / "small.toml").write_text(descriptor(served.host), "utf-8")
        halong("crawl", "small", archive=archive)
    rows = Rows(archive)
    assert rows.all("SELECT key FROM articles") == [("small-5",)]
    assert rows.all("SELECT reason FROM skipped_urls") == [("robots",)]
    assert not [path for path in served.asked if path.startswith("/kin")]
    # Crawl-delay: 1 and three pages after robots.txt.
    start, end = rows.one("SELECT started_at, finished_at FROM crawls")
    assert end > start


def test_a_page_that_breaks_the_reader_is_kept_as_a_capture(tmp_path: Path) -> None:
    """Deep nesting, broken markup, binary in HTML's clothes: nothing ends the crawl."""
    deep = b"<div>" * 5000 + b"x" * 200 + b"</div>" * 5000
    pages = {
        "/": home("/sau-p13n1.html", "/nhi-phan-p13n2.html", "/tot-p13n3.html"),
        "/sau-p13n1.html": Answer(deep),
        "/nhi-phan-p13n2.html": Answer(bytes(range(256)) * 40),
        "/tot-p13n3.html": Answer(article_page("Một tin tốt")),
    }
    rows, _ = crawl(tmp_path, pages)
    assert ("small-3",) in rows.all("SELECT key FROM articles")
    assert rows.one("SELECT count(*) FROM captures WHERE url LIKE '%p13n%'") == 3
    assert rows.one("SELECT count(*) FROM _frontier WHERE state IN ('pending', 'leased')") == 0


def test_an_answer_that_cannot_be_unpacked_is_still_evidence(tmp_path: Path) -> None:
    broken = Answer(b"this is no gzip" * 20, headers={"Content-Encoding": "gzip"})
    rows, _ = crawl(tmp_path, {"/": home("/hong-p13n1.html"), "/hong-p13n1.html": broken})
    found = rows.all("SELECT outcome, status, warc_file FROM captures WHERE url LIKE '%p13n1%'")
    assert [(status, bool(file)) for _, status, file in found] == [(200, True)]
    assert found[0][0] == "unreadable"
    assert rows.one("SELECT count(*) FROM articles") == 0


def test_a_full_disk_ends_the_crawl_in_one_line_and_loses_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    paths = [f"/tin-p13n{number}.html" for number in range(1, 200)]
    pages = {path: Answer(article_page(f"Tin số {path}")) for path in paths}
    with Served({"/": home(*paths), **pages}) as served:
        (archive.portals_dir / "small.toml").write_text(descriptor(served.host), "utf-8")
        second = descriptor(served.host).replace("Cổng thử", "Cổng thứ hai")
        (archive.portals_dir / "second.toml").write_text(second, "utf-8")
        command = f"ulimit -f 400; exec {shlex.quote(sys.executable)} -m halong_crawler.cli crawl"
        done = subprocess.run(
            ["bash", "-c", f"{command} small second --archive {shlex.quote(str(archive.path))}"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 4, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert str(archive.path) in done.stderr.splitlines()[-1]
        rows = Rows(archive)
        assert rows.one("PRAGMA integrity_check") == "ok"
        kept = rows.one("SELECT count(*) FROM articles")
        assert kept < len(paths)
        # No further portal is begun on an archive that cannot be written.
        assert rows.all("SELECT DISTINCT portal FROM crawls") == [("small",)]
        assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'unreachable'") == 0
        halong("crawl", "small", archive=archive)
    assert Rows(archive).one("SELECT count(*) FROM articles") == len(paths)


def test_a_page_tells_in_which_encoding_it_was_read(tmp_path: Path) -> None:
    latin = {"Content-Type": "text/html; charset=iso-8859-1"}
    pages = {
        "/": home("/mot-p13n1.html", "/hai-p13n2.html", "/ba-p13n3.html"),
        "/mot-p13n1.html": Answer(article_page("Hội nghị thứ nhất"), headers=latin),
        "/hai-p13n2.html": Answer(article_page("Hội nghị thứ hai")),
        "/ba-p13n3.html": Answer(status=404),
    }
    rows, _ = crawl(tmp_path, pages)
    found = rows.all(
        "SELECT encoding, encoding_conflict FROM captures WHERE url LIKE '%p13n%' ORDER BY url"
    )
    assert found == [
        (None, None),
        ("utf-8", None),
        ("utf-8", '{"header": "iso-8859-1", "by": "bytes", "lost": 0}'),
    ]
    assert rows.one("SELECT count(*) FROM articles") == 2


def test_a_firewall_that_answers_200_brings_no_article(tmp_path: Path) -> None:
    wall = b"<html><body>The requested URL was rejected. Please consult with your administrator."
    pages = {"/": home("/mot-p13n1.html"), "/mot-p13n1.html": Answer(wall)}
    rows, _ = crawl(tmp_path, pages)
    found = rows.all("SELECT outcome, note FROM captures WHERE url LIKE '%p13n1%'")
    assert [outcome for outcome, _ in found] == ["refused"]
    assert "requested url was rejected" in found[0][1]
    assert rows.one("SELECT count(*) FROM articles") == 0
