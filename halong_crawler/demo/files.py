"""Attachments and pictures made by code: a PDF, a DOCX, an XLSX, a JPEG, each small and valid."""

from __future__ import annotations

import io
import textwrap
import tomllib
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import PurePosixPath
from typing import Any

from halong_crawler.demo.content import CONTENT
from halong_crawler.demo.jpeg import picture
from halong_crawler.demo.slugs import unaccented
from halong_crawler.documents.legacy_fonts import encode

OPENXML = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".docx": f"{OPENXML}.wordprocessingml.document",
    ".xlsx": f"{OPENXML}.spreadsheetml.sheet",
}

XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def file_at(path: str, subject: str) -> tuple[str, bytes]:
    """Media type and bytes of the file at this path; documents speak about ``subject``."""
    name = PurePosixPath(path)
    known = _written().get(name.name, {})
    pages = known.get("pages", [["Ủy ban nhân dân thành phố Hạ Long", subject, name.stem]])
    match name.suffix.lower():
        case ".pdf":
            content = pdf(pages)
        case ".docx":
            paragraphs = [text for page in pages for text in page]
            if "legacy" in known:
                paragraphs = [encode(text, known["legacy"]) for text in paragraphs]
            content = docx((subject, name.stem), tuple(paragraphs), font=known.get("font"))
        case ".xlsx":
            content = xlsx((("STT", "Nội dung"), ("1", subject), ("2", name.stem)))
        case _:
            return MEDIA_TYPES[".jpg"], picture(path)
    return MEDIA_TYPES[name.suffix.lower()], content


@cache
def _written() -> dict[str, dict[str, Any]]:
    """Name → what ``content/files.toml`` says of the document."""
    entries = tomllib.loads((CONTENT / "files.toml").read_text(encoding="utf-8"))["file"]
    return {entry["name"]: entry for entry in entries}


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with a page for each list of paragraphs, in any letters (223 different at most).

    Each letter has a code of its own, which the ToUnicode map names to whoever reads or copies it.
    The base font has no letters beyond Latin-1, so these are drawn without some of their marks.
    """
    letters = sorted({letter for page in pages for text in page for letter in text} - {" "})
    codes = {" ": 0x20} | {letter: code for code, letter in enumerate(letters, 0x21)}
    streams = [_drawing(page, codes) for page in pages]
    first = 5  # catalog, pages, font and its map come before the pages and what is drawn on them
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R /Encoding "
        b"<< /Type /Encoding /Differences [32 /space %s] >> >>"
        % b" ".join(b"/uni%04X" % ord(_drawn(letter)) for letter in letters),
        _stream(_to_unicode(codes)),
    ]
    for number, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (first + 2 * number + 1)
        )
        objects.append(_stream(stream))
    return _pdf_file(objects)


def _drawn(letter: str) -> str:
    """The letter itself, else with the first of its marks that Latin-1 has, else without any."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    candidates = [letter, *(unicodedata.normalize("NFC", base + mark) for mark in marks)]
    return next((c for c in candidates if len(c) == 1 and ord(c) < 0x100), unaccented(letter))


def _drawing(paragraphs: Sequence[str], codes: Mapping[str, int]) -> bytes:
    lines = [line for text in paragraphs for line in textwrap.wrap(text, 80) or [""]]
    shown = b"".join(
        b"<%s> Tj 0 -22 Td " % bytes(codes[letter] for letter in line).hex().encode()
        for line in lines
    )
    return b"BT /F1 12 Tf 56 780 Td %sET" % shown


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    pairs = [b"<%02X> <%04X>" % (code, ord(letter)) for letter, code in codes.items()]
    chunks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    maps = b"\n".join(
        b"%d beginbfchar\n%s\nendbfchar" % (len(chunk), b"\n".join(chunk)) for chunk in chunks
    )
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CMapType 2 def /CMapName /Halong def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%s\n"
        b"endcmap CMapName currentdict /CMap defineresource pop end end" % maps
    )


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def docx(
    paragraphs: Sequence[str], in_font: Sequence[str] = (), *, font: str | None = None
) -> bytes:
    """A Word document with these paragraphs, the further ones set in a font where one is named."""
    schema = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    named = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    runs = [("", text) for text in paragraphs] + [(named, text) for text in in_font]
    body = "".join(
        f"<w:p><w:r>{style}<w:t>{escape(text)}</w:t></w:r></w:p>" for style, text in runs
    )
    document = f'<w:document xmlns:w="{schema}"><w:body>{body}</w:body></w:document>'
    return _package(
        main="word/document.xml",
        content_type=f"{OPENXML}.wordprocessingml.document.main+xml",
        parts={"word/document.xml": document},
    )


def xlsx(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook with one sheet."""
    schema = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
        + "</row>"
        for row in rows
    )
    workbook = (
        f'<workbook xmlns="{schema}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return _package(
        main="xl/workbook.xml",
        content_type=f"{OPENXML}.spreadsheetml.sheet.main+xml",
        parts={
            "xl/workbook.xml": workbook,
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{schema}"><sheetData>{cells}</sheetData></worksheet>'
            ),
        },
        overrides={"xl/worksheets/sheet1.xml": f"{OPENXML}.spreadsheetml.worksheet+xml"},
    )


def _relation(kind: str, target: str) -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{office}/{kind}" Target="{target}"/></Relationships>'
    )


def _package(
    *,
    main: str,
    content_type: str,
    parts: dict[str, str],
    overrides: dict[str, str] | None = None,
) -> bytes:
    """An Open Packaging file. Times inside are fixed, so equal input gives equal bytes."""
    types = {main: content_type, **(overrides or {})}
    content_types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items()
        )
        + "</Types>"
    )
    members = {
        "[Content_Types].xml": content_types,
        "_rels/.rels": _relation("officeDocument", main),
        **parts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, date_time=(2025, 1, 1, 0, 0, 0))
            package.writestr(info, XML_HEAD + text, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
