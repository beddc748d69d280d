"""Words and forms for readers, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as calendar_date
from typing import Any
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal

from archive.site.language import N_, current, gettext, locale

FACETS: dict[str, str] = {
    "year": N_("Year"),
    "portal": N_("Portal"),
    "category": N_("Category"),
    "author": N_("Author"),
    "attachment": N_("With attachments"),
    "edited": N_("Edited since"),
    "removed": N_("Removed from the portal"),
    "since": N_("From"),
    "until": N_("To"),
}

FIELDS: dict[str, str] = {
    "title": N_("Title"),
    "lead": N_("Lead"),
    "body": N_("Body"),
    "body_html": N_("Layout"),
    "byline": N_("Byline"),
    "authors": N_("Authors"),
    "source": N_("Source"),
    "category": N_("Category"),
    "tags": N_("Tags"),
    "images": N_("Images"),
    "attachments": N_("Attachments"),
    "published": N_("Published"),
    "published_at": N_("Published"),
    "updated_at": N_("Updated"),
}

ROLES: dict[str, str] = {
    "writer": N_("writer"),
    "photographer": N_("photographer"),
    "compiler": N_("compiler"),
    "translator": N_("translator"),
}

TEXT_STATUSES: dict[str, str] = {
    "not_fetched": N_("file not kept"),
    "read": N_("text searchable"),
    "empty": N_("no text in it"),
    "scanned": N_("scan without text"),
    "ocr": N_("scan, text by OCR"),
    "encrypted": N_("needs a password"),
    "damaged": N_("damaged"),
    "unsupported": N_("kind not read"),
    "too_large": N_("too large"),
    "too_heavy": N_("too heavy to read"),
    "not_a_file": N_("a web page was answered"),
}

FILE_KINDS: dict[str, str] = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/rtf": "RTF",
    "application/zip": "ZIP",
    "application/vnd.rar": "RAR",
}

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T(\d{2}):(\d{2}))?")
_DAY_FORMS = {"vi": "d/M/y", "en": "d MMMM y"}
_MONTH_FORMS = {"vi": "M/y", "en": "MMMM y"}
_NARROW_MONTHS = {"vi": "'T'M", "en": "MMM"}
"""As people write them: 22/7/2025 and 22 July 2025 (patterns of Unicode's LDML)."""


def field_label(name: str) -> str:
    """What a field is called; an unknown one keeps its own name."""
    return gettext(FIELDS[name]) if name in FIELDS else name


def role_label(name: str) -> str:
    """What someone did for an article."""
    return gettext(ROLES[name]) if name in ROLES else name


def text_status(name: str) -> str:
    """How far the text of an attachment was read."""
    return gettext(TEXT_STATUSES[name]) if name in TEXT_STATUSES else name


def file_kind(media_type: str | None) -> str:
    """A kind of file in the word readers use; of an uncommon one the media type."""
    return FILE_KINDS.get(media_type or "", media_type or "")


def date(value: str | None) -> str:
    """A date as exact as it is known: 22/7/2025, 7/2025, 2025; 22 July 2025 in English."""
    found = _DATE.match(value or "")
    if not found or not found[2]:
        return found[1] if found else value or ""
    form = (_DAY_FORMS if found[3] else _MONTH_FORMS)[current()]
    try:
        day = calendar_date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return value or ""
    return format_date(day, form, locale=locale())


def since(value: str | None) -> str:
    """What stands before a date that is a floor: a month is the earliest the article can be of."""
    return gettext("from ") if len(value or "") == len("2025-07") else ""


def moment(value: str | None) -> str:
    """Date and time: 22/7/2025, 09:30; times kept in UTC say so."""
    found = _DATE.match(value or "")
    if not found or not found[4]:
        return date(value)
    zone = " UTC" if (value or "").endswith("Z") else ""
    return f"{date(value)}, {found[4]}:{found[5]}{zone}"


def number(value: int | None) -> str:
    """12.345, or 12,345 in English."""
    return "" if value is None else str(format_decimal(value, locale=locale()))


def percent(share: float) -> str:
    """``12,5 %`` for a share of .125; ``12.5 %`` in English."""
    return f"{format_decimal(round(100 * share, 1), locale=locale())} %"


def file_size(value: int | None) -> str:
    """1,2 MB or 34 KB."""
    if value is None:
        return ""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} KB"
    return f"{format_decimal(value / 1_000_000, '0.0', locale=locale())} MB"


def web_url(value: str | None) -> str | None:
    """The address if a browser may safely follow it, else None."""
    try:
        parts = urlsplit(value or "")
    except ValueError:
        return None
    return value if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def permalink(key: str) -> str:
    """The path of an article's own page."""
    return f"/a/{quote(key, safe='')}"


def portal_title(portal: Mapping[str, Any]) -> str:
    """What a portal is called; by its Vietnamese name where it has no other."""
    return portal.get(f"title_{current()}") or str(portal["title_vi"])


def month(number: int) -> str:
    """A month in a narrow place: T1, Jan."""
    return format_date(calendar_date(2000, number, 1), _NARROW_MONTHS[current()], locale=locale())


def host(value: str | None) -> str:
    """The host of an address, for showing where a link leads."""
    try:
        return urlsplit(value or "").hostname or ""
    except ValueError:
        return ""


FILTERS = {
    "field_label": field_label,
    "role_label": role_label,
    "date": date,
    "moment": moment,
    "since": since,
    "number": number,
    "file_size": file_size,
    "file_kind": file_kind,
    "text_status": text_status,
    "web_url": web_url,
    "host": host,
    "portal_title": portal_title,
    "month": month,
    "permalink": permalink,
}
