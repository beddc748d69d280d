"""Real crawls: the demo portals on loopback, the `halong` command in a process of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from archive.place import Archive
from halong_crawler.demo import DemoServer, Face, descriptor
from tests.crawl.runs import LONG, halong

_ELSEWHERE = {"test_memory.py": LONG, "test_web_archive_pywb.py": find_spec("pywb") is not None}
collect_ignore = [name for name, here in _ELSEWHERE.items() if not here]
"""``make test-long`` has what takes half an hour, ``make test-replay`` what needs pywb."""


class Rows:
    """Reads an archive's database."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.archive.database)) as connection:
            return connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        (row,) = self.all(sql, *values)
        return row[0] if len(row) == 1 else row

    def counts(self) -> dict[str, int]:
        """Rows of every table, full-text shadow tables included."""
        names = self.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name: self.one(f"SELECT count(*) FROM [{name}]") for (name,) in names}


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path, server: DemoServer) -> Archive:
    place = Archive(tmp_path / "archive")
    place.create()
    for face in (server.halong, server.sharepoint):
        write_descriptor(place, face)
    return place


def write_descriptor(place: Archive, face: Face) -> None:
    (place.portals_dir / f"{face.name}.toml").write_text(descriptor(face), "utf-8")


@pytest.fixture
def crawled(archive: Archive, server: DemoServer) -> Rows:
    """The Hạ Long face, crawled once."""
    halong("crawl", server.halong.name, archive=archive)
    return Rows(archive)
