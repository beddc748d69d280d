"""The text of a file, page by page: one reader a kind, one status a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from archive.text import nfc
from halong_crawler.documents import (
    kind,
    legacy_fonts,
    office,
    opendocument,
    pdf,
    plain,
    rtf,
    sheets,
    word97,
)
from halong_crawler.documents.outcome import DocumentText, Limits, Read, Refused

__all__ = ["READERS", "DocumentText", "Limits", "pages_of"]

READERS: Mapping[str, Callable[[bytes, Limits], Read]] = {
    kind.PDF: pdf.read,
    kind.DOCX: office.read_document,
    kind.PPTX: office.read_slides,
    kind.XLSX: sheets.read_xlsx,
    kind.ODT: opendocument.read,
    kind.ODS: opendocument.read,
    kind.ODP: opendocument.read,
    kind.DOC: word97.read,
    kind.XLS: sheets.read_xls,
    kind.RTF: rtf.read,
    kind.TEXT: plain.read,
    "application/zip": plain.refuse_zip,
    kind.ENCRYPTED_OFFICE: plain.refuse_encrypted,
    kind.HTML: plain.refuse_html,
}
"""Media type → what reads it. Kinds that are not here are ``unsupported``."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SPACES = re.compile(r"[ \t]+")
_GAP = re.compile(r"\n{3,}")


def pages_of(data: bytes, media_type: str, limits: Limits | None = None) -> DocumentText:
    """The text of a file's pages, NFC, lines separated by a newline; sheets and slides are pages.

    Every fault of the file is a status, none an exception. Memory and time are bounded by what the
    limits allow to be unpacked; for files of strangers use :func:`halong_crawler.documents.apart.
    read_apart`, which bounds both from outside.
    """
    limits = limits or Limits()
    if not data:
        return DocumentText((), "empty", "the file has 0 bytes")
    reader = READERS.get(media_type)
    if reader is None:
        return DocumentText((), "unsupported", f"no reader for {media_type}")
    try:
        found = reader(data, limits)
    except Refused as refusal:
        return DocumentText((), refusal.status, refusal.note)
    except MemoryError:
        return DocumentText((), "too_heavy", "reading it needs more memory than allowed")
    except Exception as error:  # whatever a torn file leads a parser to is the file's fault
        return DocumentText((), "damaged", f"{type(error).__name__}: {error}"[:300])
    return _finished(found, limits)


def _finished(found: Read, limits: Limits) -> DocumentText:
    """Legacy fonts made Unicode, text tidied, and the status of the whole."""
    pages, scheme = legacy_fonts.repair(found.pages)
    notes = [found.note] if found.note else []
    if scheme is not None:
        notes.append(f"converted from {scheme}")
    tidy, cut = _within([_tidy(page) for page in pages], limits.characters)
    if cut:
        notes.append(f"only the first {limits.characters} characters are kept")
    status = found.status or ("read" if any(tidy) else "empty")
    return DocumentText(tuple(tidy), status, "; ".join(notes) or None)


def _tidy(page: str) -> str:
    """NFC without control characters; spaces squeezed, no more than one empty line."""
    text = page.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = nfc(_CONTROLS.sub("", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _GAP.sub("\n\n", "\n".join(lines)).strip()


def _within(pages: list[str], limit: int) -> tuple[list[str], bool]:
    """The pages up to so many characters in all, and whether anything was left out."""
    kept: list[str] = []
    room = limit
    for page in pages:
        if len(page) > room:
            return [*kept, page[:room]], True
        kept.append(page)
        room -= len(page)
    return kept, False
