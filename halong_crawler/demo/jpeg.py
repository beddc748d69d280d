"""A tiny JPEG made by code, so that no picture has to be kept in the source tree.

The picture is a mosaic of flat 8 × 8 squares. A flat square needs its mean alone, so the encoder
below writes DC coefficients and an end mark for every square, and nothing else.
"""

from __future__ import annotations

import hashlib
import struct

COLUMNS, ROWS = 20, 13
SQUARE = 8

# The DC code lengths of ITU-T T.81, table K.3: categories 0 to 11.
DC_LENGTHS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
DC_VALUES = bytes(range(12))


def picture(name: str) -> bytes:
    """A valid grey JPEG of 160 × 104 pixels that differs from name to name."""
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, b"\0" + bytes([8] * 64)),
            _segment(
                0xC0, struct.pack(">BHHB3B", 8, ROWS * SQUARE, COLUMNS * SQUARE, 1, 1, 0x11, 0)
            ),
            _segment(0xC4, b"\x00" + bytes(DC_LENGTHS) + DC_VALUES),
            # One AC code, "0", which says that the rest of the square is empty.
            _segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
            _segment(0xDA, bytes((1, 1, 0x00, 0, 63, 0))),
            _scan(_levels(name)),
            b"\xff\xd9",
        )
    )


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _levels(name: str) -> list[int]:
    """Quantised means from -90 to 90: a slope, with grain taken from the name."""
    digest = hashlib.sha256(name.encode()).digest()
    levels = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            grain = digest[(row * 7 + column * 3) % len(digest)] % 40
            levels.append(min(90, max(-90, 70 - row * 10 + grain)))
    return levels


def _dc_codes() -> dict[int, str]:
    """The canonical Huffman code of each category, as a string of bits."""
    codes: dict[int, str] = {}
    code = 0
    values = iter(DC_VALUES)
    for length, count in enumerate(DC_LENGTHS, start=1):
        for _ in range(count):
            codes[next(values)] = format(code, f"0{length}b")
            code += 1
        code <<= 1
    return codes


def _scan(levels: list[int]) -> bytes:
    codes = _dc_codes()
    bits = []
    previous = 0
    for level in levels:
        difference = level - previous
        previous = level
        size = abs(difference).bit_length()
        bits.append(codes[size])
        if size:
            # A negative difference is written as its ones' complement.
            value = difference if difference > 0 else difference + (1 << size) - 1
            bits.append(format(value, f"0{size}b"))
        bits.append("0")
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    data = int(stream, 2).to_bytes(len(stream) // 8, "big")
    return data.replace(b"\xff", b"\xff\x00")
