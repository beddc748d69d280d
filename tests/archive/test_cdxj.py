"""Indexes of odd records: the same lines cdxj-indexer makes of them."""

from __future__ import annotations

import gzip
import io
import logging
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import cdxj
from archive.cdxj_lines import lines
from archive.warc import WarcWriter
from tests.crawl.runs import ROOT

AT = "2025-05-12T01:30:00.123456Z"
GET = b"GET /%s HTTP/1.1\r\nHost: a.vn\r\n%s\r\n"
OK = b"HTTP/1.1 200 OK\r\n%s\r\n<p>"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n"

EXCHANGES: dict[str, tuple[bytes, bytes]] = {
    "plain": (b"", b"Content-Type: text/html; charset=UTF-8\r\n"),
    "referred": (b"Referer: http://a.vn/x?y=1\r\n", b"content-type:text/html\r\n"),
    "without-type": (b"", b"Server: x\r\n"),
    "empty-type": (b"", b"Content-Type: \r\n"),
    "two-types": (b"", b"Content-Type: text/html\r\nContent-Type: text/plain\r\n"),
    "folded": (b"", b"X-A: b\r\n c\r\nContent-Type: text/css\r\n"),
    "beyond-ascii": (b"", "X-A: tệp\r\nContent-Type: text/html\r\n".encode()),
    "encoded": (b"Referer: =?utf-8?q?a?=\r\n", b"Content-Type: =?utf-8?q?text/html?=\r\n"),
    "spaced": (b"", b"Content-Type :  text/html  ; a\r\n"),
    "nameless": (b"", b"nonsense\r\nContent-Type: text/html\r\n"),
    "query?b=2&A=%C3%A1&jsessionid=1": (b"", b"Content-Type: image/jpeg\r\n"),
    "T%E1%BB%87p.PDF": (b"", b"Content-Type: application/pdf\r\n"),
}
ANSWERS = (
    b"HTTP/1.0 404 Not Found\r\n\r\n", b"HTTP/1.1 200\r\n\r\nx", b"HTTP/2 200 \r\n\r\nx",
    b"ICY 200 OK\r\n\r\nx", b"HTTP/1.1 304 Not Modified\nETag: x\n\n", b"<p>no head at all", b"",
)  # fmt: skip


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A file of odd records."""
    warc = WarcWriter(tmp_path, prefix="odd", software="test/1", info={})
    for path, (asked, said) in EXCHANGES.items():
        warc.write_exchange(
            f"http://a.vn/{path}", fetched_at=AT, sent=GET % (path.encode(), asked),
            received=OK % said,
        )  # fmt: skip
    for number, received in enumerate(ANSWERS):
        warc.write_exchange(
            f"https://a.vn:8443/{number}", fetched_at=AT, sent=GET % (b"", b""), received=received
        )
    for method in (b"POST", b"PUT", b"get"):
        sent = method + b" /form HTTP/1.1\r\n" + FORM + b"\r\npage=2"
        warc.write_exchange("http://a.vn/form", fetched_at=AT, sent=sent, received=OK % b"")
    warc.close()
    path = tmp_path / warc.name
    with path.open("ab") as stream:
        stream.write(_others())
    return path


def _others() -> bytes:
    """Records of other writers: a request first, pages without heads, notes, a record alone."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Referer", "http://b.vn/")], is_http_request=True)
    about = {"WARC-Date": "2025-05-12T01:30:00Z"}
    answer = writer.create_warc_record(
        "http://a.vn/later", "response", payload=io.BytesIO(b"x"), http_headers=head,
        warc_headers_dict=about,
    )  # fmt: skip
    request = writer.create_warc_record(
        "http://a.vn/later", "request", http_headers=asked, warc_headers_dict=about
    )
    answer.rec_headers.add_header(
        "WARC-Concurrent-To", request.rec_headers.get_header("WARC-Record-ID")
    )
    writer.write_record(request)
    writer.write_record(answer)
    for kind, media_type in (("resource", "text/html"), ("metadata", "application/x-ndjson"),
                             ("metadata", "application/warc-fields")):  # fmt: skip
        writer.write_record(writer.create_warc_record(
            f"urn:{kind}", kind, payload=io.BytesIO(b"{}"), warc_content_type=media_type,
            warc_headers_dict=about,
        ))  # fmt: skip
    for url in ("http://a.vn/alone", "dns:a.vn", "http://[::1/"):
        alone = StatusAndHeaders("200 OK", [("Content-Type", "a/b")], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(
            url, "response", payload=io.BytesIO(b"y"), http_headers=alone, warc_headers_dict=about
        ))  # fmt: skip
    return stream.getvalue()


def test_odd_records_have_the_lines_cdxj_indexer_makes(odd: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    words = ("-p", "-s", "-d", "-f", "referrer", "-o", str(theirs), str(odd))
    subprocess.run([sys.executable, "-m", "cdxj_indexer.main", *words], check=True, cwd=ROOT)
    ours = sorted(lines(odd, odd.name))
    assert ours == theirs.read_text("utf-8").splitlines(keepends=True)
    assert len(ours) > len(EXCHANGES) + len(ANSWERS)


def test_a_damaged_record_keeps_no_other_out(odd: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = list(lines(odd, odd.name))
    data = bytearray(odd.read_bytes())
    at = data.index(b"\x1f\x8b\x08", len(data) // 3)
    data[at + 12 : at + 20] = b"\xff" * 8
    odd.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        cdxj.renew(odd.parent)
    kept = cdxj.index_of(odd).read_text().splitlines(keepends=True)
    assert set(kept) <= set(whole)
    assert len(whole) - 2 <= len(kept) < len(whole)
    assert not caplog.text


def test_a_file_of_odd_records_alone_is_not_held_in_memory(tmp_path: Path) -> None:
    warc = WarcWriter(tmp_path, prefix="odd", software="test/1", info={})
    page = b"HTTP/2 200 \r\n\r\n" + b"<p>" * 100_000
    for number in range(200):
        warc.write_exchange(f"http://a.vn/{number}", fetched_at=AT, sent=b"", received=page)
    warc.close()
    tracemalloc.start()
    try:
        assert sum(1 for _ in lines(tmp_path / warc.name, "x")) == 200
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000 < 200 * len(page)


def test_a_file_that_is_not_packed_is_indexed(odd: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(odd.read_bytes()))
    found, packed = list(lines(plain, "x")), list(lines(odd, "x"))
    assert [line.split(" {")[0] for line in found] == [line.split(" {")[0] for line in packed]
