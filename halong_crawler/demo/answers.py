"""What a face sends back, and what it was asked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    body: bytes
    media_type: str = HTML
    status: int = 200

    @property
    def is_html(self) -> bool:
        """Whether a browser would show it as a page."""
        return self.media_type == HTML


@dataclass(frozen=True, slots=True)
class Target:
    """A request's target, decoded: the path in NFC, the query's names in lower case."""

    raw: str
    path: str
    query: dict[str, str]

    @classmethod
    def parse(cls, raw: str) -> Target:
        """Read the target of a request line."""
        parts = urlsplit(raw)
        query = parse_qsl(parts.query, keep_blank_values=True)
        return cls(
            raw=raw,
            path=unicodedata.normalize("NFC", unquote(parts.path)),
            query={name.lower(): value for name, value in query},
        )

    @property
    def page(self) -> int:
        """The page number asked for; anything odd is the first page."""
        value = self.query.get("page", "1")
        return int(value) if value.isdecimal() and int(value) > 0 else 1
