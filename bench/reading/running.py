"""Run a reader over pages: what it reads, and its CPU time against parsing the same bytes.

Before each reading the page is parsed with lxml and nothing else; both times are taken on the same
page in turn, so that whatever the machine does besides falls on both. What peers read is kept in a
cache by reader, version and page; ours never is.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from bench.reading.readers import Reader
from bench.reading.scores import FIELDS, PageScore, score_page
from bench.reading.sets import Gold


@dataclass(frozen=True)
class Reading:
    """What a reader made of a page; ``error`` says what it raised instead."""

    read: dict[str, Any]
    cpu: float
    """Seconds of CPU time."""
    floor: float
    """Seconds of CPU time of a bare lxml parse of the same bytes."""
    error: str = ""


@dataclass
class Run:
    """A reader's readings of many pages."""

    reader: Reader
    scores: list[PageScore] = field(default_factory=list)
    cpu: float = 0.0
    floor: float = 0.0
    errors: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """CPU time as a multiple of the bare parse's, over all pages."""
        return self.cpu / self.floor if self.floor else 0.0

    def add(self, gold: Gold, reading: Reading, fields: Collection[str]) -> None:
        """Score one more page; a reader that raises has read nothing."""
        wanted = [name for name in self.reader.fields if name in fields]
        self.scores.append(score_page(gold, reading.read, wanted))
        self.cpu += reading.cpu
        self.floor += reading.floor
        if reading.error:
            self.errors.append(f"{gold.name}: {reading.error}")


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process for one run."""
    begin = time.process_time_ns()
    work()
    return (time.process_time_ns() - begin) / 1e9


def parse(html: bytes) -> None:
    """The floor; a page that lxml refuses costs what refusing costs."""
    try:
        lxml_html.fromstring(html)
    except (etree.ParserError, etree.LxmlError, ValueError):
        return


def run(
    reader: Reader,
    pages: Iterable[Gold],
    cache: Cache | None = None,
    fields: Collection[str] = FIELDS,
) -> Run:
    """Read and score every page with one reader; a few pages are timed more than once."""
    done, pages = Run(reader), list(pages)
    repeats = 3 if len(pages) < _FEW else 1
    is_warm = False
    for gold in pages:
        reading = cache.get(reader, gold) if cache is not None else None
        if reading is None:
            if not is_warm:  # imports, caches and word lists are loaded once a process
                read_once(reader, gold)
                is_warm = True
            reading = min((read_once(reader, gold) for _ in range(repeats)), key=_cost)
            if cache is not None:
                cache.put(reader, gold, reading)
        done.add(gold, reading, fields)
    if cache is not None:
        cache.save(reader)
    return done


_FEW = 100


def _cost(reading: Reading) -> float:
    return reading.cpu


def read_once(reader: Reader, gold: Gold) -> Reading:
    """Read a page, in turn with the floor."""
    floor = cpu_seconds(lambda: parse(gold.html))
    begin = time.process_time_ns()
    try:
        read, error = dict(reader.read(gold.html, gold.url)), ""
    except Exception as raised:  # whatever a peer raises is its result
        read, error = {}, f"{type(raised).__name__}: {raised}"
    return Reading(read, (time.process_time_ns() - begin) / 1e9, floor, error)


class Cache:
    """Readings of peers in a folder outside the project, one file for each reader and version."""

    def __init__(self, folder: Path, *, refresh: bool = False) -> None:
        self.folder = folder
        self.refresh = refresh
        self._readers: dict[str, dict[str, dict[str, Any]]] = {}
        self._new: dict[str, int] = {}
        self._anew: set[tuple[str, str]] = set()

    def get(self, reader: Reader, gold: Gold) -> Reading | None:
        """What is kept of a reader's page, if it has a version to be kept under."""
        if reader.version is None:
            return None
        key = _key(gold)
        if self.refresh and (reader.name, key) not in self._anew:
            return None
        kept = self._of(reader).get(key)
        return Reading(**kept) if kept is not None else None

    def put(self, reader: Reader, gold: Gold, reading: Reading) -> None:
        """Keep a reading; every hundredth is written, so that little is lost when it is stopped."""
        if reader.version is None:
            return
        self._of(reader)[_key(gold)] = asdict(reading)
        self._anew.add((reader.name, _key(gold)))
        self._new[reader.name] = self._new.get(reader.name, 0) + 1
        if self._new[reader.name] % 100 == 0:
            self.save(reader)
            sys.stderr.write(f"{reader.name}: {self._new[reader.name]} pages\n")

    def save(self, reader: Reader) -> None:
        """Write what is new, whole or not at all."""
        if not self._new.get(reader.name):
            return
        path = self._path(reader)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with gzip.open(part, "wt", encoding="utf-8", compresslevel=3) as file:
            json.dump(self._of(reader), file, ensure_ascii=False)
        part.replace(path)

    def _of(self, reader: Reader) -> dict[str, dict[str, Any]]:
        if reader.name not in self._readers:
            path = self._path(reader)
            kept = {}
            if path.exists():
                with gzip.open(path, "rt", encoding="utf-8") as file:
                    kept = json.load(file)
            self._readers[reader.name] = kept
        return self._readers[reader.name]

    def _path(self, reader: Reader) -> Path:
        return self.folder / f"{reader.name}-{reader.version}.json.gz"


def _key(gold: Gold) -> str:
    return hashlib.sha1(gold.url.encode() + b"\n" + gold.html).hexdigest()


def cache_folder(given: Path | None = None) -> Path:
    """Where readings of peers are kept: as given, else the user's cache."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return given or home / "halong-bench"
