"""The schema: data and database agree, migrations are sure, full text answers without marks."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.place import ArchiveError
from archive.schema import (
    OUTCOMES,
    SCHEMA_VERSION,
    SKIP_REASONS,
    fts_canary,
    migrate,
    reindex,
    schema_version,
)
from archive.tables import TABLES, Table
from archive.views import VIEWS, View

TEXT = "Chào mừng Đại hội Đảng bộ Ðông Triều, đường đi Đắk Lắk"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "halong.db", isolation_level=None)) as opened:
        migrate(opened, generator="test/1")
        yield opened


def put(connection: sqlite3.Connection, number: int, body: str) -> None:
    connection.execute(
        "INSERT INTO article_texts (article_id, title, lead, body, byline, attachments) "
        "VALUES (?, ?, '', ?, 'Đỗ Văn Đạt', '') "
        "ON CONFLICT (article_id) DO UPDATE SET body = excluded.body",
        [number, TEXT, body],
    )


def found(connection: sqlite3.Connection, match: str) -> list[int]:
    rows = connection.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [match])
    return [number for (number,) in rows]


@pytest.mark.parametrize("described", [*TABLES, *VIEWS], ids=lambda described: described.name)
def test_everything_is_described(described: Table | View) -> None:
    assert described.description.strip()
    if isinstance(described, Table):
        assert [column.name for column in described.columns if not column.description.strip()] == []


@pytest.mark.parametrize("closed_list", [OUTCOMES, SKIP_REASONS])
def test_every_word_of_a_closed_list_is_explained(closed_list: dict[str, str]) -> None:
    assert all(meaning.strip() for meaning in closed_list.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_database_is_what_the_data_says(connection: sqlite3.Connection, table: Table) -> None:
    info = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
    real = [(name, kind, bool(not_null), default) for _, name, kind, not_null, default, _ in info]
    said = []
    for column in table.columns:
        kind, _, rest = column.type.partition(" ")
        default = rest.partition("DEFAULT ")[2] or None
        in_key = any(
            column.name in part for part in table.constraints if part.startswith("PRIMARY KEY")
        )
        said.append((column.name, kind, "NOT NULL" in rest or in_key, default))
    assert real == said


def test_no_table_or_view_is_unknown_to_the_data(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'articles_fts%' AND name NOT LIKE 'sqlite_%'"
    )
    assert {name for (name,) in rows} == {
        *(table.name for table in TABLES), *(view.name for view in VIEWS), "_sqlite_migrations",
    }  # fmt: skip


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_answers(connection: sqlite3.Connection, view: View) -> None:
    assert connection.execute(f"SELECT * FROM {view.name}").fetchall() == []


def test_migrating_twice_is_migrating_once(connection: sqlite3.Connection) -> None:
    before = list(connection.iterdump())
    migrate(connection, generator="test/2")
    assert list(connection.iterdump()) == before
    assert schema_version(connection) == SCHEMA_VERSION


def test_a_migration_cut_short_is_finished(connection: sqlite3.Connection) -> None:
    """Killed after the tables were made and before the version was noted."""
    connection.execute("DELETE FROM schema_info")
    migrate(connection, generator="test/2")
    assert schema_version(connection) == SCHEMA_VERSION


def test_a_newer_schema_is_refused(connection: sqlite3.Connection, tmp_path: Path) -> None:
    connection.execute("INSERT INTO schema_info VALUES (99, '', '')")
    with pytest.raises(ArchiveError) as caught:
        migrate(connection, generator="test/1")
    assert f"{tmp_path / 'halong.db'}: has schema 99" in str(caught.value)
    assert "newer Halong" in str(caught.value)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_search_needs_no_marks_and_no_d_with_a_stroke(
    connection: sqlite3.Connection, form: str
) -> None:
    put(connection, 1, unicodedata.normalize(form, TEXT))
    for match in ("dai hoi dang bo", "dong trieu", "dak lak", "body : duong"):
        assert found(connection, match) == [1], match
    rows = connection.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts "
        "MATCH replace(replace('đại hội đảng bộ','đ','d'),'Đ','D')"
    )
    assert rows.fetchall() == [(1,)]
    assert fts_canary(connection) == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_highlights_come_from_the_accented_text(connection: sqlite3.Connection, form: str) -> None:
    put(connection, 1, unicodedata.normalize(form, TEXT))
    (marked,) = connection.execute(
        "SELECT highlight(articles_fts, 2, '[', ']') FROM articles_fts "
        "WHERE articles_fts MATCH '\"dai hoi dang\" dak'"
    ).fetchone()
    expected = "Chào mừng [Đại hội Đảng] bộ Ðông Triều, đường đi [Đắk] Lắk"
    assert marked == unicodedata.normalize(form, expected)


def test_the_index_follows_edits_and_deletions(connection: sqlite3.Connection) -> None:
    put(connection, 1, "đường cũ")
    put(connection, 1, "đảo mới")
    assert found(connection, "body : duong") == []
    assert found(connection, "body : dao") == [1]
    connection.execute("DELETE FROM article_texts")
    assert found(connection, "dao OR dai") == []
    assert fts_canary(connection) == []


@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a transaction"])
def test_a_rebuild_is_noticed_and_mended(connection: sqlite3.Connection, inside: bool) -> None:
    put(connection, 1, TEXT)
    connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
    assert {"đai", "đang", "đak"} < set(fts_canary(connection))
    assert found(connection, "dang") == []
    if inside:
        connection.execute("BEGIN IMMEDIATE")
    reindex(connection)
    assert connection.in_transaction is inside
    if inside:
        connection.execute("COMMIT")
    assert fts_canary(connection) == []
    assert found(connection, "dang") == [1]


def test_a_reindex_that_fails_leaves_the_index_as_it_was(connection: sqlite3.Connection) -> None:
    put(connection, 1, TEXT)
    connection.set_authorizer(
        lambda action, name, *_: (
            sqlite3.SQLITE_DENY
            if action == sqlite3.SQLITE_READ and name == "article_texts"
            else sqlite3.SQLITE_OK
        )
    )
    with pytest.raises(sqlite3.DatabaseError):
        reindex(connection)
    connection.set_authorizer(None)
    assert not connection.in_transaction
    assert found(connection, "dang") == [1]


def test_a_damaged_index_is_reported_with_its_file(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    put(connection, 1, TEXT)
    connection.execute("DELETE FROM articles_fts_data WHERE id > 10")
    with pytest.raises(ArchiveError, match=r"halong\.db: the full-text index is damaged"):
        fts_canary(connection)
