"""What a page as a whole tells of whether it has a day of its own.

Articles have one; front pages, sections, profiles and what a site keeps up for years have none,
though their templates state the day of some row in a database just the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from halong_crawler.reading.document import Document

_BUILT_AS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("home", re.compile(r"home|front-?page")),
    ("post", re.compile(r"postid-\d+|single-post|single|node-?type-(?:article|news|blog\w*)")),
    ("page", re.compile(r"page-id-\d+|page-template-default|page|node-?type-page")),
)
"""Kind of template → classes by which products mark the ``<body>``; the first row that fits."""
_CALLED = frozenset({"article", "website"})


def page_clues(document: Document) -> Iterator[str]:
    """How the page's template is called, and what its Open Graph says it is."""
    body = document.tree.body
    names = ((body.attributes.get("class") if body is not None else None) or "").lower().split()
    built = (kind for kind, row in _BUILT_AS if any(map(row.fullmatch, names)))
    yield f"built as {next(built, 'unknown')}"
    stated = document.metas.get("og:type", "").strip().lower()
    yield f"og:type {stated if not stated or stated in _CALLED else 'other'}"
