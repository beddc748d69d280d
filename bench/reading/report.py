"""What was measured, kept as data, and the table of it in the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bench.reading.readers import READERS
from bench.reading.running import Run
from bench.reading.scores import AS_STRING, totals

MEASURED = Path(__file__).with_name("measured.json")
DOCS = Path(__file__).parents[2] / "docs" / "reading.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
COMMAND = "HALONG_BENCH_SETS=FOLDER make bench-reading"

TITLES = {
    "pages": "The project's own pages",
    "aeb": "article-extraction-benchmark",
    "trafilatura": "trafilatura's evaluation",
    "wcxb-dev": "WCXB, development part, articles",
    "wcxb-test": "WCXB, test part, articles",
    "htmldate": "htmldate's evaluation",
}
"""Set → how the table calls it, in the table's order."""

_COLUMNS = (
    ("P", "precision"), ("R", "recall"), ("F1", "f1"), ("title", "title"), ("lead kept", "lead"),
    ("author", "author"), ("invented", "author invented"), ("as string", AS_STRING),
    ("day", "day"), ("invented", "day invented"), ("groundless", "day groundless"),
)  # fmt: skip
"""Heading → the figure below it; columns that no reader fills are left out."""


_BODY = frozenset({"precision", "recall", "f1"})
_DAY = frozenset({"day", "day invented", "day groundless"})
FITTED: dict[str, frozenset[str]] = {
    "wcxb-dev": _BODY | _DAY,
    "trafilatura": _DAY,
    "htmldate": _DAY,
}
"""Set → figures of ours that are no independent measure: weights were fitted on these pages."""
_OURS = "halong"
GROUPS = {
    "known": "a product with a table, named in the descriptor",
    "learned": "a template learnt from the portal's own pages",
    "generic": "nothing: the article is weighed out",
}
"""Group of pages whose cost is measured → how the table calls it, in the table's order."""


def figures_of(set_name: str, done: Run) -> dict[str, Any]:
    """A run's figures as they are kept."""
    kept = {name: round(value, 4) for name, value in totals(set_name, done.scores).items()}
    raised = len(done.errors)
    return (
        kept
        | {"version": done.reader.version or "", "cost": round(done.ratio, 1)}
        | ({"raised": raised} if raised else {})
    )


def keep(set_name: str, found: Mapping[str, Mapping[str, Any]], day: date) -> None:
    """Put a set's figures in the place of its old ones; readers not run this time stay."""
    measured = measured_figures()
    known = measured.get(set_name, {}).get("readers", {})
    measured[set_name] = {"date": day.isoformat(), "readers": {**known, **found}}
    text = json.dumps(measured, indent=1, ensure_ascii=False, sort_keys=True)
    MEASURED.write_text(text + "\n", encoding="utf-8")


def keep_cost(found: Mapping[str, Mapping[str, float]], day: date) -> None:
    """The same for what reading costs, by what is known of a page's template."""
    measured = measured_figures() | {"cost": {"date": day.isoformat(), "groups": found}}
    text = json.dumps(measured, indent=1, ensure_ascii=False, sort_keys=True)
    MEASURED.write_text(text + "\n", encoding="utf-8")


def measured_figures() -> dict[str, Any]:
    """Set → date and readers → figures."""
    if not MEASURED.exists():
        return {}
    loaded: dict[str, Any] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return loaded


def table(set_name: str, readers: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures of one set in Markdown, the best in each column bold.

    Ours are marked, and never the best, where our weights were fitted on the set.
    """
    columns = [(head, key) for head, key in _COLUMNS if any(key in f for f in readers.values())]
    lines = ["| reader | " + " | ".join(head for head, _ in columns) + " | × lxml parse |"]
    lines.append("|---|" + "---|" * (len(columns) + 1))
    fitted = FITTED.get(set_name, frozenset())
    best = {key: _best(key, readers, leave_out=key in fitted) for _, key in columns}
    for name in sorted(readers, key=_place):
        figures = readers[name]
        cells = [
            _cell(figures.get(key), best[key], fitted=name == _OURS and key in fitted)
            for _, key in columns
        ]
        version = f" {figures['version']}" if figures["version"] else ""
        lines.append(f"| {name}{version} | {' | '.join(cells)} | {figures['cost']:.1f} |")
    return "\n".join(lines)


def _place(name: str) -> int:
    return list(READERS).index(name) if name in READERS else len(READERS)


def _best(key: str, readers: Mapping[str, Mapping[str, Any]], *, leave_out: bool) -> float:
    values = [
        figures[key]
        for name, figures in readers.items()
        if key in figures and not (leave_out and name == _OURS)
    ]
    best: float = min(values) if key.endswith(("invented", "groundless")) else max(values)
    return best


def _cell(value: float | None, best: float, *, fitted: bool) -> str:
    if value is None:
        return "–"
    shown = f"{value:.3f}".removeprefix("0")
    if fitted:
        return f"{shown}†"
    return f"**{shown}**" if value == best else shown


def section() -> str:
    """Everything between the markers."""
    return "\n\n".join([BEGIN, *_parts(), END])


def _parts() -> Iterator[str]:
    measured = measured_figures()
    yield f"Repeated by `{COMMAND}`; what is in `FOLDER` is in `bench/reading/sets.py`."
    for name, title in TITLES.items():
        if name in measured:
            kept = measured[name]
            pages = max(figures["pages"] for figures in kept["readers"].values())
            yield f"**{title}** (`{name}`, {pages:.0f} pages, {kept['date']})"
            yield table(name, kept["readers"])
    if "cost" in measured:
        day = measured["cost"]["date"]
        yield f"**What reading costs in a crawl**, verdict and all fields ({day})"
        yield _cost_table(measured["cost"]["groups"])
        yield "Repeated by `python -m bench.reading cost --docs`."


def _cost_table(groups: Mapping[str, Mapping[str, float]]) -> str:
    lines = [
        "| what is known of the page | pages | kB a page | × lxml parse |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {GROUPS[name]} | {own['pages']:.0f} | {own['kb']:.0f} | {own['ratio']:.1f} |"
        for name, own in ((name, groups[name]) for name in GROUPS if name in groups)
    ]
    return "\n".join(lines)


def in_docs(text: str) -> str:
    """A page of documentation with the section in its place."""
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise SystemExit(f"{DOCS}: the lines {BEGIN} and {END} are missing.")
    return before + section() + after


def write_docs() -> None:
    """Bring the table in the documentation up to date."""
    DOCS.write_text(in_docs(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
