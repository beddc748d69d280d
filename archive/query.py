"""What a reader typed, understood: words, phrases and filters, and what FTS5 is asked for them.

Nothing typed is ever an error. Every word reaches FTS5 inside double quotes, so its operators
(AND, OR, NOT, NEAR, parentheses, column names) are just words, and a document number such as
``3431/QĐ-UBND`` is one phrase of its parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import islice, product

from archive.text import fold, fold_d, nfc

LONGEST_QUERY = 500
"""Characters looked at; whoever pastes a whole article finds it by its beginning."""

MOST_TERMS = 40
"""Terms looked at; FTS5 gives up on very deep expressions."""

UNDATED = "undated"
"""The value of the year filter that stands for articles without a date."""

YES = "1"
"""The value of a filter that is only on or off."""

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″＂"), '"')

_PIECE = re.compile(
    r"""
    (?P<minus>(?<!\S)-)?
    (?:(?P<field>author|portal|year|category|from|to|has|is):)?
    (?:"(?P<phrase>[^"]*)"(?P<phrase_star>\*)? | (?P<word>[^\s"]+))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+")
_YEAR = re.compile(rf"[12]\d{{3}}|{UNDATED}")
_YEAR_FIRST = re.compile(
    r"(?P<year>[12]\d{3})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?"
)
_DAY_FIRST = re.compile(r"(?:(?:(?P<day>\d{1,2})[-/.])?(?P<month>\d{1,2})[-/.])(?P<year>[12]\d{3})")

# Both spellings are current: quý and quí, kỹ and kĩ, tỷ and tỉ.
_I_OR_Y = re.compile(r"(h|k|l|m|s|t|qu)[iy]")
_MOST_SPELLINGS = 8


