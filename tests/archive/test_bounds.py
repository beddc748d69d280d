"""Between which captures each field changed, from the captures alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.records import Page
from archive.schema import migrate, schema_version
from archive.store import Store
from tests.archive.pages import ARTICLE, capture, page

T1, T2, T3, T4, T5 = (f"2025-0{month}-01T03:15:00Z" for month in (3, 4, 5, 6, 7))


def keep(store: Store, *pages: Page) -> None:
    for each in pages:
        at = each.capture.fetched_at
        store.keep(store.begin_crawl("halong", started_at=at, options={}), each)


def rows(store: Store, sql: str) -> list[Any]:
    return store.connection.execute(sql).fetchall()


def unchanged(at: str) -> Page:
    return Page("halong", capture(at, "unchanged", status=304), unchanged_article=1)


def test_each_state_came_between_two_captures_and_was_seen_until_one(store: Store) -> None:
    keep(store, page(T1), unchanged(T2), page(T3, title="Mới"), page(T4, title="Mới"),
         page(T5, title="Mới", body="Khác."))  # fmt: skip
    assert rows(store, "SELECT version, not_before, not_after, last_seen_at FROM version_bounds "
                "WHERE key = 'halong-61318'") == [
        (1, None, T1, T2), (2, T2, T3, T4), (3, T4, T5, T5),
    ]  # fmt: skip


def test_each_field_changed_from_one_value_to_another_between_two_captures(store: Store) -> None:
    keep(store, page(T1), unchanged(T2), page(T3, title="Mới", tags=("một",)),
         page(T5, title="Mới", body="Khác.", tags=("một",)))  # fmt: skip
    assert rows(store, "SELECT field, version, before, after, not_before, not_after "
                "FROM field_changes") == [
        ("title", 2, ARTICLE.title, "Mới", T2, T3),
        ("tags", 2, '["đại hội", "thi đua"]', '["một"]', T2, T3),
        ("body", 3, ARTICLE.body, "Khác.", T3, T5),
    ]  # fmt: skip


def test_noise_makes_no_change(store: Store) -> None:
    """Another spelling of the same letters, other white space, another layout: the same words."""
    decomposed = page(T2, title=ARTICLE.title.replace("ạ", "a\u0323"), body=f" {ARTICLE.body}\n\n")
    keep(store, page(T1), decomposed, page(T3, body_html="<p>x</p>", evidence={}))
    assert rows(store, "SELECT version, last_seen_at FROM version_bounds") == [(1, T3)]
    assert rows(store, "SELECT * FROM field_changes") == []


def test_an_archive_of_schema_5_gets_the_views(store: Store, tmp_path: Path) -> None:
    keep(store, page(T1), page(T2, title="Mới"))
    store.close()
    with closing(sqlite3.connect(store.archive.database, isolation_level=None)) as connection:
        connection.execute("DROP VIEW version_bounds")
        connection.execute("DROP VIEW field_changes")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0013_version_bounds'")
        connection.execute("UPDATE schema_info SET version = 5")
        migrate(connection, generator="test/2")
        assert schema_version(connection) == 6
        sql = "SELECT field, before, after FROM field_changes"
        assert connection.execute(sql).fetchall() == [("title", ARTICLE.title, "Mới")]
