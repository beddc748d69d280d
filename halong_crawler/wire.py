"""The bytes of an exchange as they went over the wire, below HTTP's rules and above TLS.

Scrapy gives a response whose head is taken apart and whose framing is undone. An archive of record
keeps the message itself: status line, the case and order of headers, chunks, trailers. So the
protocol that Scrapy's handler speaks tells what it sent and what came, bound to the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import NotSupported

from halong_crawler.tls import ExtraTrust, policy

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred


class Exchange:
    """One request and its answer, growing while they are under way."""

    def __init__(self) -> None:
        self._sent: list[bytes] = []
        self._received: list[bytes] = []

    @property
    def sent(self) -> bytes:
        """The request: its line, headers and body."""
        return b"".join(self._sent)

    @property
    def received(self) -> bytes:
        """The answer, from its status line to the last byte of its body (and trailers)."""
        return b"".join(self._received)

    def send(self, data: bytes) -> None:
        """Note bytes that go out."""
        self._sent.append(data)

    def receive(self, data: bytes) -> None:
        """Note bytes that came."""
        self._received.append(data)

    def give_back(self, count: int) -> None:
        """Forget the last bytes: they came after the answer's end, and are none of it."""
        whole = self.received
        self._received = [whole[: len(whole) - count]]


class _Told:
    """A transport that tells what is written to it; all else is the transport's own."""

    def __init__(self, transport: Any, exchange: Exchange) -> None:
        self._transport = transport
        self._exchange = exchange

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._exchange.send(data)
        self._transport.write(data)

    def writeSequence(self, parts: Iterable[bytes]) -> None:  # noqa: N802  # Twisted's name
        self.write(b"".join(parts))


class _Telling(http11._LenientHTTP11ClientProtocol):
    """Scrapy's HTTP/1.1 protocol; each answer carries its exchange."""

    _exchange: Exchange | None = None
    latest: Exchange | None = None
    """The exchange of the connection whose answer is being announced."""

    def request(self, request: Any) -> Deferred[Any]:
        exchange = self._exchange = Exchange()
        write_to = request.writeTo
        request.writeTo = lambda transport: write_to(_Told(transport, exchange))
        answered = super().request(request)

        def announce(response: Any) -> Any:
            # What Scrapy does with the head follows at once, in the same call.
            _Telling.latest = exchange
            return response

        return answered.addCallback(announce)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  # Twisted's name
        if self._exchange is not None:
            self._exchange.receive(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> Any:  # noqa: N802  # Twisted's name
        if rest and self._exchange is not None:
            self._exchange.give_back(len(rest))
        return super()._finishResponse(rest)


class _TellingFactory(http11._LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Telling:  # noqa: ARG002, N802  # Twisted's name
        return _Telling(self._quiescentCallback)  # type: ignore[no-untyped-call]


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's handler with the certificates of the portal's descriptor. It leaves the
    :class:`Exchange` of each request in ``request.meta["wire"]``."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if self._pool._factory is not http11._LenientHTTP11ClientFactory:
            raise NotSupported("this Scrapy makes its connections otherwise; install 2.19")
        self._pool._factory = _TellingFactory
        ca: Path | None = crawler.spider.portal.tls.ca  # type: ignore[union-attr]
        if ca is not None:
            self._contextFactory = policy(ExtraTrust(ca))
        crawler.signals.connect(_bind, signals.headers_received)


def _bind(request: Request) -> None:
    request.meta["wire"] = _Telling.latest
