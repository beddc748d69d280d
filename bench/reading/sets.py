"""Public sets of pages with gold, read from a folder that holds their repositories.

A set is a checkout named ``OWNER+NAME``; ``SETS`` says which. Nothing of them is part of this
project. The folder is an argument or the environment variable ``HALONG_BENCH_SETS``.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENVIRONMENT = "HALONG_BENCH_SETS"


class MissingSetError(Exception):
    """A set that is not there: one line with what to do."""


@dataclass(frozen=True)
class Gold:
    """A page and what must be read from it.

    ``body`` is the article's text, None where only snippets are given: ``wanted`` must be in the
    body and ``unwanted`` must not. ``authors`` is None where nothing was annotated and ``()`` where
    there is none. ``day`` is a calendar day (``YYYY-MM-DD``); None means that there is none if
    ``day_known``, else that nobody says. ``kind`` is the page's type; fields are compared on
    articles only.
    """

    set: str
    name: str
    url: str
    html: bytes
    body: str | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] | None = None
    day: str | None = None
    day_known: bool = False
    kind: str = "article"
    lead: str | None = None


def root_folder(root: Path | str | None = None) -> Path:
    """The folder of the sets: the argument, else the environment's."""
    found = root or os.environ.get(ENVIRONMENT)
    if not found:
        raise MissingSetError(f"No folder of public sets: give --sets FOLDER or set {ENVIRONMENT}.")
    return Path(found)


def load(set_name: str, root: Path | str | None = None) -> Iterator[Gold]:
    """The pages of a set, in a fixed order."""
    if set_name not in SETS:
        raise MissingSetError(f"{set_name}: no such set; there are {', '.join(SETS)}.")
    repository, pages = SETS[set_name]
    folder = root_folder(root) / repository.replace("/", "+")
    if not folder.is_dir():
        raise MissingSetError(
            f"{folder}: the set {set_name} is not there; "
            f"git clone https://github.com/{repository} {folder} gets it."
        )
    return pages(folder)


def article_extraction_benchmark(folder: Path) -> Iterator[Gold]:
    """Bodies only."""
    for name, entry in sorted(_json(folder / "ground-truth.json").items()):
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        body = entry.get("articleBody", "")
        yield Gold("aeb", name, entry.get("url", ""), html, body=body)


def trafilatura(folder: Path) -> Iterator[Gold]:
    """Snippets, and fields where they were annotated; an empty string says that there is none."""
    tests = folder / "tests"
    for url, entry in sorted(_json(tests / "evaldata.json").items()):
        yield Gold(
            "trafilatura",
            entry["file"],
            url,
            _first_file(tests, ("cache", "eval"), entry["file"]),
            wanted=tuple(entry["with"]),
            unwanted=tuple(entry["without"]),
            title=entry.get("title") or None,
            authors=_authors(entry["author"]) if "author" in entry else None,
            day=entry.get("date") or None,
            day_known="date" in entry,
        )


def htmldate(folder: Path) -> Iterator[Gold]:
    """Days only. Five pages have no value (NaN) and say nothing."""
    tests = folder / "tests"
    entries = _json(tests / "eval_mediacloud_2020.json") | _json(tests / "eval_default.json")
    for url, entry in sorted(entries.items()):
        html = _first_file(tests, ("test_set", "cache", "eval"), entry["file"])
        day = entry["date"] if isinstance(entry["date"], str) else None
        yield Gold("htmldate", entry["file"], url, html, day=day, day_known=day is not None)


def web_content_extraction(folder: Path, split: str) -> Iterator[Gold]:
    """Bodies of seven types of page; of articles the fields too, where null says there is none."""
    for path in sorted((folder / split / "ground-truth").glob("*.json")):
        data = _json(path)
        gold = data["ground_truth"]
        day = gold.get("publish_date") or None
        whole_day = day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day) is not None
        yield Gold(
            f"wcxb-{split}",
            path.stem,
            data.get("url") or "",
            gzip.decompress((folder / split / "html" / f"{path.stem}.html.gz").read_bytes()),
            body=gold.get("main_content") or "",
            wanted=tuple(gold.get("with") or ()),
            unwanted=tuple(gold.get("without") or ()),
            title=gold.get("title") or None,
            authors=_authors(gold.get("author")),
            day=day if whole_day else None,
            day_known=whole_day,
            kind=_page_type(data),
        )


def _authors(value: str | list[str] | None) -> tuple[str, ...]:
    if not value:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _page_type(data: dict[str, Any]) -> str:
    stated = (data.get("_internal") or {}).get("page_type", "article")
    found = stated.get("primary", "article") if isinstance(stated, dict) else stated
    return str(found)


def _first_file(tests: Path, folders: tuple[str, ...], name: str) -> bytes:
    for folder in folders:
        path = tests / folder / name
        if path.is_file():
            return path.read_bytes()
    raise MissingSetError(f"{tests}: {name} is in none of {', '.join(folders)}; is the set whole?")


def _json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


SETS: dict[str, tuple[str, Callable[[Path], Iterator[Gold]]]] = {
    "aeb": ("scrapinghub/article-extraction-benchmark", article_extraction_benchmark),
    "trafilatura": ("adbar/trafilatura", trafilatura),
    "htmldate": ("adbar/htmldate", htmldate),
    "wcxb-dev": (
        "Murrough-Foley/web-content-extraction-benchmark",
        lambda folder: web_content_extraction(folder, "dev"),
    ),
    "wcxb-test": (
        "Murrough-Foley/web-content-extraction-benchmark",
        lambda folder: web_content_extraction(folder, "test"),
    ),
}
"""Name of a set, its repository, and how its pages are read."""
