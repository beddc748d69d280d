"""How well we read the project's own pages: figures that must not fall.

``pinned.json`` holds for each figure the worst value a test lets pass. Better reading is pinned
with ``python -m bench.reading pin``; worse reading is not pinned but mended.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

from bench.reading.frozen import PAGES, frozen
from bench.reading.readers import READERS
from bench.reading.running import run
from bench.reading.scores import totals

PINNED = Path(__file__).with_name("pinned.json")
_COUNTED = frozenset({"pages"})


def measure(folder: Path = PAGES) -> dict[str, float]:
    """Our figures on the frozen pages."""
    return totals("pages", run(READERS["halong"], frozen(folder)).scores)


def pinned() -> dict[str, float]:
    """The figures written down."""
    loaded: dict[str, float] = json.loads(PINNED.read_text(encoding="utf-8"))
    return loaded


def write(figures: Mapping[str, float]) -> None:
    """Write figures down, cut to three places so that they hold as they stand."""
    cut = {name: _cut(name, value) for name, value in figures.items()}
    PINNED.write_text(json.dumps(cut, indent=2) + "\n", encoding="utf-8")


def _cut(name: str, value: float) -> float:
    round_to_worse = math.ceil if is_worse_when_higher(name) else math.floor
    return value if name in _COUNTED else round_to_worse(value * 1000) / 1000


def is_worse_when_higher(name: str) -> bool:
    """Inventions are better the fewer they are; everything else the more."""
    return name.endswith(("invented", "groundless"))


def fallen(figures: Mapping[str, float], floor: Mapping[str, float]) -> list[str]:
    """One line for each figure that is worse than what was written down."""
    lines = []
    for name, least in floor.items():
        value = figures.get(name, 0.0)
        worse = value > least if is_worse_when_higher(name) else value < least
        if worse:
            lines.append(f"{name}: {value:.4f}, and it was {least:.3f}")
    return lines
