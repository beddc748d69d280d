"""What a server answered, taken from another archive's record, whatever that one did to it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from warcio.bufferedreaders import ChunkedDataReader

_HEAD_END = re.compile(rb"\r?\n\r?\n")
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


def read_answer(block: bytes) -> Answer:
    """The answer a ``response`` record's block holds. Raises :class:`AnswerError`.

    A header that names a coding the body does not have is not believed: Common Crawl and browsers'
    recorders store the body decoded, some of them with the header as it was.
    """
    status = _STATUS.match(block)
    if status is None:
        raise AnswerError("it holds no answer of a web server")
    ends = _HEAD_END.search(block)
    head, body = (block[: ends.start()], block[ends.end() :]) if ends is not None else (block, b"")
    headers = _headers(head)
    named = {name.lower(): value.lower() for name, value in headers}
    if "chunked" in named.get("transfer-encoding", ""):
        body = ChunkedDataReader(io.BytesIO(body)).read()
    plain = tuple(pair for pair in headers if pair[0].lower() not in _OF_CODING)
    decoded = _decoded(body, named.get("content-encoding", ""))
    return Answer(int(status[1]), plain, decoded, digest(body))


def digest(data: bytes) -> str:
    """SHA-1 as web archives write it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"  # noqa: S324


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


def _decoded(body: bytes, coding: str) -> bytes:
    for name in reversed([part.strip() for part in coding.split(",") if part.strip()]):
        if not body:
            return body
        if name not in _CODINGS:
            raise AnswerError(f"its content coding {name} is not known")
        try:
            body = _CODINGS[name](body)
        except (OSError, EOFError, zlib.error) as error:
            raise AnswerError(f"its {name} body is damaged ({error})") from error
    return body


def _gunzip(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _inflate(body: bytes) -> bytes:
    if body.lstrip()[:1] == b"<":  # no deflated stream begins so: its type bits would be reserved
        return body
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -zlib.MAX_WBITS)


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate, "identity": bytes,
}  # fmt: skip
