"""Whether two pages say the same: soft duplicates answer under endless URLs with status 200.

Only their counters and clocks differ, so numbers do not count.
"""

from __future__ import annotations

import hashlib
import re

from halong_crawler.reading.document import Document

_NUMBERS_AND_SPACES = re.compile(r"[\d\s]+")


def words_digest(document: Document) -> bytes:
    """Twelve bytes that are equal for pages whose visible words are equal."""
    words = _NUMBERS_AND_SPACES.sub("", document.visible)
    return hashlib.blake2b(words.encode(), digest_size=12).digest()
