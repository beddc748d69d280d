"""Whether a word is built as Vietnamese syllables are: an onset, a rhyme, a tone.

The inventory is that of the standard orthography. A syllable that ends in p, t, c or ch bears
only the sharp or the heavy tone, and one of its tones must be written.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ONSETS = frozenset(" b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x".split(" "))  # noqa: SIM905 - to be read by people
_RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi
    om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ up ut uôc uôi uôm uôn uông uôt uy uya
    uych uyên uyêt uyn uynh uyt uyu ư ưa ưc ưi ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y yêm yên yêng yêt yêu
    """.split()  # noqa: SIM905 - to be read by people
)
_GRAVE, _SHARP, _HOOK, _TILDE, _HEAVY = "\u0300\u0301\u0309\u0303\u0323"
_TONES = frozenset((_GRAVE, _SHARP, _HOOK, _TILDE, _HEAVY))
_STOPS = ("p", "t", "c", "ch")
_STOP_TONES = ([_SHARP], [_HEAVY])


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether a word (any letter case) is a possible Vietnamese syllable."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in letters if letter in _TONES]
    plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    if len(tones) > 1 or (plain.endswith(_STOPS) and tones not in _STOP_TONES):
        return False
    return any(
        onset in _ONSETS and _fits(onset, plain[len(onset) :])
        for onset in {plain[:3], plain[:2], plain[:1], ""}
    )


def _fits(onset: str, rhyme: str) -> bool:
    if onset == "q":
        return rhyme[:1] == "u" and (rhyme in _RHYMES or rhyme[1:] in _RHYMES)
    return rhyme in _RHYMES
