"""The schema: data and database agree, migrations are sure, full text answers without marks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import schema
from archive.place import ArchiveError
from archive.schema import (
    APPLICATION_ID,
    OUTCOMES,
    SCHEMA_VERSION,
    SKIP_REASONS,
    create_statements,
    fts_canary,
    migrate,
    reindex,
    schema_version,
)
from archive.tables import TABLES, Table
from archive.views import INDEXES, VIEWS, View
from halong_crawler.hosts import host_of

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


def test_a_frontier_of_schema_2_learns_its_hosts(connection: sqlite3.Connection) -> None:
    table = next(table for table in TABLES if table.name == "_frontier")
    old = replace(
        table, columns=tuple(c for c in table.columns if c.name not in ("host", "not_before"))
    )
    connection.execute("DROP TABLE _frontier")
    connection.execute("DROP TABLE _hosts")
    connection.execute(old.ddl())
    connection.execute("CREATE INDEX _frontier_next ON _frontier(portal, state, priority, url)")
    urls = ["https://Vidu.gov.vn/x", "http://vidu.gov.vn:80/y", "https://www.vidu.gov.vn:444/z"]
    for url in urls:
        connection.execute(
            "INSERT INTO _frontier (portal, url_key, url, kind, depth, priority, state, crawl_id, "
            "sequence) VALUES ('vidu', ?, ?, 'page', 0, 0, 'pending', 1, 1)", [url, url],
        )  # fmt: skip
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0005_not_before'")
    connection.execute("UPDATE schema_info SET version = 2")
    migrate(connection, generator="test/2")
    rows = connection.execute("SELECT url, host, not_before FROM _frontier").fetchall()
    assert {url: host for url, host, _ in rows} == {url: host_of(url) for url in urls}
    assert {wait for _, _, wait in rows} == {None}
    assert connection.execute("SELECT count(*) FROM _hosts").fetchone() == (0,)
    indexes = connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = '_frontier'")
    assert {statement for (statement,) in indexes} >= {
        statement for statement in INDEXES if "_frontier" in statement
    }


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


@pytest.mark.parametrize("trouble", ["locked", "read only"])
def test_a_canary_that_may_not_look_does_not_cry_damage(
    connection: sqlite3.Connection, tmp_path: Path, trouble: str
) -> None:
    put(connection, 1, TEXT)
    if trouble == "locked":
        connection.execute("BEGIN IMMEDIATE")
    mode = "rw" if trouble == "locked" else "ro"
    uri = f"{(tmp_path / 'halong.db').as_uri()}?mode={mode}"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match=trouble.replace(" ", "")),
    ):
        fts_canary(other)


def test_a_text_that_missed_the_index_is_reported_and_mended(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("DROP TRIGGER article_texts_ai")
    put(connection, 1, TEXT)
    with pytest.raises(ArchiveError, match="1 texts are out of step; run halong reindex"):
        fts_canary(connection)
    reindex(connection)
    assert fts_canary(connection) == []
    assert found(connection, "dang") == [1]


# The file


def test_other_tools_can_tell_an_archive_by_its_header(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        schema, "create_statements", lambda: [*create_statements(), "CREATE TABLE broken ("]
    )
    with closing(sqlite3.connect(tmp_path / "halong.db", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, generator="test/1")
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        monkeypatch.undo()
        migrate(connection, generator="test/1")
        assert schema_version(connection) == SCHEMA_VERSION


def test_the_database_of_other_software_is_refused_and_left_alone(
    connection: sqlite3.Connection,
) -> None:
    with closing(sqlite3.connect(":memory:")) as other:
        other.execute("CREATE TABLE accounts (name)")
        with pytest.raises(ArchiveError, match="other software"):
            migrate(other, generator="test/1")
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("accounts",)]


# Anybody's SQLite


PLAIN_QUERIES = {
    "dai hoi dang bo": "'dai hoi dang bo'",
    "with marks, folded in SQL": "replace(replace('đại hội đảng bộ','đ','d'),'Đ','D')",
    "ha long": "'ha long'",
    "hoá": "'hoá'",
    "hóa": "'hóa'",
    "HOÁ": "'HOÁ'",
}
ARTICLE_TEXT = "Đại hội Đảng bộ: Hạ Long giữ gìn văn hoá"


def _counted(query: str) -> str:
    return f"SELECT count(*) FROM articles_fts WHERE articles_fts MATCH {query}"


HIGHLIGHTED = (
    "SELECT highlight(articles_fts, 2, '[', ']') FROM articles_fts "
    "WHERE articles_fts MATCH 'dai hoi dang bo'"
)


@pytest.mark.parametrize("query", PLAIN_QUERIES.values(), ids=PLAIN_QUERIES.keys())
def test_a_copied_file_answers_the_standard_library(
    connection: sqlite3.Connection, tmp_path: Path, query: str
) -> None:
    put(connection, 1, ARTICLE_TEXT)
    copy = tmp_path / "copy.db"
    connection.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as plain:
        assert plain.execute(_counted(query)).fetchone() == (1,)
        assert plain.execute(HIGHLIGHTED).fetchone() == (
            "[Đại] [hội] [Đảng] [bộ]: Hạ Long giữ gìn văn hoá",
        )


@pytest.fixture
def sqlite3_command() -> str:
    command = shutil.which("sqlite3")
    if command is None:
        reason = "the sqlite3 command is not installed"
        if os.environ.get("HALONG_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return command


@pytest.mark.parametrize("query", PLAIN_QUERIES.values(), ids=PLAIN_QUERIES.keys())
def test_the_sqlite3_command_answers_too(
    connection: sqlite3.Connection, tmp_path: Path, sqlite3_command: str, query: str
) -> None:
    put(connection, 1, ARTICLE_TEXT)
    done = subprocess.run(
        [sqlite3_command, tmp_path / "halong.db", f"{_counted(query)}; {HIGHLIGHTED};"],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout == "1\n[Đại] [hội] [Đảng] [bộ]: Hạ Long giữ gìn văn hoá\n"


WORDS = {"đường": "duong", "Đảo": "dao", "ĐẶNG": "dang", "Ðông": "dong", "hoá": "hoa", "QĐ": "qd"}
texts = st.builds(
    unicodedata.normalize,
    st.sampled_from(["NFC", "NFD"]),
    st.lists(st.sampled_from(sorted(WORDS)), max_size=5).map(" ".join),
)
changes = st.lists(st.tuples(st.integers(1, 4), st.none() | texts), max_size=15)


@settings(max_examples=60, deadline=None)
@given(changes=changes)
def test_after_any_sequence_of_changes_the_index_holds_the_texts_and_nothing_else(
    changes: list[tuple[int, str | None]],
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, generator="test/1")
        live: dict[int, str] = {}
        for number, body in changes:
            if body is None:
                connection.execute("DELETE FROM article_texts WHERE article_id = ?", [number])
                live.pop(number, None)
            else:
                put(connection, number, body)
                live[number] = unicodedata.normalize("NFC", body)
        assert fts_canary(connection) == []
        for word, match in WORDS.items():
            expected = sorted(number for number, body in live.items() if word in body.split())
            assert sorted(found(connection, f"body : {match}")) == expected