@dataclass(frozen=True, slots=True)
class Filters:
    """What the results are narrowed to; None does not narrow."""

    year: str | None = None
    """Four digits, or UNDATED."""
    portal: str | None = None
    category: str | None = None
    author: str | None = None
    """A name as the archive knows people by; the spelling of marks and case is free."""
    since: str | None = None
    """Published on this day or later: 2024, 2024-03 or 2024-03-15."""
    until: str | None = None
    """Published not later than this day, month or year."""
    attachment: str | None = None
    """YES: with attachments."""
    edited: str | None = None
    """YES: edited since it was first seen."""
    removed: str | None = None
    """YES: gone from its portal."""

    def in_use(self) -> dict[str, str]:
        """Those that narrow."""
        return {name: value for name, value in asdict(self).items() if value}

    def __bool__(self) -> bool:
        return bool(self.in_use())

    def over(self, others: Filters) -> Filters:
        """These, and where one is not in use, the other's."""
        return Filters(**(others.in_use() | self.in_use()))


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase."""

    tokens: tuple[str, ...]
    """Its words as typed, in lower case and NFC."""
    prefix: bool = False
    excluded: bool = False
    column: str | None = None
    begun: tuple[str, ...] = ()
    """Of a word and a star: the words it stands for, where they were looked up."""

    @property
    def is_marked(self) -> bool:
        """Whether it was typed with marks, so that the reader meant just this spelling."""
        text = " ".join(self.tokens)
        return fold(text) != text

    def spellings(self) -> tuple[str, ...]:
        """How it may stand in the index."""
        found = islice(product(*map(_spellings, self.tokens)), _MOST_SPELLINGS)
        return tuple(" ".join(words) for words in found)

    def expression(self) -> str:
        """The term in FTS5's language."""
        star = "*" if self.prefix and not self.begun else ""
        choices = " OR ".join(f'"{words}"{star}' for words in self.begun or self.spellings())
        return f"{{{self.column}}} : ({choices})" if self.column else f"({choices})"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    text: str = ""
    """What was typed, without the parts that became filters."""
    terms: tuple[Term, ...] = ()
    filters: Filters = field(default_factory=Filters)

    @property
    def wanted(self) -> tuple[Term, ...]:
        """What an article must have."""
        return tuple(term for term in self.terms if not term.excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """What an article must not have."""
        return tuple(term for term in self.terms if term.excluded)

    @property
    def match(self) -> str | None:
        """What must match, or None where nothing was asked for (or things only excluded)."""
        if not self.wanted:
            return None
        match = " AND ".join(term.expression() for term in self.wanted)
        return f"({match}) NOT {self._any_excluded()}" if self.excluded else match

    @property
    def mismatch(self) -> str | None:
        """What must not match, for a query that only excludes: FTS5 has no NOT of one side."""
        return self._any_excluded() if self.excluded and not self.wanted else None

    @property
    def is_word(self) -> bool:
        """Whether a single whole word is asked for."""
        term = self.wanted[0] if len(self.terms) == len(self.wanted) == 1 else Term(())
        return len(term.tokens) == 1 and not term.prefix and term.column is None

    @property
    def titled(self) -> str | None:
        """What must match for a single word to be in the title; None for more of them."""
        return f"{{title}} : {self.wanted[0].expression()}" if self.is_word else None

    @property
    def together(self) -> str | None:
        """All words as one phrase: Vietnamese words are several syllables, written apart."""
        words = [term for term in self.wanted if term.column is None]
        if len(words) < 2:
            return None
        tokens = tuple(token for term in words for token in term.tokens)
        return Term(tokens, prefix=words[-1].prefix).expression()

    def _any_excluded(self) -> str:
        return "(" + " OR ".join(term.expression() for term in self.excluded) + ")"


def parse(typed: str) -> Query:
    """Read a query.

    >>> parse('"đại hội" -bầu portal:halong').match
    '(("dại hội")) NOT (("bầu"))'
    """
    text = _straighten(typed)
    query = Query()
    kept: list[str] = []
    terms: list[Term] = []
    end = 0
    for piece in _PIECE.finditer(text):
        filters = _as_filter(piece, query.filters)
        if filters is not None:
            query = replace(query, filters=filters)
            continue
        gap = " " if kept and piece.start() > end else ""
        kept.append(gap + piece.group(0))
        end = piece.end()
        term = _as_term(piece, after=text[: piece.start()].rstrip())
        if term.tokens and len(terms) < MOST_TERMS:
            terms.append(term)
    return replace(query, text="".join(kept).strip(), terms=tuple(terms))


def _straighten(typed: str) -> str:
    """NFC, straight quotes, no stray quote, nothing that cannot be stored as UTF-8."""
    text = typed.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    text = nfc(text[:LONGEST_QUERY]).translate(_QUOTES)
    if text.count('"') % 2:
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    return text


def _as_filter(piece: re.Match[str], filters: Filters) -> Filters | None:
    """The filters with this piece added, or None where it is something to look for."""
    name = (piece["field"] or "").lower()
    value = (piece["word"] or piece["phrase"] or "").strip()
    if piece["minus"] or name not in _TYPED:
        return None
    understood = _TYPED[name](value)
    return replace(filters, **understood) if understood else None


def _happened(value: str) -> dict[str, str]:
    state = value.lower()
    return {state: YES} if state in ("edited", "removed") else {}


_TYPED: dict[str, Callable[[str], dict[str, str]]] = {
    "portal": lambda value: {"portal": value.lower()} if value else {},
    "category": lambda value: {"category": value} if value else {},
    "year": lambda value: {"year": value.lower()} if _YEAR.fullmatch(value.lower()) else {},
    "from": lambda value: {"since": day} if (day := as_day(value)) else {},
    "to": lambda value: {"until": day} if (day := as_day(value)) else {},
    "has": lambda value: {"attachment": YES} if value.lower() == "attachment" else {},
    "is": _happened,
}
"""Field that may be typed → the filter it stands for; none where its value makes no sense."""


def as_day(typed: str) -> str | None:
    """A day, month or year as ISO 8601 writes it, from that or from 15/3/2024; None: it is none.

    >>> as_day("15/3/2024"), as_day("2024-3"), as_day("2024"), as_day("soon")
    ('2024-03-15', '2024-03', '2024', None)
    """
    found = _YEAR_FIRST.fullmatch(typed) or _DAY_FIRST.fullmatch(typed)
    if not found or not typed.isascii():
        return None
    month, day = (int(found[name] or 1) for name in ("month", "day"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    parts = (found["year"], *(found[name].zfill(2) for name in ("month", "day") if found[name]))
    return "-".join(parts)


def _as_term(piece: re.Match[str], *, after: str) -> Term:
    words = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    prefix = bool(piece["phrase_star"]) or (piece["word"] or "").endswith("*")
    is_author = (piece["field"] or "").lower() == "author"
    if piece["field"] and not is_author:
        words = f"{piece['field']} {words}"
    # "nhiệm kỳ 2025 -2030" is a span of years, typed by people and printed by portals.
    is_span = bool(after) and after[-1].isdigit() and words[:1].isdigit()
    tokens = _tokens(words)
    return Term(
        tokens,
        # One letter and a star would match half of the archive.
        prefix=prefix and bool(tokens) and len(tokens[-1]) > 1,
        excluded=bool(piece["minus"]) and not is_span,
        column="byline" if is_author else None,
    )


def _tokens(words: str) -> tuple[str, ...]:
    """The words FTS5 would see; a mark that no letter carries joins nothing and parts nothing."""
    # Eth looks like Đ but would become ð.
    lowered = nfc(words).replace("Ð", "Đ").lower()
    letters = (c for c in lowered if unicodedata.category(c) != "Mn")
    return tuple(_TOKEN.findall("".join(letters)))


def _spellings(token: str) -> tuple[str, ...]:
    written = fold_d(token)
    folded = fold(token)
    if not _I_OR_Y.fullmatch(folded):
        return (written,)
    return (f"{folded[:-1]}i", f"{folded[:-1]}y")
