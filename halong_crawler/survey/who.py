"""Whose portal it is: its name, its level and its province, each with where it was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from archive.records import Imprint
from archive.text import fold, squeeze, tone_key
from halong_crawler.discovery.urls import Address
from halong_crawler.reading import Document
from halong_crawler.survey.provinces import BY_HOST, PROVINCES


class Said(NamedTuple):
    """A value and where it was read; without evidence it is a guess."""

    value: str
    evidence: str


UNKNOWN = "?"

_PARTS = re.compile(r"\s+[-–—|»›:]\s+|\s*[|»›]\s*")
_NO_NAME = re.compile(r"trang (?:chu|nhat)|home(?: ?page)?|index|tin tuc|untitled.*|chao mung.*")
_OF_A_BODY = re.compile(
    r"cổng|trang (?:thông tin|tin)|ubnd|[uủ][yỷ] ?ban|phường|xã(?! hội)|huyện|tỉnh|thành phố|"
    r"thị (?:xã|trấn)|đặc khu|\bsở\b|\bban\b|trung tâm|chi cục|\bhội\b",
    re.I,
)
_PORTAL = re.compile(
    r"^(?:website\s+)?(?:(?:cổng|trang)(?:\s+thông\s+tin|\s+tin)?(?:\s+(?:điện\s+tử|đtđt|ttđt))?"
    r"(?:\s+thành\s+phần)?|cổng\s+ttđt)?(?:\s+của)?\s*[-:]?\s*"
    r"(?:(?:ubnd|hđnd|[uủ][yỷ] ban nhân dân|hội đồng nhân dân)(?:\s*[-–,và]+\s*)?)*\s*",
    re.I,
)

_CENTRAL = "hà nội|hồ chí minh|hải phòng|đà nẵng|cần thơ|huế|quảng ninh"

_UNITS: tuple[tuple[str, str, str], ...] = (
    ("commune", r"phường", "{} ward"),
    ("commune", r"xã(?!\s+hội\b)", "{} commune"),
    ("commune", r"thị trấn", "{} township"),
    ("commune", r"đặc khu", "{} special zone"),
    ("district", r"huyện", "{} district"),
    ("district", r"quận", "{} urban district"),
    ("district", r"thị xã", "the town of {}"),
    ("province", r"tỉnh", "{} province"),
    ("province", rf"(?:thành phố|tp\.?)(?=\s+(?:{_CENTRAL})\b)", "the city of {}"),
    ("district", r"thành phố|tp\.?(?=\s)", "the city of {}"),
)  # fmt: skip
"""Level, the word for such a unit, and what it is called in English."""

_BODIES: tuple[tuple[str, str], ...] = (
    ("ministry", r"bộ(?!\s+(?:chỉ huy|đội))|tổng cục"),
    ("department", r"sở|ban(?!\s+nhân)|chi cục|cục|trung tâm|văn phòng|hội(?!\s+đồng)|công an|"
     r"thanh tra|bộ chỉ huy|mặt trận|đảng bộ|đoàn|liên đoàn|liên minh|trường|bệnh viện|viện"),
)  # fmt: skip
"""Level and the words with which the name of such a body begins."""

_HOSTS = {"xa": "commune", "phuong": "commune", "huyen": "district", "so": "department"}

_NAME = r"\s+(?P<name>\w+(?:[ \-]\w+){0,4})"
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)


def title_of(document: Document, imprint: Imprint | None, address: Address) -> Said:
    """The portal's name in its own words."""
    found = list(_titles(document, imprint))
    for said in found:
        if _OF_A_BODY.search(said.value) and len(said.value) > 8:
            return said
    return found[0] if found else Said(address.host, "")


def _titles(document: Document, imprint: Imprint | None) -> Iterator[Said]:
    stated = [
        (document.metas.get("og:site_name", ""), "og:site_name"),
        *((part, "the page's title") for part in _PARTS.split(document.head_title)),
        *((node.text(), "a heading") for node in document.tree.css("h1")[:2]),
        ((imprint.raw if imprint else "").partition("\n")[0], "the foot of the page"),
    ]
    for text, evidence in stated:
        name = squeeze(text).strip(" -–|.,")
        if 3 < len(name) <= 150 and not _NO_NAME.fullmatch(fold(name)):
            yield Said(name, evidence)


