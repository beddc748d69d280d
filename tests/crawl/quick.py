"""Many crawls in a row: each in a process of its own, forked from one that has read the code."""

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

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["halong_crawler.cli", "halong_crawler.spiders.portal",
                               "halong_crawler.extensions.progress", "scrapy.crawler",
                               "scrapy.core.downloader.handlers.http11"])  # fmt: skip


def begin(
    *words: str, archive: Archive, said: Path, env: Mapping[str, str] | None = None
) -> ForkServerProcess:
    """Start ``halong`` without the time of its imports; what it says goes to a file."""
    arguments = [*words, "--archive", str(archive.path)]
    process = _FORKS.Process(target=_run, args=(arguments, dict(env or {}), said))
    process.start()
    return process


def quick(*words: str, archive: Archive, env: Mapping[str, str], code: int = 0) -> str:
    """Run ``halong`` as :func:`tests.crawl.runs.halong` does, without the time of its imports."""
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        process = begin(*words, archive=archive, said=said, env=env)
        process.join(180)
        process.kill()
        text = said.read_text("utf-8")
    assert process.exitcode == code, f"{words}: exit {process.exitcode}\n{text}"
    return text


def _run(arguments: list[str], env: dict[str, str], said: Path) -> None:
    os.environ.update(env)
    output = os.open(said, os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
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
