"""Words and forms for readers: Vietnamese first, English second."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

FACETS: dict[str, tuple[str, str]] = {
    "year": ("Năm", "Year"),
    "portal": ("Cổng thông tin", "Portal"),
    "category": ("Chuyên mục", "Category"),
    "author": ("Tác giả", "Author"),
}

FIELDS: dict[str, tuple[str, str]] = {
    "title": ("Tiêu đề", "Title"),
    "lead": ("Sapo", "Lead"),
    "body": ("Nội dung", "Body"),
    "body_html": ("Trình bày", "Layout"),
    "byline": ("Bút danh", "Byline"),
    "authors": ("Tác giả", "Authors"),
    "source": ("Nguồn tin", "Source"),
    "category": ("Chuyên mục", "Category"),
    "tags": ("Thẻ", "Tags"),
    "images": ("Ảnh", "Images"),
    "attachments": ("Tệp đính kèm", "Attachments"),
    "published": ("Ngày đăng", "Published"),
    "published_at": ("Ngày đăng", "Published"),
    "updated_at": ("Ngày cập nhật", "Updated"),
}

ROLES: dict[str, tuple[str, str]] = {
    "writer": ("viết", "writer"),
    "photographer": ("ảnh", "photographer"),
    "compiler": ("tổng hợp", "compiler"),
    "translator": ("dịch", "translator"),
}

TEXT_STATUSES: dict[str, tuple[str, str]] = {
    "not_fetched": ("chưa lưu tệp", "file not kept"),
    "read": ("đã đọc nội dung", "text searchable"),
    "empty": ("không có chữ", "no text in it"),
    "scanned": ("bản quét, chưa đọc được chữ", "scan without text"),
    "ocr": ("bản quét, chữ do máy nhận dạng", "scan, text by OCR"),
    "encrypted": ("có mật khẩu", "needs a password"),
    "damaged": ("tệp hỏng", "damaged"),
    "unsupported": ("chưa đọc được loại tệp này", "kind not read"),
    "too_large": ("tệp quá lớn", "too large"),
    "too_heavy": ("tệp quá nặng để đọc", "too heavy to read"),
    "not_a_file": ("máy chủ trả về trang web", "a web page was answered"),
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


def field_label(name: str) -> tuple[str, str]:
    """What a field is called; an unknown one keeps its own name."""
    return FIELDS.get(name, (name, name))


def role_label(name: str) -> tuple[str, str]:
    """What someone did for an article."""
    return ROLES.get(name, (name, name))


def text_status(name: str) -> tuple[str, str]:
    """How far the text of an attachment was read."""
    return TEXT_STATUSES.get(name, (name, name))


def file_kind(media_type: str | None) -> str:
    """A kind of file in the word readers use; of an uncommon one the media type."""
    return FILE_KINDS.get(media_type or "", media_type or "")


def date(value: str | None) -> str:
    """A date as people here write it, as exact as it is known: 22/7/2025, 7/2025."""
    found = _DATE.match(value or "")
    if not found:
        return value or ""
    return "/".join(part.lstrip("0") for part in (found[3], found[2]) if part) + (
        f"/{found[1]}" if found[2] else found[1]
    )


def since(value: str | None) -> str:
    """What stands before a date that is a floor: a month is the earliest the article can be of."""
    return "từ " if len(value or "") == len("2025-07") else ""


def moment(value: str | None) -> str:
    """Date and time: 22/7/2025, 09:30; times kept in UTC say so."""
    found = _DATE.match(value or "")
    if not found or not found[4]:
        return date(value)
    zone = " UTC" if (value or "").endswith("Z") else ""
    return f"{date(value)}, {found[4]}:{found[5]}{zone}"


def number(value: int | None) -> str:
    """12.345, with the separator of Vietnamese."""
    return "" if value is None else f"{value:,}".replace(",", ".")


def file_size(value: int | None) -> str:
    """1,2 MB or 34 KB."""
    if value is None:
        return ""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} KB"
    return f"{value / 1_000_000:.1f} MB".replace(".", ",")


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
    "permalink": permalink,
}
