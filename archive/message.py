"""HTTP/1 messages as bytes: where the head ends, how the body was framed and coded (RFC 9112)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import sys
import zlib
from collections.abc import Callable

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Servers are met that end lines with LF alone; RFC 9112 (2.2) has a reader take that.
_BLANK = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d\b")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
_CHUNKED = re.compile(rb"^transfer-encoding:[^\n]*\bchunked\b", re.IGNORECASE | re.MULTILINE)


class CodingError(ValueError):
    """A body cannot be decoded; the message says why."""


def body_start(message: bytes) -> int:
    """Where a message's body begins: after the first empty line, or at its end."""
    blank = _BLANK.search(message)
    return blank.end() if blank is not None else len(message)


def final(answer: bytes) -> bytes:
    """An answer without the interim ones (1xx) that came before it."""
    while _INTERIM.match(answer):
        answer = answer[body_start(answer) :]
    return answer


def payload(answer: bytes) -> bytes:
    """What an answer carries, its chunks put together, its content coding kept."""
    body = answer[body_start(answer) :]
    return unchunked(body) if is_chunked(answer) else body


def payload_digest(received: bytes) -> str:
    """The digest of what an answer carries: equal for one chunked and one sent in one piece."""
    return digest(payload(final(received)))


def is_chunked(answer: bytes) -> bool:
    """Whether an answer's head says that its body is chunked (RFC 9112, 7.1)."""
    return _CHUNKED.search(answer, 0, body_start(answer)) is not None


def unchunked(framed: bytes) -> bytes:
    """A chunked body put together (RFC 9112, 7.1); of one that breaks off, what came.

    A body that is not chunked, whatever its head says, is given back as it is: so others keep it.
    """
    found: list[bytes] = []
    place = 0
    while (size := _SIZE.match(framed, place)) is not None:
        length = int(size[1], 16)
        if not length:
            break
        found.append(framed[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if framed.startswith(b"\r\n", place) else framed.startswith(b"\n", place)
    return b"".join(found) if place or size is not None else framed


def decoded(body: bytes, coding: str) -> bytes:
    """A body without the content codings its head names, the last of them first.

    A coding the body does not have is not believed: Common Crawl, browsers' recorders and some
    servers hand it over decoded, with the head as it was. Raises :class:`CodingError`.
    """
    if not body:  # 304 and the like name a coding for a body they do not have
        return body
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        try:
            body = _CODINGS[name](body)
        except KeyError:
            raise CodingError(f"unknown content coding {name}") from None
        except (OSError, EOFError, zlib.error, brotli.error, zstd.ZstdError) as error:
            if not _has(body, name):
                continue
            raise CodingError(f"the {name} body is damaged ({error})") from error
    return body


def _has(body: bytes, coding: str) -> bool:
    """Whether a body that cannot be decoded is in a coding nevertheless, and damaged."""
    mark = _MARKS.get(coding)
    return body.startswith(mark) if mark is not None else _PLAIN.match(body) is None


def digest(data: bytes) -> str:
    """The SHA-1 as web archives write it: ``sha1:`` and base32."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"  # noqa: S324


def _inflate(body: bytes) -> bytes:
    """Deflate with or without the zlib wrapper: servers send both under one name."""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -zlib.MAX_WBITS)


_MARKS = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
"""How a body in a coding begins (RFC 1952, 2.3.1; RFC 8878, 3.1.1); the others have no mark."""
# Beginnings of what is not coded: markup, JSON, PDF, ZIP (DOCX …), OLE2, JPEG, PNG, GIF.
_PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*[<{\[]|%PDF|PK\x03\x04|\xd0\xcf\x11\xe0|\xff\xd8\xff|\x89PNG|GIF8"
)

_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "x-gzip": gzip.decompress,
    "deflate": _inflate,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "identity": bytes,
}
"""A crawl asks for gzip and deflate; some servers send the others unasked."""
