"""Plain text, and the kinds that are told apart only to say why they are not read."""

from __future__ import annotations

import codecs

from halong_crawler.documents.outcome import Limits, Read, Refused
from halong_crawler.documents.zipped import Package

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read(data: bytes, limits: Limits) -> Read:  # noqa: ARG001
    """Text by its byte order mark, else UTF-8, else Windows' Western code page.

    The last keeps each byte, so that text in a legacy font can still be recognised.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Read((data.removeprefix(mark).decode(encoding, "replace"),))
    try:
        return Read((data.decode("utf-8"),))
    except UnicodeDecodeError:
        return Read((western(data),))


def western(data: bytes) -> str:
    """Bytes of code page 1252; the five it leaves undefined as Latin-1."""
    return "".join(_WESTERN[byte] for byte in data)


_WESTERN = tuple(bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(256))


def refuse_zip(data: bytes, limits: Limits) -> Read:
    """A zip that is no document: a torn one is damaged, a locked one encrypted."""
    Package(data, limits)
    raise Refused("unsupported", "an archive of files; what is packed in it is not read")


def refuse_encrypted(data: bytes, limits: Limits) -> Read:  # noqa: ARG001
    """An Office file that wants a password."""
    raise Refused("encrypted", "it wants a password")


def refuse_html(data: bytes, limits: Limits) -> Read:  # noqa: ARG001
    """A web page where a file was asked for."""
    raise Refused("not_a_file", "a web page was answered instead of a file")
