"""Authors in the page's visible lines: ``By …``, ``Von …``, ``Text: …`` near the article.

The line must say that a name follows, and consist of nothing else than that name, a date and what
such lines hold besides: prose that begins with the same word is no byline.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from halong_crawler.reading.authors.lines import Lines
from halong_crawler.reading.bylines.stated import (
    LEAD_IN,
    OTHER_ROLES,
    introduces,
    is_code,
    is_full_name,
    people_stated,
    trim,
)

_LONGEST = 160
_LONGEST_LABEL = 40
_LABEL = re.compile(
    r"(?:authors?|autor(?:en|in|a|es)?|auteure?s?|verfasser(?:in)?|written by|contributors?)\s*:",
    re.I,
)
"""What names the author wherever it begins a line of the article."""
_WORK = re.compile(
    r"(?:^|[;,|]\s*)(?:verlag|publisher|isbn|seiten(?:zahl)?|pages|originaltitel|original title|"
    r"genre|il+ustrator(?:in)?|regie|regisseur|director|laufzeit|runtime|editora|éditeur|editorial|"
    r"übersetz\w+|asin|erschienen|preis|price|buchtitel|book title)\s*:|\bISBN\b",
    re.I,
)
"""Facts of a book or a film."""
_FACTS_AROUND = 3
_ALONE = re.compile(
    r"(?:the )?(?:authors?|author\(s\)|autor(?:en|in|a|es)?|auteure?s?|autore|autori|"
    r"verfasser(?:in)?)\s*:?|(?:this )?(?:article|post|story|guide)? ?(?:was )?"
    r"(?:written|authored) by\s*:?",
    re.I,
)
"""What says on a line of its own that the next one names the author."""
_MONTH = (
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|ene|abr|ago|dic|f[eé]v|avr|"
    r"juin|juil|ao[uû]t|d[eé]c)[^\W\d_]*\.?"
)
DATE = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|"
    rf"\d{{1,2}}(?:\.|st|nd|rd|th)?\s+(?:de\s+)?{_MONTH}(?:\s+(?:de\s+)?\d{{4}})?|"
    rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?",
    re.I,
)
TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}(?:\s*[ap]m)?\b|\b\d{1,2}\s*[ap]m\b", re.I)
_BEFORE = re.compile(
    rf"(?:(?:\w+,?\s+)?(?:{DATE.pattern})(?:[\s,–|-]*{TIME.pattern}|\s+\d{{4}})?(?:\s+uhr)?|"
    r"(?:posted|published|eingestellt|eingetragen|veröffentlicht|verfasst|gespeichert|geschrieben|"
    r"erstellt|publié|publicado|written|submitted|filed|this entry was posted|"
    r"ein (?:beitrag|artikel|gastbeitrag|kommentar|text|bericht)|blog beitrag)"
    r"(?:\s+(?!geteilt|shared)\S+){0,8}?)"
    r"[\s.,]+(?=(?:by|von|vom|par|por|di|door|av)\s+[^\W\d_])",
    re.I,
)
"""What stands before the word that introduces the name: a date, "Posted in News"."""
SEGMENTS = re.compile(r"\s*[|•·»●∙⋅▪◦\n]\s*|(?:^|\s+)[–—-]+\s+|\s+@\s+|\s+\(\d+[^()]*\)")


DATE_WORD = re.compile(
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


def shown_authors(lines: Lines, *, refused: Collection[str] = ()) -> Shown | None:
    """The authors named nearest to the heading, else at the text's end, else by a label in it."""
    for at in (*lines.near_title(), *lines.near_end()):
        if _tells_of_a_work(lines, at):
            continue
        found = read_line(lines.texts[at], refused=refused) or _under_label(lines, at, refused)
        if found is not None:
            return found
    labelled = (
        lines.texts[at]
        for at in lines.inside()
        if _LABEL.match(lines.texts[at]) and not _tells_of_a_work(lines, at)
    )
    return next(filter(None, (read_line(line, refused=refused) for line in labelled)), None)


def _under_label(lines: Lines, at: int, refused: Collection[str]) -> Shown | None:
    """``Written by`` on a line of its own, and the name on the next one."""
    label = lines.texts[at]
    if at + 1 >= len(lines.texts) or len(label) > _LONGEST_LABEL or not _is_label(label):
        return None
    line = lines.texts[at + 1]
    names = people_stated(line, refused=refused) if len(line) <= _LONGEST else ()
    full = any(map(is_full_name, names))
    strong = names and (full or (names == (line,) and not is_code(line)))
    return Shown(names, f"{label} {line}") if strong else None


def _tells_of_a_work(lines: Lines, at: int) -> bool:
    """Whether lines around say that a book or a film is spoken of: its author is not the page's."""
    if ":" not in lines.texts[at]:
        return False
    around = lines.texts[max(0, at - _FACTS_AROUND) : at + _FACTS_AROUND + 1]
    return any(map(_WORK.search, around))


def _is_label(line: str) -> bool:
    return bool(_ALONE.fullmatch(line)) or (introduces(line) and not trim(line))


def read_line(line: str, *, refused: Collection[str] = ()) -> Shown | None:
    """The people a line introduces as authors, or None when it is no such line."""
    if not 4 <= len(line) <= _LONGEST:
        return None
    for segment in SEGMENTS.split(line):
        before = _BEFORE.match(segment)
        text = segment[before.end() :] if before else segment
        introduced = LEAD_IN.match(text)
        if introduced is None or OTHER_ROLES.match(segment):
            continue
        names = people_stated(text, refused=refused)
        strong = ":" in introduced[0] or len(introduced[0].split()) > 1
        if not names or (names[0].islower() and not _names_users(introduced)):
            continue
        if strong or _is_whole(text[introduced.end() :], names):
            return Shown(names, line)
    return None


def _names_users(introduced: re.Match[str]) -> bool:
    """Whether a name in small letters may follow: "di stagione" is no author."""
    word = introduced[0].strip().lower()
    return word in ("by", "von") or " " in word or ":" in word


def _is_whole(rest: str, names: tuple[str, ...]) -> bool:
    """Whether the names are what the segment says, and not the beginning of a sentence."""
    left = rest
    for name in names:
        left = left.replace(name, "", 1)
    words = [word for word in re.findall(r"[^\W\d_]{2,}", left) if not DATE_WORD.fullmatch(word)]
    return not words or (len(words) <= 8 and all(map(is_full_name, names)))
