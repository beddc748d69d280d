"""The columns search counts by: what they hold, and that they follow what a crawl writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.columns import Columns, ColumnsKeeper
from archive.search import search
from tests.site.small_archive import ARTICLES, Written, write_archive


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive", ARTICLES) / "halong.db"


@pytest.fixture
def conn(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as conn:
        yield conn


def test_columns_say_what_the_tables_say(conn: sqlite3.Connection) -> None:
    columns = Columns.load(conn)
    rows = conn.execute(
        "SELECT id, portal, category, coalesce(replace(substr(published_at, 1, 10), '-', ''), 0), "
        "version_count > 1, removed_at IS NOT NULL, "
        "EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = a.id) FROM articles a ORDER BY id"
    ).fetchall()
    assert len(rows) == len(columns) == len(ARTICLES)
    for position, (article_id, portal, category, day, edited, removed, attached) in enumerate(rows):
        assert columns.ids[position] == article_id
        assert columns.groups[columns.group[position]] == (portal, category)
        assert columns.day[position] == int(str(day).ljust(8, "0") if day else 0)
        assert (columns.edited[position], columns.removed[position]) == (edited, removed)
        assert columns.with_attachment[position] == attached
    newest = [
        row[0]
        for row in conn.execute(
            "SELECT id FROM articles ORDER BY coalesce(published_at, first_seen_at) DESC"
        )
    ]
    assert columns.ids[columns.age.argsort()].tolist() == newest


def test_an_empty_archive_has_empty_columns(tmp_path: Path) -> None:
    database = write_archive(tmp_path / "archive", []) / "halong.db"
    with closing(sqlite3.connect(database)) as conn:
        found = search(conn, "gì cũng được")
        assert (found.total, found.hits, len(Columns.load(conn))) == (0, (), 0)


def _remove(database: Path, key: str) -> None:
    with closing(sqlite3.connect(database)) as writer, writer:
        writer.execute("UPDATE articles SET removed_at = '2025-07-01' WHERE key = ?", [key])


def test_the_keeper_sees_what_was_committed(database: Path, conn: sqlite3.Connection) -> None:
    keeper = ColumnsKeeper(database)
    before = keeper.of(conn)
    assert keeper.of(conn) is before  # nothing was written
    _remove(database, "halong-57120")
    while keeper.of(conn) is before:  # for a few milliseconds they may be used as they are
        pass
    assert keeper.of(conn).removed.sum() == before.removed.sum() + 1


def test_large_columns_are_read_beside(
    database: Path, conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.columns._NOTICED", 0.0)
    keeper = ColumnsKeeper(database)
    before = keeper.of(conn)
    _remove(database, "halong-57120")
    while keeper.of(conn) is before:
        for thread in threading.enumerate():
            if thread.daemon and thread is not threading.current_thread():
                thread.join(timeout=1)
    assert keeper.of(conn).removed.sum() == before.removed.sum() + 1


def test_an_article_that_columns_do_not_know_yet_breaks_nothing(
    database: Path, conn: sqlite3.Connection, tmp_path: Path
) -> None:
    columns = Columns.load(conn)
    more = [*ARTICLES, Written(99999, "Đại hội mới", "Tin về đại hội.")]
    later = write_archive(tmp_path / "later", more) / "halong.db"
    with closing(sqlite3.connect(later)) as conn_later:
        found = search(conn_later, "dai hoi", columns=columns)
        assert found.total == search(conn_later, "dai hoi").total - 1
