"""An archive of a made-up portal, as a crawl leaves it: captures in WARC files, and readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive.place import Archive
from archive.records import Article, Capture, Page
from archive.store import Store
from archive.warc import WarcWriter
from bench.crawling.portal import NAME, Town, descriptor
from halong_crawler.portal import Portal, load
from halong_crawler.reading import NotAnArticle, read
from halong_crawler.session import facts_of

HOST = "vidu.example.vn"
Reader = Callable[[Article], Article | None]
"""What another reader made of an article; None: it took the page for none."""


def archive_of(folder: Path, pages: Mapping[str, list[str]], reader: Reader) -> Archive:
    """Keep pages: path → what it showed, capture after capture, a day apart."""
    archive = Archive(folder)
    archive.create()
    path = archive.portals_dir / f"{NAME}.toml"
    path.write_text(descriptor(HOST), encoding="utf-8")
    portal = load(path)
    with Store(archive, generator="bench/1") as store:
        store.put_portal(facts_of(portal))
        writer = WarcWriter(archive.warc_dir, prefix="halong", software="bench/1", info={})
        store.before_commit = writer.sync
        for day in range(max(map(len, pages.values()))):
            at = f"2026-03-{day + 1:02}T03:15:00Z"
            crawl = store.begin_crawl(NAME, started_at=at, options={})
            for place, shown in pages.items():
                if day < len(shown):
                    page = _captured(writer, f"http://{HOST}{place}", at, shown[day])
                    store.keep(crawl, _as_read(page, portal, shown[day], reader))
                    store.tick()
            store.finish_crawl(crawl, finished_at=at, status="finished", reason="finished")
        store.commit()
        writer.close()
    return archive


def town(articles: int) -> dict[str, list[str]]:
    """The articles of the bench's portal, each captured once."""
    face = Town(articles, host=HOST)
    return {face.path(story): [face.page(story)] for story in face.stories}


def _captured(writer: WarcWriter, url: str, at: str, html: str) -> Capture:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    place = writer.write_exchange(
        url, fetched_at=at, sent=b"GET / HTTP/1.1\r\n\r\n", received=head + html.encode()
    )
    return Capture(
        url, at, "static", 200, "text/html", place.payload_digest, place.file, place.offset,
        place.length,
    )  # fmt: skip


def _as_read(capture: Capture, portal: Portal, html: str, reader: Reader) -> Page:
    at = datetime.fromisoformat(capture.fetched_at)
    found = read(html.encode(), capture.url, portal=portal, captured_at=at,
                 headers={"content-type": "text/html; charset=utf-8"})  # fmt: skip
    article = None if isinstance(found, NotAnArticle) else reader(found)
    if article is None:
        return Page(NAME, capture)
    return Page(NAME, replace(capture, outcome="article"), article)
