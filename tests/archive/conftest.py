"""Fixtures: a store that knows one portal."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from archive.place import Archive
from archive.store import Store
from tests.archive.pages import PORTAL

collect_ignore = ["test_package_replay.py"] if find_spec("pywb") is None else []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(Archive(tmp_path / "archive"), generator="test/1") as opened:
        opened.put_portal(PORTAL)
        yield opened
