"""Vietnamese typed in legacy fonts, made Unicode: TCVN3 (.VnTime, .VnTimeH) and VNI-Windows.

Before Unicode a font drew Vietnamese letters in the places of Western ones, so the text of such a
file reads "ViÖt Nam" or "Vieät Nam". Where the file names the font, the font decides. Elsewhere the
words do: text is taken for legacy only when its marked words are Vietnamese syllables once decoded
and none as they stand. What holds a letter no legacy font can hold is Unicode and never touched.

Sources of the tables: TCVN 5712:1993 (character set VN3) and the chart of VNI-Windows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from halong_crawler.documents.syllables import is_syllable

Scheme = Literal["tcvn3", "vni"]

# TCVN 5712 VN3: the code of each letter; capitals with a tone have none (fonts ending in H draw
# capitals in the places of small letters).
_TCVN3_ROWS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ", 0xBB: "ằẳẵắ", 0xC6: "ặầẩẫấậè", 0xCE: "ẻẽéẹềểễếệìỉ", 0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù", 0xF1: "ủũúụừửữứựỳỷỹýỵ",
}  # fmt: skip
_TCVN3 = {
    chr(first + place): letter
    for first, row in _TCVN3_ROWS.items()
    for place, letter in enumerate(row)
}
# Converters that "clean" text write the Greek letter for the micro sign.
_TCVN3["\u03bc"] = _TCVN3["\u00b5"]

# VNI-Windows: a letter and the sign after it, or one sign that is a letter.
_VNI_MARKS = {
    "a": "ùáøàûảõãïạââáấàầåẩãẫäậêăéắèằúẳüẵëặ",
    "e": "ùéøèûẻõẽïẹâêáếàềåểãễäệ",
    "o": "ùóøòûỏõõïọâôáốàồåổãỗäộ",
    "ô": "ùớøờûởõỡïợ",
    "u": "ùúøùûủõũïụ",
    "ö": "ùứøừûửõữïự",
    "y": "ùýøỳûỷõỹ",
}
_VNI_SINGLES = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị",
                "î": "ỵ"}  # fmt: skip


def _vni() -> dict[str, str]:
    small = {
        base + row[place]: row[place + 1]
        for base, row in _VNI_MARKS.items()
        for place in range(0, len(row), 2)
    } | _VNI_SINGLES
    mixed = {key[0].upper() + key[1:]: letter.upper() for key, letter in small.items()}
    return small | mixed | {key.upper(): letter.upper() for key, letter in small.items()}


TABLES: dict[Scheme, dict[str, str]] = {"tcvn3": _TCVN3, "vni": _vni()}
"""Scheme → code as a Western program reads it → the letter that is meant."""

_CODES: dict[Scheme, re.Pattern[str]] = {
    scheme: re.compile("|".join(re.escape(key) for key in sorted(table, key=len, reverse=True)))
    for scheme, table in TABLES.items()
}
_ENCODING: dict[Scheme, dict[str, str]] = {
    scheme: {letter: key for key, letter in reversed(table.items())}
    for scheme, table in TABLES.items()
}

_FONTS: tuple[tuple[re.Pattern[str], Scheme], ...] = (
    (re.compile(r"^(?:[A-Z]{6}\+)?\.?Vn[A-Z3]", re.ASCII), "tcvn3"),
    (re.compile(r"^(?:[A-Z]{6}\+)?VNI[- ]", re.ASCII), "vni"),
)
_CAPITALS = re.compile(r"H(?:\s|,|-|$)")
"""``.VnTimeH``, ``.VnArialH Bold``: fonts that draw capitals for small letters."""

_WORD = re.compile("[A-Za-z\u00a1-\u00ff\u03bc]+")
_WORD_WITH_HYPHENS = re.compile(f"{_WORD.pattern}(?:-{_WORD.pattern})*-?")
_MARKED = re.compile("[\u00a1-\u00ff\u03bc]")
_ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036f\u1ea0-\u1ef9]")
"""Letters of Vietnamese that stand nowhere in a legacy font."""

_LEAST_WORDS = 3
_LEAST_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and the font the file names for it, if any."""

    text: str
    font: str | None = None


def scheme_of_font(name: str | None) -> Scheme | None:
    """The scheme of a font by its name: ``.VnTime`` or ``ABCDEF+VNI-Times``; None for others."""
    found = (scheme for pattern, scheme in _FONTS if name and pattern.search(name))
    return next(found, None)


