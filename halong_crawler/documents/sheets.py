"""XLSX (ECMA-376) and XLS: a page a sheet, its name first, then its rows with tabs between cells.

Numbers stand as they are stored, dates as days; formulas as the value that was last worked out.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import xlrd
from lxml import etree

from halong_crawler.documents.legacy_fonts import Run, join
from halong_crawler.documents.office import attribute, child, local
from halong_crawler.documents.outcome import Limits, Read, Refused
from halong_crawler.documents.zipped import Package

_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
"""The numbers of built-in formats that show a day or a time (ECMA-376, 18.8.30)."""
_NOT_DATES = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_DATE_SIGNS = re.compile(r"[ymdhs]", re.I)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


def read_xlsx(data: bytes, limits: Limits) -> Read:
    """A workbook, hidden sheets too."""
    package = Package(data, limits)
    book = package.xml("xl/workbook.xml")
    if book is None:
        raise Refused("damaged", "it has no workbook")
    places = _targets(package.xml("xl/_rels/workbook.xml.rels"))
    sheets = child(book, "sheets")
    listed = [] if sheets is None else list(sheets)
    reader = _Workbook(package, book, limits.cells)
    pages = [
        "\n".join([attribute(sheet, "name") or "", *reader.rows(place)])
        for sheet in listed[: limits.pages]
        if (place := places.get(attribute(sheet, "}id") or "")) in package.names and place
    ]
    return Read(tuple(pages), note="some cells are left out" if reader.room < 0 else None)


def _targets(relations: etree._Element | None) -> dict[str, str]:
    """Relation → the part it leads to."""
    return {
        attribute(node, "Id") or "": posixpath.normpath(
            posixpath.join("/xl", attribute(node, "Target") or "")
        ).lstrip("/")
        for node in (() if relations is None else relations)
    }


class _Workbook:
    """Reads sheets with what they share: strings, formats and fonts."""

    def __init__(self, package: Package, book: etree._Element, cells: int) -> None:
        self._package = package
        self.room = cells
        dated = attribute(child(book, "workbookPr"), "date1904") in ("1", "true")
        self._zero = _DAY_ZERO_1904 if dated else _DAY_ZERO
        self._styles = _Styles.of(package.xml("xl/styles.xml"))
        name = "xl/sharedStrings.xml"
        shared = package.elements(name, "{*}si") if name in package.names else ()
        self._strings = [tuple(_runs(item)) for item in shared]

    def rows(self, place: str) -> Iterator[str]:
        """The rows of a sheet that hold anything."""
        for row in self._package.elements(place, "{*}row"):
            cells = [cell for cell in row if local(cell) == "c"]
            self.room -= len(cells)
            if self.room < 0:
                return
            line = "\t".join(self._value(cell) for cell in cells).rstrip()
            if line:
                yield line

    def _value(self, cell: etree._Element) -> str:
        style = int(attribute(cell, "s") or 0)
        font = self._styles.font(style)
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return join(_with_font(_runs(child(cell, "is")), font))
        node = child(cell, "v")
        value = (node.text or "") if node is not None else ""
        if kind == "s" and value:
            return join(_with_font(self._strings[int(value)], font))
        if kind == "n" and value and self._styles.is_date(style):
            return _day(float(value), self._zero)
        return join([Run(value, font)])


@dataclass(frozen=True)
class _Styles:
    """Of each cell format, whether it shows a date, and its font."""

    formats: list[tuple[bool, str | None]] = field(default_factory=list)

    @classmethod
    def of(cls, root: etree._Element | None) -> _Styles:
        own = {
            int(attribute(node, "numFmtId") or 0): attribute(node, "formatCode") or ""
            for node in _children(root, "numFmts")
        }
        fonts = [attribute(child(node, "name"), "val") for node in _children(root, "fonts")]
        formats = []
        for node in _children(root, "cellXfs"):
            number = int(attribute(node, "numFmtId") or 0)
            font = int(attribute(node, "fontId") or 0)
            formats.append((
                number in _DATE_FORMATS or shows_date(own.get(number, "")),
                fonts[font] if font < len(fonts) else None,
            ))  # fmt: skip
        return cls(formats)

    def is_date(self, style: int) -> bool:
        return style < len(self.formats) and self.formats[style][0]

    def font(self, style: int) -> str | None:
        return self.formats[style][1] if style < len(self.formats) else None


def shows_date(code: str) -> bool:
    """Whether a number format such as ``dd/mm/yyyy`` shows a day or a time."""
    return _DATE_SIGNS.search(_NOT_DATES.sub("", code)) is not None


def _children(root: etree._Element | None, name: str) -> Iterable[etree._Element]:
    found = child(root, name)
    return () if found is None else found


def _runs(item: etree._Element | None) -> Iterator[Run]:
    """The runs of a string; readings in other scripts (rPh) are left out."""
    for node in () if item is None else item:
        if local(node) == "t":
            yield Run(node.text or "")
        elif local(node) == "r":
            text = child(node, "t")
            font = attribute(child(node, "rPr", "rFont"), "val")
            yield Run((text.text or "") if text is not None else "", font)


def _with_font(runs: Iterable[Run], font: str | None) -> Iterator[Run]:
    return (Run(run.text, run.font or font) for run in runs)


def _day(number: float, zero: datetime) -> str:
    """A serial number as an ISO day, with the time where it has one."""
    try:
        moment = zero + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return str(number)
    if number < 1:
        return moment.strftime("%H:%M")
    whole = moment.hour == moment.minute == moment.second == 0
    return moment.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M")


def read_xls(data: bytes, limits: Limits) -> Read:
    """A workbook of Excel 5 to 2003."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        wants_password = "encrypted" in str(error)
        raise Refused("encrypted" if wants_password else "damaged", str(error)[:200]) from error
    pages: list[str] = []
    room = limits.cells
    for sheet in book.sheets()[: limits.pages]:
        room -= sum(sheet.row_len(row) for row in range(sheet.nrows))
        if room < 0:
            return Read(tuple(pages), note="some cells are left out")
        lines = (_xls_row(book, sheet, row) for row in range(sheet.nrows))
        pages.append("\n".join([sheet.name, *filter(None, lines)]))
    return Read(tuple(pages))


def _xls_row(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int) -> str:
    return "\t".join(_xls_cell(book, cell) for cell in sheet.row(row)).rstrip()


def _xls_cell(book: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    show = _XLS_VALUES.get(cell.ctype)
    if show is not None:
        return show(cell.value, book)
    font = None
    if cell.xf_index is not None and cell.xf_index < len(book.xf_list):
        font = book.font_list[book.xf_list[cell.xf_index].font_index].name
    return join([Run(str(cell.value), font)])


_XLS_VALUES: dict[int, Callable[[float, xlrd.Book], str]] = {
    xlrd.XL_CELL_EMPTY: lambda _, __: "",
    xlrd.XL_CELL_BLANK: lambda _, __: "",
    xlrd.XL_CELL_NUMBER: lambda value, _: f"{value:.15g}",
    xlrd.XL_CELL_BOOLEAN: lambda value, _: "TRUE" if value else "FALSE",
    xlrd.XL_CELL_ERROR: lambda value, _: xlrd.error_text_from_code.get(int(value), ""),
    xlrd.XL_CELL_DATE: lambda value, book: _day(
        value, _DAY_ZERO_1904 if book.datemode else _DAY_ZERO
    ),
}
