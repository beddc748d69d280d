"""Fits the weights by which passages are told apart: article or not.

Pages with the text people found in them (the development part of WCXB, CC BY 4.0, articles only)
give each passage a mark: does it stand in that text? Logistic regression finds the weights of the
clues. The second look is fitted on opinions about pages that the first did not see (four folds).
Needs scikit-learn. Nothing of the other sets is looked at: they are for measuring.

    python -m bench.reading.fit [FOLDER OF SETS]
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.reading.sets import load
from halong_crawler.reading.document import Document
from halong_crawler.reading.weighing.clues import Clues
from halong_crawler.reading.weighing.outline import Outline, Passage, outline
from halong_crawler.reading.weighing.weigh import DISMISSED, second_clues

WEIGHTS = Path(__file__).parents[2] / "halong_crawler/reading/weighing/weights.json"
FOLDS = 4
_WORD = re.compile(r"\w+")
_FEW = 8
"""Words under which a passage is looked for as it stands; longer ones by runs of four words."""
_SEEN_ON = {"near.": 12, "in.": 12}
"""Pages a clue must occur on to be weighed; names of elements are many and often accidental."""
_SEEN_ON_OTHERWISE = 5
_NEGLIGIBLE = 0.01


@dataclass
class Page:
    """A page with the clues and the marks of its passages."""

    outline: Outline
    clues: list[list[str] | None]
    """None for a passage that is dismissed without weighing."""
    marks: list[int]
    heft: np.ndarray
    """How much each passage counts: by the root of its length, every page as much as another."""


def pages(root: str | None) -> list[Page]:
    """The articles of the development set."""
    found = []
    for gold in load("wcxb-dev", root):
        document = Document.parse(gold.html, gold.url)
        if gold.kind != "article" or document.tree.body is None:
            continue
        page = outline(document.tree.body)
        if page.passages:
            clues = [
                None if clues is None else [*clues[0], *clues[1]]
                for clues in Clues(page, document.head_title)
            ]
            marks = _marks(page.passages, gold.body or "")
            found.append(Page(page, clues, marks, _heft(page.passages)))
    return found


def _marks(passages: Sequence[Passage], text: str) -> list[int]:
    words = _WORD.findall(text.lower())
    line = f" {' '.join(words)} "
    runs = {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
    own = [_WORD.findall(p.text.lower()) for p in passages]
    marks = [_mark(found, line, runs) for found in own]
    # A few words may stand in the text by chance: they count only beside a passage that is sure.
    sure = [bool(m) and len(p.text) > 60 for m, p in zip(marks, passages, strict=True)]
    return [
        int(mark and (len(found) >= _FEW or any(sure[max(0, at - 5) : at + 6])))
        for at, (mark, found) in enumerate(zip(marks, own, strict=True))
    ]


def _mark(words: list[str], line: str, runs: set[tuple[str, ...]]) -> bool:
    if not words:
        return False
    if len(words) < _FEW:
        return f" {' '.join(words)} " in line
    own = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    return sum(run in runs for run in own) > 0.6 * len(own)


def _heft(passages: Sequence[Passage]) -> np.ndarray:
    roots = np.sqrt([float(len(p.text)) for p in passages])
    return 20 * roots / roots.sum()


def _fit(
    clues: list[list[str]], marks: Sequence[int], heft: np.ndarray, strength: float
) -> dict[str, float]:
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform(dict.fromkeys(found, 1.0) for found in clues)
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0)
    model.fit(matrix, np.array(marks), sample_weight=heft)
    table = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
    return {"": float(model.intercept_[0])} | {
        str(clue): round(float(value), 3)
        for clue, value in sorted(table.items())
        if abs(value) > _NEGLIGIBLE
    }


def _common(found: list[Page]) -> set[str]:
    seen = Counter(clue for page in found for clue in {c for row in page.clues if row for c in row})
    return {
        clue
        for clue, count in seen.items()
        if count >= next((n for p, n in _SEEN_ON.items() if clue.startswith(p)), _SEEN_ON_OTHERWISE)
    }


def _opinions(table: dict[str, float], page: Page) -> list[float]:
    return [
        DISMISSED if row is None else table[""] + sum(table.get(clue, 0.0) for clue in row)
        for row in page.clues
    ]


def _first(found: Sequence[Page]) -> dict[str, float]:
    rows, marks, heft = _weighed(found, [page.clues for page in found])
    return _fit(rows, marks, heft, 0.1)


def _weighed(
    found: Sequence[Page], clues: Sequence[Sequence[list[str] | None]]
) -> tuple[list[list[str]], list[int], np.ndarray]:
    """Clues, marks and heft of the passages that are weighed at all."""
    kept = [
        (row, mark, heft)
        for page, rows in zip(found, clues, strict=True)
        for row, mark, heft in zip(rows, page.marks, page.heft, strict=True)
        if row
    ]
    return [row for row, _, _ in kept], [m for _, m, _ in kept], np.array([h for *_, h in kept])


def main(root: str | None) -> None:
    """Fit both looks and write the weights."""
    found = pages(root)
    common = _common(found)
    for page in found:
        page.clues = [
            None if row is None else [clue for clue in row if clue in common] for row in page.clues
        ]
    folds = np.random.RandomState(0).randint(0, FOLDS, len(found))
    second: dict[int, list[list[str]]] = {}
    for fold in range(FOLDS):
        table = _first([p for p, f in zip(found, folds, strict=True) if f != fold])
        for at in np.flatnonzero(folds == fold):
            page = found[at]
            second[at] = list(second_clues(page.outline, _opinions(table, page)))
    rows, marks, heft = _weighed(found, [second[at] for at in range(len(found))])
    tables = {"first": _first(found), "second": _fit(rows, marks, heft, 0.3)}
    WEIGHTS.write_text(json.dumps(tables, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found)} pages; {len(tables['first'])} and {len(tables['second'])} weights")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
