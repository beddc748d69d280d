"""The imprint: who runs a portal, from the lines at the foot of its pages.

Owner and operator are told by their labels; the licence by ``giấy phép``; contacts by theirs. Only
the part of the page from the first of these labels on is read, and only where a licence or an
owner is named: contact lines alone are also found in articles.
"""

from __future__ import annotations

import re
from datetime import date

from archive.records import Imprint
from archive.text import squeeze
from halong_crawler.reading.blocks import blocks
from halong_crawler.reading.document import Document

_OWNER = re.compile(
    r"(?:cơ quan(?:\s*,?\s*đơn vị)?\s+chủ quản|đơn vị chủ quản|cơ quan chủ quản)\s*:\s*(.+)", re.I
)
_OPERATOR = re.compile(
    r"(?:cơ quan quản lý|đơn vị quản lý|quản lý và vận hành|đơn vị vận hành|cơ quan thường trực|"
    r"thường trực ban biên tập)\s*:\s*(.+)",
    re.I,
)
_LICENCE = re.compile(
    r"giấy phép(?:\s+(?:số|thiết lập[^:\d]{0,60}|hoạt động|xuất bản|trang tin[^:\d]{0,40}))*"
    r"\s*:?\s*(?:số\s*:?\s*)?"
    r"(?P<number>\d+\s*/\s*[\w.\-]*[A-ZĐ][\w.\-]*)"
    r"(?:[^\d]{0,60}?(?:ngày|cấp)\s*(?P<day>\d{1,2})\s*(?:/|-|\.|tháng)\s*(?P<month>\d{1,2})"
    r"\s*(?:/|-|\.|năm)\s*(?P<year>\d{4}))?",
    re.I,
)
_ADDRESS = re.compile(r"(?:địa chỉ|trụ sở)(?:\s+[^:]{0,20})?\s*:\s*(.+)", re.I)
_PHONE = re.compile(
    r"(?:điện thoại|đt|tel|hotline|đường dây nóng)\s*:\s*(\+?[\d][\d.\s()/+-]{5,40})", re.I
)
_FAX = re.compile(r"fax\s*:\s*(\+?[\d][\d.\s()/+-]{5,30})", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NEXT_LABEL = re.compile(
    r"\s+(?=(?:địa chỉ|điện thoại|đt|tel|fax|e-?mail|website|giấy phép|số giấy phép|cơ quan)\s*:)",
    re.I,
)
_FOOT_LINES = 40


def read_imprint(document: Document) -> Imprint | None:
    """The imprint a page carries at its foot, or None where it names neither owner nor licence."""
    body = document.tree.body
    if body is None:
        return None
    found = [line for block in blocks(document, body) for line in block.text.split("\n")]
    return parse_imprint(found[-_FOOT_LINES:])


def parse_imprint(lines: list[str]) -> Imprint | None:
    """Read an imprint from the lines of a page's foot."""
    start = next((i for i, line in enumerate(lines) if _begins(line)), None)
    if start is None:
        return None
    if start and lines[start - 1].isupper() and "CỔNG" in lines[start - 1]:
        start -= 1
    kept = [line for line in lines[start:] if line]
    pieces = [piece for line in kept for piece in _NEXT_LABEL.split(line)]
    licence = next((m for piece in kept if (m := _LICENCE.search(piece))), None)
    owner = _first(_OWNER, pieces)
    if owner is None and licence is None:
        return None
    return Imprint(
        owner=owner,
        operator=_first(_OPERATOR, pieces),
        licence_number=re.sub(r"\s+", "", licence["number"]) if licence else None,
        licence_date=_day(licence) if licence else None,
        addresses=_all(_ADDRESS, pieces),
        phones=_all(_PHONE, pieces),
        faxes=_all(_FAX, pieces),
        emails=_emails(pieces),
        raw="\n".join(kept),
    )


def _begins(line: str) -> bool:
    return bool(_OWNER.search(line) or _LICENCE.search(line) or _OPERATOR.search(line))


def _first(pattern: re.Pattern[str], pieces: list[str]) -> str | None:
    return next(iter(_all(pattern, pieces)), None)


def _all(pattern: re.Pattern[str], pieces: list[str]) -> tuple[str, ...]:
    found = (squeeze(m.group(1)).strip(" ;,.-–") for p in pieces for m in pattern.finditer(p))
    return tuple(dict.fromkeys(value for value in found if value))


def _emails(pieces: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.rstrip(".") for p in pieces for m in _EMAIL.findall(p)))


def _day(licence: re.Match[str]) -> str | None:
    if licence["year"] is None:
        return None
    try:
        return date(int(licence["year"]), int(licence["month"]), int(licence["day"])).isoformat()
    except ValueError:
        return None
