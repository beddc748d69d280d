"""An archive of a made-up portal, as a crawl leaves it: captures in WARC files, and readings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.place import Archive
from archive.records import Article, Capture, Page
from archive.store import Store
from archive.warc import WarcWriter
from bench.crawling.portal import NAME, Town, descriptor
from bench.reading.cost import Page as Frozen
from halong_crawler.portal import Portal, load
from halong_crawler.reading import NotAnArticle, read
from halong_crawler.session import facts_of

HOST = "vidu.example.vn"
UTF_8 = "text/html; charset=utf-8"
PLAIN = "text/html"
Reader = Callable[[Article], Article | None]
"""What another reader made of an article; None: it took the page for none."""


def archive_of(folder: Path, pages: Mapping[str, list[str]], reader: Reader) -> Archive:
    """Keep pages: path → what it showed, capture after capture, a day apart."""
    with filling(folder) as (store, writer):
        portal = described_town(store)
        for day in range(max(map(len, pages.values()))):
            at = f"2026-03-{day + 1:02}T03:15:00Z"
            crawl = store.begin_crawl(NAME, started_at=at, options={})
            for place, shown in pages.items():
                if day < len(shown):
                    html = shown[day].encode()
                    page = captured(writer, f"http://{HOST}{place}", at, html)
                    store.keep(crawl, as_read(page, portal, html, reader))
                    store.tick()
            store.finish_crawl(crawl, finished_at=at, status="finished", reason="finished")
    return store.archive


@contextmanager
def filling(folder: Path) -> Iterator[tuple[Store, WarcWriter]]:
    """A new archive, to be written into; it is closed in good order."""
    archive = Archive(folder)
    archive.create()
    with Store(archive, generator="bench/1") as store:
        writer = WarcWriter(archive.warc_dir, prefix="halong", software="bench/1", info={})
        store.before_commit = writer.sync
        yield store, writer
        store.commit()
        writer.close()


def described_town(store: Store) -> Portal:
    """The bench's portal, described in an archive."""
    path = store.archive.portals_dir / f"{NAME}.toml"
    path.write_text(descriptor(HOST), encoding="utf-8")
    portal = load(path)
    store.put_portal(facts_of(portal))
    return portal


def town(articles: int) -> dict[str, list[str]]:
    """The articles of the bench's portal, each captured once."""
    face = Town(articles, host=HOST)
    return {face.path(story): [face.page(story)] for story in face.stories}


def archive_of_frozen(folder: Path, pages: Sequence[Frozen], times: int) -> Archive:
    """Each of the project's own pages as an article of a portal of its own, captured ``times``."""
    with filling(folder) as (store, writer):
        portals = [_described(store.archive, number, page) for number, page in enumerate(pages)]
        crawls = []
        for portal in portals:
            store.put_portal(facts_of(portal))
            crawls.append(store.begin_crawl(portal.name, started_at=_ago(times), options={}))
        for left in range(times, 0, -1):
            for page, portal, crawl in zip(pages, portals, crawls, strict=True):
                capture = captured(writer, page.url, _ago(left), page.html, PLAIN)
                store.keep(crawl, as_read(capture, portal, page.html, lambda found: found, PLAIN))
                store.tick()
    return store.archive


def _described(archive: Archive, number: int, page: Frozen) -> Portal:
    portal = page.portal
    path = archive.portals_dir / f"measured_{number}.toml"
    path.write_text(
        f"""
title_vi = "{portal.title_vi}"
title_en = "{portal.title_en}"
hosts = {json.dumps(portal.hosts)}
level = "{portal.level}"
province = "{portal.province}"
platform = "{portal.platform}"
seeds = {json.dumps(portal.seeds)}
""",
        encoding="utf-8",
    )
    return load(path)


def _ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def captured(
    writer: WarcWriter, url: str, at: str, html: bytes, media_type: str = UTF_8
) -> Capture:
    """A capture of a page, with its record."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode()
    place = writer.write_exchange(
        url, fetched_at=at, sent=b"GET / HTTP/1.1\r\n\r\n", received=head + html
    )
    return Capture(
        url, at, "static", 200, "text/html", place.payload_digest, place.file, place.offset,
        place.length,
    )  # fmt: skip


def as_read(
    capture: Capture, portal: Portal, html: bytes, reader: Reader, media_type: str = UTF_8
) -> Page:
    """What a page reads as, as a reader has it."""
    at = datetime.fromisoformat(capture.fetched_at)
    found = read(html, capture.url, portal=portal, captured_at=at,
                 headers={"content-type": media_type})  # fmt: skip
    article = None if isinstance(found, NotAnArticle) else reader(found)
    if article is None:
        return Page(portal.name, capture)
    return Page(portal.name, replace(capture, outcome="article"), article)
