"""Unicode: every pair of spellings that must meet does, and those that must not do not."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.schema import FOLD_SQL
from archive.text import fold, fold_d, name_key, nfc, squeeze, tone_key

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
words = st.text(VIETNAMESE + VIETNAMESE.upper() + " -", max_size=30)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("reduce", [nfc, squeeze, fold, fold_d, tone_key, name_key])
@given(text=anything | words)
def test_reducing_twice_is_reducing_once(reduce, text: str) -> None:
    once = reduce(text)
    assert reduce(once) == once


@pytest.mark.parametrize("reduce", [nfc, squeeze, fold, tone_key, name_key])
@given(text=words)
def test_composed_and_decomposed_meet(reduce, text: str) -> None:
    assert reduce(unicodedata.normalize("NFD", text)) == reduce(text)
    assert unicodedata.is_normalized("NFC", reduce(text))


@given(text=words)
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(text).isascii()


@given(text=anything)
def test_fold_d_keeps_length_and_does_what_the_triggers_do(text: str) -> None:
    assert len(fold_d(text)) == len(text)
    if "\0" not in text:  # SQLite's replace() ends a text there
        with sqlite3.connect(":memory:") as connection:
            (folded,) = connection.execute(f"SELECT {FOLD_SQL.format('?1')}", [text]).fetchone()
        connection.close()
        assert folded == fold_d(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hạ\u00a0Long", "Hạ Long"),
        ("Hạ\u202fLong", "Hạ Long"),
        ("Hạ\u200bLong\ufeff", "HạLong"),
        ("thi\u00adđua", "thiđua"),
        (unicodedata.normalize("NFD", "Đại hội Đảng bộ"), "Đại hội Đảng bộ"),
    ],
)
def test_nfc(text: str, expected: str) -> None:
    assert nfc(text) == expected


def test_squeeze() -> None:
    assert squeeze(" \t Hạ \r\n\u00a0 Long\u2028") == "Hạ Long"
    assert squeeze("\u200b \u00a0") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đại hội Đảng bộ", "dai hoi dang bo"),
        ("Ðắk Lắk", "dak lak"),  # Eth, which is not Đ
        ("ƯƠNG Ứng Ợ", "uong ung o"),
        ("3431/QĐ-UBND", "3431/qd-ubnd"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_fold_d_leaves_marks_and_case() -> None:
    assert fold_d("Đại hội Ðảng đi") == "Dại hội Dảng di"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"), ("HOÀ BÌNH", "Hòa Bình"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"),
        ("Khánh Hoà", "Khánh Hòa"), ("uỷ ban", "ủy ban"), ("loá", "lóa"), ("xoè", "xòe"),
        ("Thuý Hoà", "Thúy Hòa"),
    ],
)  # fmt: skip
def test_tone_placement_does_not_part(one: str, other: str) -> None:
    assert tone_key(one) == tone_key(other)


@pytest.mark.parametrize(
    "word",
    ["hoàn", "suýt", "huỳnh", "quý", "quỳ", "quả", "ngoài", "thuế", "của", "mùa", "lúa",
     "toán", "khoẻn", "huyền", "thuở", "xoáy", "khuỷu"],
)  # fmt: skip
def test_other_syllables_are_left_alone(word: str) -> None:
    assert tone_key(word) == word


@pytest.mark.parametrize(
    ("one", "other"), [("hòa", "hóa"), ("hòa", "hoa"), ("thủy", "thúy"), ("đa", "da")]
)
def test_marks_still_part(one: str, other: str) -> None:
    assert tone_key(one) != tone_key(other)


def test_names_meet_over_space_case_and_tone() -> None:
    assert name_key(" NGUYỄN  VĂN\u00a0HOÀ") == name_key("Nguyễn Văn Hòa")
    assert name_key("Thu Hà") != name_key("Thu Hạ")
    assert name_key("\u00d0ỗ Văn Đạt") == name_key("Đỗ Văn \u00d0ạt") == "đỗ văn đạt"


@given(text=st.lists(st.text(VIETNAMESE, min_size=1, max_size=7), max_size=8).map(" ".join))
def test_folding_never_changes_the_number_of_words(text: str) -> None:
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)
        for reduce in (nfc, squeeze, fold, fold_d, tone_key, name_key):
            assert len(reduce(written).split()) == len(text.split())


def test_marks_beyond_those_of_any_letter_are_left_out() -> None:
    """UAX #15, Stream-Safe Text Format: sorting them takes time with the square of their number."""
    pile = "a" + "\u0301\u0323" * 300_000
    assert len(nfc(pile + " ")) <= 32
    letters = "ガ" * 500 + "e\u0323\u0302" * 500
    assert nfc(letters) == unicodedata.normalize("NFC", letters)
