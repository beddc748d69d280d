"""Captures read again: readings are corrected, and no edit of the portal is made up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from archive.records import Article, Author, Page
from archive.schema import fts_canary
from archive.store import Store
from tests.archive.pages import ARTICLE, capture, page

T1, T2, T3 = (f"2025-0{month}-01T03:15:00Z" for month in (5, 6, 7))
BETTER = replace(ARTICLE, body="Một đoạn.", authors=(Author("Thu Hà"),), category=("Kinh tế",),
                 tags=("biển",), parser_version="2")  # fmt: skip


def crawl(store: Store, at: str = T1) -> int:
    return store.begin_crawl("halong", started_at=at, options={})


def rows(store: Store, sql: str) -> list[Any]:
    return store.connection.execute(sql).fetchall()


def test_a_better_reading_replaces_the_old_one_and_makes_no_version(store: Store) -> None:
    kept = store.keep(crawl(store), page(T1))
    assert store.reread({kept.capture_id: BETTER})
    assert rows(store, "SELECT number, body, parser_version, capture_id, changed, captured_at "
                "FROM article_versions") == [
        (1, "Một đoạn.", "2", kept.capture_id, "[]", T1)
    ]  # fmt: skip
    assert rows(store, "SELECT version_count, changed_at, first_seen_at, last_seen_at, "
                "parser_version FROM articles") == [(1, T1, T1, T1, "2")]  # fmt: skip
    assert rows(store, "SELECT body FROM article_texts") == [("Một đoạn.",)]
    assert rows(store, "SELECT articles_new, articles_changed, articles_unchanged, fetched "
                "FROM crawls") == [(1, 0, 0, 1)]  # fmt: skip
    assert rows(store, "SELECT count(*) FROM captures") == [(1,)]


def test_what_only_the_wrong_reading_named_is_gone(store: Store) -> None:
    kept = store.keep(crawl(store), page(T1))
    store.reread({kept.capture_id: BETTER})
    assert rows(store, "SELECT name FROM people") == [("Thu Hà",)]
    assert rows(store, "SELECT name FROM tags") == [("biển",)]
    assert rows(store, "SELECT path FROM categories") == [("Kinh tế",)]
    assert fts_canary(store.connection) == []


def test_people_of_other_articles_stay(store: Store) -> None:
    number = crawl(store)
    kept = store.keep(number, page(T1))
    store.keep(number, page(T1, source_id="2", url="https://halongcity.gov.vn/tin-tuc/2"))
    store.reread({kept.capture_id: BETTER})
    assert [name for (name,) in rows(store, "SELECT name FROM people ORDER BY id")] == [
        "Hồng Hạnh", "Văn Hoà", "Thu Hà",
    ]  # fmt: skip


def test_an_edit_that_was_only_a_counter_misread_is_no_edit(store: Store) -> None:
    first = store.keep(crawl(store), page(T1, body="Một đoạn.\n\nLượt xem: 12"))
    second = store.keep(crawl(store, T2), page(T2, body="Một đoạn.\n\nLượt xem: 40"))
    assert second.change == "changed"
    assert store.reread({first.capture_id: BETTER, second.capture_id: BETTER})
    assert rows(store, "SELECT number, capture_id FROM article_versions") == [(1, 1)]
    assert rows(store, "SELECT version_count, changed_at, last_seen_at FROM articles") == [
        (1, T1, T2)
    ]
    assert rows(store, "SELECT articles_new, articles_changed, articles_unchanged FROM crawls "
                "ORDER BY id") == [(1, 0, 0), (0, 0, 1)]  # fmt: skip


def test_an_edit_that_was_overlooked_comes_to_light(store: Store) -> None:
    first = store.keep(crawl(store), page(T1))
    second = store.keep(crawl(store, T2), page(T2))
    third = store.keep(crawl(store, T3), page(T3))
    edited = replace(BETTER, body="Một đoạn khác.")
    store.reread({first.capture_id: BETTER, second.capture_id: edited, third.capture_id: edited})
    assert rows(store, "SELECT number, body, changed, captured_at, previous_seen_at, capture_id "
                "FROM article_versions ORDER BY number") == [
        (1, "Một đoạn.", "[]", T1, None, 1),
        (2, "Một đoạn khác.", '["body"]', T2, T1, 2),
    ]  # fmt: skip
    assert rows(store, "SELECT version_count, changed_at FROM articles") == [(2, T2)]
    assert rows(store, "SELECT articles_changed, articles_unchanged FROM crawls ORDER BY id") == [
        (0, 0), (1, 0), (0, 1),
    ]  # fmt: skip


def test_a_capture_that_cannot_be_read_again_shows_what_it_showed(store: Store) -> None:
    first = store.keep(crawl(store), page(T1))
    store.keep(crawl(store, T2), page(T2, title="Tiêu đề mới"))
    store.reread({first.capture_id: BETTER})
    assert rows(store, "SELECT number, title, parser_version FROM article_versions "
                "ORDER BY number") == [
        (1, ARTICLE.title, "2"), (2, "Tiêu đề mới", "1"),
    ]  # fmt: skip
    assert rows(store, "SELECT title, parser_version FROM articles") == [("Tiêu đề mới", "1")]


def test_the_same_again_changes_nothing(store: Store) -> None:
    kept = store.keep(crawl(store), page(T1))
    before = list(store.connection.iterdump())
    assert not store.reread({kept.capture_id: ARTICLE})
    assert list(store.connection.iterdump()) == before


def test_how_full_the_fields_are_is_counted_anew(store: Store) -> None:
    kept = store.keep(crawl(store), page(T1, byline=None, authors=()))
    store.reread({kept.capture_id: replace(BETTER, lead=None, byline="Thu Hà")})
    ((text,),) = rows(store, "SELECT fields FROM crawls")
    counts = json.loads(text)
    assert (counts["byline"], counts["authors"], counts["lead"], counts["title"]) == (1, 1, 0, 1)


def test_a_page_that_was_taken_for_none_gives_its_article(store: Store) -> None:
    number = crawl(store)
    kept = store.keep(number, Page("halong", capture(T1, "static", note="no marks")))
    assert store.reread({kept.capture_id: ARTICLE})
    assert rows(store, "SELECT key, version_count FROM articles") == [("halong-61318", 1)]
    assert rows(store, "SELECT outcome, note, article_id FROM captures") == [("article", None, 1)]
    assert rows(store, "SELECT articles_new, fetched FROM crawls") == [(1, 1)]
    assert rows(store, "SELECT url, kind FROM article_urls") == [(ARTICLE.url, "canonical")]


@pytest.mark.parametrize("other", [replace(ARTICLE, source_id="9")])
def test_another_articles_reading_is_refused(store: Store, other: Article) -> None:
    kept = store.keep(crawl(store), page(T1))
    before = list(store.connection.iterdump())
    with pytest.raises(ValueError, match="reads as article 9, not 61318"):
        store.reread({kept.capture_id: other})
    assert list(store.connection.iterdump()) == before


def test_captures_of_two_articles_are_refused(store: Store) -> None:
    number = crawl(store)
    one = store.keep(number, page(T1))
    two = store.keep(number, page(T1, source_id="2", url="https://halongcity.gov.vn/tin-tuc/2"))
    with pytest.raises(ValueError, match="captures of 2 articles"):
        store.reread({one.capture_id: BETTER, two.capture_id: BETTER})


def test_a_304_shows_what_is_read_now_from_the_answer_before_it(store: Store) -> None:
    """It brought no bytes to read again: as it was read once, it would be an edit nobody made."""
    kept = store.keep(crawl(store), page(T1))
    for at in (T2, T3):
        same = Page("halong", capture(at, "unchanged", status=304), unchanged_article=1)
        store.keep(crawl(store, at), same)
    assert store.reread({kept.capture_id: BETTER})
    assert rows(store, "SELECT number, body, captured_at FROM article_versions") == [
        (1, "Một đoạn.", T1)
    ]
    assert rows(store, "SELECT version_count, last_seen_at FROM articles") == [(1, T3)]
    assert rows(store, "SELECT articles_changed FROM crawls") == [(0,), (0,), (0,)]
