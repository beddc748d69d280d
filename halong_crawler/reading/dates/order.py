"""Which number of ``03/04/2020`` is the day, by the custom of the page's country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from halong_crawler.reading.document import Document

_AMERICAN = re.compile(r"en(?:[-_]us)?", re.I)
_DAY_FIRST_HOST = re.compile(r"\.(?:vn|uk|au|nz|ie|in|za|sg|eu|de|fr|es|it|nl)$", re.I)
_NUMERIC = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(?:19|20)\d\d(?!\d)")
_VIETNAMESE = re.compile(r"[ảãạấầẩẫậắằẳẵặẻẽẹếềểễệỉĩịỏõọốồổỗộớờởỡợủũụứừửữựỷỹỵ]", re.I)


def is_month_first(document: Document, texts: Iterable[str]) -> bool:
    """Whether a page writes the month first: its own numbers say so, else its language.

    A number above 12 is no month; ``texts`` are those the page shows. Software ships with
    ``lang="en-us"``: on a page in Vietnamese that says nothing.
    """
    pairs = {(int(m[1]) > 12, int(m[3]) > 12) for m in _NUMERIC.finditer("\n".join(texts))}
    if ((True, False) in pairs) != ((False, True) in pairs):
        return (False, True) in pairs
    metas, root = document.metas, document.tree.root
    stated = (root.attributes.get("lang") if root is not None else None) or ""
    language = metas.get("og:locale") or metas.get("content-language") or stated
    if not _AMERICAN.fullmatch(language.strip()):
        return False
    host = urlsplit(document.url).hostname or ""
    title = f"{document.head_title} {metas.get('og:title', '')}"
    return not _DAY_FIRST_HOST.search(host) and not _VIETNAMESE.search(title)
