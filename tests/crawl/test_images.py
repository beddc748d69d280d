"""Images of articles: captured into the WARC files, politely, after all text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.place import Archive
from archive.stored import stored_response
from halong_crawler.demo import DemoServer
from halong_crawler.demo.jpeg import picture
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.crawl.test_odd_answers import home

PHOTO = Answer(picture("ảnh"), headers={"Content-Type": "image/jpeg", "ETag": '"1"'})
INLINE = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def illustrated(title: str, *images: str) -> Answer:
    more = "".join(f"<p><img src='{image}'></p><p><em>Ảnh minh họa</em></p>" for image in images)
    return Answer(article_page(title, more=more))


class Portal:
    """A portal of a few articles with images; one server for all its crawls."""

    def __init__(self, tmp_path: Path, pages: dict[str, Answer]) -> None:
        self.archive = Archive(tmp_path / "archive")
        self.archive.create()
        articles = [path for path in pages if "-p13n" in path]
        self.served = Served({"/": home(*articles), **pages})
        self.rows = Rows(self.archive)

    def __enter__(self) -> Portal:
        self.served.__enter__()
        (self.archive.portals_dir / "small.toml").write_text(descriptor(self.served.host), "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self.served.__exit__(None, None, None)

    def crawl(self, *words: str) -> list[str]:
        """What a crawl asks for."""
        before = len(self.served.asked)
        self.output = halong("crawl", "small", *words, archive=self.archive)
        return self.served.asked[before:]

    def run(self, sql: str) -> None:
        with closing(sqlite3.connect(self.archive.database)) as connection, connection:
            connection.execute(sql)

    def captures(self) -> list[tuple[str, str]]:
        return self.rows.all(
            "SELECT substr(url, instr(url, '/anh/')), outcome FROM captures "
            "WHERE url LIKE '%/anh/%' ORDER BY url, id"
        )


def test_every_image_of_the_demo_is_captured_as_it_was(
    crawled: Rows, archive: Archive, server: DemoServer
) -> None:
    rows = crawled.all(
        "SELECT DISTINCT i.url, c.id, c.media_type FROM images i LEFT JOIN captures c "
        "ON c.url = i.url AND c.outcome = 'file'"
    )
    named = {block.src for article in server.halong.articles.values() for block in article.images}
    assert len({picture(src) for src in named}) == len(rows) > 10
    with closing(sqlite3.connect(archive.database)) as connection:
        held = {
            stored_response(connection, archive.warc_dir, capture_id).body
            for _, capture_id, _ in rows
        }
    assert {media_type for *_, media_type in rows} == {"image/jpeg"}
    assert held == {picture(src) for src in named}
    # An image is evidence and no document: it lies in the WARC files alone.
    files = [path for path in archive.files_dir.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if path.read_bytes() in held]


def test_images_are_asked_for_after_all_text_and_once(tmp_path: Path) -> None:
    pages = {
        "/mot-p13n1.html": illustrated("Tin thứ nhất", "/anh/a.jpg", "/anh/b.jpg", INLINE),
        "/hai-p13n2.html": illustrated("Tin thứ hai", "/anh/a.jpg"),
        "/anh/a.jpg": PHOTO, "/anh/b.jpg": PHOTO,
    }  # fmt: skip
    with Portal(tmp_path, pages) as portal:
        asked = portal.crawl()
        assert sorted(asked[-2:]) == ["/anh/a.jpg", "/anh/b.jpg"]
        assert len(asked) == len(set(asked))
        assert not [path for path in portal.crawl("--full") if path.startswith("/anh/")]
        portal.run("UPDATE _visits SET last_seen = '2020' || substr(last_seen, 5)")
        assert [path for path in portal.crawl("--full") if path.startswith("/anh/")] == [
            "/anh/a.jpg", "/anh/b.jpg",
        ]  # fmt: skip
        # What is written into the page itself is no address.
        assert portal.rows.one("SELECT count(*) FROM skipped_urls") == 0
        # The same bytes again are a revisit record that refers to the first.
        refers = "SELECT refers_to IS NOT NULL FROM captures WHERE outcome = 'file' ORDER BY id"
        assert portal.rows.all(refers)[0] == (0,)


def test_what_is_no_image_is_told_and_asked_for_again_later(tmp_path: Path) -> None:
    pages = {
        "/mot-p13n1.html": illustrated(
            "Tin thứ nhất", "/anh/a.jpg", "/anh/b.jpg", "/anh/c.jpg", "/anh/d.jpg"
        ),
        "/anh/a.jpg": Answer(status=404),
        "/anh/b.jpg": Answer(b"<!doctype html><html><body><p>Trang chu</p></body></html>"),
        "/anh/c.jpg": Answer(status=302, headers={"Location": "/anh/d.jpg"}),
        "/anh/d.jpg": PHOTO,
    }  # fmt: skip
    with Portal(tmp_path, pages) as portal:
        portal.crawl()
        outcomes = portal.captures()
        assert ("/anh/a.jpg", "not_found") in outcomes
        assert ("/anh/c.jpg", "redirect") in outcomes
        assert ("/anh/d.jpg", "file") in outcomes
        assert [outcome for path, outcome in outcomes if path == "/anh/b.jpg"] != ["file"]
        assert portal.rows.one("SELECT count(*) FROM articles") == 1
        assert not [path for path in portal.crawl("--full") if path.startswith("/anh/")]
        portal.run("UPDATE _visits SET next_visit = '2020' || substr(next_visit, 5)")
        retried = [path for path in portal.crawl() if path.startswith("/anh/")]
        assert "/anh/a.jpg" in retried
        assert "/anh/d.jpg" not in retried


def test_an_image_beyond_the_limit_stays_with_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALONG_MAX_IMAGE_SIZE", "100000")
    pages = {
        "/mot-p13n1.html": illustrated("Tin thứ nhất", "/anh/a.jpg", "/anh/b.jpg"),
        "/anh/a.jpg": Answer(PHOTO.body + b"\0" * 200_000, headers=PHOTO.headers),
        "/anh/b.jpg": PHOTO,
    }
    with Portal(tmp_path, pages) as portal:
        portal.crawl()
        assert portal.captures() == [("/anh/a.jpg", "too_large"), ("/anh/b.jpg", "file")]
        assert portal.rows.all("SELECT reason FROM skipped_urls") == [("file_too_large",)]


def test_without_images_none_is_asked_for_and_those_left_over_wait(tmp_path: Path) -> None:
    pages = {
        "/mot-p13n1.html": illustrated("Tin thứ nhất", "/anh/a.jpg", "/anh/b.jpg"),
        "/anh/a.jpg": PHOTO, "/anh/b.jpg": PHOTO,
    }  # fmt: skip
    with Portal(tmp_path, pages) as portal:
        assert "/anh/b.jpg" not in portal.crawl("--max-pages", "3")
        left = portal.rows.one("SELECT count(*) FROM _frontier WHERE state = 'pending'")
        assert left >= 1
        portal.crawl("--no-images", "--plan")
        assert "/anh/" not in portal.output
        assert not [path for path in portal.crawl("--no-images") if path.startswith("/anh/")]
        # They are no reason to say that the crawl could not end, and are not forgotten.
        assert "nothing was left to ask for" in portal.output
        assert f"{left} pending" in portal.output
        portal.crawl("--plan")
        assert "/anh/b.jpg" in portal.output
        assert "/anh/b.jpg" in portal.crawl()


def test_a_limited_crawl_holds_the_images_of_its_articles(tmp_path: Path) -> None:
    pages = {
        "/mot-p13n1.html": illustrated("Tin thứ nhất", "/anh/a.jpg"),
        "/hai-p13n2.html": illustrated("Tin thứ hai", "/anh/b.jpg"),
        "/anh/a.jpg": PHOTO, "/anh/b.jpg": PHOTO,
    }  # fmt: skip
    with Portal(tmp_path, pages) as portal:
        portal.crawl("--limit", "1")
        assert portal.captures() == [("/anh/a.jpg", "file")]
