"""Who signed an article: the printed byline, the people in it, and the source it names.

A person is only read from a form that states one: a label (``Tác giả:``), brackets around a name
at the end, a closing line that is nothing but names, or names with a unit after them. Offices,
collectives, ``PV`` and ``admin`` sign too, and their words are kept as the byline, but they are no
person: no author beats a wrong one. Forms: seen on portals, see docs/reading.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.records import Author, Role
from archive.text import fold, squeeze, tone_key

_LETTER = r"[^\W\d_]"
_INITIALS = re.compile(rf"(?:{_LETTER}{{1,2}}\.\s?){{2,4}}{_LETTER}?\.?")
_SPLIT = re.compile(r"\s*(?:[-–—,;/&+]|\bvà\b)\s*")

LABELS: tuple[tuple[str, tuple[Role, ...]], ...] = (
    (
        r"(?:tin|bài)(?:\s*(?:,|và|&|-|/)\s*(?:bài|tin))?\s*(?:,|và|&|-|/)?\s*"
        r"(?:ảnh|hình(?:\s+ảnh)?)",
        ("writer", "photographer"),
    ),
    (r"(?:thực\s+hiện|nội\s+dung)", ("writer",)),
    (
        r"(?:tác\s+giả(?:\s+bài\s+viết)?|người\s+viết|bài\s+viết|tin\s*(?:,|-|và)?\s*bài|"
        r"bài|tin|người\s+đăng(?:\s+tin)?|đăng\s+bởi|by)",
        ("writer",),
    ),
    (r"(?:t/h|th|tổng\s+hợp|biên\s+tập|sưu\s+tầm|bt)", ("compiler",)),
    (r"(?:(?:biên|lược)\s+dịch|dịch|người\s+dịch)", ("translator",)),
    (r"(?:ảnh|hình\s+ảnh|video|clip)", ("photographer",)),
)
"""Label of a byline → the roles of those it names."""

_LABELLED = tuple(
    (re.compile(rf"\(?\s*{pattern}\s*:\s*(?P<names>.+?)\s*\)?\s*\.?", re.I | re.S), roles)
    for pattern, roles in LABELS
)
_NEXT_LABEL = re.compile(
    rf"(?<=[.;])\s*(?=(?:{'|'.join(pattern for pattern, _ in LABELS)})\s*:)", re.I
)
_SOURCE = re.compile(
    r"\(?\s*(?:(?:nguồn(?:\s+tin)?|trích\s+nguồn)\s*:\s*|theo\s*:?\s+)"
    r"(?P<source>.{2,90}?)\s*\)?\s*\.?",
    re.I,
)
_COMPILER_TAIL = re.compile(r"\s*\(\s*(?:t/h|th|tổng hợp|st|sưu tầm|biên tập)\s*\)\s*$", re.I)
# Words that begin the name of an office, a place or a collective. Marks count: Phương is a person,
# Phường is a ward.
_OFFICES = (
    "UBND", "Ủy ban", "Ban", "Phòng", "Sở", "Trung tâm", "TT", "Văn phòng", "Hội", "Đảng ủy",
    "Đảng bộ", "Công an", "Bộ", "Chi cục", "Cục", "Trường", "Đài", "Tổ", "Khối", "Công ty", "Báo",
    "Tạp chí", "Cổng", "MTTQ", "Mặt trận", "Liên đoàn", "LĐLĐ", "HĐND", "Thường trực", "BCH",
    "BBT", "BTC", "Nhóm", "Tỉnh đoàn", "Thành đoàn", "Thành ủy", "Tỉnh ủy", "Bảo tàng", "Thư viện",
)  # fmt: skip
_PLACES = (
    "Thành phố", "TP", "Phường", "Xã", "Huyện", "Tỉnh", "Thị xã", "Thị trấn", "Quận", "Khu", "Thôn",
    "Đồng chí", "Ông", "Bà", "Các", "Một", "Toàn cảnh", "Quang cảnh", "Tin", "Ảnh", "Bài", "Vịnh",
)  # fmt: skip


def _begins_with(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(re.escape(tone_key(word)) for word in words)})\b")


# Đoàn is a family name as well; what follows tells (see _is_collective).
_OFFICE = _begins_with((*_OFFICES, "Đoàn"))
_OFFICE_OR_PLACE = _begins_with(_OFFICES + _PLACES)
_UNIT = re.compile(
    r"\b(?:ubnd|hnd|hpn|lhpn|mttq|lđlđ|hđnd|tt|ttvh|đài|phòng|ban|hội|đoàn|trung tâm|công an|"
    r"văn phòng|phường|xã|huyện|thành phố|tp|trường|chi cục|báo|khu|tổ|sở)\b"
)
# fmt: off
_NOBODY = frozenset({
    "admin", "admin admin", "administrator", "quan tri", "quan tri vien", "ban quan tri", "editor",
    "bien tap vien", "test test", "nguoi dung", "user", "super user", "webmaster",
})
_ANONYMOUS = frozenset({
    "pv", "p.v", "p.v.", "phong vien", "nhom pv", "nhom phong vien", "btv", "ctv", "bbt", "tv",
})
# fmt: on


@dataclass(frozen=True, slots=True)
class Byline:
    """A signature: the words as printed, and what could be read from them."""

    printed: str
    authors: tuple[Author, ...] = ()
    source: str | None = None


def is_nobody(text: str) -> bool:
    """Whether a signature is only the account name of the software (``admin``)."""
    return fold(squeeze(text)).strip(" .") in _NOBODY


def read_byline(text: str, *, stated: bool = False) -> Byline | None:
    """Read a line of text as a byline; None when it is not one.

    ``stated`` says the page itself marks the line as the author's (a selector, a label), so that a
    single pen name is a name too.
    """
    printed = squeeze(text)
    if not 1 < len(printed) <= 140 or is_nobody(printed):
        return None
    return _source_line(printed) or _labelled(printed) or _signature(printed, stated=stated)


def _source_line(printed: str) -> Byline | None:
    match = _SOURCE.fullmatch(printed)
    if match is None or match["source"].rstrip().endswith((",", ":")):
        return None
    source = match["source"].strip(" .")
    # "Theo" also begins sentences; a source is a name, an address or a masthead.
    if len(source.split()) > 9 or not (source[0].isupper() or "." in source):
        return None
    return Byline(printed, source=source)


def _labelled(printed: str) -> Byline | None:
    """``Tác giả: …``; also several labels in one line, ``Ảnh: … Bài: …``."""
    authors: list[Author] = []
    for piece in _NEXT_LABEL.split(printed):
        found = _label(piece)
        if found is None:
            return None
        names, roles = found
        for role in roles:
            authors.extend(_people(names, role, printed, pen_names=True))
    return Byline(printed, tuple(dict.fromkeys(authors)))


def _label(piece: str) -> tuple[str, tuple[Role, ...]] | None:
    """The names after a label and the roles it gives them, or None without a label."""
    for pattern, roles in _LABELLED:
        match = pattern.fullmatch(piece)
        if match is not None:
            # A name ends where markup begins.
            names = match["names"].partition("<")[0].strip()
            if _is_initials(f"{names}.") and piece.rstrip(" )").endswith(f"{names}."):
                names = f"{names}."
            return (names, roles) if 0 < len(names.split()) <= 14 else None
    return None


def _signature(printed: str, *, stated: bool) -> Byline | None:
    bare = printed.strip()
    bracketed = re.fullmatch(r"\(\s*([^()]+?)\s*\)\.?", bare)
    if bracketed is not None:
        bare = bracketed.group(1)
    role: Role = "writer"
    if _COMPILER_TAIL.search(bare):
        bare, role = _COMPILER_TAIL.sub("", bare), "compiler"
    bare = bare if _is_initials(bare) else bare.rstrip(" .")
    if fold(bare) in _ANONYMOUS or _is_collective(bare):
        return Byline(printed)
    authors = _people(bare, role, printed, pen_names=stated)
    return Byline(printed, authors) if authors else None


def _people(names: str, role: Role, printed: str, *, pen_names: bool = False) -> tuple[Author, ...]:
    """The people a list of names states. Empty as soon as one part is neither name nor unit."""
    whole = names if _is_initials(names) else names.strip(" .;,–-")
    # Name – unit: whatever the unit's own name holds, it ends the list.
    first, rest = _first_dash(whole)
    if rest and is_person(first) and not is_person(rest) and _is_unit(rest):
        return (Author(first, role, printed),)
    authors: list[Author] = []
    for part in [whole] if is_person(whole) else filter(None, _SPLIT.split(whole)):
        inner_role, bare = _own_role(part, role)
        bare = re.sub(r"\s*\([^)]*\)\s*$", "", bare).strip()
        anonymous = fold(bare) in _ANONYMOUS
        if not anonymous and (is_person(bare) or (pen_names and _is_pen_name(bare))):
            authors.append(Author(bare, inner_role, printed))
        elif not (anonymous or (_is_unit(bare) and (authors or pen_names))):
            return ()
    return tuple(authors)


def _first_dash(text: str) -> tuple[str, str]:
    """Text before and after the first dash or slash that may part a name from its unit."""
    match = re.search(r"\s+[-–—]\s*|\s*[-–—]\s+|\s*/\s*", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _is_pen_name(text: str) -> bool:
    return len(text) > 1 and _is_name_word(text) and not _OFFICE_OR_PLACE.match(tone_key(text))


def _own_role(part: str, role: Role) -> tuple[Role, str]:
    """``Ảnh: Thanh Vân`` inside ``Bài: Hồng Hạnh - Ảnh: Thanh Vân`` has a role of its own."""
    found = _label(part)
    return (found[1][0], found[0]) if found is not None else (role, part)


def is_person(text: str) -> bool:
    """Whether a text is a person's name as Vietnamese print it, or initials, and nothing else."""
    if _is_initials(text):
        return True
    words = text.split()
    if not 2 <= len(words) <= 5 or not all(_is_name_word(word) for word in words):
        return False
    # Capitals amid a name are an abbreviation: HND Hiệp Hòa is an office, HỒNG HẠNH is not.
    if any(len(word) > 1 and word.isupper() for word in words) and not text.isupper():
        return False
    return not _OFFICE_OR_PLACE.match(tone_key(text))


