"""Bytes to text: one place decides a page's encoding."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only the first 1024 bytes count (as in the HTML standard): older portals nest a whole <html>
# with a <meta charset> of its own inside the article, and that one must not decide.
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META_WINDOW = 1024
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_LAST_RESORT = "cp1258"


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Decode a page and name the encoding that was used.

    Order: byte order mark; UTF-8, when the bytes are valid UTF-8 (chance makes no valid UTF-8 of
    accented text, while headers and meta tags are often wrong); the header; the first meta tag;
    else Windows-1258, the Vietnamese code page. Bytes that the encoding lacks become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace"), encoding
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # A page cut in the middle of its last letter is still UTF-8.
        if error.start >= len(body) - 3 and error.start > 0:
            return body.decode("utf-8", "replace"), "utf-8"
    encoding = _declared(body, content_type) or _LAST_RESORT
    return body.decode(encoding, "replace"), encoding


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _HEADER.search(content_type or "")
    meta = _META.search(body[:_META_WINDOW])
    names = (header.group(1) if header else None, meta.group(1).decode("ascii") if meta else None)
    for name in names:
        encoding = _known(name)
        if encoding is not None:
            return encoding
    return None


def _known(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
