"""Bytes to text: who decides, what is kept of what the page said, and that nothing is raised."""

from __future__ import annotations

import codecs
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article
from archive.text import nfc
from halong_crawler.documents import legacy_fonts
from halong_crawler.portal import find
from halong_crawler.reading import Document, read
from halong_crawler.reading.decode import decode, known

TITLE = "Khánh thành cầu dân sinh bắc qua suối Lưỡng Kỳ"
TEXT = (
    "Sáng 12/5, Ủy ban nhân dân thành phố tổ chức lễ khánh thành cầu dân sinh bắc qua suối. Cây "
    "cầu được xây dựng từ nguồn xã hội hóa, với sự đóng góp ngày công của Nhân dân các thôn. Đến "
    "dự có đại diện lãnh đạo các phòng, ban, đơn vị và đông đảo người dân địa phương."
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def page(body: str = TEXT, head: str = "") -> str:
    return (
        f"<html><head>{head}<title>{TITLE}</title></head>"
        f"<body><h1 class='title-detail'>{TITLE}</h1>"
        f"<div class='content-detail'><p>{body}</p></div></body></html>"
    )


def cp1258(text: str) -> bytes:
    """As the Windows keyboard wrote it: the letter, then its tone."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in TONES)
        plain = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            out += (plain + tones).encode("cp1258")
    return bytes(out)


def meta(charset: str) -> str:
    return f"<meta http-equiv='Content-Type' content='text/html; charset={charset}'>"


@pytest.mark.parametrize(
    ("body", "header", "used", "by"),
    [
        (page().encode(), None, "utf-8", "bytes"),
        (page().encode(), "iso-8859-1", "utf-8", "bytes"),
        (page(head=meta("windows-1258")).encode(), "utf-8", "utf-8", "bytes"),
        (codecs.BOM_UTF8 + page().encode(), "windows-1258", "utf-8", "bom"),
        (codecs.BOM_UTF8 * 2 + page().encode(), None, "utf-8", "bom"),
        (codecs.BOM_UTF16_LE + page().encode("utf-16-le"), None, "utf-16-le", "bom"),
        (codecs.BOM_UTF16_BE + page().encode("utf-16-be"), None, "utf-16-be", "bom"),
        (page().encode("utf-16-le"), None, "utf-16-le", "bytes"),
        (page().encode("utf-16-be"), "utf-16", "utf-16-be", "bytes"),
        (page(head=meta("utf-16")).encode(), None, "utf-8", "bytes"),
        (cp1258(page()), "windows-1258", "cp1258", "header"),
        (cp1258(page(head=meta("windows-1258"))), None, "cp1258", "meta"),
        (cp1258(page(head=meta("utf-8"))), None, "cp1258", "words"),
        (cp1258(page()), "utf-8", "cp1258", "words"),
        (cp1258(page()), "iso-8859-1", "cp1258", "words"),
        (cp1258(page(head=meta("windows-1258"))), "iso-8859-1", "cp1258", "meta"),
        (cp1258(page()), None, "cp1258", "words"),
        (cp1258(page(head=meta("nonsense"))), "hex", "cp1258", "words"),
        (cp1258("<?xml version='1.0' encoding='windows-1258'?>" + page()), None, "cp1258", "meta"),
    ],
)
def test_who_decides(body: bytes, header: str | None, used: str, by: str) -> None:
    text, encoding = decode(body, f"text/html; charset={header}" if header else "text/html")
    assert (encoding.used, encoding.by) == (used, by)
    assert encoding.lost == 0
    assert TEXT in nfc(text)
    assert not text.startswith("\ufeff")
    assert encoding.header == header


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("iso-8859-1", "cp1252"), ("ISO_8859-1", "cp1252"), ("latin1", "cp1252"),
        ("us-ascii", "cp1252"), ("x-user-defined", "cp1252"), ("Windows-1252", "cp1252"),
        ("windows-1258", "cp1258"), ("x-cp1258", "cp1258"), ("utf8", "utf-8"), ("UTF-8", "utf-8"),
        ("unicode", "utf-16-le"), ("gb2312", "gb18030"), ("shift_jis", "cp932"),
        ("hex", None), ("idna", None), ("rot13", None), ("undefined", None), ("utf-7", None),
        ("unicode_escape", None), ("tcvn", None), ("a\0b", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_label_means_what_it_means_to_a_browser(label: str | None, codec: str | None) -> None:
    assert known(label) == codec


def test_a_meta_inside_the_article_decides_nothing() -> None:
    nested = f"<html><head>{meta('windows-1252')}</head><body>{TEXT}</body></html>"
    body = cp1258(page(" " * 1100 + nested))
    text, encoding = decode(body, None)
    assert (encoding.used, encoding.meta) == ("cp1258", None)
    assert TEXT in nfc(text)


def test_western_pages_stay_western() -> None:
    """Windows-1258 reads them too, and would write Vietnamese tones into them."""
    text = "<p>Überraschung für alle Gäste: das Café öffnet später, così è la vita à Besançon.</p>"
    for header in ("iso-8859-1", "windows-1252", None):
        plain, encoding = decode(text.encode("cp1252"), header and f"text/html; charset={header}")
        assert (plain, encoding.used) == (text, "cp1252")
    polish = "<p>Zażółć gęślą jaźń, powiedział zespół. Łódź i Kraków świętują, że są.</p>" * 5
    assert decode(polish.encode("cp1250"))[0] == polish


def test_a_few_broken_bytes_do_not_make_another_encoding() -> None:
    body = page(TEXT + "<!-- \xe9\xe8 -->").encode("latin-1", "xmlcharrefreplace")
    broken = page().encode() + b"<!-- caf\xe9 -->"
    text, encoding = decode(broken, "text/html; charset=utf-8")
    assert (encoding.used, encoding.lost) == ("utf-8", 1)
    assert encoding.conflict == {"by": "bytes", "lost": 1}
    assert TEXT in text
    assert decode(body, "text/html; charset=iso-8859-1")[1].used == "cp1252"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_page_cut_inside_its_last_letter_is_utf_8(cut: int) -> None:
    body = "<p>Xã Kỳ".encode()
    text, encoding = decode(body[:-cut])
    assert (encoding.used, encoding.lost) == ("utf-8", 1)
    assert text == "<p>Xã K\ufffd"


def test_what_a_page_said_is_told_only_where_it_was_wrong() -> None:
    _, plain = decode(page(head=meta("utf-8")).encode(), "text/html; charset=UTF-8")
    assert plain.conflict is None
    assert (plain.header, plain.meta, plain.detected) == ("UTF-8", "utf-8", "utf-8")
    _, wrong = decode(page(head=meta("utf-8")).encode(), "text/html; charset=iso-8859-1")
    assert wrong.conflict == {"header": "iso-8859-1", "by": "bytes", "lost": 0}
    assert "header says iso-8859-1" in wrong.words
    _, plain_ascii = decode(b"<p>abc</p>", "text/html; charset=iso-8859-1")
    assert (plain_ascii.used, plain_ascii.conflict) == ("cp1252", None)


@pytest.mark.parametrize("scheme", ["tcvn3", "vni"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_pages_typed_in_legacy_fonts_become_unicode(
    scheme: legacy_fonts.Scheme, encoding: str
) -> None:
    font = {"tcvn3": ".VnTime", "vni": "VNI-Times"}[scheme]
    typed = legacy_fonts.encode(TEXT.lower(), scheme)
    markup = (
        f"<p title='1 < 2'><font face='{font}'>{typed} &lt;b&gt;</font></p><script>a<b</script>"
    )
    text, found = decode(markup.encode(encoding))
    assert found.font == scheme
    assert TEXT.lower() in text
    assert "&lt;b&gt;" in text
    assert "<script>a<b</script>" in text


def test_a_font_name_alone_changes_nothing() -> None:
    """Word leaves the names of legacy fonts in pages that are Unicode long since."""
    markup = page(f"<span style='font-family:.VnTime'>{TEXT}</span>")
    text, encoding = decode(markup.encode())
    assert (text, encoding.font) == (markup, None)


def test_fields_are_nfc_whatever_the_bytes() -> None:
    mixed = TITLE[:20] + unicodedata.normalize("NFD", TITLE[20:])
    files = "<a href='/upload/Quy%E1%BA%BFt.pdf'>1</a><a href='/upload/Bie%CC%82%CC%89u.pdf'>2</a>"
    pages = {
        "utf-8": page(TEXT + files).replace(TITLE, mixed).encode(),
        "nfd": unicodedata.normalize("NFD", page(TEXT + files)).encode(),
        "cp1258": cp1258(page(TEXT + files)),
    }
    for form, body in pages.items():
        article = read(
            body,
            "http://halongcity.gov.vn/khanh-thanh-p13n1.html",
            portal=find("halong"),
            captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        assert isinstance(article, Article), form
        assert article.title == TITLE
        assert article.body.startswith(TEXT), form
        assert [link.filename for link in article.attachments] == ["Quyết.pdf", "Biểu.pdf"]
        # The address stays as it was written: a server knows its files by their bytes.
        assert article.attachments[1].url.endswith("/upload/Bie%CC%82%CC%89u.pdf")


def test_zeros_between_letters_do_no_harm() -> None:
    document = Document.parse(
        b"<p>Tin\0 m\xe1\xbb\x9bi \0\0 c\xe1\xbb\xa7a x\xc3\xa3</p>", "http://x.vn/"
    )
    assert document.encoding.used == "utf-8"
    assert "mới" in document.visible


@given(st.binary(max_size=600), st.none() | st.text(max_size=40))
def test_any_bytes_make_a_text(body: bytes, content_type: str | None) -> None:
    text, encoding = decode(body, content_type)
    assert isinstance(text, str)
    text.encode("utf-8")  # no half of a letter
    assert encoding.lost <= len(body)
    assert encoding.words


@given(st.sampled_from(["hex", "idna", "utf-16", "cp1258", "euc-jp", "iso-2022-jp", "gbk"]),
       st.binary(max_size=200))  # fmt: skip
def test_any_label_makes_a_text(label: str, body: bytes) -> None:
    decode(f"<meta charset={label}>".encode() + body, f"text/html; charset={label}")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"), min_size=1))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    decoded, encoding = decode(text.encode(), "text/html; charset=utf-8")
    assert decoded == text
    assert (encoding.used, encoding.lost, encoding.conflict) == ("utf-8", 0, None)
