"""What a server answered, taken from another archive's record, whatever that one did to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.foreign import Record
from archive.message import CodingError, body_start, decoded, digest, final, payload
from archive.warc import StoredResponse

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")


class AnswerError(Exception):
    """A record holds no answer that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a web server."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """As they stand in the record, without those of transfer and content coding."""
    body: bytes
    """Without transfer and content coding."""
    payload_digest: str
    """``sha1:`` and base32 over the body with its content coding, without the chunks."""

    @property
    def media_type(self) -> str | None:
        """What the server said it was, without parameters."""
        told = next((v for name, v in self.headers if name.lower() == "content-type"), "")
        return told.partition(";")[0].strip().lower() or None


def answer_again(stored: StoredResponse, payload_digest: str | None = None) -> Answer:
    """The answer a capture of this archive recorded."""
    headers = ((name, value) for name, value in stored.headers.items() if name not in _OF_CODING)
    return Answer(stored.status, tuple(headers), stored.body, payload_digest or "")


def answer_of(record: Record) -> Answer:
    """The answer a record holds. Raises :class:`AnswerError`.

    A ``resource`` (WARC 1.1, 6.4) has no head of a server: it was had, so its status is 200.
    """
    if record.kind != "resource":
        return read_answer(record.block)
    media_type = record.head.get("content-type", "application/octet-stream")
    return Answer(200, (("Content-Type", media_type),), record.block, digest(record.block))


def read_answer(block: bytes) -> Answer:
    """The answer a ``response`` record's block holds. Raises :class:`AnswerError`.

    Codings the body does not have are not believed: see :func:`archive.message.decoded`.
    """
    block = final(block)
    status = _STATUS.match(block)
    if status is None:
        raise AnswerError("it holds no answer of a web server")
    headers = _headers(block[: body_start(block)])
    body = payload(block)
    coding = next((v for name, v in reversed(headers) if name.lower() == "content-encoding"), "")
    plain = tuple(pair for pair in headers if pair[0].lower() not in _OF_CODING)
    try:
        return Answer(int(status[1]), plain, decoded(body, coding), digest(body))
    except CodingError as error:
        raise AnswerError(str(error)) from error


def is_coded(body: bytes, coding: str) -> bool:
    """Whether a body is in the content coding that its head names."""
    try:
        return decoded(body, coding) != body
    except CodingError:
        return True


def is_web(url: str) -> bool:
    """Whether a record is of a page of the web (others are of DNS, of a crawl's own log …)."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


_OF_CODING = ("transfer-encoding", "content-encoding")


def _headers(head: bytes) -> list[tuple[str, str]]:
    lines = head.decode("latin-1").splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip()]
