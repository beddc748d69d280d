"""What a server sends again is written once: compared byte for byte, referred to, read as whole."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import fixity
from archive.message import digest, payload, payload_digest
from archive.place import Archive
from archive.prove import proof
from archive.reader import reading
from archive.records import Capture, Page
from archive.revisits import original
from archive.store import Store
from archive.stored import stored_response
from archive.warc import Place, WarcError, WarcWriter
from tests.archive.kept import body
from tests.archive.pages import ARTICLE, IMPRINT, PORTAL
from tests.crawl.runs import ROOT

URL = "https://halongcity.gov.vn/tin-tuc/1"
OTHER = "https://halongcity.gov.vn/bản-sao"
ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
AGAIN = b'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: "1"\r\n\r\n'
PAGE = body(1, 1)


def answer(data: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", data])


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data)


class Crawl:
    """Keeps answers as a crawl does."""

    def __init__(self, store: Store, warc: WarcWriter) -> None:
        self.store, self.warc = store, warc
        self.number = store.begin_crawl("halong", started_at="2025-05-01T00:00:00Z", options={})
        self.hour = 0

    def keep(
        self, received: bytes, *, url: str = URL, sent: bytes = ASKED, outcome: str = "static",
        title: str | None = None,
    ) -> int:  # fmt: skip
        """Write an exchange and its row; the capture's id."""
        connection, folder = self.store.connection, self.store.archive.warc_dir
        held = original(
            connection, folder, url, sent=sent, received=received,
            payload_digest=payload_digest(received),
        )  # fmt: skip
        self.hour += 1
        at = f"2025-05-{self.number:02}T{self.hour:02}:00:00Z"
        place = self.warc.write_exchange(
            url, fetched_at=at, sent=sent, received=received,
            repeats=held.referred if held is not None else None,
        )  # fmt: skip
        status = int(received[9:12])
        capture = Capture(
            url, at, outcome, status, "text/html", place.payload_digest, place.file, place.offset,
            place.length, refers_to=held.capture_id if held is not None else None,
        )  # fmt: skip
        article = replace(ARTICLE, title=title) if title is not None else None
        imprint = IMPRINT if article is not None else None
        return self.store.keep(self.number, Page("halong", capture, article, imprint)).capture_id


@contextmanager
def crawling(archive: Archive) -> Iterator[Crawl]:
    with Store(archive, generator="test/1") as store:
        store.put_portal(PORTAL)
        warc = WarcWriter(archive.warc_dir, prefix="halong", software="test/1", info={})
        store.before_commit = warc.sync
        crawl = Crawl(store, warc)
        yield crawl
        at = f"2025-05-{crawl.number:02}T23:00:00Z"
        store.finish_crawl(crawl.number, finished_at=at, status="finished", reason="finished")
        warc.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def row(archive: Archive, capture: int) -> tuple[int | None, Place]:
    with closing(sqlite3.connect(archive.database)) as connection:
        refers_to, *place = connection.execute(
            "SELECT refers_to, warc_file, warc_offset, warc_length, payload_digest FROM captures "
            "WHERE id = ?", [capture],
        ).fetchone()  # fmt: skip
    return refers_to, Place(*place)


def headers(archive: Archive, capture: int) -> dict[str, str]:
    _, place = row(archive, capture)
    with (archive.warc_dir / place.file).open("rb") as stream:
        stream.seek(place.offset)
        record = next(iter(ArchiveIterator(stream, check_digests="raise")))
        record.raw_stream.read()  # its digests are checked at its end
        return dict(record.rec_headers.headers)


def damages(archive: Archive) -> list[str]:
    with reading(archive) as connection:
        return [str(each) for each in fixity.run(archive, connection, 1.0).damages]


@pytest.mark.parametrize("url", [URL, OTHER])
@pytest.mark.parametrize(
    ("data", "coding"),
    [
        (PAGE, ()),
        (gzip.compress(PAGE), (b"Content-Encoding: gzip",)),
        (chunked(PAGE), (b"Transfer-Encoding: chunked",)),
    ],
    ids=["plain", "gzip", "chunked"],
)
def test_a_payload_that_is_held_is_referred_to_and_read_as_if_it_had_been_kept_twice(
    archive: Archive, url: str, data: bytes, coding: tuple[bytes, ...]
) -> None:
    with crawling(archive) as crawl:
        first = crawl.keep(answer(data, b"X-Visit: 1", *coding))
        second = crawl.keep(answer(data, b"X-Visit: 2", *coding), url=url)
    refers_to, place = row(archive, second)
    assert refers_to == first
    assert place.length < row(archive, first)[1].length / 2
    said = headers(archive, second)
    held = headers(archive, first)
    assert said["WARC-Type"] == "revisit"
    assert said["WARC-Profile"].endswith("/warc/1.1/revisit/identical-payload-digest")
    assert said["WARC-Refers-To"] == held["WARC-Record-ID"]
    assert said["WARC-Refers-To-Target-URI"] == URL
    assert said["WARC-Refers-To-Date"] == "2025-05-01T01:00:00Z"
    assert said["WARC-Payload-Digest"] == held["WARC-Payload-Digest"] == digest(data)
    assert place.payload_digest == digest(payload(answer(data, *coding)))
    with closing(sqlite3.connect(archive.database)) as connection:
        read = stored_response(connection, archive.warc_dir, second)
    assert (read.status, read.body, read.headers["x-visit"]) == (200, PAGE, "2")
    assert read.fetched_at == "2025-05-01T02:00:00Z"
    assert damages(archive) == []


