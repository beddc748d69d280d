"""Safe HTML: what a crawled page may bring into the archive's pages."""

from __future__ import annotations

from itertools import groupby

import nh3

from halong_crawler.reading.blocks import Block

ALLOWED_TAGS = {
    "a", "blockquote", "br", "caption", "em", "figcaption", "figure", "h2", "h3", "h4", "img",
    "li", "ol", "p", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
ALLOWED_SCHEMES = {"http", "https", "mailto"}
_CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    url_schemes=ALLOWED_SCHEMES,
    link_rel="noopener nofollow",
)


def safe_html(html: str) -> str:
    """What nh3 lets through: no scripts, styles, handlers, frames or other schemes."""
    return _CLEANER.clean(html)


def body_html(found: list[Block]) -> str:
    """The blocks of a body as safe HTML: one element a block, list items joined into lists."""
    parts: list[str] = []
    for (kind, ordered), group in groupby(found, key=lambda b: (b.kind, b.ordered)):
        if kind == "item":
            tag = "ol" if ordered else "ul"
            parts.append(f"<{tag}>" + "".join(f"<li>{b.html}</li>" for b in group) + f"</{tag}>")
        else:
            parts.extend(_element(block) for block in group)
    return safe_html("\n".join(parts))


def _element(block: Block) -> str:
    pictures = "".join(
        f'<figure><img src="{_attribute(p.url)}" alt="{_attribute(p.alt)}"></figure>'
        for p in block.pictures
    )
    if not block.text:
        return pictures
    if block.kind == "table":
        return pictures + block.html
    if block.kind == "heading":
        # The page's own title is the only h1.
        level = min(max(block.level, 2), 4)
        return f"{pictures}<h{level}>{block.html}</h{level}>"
    return f"{pictures}<p>{block.html}</p>"


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