def _is_initials(text: str) -> bool:
    return bool(_INITIALS.fullmatch(text)) and text == text.upper()


def _is_name_word(word: str) -> bool:
    """One syllable of a name: a capital first; Vietnamese syllables have at most seven letters."""
    return word.isalpha() and word[0].isupper() and len(word) <= 7


def _is_collective(text: str) -> bool:
    """``Ban Tổ chức``, ``Trung tâm Truyền thông và Văn hóa``: signs, but is nobody."""
    words = text.split()
    capital = words and words[0][0].isupper()
    return (
        bool(capital)
        and not is_person(text)
        and bool(_OFFICE.match(tone_key(text)))
        and 2 <= len(words) <= 12
        and not re.search(r"[.,;:!?]", text)
    )


def _is_unit(text: str) -> bool:
    return bool(_UNIT.search(tone_key(text))) and len(text.split()) <= 14


def credit_in(caption: str) -> str | None:
    """The photo credit a caption ends with: ``… (Ảnh: Thanh Vân/TTXVN)``, ``… Ảnh: Hồng Hạnh``."""
    match = re.search(r"\(?\s*\b[Ảả]nh\s*:\s*([^()]{2,60}?)\s*\)?\s*\.?$", caption)
    return match.group(1).strip(" .") if match else None
