"""Asking public web archives: one request at a time, with pauses, as long as they wish."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from typing import TypeVar
from urllib.request import Request, build_opener

from halong_crawler import settings
from halong_crawler.failures import FAILURES, HORIZON, retry_after
from halong_crawler.fetching import AsTheyCome

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_BUSY = frozenset((429, 503))
_CHUNK = 64 * 1024
_SECONDS = 600.0
"""For an answer as a whole; the indexes of these archives take minutes on bad days."""


class AskError(Exception):
    """One question was not answered: a line that names address and reason."""


class SilentError(Exception):
    """An archive does not answer, or wants to be left alone for long: ask again later."""


class UnusableError(Exception):
    """An answer that is none: it is asked for again, as after a failure."""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, its body as it came."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of a name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def is_memento(self) -> bool:
        """Whether it is a capture shown again (RFC 7089, 2.1.1), its status that of the past."""
        return self.header("memento-datetime") is not None


class Asker:
    """Asks one thing at a time, ``delay`` seconds apart.

    After a failure it waits as :data:`halong_crawler.failures.FAILURES` has it, times ``patience``,
    or as long as the server asks for.
    """

    def __init__(self, *, delay: float, patience: float) -> None:
        self._delay = delay
        self._patience = patience
        self._last = 0.0
        self._silent = 0

    def ask(
        self, url: str, read: Callable[[Got], _T], *, headers: dict[str, str] | None = None
    ) -> _T:
        """What ``read`` makes of the answer. It raises :class:`UnusableError` for what is none.

        Raises :class:`AskError` after three failures, and :class:`SilentError` where three
        questions in a row failed, or the server wants to be left alone for more than an hour.
        """
        attempts = FAILURES["now"].attempts
        for attempt in range(1, attempts + 1):
            reason, kind, wish = "", "now", None
            try:
                got = self._once(url, headers or {})
                if got.is_memento or got.status not in (*_BUSY, 500, 502, 504):
                    found = read(got)
                    self._silent = 0
                    return found
                reason = f"status {got.status}"
                kind = "busy" if got.status in _BUSY else "now"
                wish = _wish(got)
            except (OSError, HTTPException, UnusableError) as error:
                reason = str(getattr(error, "reason", None) or error) or type(error).__name__
            if wish is not None and wish > HORIZON:
                raise SilentError(f"{url}: asks to be left alone for {wish:.0f} seconds")
            if attempt == attempts:
                break
            pause = FAILURES[kind].pause(attempt) * self._patience if wish is None else wish
            logger.warning("%s: %s; asked again after %.0f s", url, reason, pause)
            time.sleep(pause)
        self._silent += 1
        if self._silent >= attempts:
            raise SilentError(f"{url}: {reason}, and so were the questions before")
        raise AskError(f"{url}: {reason}")

    def _once(self, url: str, headers: dict[str, str]) -> Got:
        time.sleep(max(0.0, self._last + self._delay - time.monotonic()))
        # Packed for the way is what no archive's record says.
        sent = {"User-Agent": settings.USER_AGENT, "Accept-Encoding": "identity", **headers}
        try:
            with build_opener(AsTheyCome).open(
                Request(url, headers=sent),  # noqa: S310
                timeout=settings.DOWNLOAD_TIMEOUT,
            ) as response:
                return Got(url, response.status, tuple(response.headers.items()), _body(response))
        finally:
            self._last = time.monotonic()


def _wish(got: Got) -> float | None:
    value = got.header("retry-after")
    if value is None:
        return None
    return retry_after({b"Retry-After": value.encode("latin-1", "replace")}, datetime.now(UTC))


def _body(response: HTTPResponse) -> bytes:
    """The whole body. Raises :class:`UnusableError` where it breaks off or is too much."""
    body = bytearray()
    deadline = time.monotonic() + _SECONDS
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > settings.DOWNLOAD_MAXSIZE:
            raise UnusableError(f"larger than {settings.DOWNLOAD_MAXSIZE} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("it takes too long")
    told = response.headers.get("Content-Length")
    if told is not None and told.isdecimal() and len(body) < int(told):
        raise UnusableError(f"the answer broke off after {len(body)} of {told} bytes")
    return bytes(body)


__all__ = ["AskError", "Asker", "Got", "SilentError", "UnusableError"]
