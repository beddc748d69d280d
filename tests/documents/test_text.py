"""The text of every kind of file, and what happens to those that cannot be read."""

from __future__ import annotations

import struct
import unicodedata
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import TextStatus
from archive.schema import TEXT_STATUSES
from halong_crawler.demo.files import pdf
from halong_crawler.documents import kind
from halong_crawler.documents.kind import media_type_of
from halong_crawler.documents.legacy_fonts import encode
from halong_crawler.documents.outcome import DocumentText, Limits
from halong_crawler.documents.text import pages_of
from tests.documents import makers
from tests.documents.makers import run
from tests.documents.test_kind import FILES

LEGACY = "Quyết định của Ủy ban nhân dân phường Đồi Chè về đường ưu tiên"


def opened(data: bytes, limits: Limits | None = None) -> DocumentText:
    return pages_of(data, media_type_of(data), limits)


def only_page(data: bytes) -> str:
    text = opened(data)
    assert text.status == "read", text
    (page,) = text.pages
    return page


def test_the_list_of_statuses_is_explained_whole() -> None:
    assert set(TEXT_STATUSES) == set(get_args(TextStatus))


# Kinds


def test_a_pdf_page_by_page() -> None:
    text = opened(pdf([["Điều 1. Phạm vi", "Quyết định này"], ["Điều 2. Hiệu lực"]]))
    assert text == DocumentText(("Điều 1. Phạm vi\nQuyết định này", "Điều 2. Hiệu lực"), "read")


def test_letters_with_loose_marks_are_joined() -> None:
    nfd = unicodedata.normalize("NFD", "Quyết định số 12")
    assert only_page(makers.docx(f"<w:p>{run(nfd)}</w:p>")) == "Quyết định số 12"


def test_word_paragraphs_and_tables_in_order() -> None:
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    table = "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>".format(
        *(cell.format(run(text)) for text in ("STT", "Nội dung", "1", "Đường"))
    )
    link = f"<w:hyperlink>{run('đính kèm')}</w:hyperlink>"
    gone = "<w:del><w:r><w:delText>bỏ đi</w:delText></w:r></w:del>"
    body = f"<w:p>{run('Tệp ')}{link}{gone}</w:p>{table}<w:p>{run('Hết')}</w:p>"
    assert only_page(makers.docx(body)) == "Tệp đính kèm\nSTT Nội dung\n1 Đường\nHết"


def test_words_in_notes_and_boxes_count() -> None:
    inner = f"<w:txbxContent><w:p>{run('Trong khung')}</w:p></w:txbxContent>"
    box = f"<w:r><w:pict>{inner}</w:pict></w:r>"
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:footnote><w:p>{run('Chú thích')}</w:p></w:footnote></w:footnotes>"
    )
    data = makers.docx(f"<w:p>{run('Ngoài')}{box}</w:p>", footnotes=notes)
    assert only_page(data).split("\n") == ["Ngoài", "Trong khung", "Chú thích"]


def test_slides_are_pages_in_their_order() -> None:
    slides = [f"Trang {number}" for number in range(1, 12)]
    assert opened(makers.pptx(*slides)).pages == tuple(slides)


def test_sheets_are_pages_with_strings_dates_and_numbers() -> None:
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy;@"/>'
        '<numFmt numFmtId="171" formatCode="#,##0 &quot;đồng&quot;"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>'
    )
    shared = "<si><t>Ngày</t></si><si><r><t>Số </t></r><r><t>tiền</t></r></si>"
    rows = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c s="1"><v>45748</v></c><c s="2"><v>1250000</v></c></row>'
        '<row><c t="inlineStr"><is><t>Cộng</t></is></c><c t="str"><v>đủ</v></c></row>'
    )
    data = makers.xlsx({"Quý I": rows, "Trống": ""}, shared=shared, styles=styles)
    assert opened(data).pages == (
        "Quý I\nNgày Số tiền\n2025-04-01 1250000\nCộng đủ", "Trống",
    )  # fmt: skip


def test_open_documents() -> None:
    text = (
        "<office:text><text:h>Thông báo</text:h><text:p>Kính<text:s/>gửi "
        "<text:span>bà con</text:span> phường</text:p><table:table><table:table-row>"
        "<table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell>"
        "<text:p>Đường</text:p></table:table-cell></table:table-row></table:table></office:text>"
    )
    assert only_page(makers.odf("text", text)) == "Thông báo\nKính gửi bà con phường\n1 Đường"
    sheet = (
        '<office:spreadsheet><table:table table:name="Quý II"><table:table-row>'
        "<table:table-cell><text:p>Ngân sách</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row></table:table>'
        "</office:spreadsheet>"
    )
    assert only_page(makers.odf("spreadsheet", sheet)) == "Quý II\nNgân sách"


@pytest.mark.parametrize("flags", [0, 0x0200], ids=["0Table", "1Table"])
def test_old_word_files_piece_by_piece(flags: int) -> None:
    data = makers.doc(
        b"UBND ", "phường Đồi Chè\rSTT\x07Việc\x07\x07", b"\x13 HYPERLINK x \x14link\x15\r",
        flags=flags,
    )  # fmt: skip
    assert only_page(data) == "UBND phường Đồi Chè\nSTT Việc\nlink"


def test_old_excel_files() -> None:
    data = makers.xls("Quý I", [["Nội dung", "Đơn vị"], ["Măng cụt", "cây"]])
    assert opened(data).pages == ("Quý I\nNội dung Đơn vị\nMăng cụt cây",)


