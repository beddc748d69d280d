"""Which hits carry the very marks a reader typed.

The index knows no marks, so that ``dai hoi`` finds ``đại hội``. Who does type marks means
them: ``hạ`` is not ``hà``. Hits that carry the typed words go first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archive.query import Term
from archive.text import fold, nfc

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_VOWEL = re.compile("[aeiouy][\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The marked terms of a query."""

    _patterns: tuple[tuple[str, re.Pattern[str]], ...]
    """Each term without marks, and what finds it as it was typed."""

    @classmethod
    def of(cls, terms: Sequence[Term]) -> Spelling | None:
        """None where no term is marked: then there is nothing to prefer."""
        marked = [term for term in terms if term.is_marked]
        patterns = tuple((fold(" ".join(term.tokens)), _pattern(term)) for term in marked)
        return cls(patterns) if patterns else None

    @property
    def most(self) -> int:
        """The score of a text that carries all of them as they were typed."""
        return len(self._patterns)

    def score(self, text: str) -> int:
        """How many of the marked terms a text carries as they were typed."""
        lowered = nfc(text).lower()
        return sum(1 for _, pattern in self._patterns if pattern.search(lowered))

    def accepts(self, found: str) -> bool:
        """Whether words the index found are what was typed: for ``đảng`` not ``đang``."""
        folded = fold(found)
        lowered = nfc(found).lower()
        asked = [pattern for plain, pattern in self._patterns if plain == folded]
        return not asked or any(pattern.search(lowered) for pattern in asked)


def _pattern(term: Term) -> re.Pattern[str]:
    words = ("(?:" + "|".join(map(re.escape, _placements(token))) + ")" for token in term.tokens)
    end = "" if term.prefix else r"(?!\w)"
    return re.compile(r"(?<!\w)" + r"[\W_]+".join(words) + end)


def _placements(token: str) -> list[str]:
    """The token with its tone mark on each of its vowels: hoá and hóa are one word."""
    letters = unicodedata.normalize("NFD", token)
    tones = [c for c in letters if c in _TONES]
    if len(tones) != 1:
        return [token]
    bare = letters.replace(tones[0], "")
    placed = {
        nfc(bare[: vowel.end()] + tones[0] + bare[vowel.end() :]) for vowel in _VOWEL.finditer(bare)
    }
    return sorted(placed | {token})
