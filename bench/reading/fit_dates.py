"""Fits the weights by which a page's days are told apart: the article's or not.

Pages whose day people noted (the sets htmldate and trafilatura and the development part of WCXB,
articles only) give each date on them a mark. Logistic regression finds the weights of the clues;
the second look is fitted on opinions of a first look that did not see the page (folds), and the
figures printed are those of folds as well. Needs scikit-learn. The test part of WCXB is not looked
at. The addresses of the htmldate set are left out, as its authors do.

    python -m bench.reading.fit_dates [FOLDER OF SETS]
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bench.reading.sets import load
from halong_crawler.reading.dates import in_bounds
from halong_crawler.reading.dates.order import is_month_first
from halong_crawler.reading.dates.page import page_clues
from halong_crawler.reading.dates.shown import Shown, shown_dates
from halong_crawler.reading.dates.stated import Stated, stated_dates
from halong_crawler.reading.dates.weighing import Day, Ground, day_clues, gather
from halong_crawler.reading.document import Document
from halong_crawler.reading.published import SURE, frame_of
from halong_crawler.reading.weighing.story import find_story
from halong_crawler.reading.weighing.weights import Weights, weight

WEIGHTS = Path(__file__).parents[2] / "halong_crawler/reading/dates/weights.json"
FOLDS = 5
_UTC = ZoneInfo("UTC")
_NOW = datetime.now(UTC)
_SETS = ("htmldate", "trafilatura", "wcxb-dev")
_SEEN_ON = 8
"""Dates a clue must stand at to be weighed."""
_SURE = (-9, -2, -1.5, -1.25, -1, -0.75, -0.5, -0.25, 0, 0.5, 1, 1.5)
_NEGLIGIBLE = 0.01
_UNDATED = 3.0
"""What a page without a day counts for in the second look: ten others come on each."""


@dataclass
class Page:
    """A page's dates and its day; ``day`` is None where there is none."""

    set: str
    day: str | None
    fold: int
    stated: list[Stated]
    shown: list[Shown]
    clues: frozenset[str]
    """What the page is."""


def pages(root: str | None) -> Iterable[Page]:
    """Every article whose day is known."""
    for name in _SETS:
        for gold in load(name, root):
            document = Document.parse(gold.html, "" if name == "htmldate" else gold.url)
            if gold.kind != "article" or not gold.day_known or document.tree.body is None:
                continue
            frame = frame_of(document, find_story(document))
            stated = list(stated_dates(document, _UTC, month_first=False))
            month_first = is_month_first(document, frame.short_texts, stated)
            yield Page(
                name,
                gold.day,
                # Pages of one site fall into one fold, and so does a page that is in two sets.
                zlib.crc32(gold.name.removeprefix("archive.org.")[:8].encode()) % FOLDS,
                _possible(stated_dates(document, _UTC, month_first=month_first)),
                _possible(shown_dates(document, frame, _UTC, month_first=month_first)),
                frozenset(page_clues(document)),
            )


def _possible(found: Iterable[Stated | Shown]) -> list:  # type: ignore[type-arg]
    first = date(1991, 8, 6)
    return [one for one in found if in_bounds(one.moment, first, _NOW)]


def _fit(
    rows: list[Iterable[str]], marks: list[bool], heft: list[float], strength: float
) -> dict[str, float]:
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform(dict.fromkeys(row, 1.0) for row in rows)
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=500, random_state=0)
    model.fit(matrix, np.array(marks), sample_weight=np.array(heft))
    seen = np.asarray((matrix != 0).sum(axis=0)).ravel()
    table = zip(vectors.get_feature_names_out(), model.coef_[0], seen, strict=True)
    return {"": round(float(model.intercept_[0]), 3)} | {
        str(clue): round(float(value), 3)
        for clue, value, count in table
        if abs(value) > _NEGLIGIBLE and count >= _SEEN_ON
    }


def first_look(found: Sequence[Page]) -> dict[str, float]:
    """Weights of the clues of shown dates."""
    rows = [shown.clues for page in found for shown in page.shown]
    marks = [_day(shown) == page.day for page in found for shown in page.shown]
    # A page with a long list of dates counts for little more than one with three.
    heft = [len(page.shown) ** -0.5 for page in found for _ in page.shown]
    return _fit(rows, marks, heft, 0.2)


def _day(found: Shown | Stated) -> str:
    return found.moment.at.date().isoformat()


def _days(page: Page, table: Weights) -> dict[str, Day]:
    return gather(page.stated, ((weight(table, found.clues), found) for found in page.shown))


def second_look(found: Sequence[Page], first: Sequence[Weights]) -> dict[str, float]:
    """Weights of the clues of days; ``first`` holds the table by which each page is opined on."""
    rows: list[Iterable[str]] = []
    marks: list[bool] = []
    heft: list[float] = []
    for page, table in zip(found, first, strict=True):
        for day, clues in day_clues(_days(page, table), page.clues).items():
            rows.append(clues)
            marks.append(day == page.day)
            heft.append(1.0 if page.day else _UNDATED)
    return _fit(rows, marks, heft, 1.0)


def unseen(found: Sequence[Page]) -> dict[int, Weights]:
    """Fold → a first look that did not see it."""
    folds = {page.fold for page in found}
    return {fold: first_look([page for page in found if page.fold != fold]) for fold in folds}


def fit(found: Sequence[Page]) -> tuple[Weights, Weights]:
    """Both tables."""
    tables = unseen(found)
    return first_look(found), second_look(found, [tables[page.fold] for page in found])


Answer = tuple[str, float, Ground]
"""A day, its odds, and who names it."""


def judged(found: Sequence[Page]) -> list[list[Answer]]:
    """For each page its days, the likeliest first, by tables that did not see the page."""
    answers: list[list[Answer]] = [[] for _ in found]
    for fold in range(FOLDS):
        first, second = fit([page for page in found if page.fold != fold])
        for at, page in enumerate(found):
            if page.fold == fold:
                days = _days(page, first)
                odds = {
                    day: weight(second, clues) for day, clues in day_clues(days, page.clues).items()
                }
                answers[at] = [
                    (day, odds[day], days[day].ground)
                    for day in sorted(odds, key=lambda day: (-odds[day], day))
                ]
    return answers


def taken(answers: Sequence[Answer], sure: Mapping[Ground, float]) -> str | None:
    """The day that is taken, as ``published.py`` does."""
    return next((day for day, odds, ground in answers if odds >= sure[ground]), None)


def figures(found: Sequence[Page]) -> None:
    """Share of right days and of invented ones, by how sure one must be."""
    answers = judged(found)
    for sure in (*(SURE | {"stated": at, "shown": at} for at in _SURE), SURE):
        read = [taken(days, sure) for days in answers]
        shares = []
        for name in _SETS:
            own = [(p.day, day) for p, day in zip(found, read, strict=True) if p.set == name]
            dated = [day == gold for gold, day in own if gold]
            undated = [day is not None for gold, day in own if not gold]
            shares.append(f"{name} {np.mean(dated):.3f} / {np.mean(undated or [0]):.3f}")
        print(f"{sure['stated']:6.2f} {sure['shown']:6.2f}  {', '.join(shares)}")


def main(root: str | None) -> None:
    """Show the figures of the folds, then fit on all and write the weights."""
    found = list(pages(root))
    figures(found)
    tables = dict(zip(("shown", "day"), fit(found), strict=True))
    WEIGHTS.write_text(json.dumps(tables, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found)} pages; {len(tables['shown'])} and {len(tables['day'])} weights")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
