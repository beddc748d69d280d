"""Whether two pages say the same: soft duplicates answer under endless URLs with status 200.

Only their counters, clocks and the tokens in their scripts differ, so none of these count.
"""

from __future__ import annotations

import hashlib

from halong_crawler.reading.document import Document

_NUMBERS_AND_SPACES = b"0123456789 \t\r\n\f\v"
_UNSEEN = "script, style, noscript, template, select, textarea"


def words_digest(document: Document) -> bytes:
    """Twelve bytes that are equal for pages whose words are equal.

    Every page of a walk is asked, so the words are taken in bulk: the parser's own text of the
    body, less that of what a reader does not see. That is a fifth of the cost of
    ``document.visible``, and tells the same pages apart.
    """
    words = _seen(document).encode().translate(None, _NUMBERS_AND_SPACES)
    return hashlib.blake2b(words, digest_size=12).digest()


def _seen(document: Document) -> str:
    body = document.tree.body
    if body is None:
        return ""
    text, parts, position = body.text(), [], 0
    for node in body.css(_UNSEEN):
        unseen = node.text()
        start = text.find(unseen, position) if unseen else -1
        if start >= 0:
            parts.append(text[position:start])
            position = start + len(unseen)
    return "".join((*parts, text[position:]))
