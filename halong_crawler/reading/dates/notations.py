"""How dates are printed: months and weekdays of several languages, and the order of the parts.

A notation is a row of :data:`NOTATIONS`; what none of them matches is no date. On Vietnamese pages
the day always comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Names of months, their inflected and short forms, in any of the languages that print dates with
# them (en, de, fr, es, pt, it, ca, nl, sv, da, nb, pl, cs, ru, uk, tr, ro, hu, id, ar). No word may
# mean two months.
_MONTHS = {
    1: """january jan januar jänner jän janvier janv enero ene janeiro gennaio gen gener januari
        stycznia styczeń sty leden ledna января янв январь січня ocak oca ianuarie január يناير""",
    2: """february feb februar feber février févr fév fevrier febrero fevereiro fev febbraio febrer
        februari lutego luty lut únor února февраля фев февраль лютого şubat şub februarie február
        febr فبراير شباط""",
    3: """march mar märz mär maerz mrz mars marzo março marco març maart mrt marts marca marzec
        březen března марта мар март березня mart martie március maret مارس آذار""",
    4: """april apr avril avr abril abr aprile kwietnia kwiecień kwi duben dubna апреля апр апрель
        квітня nisan nis aprilie április aprilis أبريل إبريل ابريل نيسان""",
    5: """may mai mayo maio maggio mag maig mei maj maja květen května мая май травня mayıs május
        مايو أيار""",
    6: """june jun juni juin junio junho giugno giu juny czerwca czerwiec cze červen června июня июн
        июнь червня haziran haz iunie június يونيو يونيه حزيران""",
    7: """july jul juli juillet juil julio julho luglio lug juliol lipca lipiec lip červenec
        července июля июл июль липня temmuz tem iulie július يوليو يوليه تموز""",
    8: """august aug août aout agosto ago agost augustus augusti sierpnia sierpień sie srpen srpna
        августа авг август серпня ağustos ağu augusztus agustus agu أغسطس اغسطس آب""",
    9: """september sept sep septembre septiembre setiembre setembro set settembre setembre września
        wrzesień wrz září сентября сен сент сентябрь вересня eylül eyl septembrie szeptember سبتمبر
        أيلول""",
    10: """october oct oktober okt octobre octubre outubro out ottobre ott oktobra października
        październik paź říjen října октября окт октябрь жовтня ekim octombrie október أكتوبر
        اكتوبر""",
    11: """november nov novembre noviembre novembro listopada listopad lis listopadu ноября ноя нояб
        ноябрь листопада kasım kas noiembrie نوفمبر""",
    12: """december dec dez dezember décembre déc decembre diciembre dic dezembro dicembre desembre
        grudnia grudzień gru prosinec prosince декабря дек декабрь грудня aralık ara decembrie
        desember des ديسمبر""",
}

MONTHS: dict[str, int] = {
    name: number for number, names in _MONTHS.items() for name in names.split()
}
"""Name or short form of a month, lower case → 1 to 12."""
VIETNAMESE_MONTHS: dict[str, int] = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
"""What follows ``tháng``, when it is no number. The lunar *chạp* is left out."""


def _words(names: Iterator[str] | dict[str, int]) -> str:
    """Alternatives, the longest first."""
    return "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True)
    )


_YEAR = r"(?P<year>(?:19|20)\d{2})(?!\d)"
_ANY_YEAR = r"(?P<year>(?:19|20)\d{2}|\d{2})(?!\d|[.,/\-]\d|:)"
_MONTH = rf"(?P<name>{_words(MONTHS)})(?![^\W\d_])\.?"
_DAY = r"(?<![\d./\-])(?<!\d:)(?P<day>\d{1,2})"
_TWO = r"(?P<month>\d{1,2})"


class Notation(NamedTuple):
    """One way to print a day."""

    pattern: re.Pattern[str]
    """Groups ``day``, ``month`` or ``name`` (of a month), ``year``."""
    either_order: bool = False
    """The first number is the day or the month, by the country's custom."""
    marks: tuple[str, ...] = ()
    """One of these words, in lower case, must stand in the text: a search costs more."""


