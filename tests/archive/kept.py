"""An archive with records, articles and attachments, as crawls leave it, for tests."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from archive.files import FileStore
from archive.place import Archive
from archive.records import Capture, FetchedFile, Page
from archive.store import Store
from archive.warc import WarcWriter
from tests.archive.pages import ARTICLE, IMPRINT, PORTAL


def body(day: int, number: int) -> bytes:
    """A page that packs badly, so that damage has room to fall on."""
    noise = "".join(hashlib.sha256(f"{day} {number} {i}".encode()).hexdigest() for i in range(20))
    return f"<html><h1>Tin {number}, ngày {day}</h1><p>{noise}</p></html>".encode()


def crawl(archive: Archive, day: int, numbers: range, *, end: bool = True) -> None:
    """One crawl of a day: an article a number, each with its record, and one attachment."""
    at = f"2025-05-{day:02}T03:15:00Z"
    with Store(archive, generator="test/1") as store:
        store.put_portal(PORTAL)
        crawl_id = store.begin_crawl("halong", started_at=at, options={})
        warc = WarcWriter(archive.warc_dir, prefix="halong", software="test/1", info={})
        store.before_commit = warc.sync
        for number in numbers:
            store.keep(crawl_id, _page(warc, day, number, at))
        file = FileStore(archive.files_dir).put(body(day, 0) * 3)
        store.keep(crawl_id, _attachment(warc, day, at, file))
        if end:
            store.finish_crawl(crawl_id, finished_at=at, status="finished", reason="finished")
        else:
            store.commit()
        warc.close()


def _page(warc: WarcWriter, day: int, number: int, at: str) -> Page:
    url = f"https://halongcity.gov.vn/tin-tuc/{number}"
    article = replace(
        ARTICLE, source_id=str(number), url=url, title=f"Đại hội ngày {day}, bản tin {number}"
    )
    return Page("halong", _capture(warc, url, at, body(day, number)), article, IMPRINT)


def _attachment(warc: WarcWriter, day: int, at: str, sha256: str) -> Page:
    url = ARTICLE.attachments[0].url
    held = FetchedFile(url, "application/pdf", 3 * len(body(day, 0)), sha256, "read", None,
                       ("Trang một của kế hoạch",))  # fmt: skip
    capture = replace(_capture(warc, url, at, body(day, 0) * 3), outcome="file")
    return Page("halong", capture, None, file=held)


def _capture(warc: WarcWriter, url: str, at: str, data: bytes) -> Capture:
    place = warc.write_exchange(
        url, fetched_at=at, sent=b"GET / HTTP/1.1\r\n\r\n",
        received=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + data,
    )  # fmt: skip
    return Capture(
        url=url, fetched_at=at, outcome="article", status=200, media_type="text/html",
        payload_digest=place.payload_digest, warc_file=place.file, warc_offset=place.offset,
        warc_length=place.length,
    )  # fmt: skip
