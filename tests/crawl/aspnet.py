"""A portal on ASP.NET as strict as the real one: its listing is turned by postbacks alone.

Every page carries a signed ``__VIEWSTATE`` (which page it is, whose session, a nonce) and an
``__EVENTVALIDATION`` that lists what this very page offers to be pressed. A POST with another
state, of another session, for a target that was not offered, or without the form's other fields is
answered with 500, as ASP.NET does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.crawl.served import Running

A_PAGE = 10
A_GROUP = 10
LISTING = "/Default.aspx?tabid=119"
WORDS = ("lúa", "cá", "rừng", "biển", "đường", "trường", "chợ", "cầu", "điện", "nước")


def title(number: int) -> str:
    """Two pages that differ in their numbers alone are one to the crawl; so it is spelled out."""
    return "Hội nghị " + " ".join(WORDS[int(digit)] for digit in f"{number:04}")


@dataclass
class AspNet:
    """Articles by number, newest first."""

    items: list[int]
    style: str = "grid"
    """How pages are turned: ``grid`` (GridView), ``rad`` (RadGrid's numbers), ``image`` (a button),
    ``endless`` (a button that the last page has too)."""
    padding: int = 20_000
    """Characters of the state that say nothing; real ones have 100 KB."""
    charset: str = "utf-8"
    unit: str = "Sở Nội vụ & Đoàn thể"
    """The default of the form's list, which must come back as the page has it."""
    on_page: dict[int, Callable[[], None]] = field(default_factory=dict)
    """Page → what happens when it is first asked for, before it is made."""
    lost: dict[int, list[str]] = field(default_factory=dict)
    """Page → how its next requests lose their state, one each: a status, ``first``, ``redirect``,
    ``login``; ``closed``: they keep it and get no answer."""
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path (or ``page N``) and status of each request."""
    key: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    lock: threading.Lock = field(default_factory=threading.Lock)

    # What a test wants to know

    def articles(self) -> list[int]:
        """The articles that were asked for, in order."""
        paths = [path for _, path, _ in self.asked if "/articleid/" in path]
        return [_number(path) for path in paths]

    def pages(self) -> list[int]:
        """The pages of the listing that were shown, in order."""
        shown = [path for _, path, status in self.asked if path.startswith("page ")
                 and status == 200]  # fmt: skip
        return [int(path.removeprefix("page ")) for path in shown]

    # Answers

    def get(self, path: str, session: str | None) -> tuple[int, str, dict[str, str]]:
        if path == LISTING:
            session = session or secrets.token_hex(8)
            headers = {"Set-Cookie": f"ASP.NET_SessionId={session}; path=/; HttpOnly",
                       "ETag": f'"{secrets.token_hex(4)}"'}  # fmt: skip
            return self._log("GET", "page 1", 200, self._page(1, session), headers)
        if "/articleid/" in path:
            number = _number(path)
            if number not in self.items:
                return self._log("GET", path, 404, "")
            return self._log("GET", path, 200, _article(number))
        return self._log("GET", path, 200 if path == "/" else 404, _home())

    def post(
        self, path: str, fields: dict[str, str], session: str | None, headers: Any
    ) -> tuple[int, str, dict[str, str]]:
        page = self._wanted(fields, session)
        if path != LISTING or page is None or "If-None-Match" in headers:
            return self._log("POST", path, 500, "Validation of viewstate MAC failed.")
        self.on_page.pop(page, lambda: None)()
        how = self.lost.get(page)
        if how:
            return self._lose(how.pop(0), page, session or "")
        return self._log("POST", f"page {page}", 200, self._page(page, session or ""))

    def _lose(self, how: str, page: int, session: str) -> tuple[int, str, dict[str, str]]:
        if how == "closed":
            return self._log("POST", f"unheard {page}", 0, "")
        self.key = secrets.token_bytes(16)
        if how == "first":
            return self._log("POST", f"lost {page}", 200, self._page(1, session))
        if how == "redirect":
            return self._log("POST", f"lost {page}", 302, "", {"Location": "/loi.aspx"})
        if how == "login":
            form = "<form><input name=u><input type=password name=p></form>"
            return self._log(
                "POST",
                f"lost {page}",
                200,
                f"<html><title>Đăng nhập</title><h1>Đăng nhập</h1>{form}</html>",
            )
        return self._log("POST", f"lost {page}", int(how), "Validation of viewstate MAC failed.")

    def _log(
        self, method: str, path: str, status: int, body: str, headers: dict[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        self.asked.append((method, path, status))
        return status, body, headers or {}

    def _wanted(self, fields: dict[str, str], session: str | None) -> int | None:
        """The page a form asks for; None if the form is not one of ours, whole and unchanged."""
        state = self._opened(fields.get("__VIEWSTATE", ""))
        offered = self._opened(fields.get("__EVENTVALIDATION", ""))
        if state is None or offered is None or state["nonce"] != offered["nonce"]:
            return None
        if state["session"] != session or fields.get("ctl00$donvi") != self.unit:
            return None
        if fields.get("ctl00$loc") != "là" or "ctl00$tat" in fields or "ctl00$tim" in fields:
            return None
        pressed = (fields.get("__EVENTTARGET", ""), fields.get("__EVENTARGUMENT", ""))
        if "ctl00$sau.x" in fields and "ctl00$sau.y" in fields:
            pressed = ("ctl00$sau", "")
        pages = {(target, argument): page for target, argument, page in offered["presses"]}
        return pages.get(pressed)

    # Pages

    @property
    def last(self) -> int:
        return max(1, -(-len(self.items) // A_PAGE))

    def _page(self, page: int, session: str) -> str:
        page = min(page, self.last)
        here = self.items[(page - 1) * A_PAGE : page * A_PAGE]
        rows = "".join(
            f"<div class='article in_list'><h2><a href='/tin-tuc/articleid/{n}/tin-so-{n}'>"
            f"{title(n)}</a></h2></div>"
            for n in here
        )
        presses: list[tuple[str, str, int]] = []
        pager = getattr(self, f"_{self.style}")(page, presses)
        nonce = secrets.token_hex(8)
        state = {"page": page, "session": session, "nonce": nonce, "fill": "0" * self.padding}
        offered = {"nonce": nonce, "presses": presses}
        return f"""<!DOCTYPE html><html><head><meta charset="{self.charset}">
<meta name="generator" content="DotNetNuke"><title>Tin tức</title></head><body>
<form method="post" action=".{LISTING.replace("&", "&amp;")}" id="Form">
<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT">
<input type="hidden" name="__VIEWSTATE" value="{self._sealed(state)}">
<input type="hidden" name="__EVENTVALIDATION" value="{self._sealed(offered)}">
<select name="ctl00$donvi"><option>Tất cả</option><option selected>{self.unit.replace("&", "&amp;")}
</option></select><input type="text" name="ctl00$loc" value="là">
<input type="checkbox" name="ctl00$tat"><input type="submit" name="ctl00$tim" value="Tìm">
<h1>Tin tức</h1><div class="eds_subCollection_news">{rows}</div>{pager}
</form></body></html>"""

    def _numbers(self, page: int) -> tuple[range, int | None, int | None]:
        """The group of numbers a page shows, and where "..." before and after it lead."""
        first = (page - 1) // A_GROUP * A_GROUP + 1
        group = range(first, min(first + A_GROUP, self.last + 1))
        return group, first - 1 or None, group.stop if group.stop <= self.last else None

    def _grid(self, page: int, presses: list[tuple[str, str, int]]) -> str:
        def link(number: int, text: str) -> str:
            presses.append(("ctl00$grid", f"Page${number}", number))
            return (
                f'<td><a href="javascript:__doPostBack(&#39;ctl00$grid&#39;,'
                f'&#39;Page${number}&#39;)">{text}</a></td>'
            )

        group, before, after = self._numbers(page)
        cells = [link(before, "...")] if before else []
        cells += [f"<td><span>{n}</span></td>" if n == page else link(n, str(n)) for n in group]
        cells += [link(after, "...")] if after else []
        return f"<table><tr class='pager'>{''.join(cells)}</tr></table>"

    def _rad(self, page: int, presses: list[tuple[str, str, int]]) -> str:
        # The targets are counted on each page anew: only what stands there says where they lead.
        def link(number: int, text: str) -> str:
            target = f"ctl00$rad$ctl00$ctl03$ctl01$ctl{len(presses) + 5:02}"
            presses.append((target, "", number))
            return f"<a href=\"javascript:__doPostBack('{target}','')\"><span>{text}</span></a>"

        group, before, after = self._numbers(page)
        parts = [link(before, "...")] if before else []
        parts += [
            f"<a class='rgCurrentPage' onclick='return false;' href='#'><span>{n}</span></a>"
            if n == page else link(n, str(n)) for n in group
        ]  # fmt: skip
        parts += [link(after, "...")] if after else []
        return f"<div class='rgWrap rgNumPart'>{''.join(parts)}</div>"

    def _image(self, page: int, presses: list[tuple[str, str, int]]) -> str:
        if page == self.last:
            return "<input type='image' name='ctl00$sau' class='sau' src='n.gif' disabled>"
        presses.append(("ctl00$sau", "", page + 1))
        return "<input type='image' name='ctl00$sau' class='sau' src='n.gif' alt='Trang sau'>"

    def _endless(self, page: int, presses: list[tuple[str, str, int]]) -> str:
        presses.append(("ctl00$sau", "", page + 1))
        return "<input type='image' name='ctl00$sau' class='sau' src='n.gif' alt='Trang sau'>"

    # The server's seal

    def _sealed(self, value: object) -> str:
        text = base64.b64encode(json.dumps(value).encode())
        return (text + b"." + self._mac(text)).decode()

    def _opened(self, text: str) -> Any:
        body, _, mac = text.encode().rpartition(b".")
        if not hmac.compare_digest(mac, self._mac(body)):
            return None
        return json.loads(base64.b64decode(body))

    def _mac(self, text: bytes) -> bytes:
        return base64.b64encode(hmac.digest(self.key, text, hashlib.sha1))


def _number(path: str) -> int:
    return int(path.partition("/articleid/")[2].partition("/")[0])


def _home() -> str:
    return f"<html><title>Trang chủ</title><h1>Trang chủ</h1><a href='{LISTING}'>Tin tức</a></html>"


def _article(number: int) -> str:
    text = f"Sáng nay, {title(number).lower()} đã diễn ra với sự tham gia của đông đảo bà con. "
    body = "".join(f"<p>{text}</p>" for _ in range(4))
    return (
        f"<html><head><title>{title(number)}</title></head><body><div class='eds_articleDetails'>"
        f"<h1 class='edn_articleTitle'>{title(number)}</h1>"
        f"<div class='edn_articleContent'>{body}</div></div></body></html>"
    )


class Serving(Running):
    """Serves a portal on loopback while the ``with`` block lasts."""

    def __init__(self, portal: AspNet) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with portal.lock:
                    self._answer(*portal.get(self.path, self._session()))

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
                pairs = parse_qs(text, keep_blank_values=True, encoding=portal.charset)
                fields = {name: values[-1] for name, values in pairs.items()}
                with portal.lock:
                    self._answer(*portal.post(self.path, fields, self._session(), self.headers))

            def _session(self) -> str | None:
                cookie = self.headers.get("Cookie", "")
                return cookie.partition("ASP.NET_SessionId=")[2].partition(";")[0] or None

            def _answer(self, status: int, body: str, headers: dict[str, str]) -> None:
                if status == 0:  # the connection is closed, and no answer comes
                    return
                content = body.encode(portal.charset, "xmlcharrefreplace")
                self.send_response(status)
                kind = f"text/html; charset={portal.charset}"
                for name, value in {"Content-Type": kind, **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.host = f"127.0.0.1:{self._server.server_port}"


def descriptor(host: str, *declared: str) -> str:
    """The portal's facts; ``declared`` are further lines of its postback."""
    assert urlsplit(f"http://{host}{LISTING}").query
    lines = "\n".join(declared)
    return f"""
title_vi = "Cổng thử"
title_en = "Test portal"
hosts = ["{host}"]
level = "department"
province = "Quảng Ninh"
platform = "dotnetnuke"
seeds = ["http://{host}/"]
[[postbacks]]
listing = "http://{host}{LISTING}"
{lines}
[politeness]
delay = 0.0
"""
