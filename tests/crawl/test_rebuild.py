"""The database once more out of its WARC files: the same, table by table and row by row."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.place import Archive
from archive.same import compare, rows_sql, tables
from archive.schema import fts_canary
from archive.tables import TABLES
from tests.crawl.changing import Changing, Portal
from tests.crawl.quick import quick
from tests.learning.grammar import stories

DAYS = ("2026-11-01T03:00:00Z", "2026-11-03T03:00:00Z", "2026-11-05T03:00:00Z",
        "2026-11-08T03:00:00Z")  # fmt: skip
EDITED, REMOVED, RETURNED, NEW, MOVED = 5, 7, 9, 31, 11


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A portal of thirty articles: edits, one taken back, removals, a return, one that moved."""
    titles = {number: story.title for number, story in enumerate(stories(30, 5), 1)}
    with Changing(Portal(dict(titles)), tmp_path_factory.mktemp("history")) as town:
        town.crawl(DAYS[0])
        town.portal.articles[EDITED] = "Một đính chính của toà soạn"
        town.portal.status |= {REMOVED: 404, RETURNED: 410}
        town.portal.articles[NEW] = "Tin mới của phường"
        town.portal.moved[town.portal.path(MOVED)] = "/tin-da-chuyen-p13n99.html"
        town.portal.articles[99] = town.portal.articles[MOVED]
        town.portal.unlisted.add(99)
        town.crawl(DAYS[1], "--full")
        town.crawl(DAYS[2], "--full")
        town.portal.articles[EDITED] = titles[EDITED]
        del town.portal.status[RETURNED]
        town.crawl(DAYS[3], "--full")
        counts = town.rows.one(
            "SELECT (SELECT count(*) FROM removals), (SELECT count(*) FROM removals WHERE "
            "returned_at IS NOT NULL), (SELECT count(*) FROM articles WHERE status = 'removed'), "
            "(SELECT max(version_count) FROM articles)"
        )
        assert counts == (2, 1, 1, 3), "the history is not what these tests are about"
        return town.archive


def rebuilt(archive: Archive, new: Path, code: int = 0) -> str:
    return quick("rebuild", str(new), archive=archive, env={}, code=code)


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(database)) as connection:
        return {
            table.name: sorted(connection.execute(rows_sql(table)).fetchall(), key=repr)
            for table in tables()
        }


def test_every_table_is_rebuilt_row_by_row(history: Archive, tmp_path: Path) -> None:
    said = rebuilt(history, tmp_path / "new.db")
    made, live = rows(tmp_path / "new.db"), rows(history.database)
    for name, there in live.items():
        assert made[name] == there, name
    assert "the same" in said
    readers = {table.name for table in TABLES if not table.is_plumbing}
    assert set(live) == readers - {"schema_info"}
    assert all(live[name] for name in ("articles", "captures", "crawls", "removals", "chain",
                                       "people", "article_urls", "skipped_urls") if name in live)
