"""Rows of attachments: linked, fetched, shared between articles, found by their words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.attachments import held, statuses
from archive.place import Archive
from archive.records import AttachmentLink, Capture, FetchedFile, Page
from archive.schema import SCHEMA_VERSION, fts_canary, migrate, schema_version
from archive.search import search
from archive.store import Store
from tests.archive.pages import PORTAL, page

URL = "https://halongcity.gov.vn/tep/kh.pdf"
LINKS = (AttachmentLink(URL, "Kế hoạch.pdf"),)
T1, T2, T3 = "2025-06-02T01:00:00Z", "2025-06-03T01:00:00Z", "2025-06-04T01:00:00Z"


def crawl(store: Store) -> int:
    return store.begin_crawl(PORTAL.name, started_at=T1, options={})


def rows(store: Store, sql: str) -> list[Any]:
    return store.connection.execute(sql).fetchall()


def file(at: str, *pages: str, url: str = URL, sha256: str | None = "aa", **facts: object) -> Page:
    values = {
        "media_type": "application/pdf", "bytes": 9, "text_status": "read", "pages": pages,
        **facts,
    }  # fmt: skip
    fetched = FetchedFile(url=url, sha256=sha256, **values)  # type: ignore[arg-type]
    return Page(PORTAL.name, Capture(url, at, "file", 200), file=fetched)


def found(store: Store, words: str) -> list[str]:
    store.commit()
    return [hit.key for hit in search(store.connection, words).hits]


def texts(store: Store) -> list[str]:
    return [text for (text,) in rows(store, "SELECT attachments FROM article_texts ORDER BY 1")]


def test_words_of_a_file_find_its_article(store: Store) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, attachments=LINKS))
    assert found(store, "măng cụt") == []
    store.keep(crawl_id, file(T1, "Đơn giá cây măng cụt", "Điều 2"))
    for words in ("măng cụt", "mang cut", "don gia cay", '"Điều 2"'):
        assert found(store, words) == ["halong-61318"], words
    assert texts(store) == ["Kế hoạch.pdf\nĐơn giá cây măng cụt\nĐiều 2"]
    assert rows(store, "SELECT page, text FROM attachment_pages ORDER BY page") == [
        (1, "Đơn giá cây măng cụt"), (2, "Điều 2"),
    ]  # fmt: skip
    assert fts_canary(store.connection) == []


def test_the_row_names_file_status_and_evidence(store: Store) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, attachments=LINKS))
    kept = store.keep(crawl_id, file(T1, text_status="scanned", text_note="pages 1–2"))
    assert rows(
        store, "SELECT media_type, bytes, sha256, text_status, text_note, capture_id "
               "FROM attachments",
    ) == [("application/pdf", 9, "aa", "scanned", "pages 1–2", kept.capture_id)]  # fmt: skip
    assert statuses(store.connection, crawl_id) == {"scanned": 1}


def test_a_file_fetched_for_one_article_is_there_for_the_next(store: Store) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, attachments=LINKS))
    store.keep(crawl_id, file(T1, "Cây măng cụt"))
    store.keep(crawl_id, page(T2, source_id="2", url="https://x/2", attachments=LINKS))
    assert sorted(found(store, "măng cụt")) == ["halong-2", "halong-61318"]
    assert rows(store, "SELECT sha256, text_status FROM attachments") == [("aa", "read")] * 2
    store.keep(crawl_id, file(T3, "Cây vú sữa", sha256="bb"))
    assert len(found(store, "vú sữa")) == 2
    assert found(store, "măng cụt") == []


def test_a_later_version_keeps_the_text_of_its_files(store: Store) -> None:
    store.keep(crawl(store), page(T1, attachments=LINKS))
    store.keep(crawl(store), file(T1, "Cây măng cụt"))
    store.keep(crawl(store), page(T2, title="Tên mới", attachments=LINKS))
    assert found(store, "măng cụt") == ["halong-61318"]
    # No longer linked: the file stays evidence, with its words.
    store.keep(crawl(store), page(T3, title="Tên mới nữa", attachments=()))
    assert rows(store, "SELECT sha256 FROM attachments") == [("aa",)]
    assert found(store, "măng cụt") == ["halong-61318"]


@pytest.mark.parametrize("status", ["not_a_file", "too_large"])
def test_a_file_that_is_held_stays_when_none_comes(store: Store, status: str) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, attachments=LINKS))
    store.keep(crawl_id, file(T1, "Cây măng cụt"))
    store.keep(crawl_id, file(T2, sha256=None, text_status=status))
    assert rows(store, "SELECT sha256, text_status FROM attachments") == [("aa", "read")]
    assert found(store, "măng cụt") == ["halong-61318"]


def test_held_is_what_was_fetched_not_long_ago(store: Store) -> None:
    other, large, page_instead = (URL.replace("kh", name) for name in ("b", "c", "d"))
    links = tuple(AttachmentLink(url) for url in (URL, other, large, page_instead))
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, attachments=links))
    store.keep(crawl_id, file(T2))
    store.keep(crawl_id, file(T2, url=large, sha256=None, text_status="too_large"))
    store.keep(crawl_id, file(T2, url=page_instead, sha256=None, text_status="not_a_file"))
    urls = [link.url for link in links]
    assert held(store.connection, urls, T2) == {URL, large}
    assert held(store.connection, urls, T3) == set()
    assert held(store.connection, [], T1) == set()


def test_an_archive_of_schema_1_gains_the_columns_and_keeps_its_rows(tmp_path: Path) -> None:
    place = Archive(tmp_path / "archive")
    with Store(place, generator="test/1") as store:
        store.put_portal(PORTAL)
        store.keep(crawl(store), page(T1, attachments=LINKS))
    with closing(sqlite3.connect(place.database, isolation_level=None)) as connection:
        connection.execute("DROP INDEX attachments_url")
        for column in ("text_note", "capture_id"):
            connection.execute(f"ALTER TABLE attachments DROP COLUMN {column}")
        connection.execute("DELETE FROM schema_info")
        connection.execute("INSERT INTO schema_info VALUES (1, '', '')")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_fetched_attachments'")
        migrate(connection, generator="test/2")
        assert schema_version(connection) == SCHEMA_VERSION
        assert connection.execute(
            "SELECT filename, text_status, text_note, capture_id FROM attachments"
        ).fetchall() == [("Kế hoạch.pdf", "not_fetched", None, None)]
        indexes = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert ("attachments_url",) in indexes.fetchall()
