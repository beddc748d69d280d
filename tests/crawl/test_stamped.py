"""A crawl's root is stamped when it closes; an authority that is away never fails a crawl."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.place import Archive
from halong_crawler.demo import DemoServer
from tests.archive.authority import Authority
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def test_a_crawl_has_its_root_stamped_and_does_without_when_the_authority_is_away(
    archive: Archive, server: DemoServer, tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "authority")
    env = {"HALONG_TSA": authority.url, "HALONG_TSA_CA": str(authority.ca)}
    words = ("crawl", server.halong.name, "--delay", "0", "--limit", "2")
    try:
        authority.mood = "away"
        said = halong(*words, archive=archive, env=env)
        assert f"{authority.url}: gives no answer (Service Unavailable); the root is kept" in said
        stamps = "SELECT number, authority FROM chain ORDER BY number"
        assert Rows(archive).all(stamps) == [(1, None)]
        authority.mood = "good"
        said = halong(*words, archive=archive, env=env)
        assert "gives no answer" not in said
        assert Rows(archive).all(stamps) == [(1, authority.url), (2, authority.url)]
        halong("verify", archive=archive, env=env)
    finally:
        authority.stop()
