"""Whether a page speaks in paragraphs: what a stub, a form and a list do not do.

Most pages of a walk are articles, so this is asked of every page and must cost next to nothing: it
is one search through the markup that ends at the third paragraph.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from archive.text import nfc, squeeze

_RUN = re.compile(r">\s*([^<>{}=\s]{1,40}\s[^<>{}=]{100,})")
"""Text between tags that is no code (no braces, no assignment) and has spaces (no cipher)."""
_PHRASE = re.compile(r">\s*[^<>{}();=\s][^<>{}();=]{30}")
_LINK = re.compile(r"</?a[\s>]", re.I)
_IMPRINT = re.compile(
    r"địa chỉ|điện thoại|bản quyền|ghi rõ nguồn|giấy phép|chịu trách nhiệm|©|®|copyright|"
    r"all rights reserved|thiết kế|cookie"
)
_WHERE_IMPRINTS_BEGIN = 300
"""Words of a page's foot, the one place of long lines on a page without prose."""
_PARAGRAPH = 100
_IN_A_ROW = 3
_LONG_PAIR = 500
_HIDDEN = re.compile(
    r"<(script|style|noscript|select|textarea)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I
)
_PIECE = re.compile(
    r"<a\b[^<>]*>(?P<link>.*?)(?:</a\s*>|\Z)|(?<=>)(?P<text>\s*[^<>\s][^<>]*)", re.S | re.I
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{3,8}|#\d{3,5}|#[xX][\da-fA-F]{2,5});")
_TAG = re.compile(r"<[^<>]*>")
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\bngày \d{1,2} tháng \d{1,2}\b", re.I)
_SHORTEST_DATE = len("1/1/2024")
_LINE = 60
"""Characters from which text says more than a label."""
_HEADLINE = 25
"""Characters from which a link's words are a headline rather than a menu's."""


def in_paragraphs(markup: str) -> bool:
    """Whether three paragraphs (or two long ones) follow each other with no link between.

    In a list every summary stands under a headline that is a link; a stub has no three paragraphs.
    The other way round it proves nothing: an article may be short, or a picture.
    """
    in_a_row: list[str] = []
    end = -1
    for run in _RUN.finditer(markup):
        if end >= 0 and _LINK.search(markup, end, run.start() + 1):
            in_a_row.clear()
        in_a_row.append(run.group(1))
        if _is_prose(in_a_row):
            in_a_row = [text for text in map(html.unescape, in_a_row) if _tells(text)]
            if _is_prose(in_a_row):
                return True
        end = run.end()
    return False


def _is_prose(paragraphs: list[str]) -> bool:
    many = len(paragraphs) >= _IN_A_ROW
    return many or (len(paragraphs) == 2 and sum(map(len, paragraphs)) >= _LONG_PAIR)


def _tells(text: str) -> bool:
    return len(text) >= _PARAGRAPH and not _is_imprint(text)


def _is_imprint(text: str) -> bool:
    return _IMPRINT.search(nfc(text[:_WHERE_IMPRINTS_BEGIN]).lower()) is not None


def is_wordless(markup: str) -> bool:
    """Whether not even a phrase stands between the tags of the body, and parsing may tell why."""
    return _PHRASE.search(markup, max(0, markup.find("<body"))) is None


def with_letters(markup: str) -> str:
    """Markup with the letters that stand as entities written out; what is markup stays escaped."""
    return _ENTITY.sub(_letter, markup) if _ENTITY.search(markup) else markup


def _letter(entity: re.Match[str]) -> str:
    letter = html.unescape(entity.group(0))
    return letter if letter.isalpha() else entity.group(0)


def rhythm(markup: str) -> str:
    """The order of what a page says, a letter each.

    ``L`` a link with a headline's length, ``T`` text outside links that says something, ``D`` a
    date. A list of summaries reads ``LTLTLT``, an article ``TTT…LLL``.
    """
    return "".join(_letters(_HIDDEN.sub(" ", markup)))


def said(markup: str) -> int:
    """Characters of text outside links in pieces that say something, the foot left out."""
    texts = (match["text"] for match in _PIECE.finditer(_HIDDEN.sub(" ", markup)))
    plain = (squeeze(html.unescape(text)) for text in texts if text and len(text) > _LINE)
    return sum(len(text) for text in plain if len(text) > _LINE and not _is_imprint(text))


def _letters(markup: str) -> Iterator[str]:
    for match in _PIECE.finditer(markup):
        linked = match["link"]
        if len(linked if linked is not None else match["text"]) < _SHORTEST_DATE:
            continue
        text = squeeze(html.unescape(_TAG.sub(" ", linked or match["text"] or "")))
        if linked is not None:
            if len(text) >= _HEADLINE:
                yield "L"
        elif len(text) > _LINE and not _is_imprint(text):
            yield "T"
        elif len(text) <= _LINE and _DATE.search(text):
            yield "D"
