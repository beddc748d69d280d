"""The most of a page that is looked at, so that no page holds a crawl up.

Of 4,179 public pages the largest has 5.3 million bytes, nearly all of them script, the richest
22,000 tags, 9,200 of them of lines and blocks, 1,854 of them options, and the deepest a nesting of
56. The longest article has half a million characters of markup. The bounds lie above all of them.
What is beyond them is left out of the reading; the capture keeps it.
"""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

MOST_BYTES = 8_000_000
MOST_CHARACTERS = 1_000_000
"""After scripts and embedded files are taken out, and only then."""
MOST_TAGS = 30_000
MOST_BLOCKS = 10_000
"""Tags that begin a line: each may be a paragraph that is looked at and weighed."""
MOST_OPEN = 1_000
"""Elements opened and not closed: what a parser looks through for every further one."""
_FEW_TAGS = 8_000
"""Too few for either to cost anything."""
MOST_DEPTH = 150
"""Browsers stop nesting at 512; Python's own stack would hold out to about 300."""

_SCRIPT = re.compile(r"<(?:script|style)\b(?![^>]{0,200}ld\+json)", re.I)
_SCRIPT_END = re.compile(r"</(?:script|style)\s*>", re.I)
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{1,60},[\w/+=%]{200,}", re.A)
_TAG = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|param|p|li|td|th|"
    r"tr|tbody|thead|tfoot|colgroup|dd|dt|option|optgroup|path|circle|rect|line|ellipse|polygon|"
    r"polyline|use|stop)\b)[a-z]",
    re.I,
)
"""Tags of elements that only their end tag closes."""
_BLOCK = re.compile(r"<(?:p|li|div|t[dhr]|br|h[1-6r]|d[dt]|section|article)\b", re.I)
MOST_ATTRIBUTES = 10_000
"""Of one element: a parser compares each with every other."""
MOST_OPTIONS = 3_000
"""Choices in fields to select from; each costs a parser a look at all before it."""
_OPTION = re.compile(r"<option\b[^<>]*>[^<>]*(?:</option\s*>)?", re.I)
_ANY_TAG = re.compile(r"""<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>?""", re.I)
_VALUE = re.compile(r"""=?\s*(?:"[^"]*"|'[^']*')""")
_DEEP = " > ".join(["html", *["*"] * (MOST_DEPTH - 1)])
_TOO_DEEP, _FIRST_TOO_DEEP = f"{_DEEP} > *", f"{_DEEP} > :first-child"


def bounded(text: str) -> str:
    """A page's HTML, cut where it is far larger than a page for readers."""
    if len(text) > MOST_CHARACTERS:
        text = _EMBEDDED.sub("", _without_scripts(text))[:MOST_CHARACTERS]
    if _may_hold_flood(text):
        text = _ANY_TAG.sub(_unless_flood, text)
    if text.count("<") <= MOST_OPTIONS:
        return text
    if len(_OPTION.findall(text)) > MOST_OPTIONS:
        text = _OPTION.sub("", text)
    if text.count("<") <= _FEW_TAGS:
        return text
    ends = (_nth(re.compile("<"), MOST_TAGS, text), _nth(_BLOCK, MOST_BLOCKS, text))
    return text[: min(*ends, _end_of_nesting(text))]


def _may_hold_flood(text: str) -> bool:
    """Whether an element may have too many attributes: told by what is quick to look at.

    So many take twice as many characters, or as many signs of equality. A stretch of twice that
    length without a tag fills one of the page's equal parts.
    """
    parts = range(0, len(text) - MOST_ATTRIBUTES + 1, MOST_ATTRIBUTES)
    return text.count("=") > MOST_ATTRIBUTES or any(
        text.find("<", at, at + MOST_ATTRIBUTES) < 0 for at in parts
    )


def _unless_flood(tag: re.Match[str]) -> str:
    """A tag, empty if it has too many attributes: spaces, slashes or values part them."""
    bare = _VALUE.sub("=", tag[0])
    parted = max(bare.count("="), bare.count("/"), len(bare.split()))
    return tag[0] if parted <= MOST_ATTRIBUTES else ""


def _nth(pattern: re.Pattern[str], number: int, text: str) -> int:
    """Where what is one too many begins; the text's length where nothing is."""
    found = next(islice(pattern.finditer(text), number, None), None)
    return found.start() if found is not None else len(text)


def _end_of_nesting(text: str) -> int:
    """Where too many elements stand open; the text's length where that is nowhere."""
    depth = 0
    for tag in _TAG.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MOST_OPEN:
            return tag.start()
    return len(text)


def _without_scripts(text: str) -> str:
    """Without scripts and style sheets, structured data kept; one pass, whatever is left open."""
    kept = []
    for part in _SCRIPT_END.split(text):
        begin = _SCRIPT.search(part)
        kept.append(part[: begin.start()] if begin is not None else part)
    # What is kept of structured data needs its end tag; elsewhere a parser passes a stray one over.
    return "</script>".join(kept)


def prune(tree: LexborHTMLParser) -> None:
    """Take out what is nested deeper than any reader's page needs."""
    # Where anything is that deep a first child is, and these are fewer to look at.
    if tree.css_first(_FIRST_TOO_DEEP) is None:
        return
    for node in tree.css(_TOO_DEEP):
        node.decompose()
