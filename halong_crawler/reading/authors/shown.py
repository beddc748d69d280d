"""Authors in the page's visible lines: ``By …``, ``Von …``, ``Text: …`` near the article.

The line must say that a name follows, and consist of nothing else than that name, a date and what
such lines hold besides: prose that begins with the same word is no byline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from halong_crawler.reading.bylines.stated import LEAD_IN, OTHER_ROLES, is_full_name, people_stated

_ABOVE, _BELOW = 6, 14
"""Lines before and after the heading among which a byline may stand."""
_AFTER = 6
"""Lines before and after the end of the text among which a byline may stand."""
_LONGEST = 160
_MONTH = (
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|ene|abr|ago|dic|f[eé]v|avr|"
    r"juin|juil|ao[uû]t|d[eé]c)[^\W\d_]*\.?"
)
_DATE = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|"
    rf"\d{{1,2}}(?:\.|st|nd|rd|th)?\s+(?:de\s+)?{_MONTH}(?:\s+(?:de\s+)?\d{{4}})?|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?",
    re.I,
)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}(?:\s*[ap]m)?\b|\b\d{1,2}\s*[ap]m\b", re.I)
_BEFORE = re.compile(
    rf"(?:(?:\w+,?\s+)?(?:{_DATE.pattern})(?:[\s,–|-]*{_TIME.pattern}|\s+\d{{4}})?(?:\s+uhr)?|"
    r"(?:posted|published|eingestellt|eingetragen|veröffentlicht|verfasst|gespeichert|geschrieben|"
    r"erstellt|publié|publicado|written|submitted|filed|this entry was posted|"
    r"ein (?:beitrag|artikel|gastbeitrag|kommentar|text|bericht)|blog beitrag)"
    r"(?:\s+(?!geteilt|shared)\S+){0,8}?)"
    r"[\s.,]+(?=(?:by|von|vom|par|por|di|door|av)\s+[^\W\d_])",
    re.I,
)
"""What stands before the word that introduces the name: a date, "Posted in News"."""
_SEGMENTS = re.compile(r"\s*[|•·»\n]\s*|\s+[–—-]\s+|\s+@\s+")


_DATE_WORD = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\w*|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|am|um|on|at|le|de|del|pm|uhr|und|and|et|y|updated|"
    r"posted|published|minutes?|min|read|ene\w*|abr\w*|ago\w*|dic\w*|in",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The people a visible line names, and the line."""

    names: tuple[str, ...]
    line: str


def shown_authors(
    lines: Sequence[str],
    title_at: int | None,
    ends_at: int | None,
    *,
    refused: Collection[str] = (),
    foreign: Callable[[int], bool],
) -> Shown | None:
    """The authors named by the line nearest to the heading, else by one at the text's end.

    ``foreign`` says of a line's number whether it stands in the frame of another article; only
    after the text is that asked.
    """
    start = 0 if title_at is None else title_at
    below = range(start, min(len(lines), start + _BELOW + 1))
    above = range(start - 1, max(-1, start - 1 - _ABOVE), -1)
    last = len(lines) - 1 if ends_at is None else min(len(lines) - 1, ends_at + _AFTER)
    end = range(last, max(below.stop - 1, last - 2 * _AFTER), -1)
    for at in (*below, *above, *end):
        found = read_line(lines[at], refused=refused)
        if found is not None and not (at > (ends_at or last) and foreign(at)):
            return found
    return None


def read_line(line: str, *, refused: Collection[str] = ()) -> Shown | None:
    """The people a line introduces as authors, or None when it is no such line."""
    if not 4 <= len(line) <= _LONGEST:
        return None
    segments = _SEGMENTS.split(line)
    for segment in segments:
        before = _BEFORE.match(segment)
        text = segment[before.end() :] if before else segment
        introduced = LEAD_IN.match(text)
        if introduced is None or OTHER_ROLES.match(segment):
            continue
        names = people_stated(text, refused=refused)
        strong = ":" in introduced[0] or len(introduced[0].split()) > 1
        if names and (strong or _is_whole(text[introduced.end() :], names)):
            return Shown(names, line)
    return None


def _is_whole(rest: str, names: tuple[str, ...]) -> bool:
    """Whether the names are what the segment says, and not the beginning of a sentence."""
    left = rest
    for name in names:
        left = left.replace(name, "", 1)
    words = [word for word in re.findall(r"[^\W\d_]{2,}", left) if not _DATE_WORD.fullmatch(word)]
    return not words or (len(words) <= 8 and all(map(is_full_name, names)))
