"""``halong serve --replay``: pywb shows the archive's captures, and versions lead there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from archive.place import Archive
from bench.crawling.portal import NAME, Town
from bench.reparsing.stored import HOST, archive_of
from halong_crawler.cli.errors import Exit
from tests.crawl.runs import ROOT, halong
from tests.site.test_versions import town


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(tmp_path_factory.mktemp("replay"), town(), lambda article: article)


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def closes(port: int) -> bool:
    """Whether nobody listens there any more, soon."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_version_leads_to_its_capture_in_pywb(
    archive: Archive, tmp_path: Path, end: signal.Signals
) -> None:
    port = free_port()
    words = [sys.executable, "-m", "halong_crawler.cli", "serve", "--port", "0", "--replay",
             "--replay-port", str(port), "--archive", str(archive.path)]  # fmt: skip
    said = tmp_path / "said"
    with said.open("w") as stream:
        server = subprocess.Popen(words, cwd=ROOT, stdout=stream, stderr=stream,
                                  env={**os.environ, "PYTHONUNBUFFERED": "1"})  # fmt: skip
    try:
        until = time.monotonic() + 60
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text())):
            assert server.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.1)
        key = f"{NAME}-{Town(1, host=HOST).stories[0].number}"
        for number, title in ((1, Town(1, host=HOST).stories[0].title), (3, "Tựa mới cho bài")):
            page = httpx.get(f"{found[0]}/a/{key}/v/{number}", timeout=20).text
            link = re.search(rf'href="(http://127\.0\.0\.1:{port}/archive/\d{{14}}/[^"]+)"', page)
            assert link is not None
            # "mp_" asks pywb for the page itself, without its own frame.
            address = re.sub(r"/(\d{14})/", r"/\1mp_/", link[1])
            shown = httpx.get(address, timeout=30, follow_redirects=True)
            assert shown.status_code == 200
            assert f'<h1 class="title-detail">{title}' in shown.text
    finally:
        server.send_signal(end)
        server.wait(20)
    assert closes(port), "pywb outlived the site"


def test_a_taken_port_is_one_line(archive: Archive) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        said = halong("serve", "--replay", "--replay-port", port, archive=archive,
                      code=Exit.SERVING)  # fmt: skip
    assert "--replay-port" in said
    assert "Traceback" not in said