def test_rich_text_in_code_pages_and_unicode() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset163 Tahoma;}{\f2 .VnTime;}}"
        rb"{\info{\title bo}}{\*\generator bo}\f0 \u272?\u432?\u7901?ng caf\'e9\par "
        rb"{\f1 Vi\'ea\'f2t}{\pict 00ff}\par {\f2 Vi\'d6t}}"
    )
    assert only_page(data) == "Đường café\nViệt\nViệt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text(encoding: str) -> None:
    assert only_page("Kính gửi: Ủy ban\r\n".encode(encoding)) == "Kính gửi: Ủy ban"


# Legacy fonts, by name and by words


def test_a_font_that_the_file_names_decides() -> None:
    legacy = encode("đ", "tcvn3")
    body = f"<w:p>{run(legacy, '.VnTime')}{run(' đ', 'Arial')}</w:p>"
    assert only_page(makers.docx(body)) == "đ đ"


def test_fonts_of_capitals_draw_capitals() -> None:
    body = f"<w:p>{run(encode('quyết định', 'tcvn3'), '.VnTimeH')}</w:p>"
    assert only_page(makers.docx(body)) == "QUYẾT ĐỊNH"


def test_a_style_may_name_the_font() -> None:
    styles = (
        '<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:rPr>'
        '<w:rFonts w:ascii="VNI-Times"/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    text = encode("Đường", "vni")
    marked = f'<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr>{run(text)}</w:p>'
    data = makers.docx(f"<w:p>{run(text)}</w:p>{marked}", styles=styles)
    assert only_page(data) == "Đường\nĐường"


def test_a_legacy_font_in_a_pdf_with_its_lost_hyphens() -> None:
    code = encode("phường kinh tế-xã hội", "tcvn3").encode("latin-1")
    assert only_page(makers.pdf_in_font(code, b"ABCDEF+.VnTime")) == "phường kinh tế-xã hội"


@pytest.mark.parametrize("scheme", ["tcvn3", "vni"])
def test_without_a_name_the_words_decide(scheme: str) -> None:
    text = opened(makers.doc(encode(LEGACY.lower(), scheme).encode("cp1252")))
    assert text.pages == (LEGACY.lower(),)
    assert text.note == f"converted from {scheme}"


# What cannot be read


def test_a_scan_is_told_from_text() -> None:
    text = opened(makers.scan(b"Ky boi: UBND"))
    assert (text.status, text.note) == ("scanned", "pages without text, being scans: 1")
    assert text.pages == ("Ky boi: UBND",)


@pytest.mark.parametrize("data", [
    makers.locked_pdf(),
    makers.doc("Kín", flags=0x0100),
    makers.xls("Kín", [["Kín"]], locked=True),
    FILES[kind.ENCRYPTED_OFFICE],
    makers.odf("text", "<office:text/>", manifest="<m:encryption-data/>"),
    makers.zipped({"a": b"x"}).replace(b"\x14\0\0\0", b"\x14\0\1\0"),
])  # fmt: skip
def test_what_wants_a_password_is_encrypted(data: bytes) -> None:
    assert opened(data).status == "encrypted"


@pytest.mark.parametrize(("data", "status"), [
    (b"", "empty"),
    (makers.docx("<w:p/>"), "empty"),
    (FILES[kind.HTML], "not_a_file"),
    (FILES["image/jpeg"], "unsupported"),
    (FILES[kind.PPT], "unsupported"),
    (FILES["application/zip"], "unsupported"),
    (makers.doc("Cũ", version=0x0065), "unsupported"),
    (makers.docx("")[:-30], "damaged"),
    (makers.docx("<w:p>"), "damaged"),
    (b"%PDF-1.4 and no more", "damaged"),
    (makers.compound({"WordDocument": b"\xec\xa5\xc1\0"}), "damaged"),
    (makers.compound({"Workbook": b"\x09\x08"}), "damaged"),
])  # fmt: skip
def test_every_other_fault_has_its_status(data: bytes, status: str) -> None:
    assert opened(data).status == status


def test_bombs_are_left_packed() -> None:
    one_part = makers.docx("<w:p>" + " " * 2_000_000 + "</w:p>")
    assert len(one_part) < 10_000
    assert opened(one_part, Limits(part=1_000_000)).status == "too_large"
    long_text = makers.docx("<w:p><w:r><w:t>" + "chữ " * 3_000_000 + "</w:t></w:r></w:p>")
    assert opened(long_text).status == "too_large"
    rows = "<row><c><v>1</v></c></row>" * 50_000
    assert opened(makers.xlsx({"A": rows, "B": rows}), Limits(unpacked=1_000_000)).status == (
        "too_large"
    )


def test_a_zip_that_lies_about_its_size_is_no_way_round() -> None:
    data = bytearray(makers.docx("<w:p>" + " " * 2_000_000 + "</w:p>"))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml"))
    struct.pack_into("<I", data, at + 24, 10)
    assert opened(bytes(data), Limits(part=1_000_000)).status in ("too_large", "damaged")


def test_entities_are_not_unfolded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    text = opened(makers.zipped({
        "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": bomb,
    }))  # fmt: skip
    assert "ha" not in "".join(text.pages)


def test_long_text_is_cut_and_says_so() -> None:
    text = opened(pdf([["một hai ba"], ["bốn"]]), Limits(characters=10))
    assert text.pages == ("một hai ba", "")
    assert text.note == "only the first 10 characters are kept"


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(FILES)),
    cut=st.floats(0, 1),
    noise=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
)
def test_no_damage_raises(name: str, cut: float, noise: list[tuple[float, int]]) -> None:
    data = bytearray(FILES[name])
    for place, byte in noise:
        data[int(place * len(data))] = byte
    text = opened(bytes(data[: int(cut * len(data)) + 1]))
    assert text.status in TEXT_STATUSES
