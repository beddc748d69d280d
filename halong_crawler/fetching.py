"""Fetching outside a crawl: one answer, bounded in time and size, kept nowhere.

A crawl asks through Scrapy, on record. ``halong probe`` and ``halong portal add`` only look; they
ask here, as the same honest User-Agent.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import (
    HTTPErrorProcessor,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from halong_crawler import settings
from halong_crawler.discovery.urls import spell

LARGEST = 32 * 1024 * 1024
"""Bytes of an answer; what comes after them is left unread."""

HOPS = 5
"""How many redirects are followed."""

_CHUNK = 64 * 1024
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))


class FetchError(Exception):
    """No answer: one line that names the address and the reason."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{url}: no answer ({reason})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, whatever its status."""

    url: str
    """The address that answered: the last one where redirects were followed."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a name that comes twice the last."""
    body: bytes
    """Unpacked, and at most as long as was allowed."""
    hops: tuple[str, ...] = ()
    """The addresses that redirected here, in order."""

    @property
    def media_type(self) -> str:
        """The type the server names, without its parameters; empty if it names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def goal(self) -> str | None:
        """Where a redirect leads."""
        location = self.headers.get("location")
        return urljoin(self.url, location) if 300 <= self.status < 400 and location else None


class AsTheyCome(HTTPErrorProcessor):
    """Leaves redirects and errors as they are: they are answers too."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002
        """The answer, whatever its status."""
        return response

    https_response = http_response


def fetch(
    url: str,
    *,
    timeout: float = settings.DOWNLOAD_TIMEOUT,
    largest: int = LARGEST,
    hops: int = HOPS,
    ca: Path | None = None,
) -> Answer:
    """Ask for a URL and follow its redirects, ``hops`` of them at most.

    ``timeout`` is in seconds, for each answer as a whole: a server that sends a byte a second does
    not hold us up. ``ca`` is a PEM file of certificates trusted beside the system's. Raises
    :class:`FetchError`.
    """
    opener = build_opener(AsTheyCome, *([_trusting(ca)] if ca is not None else []))
    passed: list[str] = []
    while True:
        answer = _once(url, timeout, largest, opener)
        goal = answer.goal
        if goal is None or len(passed) == hops:
            return replace(answer, hops=tuple(passed))
        passed.append(answer.url)
        url = goal


def _trusting(ca: Path) -> HTTPSHandler:
    trust = ssl.create_default_context()
    trust.load_verify_locations(ca)
    # As a crawl has it: a certificate that is named is trusted, whatever it was issued by.
    trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return HTTPSHandler(context=trust)


def _once(url: str, timeout: float, largest: int, opener: OpenerDirector) -> Answer:
    address = spell(url)
    if address is None:
        raise FetchError(url, "no http or https address of a host")
    headers = {**settings.DEFAULT_REQUEST_HEADERS, "User-Agent": settings.USER_AGENT}
    request = Request(address.url, headers=headers)  # noqa: S310
    deadline = time.monotonic() + timeout
    try:
        with opener.open(request, timeout=timeout) as response:
            body = _read(response, deadline, largest)
            named = {name.lower(): value for name, value in response.headers.items()}
            return Answer(address.url, response.status, named, _unpacked(body, named, largest))
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(url, _reason(error)) from error


def _read(response: HTTPResponse, deadline: float, largest: int) -> bytes:
    body = bytearray()
    while len(body) < largest and (chunk := response.read1(_CHUNK)):
        body += chunk
        if time.monotonic() > deadline:
            raise TimeoutError("it takes too long")
    return bytes(body[:largest])


def _unpacked(body: bytes, headers: Mapping[str, str], largest: int) -> bytes:
    """Without the packing the headers name; as it came where it is none."""
    if headers.get("content-encoding", "").strip().lower() not in _PACKED:
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, largest)
    except zlib.error:
        return body


def _reason(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate: {reason.verify_message}"
    if isinstance(reason, ssl.SSLError) and reason.reason:
        return f"TLS: {reason.reason.lower().replace('_', ' ')}"
    return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__
