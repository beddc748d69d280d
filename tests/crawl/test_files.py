"""Files of articles: asked for politely, kept by their sum, found by their words."""

from __future__ import annotations

import gzip
import hashlib
import json
import shlex
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.files import FileStore
from archive.place import Archive
from archive.schema import fts_canary
from archive.search import search
from archive.warc import read_response
from halong_crawler.demo import DemoServer
from halong_crawler.demo.files import docx, pdf
from tests.crawl.conftest import Rows
from tests.crawl.runs import ROOT, halong
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.crawl.test_odd_answers import home

PDF = pdf([["Đơn giá cây măng cụt"], ["Điều 2. Tái định cư"]])
AS_PDF = {"Content-Type": "application/pdf"}


def found(archive: Archive, words: str) -> list[str]:
    with closing(sqlite3.connect(archive.database)) as connection:
        return [hit.key for hit in search(connection, words).hits]


def article(title: str, *links: str) -> Answer:
    more = "".join(f"<p><a href='{link}'>Tệp đính kèm</a></p>" for link in links)
    return Answer(article_page(title, more=more))


class Small:
    """A portal of one or more articles with files."""

    def __init__(self, tmp_path: Path, pages: dict[str, Answer], more: str = "") -> None:
        self.archive = Archive(tmp_path / "archive")
        self.archive.create()
        self.pages, self.more = pages, more
        self.rows = Rows(self.archive)
        self.asked: list[str] = []

    def crawl(self, *words: str, code: int = 0) -> str:
        articles = [path for path in self.pages if "-p13n" in path]
        with Served({"/": home(*articles), **self.pages}) as served:
            # One port for all crawls would need luck; the portal moves, its files' paths stay.
            text = descriptor(served.host).replace("[politeness]", f"{self.more}\n[politeness]")
            (self.archive.portals_dir / "small.toml").write_text(text, "utf-8")
            output = halong("crawl", "small", *words, archive=self.archive, code=code)
        self.asked = served.asked
        return output

    def statuses(self) -> list[tuple[str, int | None, bool]]:
        return self.rows.all(
            "SELECT text_status, bytes, sha256 IS NOT NULL FROM attachments ORDER BY url"
        )


# The demo portal


def test_an_article_is_found_by_words_that_stand_only_in_its_files(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    bodies = crawled.all("SELECT title || lead || body || byline FROM article_texts")
    for words in ("măng cụt", "giếng khơi", "đàn bầu hoặc nhạc cụ"):
        assert not [body for (body,) in bodies if words in body]
    # In a PDF's text, in a Word file, and in one typed in a legacy font.
    assert found(archive, "măng cụt") == found(archive, "mang cut") == ["demo_halong-61321"]
    assert found(archive, "gieng khoi dam but") == ["demo_halong-61321"]
    assert found(archive, "chứng chỉ đàn bầu") == ["demo_halong-61304"]
    with closing(sqlite3.connect(archive.database)) as connection:
        assert fts_canary(connection) == []


def test_every_file_is_kept_by_its_sum_with_its_evidence(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    files = FileStore(archive.files_dir)
    records = crawled.all(
        "SELECT a.sha256, a.bytes, a.text_status, c.outcome, c.warc_file, c.warc_offset, "
        "c.warc_length FROM attachments a LEFT JOIN captures c ON c.id = a.capture_id"
    )
    assert len(records) == sum(len(a.attachments) for a in server.halong.articles.values())
    for sha256, size, status, outcome, *place in records:
        content = files.place(sha256).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256)
        assert (status, outcome) == ("read", "file")
        assert read_response(archive.warc_dir, *place).body == content


def test_files_are_asked_for_once_and_not_again_while_they_are_fresh(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    def asked() -> list[str]:
        return [path for path in server.halong.requests if "/userfiles/files/" in path]

    first = asked()
    assert len(first) == len(set(first)) == 7
    halong("crawl", server.halong.name, "--full", archive=archive)
    assert asked() == first
    crawled_before = "UPDATE captures SET fetched_at = '2020' || substr(fetched_at, 5)"
    with closing(sqlite3.connect(archive.database)) as connection, connection:
        connection.execute(crawled_before)
    halong("crawl", server.halong.name, "--full", archive=archive)
    assert sorted(asked()) == sorted(first * 2)


def test_the_summary_counts_files(archive: Archive, server: DemoServer) -> None:
    output = halong("crawl", server.halong.name, archive=archive)
    assert "files: 7" in output
    assert "7  read" in output


def test_without_attachments_none_is_asked_for(archive: Archive, server: DemoServer) -> None:
    output = halong("crawl", server.halong.name, "--no-attachments", archive=archive)
    assert not [path for path in server.halong.requests if "/userfiles/files/" in path]
    rows = Rows(archive)
    assert rows.all("SELECT DISTINCT text_status FROM attachments") == [("not_fetched",)]
    assert json.loads(rows.one("SELECT options FROM crawls"))["attachments"] is False
    assert "files:" not in output


def test_a_limited_crawl_holds_the_files_of_its_articles(tmp_path: Path) -> None:
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", "/a.pdf", "/b.pdf"),
        "/hai-p13n2.html": article("Tin thứ hai", "/c.pdf"),
        "/a.pdf": Answer(PDF),
        "/b.pdf": Answer(PDF),
        "/c.pdf": Answer(PDF),
    })  # fmt: skip
    output = small.crawl("--limit", "1")
    assert small.rows.all("SELECT key FROM articles") == [("small-1",)]
    assert small.statuses() == [("read", len(PDF), 1)] * 2
    assert "the articles asked for (--limit) were read" in output


