"""ODT, ODS and ODP (ODF 1.3): a text as one page, a sheet or a slide as one each."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from halong_crawler.documents.office import attribute, child, local
from halong_crawler.documents.outcome import Limits, Read, Refused
from halong_crawler.documents.zipped import Package

_SKIPPED = frozenset(("tracked-changes", "annotation", "forms", "sequence-decls", "notes"))
_PAGED = {"spreadsheet": "table", "presentation": "page"}
_MOST_REPEATS = 100
"""A cell is repeated to the sheet's edge where a row is coloured; as text that says nothing."""


def read(data: bytes, limits: Limits) -> Read:
    """The document's body. Raises :class:`Refused` for one under a password."""
    package = Package(data, limits)
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and any(local(node) == "encryption-data" for node in manifest.iter()):
        raise Refused("encrypted", "it wants a password")
    root = package.xml("content.xml")
    body = child(root, "body")
    if body is None or not len(body):
        raise Refused("damaged", "it has no body")
    content = body[0]
    paged = _PAGED.get(local(content))
    parts = [content] if paged is None else [node for node in content if local(node) == paged]
    pages = (_page(part) for part in parts[: limits.pages])
    return Read(tuple(pages))


def _page(part: etree._Element) -> str:
    title = [attribute(part, "}name") or ""] if local(part) == "table" else []
    return "\n".join([*title, *_lines(part)])


def _lines(element: etree._Element) -> Iterator[str]:
    for node in element:
        name = local(node)
        if name in _SKIPPED:
            continue
        if name in ("p", "h"):
            yield "".join(_inline(node))
        elif name == "table-row":
            yield "\t".join(_cells(node)).rstrip()
        else:
            yield from _lines(node)


def _cells(row: etree._Element) -> Iterator[str]:
    for cell in row:
        if local(cell) in ("table-cell", "covered-table-cell"):
            text = " ".join(filter(None, _lines(cell)))
            times = int(attribute(cell, "number-columns-repeated") or 1)
            yield from [text] * min(times, _MOST_REPEATS)


def _inline(node: etree._Element) -> Iterator[str]:
    """The words of a paragraph, with ODF's own signs for spaces, tabs and breaks."""
    yield node.text or ""
    for inner in node:
        name = local(inner)
        if name == "s":
            yield " " * min(int(attribute(inner, "}c") or 1), _MOST_REPEATS)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name == "note":
            yield " (" + " ".join(_lines(inner)) + ") "
        elif name in ("frame", "text-box"):
            yield "\n".join(_lines(inner))
        elif name not in _SKIPPED and isinstance(inner.tag, str):
            yield from _inline(inner)
        yield inner.tail or ""
