"""Validators: the server's own word for "this page has not changed" (RFC 9110, 8.8 and 13.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.http import Response

# RFC 9110, 8.8.3: an opaque tag in quotes, perhaps weak. Some servers send it bare; a tag that is
# none must not be sent back, for a list of tags is what If-None-Match holds.
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')

_APART = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a 200 answer was marked with."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The request headers that ask for the page only if it changed.

        If-None-Match compares weakly (13.1.2), so a weak tag goes back as it came. A server that
        knows tags ignores the date (13.1.3); one that does not still finds it.
        """
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in wanted.items() if value is not None}

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


UNMARKED = Validators()
"""What an answer without validators is marked with."""


def validators_of(response: Response) -> Validators:
    """What a response may be asked for again with."""
    etag = _header(response, b"ETag")
    return Validators(
        etag if etag is not None and _ETAG.fullmatch(etag) else None,
        _last_modified(response),
    )


def _last_modified(response: Response) -> str | None:
    """The date as sent; None where it is no date, or not earlier than the answer itself.

    A page may change twice in the second it was served in (8.8.2.2), and software that makes each
    page anew stamps it with the present: neither date proves anything later.
    """
    text = _header(response, b"Last-Modified")
    modified = _moment(text)
    served = _moment(_header(response, b"Date"))
    if modified is None or (served is not None and modified + _APART > served):
        return None
    return text


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1").strip() if value else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
