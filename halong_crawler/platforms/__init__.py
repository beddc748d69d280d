"""The products portals run on, one module each: tables of selectors and URL rules."""

from datetime import date, datetime

from halong_crawler.platforms.base import (
    FIELDS,
    ArticleUrl,
    Platform,
    Refusal,
    Selector,
    Turn,
    Twin,
    selector,
)
from halong_crawler.platforms.dotnetnuke import DOTNETNUKE
from halong_crawler.platforms.drupal import DRUPAL
from halong_crawler.platforms.generic import GENERIC
from halong_crawler.platforms.halong_cms import HALONG_CMS
from halong_crawler.platforms.joomla import JOOMLA
from halong_crawler.platforms.liferay import LIFERAY
from halong_crawler.platforms.nukeviet import NUKEVIET
from halong_crawler.platforms.on_liferay import VCMS, VNPT_PORTAL
from halong_crawler.platforms.plone import PLONE
from halong_crawler.platforms.sharepoint_list import SHAREPOINT_LIST
from halong_crawler.platforms.sharepoint_qnp import SHAREPOINT_QNP
from halong_crawler.platforms.wordpress import WORDPRESS

TABLES: tuple[Platform, ...] = (
    HALONG_CMS,
    SHAREPOINT_QNP,
    SHAREPOINT_LIST,
    VCMS,
    VNPT_PORTAL,
    LIFERAY,
    NUKEVIET,
    WORDPRESS,
    DOTNETNUKE,
    DRUPAL,
    JOOMLA,
    PLONE,
    GENERIC,
)
"""Every table, in the order in which a page is tried for marks; tables of the past included."""

PLATFORMS: dict[str, Platform] = {table.name: table for table in TABLES if not table.valid_until}
"""Name → the present table."""

_SEARCHED = 200_000
"""Characters of a page that are searched for marks."""


def detect(html: str) -> Platform:
    """The platform whose marks a page bears; ``generic`` if it bears none."""
    head = html[:_SEARCHED]
    for table in PLATFORMS.values():
        if any(mark.search(head) for mark in table.marks):
            return table
    return GENERIC


def platform_for(name: str, html: str, captured_at: datetime | None = None) -> Platform:
    """The table that reads a page of a portal on platform ``name``.

    Portals change their templates and captures do not: a capture is read by the table of its day.
    For a portal whose product is not known, the page's own marks decide.
    """
    return table_of(detect(html).name if name == GENERIC.name else name, captured_at)


def table_of(name: str, captured_at: datetime | None = None) -> Platform:
    """The table of a product as it was on the day of a capture."""
    if captured_at is not None:
        day = captured_at.date()
        past = [t for t in TABLES if t.name == name and t.valid_until and day <= t.valid_until]
        return min(past, key=lambda t: t.valid_until or date.max, default=PLATFORMS[name])
    return PLATFORMS[name]


__all__ = [
    "FIELDS",
    "GENERIC",
    "PLATFORMS",
    "TABLES",
    "ArticleUrl",
    "Platform",
    "Refusal",
    "Selector",
    "Turn",
    "Twin",
    "detect",
    "platform_for",
    "selector",
    "table_of",
]
