"""DOC of Word 97 to 2003: the text through its piece table ([MS-DOC] 2.4.1, 2.5, 2.8.35)."""

from __future__ import annotations

import io
import re
import struct

import olefile

from halong_crawler.documents.outcome import Limits, Read, Refused
from halong_crawler.documents.plain import western

_WORD_97 = 0x00C1
"""The least ``nFib`` of the format; before it stood Word 6 and 95, built otherwise."""
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_PIECES, _PROPERTIES = 0x02, 0x01
_COMPRESSED = 0x4000_0000

_LENGTHS = "<7I"
"""Characters of main text, footnotes, headers, macros, comments, endnotes, text boxes."""
_WANTED = (True, True, False, False, False, True, True)

_FIELD = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_FIELDS_IN_FIELDS = 8
_SIGNS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-",
                        "\x1f": None, "\x14": None, "\x15": None})  # fmt: skip


def read(data: bytes, limits: Limits) -> Read:  # noqa: ARG001
    """The document as one page. Raises :class:`Refused` for one encrypted or older than 97."""
    with olefile.OleFileIO(io.BytesIO(data)) as compound:
        main = compound.openstream("WordDocument").read()
        (version,) = struct.unpack_from("<H", main, 0x02)
        (flags,) = struct.unpack_from("<H", main, 0x0A)
        if flags & _ENCRYPTED:
            raise Refused("encrypted", "it wants a password")
        if version < _WORD_97:
            raise Refused("unsupported", "written by a Word before 97")
        table = compound.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    lengths = struct.unpack_from(_LENGTHS, main, 0x4C)
    text = _text(main, _piece_table(main, table), sum(lengths))
    return Read((_readable(text, lengths),))


def _piece_table(main: bytes, table: bytes) -> bytes:
    """The PlcPcd: where in the file each stretch of text lies."""
    at, length = struct.unpack_from("<2I", main, 0x01A2)
    end = at + length
    while at < end:
        if table[at] == _PIECES:
            (size,) = struct.unpack_from("<I", table, at + 1)
            return table[at + 5 : at + 5 + size]
        if table[at] != _PROPERTIES:
            break
        (size,) = struct.unpack_from("<H", table, at + 1)
        at += 3 + size
    raise Refused("damaged", "it has no piece table")


def _text(main: bytes, pieces: bytes, length: int) -> str:
    """The characters of the file in the order they are read."""
    count = (len(pieces) - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", pieces)
    out = []
    for number in range(count):
        size = min(borders[number + 1], length + 1) - borders[number]
        (place,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * number + 2)
        if size <= 0:
            continue
        if place & _COMPRESSED:
            start = (place & ~_COMPRESSED) // 2
            out.append(western(main[start : start + size]))
        else:
            out.append(main[place : place + 2 * size].decode("utf-16-le", "replace"))
    return "".join(out)


def _readable(text: str, lengths: tuple[int, ...]) -> str:
    """Main text, notes and boxes, fields replaced by what they show."""
    parts, at = [], 0
    for length, wanted in zip(lengths, _WANTED, strict=True):
        if wanted:
            parts.append(text[at : at + length])
        at += length
    shown = "\n".join(parts)
    for _ in range(_FIELDS_IN_FIELDS):
        shown, times = _FIELD.subn(r"\1", shown)
        if not times:
            break
    # A cell ends with the sign that also ends its row.
    return shown.replace("\x07\x07", "\n").translate(_SIGNS)
