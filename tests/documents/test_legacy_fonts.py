"""Legacy fonts: found where they are, and nowhere else."""

from __future__ import annotations

import re
import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.demo.content import CONTENT
from halong_crawler.documents.legacy_fonts import (
    TABLES,
    Run,
    Scheme,
    convert,
    encode,
    join,
    recognise,
    repair,
    scheme_of_font,
)
from halong_crawler.documents.syllables import is_syllable
from tests.places import SAVED

SCHEMES: tuple[Scheme, ...] = ("tcvn3", "vni")

SENTENCES = (
    "Ủy ban nhân dân thành phố thông báo tuyển dụng viên chức sự nghiệp giáo dục",
    "Đường phố rộng rãi, người dân phấn khởi, nghề làm bún cổ truyền được giữ gìn",
    "Quý bà con nghỉ ngơi, uống nước, xem biểu diễn đàn bầu và thưởng thức chả mực",
    "Hỗ trợ những hộ nghèo sửa lại mái nhà bị gió xoáy giật sập trong cơn bão số ba",
)
FOREIGN = (
    "Le préfet a déjà reçu les élèves à l’hôtel de ville, où l’été s’achève.",
    "Die Bürgermeisterin eröffnet fünf schöne Straßen für Fußgänger in Köln.",
    "El año próximo la niña volverá a la montaña: ¿qué dirá su corazón?",
    "A população não terá acesso às informações da câmara até amanhã.",
    "Città, perché, così: però l’università è già più vicina.",
    "The café’s naïve façade cost £300 — about 12° north of Málaga.",
    "Størst på øya: blåbær, rømmegrøt og kjøtt. På svenska: räksmörgås.",
    "« Voilà », §12, ©2025 ® ™ ±5 °C, 1½ × 3, 20 µm, ¶ 7, no. ª º ¿ ¡",
)


def words() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CONTENT.glob("*.toml"))]
    found = re.findall(r"[A-Za-zÀ-ỹ]+", unicodedata.normalize("NFC", " ".join(texts)))
    return sorted({word.lower() for word in found if is_syllable(word)})


WORDS = words()


def test_syllables() -> None:
    good = "nghiêng quý quyết giếng gì uống ươm khuỷu oằn thuở xoong yếu giặt Đắk ngoáy".split()  # noqa: SIM905
    assert [word for word in good if not is_syllable(word)] == ["Đắk"]
    bad = "ieät Vieät ViÖt café für năm2 cát̉ bắtt các̀ q ph nfg tàc".split()  # noqa: SIM905
    assert [word for word in bad if is_syllable(word)] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", SENTENCES)
def test_there_and_back(scheme: Scheme, text: str) -> None:
    legacy = encode(text.lower(), scheme)
    assert max(legacy) <= "\u00ff"
    assert recognise(legacy) == scheme
    assert convert(legacy, scheme) == text.lower()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_letter_has_a_code_of_its_own(scheme: Scheme) -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones]
    for letter in [*letters, "đ", "Đ"]:
        assert convert(encode(letter, scheme), scheme) == letter
    assert set("đ" + "".join(letters)) - set("aeiouy") <= set(TABLES[scheme].values())


def test_capitals_of_vni_keep_their_marks() -> None:
    assert convert("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "vni") == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )


@given(st.lists(st.sampled_from(WORDS), min_size=12, max_size=60), st.sampled_from(SCHEMES))
def test_any_vietnamese_text_comes_back(chosen: list[str], scheme: Scheme) -> None:
    text = " ".join(chosen)
    legacy = encode(text, scheme)
    (repaired,), found = repair([legacy])
    speaking = {word for word in legacy.split() if not word.isascii() and not is_syllable(word)}
    if len(speaking) >= 3:
        assert (found, repaired) == (scheme, text)
    else:
        assert repaired in (text, legacy)


# Never where there is none


@given(st.lists(st.sampled_from(WORDS), max_size=80), st.integers(1, 9), st.booleans())
def test_unicode_is_never_touched(chosen: list[str], width: int, capitals: bool) -> None:
    lines = [" ".join(chosen[at : at + width]) for at in range(0, len(chosen), width)]
    text = "\n".join(lines).upper() if capitals else "\n".join(lines)
    assert recognise(text) is None
    assert repair([text]) == ((text,), None)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_are_never_touched(text: str) -> None:
    assert recognise(text) is None
    assert recognise("\n".join([text, *SENTENCES])) is None
    assert recognise("\n".join(FOREIGN)) is None


@given(st.text(st.characters(max_codepoint=0x17F), max_size=300))
def test_what_is_no_vietnamese_stays_or_becomes_syllables(text: str) -> None:
    scheme = recognise(text)
    if scheme is not None:
        assert any(is_syllable(word) for word in re.findall(r"\w+", convert(text, scheme)))


def test_demo_pages_are_never_touched() -> None:
    for path in CONTENT.glob("*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        assert recognise(str(data)) is None, path.name


@pytest.mark.skipif(not (SAVED / "pages").is_dir(), reason=f"no saved pages at {SAVED}")
def test_real_texts_are_never_touched() -> None:
    texts = sorted((SAVED / "pages" / "text").glob("*.txt"))
    assert len(texts) > 10
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert recognise(text) is None, path.name
        assert [line for line in text.splitlines() if recognise(line)] == []


def test_lines_of_both_sorts_in_one_document() -> None:
    unicode_lines = ["Có cả hai thứ chữ", "Đường phố", "cũ và có cả"]
    legacy = [encode(text.lower(), "tcvn3") for text in SENTENCES]
    (repaired,), scheme = repair(["\n".join([*unicode_lines, *legacy])])
    assert scheme == "tcvn3"
    assert repaired.split("\n") == [*unicode_lines, *(text.lower() for text in SENTENCES)]


# By the font's name


@pytest.mark.parametrize(("font", "scheme"), [
    (".VnTime", "tcvn3"), (".VnArialH", "tcvn3"), ("ABCDEF+.VnTimeH,Bold", "tcvn3"),
    ("VnTime", "tcvn3"), (".Vn3DH", "tcvn3"), ("VNI-Times", "vni"), ("VNI Helve", "vni"),
    ("Times New Roman", None), ("Vnn", None), ("VNTimes", None), (None, None),
])  # fmt: skip
def test_fonts_by_name(font: str | None, scheme: str | None) -> None:
    assert scheme_of_font(font) == scheme


def test_a_legacy_font_over_unicode_text_changes_nothing() -> None:
    assert join([Run("Đường phố", ".VnTime")]) == "Đường phố"


def test_a_letter_and_its_sign_may_stand_in_two_runs() -> None:
    assert join([Run("Vie", "VNI-Times"), Run("ät", "VNI-Times"), Run(" é", "Arial")]) == "Việt é"
