"""``halong serve --replay`` where pywb is not there."""

from __future__ import annotations

import pytest

from archive.place import Archive
from bench.reparsing.stored import archive_of
from halong_crawler.cli.errors import Exit
from tests.crawl.runs import halong
from tests.site.test_versions import town


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(tmp_path_factory.mktemp("replay"), town(), lambda article: article)


def test_without_pywb_it_is_said_how_to_get_it(archive: Archive) -> None:
    assert "halong[replay]" in halong("serve", "--replay", archive=archive, code=Exit.SERVING)
