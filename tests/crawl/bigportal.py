"""A made-up portal of any size with what makes real ones hard, served by a process of its own.

Every answer is made when it is asked for, so that a portal of a hundred thousand pages takes no
memory, and says something else each time: a counter, a clock, lists of other news.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from urllib.parse import quote

from bench.crawling.portal import descriptor as facts
from bench.crawling.portal import in_a_process
from halong_crawler.demo.files import pdf

NAME = "big"
LISTED = 20
"""Articles on a page of the listing."""
_SYLLABLES = re.findall(
    r"\S+",
    "phường tổ chức hội nghị tuyên truyền công tác phòng cháy chữa cho bà con nhân dân trên địa "
    "bàn khu phố trong dịp nghỉ lễ sắp tới thành ủy kiểm tra giám sát môi trường xây dựng nông "
    "thôn mới giao thông y tế học văn hóa ",
)
_ADDRESS = re.compile(
    r"/bai-p13n(?P<article>\d+)\.html|/tin-tuc-p13c1\.html(?:\?trang=(?P<listing>\d+))?$"
    r"|/gioi-thieu/trang-tin-(?P<page>\d+)\.html$|/tep/(?P<file>\d+)\.pdf$"
)


@dataclass(frozen=True)
class Big:
    """How much of everything there is."""

    articles: int
    pages: int = 0
    """Pages that are no articles, each with words of its own."""
    a_file_in: int = 500
    """Of so many articles one has a file."""
    still: bool = False
    """Every answer is always the same: no counter moves, and no clock."""

    @property
    def listings(self) -> int:
        """Pages of the listing."""
        return -(-self.articles // LISTED)

    def respond(self, path: str, asked: int) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer to the portal's request number ``asked``."""
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\n"
        asked = 0 if self.still else asked
        found = _ADDRESS.match(path)
        kind = found.lastgroup if found is not None else None
        number = int(found[kind]) if found is not None and kind is not None else 1
        if kind == "file":
            return 200, "application/pdf", pdf([[words(number, 9)]])
        if kind == "article" and number < self.articles:
            return 200, "text/html; charset=utf-8", self._article(number, path, asked)
        if kind == "page" and number < self.pages:
            return 200, "text/html; charset=utf-8", self._page(number, path, asked)
        if (found is None and path == "/") or (kind in ("listing", None) and found is not None):
            return 200, "text/html; charset=utf-8", self._listing(number, path, asked)
        return 404, "text/html; charset=utf-8", b"<p>404</p>"

    def _article(self, number: int, path: str, asked: int) -> bytes:
        title = words(number, 9)
        body = "".join(f"<p>{words(number * 7 + part, 60)}.</p>" for part in range(4))
        if number % self.a_file_in == 0:
            body += f"<p><a href='/tep/{number}.pdf'>Tệp đính kèm</a></p>"
        day = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{2010 + number * 13 // self.articles}"
        other = [(number * 5 + step + asked) % self.articles for step in range(5)]
        return _html(
            title, path, asked,
            f"<div class='detail-news'><h1 class='title-detail'>{title}</h1>"
            f"<span class='date'>{day} 08:15</span><div class='sapo'>{words(number + 3, 25)}.</div>"
            f"<div class='content-detail'>{body}</div></div>"
            f"<div class='tin-khac'>{''.join(map(_link, other))}{self._beside(number)}</div>",
        )  # fmt: skip

    def _page(self, number: int, path: str, asked: int) -> bytes:
        title = words(number, 5)
        return _html(title, path, asked, f"<h1>{title}</h1><p>{words(number * 3, 30)}.</p>")

    def _beside(self, number: int) -> str:
        if not self.pages:
            return ""
        return f"<a href='/gioi-thieu/trang-tin-{number % self.pages}.html'>Giới thiệu</a>"

    def _listing(self, number: int, path: str, asked: int) -> bytes:
        first = (number - 1) * LISTED
        rows = "".join(map(_link, range(first, min(first + LISTED, self.articles))))
        near = {1, self.listings, *range(number - 2, number + 3)}
        pager = "".join(
            f"<a href='/tin-tuc-p13c1.html?trang={page}'>{page}</a>"
            for page in sorted(near) if 1 <= page <= self.listings
        )  # fmt: skip
        return _html("Tin tức", path, asked, f"<h1>Tin tức</h1>{rows}<div>{pager}</div>")


def words(number: int, count: int) -> str:
    """Words that differ from those of any other number below a quarter of a million."""
    base = len(_SYLLABLES)
    first = [number % base, number // base % base, number // base**2 % base, number // base**3]
    more = ((number * (place + 3) + place * place) % base for place in range(count - len(first)))
    return " ".join(_SYLLABLES[place % base] for place in (*first, *more)).capitalize()


def _link(number: int) -> str:
    return f"<li><a href='/bai-p13n{number}.html'>{words(number, 9)}</a></li>"


def _html(title: str, path: str, asked: int, content: str) -> bytes:
    """A page with the product's traps: sessions, languages, a way in that comes back here."""
    back = quote(path, safe="")
    bare = path.partition("?")[0]
    traps = (f"/dang-nhap.html?ReturnUrl={back}", f"{bare};jsessionid={asked:08X}",
             f"{bare}/en", f"{bare}?redirect={back}", f"/(S({asked:08x})){path}")  # fmt: skip
    links = "".join(f"<a href='{href}'>{place}</a>" for place, href in enumerate(traps))
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body>"
        f"<a href='/'>Trang chủ</a> <a href='/tin-tuc-p13c1.html'>Tin tức</a>{content}"
        f"<p>Lượt xem: {asked} · {time.strftime('%H:%M:%S') if asked else ''}</p>{links}"
        "</body></html>"
    ).encode()


class _Answers(asyncio.Protocol):
    """Requests one after the other over a connection that stays open."""

    def __init__(self, portal: Big, asked: Synchronized[int]) -> None:
        self.portal = portal
        self.asked = asked
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while b"\r\n\r\n" in self.heard:
            head, _, self.heard = self.heard.partition(b"\r\n\r\n")
            self.asked.value += 1
            path = head.split(b" ", 2)[1].decode()
            status, media_type, body = self.portal.respond(path, self.asked.value)
            self.transport.write(
                b"HTTP/1.1 %d OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
                % (status, media_type.encode(), len(body), body)
            )


def _serve(portal: Big, asked: Synchronized[int], told: Connection) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Answers(portal, asked), "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def served(portal: Big) -> Iterator[tuple[str, Synchronized[int]]]:
    """The portal's ``host:port`` while the block lasts, and how often it was asked."""
    asked = multiprocessing.Value("q", 0)
    with in_a_process(_serve, portal, asked) as host:
        yield host, asked  # type: ignore[misc]


def descriptor(host: str) -> str:
    """The facts of the portal."""
    return facts(host, "Cổng lớn", "Big portal")
