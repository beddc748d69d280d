"""An article's reading as bytes, to be put by and taken up again.

JSON inside zlib and nothing that could run: an archive's folder may come from anybody.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import Any

from archive.records import Article, AttachmentLink, Author, Image, Published

_FAST = 1
"""zlib's level: what is put by is soon taken up."""


def pack(article: Article) -> bytes:
    """The reading as bytes."""
    return zlib.compress(json.dumps(asdict(article), ensure_ascii=False).encode(), _FAST)


def unpack(packed: bytes) -> Article:
    """The reading that was packed."""
    values: dict[str, Any] = json.loads(zlib.decompress(packed))
    published = values["published"]
    return Article(
        **values
        | {
            "authors": tuple(Author(**each) for each in values["authors"]),
            "images": tuple(Image(**each) for each in values["images"]),
            "attachments": tuple(AttachmentLink(**each) for each in values["attachments"]),
            "category": tuple(values["category"]),
            "tags": tuple(values["tags"]),
            "published": Published(**published) if published is not None else None,
        }
    )
