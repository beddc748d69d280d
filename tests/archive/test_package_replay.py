"""pywb shows what is in a package."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from archive.place import Archive
from tests.archive.kept import crawl
from tests.crawl.runs import halong


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_pywb_takes_a_package_in_and_shows_each_day(tmp_path: Path) -> None:
    archive, out = Archive(tmp_path / "archive"), tmp_path / "two-days.wacz"
    crawl(archive, 12, range(1, 4))
    crawl(archive, 13, range(1, 4))
    halong("package", "--out", str(out), archive=archive)
    for words in (["init", "town"], ["add", "--unpack-wacz", "town", str(out)]):
        subprocess.run([sys.executable, "-c", "from pywb.manager.manager import main; main()",
                        *words], cwd=tmp_path, check=True, timeout=60)  # fmt: skip
    port = free_port()
    start = "from pywb.apps.cli import wayback; wayback()"
    server = subprocess.Popen([sys.executable, "-c", start, "--port", str(port), "--bind",
                               "127.0.0.1"], cwd=tmp_path)  # fmt: skip
    try:
        for day in (12, 13):
            address = "https://halongcity.gov.vn/tin-tuc/2"
            shown = answer(f"http://127.0.0.1:{port}/town/202505{day}031500mp_/{address}")
            assert re.search(rf"<h1>Tin 2, ngày {day}</h1>", shown)
    finally:
        server.terminate()
        server.wait(20)


def answer(address: str) -> str:
    """What is at an address, once the server is up."""
    until = time.monotonic() + 60
    while True:
        try:
            found = httpx.get(address, timeout=30, follow_redirects=True)
        except httpx.ConnectError:
            assert time.monotonic() < until
            time.sleep(0.2)
        else:
            assert found.status_code == 200, found.text
            return found.text
