"""Bytes to text: one place decides a page's encoding.

The HTML standard asks the byte order mark, the header, the first ``<meta charset>`` within 1024
bytes, and then guesses. Halong asks the bytes before the header. On 3 550 public pages five name
ISO-8859-1 and are UTF-8 to the last byte, and none is UTF-8 by chance: accented letters of a
one-byte encoding make a valid UTF-8 sequence only by accident, hundreds of them never. In the
other direction six name UTF-8 and hold a few broken bytes: at most 4 in 100 of their accented
letters, where every page of another encoding loses more than 77 in 100.

A ``<meta>`` further inside counts for nothing: older portals nest a whole ``<html>`` with a
charset of its own in the article. What comes out is not normalised, since links must stay as they
were written; every field read from it is NFC.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass
from typing import Literal

from charset_normalizer import from_bytes

from archive.text import nfc
from halong_crawler.documents.legacy_fonts import repair

Authority = Literal["bom", "bytes", "header", "meta", "words", "font", "statistics", "default"]
Decoded = tuple[str, int]
"""A text, and how many of its letters the encoding lacks."""
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a page became text, and what it had said of itself."""

    used: str
    """The codec, in Python's spelling: ``utf-8``, ``cp1258``, ``utf-16-le``."""
    by: Authority
    """What decided: a byte order mark, the bytes' own form, the header, the first meta (or XML
    declaration), Vietnamese words, a legacy font's codes, statistics of letters, or nothing."""
    header: str | None = None
    """The charset the Content-Type header names, as it stands there."""
    meta: str | None = None
    """The charset the first meta or the XML declaration names, as it stands there."""
    lost: int = 0
    """How many letters the bytes did not yield; each became U+FFFD."""
    font: str | None = None
    """The legacy fonts' letters the text was typed in (``tcvn3``, ``vni``) and converted from."""

    @property
    def detected(self) -> str | None:
        """The encoding, where the bytes themselves showed it."""
        return self.used if self.by in ("bom", "bytes", "words", "statistics") else None

    @property
    def words(self) -> str:
        """The encoding in one line, for a person."""
        asides = [f"{place} says {label}" for place, label in self._overruled.items()]
        if self.lost:
            asides.append(f"{self.lost} letters lost")
        if self.font:
            asides.append(f"typed in {self.font} fonts")
        return f"{self.used} (by {self.by}{''.join(f'; {aside}' for aside in asides)})"

    @property
    def _overruled(self) -> dict[str, str]:
        named = {"header": self.header, "meta": self.meta}
        return {
            place: label for place, label in named.items() if label and known(label) != self.used
        }

    @property
    def conflict(self) -> dict[str, str | int] | None:
        """What an archivist should know: a declaration overruled, letters lost, a legacy font."""
        font = {"font": self.font} if self.font else {}
        if not self._overruled and not self.lost and not font:
            return None
        return {**self._overruled, **font, "by": self.by, "lost": self.lost}


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_WINDOW = 1024
"""Bytes in which a meta counts (HTML standard, "prescan a byte stream")."""

