"""Signatures at the end of a body: which closing lines sign, and which only stand there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halong_crawler.reading.authors.signature import take_signature
from halong_crawler.reading.blocks import Block, Picture

TEXT = (
    "Sáng 12/3, phường tổ chức ra quân dọn vệ sinh các tuyến đường ven biển, thu hút gần hai trăm "
    "đoàn viên, hội viên và nhân dân tham gia."
)
PICTURE = (Picture("https://namo.gov.vn/anh/1.jpg", ""),)


def block(text: str, kind: Any = "p", **more: Any) -> Block:
    return Block(kind, text, text.replace("\n", "<br>"), 1, **more)


def read(*ending: Block | str) -> tuple[list[str], list[str], list[str], str | None]:
    """The texts left, the authors, the sources and the printed byline of a body that so ends."""
    found = [block(TEXT), *(b if isinstance(b, Block) else block(b) for b in ending)]
    left, signature = take_signature(found)
    names = [author.name for author in signature.authors]
    return [b.text for b in left], names, signature.sources, signature.printed


@pytest.mark.parametrize(
    "ending",
    [
        block("Hồng Hạnh"),
        block("Hồng Hạnh", align="right"),
        block("Hồng Hạnh", strong=True),
        block("Hồng Hạnh", align="right", strong=True, emphasis=True),
        block("(Hồng Hạnh)"),
        block("Tác giả: Hồng Hạnh"),
    ],
)
def test_a_closing_line_that_names_the_author_is_cut_off(ending: Block) -> None:
    assert read(ending) == ([TEXT], ["Hồng Hạnh"], [], ending.text)


def test_a_name_in_brackets_or_on_a_line_of_its_own_is_cut_out_of_the_last_paragraph() -> None:
    left, signature = take_signature([block("Mở đầu."), block(f"{TEXT} (Hồng Hạnh)")])
    assert ([b.text for b in left], signature.printed) == (["Mở đầu.", TEXT], "(Hồng Hạnh)")
    left, signature = take_signature([block("Mở đầu."), block(f"{TEXT}\nHồng Hạnh")])
    assert ([b.html for b in left], signature.printed) == (["Mở đầu.", TEXT], "Hồng Hạnh")


def test_name_unit_and_source_on_lines_of_their_own_are_one_signature() -> None:
    left, names, sources, printed = read("Tô Phượng", "Trung tâm Văn hóa", "Nguồn: Báo Quảng Ninh")
    assert (left, names, sources) == ([TEXT], ["Tô Phượng"], ["Báo Quảng Ninh"])
    assert printed == "Tô Phượng / Trung tâm Văn hóa"
    assert read("Hồng Hạnh (Theo TTXVN)")[1:3] == (["Hồng Hạnh"], ["TTXVN"])


def test_a_collective_signs_and_is_no_person() -> None:
    assert read("Ban Tổ chức") == ([TEXT], [], [], "Ban Tổ chức")


@pytest.mark.parametrize(
    "ending",
    [
        # The signatory of a document that is printed in full
        ["CHỦ TỊCH", "Nguyễn Văn Khoa"],
        ["CHỦ TỊCH\nNguyễn Văn Khoa"],
        ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "(Đã ký)", "Nguyễn Văn Khoa"],
        ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", block("Nguyễn Văn Khoa", strong=True, align="right")],
        ["Giám đốc", block("Lê Na", align="right")],
        ["TRƯỞNG BAN", "Lê Na"],
        # Who spoke the words above
        ["“Uống nước nhớ nguồn là đạo lý của dân tộc ta.”", "Hồ Xuân Lan"],
        # The caption of the picture above
        [block("", "image", pictures=PICTURE), "Hồng Hạnh"],
        [block("Ca sĩ trên sân khấu", "caption"), "Hồng Hạnh"],
        # A place, thanks, a slogan
        ["Hà Nội"],
        ["Bãi Cháy"],
        ["Hồng Hà"],
        ["Trân trọng cảm ơn"],
        ["TOÀN DÂN ĐOÀN KẾT"],
        ["Nguyễn Văn Khoa – Chủ tịch UBND phường"],
    ],
)
def test_what_only_stands_at_the_end_signs_nothing(ending: list[Block | str]) -> None:
    left, names, sources, _ = read(*ending)
    assert (names, sources) == ([], [])
    assert len(left) == 1 + len(ending)


def test_a_pen_name_that_is_also_a_place_signs_when_it_is_set_apart() -> None:
    assert read(block("Hồng Hà", align="right"))[1] == ["Hồng Hà"]


def test_a_label_under_a_picture_still_names_the_author() -> None:
    picture = block("", "image", pictures=PICTURE)
    assert read(picture, "Tin, ảnh: Hồng Hạnh")[1] == ["Hồng Hạnh", "Hồng Hạnh"]


def test_elsewhere_than_in_vietnamese_a_name_must_be_introduced() -> None:
    story = block("The council met on Monday to discuss the new harbour and its costs. " * 3)
    left, signature = take_signature([story, block("Read More")])
    assert (len(left), signature.authors) == (2, ())
    left, signature = take_signature([story, block("Von Clara Weidmann")])
    assert [author.name for author in signature.authors] == ["Clara Weidmann"]


@given(
    st.lists(
        st.builds(
            block,
            st.one_of(
                st.text(max_size=60), st.sampled_from(["Hồng Hạnh", "CHỦ TỊCH", "Theo TTXVN"])
            ),
            st.sampled_from(["p", "heading", "item", "caption", "table", "image"]),
            align=st.sampled_from(["", "right"]),
            strong=st.booleans(),
        ),
        max_size=6,
    )
)
def test_no_ending_breaks_the_reader_and_nothing_is_lost(found: list[Block]) -> None:
    left, signature = take_signature(found)
    assert len(left) <= len(found)
    words = "\n".join(b.text for b in found)
    for author in signature.authors:
        assert author.name in words
