"""The command line without the time of its imports, which is a second and a half of each run: every
run is a process of its own, forked from one that has read the code."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from archive.place import Archive

ROOT = Path(__file__).parents[2]
PATIENCE = "0.001"
"""Waits after failures, a thousandth as long as in life: a minute is 60 ms, the horizon 3.6 s."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["halong_crawler.cli", "halong_crawler.spiders.portal",
                               "halong_crawler.extensions.progress", "scrapy.crawler",
                               "scrapy.core.downloader.handlers.http11"])  # fmt: skip


def begin(
    *words: str, archive: Archive | None, said: Path, env: Mapping[str, str] | None = None,
    errors: Path | None = None,
) -> ForkServerProcess:  # fmt: skip
    """Start ``halong`` without the time of its imports; what it says goes to a file.

    ``errors``: where stderr goes, if apart. ``env``: variables beside those there are.
    """
    arguments = [*words, *(("--archive", str(archive.path)) if archive is not None else ())]
    everything = {"HALONG_PATIENCE": PATIENCE, **os.environ, **(env or {})}
    process = _FORKS.Process(target=_run, args=(arguments, everything, said, errors or said))
    process.start()
    return process


def quick(
    *words: str, archive: Archive | None = None, env: Mapping[str, str] | None = None, code: int = 0
) -> str:
    """Run ``halong`` as a user does, without the time of its imports.

    What it said: stdout, then stderr; or a failure that shows them.
    """
    with tempfile.TemporaryDirectory() as folder:
        said, errors = Path(folder) / "said", Path(folder) / "errors"
        process = begin(*words, archive=archive, said=said, errors=errors, env=env)
        process.join(180)
        process.kill()
        text = said.read_text("utf-8") + errors.read_text("utf-8")
    assert process.exitcode == code, f"{words}: exit {process.exitcode}\n{text}"
    return text


def _run(arguments: list[str], env: dict[str, str], said: Path, errors: Path) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, path in ((1, said), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = (
        open(stream, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        for stream in (1, 2)
    )
    from halong_crawler import settings  # noqa: PLC0415  # what the parent has loaded
    from halong_crawler.cli import main  # noqa: PLC0415

    importlib.reload(settings)  # the parent has read another environment

    try:
        main(arguments, prog_name="halong")
    except SystemExit:
        raise
    except BaseException:
        traceback.print_exc()
        raise
