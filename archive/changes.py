"""What two states of a text have in common, and what they have not, word by word.

The standard library's difflib does it: 3,000 words with 30 edits take it 20 ms, two that have
nothing in common 80 ms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_PARAGRAPHS = re.compile(r"\n\n|[^\n]+|\n")
_MANY = 20_000
"""Words and gaps from which only whole paragraphs are compared: a page must not hold up the
site."""
_ISLAND = 3
"""Characters of what two texts share between two edits that are not worth an island of their
own."""


Kind = Literal["same", "removed", "added"]
_SAME: tuple[Kind, ...] = ("same",)
_EDITED: tuple[Kind, ...] = ("removed", "added")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the texts, in reading order."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces two texts are made of: same and removed give the first, same and added the other.

    Neighbours are of different kinds; what was removed stands before what was added for it.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MANY:
        old, new = _PARAGRAPHS.findall(before), _PARAGRAPHS.findall(after)
    return _joined(_without_islands(list(_pieces(old, new))))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[i1:i2]))
        else:
            yield Piece("removed", "".join(old[i1:i2]))
            yield Piece("added", "".join(new[j1:j2]))


def _without_islands(pieces: list[Piece]) -> Iterator[Piece]:
    """A space or comma between two edits belongs to both: one edit is easier to read than three."""
    for at, piece in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1
        if piece.kind == "same" and inside and len(piece.text) < _ISLAND and "\n" not in piece.text:
            yield Piece("removed", piece.text)
            yield Piece("added", piece.text)
        else:
            yield piece


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Of the edits between two places that are the same, all that was removed, then all added."""
    found = []
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        run = list(group)
        for kind in _SAME if is_same else _EDITED:
            text = "".join(piece.text for piece in run if piece.kind == kind)
            if text:
                found.append(Piece(kind, text))
    return found
