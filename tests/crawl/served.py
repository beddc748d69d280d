"""A small server of given pages on loopback; as a forward proxy it answers for any host."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from typing import Self


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: str | None = None
    """Content-Length as it is claimed, where that is not the body's."""
    drip: float | None = None
    """The body again and again, so many seconds apart, without an end."""


class Running:
    """A server that answers in a thread of its own while the ``with`` block lasts."""

    _server: BaseServer

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Served(Running):
    """Answers ``pages``: path (or, asked as a proxy, whole URL) → answers; 404 for all others."""

    def __init__(
        self,
        pages: Mapping[str, Answer | list[Answer]],
        *,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.times: list[tuple[float, str]] = []
        """When (Unix time) each path was asked for."""
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.asked.append(self.path)
                served.times.append((time.time(), self.path))
                answer = served.answer(self.path)
                self.send_response(answer.status)
                headers = {"Content-Type": "text/html; charset=UTF-8", **answer.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                if answer.drip is None:
                    self.send_header("Content-Length", answer.length or str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
                while answer.drip is not None:
                    time.sleep(answer.drip)
                    self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.host = f"127.0.0.1:{self.port}"

    def answer(self, path: str) -> Answer:
        """What a path answers now: of a list each in turn, and the last from then on."""
        found = self.pages.get(path, Answer(status=404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


def descriptor(host: str, *, seed: str = "/", platform: str = "halong_cms") -> str:
    """The facts of a small portal at ``host``."""
    return f"""
title_vi = "Cổng thử"
title_en = "Test portal"
hosts = ["{host}"]
level = "commune"
province = "Quảng Ninh"
platform = "{platform}"
seeds = ["http://{host}{seed}"]
[politeness]
delay = 0.0
"""


def article_page(title: str, *, links: str = "", more: str = "") -> bytes:
    """An article of the Hạ Long product, with 400 letters of body and ``more`` below them."""
    text = f"Sáng nay, hội nghị về {title.lower()} đã diễn ra với sự tham gia của đông đảo bà con. "
    body = "".join(f"<p>{text}</p>" for _ in range(4))
    return (
        f"<html><head><title>{title}</title></head><body><div class='detail-news'>"
        f"<h1 class='title-detail'>{title}</h1><div class='content-detail'>{body}{more}</div></div>"
        f"{links}</body></html>"
    ).encode()
