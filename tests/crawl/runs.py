"""Running the command line as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from archive.place import Archive

ROOT = Path(__file__).parents[2]
LONG = bool(os.environ.get("HALONG_LONG"))
"""Whether tests take the sizes that are promised, however long that takes: ``make test-long``."""
PATIENCE = "0.001"
"""Waits after failures, a thousandth as long as in life: a minute is 60 ms, the horizon 3.6 s."""


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


def halong(*words: str, archive: Archive | None = None, code: int = 0,
           env: dict[str, str] | None = None) -> str:  # fmt: skip
    """Run ``halong``; its output, or a failure that shows it."""
    done = run(*words, archive=archive, env=env)
    assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr
