"""A small portal that knows validators, and that a test edits, turns and takes apart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from archive.place import Archive
from tests.crawl.conftest import Rows
from tests.crawl.quick import quick
from tests.crawl.served import Running, article_page, descriptor

A_PAGE = 10
"""Articles on a page of the listing."""


@dataclass
class Portal:
    """Articles by number, newest first on ``/tin``; every answer is made anew."""

    articles: dict[int, str] = field(default_factory=dict)
    """Number → title; the text follows from it."""
    status: dict[int, int] = field(default_factory=dict)
    """Number → what its page answers instead of 200."""
    moved: dict[str, str] = field(default_factory=dict)
    """Path → where it sends for good."""
    unlisted: set[int] = field(default_factory=set)
    etags: bool = True
    stale_etags: bool = False
    """Every article has one ETag for ever."""
    weak: bool = False
    lastmod: dict[int, str] = field(default_factory=dict)
    says: str = ""
    """What each page of the listing says of its size; ``{total}`` stands for the number."""
    asked: list[tuple[str, str | None, int]] = field(default_factory=list)
    """Path, If-None-Match and status of each request."""
    seen: int = 0
    """Answers so far: the counter that every page prints."""
    host: str = ""

    def path(self, number: int) -> str:
        return f"/tin-so-{number}-p13n{number}.html"

    def respond(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        self.seen += 1
        if path in self.moved:
            return 301, b"", {"Location": self.moved[path]}
        if "p13n" in path:
            return self._of_article(int(path.rpartition("p13n")[2].removesuffix(".html")))
        if path == "/":
            return 200, self._page("Trang chủ", "<a href='/tin-p13c1.html'>Tin tức</a>"), {}
        if path.startswith("/tin-p13c1.html"):
            return 200, self._listing(path), {}
        if path == "/sitemap.xml" and self.lastmod:
            return 200, self._sitemap(), {"Content-Type": "text/xml"}
        return 404, b"", {}

    def _of_article(self, number: int) -> tuple[int, bytes, dict[str, str]]:
        if number in self.status or number not in self.articles:
            return self.status.get(number, 404), b"gone", {}
        return 200, self._article(number), self._tag(number)

    def _tag(self, number: int) -> dict[str, str]:
        if not self.etags:
            return {}
        title = "" if self.stale_etags else self.articles[number]
        digest = hashlib.sha1(f"{number}{title}".encode()).hexdigest()
        return {"ETag": f'{"W/" if self.weak else ""}"{digest}"'}

    def _article(self, number: int) -> bytes:
        related = sorted(self.articles, reverse=True)[:3]
        links = "".join(f"<a href='{self.path(n)}'>{self.articles[n]}</a> " for n in related)
        # A counter, a clock and a list of other news: none of them is the article's.
        around = f"<p>Lượt xem: {self.seen} · {datetime.now(UTC):%H:%M:%S.%f}</p>{links}"
        return article_page(self.articles[number], links=around)

    def _listing(self, path: str) -> bytes:
        page = int(path.partition("page=")[2] or 1)
        shown = sorted(set(self.articles) - self.unlisted, reverse=True)
        here = shown[(page - 1) * A_PAGE : page * A_PAGE]
        links = "".join(f"<p><a href='{self.path(n)}'>{self.articles[n]}</a></p>" for n in here)
        if page * A_PAGE < len(shown):
            links += f"<a rel='next' href='/tin-p13c1.html?page={page + 1}'>Trang sau</a>"
        return self._page("Tin tức", links + self.says.format(total=len(self.articles)))

    def _page(self, title: str, links: str) -> bytes:
        return (
            f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{links}"
            f"<p>Đang trực tuyến: {self.seen}</p></body></html>"
        ).encode()

    def _sitemap(self) -> bytes:
        urls = "".join(
            f"<url><loc>http://{self.host}{self.path(n)}</loc><lastmod>{day}</lastmod></url>"
            for n, day in self.lastmod.items()
        )
        return f"<urlset>{urls}</urlset>".encode()


class Changing(Running):
    """Serves a portal while the ``with`` block lasts, and crawls it on any day."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal = portal
        self.archive = Archive(folder / "archive")
        self.archive.create()
        self.rows = Rows(self.archive)
        self._server = _server(portal)
        portal.host = f"127.0.0.1:{self._server.server_port}"
        text = descriptor(portal.host)
        if portal.lastmod:
            text = text.replace(
                "[politeness]", f'sitemaps = ["http://{portal.host}/sitemap.xml"]\n[politeness]'
            )
        (self.archive.portals_dir / "small.toml").write_text(text, "utf-8")

    def crawl(self, day: str, *words: str, code: int = 0) -> list[str]:
        """Crawl on a day (or at a time); the paths that were asked for."""
        self.portal.asked.clear()
        self.said = quick(
            "crawl", "small", *words, archive=self.archive, code=code, env={"HALONG_NOW": day}
        )
        return [path for path, _, _ in self.portal.asked if path != "/robots.txt"]

    def articles(self, day: str, *words: str) -> list[int]:
        """The numbers of the articles a crawl asked for."""
        asked = self.crawl(day, *words)
        return [int(p.rpartition("p13n")[2].removesuffix(".html")) for p in asked if "p13n" in p]


def _server(portal: Portal) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body, headers = portal.respond(self.path)
            wanted = self.headers.get("If-None-Match")
            if status == 200 and wanted is not None and wanted == headers.get("ETag"):
                status, body = 304, b""
            portal.asked.append((self.path, wanted, status))
            self.send_response(status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
