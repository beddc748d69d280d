"""Fixtures: the small archive, served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.site.small_archive import ARTICLES, Server, write_archive


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[[Path], Server]]:
    """Starts servers; all are stopped at the end."""
    running: list[Server] = []

    def start(archive: Path) -> Server:
        running.append(Server(archive))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def archive_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("archive"), ARTICLES)


@pytest.fixture(scope="session")
def site(archive_dir: Path, start_server: Callable[[Path], Server]) -> Server:
    return start_server(archive_dir)
