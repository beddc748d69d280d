"""A line of text read as a byline: the printed words, the people in it, and the source it names.

A person is only read from a form that states one: a label (``Tác giả:``), brackets around a name
at the end, a closing line that is nothing but names, or names with a unit after them. Offices,
collectives, ``PV`` and ``admin`` sign too, and their words are kept as the byline, but they are no
person: no author beats a wrong one. Forms: seen on portals, see docs/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.records import Author, Role
from archive.text import squeeze
from halong_crawler.reading.bylines.names import (
    has_post,
    is_anonymous,
    is_collective,
    is_initials,
    is_nobody,
    is_pen_name,
    is_person,
    is_unit,
    without_rank,
)
from halong_crawler.reading.bylines.words import LABELS, PHOTOGRAPHY

_SPLIT = re.compile(r"\s*(?:[-–—,;/&+|]|\bvà\b)\s*")
_ANY_LABEL = "|".join(pattern for pattern, _ in LABELS)
_LABELLED = re.compile(
    rf"\s*(?P<label>{_ANY_LABEL})\s*:\s*(?P<names>.+?)\s*"
    rf"(?=[\s.;,/|–—-]+(?:{_ANY_LABEL})\s*:|$)[.;,/|–—-]*",
    re.I,
)
_ROLES = tuple((re.compile(pattern, re.I), roles) for pattern, roles in LABELS)
_SOURCE_WORD = (
    r"(?:(?:trích\s+|dẫn\s+)?nguồn(?:\s+(?:tin(?:\s+bài)?|bài(?:\s+viết)?))?\s*:\s*|"
    r"nguồn\s+(?=báo\b|cổng\b|ttxvn|vov|vtv|trang\b|tạp chí|đài\b|http)|theo\s*:?\s+)"
)
_SOURCE = re.compile(rf"\(?\s*{_SOURCE_WORD}(?P<source>.{{2,90}}?)\s*\)?\s*\.?", re.I)
_SOURCE_AFTER = re.compile(
    rf"(?P<signed>.+?)\s*[-–—,;/|.(\s]\s*(?P<source>{_SOURCE_WORD}.{{2,90}})", re.I
)
_COMPILER_TAIL = re.compile(
    r"\s*[-–(]\s*(?:t/h|th|tổng hợp|st|s/t|sưu tầm|biên tập|biên soạn)\s*\)?\s*$", re.I
)
_AROUND = re.compile(r"^[\s*•\-–—./_~:]+(?=\S)|[\s*•\-–—_~]+$")
_DATE_AFTER = re.compile(r"[\s,|–—(-]+(?:ngày\s+)?\d{1,2}[/.:-]\d.*$", re.I)
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Byline:
    """A signature: the words as printed, and what could be read from them."""

    printed: str
    authors: tuple[Author, ...] = ()
    source: str | None = None


def read_byline(text: str, *, stated: bool = False) -> Byline | None:
    """Read a line of text as a byline; None when it is not one.

    ``stated`` says the page itself marks the line as the author's (a selector, a label), so that a
    single pen name is a name too.
    """
    printed = squeeze(text)
    if not 1 < len(printed) <= _LONGEST or is_nobody(printed):
        return None
    return (
        _source_line(printed)
        or _with_source(printed, stated=stated)
        or _labelled(printed)
        or _signature(printed, stated=stated)
    )


def _source_line(printed: str) -> Byline | None:
    match = _SOURCE.fullmatch(printed)
    if match is None or match["source"].rstrip().endswith((",", ":")):
        return None
    source = match["source"].strip(" .")
    # "Theo" also begins sentences; a source is a name, an address or a masthead.
    if len(source.split()) > 9 or not (source[:1].isupper() or "." in source):
        return None
    return Byline(printed, source=source)


def _with_source(printed: str, *, stated: bool) -> Byline | None:
    """``Hồng Hạnh (Theo TTXVN)``: who signs, and whom they followed."""
    match = _SOURCE_AFTER.fullmatch(printed)
    source = _source_line(match["source"]) if match is not None else None
    if match is None or source is None:
        return None
    signed = match["signed"].strip(" (-–—,;/|")
    byline = _labelled(signed) or _signature(signed, stated=stated)
    if byline is None or not byline.authors:
        return None
    authors = tuple(replace(author, printed=printed) for author in byline.authors)
    return Byline(printed, authors, source.source)


def _labelled(printed: str) -> Byline | None:
    """``Tác giả: …``; also several labels in one line, ``Ảnh: … Bài: …``."""
    authors: list[Author] = []
    pieces = list(_label_pieces(_without_brackets(printed)))
    for names, roles in pieces:
        if not 0 < len(names.split()) <= 14:
            return None
        for role in roles:
            authors.extend(_people(names, role, printed, stated=True))
    return Byline(printed, tuple(dict.fromkeys(authors))) if pieces else None


def _label_pieces(text: str) -> Iterator[tuple[str, tuple[Role, ...]]]:
    """The names after each label and the roles it gives; nothing unless labels fill the text."""
    pieces = []
    at = 0
    while at < len(text):
        match = _LABELLED.match(text, at)
        if match is None:
            return
        pieces.append((_cut_markup(match["names"]), _roles_of(match["label"])))
        at = match.end()
    yield from pieces


def _roles_of(label: str) -> tuple[Role, ...]:
    return next(roles for pattern, roles in _ROLES if pattern.fullmatch(label))


def _cut_markup(names: str) -> str:
    """A name ends where markup that was written as text begins."""
    return names.partition("<")[0].strip()


def _signature(printed: str, *, stated: bool) -> Byline | None:
    bare = _without_brackets(_AROUND.sub("", printed))
    if _cut_markup(bare) != bare:
        return None
    bare = _DATE_AFTER.sub("", bare)
    role: Role = "writer"
    if _COMPILER_TAIL.search(bare):
        bare, role = _COMPILER_TAIL.sub("", bare), "compiler"
    bare = bare if is_initials(bare) else bare.rstrip(" .")
    if is_anonymous(bare) or is_collective(bare):
        return Byline(printed)
    authors = _people(bare, role, printed, stated=stated)
    return Byline(printed, authors) if authors else None


def _without_brackets(text: str) -> str:
    bracketed = re.fullmatch(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]\.?", text)
    return bracketed[1] if bracketed is not None else text


def _people(names: str, role: Role, printed: str, *, stated: bool) -> tuple[Author, ...]:
    """The people a list of names states. Empty as soon as one part is neither name nor unit."""
    whole = names if is_initials(names) else names.strip(" .;,–-")
    # Name – unit: whatever the unit's own name holds, it ends the list.
    first, rest = _first_dash(whole)
    name = _person(first, stated=stated) if rest else None
    if name and not is_person(rest) and is_unit(rest):
        # Who is named with a post is spoken of, or signs a document; a label says otherwise.
        return (Author(name, role, printed),) if stated or not has_post(rest) else ()
    authors: list[Author] = []
    for part in [whole] if is_person(whole) else filter(None, _SPLIT.split(whole)):
        inner_role, bare = _own_role(part, role)
        bare = re.sub(r"\s*\([^)]*\)\s*$", "", bare).strip()
        name = _person(bare, stated=stated)
        if name is not None:
            authors.append(Author(name, inner_role, printed))
        elif not (is_anonymous(bare) or (is_unit(bare) and (authors or stated))):
            return ()
    return tuple(authors)


def _person(text: str, *, stated: bool) -> str | None:
    """The name in a part of a list, its rank left out; None where it is nobody's."""
    if is_anonymous(text):
        return None
    bare = without_rank(text)
    return bare if is_person(bare) or (stated and is_pen_name(bare)) else None


def _first_dash(text: str) -> tuple[str, str]:
    """Text before and after the first dash or slash that may part a name from its unit."""
    match = re.search(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*/\s*|\s*,\s*", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _own_role(part: str, role: Role) -> tuple[Role, str]:
    """``Ảnh: Thanh Vân`` inside ``Hồng Hạnh - Ảnh: Thanh Vân`` has a role of its own."""
    pieces = list(_label_pieces(part))
    return (pieces[0][1][0], pieces[0][0]) if pieces else (role, part)


_CREDIT = re.compile(
    rf"\(?\s*\b(?:{PHOTOGRAPHY})\s*:\s*(?P<credit>[^()]{{2,60}}?)\s*\)?\s*\.?$", re.I
)


def credit_in(caption: str) -> str | None:
    """The photo credit a caption ends with: ``… (Ảnh: Thanh Vân/TTXVN)``, ``… Ảnh: Hồng Hạnh``."""
    match = _CREDIT.search(caption)
    return match["credit"].strip(" .") if match else None
