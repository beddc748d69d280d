"""Authors whose names stand without a label: on a line of their own beside the date of the article.

No word says that a name follows, so it must begin with a known given name, stand between the title
and the text, and have the date, the reading time or its owner's post beside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from archive.text import fold
from halong_crawler.reading.authors.lines import Lines
from halong_crawler.reading.authors.shown import DATE, SEGMENTS, TIME, Shown
from halong_crawler.reading.bylines.stated import is_known_person, people_stated

_LONGEST = 100
_LONGEST_FACT = 60
_ABOVE, _BELOW = 3, 10
"""Lines above and below the title among which such a line may stand."""
_FACT = re.compile(
    r"\b(?:min(?:ute)?s?\.? (?:read|lesezeit)|lesezeit|reading time|(?:last )?updated|published|"
    r"veröffentlicht|aktualisiert)\b|"
    r"\b(?:writer|reporter|editor|journalist|columnist|correspondent|contributor|author|autorin?|"
    r"redakteur(?:in)?|co-?founder|founder|strategist|analyst|dietitian|nutritionist)\b",
    re.I,
)
"""What stands beside an author: how long reading takes, when it was changed, what they are."""


def bare_authors(lines: Lines, *, refused: Collection[str] = ()) -> Shown | None:
    """The people named beside the date between title and text; ``refused`` as everywhere."""
    start = lines.title_at
    if start is None:
        return None
    end = start + _BELOW if lines.begins_at is None else min(start + _BELOW, lines.begins_at + 1)
    for at in (
        *range(start + 1, min(end + 1, len(lines.texts))),
        *range(max(0, start - _ABOVE), start),
    ):
        names = _names_on(lines, at, refused)
        if names and not lines.foreign(at):
            return Shown(names, lines.texts[at])
    return None


def _names_on(lines: Lines, at: int, refused: Collection[str]) -> tuple[str, ...]:
    line = lines.texts[at]
    if len(line) > _LONGEST or line.endswith((".", "?", "!", ":")):
        return ()
    for segment in SEGMENTS.split(TIME.sub(" | ", DATE.sub(" | ", line))):
        names = people_stated(segment, refused=refused)
        if not names or not all(map(is_known_person, names)) or _says_more(segment, names):
            continue
        if any(fold(name) in lines.title for name in names):
            return ()  # the one the article is about
        if any(_is_fact(lines.texts[beside]) for beside in _beside(lines, at)):
            return names
    return ()


def _says_more(segment: str, names: tuple[str, ...]) -> bool:
    """Whether a segment holds words besides the names."""
    left = segment
    for name in names:
        left = left.replace(name, "", 1)
    return bool(re.search(r"[^\W\d_]{4,}", left))


def _beside(lines: Lines, at: int) -> range:
    return range(max(0, at - 1), min(len(lines.texts), at + 3))


def _is_fact(line: str) -> bool:
    return len(line) <= _LONGEST_FACT and bool(DATE.search(line) or _FACT.search(line))