def test_a_304_refers_to_the_answer_it_confirms(archive: Archive) -> None:
    with crawling(archive) as crawl:
        crawl.keep(answer(body(1, 7)))
        first = crawl.keep(answer(PAGE, b'ETag: "1"', b"X-Visit: 1"))
        repeated = crawl.keep(answer(PAGE, b'ETag: "1"', b"X-Visit: 2"))
        confirmed = crawl.keep(
            answer(b"", b'ETag: "1"', status=b"304 Not Modified"), sent=AGAIN, outcome="unchanged"
        )
    assert row(archive, repeated)[0] == row(archive, confirmed)[0] == first
    said = headers(archive, confirmed)
    assert said["WARC-Profile"].endswith("/warc/1.1/revisit/server-not-modified")
    assert said["WARC-Refers-To"] == headers(archive, first)["WARC-Record-ID"]
    assert "WARC-Payload-Digest" not in said
    with closing(sqlite3.connect(archive.database)) as connection:
        read = stored_response(connection, archive.warc_dir, confirmed)
    assert (read.status, read.body, read.headers["x-visit"]) == (304, PAGE, "1")
    assert damages(archive) == []


def test_what_differs_in_one_byte_or_in_its_framing_is_kept_whole(archive: Archive) -> None:
    with crawling(archive) as crawl:
        crawl.keep(answer(PAGE))
        others = [
            crawl.keep(answer(PAGE[:-1] + b" ")),
            crawl.keep(answer(chunked(PAGE), b"Transfer-Encoding: chunked")),
            crawl.keep(answer(b"x" * 100)), crawl.keep(answer(b"x" * 100)),
            crawl.keep(answer(b"", status=b"304 Not Modified"), outcome="other_status"),
            crawl.keep(answer(b"", status=b"304 Not Modified"), url=OTHER, sent=AGAIN),
        ]  # fmt: skip
    for capture in others:
        assert row(archive, capture)[0] is None
        assert headers(archive, capture)["WARC-Type"] == "response"
    assert damages(archive) == []


def test_equal_digests_of_other_bytes_drop_nothing(archive: Archive) -> None:
    with crawling(archive) as crawl:
        first = crawl.keep(answer(body(2, 2)))
        # What a forged collision of SHA-1 would look like.
        crawl.store.connection.execute(
            "UPDATE captures SET payload_digest = ? WHERE id = ?", [digest(PAGE), first]
        )
        second = crawl.keep(answer(PAGE))
    assert row(archive, second)[0] is None


def test_a_damaged_record_is_not_referred_to_and_damage_of_one_is_said_where_it_is_needed(
    archive: Archive,
) -> None:
    with crawling(archive) as crawl:
        first = crawl.keep(answer(PAGE))
        second = crawl.keep(answer(PAGE))
        crawl.store.commit()
        place = row(archive, first)[1]
        path = archive.warc_dir / place.file
        data = bytearray(path.read_bytes())
        data[place.offset + place.length - 20] ^= 1
        path.write_bytes(data)
        third = crawl.keep(answer(PAGE))
    assert row(archive, third)[0] is None
    with closing(sqlite3.connect(archive.database)) as connection:
        with pytest.raises(WarcError, match=f"{place.file} at {place.offset}"):
            stored_response(connection, archive.warc_dir, second)
        assert stored_response(connection, archive.warc_dir, third).body == PAGE


def test_a_row_that_lost_what_it_refers_to_is_told(archive: Archive) -> None:
    with crawling(archive) as crawl:
        crawl.keep(answer(PAGE))
        second = crawl.keep(answer(PAGE))
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("UPDATE captures SET refers_to = NULL WHERE id = ?", [second])
        connection.commit()
    assert any("do not agree on where its payload lies" in line for line in damages(archive))


def test_a_version_whose_capture_is_a_revisit_is_proven_with_the_payload(
    archive: Archive, tmp_path: Path
) -> None:
    edited, page = body(1, 9), PAGE
    with crawling(archive) as crawl:
        crawl.keep(answer(page), outcome="article", title="Một")
    with crawling(archive) as crawl:
        crawl.keep(answer(edited), outcome="article", title="Hai")
        crawl.keep(answer(page), outcome="article", title="Một")
    with reading(archive) as connection:
        made = proof(connection, archive.warc_dir, f"halong-{ARTICLE.source_id}")
    assert (made["version"], len(made["records"]), len(made["entries"])) == (3, 2, 2)
    out = tmp_path / "proof.json"
    out.write_text(json.dumps(made), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "examples" / "check_proof.py"), str(out)],
        capture_output=True, text=True, check=False, timeout=30, env={},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARC-Type: revisit" in done.stdout
    assert "WARC-Type: response" in done.stdout
