"""Running the command line as a user does."""

from __future__ import annotations

import os
import subprocess
import sys

from archive.place import Archive
from tests.crawl.quick import PATIENCE, ROOT
from tests.crawl.quick import quick as halong

__all__ = ["LONG", "PATIENCE", "ROOT", "halong", "run"]

LONG = bool(os.environ.get("HALONG_LONG"))
"""Whether tests take the sizes that are promised, however long that takes: ``make test-long``."""


def run(
    *words: str,
    archive: Archive | None = None,
    env: dict[str, str] | None = None,
    module: str = "halong_crawler.cli",
) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal; whatever its exit code."""
    where = ["--archive", str(archive.path)] if archive is not None else []
    return subprocess.run(
        [sys.executable, "-m", module, *words, *where],
        capture_output=True, text=True, timeout=180, check=False, cwd=ROOT,
        stdin=subprocess.DEVNULL, env={"HALONG_PATIENCE": PATIENCE, **os.environ, **(env or {})},
    )  # fmt: skip
