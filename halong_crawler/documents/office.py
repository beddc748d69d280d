"""DOCX and PPTX (ECMA-376): paragraphs and tables in the order of the file, a page a slide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from halong_crawler.documents.legacy_fonts import Run, join
from halong_crawler.documents.outcome import Limits, Read, Refused
from halong_crawler.documents.zipped import Package

# Strict and transitional files differ in the namespace, so only local names count.
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_HIDDEN = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText"))
"""Struck-out text, and what only programs that know less are shown."""


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith(name)), None)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((node for node in element if local(node) == name), None)
    return element


def read_document(data: bytes, limits: Limits) -> Read:
    """A Word document as one page: where pages turn is known only to who lays it out."""
    package = Package(data, limits)
    main = next((n for n in ("word/document.xml", "word/document2.xml") if n in package.names), "")
    root = package.xml(main)
    if root is None:
        raise Refused("damaged", "it has no main part")
    fonts = _Fonts.of(package.xml("word/styles.xml"))
    parts = [root, *(part for name in _NOTES if (part := package.xml(name)) is not None)]
    return Read(("\n".join(line for part in parts for line in _blocks(part, fonts)),))


def read_slides(data: bytes, limits: Limits) -> Read:
    """A presentation, a page a slide, in the order of the slides' numbers."""
    package = Package(data, limits)
    found = (re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name) for name in package.names)
    slides = sorted((match for match in found if match), key=lambda match: int(match[1]))
    fonts = _Fonts({}, None, None)
    roots = (package.xml(match[0]) for match in slides[: limits.pages])
    return Read(tuple("\n".join(_blocks(r, fonts)) for r in roots if r is not None))


@dataclass(frozen=True)
class _Fonts:
    """Which font a run is set in: its own, its style's, its paragraph's, the document's."""

    styles: dict[str, tuple[str | None, str | None]]
    """Style → its font and the style it is based on."""
    paragraph: str | None
    """The style of paragraphs that name none."""
    default: str | None

    @classmethod
    def of(cls, root: etree._Element | None) -> _Fonts:
        styles: dict[str, tuple[str | None, str | None]] = {}
        paragraph = None
        nodes = [] if root is None else [node for node in root if local(node) == "style"]
        for style in nodes:
            name = attribute(style, "styleId") or ""
            based_on = attribute(child(style, "basedOn"), "val")
            styles[name] = (_font(child(style, "rPr")), based_on)
            if attribute(style, "type") == "paragraph" and attribute(style, "default") == "1":
                paragraph = name
        return cls(styles, paragraph, _font(child(root, "docDefaults", "rPrDefault", "rPr")))

    def of_run(self, run: etree._Element, style: str | None) -> str | None:
        properties = child(run, "rPr")
        own = _font(properties) or self._of_style(attribute(child(properties, "rStyle"), "val"))
        return own or self._of_style(style or self.paragraph) or self.default

    def _of_style(self, name: str | None) -> str | None:
        seen = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            font, name = self.styles[name]
            if font:
                return font
        return None


def _font(properties: etree._Element | None) -> str | None:
    fonts = child(properties, "rFonts")
    written = attribute(fonts, "}ascii") or attribute(fonts, "}hAnsi")
    return written or attribute(child(properties, "latin"), "typeface")


def _blocks(element: etree._Element, fonts: _Fonts) -> Iterator[str]:
    """The lines of a part: a paragraph each, and a table's row each with tabs between its cells."""
    for node in element:
        name = local(node)
        if name in _HIDDEN:
            continue
        if name == "p":
            yield _paragraph(node, fonts)
            yield from _boxes(node, fonts)
        elif name == "tr":
            yield _row(node, fonts)
        else:
            yield from _blocks(node, fonts)


def _row(row: etree._Element, fonts: _Fonts) -> str:
    cells = (node for node in row.iter() if local(node) == "tc" and _row_of(node) is row)
    return "\t".join(" ".join(filter(None, _blocks(cell, fonts))) for cell in cells)


def _row_of(cell: etree._Element) -> etree._Element | None:
    return next((node for node in cell.iterancestors() if local(node) == "tr"), None)


def _paragraph(paragraph: etree._Element, fonts: _Fonts) -> str:
    style = attribute(child(paragraph, "pPr", "pStyle"), "val")
    return join(_runs(paragraph, fonts, style))


def _runs(element: etree._Element, fonts: _Fonts, style: str | None) -> Iterator[Run]:
    """The runs of a paragraph, those inside links and insertions too."""
    for node in element:
        name = local(node)
        if name in _HIDDEN or name in ("txbxContent", "pPr", "rPr"):
            continue
        if name == "r":
            yield from _in_run(node, fonts.of_run(node, style))
        elif name == "br":
            yield Run("\n")
        else:
            yield from _runs(node, fonts, style)


def _in_run(run: etree._Element, font: str | None) -> Iterator[Run]:
    for node in run:
        name = local(node)
        if name == "t":
            yield Run(node.text or "", font)
        elif name in _BREAKS:
            yield Run(_BREAKS[name], font)


def _boxes(paragraph: etree._Element, fonts: _Fonts) -> Iterator[str]:
    """The text boxes that hang on a paragraph."""
    for node in paragraph.iter():
        if local(node) != "txbxContent":
            continue
        above = [local(upper) for upper in _up_to(node, paragraph)]
        # A box in a box is met again with its own paragraph.
        if "p" not in above and "Fallback" not in above:
            yield from _blocks(node, fonts)


def _up_to(node: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for upper in node.iterancestors():
        if upper is top:
            return
        yield upper
