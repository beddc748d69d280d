"""Just enough DER (X.690) to put a time stamp's certificates in order.

OpenSSL, and so many an authority, writes the certificates of a token in an order of its own, which
the strict reader of :mod:`archive.stamps` takes for damage. They are not under the signature.
"""

from __future__ import annotations

from collections.abc import Iterator

_CERTIFICATES = 0xA0
"""Tag of the certificates in SignedData (RFC 5652, 5.1)."""
_SIGNED_DATA = (1, 1, 0)
"""The way to it in an answer: the token, its content, what that holds (RFC 3161, 2.4.2)."""


def ordered(answer: bytes) -> bytes:
    """The answer (TimeStampResp) with the certificates of its token as DER wants a SET OF.

    Without a token it is returned as it is. Raises ValueError for what is no DER.
    """
    return _ordered(answer, _SIGNED_DATA)


def element(tag: int, body: bytes) -> bytes:
    """An element: tag, length, body."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _ordered(data: bytes, way: tuple[int, ...]) -> bytes:
    parts = list(_parts(_body(data)))
    if not way:
        parts = [_sorted(part) if part[0] == _CERTIFICATES else part for part in parts]
    elif way[0] < len(parts):
        parts[way[0]] = _ordered(parts[way[0]], way[1:])
    return element(data[0], b"".join(parts))


def _sorted(part: bytes) -> bytes:
    return element(part[0], b"".join(sorted(_parts(_body(part)))))


def _parts(body: bytes) -> Iterator[bytes]:
    while body:
        _, end = _bounds(body)
        yield body[:end]
        body = body[end:]


def _body(data: bytes) -> bytes:
    start, end = _bounds(data)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes after its end")
    return data[start:end]


def _bounds(data: bytes) -> tuple[int, int]:
    """Where the body of the element at the beginning of the data begins and ends."""
    if len(data) < 2:
        raise ValueError("it is cut off")
    start, size = 2, data[1]
    if size == 0x80 or data[0] & 0x1F == 0x1F:
        raise ValueError("it is no DER")
    if size > 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if start + size > len(data):
        raise ValueError("it is cut off")
    return start, start + size
