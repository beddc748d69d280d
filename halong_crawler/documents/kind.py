"""What a file is, by its bytes. Names and Content-Type headers are not asked: they are often wrong.

Sources: the formats' own specifications ([MS-CFB] for OLE2, ECMA-376 and ODF 1.3 for the zipped
kinds) and the signatures of the IANA media types.
"""

from __future__ import annotations

import io
import re
import zipfile

import olefile

_OPENXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

PDF = "application/pdf"
DOCX = f"{_OPENXML}.wordprocessingml.document"
XLSX = f"{_OPENXML}.spreadsheetml.sheet"
PPTX = f"{_OPENXML}.presentationml.presentation"
ODT = f"{_ODF}.text"
ODS = f"{_ODF}.spreadsheet"
ODP = f"{_ODF}.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
RTF = "application/rtf"
TEXT = "text/plain"
HTML = "text/html"
ENCRYPTED_OFFICE = "application/x-ole-encrypted-package"
"""An Office file under a password: an encrypted package inside OLE2 ([MS-OFFCRYPTO])."""
UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
)
_INSIDE: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"^RIFF.{4}WEBP", re.S), "image/webp"),
    (re.compile(rb"^.{4}ftyp", re.S), "video/mp4"),
    # What stands before the header is passed over by every reader of PDF.
    (re.compile(rb"^.{0,1024}?%PDF-\d", re.S), PDF),
    (re.compile(rb"^\s*\{\\rtf"), RTF),
)
_HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body"
                   rb"|script|meta)\b", re.I | re.S)  # fmt: skip
_ZIP_PARTS: tuple[tuple[str, str], ...] = (
    ("wordprocessingml.document", DOCX),
    ("wordprocessingml.template", DOCX),
    ("ms-word.document.macroEnabled", DOCX),
    ("spreadsheetml.sheet", XLSX),
    ("spreadsheetml.template", XLSX),
    ("ms-excel.sheet.macroEnabled", XLSX),
    ("presentationml.presentation", PPTX),
    ("presentationml.slideshow", PPTX),
)
_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
)
_HEAD = 4096
_OF_A_TYPE_PART = 1_000_000
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def media_type_of(data: bytes) -> str:
    """The media type of a file's bytes; ``application/octet-stream`` where none is known."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"PK"):
        return _zipped(data)
    if head.startswith(olefile.MAGIC):
        return _compound(data)
    if _HTML.search(head):
        return HTML
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    for pattern, kind in _INSIDE:
        if pattern.search(head):
            return kind
    return TEXT if head and _is_text(head) else UNKNOWN


def _zipped(data: bytes) -> str:
    """A zip's kind by what it declares of itself, else plain zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "mimetype" in names:
                declared = _beginning(package, "mimetype").decode("latin-1").strip()
                if declared.startswith(_ODF):
                    return declared.removesuffix("-template")
            if "[Content_Types].xml" in names:
                types = _beginning(package, "[Content_Types].xml").decode("utf-8", "replace")
                mains = re.findall(r'ContentType="[^"]*?([\w.-]+)\.main\+xml"', types)
                found = (kind for end, kind in _ZIP_PARTS for main in mains if main.endswith(end))
                return next(found, "application/zip")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError):
        # A torn or locked zip is still a zip; reading it will say what is wrong.
        return "application/zip"
    return "application/zip"


def _beginning(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_OF_A_TYPE_PART)


def _compound(data: bytes) -> str:
    """An OLE2 file's kind by the streams in it."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            names = {path[0] for path in compound.listdir() if path}
    except Exception:  # olefile raises whatever a torn directory leads it to
        return "application/x-ole-storage"
    return next((kind for name, kind in _STREAMS if name in names), "application/x-ole-storage")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 with its mark
        return True
    return _CONTROLS.search(head) is None
