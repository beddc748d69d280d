"""An article's state: the fields an edit shows in, as they are stored and compared."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from archive.records import Article
from archive.text import nfc, squeeze

VERSION_FIELDS = (
    "title", "lead", "body", "byline", "authors", "source", "category", "tags", "images",
    "attachments", "published_at", "updated_at",
)  # fmt: skip
"""The fields that make a version: when one of them differs, the article was edited."""

_LISTS = ("authors", "category", "tags", "images", "attachments")
_GAP = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Sighting:
    """An article as one capture showed it; ``article`` is tidy (see :func:`tidy`)."""

    article: Article
    at: str
    """When it was captured (UTC)."""
    capture_id: int

    @cached_property
    def state(self) -> dict[str, Any]:
        """The version fields as the columns of ``article_versions`` hold them."""
        return state_of(self.article)

    @cached_property
    def content_sha256(self) -> str:
        """See :func:`content_sha256`."""
        return content_sha256(self.state)


def tidy(article: Article) -> Article:
    """The article with all its text NFC and white space squeezed; URLs stay as they are."""
    return replace(
        article,
        title=squeeze(article.title),
        lead=_optional(article.lead),
        body=_paragraphs(article.body),
        byline=_optional(article.byline),
        authors=tuple(
            replace(author, name=squeeze(author.name), printed=squeeze(author.printed))
            for author in article.authors
        ),
        source=_optional(article.source),
        category=_names(article.category),
        tags=tuple(dict.fromkeys(_names(article.tags))),
        images=tuple(
            replace(image, caption=_optional(image.caption), credit=_optional(image.credit))
            for image in article.images
        ),
        attachments=tuple(
            replace(link, filename=_optional(link.filename)) for link in article.attachments
        ),
    )


def state_of(article: Article) -> dict[str, Any]:
    """The version fields of a tidy article as the database holds them: lists as JSON."""
    values: dict[str, Any] = {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "byline": article.byline,
        "authors": [asdict(author) for author in article.authors],
        "source": article.source,
        "category": list(article.category),
        "tags": list(article.tags),
        "images": [asdict(image) for image in article.images],
        "attachments": [asdict(link) for link in article.attachments],
        "published_at": article.published.at if article.published is not None else None,
        "updated_at": article.updated_at,
    }
    for name in _LISTS:
        values[name] = json.dumps(values[name], ensure_ascii=False, sort_keys=True)
    return values


def content_sha256(state: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the version fields: equal states, equal sums."""
    canonical = json.dumps(
        {name: state[name] for name in VERSION_FIELDS},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(canonical.encode()).hexdigest()


def filled(state: dict[str, Any]) -> dict[str, bool]:
    """Field → whether it holds anything."""
    return {name: state[name] not in (None, "", "[]") for name in VERSION_FIELDS}


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The names of the fields two states differ in."""
    return tuple(name for name in VERSION_FIELDS if before[name] != after[name])


def _optional(text: str | None) -> str | None:
    return squeeze(text) or None if text is not None else None


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in map(squeeze, texts) if name)


def _paragraphs(text: str) -> str:
    lines = "\n".join(squeeze(line) for line in nfc(text).split("\n"))
    return _GAP.sub("\n\n", lines).strip()