def convert(text: str, scheme: Scheme) -> str:
    """Decode text of a scheme to NFC. What is no code of the scheme stays as it is."""
    table = TABLES[scheme]
    if scheme == "tcvn3":
        text = _WORD_WITH_HYPHENS.sub(_with_u_horn, text)
    decoded = _CODES[scheme].sub(lambda match: table[match[0]], text)
    return unicodedata.normalize("NFC", decoded)


def encode(text: str, scheme: Scheme) -> str:
    """Write Unicode text as a legacy font needs it: the inverse of :func:`convert`.

    Small letters come back as they were, capitals with a tone in TCVN3 as small ones.
    """
    codes = _ENCODING[scheme]
    composed = unicodedata.normalize("NFC", text)
    return "".join(codes.get(c) or codes.get(c.lower()) or c for c in composed)


def join(runs: Iterable[Run]) -> str:
    """The text of runs, those in legacy fonts converted by the font's name."""
    out: list[str] = []
    # A word's letters may stand in several runs; VNI's sign may part from its letter.
    for font, group in groupby(runs, key=lambda run: run.font):
        text = "".join(run.text for run in group)
        scheme = scheme_of_font(font)
        if scheme is not None and not _ONLY_UNICODE.search(text):
            text = convert(text, scheme)
            if scheme == "tcvn3" and _CAPITALS.search(font or ""):
                text = text.upper()
        out.append(text)
    return "".join(out)


def recognise(text: str) -> Scheme | None:
    """The scheme a text is typed in, judged by its words alone; None for anything else.

    At least three different words must speak for a scheme, and nine in ten of the marked words
    must be Vietnamese syllables under it. Lines with letters that only Unicode has do not count.
    """
    words = [
        word
        for line in text.splitlines()
        if _MARKED.search(line) and not _ONLY_UNICODE.search(line)
        for word in _marked_words(line)
    ]
    scores = {scheme: _speaking(words, scheme) for scheme in TABLES}
    best = max(scores, key=lambda scheme: len(scores[scheme]))
    if len(set(scores[best])) < _LEAST_WORDS or not words:
        return None
    fitting = sum(_fits(word, best) for word in words)
    return best if fitting >= _LEAST_SHARE * len(words) else None


def repair(texts: Sequence[str]) -> tuple[tuple[str, ...], Scheme | None]:
    """Convert what of a document's pages is typed in a legacy scheme; and name the scheme."""
    whole = "\n".join(texts)
    scheme = recognise(whole)
    if scheme is None:
        return tuple(texts), None
    mixed = _ONLY_UNICODE.search(whole) is not None
    return tuple(_repaired(text, scheme, mixed=mixed) for text in texts), scheme


def _repaired(text: str, scheme: Scheme, *, mixed: bool) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(
        convert(line, scheme) if _is_legacy(line, scheme, mixed=mixed) else line for line in lines
    )


def _is_legacy(line: str, scheme: Scheme, *, mixed: bool) -> bool:
    """Whether a line of a document that holds legacy text is such text itself."""
    if not _MARKED.search(line) or _ONLY_UNICODE.search(line):
        return False
    words = _marked_words(line)
    if sum(_fits(word, scheme) for word in words) < _LEAST_SHARE * len(words):
        return False
    # "cã" is a word in Unicode and, in TCVN3, another: beside Unicode text it stays.
    return not mixed or not all(is_syllable(word) for word in words)


def _marked_words(line: str) -> list[str]:
    words = (match[0] for match in _WORD.finditer(line))
    # Signs alone (« », §, °) are no words in any scheme, except the letters of TCVN3 and VNI.
    return [word for word in words if _MARKED.search(word) and not word.isdigit()]


def _speaking(words: Iterable[str], scheme: Scheme) -> list[str]:
    """The words that are Vietnamese under a scheme and not as they stand."""
    return [word for word in words if _fits(word, scheme) and not is_syllable(word)]


def _fits(word: str, scheme: Scheme) -> bool:
    return is_syllable(convert(word, scheme))


def _with_u_horn(match: re.Match[str]) -> str:
    """In TCVN3 the soft hyphen is ư, and PDF readers make a plain hyphen of it.

    Taken for ư where that makes a syllable: "ph-¬ng" is phương, "x·-héi" two words.
    """
    word = match[0]
    if "-" not in word:
        return word
    table = TABLES["tcvn3"]
    candidate = word.replace("-", "\u00ad")
    decoded = "".join(table.get(letter, letter) for letter in candidate)
    return candidate if is_syllable(decoded) else word
