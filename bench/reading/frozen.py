"""Pages in folders with their gold beside them: ``FAMILY/NAME.html`` and ``FAMILY/NAME.json``.

Of the gold these keys are looked at: ``url``; ``title``; ``lead``; ``body`` (a text, or a list of
paragraphs); ``authors`` (names, or tables with ``name`` and ``role``); ``published`` (an ISO date,
or a table with ``at``). A key that is missing was not annotated; null or an empty list says that
the page has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.reading.sets import Gold, MissingSetError

PAGES = Path(__file__).parents[2] / "tests" / "pages"
"""The project's own pages, one folder for each family of templates."""

_NOT_WRITERS = frozenset({"photographer"})


def frozen(folder: Path = PAGES) -> Iterator[Gold]:
    """Every page below a folder that has gold; ``kind`` is the name of the folder it lies in."""
    found = [path for path in sorted(folder.rglob("*.json")) if path.with_suffix(".html").exists()]
    if not found:
        raise MissingSetError(f"{folder}: no page here; NAME.html with its gold in NAME.json.")
    for path in found:
        yield _gold(path)


def _gold(path: Path) -> Gold:
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MissingSetError(f"{path}: no JSON ({error}).") from error
    lead, paragraphs = truth.get("lead"), truth.get("body")
    if isinstance(paragraphs, str):
        paragraphs = [paragraphs]
    return Gold(
        "pages",
        f"{path.parent.name}/{path.stem}",
        truth.get("url") or "",
        path.with_suffix(".html").read_bytes(),
        body=None if paragraphs is None else "\n\n".join(filter(None, [lead, *paragraphs])),
        title=truth.get("title") or None,
        authors=_authors(truth),
        day=_day(truth.get("published")),
        day_known="published" in truth,
        kind=path.parent.name,
        lead=lead,
    )


def _authors(truth: Mapping[str, Any]) -> tuple[str, ...] | None:
    if "authors" not in truth:
        return None
    stated = [{"name": a} if isinstance(a, str) else a for a in truth["authors"] or ()]
    names = (author["name"] for author in stated if author.get("role") not in _NOT_WRITERS)
    return tuple(dict.fromkeys(names))


def _day(published: Any) -> str | None:
    stated = published.get("at") if isinstance(published, dict) else published
    return stated[:10] if stated and len(stated) >= 10 else None
