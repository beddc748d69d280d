"""How readings are scored: each set by the rule of its authors, fields the same way everywhere.

The rules, by what a set gives as gold:

- ``shingles`` (article-extraction-benchmark): bags of runs of four words; true and false
  positives and misses of a page are divided by their sum, so that long pages weigh no more;
  precision and recall are means over the pages, F1 is made of the two means.
- ``words`` (WCXB): bags of words in lower case; precision, recall and F1 are means over the pages.
- ``snippets`` (trafilatura): a wanted or unwanted snippet is in the body or not, white space
  squeezed; counts over all pages.

A title is right when it is the gold's, white space squeezed. A day is right when it is the gold's
calendar day. Authors are right when the same names are read, whatever their order, case and
spaces; the trafilatura set's authors compare the one string ``A; B`` letter by letter, which is
counted as ``author (string)`` besides. A value where the gold says that there is none counts as
invented; an invented day that not even the page's own data states is groundless.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from bench.reading.grounds import stated_days
from bench.reading.sets import Gold

RULES = {"aeb": "shingles", "trafilatura": "snippets", "wcxb-dev": "words", "wcxb-test": "words"}
"""Set → how its bodies are scored; sets that are not named here by shingles."""

FIELDS = ("body", "title", "lead", "author", "day")
AS_STRING = "author (string)"

_WORDS = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"\s*[;,&|/]\s*|\s+(?:and|und|et|y|e|và|with)\s+")
_DEGREE = re.compile(r"(?:[a-z]{1,5}\.){1,3}[a-z]?|[a-z]{2,5}®|md|phd|mph|rd|rdn|jd|mba|cpa|msc|ms")
"""Parts of a byline that are no names."""


@dataclass(frozen=True)
class BodyScore:
    """One page's body. ``counts`` are true positives, false positives and misses."""

    counts: tuple[float, float, float]

    @property
    def precision(self) -> float | None:
        """None where nothing was read."""
        hit, extra, _ = self.counts
        return hit / (hit + extra) if hit + extra else None

    @property
    def recall(self) -> float | None:
        """None where there was nothing to read."""
        hit, _, missed = self.counts
        return hit / (hit + missed) if hit + missed else None

    @property
    def f1(self) -> float:
        """1 where there was nothing to read and nothing was."""
        hit, extra, missed = self.counts
        total = 2 * hit + extra + missed
        return 2 * hit / total if total else 1.0


@dataclass(frozen=True)
class FieldScore:
    """One page's title, authors or day: what was wanted, what was read, and whether it is right."""

    wanted: str
    read: str
    right: bool
    groundless: bool | None = None
    """Of a day: read where there is none, and the page's own data does not state it either."""

    @property
    def invented(self) -> bool:
        """Something was read where there is nothing."""
        return not self.wanted and bool(self.read)


@dataclass(frozen=True)
class PageScore:
    """Everything that could be scored on one page."""

    gold: Gold
    body: BodyScore | None = None
    fields: Mapping[str, FieldScore] = field(default_factory=dict)


def score_page(gold: Gold, read: Mapping[str, Any], fields: Sequence[str] = FIELDS) -> PageScore:
    """Score what a reader made of a page; ``read`` has the keys of ``read_page``."""
    scorers = {name: scorer for name, scorer in _SCORERS.items() if name.split()[0] in fields}
    scored = {
        name: made for name, scorer in scorers.items() if (made := scorer(gold, read)) is not None
    }
    return PageScore(gold, score_body(gold, body_of(read)) if "body" in fields else None, scored)


def body_of(read: Mapping[str, Any]) -> str:
    """The text a reader takes for the article: sets count a lead as part of it."""
    lead, body = read.get("lead") or "", read.get("body") or ""
    return f"{lead}\n\n{body}" if lead else body


# Bodies


def score_body(gold: Gold, text: str) -> BodyScore | None:
    """A page's body by its set's rule, None where the gold says nothing about it."""
    rule = RULES.get(gold.set, "shingles")
    if rule == "snippets":
        return BodyScore(_snippets(gold, text)) if gold.wanted or gold.unwanted else None
    if gold.body is None:
        return None
    if rule == "words":
        return BodyScore(_overlap(_words(gold.body.lower()), _words(text.lower())))
    return BodyScore(_normalised(_overlap(_shingles(gold.body), _shingles(text))))


def _words(text: str) -> list[Any]:
    return _WORDS.findall(text)


def _shingles(text: str, size: int = 4) -> list[Any]:
    words = _words(text)
    if len(words) < size:
        return [tuple(words)] if words else []
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def _overlap(wanted: Iterable[Any], read: Iterable[Any]) -> tuple[float, float, float]:
    gold, found = Counter(wanted), Counter(read)
    hit = (gold & found).total()
    return hit, found.total() - hit, gold.total() - hit


