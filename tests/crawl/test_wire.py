"""What went over the wire stands in the WARC byte for byte, whatever a server makes of HTTP."""

from __future__ import annotations

import gzip
import io
import socketserver
import ssl
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.place import Archive
from tests.crawl.certificates import server_context, signed
from tests.crawl.conftest import Rows
from tests.crawl.runs import halong
from tests.crawl.served import Running, article_page, descriptor

LINKS = (
    "".join(f"<a href='/{n}.html'>{n}</a>" for n in range(10) if n != 8)
    + "<a href='/tin-p13n8.html'>8</a>"
)
PAGE = article_page("Một tin", links=LINKS)
LAST = article_page("Tin tám").replace(b"</p></div>", b"</p><p><a href='/x/a.pdf'>a</a></p></div>")
FILE = bytes(range(256)) * 40
PDF = b"%PDF-1.4\n" + FILE


def sized(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(b"%x;Ext=1\r\n%s\r\n" % (len(part), part) for part in parts)
    return chunks + b"00\r\nX-Checksum: abc\r\n\r\n"


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
"""It comes before an answer and is none."""
AFTER = b"<!-- and what a broken server sends after the answer's end -->"
ANSWERS: dict[str, bytes] = {
    "/robots.txt": sized(b"HTTP/1.1 404 Not Found\r\n", b""),
    "/": sized(HTML + b"X-oDD-CaSe:  two  spaces \r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n", PAGE),
    "/0.html": sized(
        HTML + b'ETag: "x"\r\nContent-Encoding: gzip\r\n', gzip.compress(article_page("Tin 0"))
    ),
    "/1.html": sized(HTML + b"Content-Encoding: br\r\n", brotli.compress(article_page("Tin một"))),
    "/2.html": HTML
    + b"Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n"
    + chunked(article_page("Tin hai"), 700),
    "/3.html": HTML
    + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    + chunked(gzip.compress(article_page("Tin ba")), 99),
    "/4.html": b"HTTP/1.1 301\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    "/5.html": sized(b"HTTP/1.0 410 Kh\xf4ng c\xf2n\r\nServer: \xe1\xbb\x87\r\n", b"gone"),
    "/6.html": b"HTTP/1.1 200 OK\nContent-Type: text/html\nA-Line-Without-Colon\nConnection: close"
    + b"\n\n" + article_page("Tin sáu"),
    "/7.html": INTERIM + sized(HTML, article_page("Tin bảy")),
    "/9.html": sized(HTML, article_page("Tin chín")) + AFTER,
    "/tin-p13n8.html": sized(HTML, LAST),
    "/x/a.pdf": sized(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n", PDF),
}  # fmt: skip


class Raw(Running):
    """Answers with given bytes on connections that stay open, and keeps what it was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: dict[str, bytes] = {}
        self.not_modified: set[str] = set()
        raw = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while True:
                    head = b"".join(iter(self.rfile.readline, b"\r\n"))
                    if not head:
                        return
                    path = head.split()[1].decode()
                    raw.asked[path] = head + b"\r\n"
                    self.wfile.write(raw.answer(path))
                    if path == "/6.html":
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str) -> bytes:
        if path in self.not_modified:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nX-tAG: 1\r\n\r\n'
        return ANSWERS.get(path, sized(b"HTTP/1.1 404 Not Found\r\n", b""))


def blocks(archive: Archive, file: str, offset: int) -> tuple[bytes, bytes]:
    """The messages of a capture's record and of the one after it, as they lie in the file."""
    with (archive.warc_dir / file).open("rb") as stream:
        stream.seek(offset)
        rest = io.BytesIO(stream.read())
    found = []
    for record in ArchiveIterator(rest, no_record_parse=True):
        found.append(record.raw_stream.read())
        if len(found) == 2:
            break
    return found[0], found[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_byte_of_an_exchange_is_kept(tmp_path: Path, scheme: str) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    authority = signed("Gốc thử", is_ca=True)
    leaf = signed("vidu.gov.vn", authority, host="127.0.0.1")
    tls = server_context(tmp_path, leaf) if scheme == "https" else None
    with Raw(tls) as raw:
        text = descriptor(raw.host).replace("http://", f"{scheme}://")
        (archive.portals_dir / "ca.pem").write_bytes(authority.pem)
        (archive.portals_dir / "small.toml").write_text(
            text + '[tls]\nca = "ca.pem"\n', encoding="utf-8"
        )
        halong("crawl", "small", archive=archive)
        rows = Rows(archive)
        everything = "SELECT url, warc_file, warc_offset FROM captures WHERE crawl_id = ?"
        assert {url.partition(raw.host)[2] for url, *_ in rows.all(everything, 1)} == set(ANSWERS)
        for url, file, offset in rows.all(everything, 1):
            path = url.partition(raw.host)[2]
            received, sent = blocks(archive, file, offset)
            assert received == ANSWERS[path].removeprefix(INTERIM).removesuffix(AFTER), path
            assert sent == raw.asked[path], path
        raw.not_modified.add("/0.html")
        halong("crawl", "small", archive=archive, env={"HALONG_NOW": "2099-01-01T00:00:00Z"})
        (place,) = rows.all(
            "SELECT warc_file, warc_offset FROM captures WHERE outcome = 'unchanged'"
        )
        assert blocks(archive, *place) == (raw.answer("/0.html"), raw.asked["/0.html"])
        assert b'If-None-Match: "x"' in raw.asked["/0.html"]
    for path in archive.warc_dir.glob("*.warc.gz"):
        assert_sound(path)


def assert_sound(path: Path) -> None:
    """By warcio's own check; without brotli, whose present module it cannot work with."""
    run = "import sys; sys.modules['brotli'] = None; from warcio.cli import main; main()"
    command = [sys.executable, "-c", run, "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