def level_of(title: str, address: Address) -> Said:
    """The level of government, from the portal's name or else its host."""
    name = _PORTAL.sub("", title, count=1)
    for level, words in _BODIES:
        if re.match(rf"(?:{words})\b", name, re.I):
            return Said(level, "its name")
    unit = _unit(name)
    if unit is not None:
        return Said(unit[0], "its name")
    labels = address.site.split(":")[0].split(".")
    if labels[0] in BY_HOST:
        return Said("province", "its host")
    for start, level in _HOSTS.items():
        if re.match(rf"{start}[-_.]?\w{{3,}}", labels[0]):
            return Said(level, "its host")
    return Said("commune", "")


def english(title: str, address: Address) -> str:
    """A plain English name, as far as the Vietnamese one gives it away."""
    name = _PORTAL.sub("", title, count=1)
    unit = _unit(name) if not any(re.match(rf"(?:{w})\b", name, re.I) for _, w in _BODIES) else None
    return f"Portal of {unit[1]}" if unit is not None else f"Portal at {address.host}"


def _unit(name: str) -> tuple[str, str] | None:
    """Level and English name of the unit that is named first: it is the portal's own.

    After a name, a larger unit is only the one it belongs to: ``Cẩm Phả, tỉnh Quảng Ninh``.
    """
    found = [
        (match.start(), order, level, words.format(_proper(match["name"])))
        for order, (level, word, words) in enumerate(_UNITS)
        if (match := re.search(rf"(?<!\w)(?:{word}){_NAME}", name, re.I))
        if level == "commune" or match.start() == 0
    ]
    return min(found)[2:] if found else None


def _proper(name: str) -> str:
    """The name itself: its words up to the first that does not begin with a capital."""
    words = name.split()
    kept = [word for i, word in enumerate(words) if all(w[0].isupper() for w in words[: i + 1])]
    proper = " ".join(kept or words)
    return proper.title() if proper.isupper() else proper


def province_of(title: str, document: Document, address: Address) -> Said:
    """The province, from the name, the host or what the page says most often."""
    named = _provinces(title)
    if named:
        return Said(named[0], "its name")
    for label in reversed(address.site.split(":")[0].split(".")):
        if label in BY_HOST:
            return Said(BY_HOST[label], "its host")
    often = Counter(_provinces(document.visible)).most_common(1)
    if often:
        return Said(often[0][0], "the words of the page")
    whole = tone_key(title)
    bare = [name for name in PROVINCES if re.search(rf"\b{tone_key(name)}\b", whole)]
    return Said(bare[0], "its name") if bare else Said(UNKNOWN, "")


_BY_KEY = {tone_key(name): name for name in PROVINCES}
_IN_TEXT = re.compile(
    rf"\b(?:tỉnh|thành phố|tp\.?)\s+({'|'.join(sorted(_BY_KEY, key=len, reverse=True))})\b"
)


def _provinces(text: str) -> list[str]:
    return [_BY_KEY[match.group(1)] for match in _IN_TEXT.finditer(tone_key(text))]


def language_of(document: Document) -> Said:
    """The language of the words; the page's own word for it is often the software's default."""
    text = document.visible
    share = len(_VIETNAMESE.findall(text)) / max(1, len(text))
    root = document.tree.css_first("html")
    stated = ((root.attributes.get("lang") if root is not None else "") or "").lower()
    if share > 0.02:
        return Said("vi", "its words")
    if re.fullmatch(r"[a-z]{2,3}(?:-\w+)*", stated) and not stated.startswith("vi"):
        return Said(stated.partition("-")[0], "html lang")
    return Said("vi", "")


def name_for(address: Address, prefix: str = "", *, with_port: bool = False) -> str:
    """A portal's name from its host and path: ``hungthang_halongcity``, ``quangninh_vandon``."""
    port = (re.findall(r":(\d+)$", address.site) or [""])[0]
    host = address.site.removesuffix(f":{port}").strip("[]")
    labels = re.sub(r"\.(?:gov|edu|com|org|net)?\.?vn$", "", host).split(".")
    words = [*labels, *prefix.split("/")[-1:], *([port] if with_port else [])]
    name = re.sub(r"[^a-z0-9]+", "_", fold("_".join(filter(None, words)))).strip("_")
    return name if name[:1].isalpha() else f"host_{name}"
