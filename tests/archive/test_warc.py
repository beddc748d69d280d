"""WARC files: what is written is read back byte for byte, or said to be damaged."""

from __future__ import annotations

import base64
import errno
import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import warc as warc_module
from archive.message import digest, zstd
from archive.place import ArchiveError
from archive.warc import Place, WarcError, WarcWriter, read_response

AT = "2025-05-12T01:30:00Z"
URL = "https://halongcity.gov.vn/tin-tuc?id=61318"
PAGE = "<html><p>Đại hội Đảng bộ</p></html>".encode()


def writer(directory: Path, **options: Any) -> WarcWriter:
    info = {"robots": "obey", "operator": "archive@example.org"}
    return WarcWriter(directory, prefix="halong", software="test/1", info=info, **options)


def exchange(warc: WarcWriter, **values: Any) -> Place:
    """Write an answer made of ``status_line``, ``headers`` and ``body``, or ``received`` as is."""
    given: dict[str, Any] = {
        "url": URL, "status_line": "200 OK", "headers": [("Content-Type", "text/html")],
        "body": PAGE, "fetched_at": AT, "ip": "127.0.0.1",
        "sent": b"GET /tin-tuc?id=61318 HTTP/1.1\r\nhost: halongcity.gov.vn\r\n\r\n",
    }  # fmt: skip
    given |= values
    lines = [f"HTTP/1.1 {given.pop('status_line')}"]
    lines += [f"{name}: {value}" for name, value in given.pop("headers")]
    head = "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"
    body = given.pop("body")
    return warc.write_exchange(given.pop("url"), **{"received": head + body, **given})


