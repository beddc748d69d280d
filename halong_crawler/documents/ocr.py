"""Scanned PDFs, read by OCRmyPDF in Vietnamese where it and Tesseract's ``vie`` are installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from archive.text import nfc
from halong_crawler.documents.outcome import DocumentText

LANGUAGE = "vie"
SECONDS = 900.0
"""How long a document may take: about 100 pages at the speed of one core."""


@cache
def is_ready() -> bool:
    """Whether scans can be read here: OCRmyPDF, Tesseract and its Vietnamese letters."""
    if shutil.which("ocrmypdf") is None or shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(
        ["tesseract", "--list-langs"],  # noqa: S607
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    return LANGUAGE in listed.stdout.split()


def read(data: bytes, scanned: DocumentText, *, seconds: float = SECONDS) -> DocumentText:
    """The text of a scanned PDF; ``scanned`` again, with the reason, where that fails.

    Of each page the longer text is kept: its own, or what was recognised.
    """
    with tempfile.TemporaryDirectory(prefix="halong-ocr-") as folder:
        source, sidecar = Path(folder, "scan.pdf"), Path(folder, "text.txt")
        source.write_bytes(data)
        # A stamp on a scan counts as text to OCRmyPDF, so every page is recognised; the PDF that
        # comes of it is thrown away.
        command = [
            "ocrmypdf", "--quiet", "--language", LANGUAGE, "--force-ocr", "--jobs", "1",
            "--output-type", "none", "--sidecar", str(sidecar), str(source), "-",
        ]  # fmt: skip
        problem = _run(command, seconds)
        if problem is not None or not sidecar.is_file():
            return _with_note(scanned, f"OCR failed: {problem or 'no text came of it'}")
        recognised = sidecar.read_text(encoding="utf-8", errors="replace").split("\f")
    pages = tuple(
        max(own, _tidy(recognised[place]) if place < len(recognised) else "", key=len)
        for place, own in enumerate(scanned.pages)
    )
    if not any(pages):
        return _with_note(scanned, "OCR found no text")
    return DocumentText(pages, "ocr", "read by OCR: expect misread letters")


def _run(command: list[str], seconds: float) -> str | None:
    """Run a command and whatever it starts, so long and no longer; what went wrong, if anything."""
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            _, trouble = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # Its session is its own, and so are the processes in it.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"it takes more than {seconds:g} seconds"
    if process.returncode:
        last = trouble.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return last[:200] or f"exit code {process.returncode}"
    return None


def _with_note(text: DocumentText, note: str) -> DocumentText:
    return DocumentText(text.pages, text.status, "; ".join(filter(None, (text.note, note))))


def _tidy(page: str) -> str:
    return "\n".join(nfc(line).strip() for line in page.splitlines()).strip()