def _row(pattern: str, *marks: str, either_order: bool = False) -> Notation:
    return Notation(re.compile(pattern, re.I), either_order, marks)


NOTATIONS: tuple[Notation, ...] = (
    # 2025-09-22 · 2025/9/22 · 2025.09.22
    _row(rf"(?<![\d./\-]){_YEAR}\s?(?P<sep>[-/.])\s?{_TWO}\s?(?P=sep)\s?(?P<day>\d{{1,2}})(?!\d)"),
    # 22/09/2022 · 02-04-2018 · 26.7.2018 · 26 | 07 | 2018
    _row(
        rf"{_DAY}\s*(?P<sep>[/.\-|])\s*{_TWO}\s*(?P=sep)\s*{_ANY_YEAR}",
        either_order=True,
    ),
    # ngày 02 tháng 04 năm 2018 · 21 tháng Chín, 2025
    _row(
        rf"{_DAY}\s+tháng\s+(?:{_TWO}|(?P<name>{_words(VIETNAMESE_MONTHS)}))"
        rf"\s*,?\s*(?:năm\s+)?{_YEAR}",
        "tháng",
    ),
    # Tháng Chín 21, 2025
    _row(
        rf"tháng\s+(?:{_TWO}|(?P<name>{_words(VIETNAMESE_MONTHS)}))\s+(?P<day>\d{{1,2}}),\s*{_YEAR}",
        "tháng",
    ),
    # 2. April 2018 · 1er avril 2018 · 2 de abril de 2018 · 2nd of April, 2018 · 02-Apr-2018 ·
    # 24 نيسان / أبريل 2020
    _row(
        rf"{_DAY}(?:\s?(?:st|nd|rd|th|er|[ºª°.]))?[\s\-/]*(?:de\s+|of\s+|d')?{_MONTH}"
        rf"(?:\s?/\s?[^\W\d]{{3,9}})?[\s,\-/]*(?:del?\s+)?(?:{_YEAR}|['’](?P<short>\d{{2}})(?!\d))"
    ),
    # April 2, 2018 · Apr. 2nd 2018
    _row(
        rf"(?<![^\W_]){_MONTH}[\s\-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?"
        rf"(?:\s*,\s*|[\s\-]+){_YEAR}"
    ),
    # 2018. április 2.
    _row(rf"{_YEAR}[.,]?\s*{_MONTH}\s*(?P<day>\d{{1,2}})(?!\d)"),
    # 2018年4月2日 · 2018년 4월 2일
    _row(
        r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]",
        "年",
        "년",
    ),
)

HALVES: dict[str, int] = {"sa": 0, "am": 0, "a.m.": 0, "ch": 12, "pm": 12, "p.m.": 12}
"""Half of the day → hours to add. SA (sáng) and CH (chiều) are Vietnamese."""

TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})\s*(?::|h|giờ|uhr)\s*(?P<minute>\d{2})"
    r"(?:\s*(?::|phút)\s*(?P<second>\d{2})?)?(?:\.\d+)?"
    r"(?:\s*(?P<half>[ap]\.m\.|SA|CH|AM|PM)(?![^\W\d_]))?(?!\d)",
    re.I,
)
ZONE = re.compile(
    r"\s*[\[(]?\s*(?:(?:GMT|UTC)\s*[+\-−]\s?\d{1,2}(?::?\d{2})?|[+\-−]\d{2}:?\d{2}(?!\d)|"
    r"(?:GMT|UTC|CES?T|E[SD]?T|P[SD]?T|BST|MESZ|MEZ|ICT|Z)(?!\w))\s*[\])]?",
    re.I,
)
"""A zone after a time. Portals' own is known, so only its place matters."""
BETWEEN = re.compile(
    r"[\s,;|–—\-•·/T@]*(?:(?:vào\s+)?lúc|ngày|at|um|às|à|a\s+las|alle(?:\s+ore)?|om|ore|kl\.?|"
    r"o\s+godz(?:\.|inie)?|klo|в|г\.,?)?[\s,;|–—\-•·:]*",
    re.I,
)
"""What may stand between a date and its time."""
