"""A stranger's file is opened in a process of its own: what it breaks or eats ends there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import halong_crawler
from halong_crawler.documents import kind, ocr
from halong_crawler.documents.outcome import DocumentText, Limits

SECONDS = 120.0
"""How long one file may take. A PDF of 1,000 pages takes about five seconds."""
MEMORY = 2_000_000_000
"""Bytes of address space; a sheet of a million cells needs half of it."""

_ROOT = Path(halong_crawler.__file__).parents[1]


def read_apart(
    data: bytes, limits: Limits | None = None, *, seconds: float = SECONDS, memory: int = MEMORY
) -> tuple[str, DocumentText]:
    """The media type of a file's bytes, and the text of its pages; scans read where OCR is there.

    Blocks until the child ends or ``seconds`` have passed. Never raises for what is in the file.
    """
    if not data:
        return kind.UNKNOWN, DocumentText((), "empty", "the file has 0 bytes")
    media_type, text = _ask_child(data, limits or Limits(), seconds, memory)
    if text.status == "scanned" and ocr.is_ready():
        text = ocr.read(data, text)
    return media_type, text


def _ask_child(
    data: bytes, limits: Limits, seconds: float, memory: int
) -> tuple[str, DocumentText]:
    wishes = {"limits": asdict(limits), "memory": memory, "seconds": seconds}
    # -P: nothing in the folder the user happens to be in is taken for a module.
    command = [sys.executable, "-P", "-m", "halong_crawler.documents.child"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        # Ctrl-C is for the crawl, which ends by itself when this file is done.
        start_new_session=True,
    ) as child:
        try:
            said, trouble = child.communicate(json.dumps(wishes).encode() + b"\n" + data, seconds)
            heavy = False
        except subprocess.TimeoutExpired:
            child.kill()
            said, trouble = child.communicate()
            heavy = True
    return _heard(said, trouble, heavy=heavy, code=child.returncode, seconds=seconds)


def _heard(
    said: bytes, trouble: bytes, *, heavy: bool, code: int, seconds: float
) -> tuple[str, DocumentText]:
    """What the child's lines say; it names the kind first, so that a death later costs the text."""
    lines = said.split(b"\n")
    media_type = lines[0].decode("ascii") if len(lines) > 1 else kind.UNKNOWN
    if heavy:
        note = f"reading it takes more than {seconds:g} seconds"
        return media_type, DocumentText((), "too_heavy", note)
    if code or len(lines) < 2:
        last = trouble.decode("utf-8", "replace").strip().rpartition("\n")[2]
        if "MemoryError" in last:
            note = "reading it needs more memory than allowed"
            return media_type, DocumentText((), "too_heavy", note)
        return media_type, DocumentText((), "damaged", f"its reader died ({last or code})"[:300])
    found = json.loads(lines[1])
    return media_type, DocumentText(tuple(found["pages"]), found["status"], found["note"])
