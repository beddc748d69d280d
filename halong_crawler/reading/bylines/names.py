"""What is a person's name, as Vietnamese print it, and what is an office or nobody at all."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text import fold, nfc, squeeze, tone_key
from halong_crawler.reading.bylines.words import (
    ANONYMOUS,
    NOBODY,
    NOT_IN_NAMES,
    OFFICES,
    PHRASES,
    PLACE_NAMES,
    PLACES,
    POSTS,
    RANKS,
    SURNAMES,
)

_LETTER = r"[^\W\d_]"
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)
_VIETNAMESE_SHARE = 0.03
"""Of all letters; in print it is about a quarter."""
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx][rl]?)?"
    r"(?:[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oai|oao|oay|oe|oeo|oi|oo|ua|uai|uay|ue|ui|uo|uoi|"
    r"uou|uu|uy|uya|uye|uyu|ye|yeu|ya|ieu)(?:ng|nh|ch|[ckmnpt])?"
)
"""A folded Vietnamese syllable: onset, vowels, final."""
_INITIALLED = re.compile(
    rf"(?:[A-ZĐ]h?r?\.\s?){{1,2}}[A-ZÀ-ỸĐ]{_LETTER}{{1,6}}(?:\s[A-ZÀ-ỸĐ]{_LETTER}{{1,6}})?"
)
"""``N. Anh``, ``Th.Hương``."""
_RANK = re.compile(rf"^(?:(?:{'|'.join(RANKS)})\s*[.:]?\s+|(?:ThS|TS|BS|KS|CN)\.\s*)+", re.I)
_LONGEST_NOBODY = 100
"""Characters of such a line with its marks and spaces, as printed."""
_HIGHLAND = re.compile(r"^[A-ZĐ]['’](?=\w)")
_INITIALS = re.compile(
    rf"(?:{_LETTER}{{1,2}}\.\s?){{1,4}}{_LETTER}\.?|(?:{_LETTER}{{1,2}}\.\s?){{2,4}}"
)


def _begins_with(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(re.escape(tone_key(word)) for word in words)})\b")


# Đoàn is a family name as well; what follows tells (see _is_collective).
_OFFICE = _begins_with((*OFFICES, "Đoàn"))
_OFFICE_OR_PLACE = _begins_with(OFFICES + PLACES)
_UNIT = re.compile(
    r"\b(?:ubnd|hnd|hpn|lhpn|mttq|lđlđ|hđnd|tt|ttvh|đài|phòng|ban|hội|đoàn|trung tâm|công an|"
    r"văn phòng|phường|xã|huyện|thành phố|tp|trường|chi cục|báo|khu|tổ|sở)\b"
)


_POST = re.compile("|".join(re.escape(tone_key(word)) for word in POSTS))
_POST_INSIDE = re.compile(
    r"\b(?:"
    + "|".join(re.escape(tone_key(word)) for word in POSTS if word[0].isalpha() and " " in word)
    + r")\b"
)


def is_vietnamese(text: str) -> bool:
    """Whether a text is Vietnamese, by the part of its characters that only this language uses.

    In a Vietnamese text a person's name has a form of its own (:func:`is_person`).
    """
    printed = len("".join(text.split()))
    return len(_VIETNAMESE.findall(nfc(text))) > _VIETNAMESE_SHARE * max(printed, 1)


def is_anonymous(text: str) -> bool:
    """Whether somebody of the staff signs without a name (``PV``)."""
    return fold(text) in ANONYMOUS


def is_nobody(text: str) -> bool:
    """Whether a signature is only the account name of the software (``admin``)."""
    return len(text) <= _LONGEST_NOBODY and fold(squeeze(text)).strip(" .") in NOBODY


def is_pen_name(text: str) -> bool:
    """Whether a single word can be a name where the page says that a name stands there."""
    return len(text) > 1 and _is_syllable(text) and not _OFFICE_OR_PLACE.match(tone_key(text))


def is_person(text: str) -> bool:
    """Whether a text is a person's name as Vietnamese print it, or initials, and nothing else."""
    if is_initials(text) or _INITIALLED.fullmatch(text):
        return True
    words = text.split()
    if not 2 <= len(words) <= 5 or not all(_is_syllable(word) for word in words):
        return False
    # Capitals amid a name are an abbreviation: HND Hiệp Hòa is an office, HỒNG HẠNH is not.
    if any(len(word) > 1 and word.isupper() for word in words) and not text.isupper():
        return False
    key = tone_key(text)
    syllables = key.split()
    if key in PHRASES or not NOT_IN_NAMES.isdisjoint(syllables):
        return False
    if len(words) > 3 and syllables[0] not in SURNAMES:
        return False
    return not (_OFFICE_OR_PLACE.match(key) or _POST.fullmatch(key))


def without_rank(text: str) -> str:
    """A name without what stands before it: ``PV``, ``Nhà báo``, ``ThS.``."""
    return _RANK.sub("", text, count=1) if is_person(_RANK.sub("", text, count=1)) else text


def is_place(text: str) -> bool:
    """Whether a text is the name of a province, a town or a ward and nothing else."""
    return tone_key(squeeze(text)) in PLACE_NAMES


def is_post(text: str) -> bool:
    """Whether a line is a post or another mark that stands above a signatory's name."""
    return len(text) <= 90 and bool(_POST.match(tone_key(text.strip())))


def has_post(text: str) -> bool:
    """Whether a text names a post somewhere (``Phó Chủ tịch UBND phường``)."""
    return bool(_POST_INSIDE.search(tone_key(text)))


def is_initials(text: str) -> bool:
    """``L.M.T.``: two to five capitals, each with its stop."""
    return bool(_INITIALS.fullmatch(text)) and text == text.upper()


@lru_cache(maxsize=4096)  # a language has few syllables, a page many words
def _is_syllable(word: str) -> bool:
    """One syllable of a name: a capital first, then as Vietnamese builds a syllable.

    Names of the highlands have a letter and an apostrophe before it (``H'Hen``, ``K'Brơi``).
    """
    core = _HIGHLAND.sub("", word)
    return core.isalpha() and word[0].isupper() and bool(_SYLLABLE.fullmatch(fold(core)))


def is_collective(text: str) -> bool:
    """``Ban Tổ chức``, ``Trung tâm Truyền thông và Văn hóa``: signs, but is nobody."""
    words = text.split()
    capital = words and words[0][0].isupper()
    return (
        bool(capital)
        and not is_person(text)
        and bool(_OFFICE.match(tone_key(text)))
        and 2 <= len(words) <= 12
        and not re.search(r"[.;:!?\d]", text)
    )


def is_unit(text: str) -> bool:
    """Whether a text names the office, school or place somebody belongs to."""
    return bool(_UNIT.search(tone_key(text))) and len(text.split()) <= 14
