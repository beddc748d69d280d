"""What a file is, by its bytes alone."""

from __future__ import annotations

import pytest

from halong_crawler.documents import kind
from halong_crawler.documents.kind import media_type_of
from tests.documents import makers

FILES = {
    kind.PDF: makers.scan(),
    kind.DOCX: makers.docx(""),
    kind.XLSX: makers.xlsx({"Trang": ""}),
    kind.PPTX: makers.pptx("Một"),
    kind.ODT: makers.odf("text", ""),
    kind.ODS: makers.odf("spreadsheet", ""),
    kind.DOC: makers.doc("Một"),
    kind.XLS: makers.xls("Trang", [["Một"]]),
    kind.PPT: makers.compound({"PowerPoint Document": b""}),
    kind.ENCRYPTED_OFFICE: makers.compound({"EncryptedPackage": b""}),
    kind.RTF: rb"{\rtf1\ansi Hello}",
    kind.HTML: b"\xef\xbb\xbf\n<!-- x --><!DOCTYPE html><html><p>404</p></html>",
    kind.TEXT: "Kính gửi Ủy ban nhân dân".encode(),
    "application/zip": makers.zipped({"a.pdf": b"%PDF-1.4"}),
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 40,
    "image/png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "application/vnd.rar": b"Rar!\x1a\x07\x00" + b"\0" * 40,
    kind.UNKNOWN: bytes(range(256)),
}


@pytest.mark.parametrize("media_type", FILES, ids=str)
def test_every_kind_is_told_by_its_bytes(media_type: str) -> None:
    assert media_type_of(FILES[media_type]) == media_type


def test_what_stands_before_a_pdf_is_passed_over() -> None:
    assert media_type_of(b"\r\n\r\n" + FILES[kind.PDF]) == kind.PDF


def test_nothing_is_of_no_kind() -> None:
    assert media_type_of(b"") == kind.UNKNOWN


@pytest.mark.parametrize("media_type", FILES, ids=str)
def test_a_torn_file_has_a_kind_too(media_type: str) -> None:
    content = FILES[media_type]
    for length in (1, 7, len(content) // 2, len(content) - 3):
        assert media_type_of(content[:length])
