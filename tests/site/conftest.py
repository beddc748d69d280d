"""Fixtures: the small archive, served; a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.site.small_archive import ARTICLES, Server, write_archive

_PYWB = find_spec("pywb") is not None
collect_ignore = ["test_no_replay.py"] if _PYWB else ["test_replay.py", "test_id_replay.py"]
"""pywb has an environment of its own (``make test-replay``): it pins what Scrapy has newer."""

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the machine's own, else the one playwright brought."""
    installed = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    problems = []
    with sync_playwright() as playwright:
        for path in [*filter(None, installed), None]:
            try:
                browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            except Error as error:
                problems.append(str(error).splitlines()[0])
                continue
            yield browser
            browser.close()
            return
    message = f"no Chromium starts: {'; '.join(problems)}"
    if os.environ.get("HALONG_REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)
