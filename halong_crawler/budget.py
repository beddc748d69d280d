"""What one crawl may take: answers, time, bytes. A crawl whose budget is spent ends well, and the
next one goes on where it stopped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIME = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+)\s*s)?", re.I)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", re.I)
_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a crawl may take of each; None: as much as it needs."""

    pages: int | None = None
    """Answers of the portal, whatever they are."""
    seconds: int | None = None
    received: int | None = None
    """Bytes as they come over the wire, compressed."""

    def spent(self, pages: int, seconds: float, received: int) -> str | None:
        """The reason (of ``archive.stops.STOPS``) to stop now; None while something is left."""
        taken = (
            ("max_pages", pages, self.pages),
            ("max_time", seconds, self.seconds),
            ("max_bytes", received, self.received),
        )
        return next((name for name, had, most in taken if most is not None and had >= most), None)


def seconds(text: str | int) -> int:
    """``90s``, ``45m``, ``2h 30m``, or plain seconds. Raises ValueError with one line."""
    plain = str(text).strip()
    match = _TIME.fullmatch(plain)
    parts = [int(part or 0) for part in match.groups()] if match is not None else [0, 0, 0]
    total = int(plain) if plain.isdecimal() else parts[0] * 3600 + parts[1] * 60 + parts[2]
    if total < 1:
        raise ValueError(f"{text!r} is no time such as 90s, 45m or 2h 30m")
    return total


def size(text: str | int) -> int:
    """``500MB``, ``2 GB``, or plain bytes; k, M, G, T are powers of 1000 as disks count them.

    Raises ValueError with one line.
    """
    match = _SIZE.fullmatch(str(text).strip())
    total = int(float(match[1]) * _UNITS[match[2].lower()]) if match is not None else 0
    if total < 1:
        raise ValueError(f"{text!r} is no size such as 500MB or 2GB")
    return total
