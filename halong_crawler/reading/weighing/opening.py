"""The top of an article among the passages of a page: its title and its lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text import fold, squeeze
from halong_crawler.reading.body import begins_tail, is_noise
from halong_crawler.reading.document import Document
from halong_crawler.reading.weighing.furniture import OUTSIDE, kinds
from halong_crawler.reading.weighing.outline import Element, Outline, Passage

_TITLE_NAMES = re.compile(r"title|tieu-?de|headline|heading|-head\b|\bhead\b|ten-?(?:bai|tin)|tua")
_LEAD_NAMES = re.compile(
    r"sapo|summary|hometext|trich|tom-?tat|mo-?ta|\blead|intro|excerpt|standfirst|\bdek\b|chapeau|"
    r"subtitle|sub-?head|-sum\b|-desc\b|description|abstract|teaser-?text|dan-?de"
)
_HEADING = {"h1": 3.0, "h2": 2.0, "h3": 1.5, "h4": 1.0, "h5": 0.7, "h6": 0.5}
_NAMED_IN_HEAD = 4.0
_NAMED_TITLE = 1.5
_BOLD = 0.6
_HEADS = 1.4
_PLAIN = 1.0
"""A line of a few words without a full stop, with nothing else to say that it is a title."""
_LINE = re.compile(r"[^>»|]*[^.;:,>»|]")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}:\d{2}")
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)|font-size:\s*(?:1[4-9]|[2-9]\d)")
_FAR = 0.08
"""Taken off a candidate for every passage between it and the article's text."""
_LIKELY = 0.5
"""Log-odds from which a long passage marks where the text begins."""
_BEFORE_TEXT = 30
"""Passages above the text among which its title stands."""
_ENOUGH = 0.75
_IS_TEXT, _SURELY_TITLE = 0.8, 3.0
"""What is this likely the article's text is its title only with such a score."""
_LEAD_WITHIN = 12
"""Passages below the title among which a lead stands."""
_LEAD = -1.2
"""Log-odds from which a passage there is one, if its element or the page's head says so."""

_GENERIC_TITLE = re.compile(
    r"(?:(?:cong|trang) thong tin\b.*|trang chu|home|bai viet|noi dung|news|tin hoat dong|tong hop|"
    r"(?:chi tiet )?(?:tin tuc|tin bai|tin|bai viet|thong tin)(?:(?: -)? su kien)?|"
    r"(?:tin|bai)(?: viet)? (?:moi|noi bat|khac|lien quan)(?: nhat)?|thong bao|van ban(?: moi)?|"
    r"lien ket(?: website?)?|thoi tiet|ty gia(?: ngoai te)?|thong ke(?: truy cap)?|tim kiem|"
    r"tin tuc (?:moi|noi bat|trong ngay)(?: nhat)?|chi tiet|detail|article|untitled.*)"
)


def is_generic_title(text: str, site_names: Sequence[str] = ()) -> bool:
    """Whether a title names the site or a section and not an article."""
    folded = fold(squeeze(text))
    return bool(_GENERIC_TITLE.fullmatch(folded)) or folded in _folded(tuple(site_names))


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    """What the pages of one site are asked against again and again."""
    return frozenset(map(fold, names))


def title_among(page: Outline, opinions: Sequence[float], document: Document) -> int | None:
    """Number of the passage that shows the article's title.

    Headings, lines whose element is called a title and lines that the page's head names compete;
    of equal ones that nearest above the text wins.
    """
    text_at = _text_at(page, opinions)
    if text_at is None:
        return None
    head = [fold(text) for text in head_titles(document)]
    best: tuple[float, int] | None = None
    for at in range(text_at, max(-1, text_at - 1 - _BEFORE_TEXT), -1):
        passage = page.passages[at]
        score = _title_score(passage, head)
        if opinions[at] > _IS_TEXT and score < _SURELY_TITLE and not passage.head:
            continue  # a subheading, or the first line of the text
        score -= _FAR * (text_at - at)
        if score > _ENOUGH and (best is None or score > best[0]):
            best = (score, at)
    return best[1] if best else None


def head_titles(document: Document) -> Iterator[str]:
    """What the page's head calls it."""
    yield document.head_title
    yield document.metas.get("og:title", "")
    yield document.metas.get("twitter:title", "")
    yield squeeze(str(document.linked_data.get("headline") or ""))


def _text_at(page: Outline, opinions: Sequence[float]) -> int | None:
    """Number of the first passage that is surely the article's text."""
    for at, (passage, opinion) in enumerate(zip(page.passages, opinions, strict=True)):
        if opinion > _LIKELY and len(passage.text) > 60:
            return at
    return None


def is_headline(passage: Passage, document: Document) -> bool:
    """Whether the page's head names what a passage shows."""
    shown = fold(title_text(passage))
    return any(_same(shown, fold(text)) for text in head_titles(document) if text)


def heading_among(page: Outline, document: Document) -> int | None:
    """Number of the passage that heads a page without running text: a notice, a file, a picture."""
    head = [fold(text) for text in head_titles(document)]
    scores = [_title_score(passage, head) for passage in page.passages]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    return best if best is not None and scores[best] >= _HEADS else None


def title_text(passage: Passage) -> str:
    """What of a passage can be a title: its first line, where a ``<br>`` ends one."""
    return passage.head or passage.text


