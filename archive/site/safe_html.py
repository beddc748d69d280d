"""Bodies of articles, cleaned once more at the door.

They were cleaned when they were read. An imported archive may hold what another program let
through, so nothing reaches a reader's browser that this module has not looked at.
"""

from __future__ import annotations

import re
from itertools import count

import nh3
from markupsafe import Markup, escape

from archive.site.labels import web_url
from archive.site.language import gettext

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "em", "figcaption", "figure", "h2", "h3", "h4", "i",
    "li", "ol", "p", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto"}

# As nh3 writes them: attributes in double quotes, every double quote inside escaped.
_IMAGE = re.compile(r'<img((?:\s+[a-z]+="[^"]*")*)\s*/?>')
_SOURCE = re.compile(r'\ssrc="([^"]*)"')


def body(html: str) -> Markup:
    """A body a browser may show. Images become links: a reader's visit here stays here."""
    number = count(1)

    def link(image: re.Match[str]) -> str:
        source = _SOURCE.search(image[1])
        words = gettext("Image {number} (on the portal)").format(number=next(number))
        return f'<a href="{source[1]}">{words}</a>' if source else words

    # Whatever the replacement made of it, this is the last word.
    cleaned = _clean(_IMAGE.sub(link, with_images(html)), _TAGS, _ATTRIBUTES)
    return Markup(cleaned)  # noqa: S704 - what nh3 let through


def with_images(html: str) -> str:
    """A body for programs: images keep their addresses."""
    return _clean(html, _TAGS | {"img"}, _ATTRIBUTES | {"img": {"src", "alt"}})


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, for an article kept without HTML."""
    parts = (part.strip() for part in text.split("\n\n"))
    return Markup("\n").join(Markup("<p>{}</p>").format(escape(part)) for part in parts if part)


def _whole_addresses(_element: str, attribute: str, value: str) -> str | None:
    """Only addresses that name their host: a relative one would lead into this site."""
    if attribute in ("href", "src") and not value.lower().startswith("mailto:"):
        return web_url(value)
    return value


def _clean(html: str, tags: set[str], attributes: dict[str, set[str]]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes=attributes,
        attribute_filter=_whole_addresses,
        url_schemes=_SCHEMES,
        link_rel="noopener nofollow",
        strip_comments=True,
    )
