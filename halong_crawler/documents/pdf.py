"""PDF, page by page, by pdfium; pages that are pictures of paper are told from those with text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from halong_crawler.documents.legacy_fonts import Run, join, scheme_of_font
from halong_crawler.documents.outcome import Limits, Read, Refused

_SCAN_AREA = 0.5
"""Of a page's area that pictures must cover for it to be a scan."""
_SCAN_LETTERS = 200
"""A scanned page may still hold this much text: the stamp of a digital signature, a page number."""
_NAME_BYTES = 256


def read(data: bytes, limits: Limits) -> Read:
    """The text of every page. A document whose pages are mostly scans is ``scanned``."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused("encrypted", "it wants a password") from error
        raise Refused("damaged", str(error)[:200]) from error
    try:
        found = [_page(document, number) for number in range(min(len(document), limits.pages))]
    finally:
        document.close()
    if not found:
        raise Refused("damaged", "it has no pages")
    scans = [number for number, (_, is_scan) in enumerate(found, 1) if is_scan]
    mostly = 2 * len(scans) >= len(found)
    note = f"pages without text, being scans: {_ranges(scans)}" if scans else None
    return Read(tuple(text for text, _ in found), "scanned" if scans and mostly else None, note)


def _page(document: pdfium.PdfDocument, number: int) -> tuple[str, bool]:
    """A page's text, and whether the page is a scan."""
    page = document[number]
    text_page = page.get_textpage()
    try:
        if any(scheme_of_font(name) for name in _fonts(page)):
            text = join(_runs(text_page))
        else:
            text = text_page.get_text_range()
        few = sum(letter.isalpha() for letter in text) < _SCAN_LETTERS
        return text, few and _pictured(page) >= _SCAN_AREA
    finally:
        text_page.close()
        page.close()


def _fonts(page: pdfium.PdfPage) -> set[str]:
    """The names of the fonts a page's text is set in."""
    names = set()
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(item.raw)
        if font and raw.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES):
            names.add(buffer.value.decode("utf-8", "replace"))
    return names


def _runs(text_page: pdfium.PdfTextPage) -> Iterator[Run]:
    """The page's letters with the font of each."""
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    flags = ctypes.c_int()
    font: str | None = None
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page.raw, index)
        if raw.FPDFText_GetFontInfo(text_page.raw, index, buffer, _NAME_BYTES, flags):
            font = buffer.value.decode("utf-8", "replace") or font
        # Spaces and breaks that pdfium adds between lines have no font: they go with the letter
        # before them, so that a line stays one run.
        yield Run(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "", font)


def _pictured(page: pdfium.PdfPage) -> float:
    """How much of a page its pictures cover, from 0 to 1."""
    area = page.get_width() * page.get_height()
    covered = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        covered += abs(right - left) * abs(top - bottom)
    return min(1.0, covered / area) if area else 0.0


def _ranges(numbers: list[int]) -> str:
    """``1–3, 7``: page numbers in few words."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
