"""A pywb as the public web archive: its CDX server and its replay, asked as the Wayback Machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from archive.place import Archive
from archive.warc import read_response
from tests.crawl.conftest import Rows
from tests.crawl.quick import quick
from tests.crawl.served import descriptor
from tests.crawl.test_web_archives import HOST, OURS, TOLD, captures, versions


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def pywb(tmp_path: Path) -> Iterator[str]:
    """A pywb with a collection of the same captures; its address."""
    folder = tmp_path / "pywb"
    folder.mkdir()
    (folder / "theirs.warc.gz").write_bytes(b"".join(held.record() for held in OURS))
    bin_dir, port = Path(sys.executable).parent, free_port()
    for words in (["init", "all"], ["add", "all", "theirs.warc.gz"]):
        subprocess.run([bin_dir / "wb-manager", *words], cwd=folder, check=True, timeout=60,
                       capture_output=True)  # fmt: skip
    with subprocess.Popen(
        [bin_dir / "wayback", "-p", str(port), "-b", "127.0.0.1"], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ),
    ) as server:  # fmt: skip
        try:
            address, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while True:
                try:
                    httpx.get(address, timeout=5)
                    break
                except httpx.TransportError:
                    assert time.monotonic() < until, "pywb does not come up"
                    time.sleep(0.1)
            yield f"{address}/all"
        finally:
            server.terminate()
            server.wait(20)


def test_what_a_pywb_holds_is_brought_with_its_own_times(pywb: str, tmp_path: Path) -> None:
    place = Archive(tmp_path / "archive")
    place.create()
    (place.portals_dir / "vidu.toml").write_text(descriptor(HOST), "utf-8")
    env = {"HALONG_WAYBACK_CDX": f"{pywb}/cdx", "HALONG_WAYBACK_REPLAY": pywb,
           "HALONG_WEB_ARCHIVES_DELAY": "0", "HALONG_PATIENCE": "0.001"}  # fmt: skip
    quick("import", "--wayback", HOST, archive=place, env=env)
    assert captures(place) == TOLD
    assert [(number, title) for _, number, title, _ in versions(place)[:3]] == [
        (1, "Một tin"), (2, "Một tin đã sửa"), (3, "Một tin"),
    ]  # fmt: skip
    bodies = {(held.url, held.iso): held.body for held in OURS}
    for row in Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures"):
        stored = read_response(place.warc_dir, *row)
        assert stored.body == bodies[stored.url, stored.fetched_at]
        assert stored.headers["x-crawler-content-encoding"] == "gzip"
        assert "memento-datetime" not in stored.headers
