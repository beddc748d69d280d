"""Attachments and pictures made by code: a PDF, a DOCX, an XLSX, a JPEG, each small and valid."""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import PurePosixPath

from halong_crawler.demo.jpeg import picture
from halong_crawler.demo.slugs import unaccented

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
    match name.suffix.lower():
        case ".pdf":
            content = pdf(("UY BAN NHAN DAN", unaccented(subject), unaccented(name.stem)))
        case ".docx":
            content = docx((subject, name.stem))
        case ".xlsx":
            content = xlsx((("STT", "Nội dung"), ("1", subject), ("2", name.stem)))
        case _:
            return MEDIA_TYPES[".jpg"], picture(path)
    return MEDIA_TYPES[name.suffix.lower()], content


def pdf(lines: tuple[str, ...]) -> bytes:
    """A PDF of one page. Its base font has no Vietnamese letters, so give plain ones."""
    text = "".join(f"({_pdf_string(line)}) Tj 0 -22 Td " for line in lines)
    stream = f"BT /F1 12 Tf 56 780 Td {text}ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
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


def docx(paragraphs: tuple[str, ...]) -> bytes:
    """A Word document with these paragraphs."""
    schema = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
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


def _pdf_string(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


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