# What servers write and what they mean by it (WHATWG Encoding Standard), where Python's own
# table knows the label not at all or as its narrower, older self.
# fmt: off
_LABELS = {
    **dict.fromkeys(("iso8859-1", "ascii", "x-user-defined", "x-ansi", "ansi"), "cp1252"),
    **dict.fromkeys(("x-cp1258", "x-windows-1258", "windows1258"), "cp1258"),
    **dict.fromkeys(("x-cp1250", "x-cp1252", "windows1252"), "cp1252"),
    **dict.fromkeys(("unicode", "utf-16", "ucs-2", "iso-10646-ucs-2", "unicodefeff"), "utf-16-le"),
    **dict.fromkeys(("unicode-1-1-utf-8", "x-unicode20utf8", "utf-8-sig", "utf8mb4"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "x-sjis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}
_CODECS = frozenset({
    "utf-8", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "cp1258", "cp866", "cp874", "cp932", "cp949", "koi8-r", "koi8-u",
    "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "mac-roman",
    "mac-cyrillic", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp",
})
"""What a browser reads. Python also calls ``hex`` and ``idna`` encodings."""
# fmt: on

# Words no Vietnamese page does without. Read in the wrong encoding they are not there.
_WORDS = re.compile(
    r"\b(?:của|được|người|những|với|đã|để|từ|này|và|là|các|có|không|phố|phường|xã|tỉnh|huyện|"
    r"ủy|uỷ|đồng|việt|tổ|chức|hội|nghị|năm|ngày|thực|hiện|về|tại|đến|số|công|nước)\b"
)
_FEWEST_WORDS = 3
_VIETNAMESE = "cp1258"
"""The one old encoding of Vietnamese the Web has a name for; also the last resort."""
_LEGACY_FONTS = re.compile(rb"V(?:NI-|(?<=\.V)(?:n[TAC]|NT))")
"""``.VnTime``, ``.VNTIME``, ``VNI-Times``; one plain letter first, for which a search is quick."""
_MARKUP = re.compile(r"(<(?:script|style)\b.*?(?:</(?:script|style)\s*>|\Z)|<[^<>]*>)", re.S | re.I)
_SPOKEN = 500_000
"""Bytes that words are looked for in."""
_SAMPLE = 65536
"""Bytes that statistics look at."""


def decode(body: bytes, content_type: str | None = None) -> tuple[str, Encoding]:
    """A page's text, and how it was come by. Any bytes give a text; nothing is raised.

    Order: byte order mark; the bytes, if they are UTF-8 (a few broken letters and a cut end
    allowed) or have UTF-16's zeros; then whichever of the declared encodings and Windows-1258
    yields Vietnamese words; the header; the first meta or the XML declaration; Western letters
    where a legacy font is named (.VnTime, VNI-Times); statistics of letters; Windows-1258. Bytes
    that an encoding lacks become U+FFFD. What is typed in a legacy font is converted.
    """
    header, meta = _in_header(content_type), _in_meta(body)
    for bom, marked in _BOMS:
        if body.startswith(bom):
            return _as(body, _decoded(body, marked), marked, "bom", header, meta)
    declared: tuple[tuple[str | None, Authority], ...] = (
        (known(header), "header"),
        (known(meta), "meta"),
    )
    # The bytes have the last word on UTF-8 and UTF-16, whoever names them.
    choices = [(name, by) for name, by in declared if name and not name.startswith("utf-")]
    zeros = _utf16(body[:_WINDOW])
    if zeros is not None:
        return _as(body, _decoded(body, zeros), zeros, "bytes", header, meta)
    # Plain ASCII is UTF-8 and nearly everything else as well; of these, what is declared.
    read = _utf8(body) if not (choices and body.isascii()) else None
    if read is not None:
        return _as(body, read, "utf-8", "bytes", header, meta)
    name, by = (
        _by_words(body, choices)
        or next(iter(choices), None)
        or (("cp1252", "font") if _LEGACY_FONTS.search(body) else _by_statistics(body))
    )
    return _as(body, _decoded(body, name), name, by, header, meta)


def known(label: str | None) -> str | None:
    """The codec a label means to a browser, None for a label no browser knows."""
    if not label:
        return None
    plain = label.strip().lower()
    try:
        name = codecs.lookup(plain).name
    except (LookupError, ValueError):  # a NUL in the label is a ValueError
        name = plain
    name = _LABELS.get(plain) or _LABELS.get(name, name)
    return name if name in _CODECS else None


def _in_header(content_type: str | None) -> str | None:
    match = _HEADER.search(content_type or "")
    return match.group(1) if match else None


def _in_meta(body: bytes) -> str | None:
    match = _META.search(body[:_WINDOW]) or _XML.match(body[:_WINDOW])
    return match.group(1).decode("ascii", "replace") if match else None


def _as(
    body: bytes, read: Decoded, name: str, by: Authority, header: str | None, meta: str | None
) -> tuple[str, Encoding]:
    text, lost = read
    # Included templates bring a mark of their own each; in front of a page none is text.
    text = text.lstrip("\ufeff")
    font: str | None = None
    if _LEGACY_FONTS.search(body):
        text, font = _from_legacy_fonts(text)
    return text, Encoding(name, by, header, meta, lost, font)


def _decoded(body: bytes, name: str) -> Decoded:
    try:
        return body.decode(name), 0
    except UnicodeDecodeError:
        text = body.decode(name, "replace")
        return text, text.count(_LOST)


def _from_legacy_fonts(markup: str) -> tuple[str, str | None]:
    """A page with the text between its tags made Unicode, where that is typed in a legacy font.

    Word leaves the fonts' names in pages that are Unicode long since: the words decide.
    """
    parts = _MARKUP.split(markup)
    texts = [html.unescape(part) for part in parts[::2]]
    repaired, scheme = repair(texts)
    if scheme is None:
        return markup, None
    for place, (old, new) in enumerate(zip(texts, repaired, strict=True)):
        if old != new:
            parts[2 * place] = html.escape(new, quote=False)
    return "".join(parts), scheme


def _utf8(body: bytes) -> Decoded | None:
    """The bytes as UTF-8, where they have its form: a cut end and a few broken letters allowed."""
    text, lost = read = _decoded(body, "utf-8")
    if not lost or text.find(_LOST) == len(text) - 1 > 0:
        return read
    accented = len(text) - len(text.encode("ascii", "ignore"))
    return read if lost * 20 <= accented else None


def _utf16(start: bytes) -> str | None:
    """UTF-16 without a mark: markup is ASCII, so every other byte is zero, and only those."""
    if b"\0" not in start:
        return None
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) * 4 < len(start) or min(first, second) * 8 > max(first, second):
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def _by_words(body: bytes, choices: list[tuple[str, Authority]]) -> tuple[str, Authority] | None:
    """The encoding in which the page speaks Vietnamese; what is declared wins a draw."""
    best: tuple[str, Authority] | None = None
    most = _FEWEST_WORDS - 1
    for name, by in [*choices, (_VIETNAMESE, "words")]:
        text = nfc(body[:_SPOKEN].decode(name, "replace")).lower()
        words = len(_WORDS.findall(text))
        if words > most:
            best, most = (name, by), words
    return best


def _by_statistics(body: bytes) -> tuple[str, Authority]:
    # Vietnamese would have been told by its words; other Western text passes for it too.
    found = from_bytes(body[:_SAMPLE], cp_exclusion=[_VIETNAMESE]).best()
    name = known(found.encoding) if found is not None else None
    if name is None or name.startswith("utf-"):
        return _VIETNAMESE, "default"
    return name, "statistics"
