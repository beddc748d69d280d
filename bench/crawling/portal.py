"""A made-up portal of any size, built as the city's CMS builds its pages, and its server."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

from tests.learning.faces import OFFICES, Face, menu, paragraphs, when
from tests.learning.grammar import TOPICS, Story

NAME = "bench_town"
LISTED = 20
"""Articles on one page of a listing."""


class Town(Face):
    """Articles as halongcity.gov.vn has them, with menus, pictures and script as heavy as real."""

    name = NAME

    def path(self, story: Story) -> str:
        """Where the story stands."""
        return f"/{story.slug}-p13n{story.number}.html"

    def page(self, story: Story) -> str:
        """The story's page."""
        lead = f"<div class='sapo'>{escape(story.lead)}</div>" if story.lead else ""
        date = f"<span class='date'>{when(story)}</span>" if story.at else ""
        author = f"<p style='text-align:right'><b>{story.author}</b></p>" if story.author else ""
        text = paragraphs(
            story, "<p style='text-align:justify'>{}</p>",
            "<p style='text-align:center'><img src='/ckfinder/userfiles/images/a.jpg'></p>"
            "<p style='text-align:center'><em>{}</em></p>",
        )  # fmt: skip
        more = "".join(f"<li>{self.link(s)} <i>({when(s)})</i></li>" for s in self.others(story))
        return f"""<!DOCTYPE html><html><head><title>{escape(story.title)} - {self.site}</title>
<meta property="og:title" content="{escape(story.title)}"></head><body>
<div class="menu-chinh">{menu()}</div>
<div class="breadcrumb"><a href="/">Trang chủ</a> » <a href="/muc/1">{story.topic}</a></div>
<div class="detail-news"><h1 class="title-detail">{escape(story.title)}</h1>{date}
<span class="luot-xem">Lượt xem: {story.views}</span>{lead}
<div class="content-detail">{text}{author}</div>
<div class="tin-khac"><h3>Tin tức khác</h3><ul>{more}</ul></div></div>
<div class="chan-trang">Bản quyền thuộc UBND xã Ví Dụ. Điện thoại: 0203 3999 999.</div>
</body></html>"""

    def pages(self) -> dict[str, bytes]:
        """Every article, the listing's pages, and the sections that the menu leads to."""
        found = {self.path(story): self.page(story).encode() for story in self.stories}
        count = -(-len(self.stories) // LISTED)
        for number in range(1, count + 1):
            found[f"/danh-sach/trang-{number}"] = self._list(number).encode()
        found["/"] = self._list(1).encode()
        for topic in range(len(TOPICS)):
            found[f"/muc/{topic}"] = self._list(topic % count + 1).encode()
            for office in range(len(OFFICES)):
                found[f"/muc/{topic}/{office}"] = self._list(office % count + 1).encode()
        found["/robots.txt"] = b"User-agent: *\nDisallow: /quan-tri\n"
        return found

    def _list(self, number: int) -> str:
        return self.listing(number, LISTED).replace("<body>", f"<body>{menu()}")


def _serve(pages: dict[str, bytes], told: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=UTF-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(server.server_port)
    server.serve_forever()


@contextmanager
def served(articles: int) -> Iterator[str]:
    """The portal at a port of this machine, in a process of its own; its ``host:port``."""
    with in_a_process(_serve, Town(articles).pages()) as host:
        yield host


@contextmanager
def in_a_process(serve: Callable[..., None], *facts: object) -> Iterator[str]:
    """A server in a process of its own; its ``host:port``.

    ``serve`` gets the facts and a connection, tells its port through that and serves for ever.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(*facts, theirs), daemon=True)
    process.start()
    try:
        yield f"127.0.0.1:{ours.recv()}"
    finally:
        process.kill()
        process.join()


def descriptor(host: str, title_vi: str = Town.site, title_en: str = "Ví Dụ commune") -> str:
    """The facts of the portal."""
    return f"""
title_vi = "{title_vi}"
title_en = "{title_en}"
hosts = ["{host}"]
level = "commune"
province = "Quảng Ninh"
platform = "halong_cms"
seeds = ["http://{host}/"]
[politeness]
delay = 0.0
concurrency = 8
"""
