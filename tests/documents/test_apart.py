"""Files of strangers are opened in a process of its own, held in time and memory."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from halong_crawler.demo.files import pdf
from halong_crawler.documents import kind, ocr
from halong_crawler.documents.apart import read_apart
from halong_crawler.documents.outcome import DocumentText
from tests.documents import makers

SHEET = makers.xlsx({"A": "<row><c><v>1</v></c></row>" * 300_000})


def test_kind_and_text_come_back() -> None:
    assert read_apart(pdf([["Điều 1"], ["Điều 2"]])) == (
        kind.PDF, DocumentText(("Điều 1", "Điều 2"), "read"),
    )  # fmt: skip


def test_nothing_is_empty() -> None:
    assert read_apart(b"")[1].status == "empty"


def test_what_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    media_type, text = read_apart(SHEET, seconds=0.6)
    assert time.monotonic() - began < 10
    assert text.status == "too_heavy"
    assert text.note == "reading it takes more than 0.6 seconds"
    assert media_type in (kind.XLSX, kind.UNKNOWN)


def test_what_wants_too_much_memory_is_ended() -> None:
    data = makers.docx("<w:p><w:r><w:t>chữ</w:t></w:r></w:p>" * 500_000)
    media_type, text = read_apart(data, memory=120_000_000)
    assert (media_type, text.status) == (kind.DOCX, "too_heavy")


def test_modules_of_the_users_folder_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('not mine')")
    monkeypatch.chdir(tmp_path)
    assert read_apart(pdf([["Điều 1"]]))[1].status == "read"


# OCR


def command(folder: Path, name: str, script: str) -> None:
    place = folder / name
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands before all others; what is known of them is forgotten."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    command(tmp_path, "tesseract", "printf 'List of languages\\neng\\nvie\\n'")
    ocr.is_ready.cache_clear()
    yield tmp_path
    ocr.is_ready.cache_clear()


SIDECAR = 'for last; do [ "$before" = --sidecar ] && out=$last; before=$last; done'


def test_scans_are_read_where_ocr_is_there(tools: Path) -> None:
    command(tools, "ocrmypdf", f"{SIDECAR}; printf 'Quyết định số 12\\n\\f' > \"$out\"")
    media_type, text = read_apart(makers.scan(b"Ky"))
    assert (media_type, text.status, text.pages) == (kind.PDF, "ocr", ("Quyết định số 12",))


def test_of_a_page_the_longer_text_is_kept(tools: Path) -> None:
    command(tools, "ocrmypdf", f"{SIDECAR}; printf 'K' > \"$out\"")
    assert read_apart(makers.scan(b"Ky boi UBND"))[1].pages == ("Ky boi UBND",)


@pytest.mark.parametrize(("script", "reason"), [
    ("echo 'no such thing' >&2; exit 3", "OCR failed: no such thing"),
    ("exit 0", "OCR failed: no text came of it"),
    (f"{SIDECAR}; : > \"$out\"", "OCR found no text"),
])  # fmt: skip
def test_where_ocr_fails_the_scan_stays_a_scan(tools: Path, script: str, reason: str) -> None:
    command(tools, "ocrmypdf", script)
    _, text = read_apart(makers.scan())
    assert text.status == "scanned"
    assert text.note is not None
    assert reason in text.note


def test_ocr_that_does_not_end_is_ended(tools: Path) -> None:
    command(tools, "ocrmypdf", "sleep 60")
    began = time.monotonic()
    scanned = DocumentText(("",), "scanned")
    assert ocr.read(makers.scan(), scanned, seconds=0.3).status == "scanned"
    assert time.monotonic() - began < 10


def test_without_vietnamese_letters_there_is_no_ocr(tools: Path) -> None:
    command(tools, "tesseract", "echo eng")
    command(tools, "ocrmypdf", "exit 9")
    assert read_apart(makers.scan())[1].note == "pages without text, being scans: 1"
