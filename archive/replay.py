"""pywb over an archive's WARC files: pages with their images, styles and scripts, as captured.

pywb (the extra ``replay``) runs as a process of its own. It gets an index made from the database,
so that nothing is read twice and any number of captures takes the memory of a few thousand.
"""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from archive.place import Archive
from archive.reader import reading
from archive.serving import ServingError
from archive.site.version_pages import COLLECTION

_IN_ONE = 50_000
"""Captures in one file of the index; each file is sorted, pywb merges them."""
_SECONDS = 60.0
"""How long pywb may take to answer for the first time."""
_START = """
import os
from pywb.apps.cli import wayback
from gevent import get_hub
def end_with_parent():
    os.read(0, 1)
    os._exit(0)
get_hub().threadpool.spawn(end_with_parent)
wayback()
"""
"""pywb, which ends when the pipe to whoever started it does: also after a kill."""
_CAPTURES = (
    "SELECT url, fetched_at, status, iif(refers_to IS NULL, media_type, 'warc/revisit'), "
    "payload_digest, warc_file, warc_offset, warc_length FROM captures "
    "WHERE warc_file IS NOT NULL AND posted_page IS NULL ORDER BY id"
)


@contextmanager
def replay(archive: Archive, *, host: str, port: int) -> Iterator[None]:
    """Have pywb serve the archive's captures while the block runs.

    Raises :class:`archive.serving.ServingError` where pywb is not there or does not start, and
    :class:`archive.place.ArchiveError` where the archive cannot be read.
    """
    if find_spec("pywb") is None:
        raise ServingError("--replay needs pywb: pip install 'halong[replay]'.")
    _check_free(host, port)
    with tempfile.TemporaryDirectory(prefix="halong-replay-") as name:
        folder = Path(name)
        with reading(archive) as connection:
            write_index(connection, folder / "index")
        (folder / "config.yaml").write_text(_config(archive, folder), encoding="utf-8")
        log = folder / "log"
        with log.open("w") as said:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-c", _START, "--port", str(port), "--bind", host,
                 "--directory", str(folder)], stdin=subprocess.PIPE, stdout=said, stderr=said,
            )  # fmt: skip
            try:
                _wait_for(process, host, port, log)
                yield
            finally:
                process.terminate()
                process.wait()


def write_index(connection: sqlite3.Connection, folder: Path) -> None:
    """Write the CDXJ index of all captures into a folder, in files that are each sorted."""
    folder.mkdir()
    canonical: Callable[[str], str] = import_module("pywb.utils.canonicalize").canonicalize
    rows = iter(connection.execute(_CAPTURES))
    for number in range(sys.maxsize):
        lines = sorted(_line(canonical, *row) for row in islice(rows, _IN_ONE))
        if not lines:
            return
        path = folder / f"{number:06}.cdxj"
        path.write_text("".join(lines), encoding="utf-8")


def _line(
    canonical: Callable[[str], str], url: str, at: str, status: int | None, media_type: str | None,
    digest: str | None, file: str, offset: int, length: int,
) -> str:  # fmt: skip
    """One capture: its address as pywb sorts it, its 14 digits, and JSON where it lies."""
    place = {
        "url": url, "mime": media_type or "unk", "status": str(status or "-"),
        "digest": digest or "-", "length": str(length), "offset": str(offset), "filename": file,
    }  # fmt: skip
    moment = re.sub(r"\D", "", at)[:14]
    return f"{canonical(url)} {moment} {json.dumps(place, ensure_ascii=False)}\n"


def _config(archive: Archive, folder: Path) -> str:
    """JSON is YAML too."""
    places = {
        "index_paths": f"{folder / 'index'}/",
        "archive_paths": f"{archive.warc_dir.absolute()}/",
    }
    return json.dumps({"collections": {COLLECTION: places}, "enable_memento": True})


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise ServingError(
                f"Cannot listen on {host}:{port} for pywb: {error.strerror}; choose another port "
                "with --replay-port."
            ) from error


def _wait_for(process: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise ServingError(f"pywb did not start: {said[-1] if said else 'it said nothing'}.")
