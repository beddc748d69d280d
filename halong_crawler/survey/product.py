"""Which product a portal runs on: by the marks of known platforms, and by what it says itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from halong_crawler.platforms import PLATFORMS, detect
from halong_crawler.platforms.generic import GENERIC
from halong_crawler.reading import Document


class Product(NamedTuple):
    """A product, and what betrayed it."""

    name: str
    evidence: str


class _Mark(NamedTuple):
    product: str
    place: str
    """``meta:`` and the name of a meta element, ``header:`` and that of a header, or ``html``."""
    pattern: re.Pattern[str]


def _marks(*rows: tuple[str, str, str]) -> tuple[_Mark, ...]:
    return tuple(_Mark(name, place, re.compile(text, re.I)) for name, place, text in rows)


MARKS = _marks(
    ("nukeviet", "meta:generator", r"nukeviet[\w .]*"),
    ("nukeviet", "html", r"\bnv_(?:base_siteurl|lang_data|name_variable)\b"),
    ("wordpress", "meta:generator", r"wordpress[\w .]*"),
    ("wordpress", "html", r"/wp-(?:content|includes)/"),
    ("drupal", "meta:generator", r"drupal[\w .]*"),
    ("drupal", "header:x-generator", r"drupal[\w .]*"),
    ("drupal", "html", r"/sites/default/files/"),
    ("joomla", "meta:generator", r"joomla[\w .!-]*"),
    ("liferay", "header:liferay-portal", r".+"),
    ("dotnetnuke", "html", r"\bdnn_ctr\d+|\bdotnetnuke\b"),
    ("webcenter", "html", r"_adf\.ctrl-state|/webcenter/portal"),
    ("sharepoint", "meta:generator", r"microsoft sharepoint"),
    ("sharepoint", "header:microsoftsharepointteamservices", r".+"),
)
"""What products of the web at large say of themselves, the surest first."""

_SEARCHED = 200_000


def platform_of(document: Document) -> Product | None:
    """The platform with a table of its own whose marks a page bears."""
    table = detect(document.text)
    if table is GENERIC:
        return None
    head = document.text[:_SEARCHED]
    found = next(match for mark in table.marks if (match := mark.search(head)))
    return Product(table.name, f"its pages hold {_short(found.group(0))}")


def product_of(document: Document, headers: Mapping[str, str]) -> Product | None:
    """The product a page or its answer names, whether or not there is a table for it."""
    for mark in MARKS:
        kind, _, name = mark.place.partition(":")
        if kind == "html":
            text, said = document.text[:_SEARCHED], "its pages hold"
        elif kind == "meta":
            text, said = document.metas.get(name, ""), f"meta {name} says"
        else:
            text, said = headers.get(name, ""), f"the header {name} says"
        match = mark.pattern.search(text)
        if match:
            return Product(mark.product, f"{said} {_short(match.group(0))}")
    return None


def has_table(product: Product) -> bool:
    """Whether Halong knows how the product builds pages."""
    return product.name in PLATFORMS


def _short(text: str) -> str:
    """Its beginning and its end: what betrays a product may stand at either."""
    text = text.strip()
    return f"“{text[:12]}…{text[-32:]}”" if len(text) > 48 else f"“{text}”"