def _normalised(counts: tuple[float, float, float]) -> tuple[float, float, float]:
    total = sum(counts)
    hit, extra, missed = (count / total if total else 0.0 for count in counts)
    return hit, extra, missed


def _snippets(gold: Gold, text: str) -> tuple[float, float, float]:
    body = squeezed(text)
    hit = sum(squeezed(snippet) in body for snippet in gold.wanted)
    extra = sum(squeezed(snippet) in body for snippet in gold.unwanted)
    return hit, extra, len(gold.wanted) - hit


def squeezed(text: str) -> str:
    """White space as single spaces, none at the ends."""
    return " ".join(text.split())


# Fields


def _title(gold: Gold, read: Mapping[str, Any]) -> FieldScore | None:
    if gold.title is None:
        return None
    wanted, found = squeezed(gold.title), squeezed(read.get("title") or "")
    return FieldScore(wanted, found, wanted == found)


def _author(gold: Gold, read: Mapping[str, Any]) -> FieldScore | None:
    if gold.authors is None:
        return None
    wanted, found = "; ".join(gold.authors), "; ".join(read.get("author") or ())
    return FieldScore(wanted, found, names(wanted) == names(found))


def _author_string(gold: Gold, read: Mapping[str, Any]) -> FieldScore | None:
    score = _author(gold, read)
    if score is None or gold.set != "trafilatura" or not score.wanted:
        return None
    return FieldScore(score.wanted, score.read, score.wanted == score.read)


def names(byline: str) -> frozenset[str]:
    """The names in a byline, in lower case, degrees left out unless there is nothing else."""
    parts = [part for part in _BETWEEN_NAMES.split(squeezed(byline).casefold()) if part]
    return frozenset([p for p in parts if not _DEGREE.fullmatch(p)] or parts)


def _day(gold: Gold, read: Mapping[str, Any]) -> FieldScore | None:
    if not gold.day_known:
        return None
    wanted, found = gold.day or "", (read.get("published") or "")[:10]
    if len(found) < len("2026-01-31"):
        found = ""  # a month is a bound, it names no day
    groundless = bool(found) and not wanted and found not in stated_days(gold.html)
    return FieldScore(wanted, found, wanted == found, groundless)


def _lead(gold: Gold, read: Mapping[str, Any]) -> FieldScore | None:
    """A lead is kept where the text that was read holds it."""
    if not gold.lead:
        return None
    wanted, text = squeezed(gold.lead), squeezed(body_of(read))
    return FieldScore(wanted, text[: len(wanted)], wanted in text)


_SCORERS = {
    "title": _title,
    "lead": _lead,
    "author": _author,
    AS_STRING: _author_string,
    "day": _day,
}


# Sums


def totals(set_name: str, scores: Sequence[PageScore]) -> dict[str, float]:
    """The figures of a run, in the order in which they are shown.

    ``pages``; ``precision``, ``recall`` and ``f1`` of the bodies; for each field ``<field>`` the
    part that is right of those that exist and ``<field> invented`` the part of the pages without
    one on which one was read; ``day groundless`` is the part of these pages on which a day was read
    that the page's own data does not state. What was not asked or has no gold is left out.
    """
    figures: dict[str, float] = {"pages": len(scores)}
    bodies = [score.body for score in scores if score.body is not None]
    if bodies:
        precision, recall, f1 = _body_totals(RULES.get(set_name, "shingles"), bodies)
        figures |= {"precision": precision, "recall": recall, "f1": f1}
    for name in _SCORERS:
        of_field = [score.fields[name] for score in scores if name in score.fields]
        there = [score.right for score in of_field if score.wanted]
        nothing = [score.invented for score in of_field if not score.wanted]
        if there:
            figures[name] = fmean(there)
        if nothing:
            figures[f"{name} invented"] = fmean(nothing)
        grounds = [s.groundless for s in of_field if not s.wanted and s.groundless is not None]
        if grounds:
            figures[f"{name} groundless"] = fmean(grounds)
    return figures


def _body_totals(rule: str, bodies: Sequence[BodyScore]) -> tuple[float, float, float]:
    if rule == "snippets":
        summed = [sum(column) for column in zip(*(body.counts for body in bodies), strict=True)]
        total = BodyScore((summed[0], summed[1], summed[2]))
        return total.precision or 0.0, total.recall or 0.0, total.f1
    if rule == "words":
        # Nothing wanted and nothing read is 1, one of them is 0: as their evaluate.py has it.
        return (
            fmean(_or_f1(body.precision, body) for body in bodies),
            fmean(_or_f1(body.recall, body) for body in bodies),
            fmean(body.f1 for body in bodies),
        )
    precision = _mean([body.precision for body in bodies])
    recall = _mean([body.recall for body in bodies])
    together = precision + recall
    return precision, recall, 2 * precision * recall / together if together else 0.0


def _or_f1(value: float | None, body: BodyScore) -> float:
    return body.f1 if value is None else value


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return fmean(known) if known else 0.0
