"""RTF 1.9: the words of the body, each in the code page or legacy font it is set in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from halong_crawler.documents.legacy_fonts import Run, join
from halong_crawler.documents.outcome import Limits, Read
from halong_crawler.documents.plain import western

_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]+)(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.S,
)
_BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
           b"cell": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
           b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}  # fmt: skip
_ELSEWHERE = frozenset((
    b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerl",
    b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"themedata", b"datastore",
    b"listtable", b"listoverridetable", b"generator", b"xmlnstbl", b"fldinst",
))  # fmt: skip
"""Groups whose words are no part of the text."""

_CHARSETS = {163: "cp1258", 204: "cp1251"}
"""``\\fcharset`` → code page, where it is not the document's."""
_DEEPEST = 2_000


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group."""

    font: bytes = b""
    silent: bool = False
    in_fonts: bool = False
    after_unicode: int = 1
    """How many characters after a Unicode one stand for it in old programs."""


def read(data: bytes, limits: Limits) -> Read:  # noqa: ARG001
    """The text as one page."""
    return Read((join(_Reader(data).runs()),))


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._fonts: dict[bytes, str] = {}
        self._charsets: dict[bytes, str] = {}
        self._page = "cp1252"
        self._skip = 0

    def runs(self) -> Iterator[Run]:
        """The body's runs in order."""
        state, outer = _State(), list[_State]()
        for match in self._tokens():
            brace = match["brace"]
            if brace == b"{":
                if len(outer) > _DEEPEST:
                    raise ValueError(f"groups lie more than {_DEEPEST} deep")
                outer.append(state)
                self._skip = 0
            elif brace == b"}":
                state = outer.pop() if outer else state
                self._skip = 0
            elif match["word"] is not None:
                word, number = match["word"], match["number"]
                text = self._unicode(state, word, number)
                state = self._control(state, word, number)
                if text and not state.silent:
                    yield Run(text, self._fonts.get(state.font))
            else:
                text = self._letters(state, match)
                if state.in_fonts:
                    self._name_font(state, text)
                elif text and not state.silent:
                    yield Run(text, self._fonts.get(state.font))
            if match["sign"] == b"*":
                state = replace(state, silent=True)

    def _tokens(self) -> Iterator[re.Match[bytes]]:
        at = 0
        while (match := _TOKEN.search(self._data, at)) is not None:
            # What follows \\bin is so many bytes of no RTF.
            raw = int(match["number"] or 0) if match["word"] == b"bin" else 0
            at = match.end() + max(0, raw)
            yield match

    def _unicode(self, state: _State, word: bytes, number: bytes | None) -> str:
        if word == b"u" and number is not None:
            self._skip = state.after_unicode
            code = int(number) % 0x10000
            return chr(code) if not 0xD800 <= code < 0xE000 else ""
        return _BREAKS.get(word, "")

    def _control(self, state: _State, word: bytes, number: bytes | None) -> _State:
        if word == b"fonttbl":
            return replace(state, in_fonts=True, silent=True)
        if word in _ELSEWHERE:
            return replace(state, silent=True)
        if word == b"f" and number is not None:
            return replace(state, font=number)
        if word == b"uc" and number is not None:
            return replace(state, after_unicode=max(0, int(number)))
        if word == b"fcharset" and number is not None:
            self._charsets[state.font] = _CHARSETS.get(int(number), "")
        elif word == b"ansicpg" and number is not None:
            self._page = f"cp{int(number)}"
        return state

    def _letters(self, state: _State, match: re.Match[bytes]) -> str:
        page = self._charsets.get(state.font) or self._page
        if match["hex"] is not None:
            if self._skip:
                self._skip -= 1
                return ""
            return _decoded(bytes.fromhex(match["hex"].decode("ascii")), page)
        if match["sign"] is not None:
            signs = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
            return signs.get(match["sign"], "")
        text = match["text"] or b""
        passed = min(self._skip, len(text))
        self._skip -= passed
        return _decoded(text[passed:], page)

    def _name_font(self, state: _State, text: str) -> None:
        name = self._fonts.get(state.font, "") + text
        self._fonts[state.font] = name.rstrip(";")


def _decoded(data: bytes, page: str) -> str:
    try:
        return data.decode(page, "replace") if page != "cp1252" else western(data)
    except LookupError:
        return western(data)
