"""Files made by code: the least each format needs to be itself."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

ODF = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


# Office


def docx(body: str, **parts: str) -> bytes:
    schema = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return zipped({
        "[Content_Types].xml": f'<Types><Override PartName="/d" ContentType="{main}"/></Types>',
        "word/document.xml": f'<w:document xmlns:w="{schema}"><w:body>{body}</w:body></w:document>',
        **{f"word/{name}.xml": text.replace("<w:styles>", f'<w:styles xmlns:w="{schema}">')
           for name, text in parts.items()},
    })  # fmt: skip


def run(text: str, font: str | None = None) -> str:
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f'<w:r>{fonts}<w:t xml:space="preserve">{text}</w:t></w:r>'


def pptx(*slides: str) -> bytes:
    main = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    schema = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return zipped({
        "[Content_Types].xml": f'<Types><Override PartName="/p" ContentType="{main}"/></Types>',
        **{f"ppt/slides/slide{number}.xml":
           f'<p xmlns:a="{schema}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>'
           for number, text in enumerate(slides, 1)},
    })  # fmt: skip


def xlsx(sheets: dict[str, str], *, shared: str = "", styles: str = "<styleSheet/>") -> bytes:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(f'<sheet name="{n}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types><Override PartName="/x" ContentType="{main}"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns:r="{rel}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/styles.xml": styles,
        "xl/sharedStrings.xml": f"<sst>{shared}</sst>",
    }
    for number, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
        )
    return zipped(parts)


def odf(kind: str, body: str, *, manifest: str = "") -> bytes:
    names = " ".join(f'xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "text", "table", "draw"))
    listed = f'<m:manifest xmlns:m="{ODF}:manifest:1.0">{manifest}</m:manifest>'
    return zipped({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "META-INF/manifest.xml": listed,
        "content.xml": f"<office:document-content {names}><office:body>{body}</office:body>"
                       "</office:document-content>",
    })  # fmt: skip


# PDF


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Objects from number 1; the first is the catalog."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf_page(drawing: bytes, resources: bytes, *further: bytes, trailer: bytes = b"") -> bytes:
    """One page; further objects begin at number 5."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << %s >> >>" % resources,
        stream(drawing),
        *further,
        trailer=trailer,
    )


def pdf_in_font(text: bytes, font: bytes) -> bytes:
    """A page of text in a font of this name, its codes those of the Western encoding."""
    base = b"<< /Type /Font /Subtype /TrueType /BaseFont /%s /Encoding /WinAnsiEncoding >>" % font
    drawing = b"BT /F 12 Tf 50 700 Td <%s> Tj ET" % text.hex().encode()
    return pdf_page(drawing, b"/Font << /F 5 0 R >>", base)


def scan(stamp: bytes = b"") -> bytes:
    """A page that is one picture, with a line of stamp on it."""
    pixels = zlib.compress(b"\x80" * 64)
    picture = stream(pixels, b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace "
                             b"/DeviceGray /BitsPerComponent 8 /Filter /FlateDecode")  # fmt: skip
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    drawing = b"q 595 0 0 842 0 0 cm /I Do Q BT /F 8 Tf 9 9 Td (%s) Tj ET" % stamp
    return pdf_page(drawing, b"/XObject << /I 5 0 R >> /Font << /F 6 0 R >>", picture, font)


def locked_pdf() -> bytes:
    """A PDF under a password nobody knows: its check values fit none."""
    locks = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32)
    ids = b"/Encrypt 5 0 R /ID [<00112233445566778899aabbccddeeff> <00>]"
    return pdf_page(b"BT ET", b"", locks, trailer=ids)


# OLE2 and what lies in it


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE2 file ([MS-CFB] 2): each stream is filled to 4096 bytes at least."""
    sector = 512
    chains: list[int] = []
    body = b""

    def add(content: bytes) -> int:
        nonlocal body
        first, count = len(chains), -(-len(content) // sector)
        chains.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        body += content.ljust(count * sector, b"\0")
        return first

    placed = {
        name: (add(content.ljust(4096, b"\0")), max(4096, len(content)))
        for name, content in streams.items()
    }
    entries = [_entry("Root Entry", 5, 1 if streams else -1, -1, 0xFFFFFFFE, 0)]
    for number, (name, (first, size)) in enumerate(placed.items(), 1):
        right = number + 1 if number < len(placed) else -1
        entries.append(_entry(name, 2, -1, right, first, size))
    while len(entries) % 4:
        entries.append(b"\0" * 68 + struct.pack("<3i", -1, -1, -1) + b"\0" * 48)
    directory = add(b"".join(entries))
    fat_at = len(chains)
    chains.append(0xFFFFFFFD)
    assert len(chains) <= 128
    fat = struct.pack(f"<{len(chains)}I", *chains).ljust(sector, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096,
                          0xFFFFFFFE, 0, 0xFFFFFFFE, 0)  # fmt: skip
    header += struct.pack("<I", fat_at) + b"\xff\xff\xff\xff" * 108
    return header + body + fat


def _entry(name: str, kind: int, child_or_left: int, right: int, first: int, size: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    left, child = (-1, child_or_left) if kind == 5 else (child_or_left, -1)
    return (
        spelt.ljust(64, b"\0") + struct.pack("<HBB3i", len(spelt), kind, 1, left, right, child)
        + b"\0" * 36 + struct.pack("<IQ", first, size)
    )  # fmt: skip


def doc(*pieces: bytes | str, flags: int = 0, version: int = 0xC1) -> bytes:
    """A Word 97 file of some pieces: bytes in the Western code page, text in UTF-16."""
    start = 0x800
    texts, borders, table = b"", [0], b""
    for piece in pieces:
        packed = isinstance(piece, bytes)
        place = start + len(texts)
        texts += piece if packed else piece.encode("utf-16-le")
        borders.append(borders[-1] + len(piece))
        table += struct.pack("<HIH", 0, (place * 2) | 0x4000_0000 if packed else place, 0)
    plc = struct.pack(f"<{len(borders)}I", *borders) + table
    clx = b"\x01\x02\x00ab" + b"\x02" + struct.pack("<I", len(plc)) + plc
    main = bytearray(start)
    struct.pack_into("<HH", main, 0, 0xA5EC, version)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<I", main, 0x4C, borders[-1])
    struct.pack_into("<2I", main, 0x01A2, 0, len(clx))
    name = "1Table" if flags & 0x0200 else "0Table"
    return compound({"WordDocument": bytes(main) + texts, name: clx})


def xls(sheet: str, rows: list[list[str]], *, locked: bool = False) -> bytes:
    """A BIFF8 workbook of one sheet of labels ([MS-XLS] 2.4)."""

    def record(number: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", number, len(data)) + data

    def long(text: str) -> bytes:
        return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0x07CC, 0, 6))

    filepass = record(0x2F, b"\0\0") if locked else b""
    font = record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0)
                  + b"Arial")  # fmt: skip
    xf = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    head = begin(5) + filepass + record(0x42, struct.pack("<H", 1200)) + font * 4 + xf
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    bound = len(head) + 4 + 6 + len(name) + 4
    head += record(0x85, struct.pack("<IH", bound, 0) + name) + record(0x0A)
    cells = b"".join(
        record(0x204, struct.pack("<HHH", y, x, 0) + long(text))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
    )
    return compound({"Workbook": head + begin(0x10) + cells + record(0x0A)})
