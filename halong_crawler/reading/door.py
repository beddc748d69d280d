"""One page of any site in, its article out: no portal is needed and nothing is raised.

This is the plain door for other programs and for measuring. A crawl uses
:func:`halong_crawler.reading.read.read`, which knows the portal and says why a page is no article.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from archive.records import Published
from archive.text import nfc
from halong_crawler.platforms import GENERIC, detect
from halong_crawler.portal import Portal
from halong_crawler.reading.document import Document
from halong_crawler.reading.read import Fields, read_fields
from halong_crawler.reading.reader import Reader

_ANY_SITE = Portal(
    name="any",
    title_vi="?",
    title_en="?",
    hosts=("localhost",),
    level="district",
    province="?",
    platform=GENERIC.name,
    timezone="UTC",  # nobody knows where the site is
    language="und",
    seeds=("http://localhost/",),
    first_date=date(1991, 8, 6),  # the first page of the Web
)
_VIETNAMESE_SITE = _ANY_SITE.model_copy(
    update={"timezone": "Asia/Ho_Chi_Minh", "language": "vi", "first_date": None}
)
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.I)
"""Letters that hardly any other language has."""
_MANY = 40
"""Of 3,000 pages in other languages none has more than 12; the shortest Vietnamese page has 500."""
_NO_WRITER = "photographer"


def read_page(html: bytes, url: str) -> dict[str, Any]:
    """Read a page as an article, whatever it is.

    Returns ``title`` (str), ``lead`` (str or None), ``body`` (str, paragraphs separated by one
    empty line), ``author`` (list of names: who wrote, compiled or translated it), ``published``
    (ISO 8601, cut to what the page states, with the offset it states; or None), ``category`` (list,
    outermost first) and ``source`` (str or None). What no place on the page states is empty.
    """
    document = Document.parse(html, url)
    site = _VIETNAMESE_SITE if _is_vietnamese(document) else _ANY_SITE
    reader = Reader(document, site, detect(document.written))
    return _as_dict(read_fields(reader, datetime.now(UTC)), captioned=site is _VIETNAMESE_SITE)


def _is_vietnamese(document: Document) -> bool:
    """Whether the page speaks Vietnamese: what it says of its language is often a default."""
    body = document.tree.body
    letters = _VIETNAMESE.finditer(nfc(body.text())) if body is not None else iter(())
    return next(islice(letters, _MANY, None), None) is not None


def _as_dict(fields: Fields, *, captioned: bool) -> dict[str, Any]:
    """``captioned``: captions stand in the body, as in the archive of Vietnamese portals."""
    return {
        "title": fields.title.value if fields.title else "",
        "lead": fields.lead.value if fields.lead else None,
        "body": fields.body.text if captioned else fields.body.prose,
        "author": list(dict.fromkeys(a.name for a in fields.signed.people if a.role != _NO_WRITER)),
        "published": _as_stated(fields.published) if fields.published else None,
        "category": list(fields.category.value) if fields.category else [],
        "source": fields.signed.source,
    }


def _as_stated(published: Published) -> str:
    """The moment in the offset the page states: elsewhere it may be another calendar day."""
    try:
        stated = datetime.fromisoformat(published.raw)
    except ValueError:
        return published.at
    if stated.tzinfo is None or published.precision == "day":
        return published.at
    return stated.isoformat(timespec="seconds")