def records(path: Path) -> list[tuple[Any, bytes]]:
    """Every record with its payload, digests checked, read by warcio alone."""
    with path.open("rb") as stream:
        return [
            (record, record.raw_stream.read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]


def test_an_exchange_is_read_back(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = exchange(warc)
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert (stored.url, stored.fetched_at, stored.status) == (URL, AT, 200)
    assert stored.headers == {"content-type": "text/html"}
    assert stored.body == stored.raw_body == PAGE
    digest = base64.b32encode(hashlib.sha1(PAGE).digest()).decode()
    assert place.payload_digest == f"sha1:{digest}"
    warc.close()


def test_a_file_holds_what_the_standard_asks_for(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = exchange(warc)
    warc.close()
    (info, settings), (response, _), (request, _) = records(tmp_path / place.file)
    assert [r.rec_type for r in (info, response, request)] == ["warcinfo", "response", "request"]
    assert info.format == "warc"
    assert info.rec_headers.protocol == response.rec_headers.protocol == "WARC/1.1"
    assert info.rec_headers.get_header("WARC-Filename") == place.file
    for line in (b"software: test/1", b"format: WARC File Format 1.1", b"conformsTo: http",
                 b"robots: obey", b"operator: archive@example.org"):  # fmt: skip
        assert line in settings
    assert response.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"
    assert response.rec_headers.get_header("WARC-Payload-Digest") == place.payload_digest
    assert response.rec_headers.get_header("WARC-Block-Digest").startswith("sha1:")
    identity = response.rec_headers.get_header("WARC-Record-ID")
    assert request.rec_headers.get_header("WARC-Concurrent-To") == identity
    assert request.http_headers.protocol == "GET"
    assert request.http_headers.statusline == "/tin-tuc?id=61318 HTTP/1.1"
    assert request.http_headers.headers == [("host", "halongcity.gov.vn")]


def test_each_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = exchange(warc)
    warc.close()
    data = (tmp_path / place.file).read_bytes()
    ends = []
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        assert member.decompress(data).startswith(b"WARC/1.1\r\n")
        data = member.unused_data
        ends.append((tmp_path / place.file).stat().st_size - len(data))
    assert len(ends) == 3
    assert (place.offset, place.offset + place.length) == (ends[0], ends[1])


def test_headers_are_kept_in_order_twice_over_and_byte_for_byte(tmp_path: Path) -> None:
    name = 'attachment; filename="Quyết định.pdf"'.encode()
    headers = [
        ("X-odd-CASE", "1"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Content-Disposition", name.decode("latin-1")),
    ]
    warc = writer(tmp_path)
    place = exchange(warc, headers=headers, status_line="404 Kh\xf4ng")
    warc.close()
    with (tmp_path / place.file).open("rb") as stream:
        stream.seek(place.offset)
        record = gzip.decompress(stream.read(place.length))
    assert (
        b"HTTP/1.1 404 Kh\xf4ng\r\nX-odd-CASE: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"Content-Disposition: " + name + b"\r\n\r\n" + PAGE
    ) in record
    assert len(records(tmp_path / place.file)) == 3


CHUNKED = b"5;x=y\r\nhello\r\n6\n world\n0\r\nX-Sum: 1\r\n\r\n"


@pytest.mark.parametrize(
    ("framed", "whole"),
    [
        (CHUNKED, b"hello world"),
        (CHUNKED[:10], b"hel"),  # it broke off
        (b"hello world", b"hello world"),  # others put the chunks together and leave the head
        (b"0\r\n\r\n", b""),
    ],
)
def test_chunks_are_kept_and_put_together_for_reading(
    tmp_path: Path, framed: bytes, whole: bytes
) -> None:
    warc = writer(tmp_path)
    place = exchange(warc, headers=[("transfer-Encoding", "chunked")], body=framed)
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert stored.headers == {"transfer-encoding": "chunked"}
    assert stored.body == stored.raw_body == whole
    assert place.payload_digest == digest(whole)
    warc.close()
    assert records(tmp_path / place.file)[1][1] == framed


def test_interim_answers_are_not_the_answer(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\nok"
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    warc = writer(tmp_path)
    place = exchange(warc, received=early + early + answer)
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert (stored.status, stored.headers, stored.body) == (200, {}, b"ok")
    warc.close()


def test_what_was_sent_is_kept_with_its_body(tmp_path: Path) -> None:
    sent = b"POST /x HTTP/1.1\r\nHOST: x.vn\r\nContent-Length: 3\r\n\r\na=1"
    warc = writer(tmp_path)
    place = exchange(warc, sent=sent)
    warc.close()
    _, _, (request, body) = records(tmp_path / place.file)
    assert (request.http_headers.protocol, body) == ("POST", b"a=1")
    assert request.http_headers.headers == [("HOST", "x.vn"), ("Content-Length", "3")]


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("X-GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", _raw_deflate),
        ("identity", bytes),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
def test_content_codings_are_undone_for_reading_only(
    tmp_path: Path, coding: str, encode: Callable[[bytes], bytes]
) -> None:
    warc = writer(tmp_path)
    wire = encode(PAGE)
    place = exchange(warc, headers=[("Content-Encoding", coding)], body=wire)
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert (stored.body, stored.raw_body) == (PAGE, wire)
    warc.close()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_answer_without_body_may_name_a_coding(tmp_path: Path, coding: str) -> None:
    warc = writer(tmp_path)
    place = exchange(
        warc, status_line="304 Not Modified", headers=[("Content-Encoding", coding)], body=b""
    )
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert (stored.status, stored.body) == (304, b"")
    warc.close()


@pytest.mark.parametrize(
    ("coding", "body", "message"),
    [
        ("gzip", b"\x1f\x8b, and no gzip", "the gzip body is damaged"),
        ("br", b"not brotli", "the br body is damaged"),
        ("zstd", b"\x28\xb5\x2f\xfd, and no zstd", "the zstd body is damaged"),
        ("zip9", b"x", "unknown content coding"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_reported(
    tmp_path: Path, coding: str, body: bytes, message: str
) -> None:
    warc = writer(tmp_path)
    place = exchange(warc, headers=[("Content-Encoding", coding)], body=body)
    with pytest.raises(WarcError, match=message):
        read_response(tmp_path, place.file, place.offset, place.length)
    warc.close()


# Tokens and values as RFC 9110 has them: any byte above space, spaces inside.
names = st.text("abcXYZ-019!#$%&'*+.^_`|~", min_size=1, max_size=12).map(lambda name: f"x{name}")
values = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=30
).map(lambda value: value.strip())


@settings(max_examples=80, deadline=None)
@given(headers=st.lists(st.tuples(names, values), max_size=6), body=st.binary(max_size=300))
def test_any_headers_and_bodies_come_back(headers: list[tuple[str, str]], body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warc = writer(Path(folder))
        places = [exchange(warc, headers=headers, body=body) for _ in range(2)]
        warc.close()
        path = Path(folder) / places[0].file
        for place in places:
            stored = read_response(Path(folder), place.file, place.offset, place.length)
            assert stored.raw_body == stored.body == body
        head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")
        with path.open("rb") as stream:
            stream.seek(place.offset)
            assert head + b"\r\n" + body in gzip.decompress(stream.read(place.length))
        assert len(records(path)) == 5


# Files


def test_no_file_before_the_first_record(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.sync()
    warc.close()
    assert list(tmp_path.iterdir()) == []


def test_a_record_can_be_read_before_the_file_is_closed(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = exchange(warc)
    assert (tmp_path / place.file).stat().st_size > place.offset + place.length
    warc.sync()
    warc.close()


def test_files_rotate_by_size_and_each_describes_itself(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=1)
    places = [exchange(warc) for _ in range(3)]
    warc.close()
    assert [place.file[-13:] for place in places] == [f"-0000{n}.warc.gz"[-13:] for n in range(3)]
    for place in places:
        types = [record.rec_type for record, _ in records(tmp_path / place.file)]
        assert types == ["warcinfo", "response", "request"]


def test_a_file_that_exists_is_never_touched(tmp_path: Path) -> None:
    first, second = writer(tmp_path), writer(tmp_path)
    second.began = first.began
    (tmp_path / f"halong-{first.began}-00000.warc.gz").write_bytes(b"cut by a kill")
    one, other = exchange(first), exchange(second)
    first.close()
    second.close()
    assert [one.file[-13:], other.file[-13:]] == ["00001.warc.gz", "00002.warc.gz"]
    kept = (tmp_path / f"halong-{first.began}-00000.warc.gz").read_bytes()
    assert kept == b"cut by a kill"


def test_each_record_names_the_one_that_says_who_wrote_it(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=1)
    places = [exchange(warc), exchange(warc)]
    warc.close()
    for place in places:
        (info, _), (response, _), (request, _) = records(tmp_path / place.file)
        identity = info.rec_headers.get_header("WARC-Record-ID")
        for record in (response, request):
            assert record.rec_headers.get_header("WARC-Warcinfo-ID") == identity
        assert info.rec_headers.get_header("WARC-Warcinfo-ID") is None


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        (URL, URL),
        ("https://x.vn/a%20b?q=%C4%91", "https://x.vn/a%20b?q=%C4%91"),
        ("https://x.vn/tin tức/đ", "https://x.vn/tin%20t%E1%BB%A9c/%C4%91"),
        ("https://hạlong.vn:8080/đ", "https://xn--hlong-j11b.vn:8080/%C4%91"),
        ("https://hạlong:8080/", "https://xn--hlong-j11b:8080/"),
        ("http://[::1]:8000/?a=đ", "http://[::1]:8000/?a=%C4%91"),
        ("https://x.vn/a\r\nWARC-Type: x", "https://x.vn/aWARC-Type:%20x"),
    ],
)
def test_an_address_is_ascii_in_the_record(tmp_path: Path, url: str, stored: str) -> None:
    warc = writer(tmp_path)
    place = exchange(warc, url=url, ip="::1")
    warc.close()
    _, (response, _), (request, _) = records(tmp_path / place.file)
    for record in (response, request):
        assert record.rec_headers.get_header("WARC-Target-URI") == stored
    assert response.rec_headers.get_header("WARC-IP-Address") == "::1"
    assert read_response(tmp_path, place.file, place.offset, place.length).url == stored


@pytest.mark.parametrize("status_line", ["200", "200 ", "200 OK"])
def test_a_status_needs_no_reason(tmp_path: Path, status_line: str) -> None:
    warc = writer(tmp_path)
    place = exchange(warc, status_line=status_line)
    stored = read_response(tmp_path, place.file, place.offset, place.length)
    assert (stored.status, stored.body) == (200, PAGE)
    warc.close()


def test_a_large_body_waits_on_disk_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc_module, "_IN_MEMORY", 1000)
    monkeypatch.setattr(warc_module, "_CHUNK", 100)
    body = bytes(hashlib.sha512(b"large").digest() * 5000)
    warc = writer(tmp_path)
    places = [exchange(warc, body=body), exchange(warc)]
    warc.close()
    large, small = (
        read_response(tmp_path, place.file, place.offset, place.length) for place in places
    )
    assert (large.body, small.body) == (body, PAGE)


def test_a_plain_record_of_another_tool_is_read(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    place = exchange(warc)
    warc.close()
    data = (tmp_path / place.file).read_bytes()
    plain = gzip.decompress(data[place.offset : place.offset + place.length])
    (tmp_path / "plain.warc").write_bytes(plain)
    assert read_response(tmp_path, "plain.warc", 0, len(plain)).body == PAGE


# Trouble with the disk


class _Full:
    """A file on a disk that has room for so many more bytes."""

    def __init__(self, stream: Any, room: int) -> None:
        self.stream = stream
        self.room = room

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, data: bytes) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = self.stream.write(data[: self.room])
        self.room -= written
        return int(written)


@pytest.mark.parametrize("room", [0, 1, 300])
def test_a_full_disk_leaves_whole_records_only(tmp_path: Path, room: int) -> None:
    warc = writer(tmp_path)
    before = exchange(warc)
    sound = warc.stream
    warc.stream = _Full(sound, room)  # type: ignore[assignment]
    with pytest.raises(ArchiveError, match=r"cannot be written \(No space left"):
        exchange(warc, body=hashlib.sha512(b"x").digest() * 50)
    assert len(records(tmp_path / before.file)) == 3
    warc.stream = sound  # there is room again
    after = exchange(warc)
    warc.close()
    assert len(records(tmp_path / after.file)) == 5
    assert read_response(tmp_path, after.file, after.offset, after.length).body == PAGE


def test_what_the_disk_once_failed_to_keep_is_never_said_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    exchange(warc)

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(warc_module.os, "fsync", fail)
        with pytest.raises(ArchiveError, match="cannot be written"):
            warc.sync()
    with pytest.raises(ArchiveError, match="cannot be written"):
        warc.sync()
    with pytest.raises(ArchiveError, match="cannot be written"):
        warc.close()
    assert warc.stream is None


def test_a_folder_that_is_gone_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone/halong-.*: cannot be written"):
        exchange(writer(tmp_path / "gone"))


# Damage


@pytest.fixture
def stored(tmp_path: Path) -> Place:
    warc = writer(tmp_path)
    # Random bytes: a compressible body would hide where a cut falls.
    place = exchange(warc, body=hashlib.sha512(b"seed").digest() * 3)
    warc.close()
    return place


@pytest.mark.parametrize("kept", [0, 1, 9, 10, 11, 20, 100, 200, -300, -9, -8, -4, -1])
def test_a_record_cut_short_is_reported(tmp_path: Path, stored: Place, kept: int) -> None:
    length = kept if kept >= 0 else stored.length + kept
    path = tmp_path / stored.file
    path.write_bytes(path.read_bytes()[: stored.offset + length])
    _assert_reported(tmp_path, stored)


SILENT = range(4, 10)
"""Bytes of a gzip header that say nothing about the content: time, level, system."""


def test_no_changed_byte_goes_unnoticed(tmp_path: Path, stored: Place) -> None:
    """Wherever a byte of the record turns, reading fails: nothing wrong is ever returned."""
    path = tmp_path / stored.file
    sound = path.read_bytes()
    right = read_response(tmp_path, stored.file, stored.offset, stored.length)
    for position in range(stored.offset, stored.offset + stored.length):
        damaged = bytearray(sound)
        damaged[position] ^= 0x55
        path.write_bytes(damaged)
        if position - stored.offset in SILENT:
            assert read_response(tmp_path, stored.file, stored.offset, stored.length) == right
        else:
            _assert_reported(tmp_path, stored)


def test_a_place_that_holds_something_else_is_reported(tmp_path: Path, stored: Place) -> None:
    size = (tmp_path / stored.file).stat().st_size
    after = stored.offset + stored.length
    with pytest.raises(WarcError, match="is a request record, not a response"):
        read_response(tmp_path, stored.file, after, size - after)
    with pytest.raises(WarcError, match="ends before the length given"):
        read_response(tmp_path, stored.file, stored.offset, stored.length + 1)
    with pytest.raises(WarcError, match="cut short"):
        read_response(tmp_path, stored.file, stored.offset, stored.length - 1)
    with pytest.raises(WarcError, match="cannot be read"):
        read_response(tmp_path, "gone.warc.gz", 0, 10)


def _assert_reported(directory: Path, place: Place) -> None:
    with pytest.raises(WarcError) as caught:
        read_response(directory, place.file, place.offset, place.length)
    assert str(caught.value).startswith(f"{directory / place.file} at {place.offset}: ")
