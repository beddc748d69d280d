"""Tables of weights, fitted elsewhere and kept as data: a sum of them is a log-odds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import repeat

Weights = dict[str, float]
"""Clue → its weight; the clue "" is the constant."""


@cache
def tables(package: str) -> dict[str, Weights]:
    """The tables of a package's ``weights.json``, by name."""
    text = resources.files(package).joinpath("weights.json").read_text(encoding="utf-8")
    found: dict[str, Weights] = json.loads(text)
    return found


def weight(table: Weights, clues: Iterable[str]) -> float:
    """The constant and the sum of the clues' weights; an unknown clue weighs nothing."""
    return table[""] + sum(map(table.get, clues, repeat(0.0)))
