"""Which number of ``03/04/2020`` is the day, by the custom of the page's country."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from halong_crawler.reading.dates.stated import Stated
from halong_crawler.reading.document import Document

_AMERICAN = re.compile(r"en(?:[-_]us)?", re.I)
_DAY_FIRST_HOST = re.compile(r"\.(?:vn|uk|au|nz|ie|in|za|sg|eu|de|fr|es|it|nl)$", re.I)
_NUMERIC = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_VIETNAMESE = re.compile(r"[ảãạấầẩẫậắằẳẵặẻẽẹếềểễệỉĩịỏõọốồổỗộớờởỡợủũụứừửữựỷỹỵ]", re.I)


def is_month_first(
    document: Document, texts: Iterable[str], stated: Collection[Stated] = ()
) -> bool:
    """Whether a page writes the month first: its own numbers say so, else its language.

    A number above 12 is no month, and of two readings the right one is that which the page's data
    names as well (``stated``, in ISO 8601). ``texts`` are those the page shows. Software ships
    with ``lang="en-us"``: on a page in Vietnamese that says nothing.
    """
    found = [(int(m[1]), int(m[3]), m[4]) for m in _NUMERIC.finditer("\n".join(texts))]
    pairs = {(first > 12, second > 12) for first, second, _ in found}
    if ((True, False) in pairs) != ((False, True) in pairs):
        return (False, True) in pairs
    named = {s.moment.at.date().isoformat() for s in stated if s.moment.raw[:4].isdigit()}
    day_first, month_first = (
        any(f"{year}-{pair[at]:02}-{pair[1 - at]:02}" in named for *pair, year in found)
        for at in (1, 0)
    )
    if day_first != month_first:
        return month_first
    metas, root = document.metas, document.tree.root
    language = (root.attributes.get("lang") if root is not None else None) or ""
    language = metas.get("og:locale") or metas.get("content-language") or language
    if not _AMERICAN.fullmatch(language.strip()):
        return False
    host = urlsplit(document.url).hostname or ""
    title = f"{document.head_title} {metas.get('og:title', '')}"
    return not _DAY_FIRST_HOST.search(host) and not _VIETNAMESE.search(title)