# What servers do


def test_two_articles_share_a_file(tmp_path: Path) -> None:
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", "/tep/a.pdf"),
        "/hai-p13n2.html": article("Tin thứ hai", "/tep/a.pdf", "/tep/b.doc"),
        "/tep/a.pdf": Answer(PDF, headers=AS_PDF),
        "/tep/b.doc": Answer(PDF, headers={"Content-Type": "application/msword"}),
    })  # fmt: skip
    small.crawl()
    assert [path for path in small.asked if path.startswith("/tep")] == ["/tep/a.pdf", "/tep/b.doc"]
    assert small.statuses() == [("read", len(PDF), 1)] * 3
    # Types by the bytes, and the same bytes once.
    assert small.rows.all("SELECT DISTINCT media_type FROM attachments") == [("application/pdf",)]
    assert len([p for p in small.archive.files_dir.rglob("*") if p.is_file()]) == 1
    assert sorted(found(small.archive, "măng cụt")) == ["small-1", "small-2"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_beyond_the_limit_stays_with_its_server(tmp_path: Path, announced: bool) -> None:
    large = b"%PDF-1.4" + b"\0" * 3_000_000
    packed = {"Content-Encoding": "gzip"}
    answer = Answer(large) if announced else Answer(gzip.compress(large), headers=packed)
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", "/a.pdf", "/b.docx"),
        "/a.pdf": answer,
        "/b.docx": Answer(docx(("Giếng khơi",))),
    })  # fmt: skip
    output = small.crawl("--max-file-size", "1")
    assert [status for status, *_ in small.statuses()] == ["too_large", "read"]
    assert small.rows.all("SELECT outcome, note FROM captures WHERE url LIKE '%.pdf'") == [
        ("too_large", "larger than 1048576 bytes")
    ]
    assert small.rows.all("SELECT reason FROM skipped_urls") == [("file_too_large",)]
    assert "Traceback" not in output


def test_a_page_instead_of_a_file_is_no_file(tmp_path: Path) -> None:
    challenge = (
        b"<html><script>document.cookie='D1N=0123456789abcdef0123456789abcdef';"
        b"window.location.reload()</script></html>"
    )
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", "/a.pdf", "/b.pdf", "/c.pdf", "/d.pdf"),
        "/a.pdf": Answer(challenge, headers=AS_PDF),
        "/b.pdf": Answer(status=404),
        "/c.pdf": Answer(headers=AS_PDF),
        "/d.pdf": Answer(PDF[:60], headers=AS_PDF),
    })  # fmt: skip
    small.crawl()
    assert small.statuses() == [
        ("not_a_file", None, 0), ("not_fetched", None, 0), ("empty", 0, 0), ("damaged", 60, 1),
    ]  # fmt: skip
    outcomes = dict(small.rows.all("SELECT substr(url, -5), outcome FROM captures"))
    assert outcomes["a.pdf"] == "challenge"
    assert outcomes["b.pdf"] == "not_found"
    assert small.rows.one("SELECT count(*) FROM _frontier WHERE state IN ('pending','leased')") == 0


