"""Vietnamese text: one form to store, and the reduced forms to compare and search by.

Text is stored NFC, with its marks. Everything here is for comparing: :func:`fold` for search,
:func:`tone_key` for spelling that differs only in where the tone mark stands.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2009\u200a"), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_CLEANED = {**_SPACES, **_INVISIBLE}
# Searching is many times faster than translating, and most text needs no cleaning.
_TO_CLEAN = re.compile("[" + "".join(map(chr, _CLEANED)) + "]")
_MARKS = re.compile("[\u0300-\u036f]+")
_BARE = re.compile("[\x00-\u02ff\u2000-\u206f]*")
"""Latin letters and punctuation: no marks among them that others could be joined to."""
_MOST_MARKS = 30
"""Marks that one letter may bear: UAX #15, Stream-Safe Text Format. Composing takes time that grows
with the square of their number."""
_SHORT = 1000
"""Characters of a text in which no number of marks takes long."""
_BASES = "\x00-\u02ff\u1e00-\u1eff\u2000-\u20cf"
"""Characters, by ranges, of which none is a combining mark."""
_NO_BASE = re.compile(f"[^{_BASES}]")
"""Looked for in every 30th character, which a run of more cannot pass by."""
_PILE = re.compile(f"(?<![^{_BASES}])[^{_BASES}]{{{_MOST_MARKS + 1},}}")
"""Runs that may hold too many marks; letters of other scripts are in."""
_ETH = str.maketrans("\u00d0\u00f0", "Đđ")
_TONES = "\u0300\u0301\u0303\u0309\u0323"

# The tone of an open oa, oe, uy is written on either vowel (hòa, hoà): the newer style puts it on
# the second, the older on the first. Only a syllable that ends there has the choice: hoàn, suýt,
# huỳnh have not, and in qu- the u belongs to the consonant (quý, quỳ).
_OPEN_PAIR = re.compile(
    rf"(?P<first>o(?=.[ae])|(?<!q)u(?=.y))(?P<tone>[{_TONES}])(?P<second>[aey])"
    r"(?![\w\u0300-\u036f])"
)


def nfc(text: str) -> str:
    """NFC; no-break and thin spaces made plain, zero-width characters removed.

    Of more than 30 marks on one letter the rest is left out.
    """
    if text.isascii():
        return text
    if not text.isprintable() and _TO_CLEAN.search(text):
        text = text.translate(_CLEANED)
    if len(text) > _SHORT and _NO_BASE.search(text[::_MOST_MARKS]):
        text = _PILE.sub(_thinned, text)
    return unicodedata.normalize("NFC", text)


def _thinned(pile: re.Match[str]) -> str:
    """A run without the marks that no letter bears."""
    kept, marks = [], 0
    for character in pile[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def squeeze(text: str) -> str:
    """NFC with every run of white space made one space, none at the ends."""
    text = nfc(text)
    return text.strip(" ") if is_one_line(text) else " ".join(text.split())


def is_one_line(text: str) -> bool:
    """Whether no white space of a text is to be squeezed but at its ends: it is quick to tell."""
    return text.isprintable() and "  " not in text


def fold_d(text: str) -> str:
    """Write d for đ (and for the look-alike Ð), as the full-text triggers do."""
    return text.replace("đ", "d").replace("Đ", "D").replace("\u00d0", "D")


def fold(text: str) -> str:
    """The search form: lower case, no marks, d for đ."""
    if text.isascii():
        return text.lower()
    lowered = fold_d(nfc(text)).lower()
    taken_apart = unicodedata.normalize("NFD", lowered)
    letters = taken_apart.encode("ascii", "ignore")
    if len(letters) == len(lowered):  # nothing but letters of ASCII and marks on them
        return letters.decode("ascii")
    plain = _MARKS.sub("", taken_apart)
    if plain.isascii() or _BARE.fullmatch(plain):
        return plain
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


def tone_key(text: str) -> str:
    """The comparing form: NFC, case folded, tone marks of open pairs on the second vowel.

    ``hòa`` and ``hoà`` meet; marks stay, so ``hòa`` and ``hóa`` do not. The Icelandic eth that old
    keyboards wrote for đ is đ.
    """
    lowered = unicodedata.normalize("NFD", nfc(text).translate(_ETH).casefold())
    moved = _OPEN_PAIR.sub(r"\g<first>\g<second>\g<tone>", lowered)
    return unicodedata.normalize("NFC", moved)


def name_key(text: str) -> str:
    """The form people are matched by: :func:`tone_key` of the squeezed name."""
    return tone_key(squeeze(text))
