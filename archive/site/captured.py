"""A page as it was captured, for a frame that can do nothing: words and structure, no more.

What a portal's page would load, run or send stays behind: scripts, styles, pictures, forms, links.
A reader's visit here is none to the portal.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import nh3

from archive.site.language import gettext
from archive.stored import stored_response
from archive.warc import WarcError

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of the page inside the frame."""
PLACE = "bai"
"""Where the article's title stands on the page in the frame."""
_MOST_BYTES = 5_000_000
"""What is shown of a page; all of it is in the record."""
_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "i", "ins", "label", "li", "main", "nav", "ol", "p", "pre", "q", "s", "section", "small",
    "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_IMAGE = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ margin: 1rem; font: 16px/1.55 system-ui, sans-serif; color: #1d2427; background: #fff;
  overflow-wrap: anywhere; }}
a {{ text-decoration: underline; }} table {{ border-collapse: collapse; max-width: 100%; }}
td, th {{ vertical-align: top; padding: .1rem .4rem; }}
ul, ol {{ padding-left: 1.3rem; }} .image {{ color: #566268; border: 1px dashed #b9b6ac;
  padding: 0 .4rem; font-size: .85em; }}
</style></head><body>
{body}
</body></html>
"""


def page(conn: sqlite3.Connection, warc_dir: Path, version: Mapping[str, Any]) -> str:
    """The captured page of a version for the frame. Raises :class:`archive.warc.WarcError`."""
    capture = version["capture"]
    stored = stored_response(conn, warc_dir, capture["id"])
    html = _text(
        stored.body[:_MOST_BYTES], capture["encoding"], stored.headers.get("content-type", "")
    )
    cleaned = nh3.clean(
        _IMAGE.sub(_picture, html), tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None,
        allowed_classes={"span": {"image"}},
        clean_content_tags={"script", "style", "template", "noscript", "select", "svg", "title"},
    )  # fmt: skip
    return _PAGE.format(
        title=escape(stored.url), body=_marked(cleaned, escape(version["title"], quote=False))
    )


def _marked(cleaned: str, title: str) -> str:
    """With a place to jump to where the title stands: menus come before it."""
    at = cleaned.rfind("<", 0, max(cleaned.find(title), 0))
    return f'{cleaned[:at]}<a id="{PLACE}"></a>{cleaned[at:]}' if at >= 0 else cleaned


def record(
    conn: sqlite3.Connection, warc_dir: Path, version: Mapping[str, Any]
) -> tuple[bytes, str]:
    """The record of a capture as it lies in its file, alone, and a name for it.

    Raises :class:`archive.warc.WarcError`.
    """
    # Read whole and checked first: what is handed on must be what was captured.
    capture = version["capture"]
    stored_response(conn, warc_dir, capture["id"])
    path = warc_dir / capture["warc_file"]
    try:
        with path.open("rb") as stream:
            stream.seek(capture["warc_offset"])
            data = stream.read(capture["warc_length"])
    except OSError as error:
        raise WarcError(f"{path}: cannot be read ({error.strerror})") from error
    tail = ".warc.gz" if data.startswith(b"\x1f\x8b") else ".warc"
    return data, f"capture-{capture['id']}{tail}"


def _picture(image: re.Match[str]) -> str:
    found = _ALT.search(image[1])
    words = (found[1] or found[2] or "").strip() if found else ""
    name = gettext("image")
    return f'<span class="image">{name}{": " + words if words else ""}</span>'


def _text(body: bytes, encoding: str | None, content_type: str) -> str:
    """In the encoding it was read in; else in the one the server or the page names, or UTF-8."""
    start = body[:2000].decode("latin-1")
    found = [encoding, *_CHARSET.findall(content_type)[:1], *_CHARSET.findall(start)[:1]]
    for name in filter(None, found):
        try:
            return body.decode(name, "replace")
        except (LookupError, ValueError):
            continue  # a page may name what is no encoding of text
    return body.decode("utf-8", "replace")