def test_a_redirect_leads_to_the_file_but_not_off_the_portal(tmp_path: Path) -> None:
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", "/a.pdf", "/b.pdf", "/c.pdf"),
        "/a.pdf": Answer(status=302, headers={"Location": "/kho/x.bin"}),
        "/kho/x.bin": Answer(PDF),
        "/b.pdf": Answer(status=302, headers={"Location": "http://127.0.0.1:9/b.pdf"}),
        "/c.pdf": Answer(status=302, headers={"Location": "/c.pdf"}),
    })  # fmt: skip
    small.crawl()
    assert [status for status, *_ in small.statuses()] == ["read", "not_fetched", "not_fetched"]
    assert small.rows.all("SELECT url, reason FROM skipped_urls") == [
        ("http://127.0.0.1:9/b.pdf", "file_elsewhere")
    ]
    assert len([path for path in small.asked if path == "/c.pdf"]) <= 7


def test_files_elsewhere_want_a_word_of_the_descriptor(tmp_path: Path) -> None:
    with Served({"/kho/a.pdf": Answer(PDF)}) as media:
        address = f"http://{media.host}/kho/a.pdf"
        small = Small(tmp_path, {"/mot-p13n1.html": article("Tin thứ nhất", address)})
        small.crawl()
        assert media.asked == []
        assert small.rows.all("SELECT url, reason FROM skipped_urls") == [
            (address, "file_elsewhere")
        ]
        small.more = f'file_hosts = ["{media.host}"]'
        small.crawl()
        assert media.asked == ["/robots.txt", "/kho/a.pdf"]
    assert small.statuses() == [("read", len(PDF), 1)]


def test_robots_txt_holds_for_files_too(tmp_path: Path) -> None:
    small = Small(tmp_path, {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /kin/\n"),
        "/mot-p13n1.html": article("Tin thứ nhất", "/kin/a.pdf"),
        "/kin/a.pdf": Answer(PDF),
    })  # fmt: skip
    small.crawl()
    assert "/kin/a.pdf" not in small.asked
    assert small.statuses() == [("not_fetched", None, 0)]
    assert small.rows.all("SELECT reason FROM skipped_urls") == [("robots",)]


def test_names_are_asked_for_in_the_form_the_page_has(tmp_path: Path) -> None:
    """A server tells a name in NFD from the same in NFC, and holds it under one of them."""
    nfd = quote(unicodedata.normalize("NFD", "/tệp đính kèm.pdf"))
    small = Small(tmp_path, {
        "/mot-p13n1.html": article("Tin thứ nhất", nfd), nfd: Answer(PDF),
    })  # fmt: skip
    small.crawl()
    assert nfd in small.asked
    assert small.statuses() == [("read", len(PDF), 1)]
    assert small.rows.one("SELECT filename FROM attachments") == "tệp đính kèm.pdf"


def test_a_full_disk_under_files_ends_the_crawl_in_one_line(tmp_path: Path) -> None:
    large = pdf([["Đơn giá"]]) + b"\n%" + b"x" * 900_000
    pages = {"/mot-p13n1.html": article("Tin thứ nhất", "/a.pdf"), "/a.pdf": Answer(large)}
    small = Small(tmp_path, pages)
    with Served({"/": home("/mot-p13n1.html"), **pages}) as served:
        (small.archive.portals_dir / "small.toml").write_text(descriptor(served.host), "utf-8")
        command = f"ulimit -f 600; exec {shlex.quote(sys.executable)} -m halong_crawler.cli crawl"
        done = subprocess.run(
            ["bash", "-c", f"{command} small --archive {shlex.quote(str(small.archive.path))}"],
            capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 4, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert small.rows.one("SELECT count(*) FROM attachments WHERE sha256 IS NOT NULL") == 0
        halong("crawl", "small", archive=small.archive)
    assert small.statuses() == [("read", len(large), 1)]