def _title_score(passage: Passage, head: Sequence[str]) -> float:
    text = title_text(passage)
    if not 8 <= len(text) <= 300 or is_generic_title(text) or begins_tail(text) or is_noise(text):
        return 0.0
    folded = fold(text)
    named = any(_same(folded, other) for other in head if other)
    if passage.linked * 2 > len(text) and not named:
        return 0.0  # a linked title belongs to another page
    around = list(passage.element.ancestors())[:2]
    if any(kinds(e.tag, e.names) & OUTSIDE for e in around) and not named:
        return 0.0
    score = max(_HEADING.get(element.tag, 0.0) for element in around)
    score = score if len(text) >= 20 else score / 2
    if any(_TITLE_NAMES.search(name) for name in (*(e.names for e in around), passage.inline)):
        score += _NAMED_TITLE
    if passage.strong >= 0.9 * len(text) or _BOLD_STYLE.search(passage.inline):
        score += _BOLD
    if named:
        score += _NAMED_IN_HEAD
    if score < _PLAIN and len(text) >= 20 and _LINE.fullmatch(text) and not _DATE.search(text):
        score += _PLAIN
    return score


def _same(shown: str, named: str) -> bool:
    """Whether the head names what is shown: with more around it, or cut a little."""
    return (len(shown) >= 15 and shown in named) or (
        len(named) > 15 and named in shown and len(shown) < 1.5 * len(named)
    )


def lead_among(
    page: Outline, chosen: Sequence[int], title_at: int | None, descriptions: Sequence[str]
) -> tuple[int, str] | None:
    """Number of the passage that is the lead, and why; ``chosen`` in ascending order."""
    below = [at for at in chosen if title_at is None or at > title_at]
    for place, at in enumerate(below[:3]):
        passage = page.passages[at]
        if not 30 <= len(passage.text) <= 1500:
            continue
        why = _is_lead(page, below, place, descriptions)
        return (at, why) if why else None
    return None


def leads_between(
    page: Outline, opinions: Sequence[float], title_at: int, text_at: int, document: Document
) -> Iterator[int]:
    """Numbers of the passages between title and text that are the lead.

    Templates set it apart, in a header or beside a picture, and its element is often called a
    teaser: weighed like any other passage it would be lost.
    """
    described = {_key(text) for text in head_descriptions(document)}
    for at in range(title_at + 1, min(text_at, title_at + 1 + _LEAD_WITHIN)):
        passage = page.passages[at]
        linked = passage.linked * 3 > len(passage.text)
        if opinions[at] < _LEAD or linked or not 40 <= len(passage.text) <= 1000:
            continue
        around = list(passage.element.ancestors())[:2]
        named = any(_LEAD_NAMES.search(element.names) for element in around)
        if named or _key(passage.text) in described:
            yield at


def head_descriptions(document: Document) -> Iterator[str]:
    """What the page's head says that it is about."""
    yield str(document.linked_data.get("description") or "")
    yield document.metas.get("og:description", "")
    yield document.metas.get("description", "")


def _key(text: str) -> str:
    return fold(squeeze(text)).rstrip(" .…")


def _is_lead(
    page: Outline, below: Sequence[int], place: int, descriptions: Sequence[str]
) -> str | None:
    passage = page.passages[below[place]]
    following = [page.passages[at] for at in below[place + 1 : place + 5]]
    prose = [p for p in following if len(p.text) > 60]
    if not prose:
        return None
    if any(_LEAD_NAMES.search(element.names) for element in _own_elements(passage, prose)):
        return "class of a lead"
    folded = fold(passage.text)
    if any(len(d) >= 40 and folded.rstrip(" .…") == d for d in descriptions):
        return "the page's description"
    sentence = passage.text.rstrip("”\"' ").endswith((".", "!", "?", "…"))
    if sentence and _is_bold(passage) and not any(_is_bold(p) for p in prose):
        return "bold opening paragraph"
    if sentence and (_stands_apart(passage, prose) or _named_apart(passage, prose)):
        return "paragraph between title and body"
    return None


def _own_elements(passage: Passage, others: Sequence[Passage]) -> Iterator[Element]:
    """The elements around a passage that hold none of the others."""
    theirs = {e.node_id for other in others for e in other.element.ancestors()}
    for element in passage.element.ancestors():
        if element.node_id in theirs:
            return
        yield element


def _is_bold(passage: Passage) -> bool:
    return passage.strong >= 0.9 * len(passage.text) or passage.element.tag in _HEADING


def _stands_apart(passage: Passage, prose: Sequence[Passage]) -> bool:
    """Whether the text that follows stands together in an element of its own."""
    if len(prose) < 2:
        return False
    first, second = prose[0].element, prose[1].element
    body = first if first is second else first.parent
    together = first is second or first.parent is second.parent
    return together and body is not None and body not in list(passage.element.ancestors())


def _named_apart(passage: Passage, prose: Sequence[Passage]) -> bool:
    """Whether the paragraphs that follow are called alike, and this one is not."""
    kinds_of = {(p.element.tag, p.element.names) for p in prose[:3]}
    own = (passage.element.tag, passage.element.names)
    return len(prose) >= 2 and len(kinds_of) == 1 and own not in kinds_of and bool(own[1])
