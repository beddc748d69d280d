"""Dates that a page's own data states: JSON-LD, metas, its address.

A row of a table is a kind of statement; the kinds are weighed (:mod:`.weighing`), for products fill
the same names with different things: the day of the article, of the template, of the last change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from halong_crawler.reading.dates.moment import Moment
from halong_crawler.reading.dates.parse import date_in_url, stated_date
from halong_crawler.reading.document import Document

_OBJECTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("news", re.compile(r"\w*NewsArticle|LiveBlogPosting|Report")),
    ("blog", re.compile(r"\w*Posting")),
    ("article", re.compile(r"\w*Article|Essay")),
    ("work", re.compile(r"Recipe|HowTo|Review|PodcastEpisode|VideoObject|Book|Dataset|Event")),
    ("page", re.compile(r"\w*Page")),
)
"""Kind of JSON-LD object → its types."""
_OF_OBJECT = {"datePublished": "", "uploadDate": "", "dateCreated": " created",
              "dateModified": " modified"}  # fmt: skip
_METAS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("", re.compile(r"expir|section|unpubli|publisher|publishing|birth|video|valid")),
    ("modified", re.compile(r"modif|updated?(?:[_-]?(?:time|at|on|date))?$|^revised$|lastmod")),
    (
        "published",
        re.compile(
            r"publi[sc]|pub[_-]?date|issued|release[_-]?date|date[_.-]release|sailthru\.date|"
            r"displaydate|citation_(?:online_)?date|post[_-]?date|posted|publishtime"
        ),
    ),
    ("date", re.compile(r"^(?:dc\.|dcterms\.|dc:|article\.)?date$")),
    ("created", re.compile(r"(?:^|[.:_-])(?:date)?[._-]?created|creation")),
)
"""Kind of statement → names of metas, in lower case; the first row that fits counts."""

PUBLISHED_METAS = frozenset({"published", "date"})


class Stated(NamedTuple):
    """A date in the page's data."""

    moment: Moment
    kind: str
    evidence: str


def stated_dates(document: Document, zone: ZoneInfo, *, month_first: bool) -> Iterator[Stated]:
    """Every statement, the surest kind of object first."""
    yield from sorted(_in_objects(document, zone), key=lambda found: _rank(found.kind))
    yield from _in_metas(document.metas, zone, month_first)
    urls = (document.url, document.metas.get("og:url", ""))
    moments = (date_in_url(url, zone) for url in urls)
    yield from (Stated(moment, "url", "url") for moment in moments if moment is not None)


def _rank(kind: str) -> int:
    return next(at for at, (name, _) in enumerate(_OBJECTS) if kind.startswith(f"ld {name}"))


def _in_objects(document: Document, zone: ZoneInfo) -> Iterator[Stated]:
    for thing in document.linked_objects:
        name = _kind_of_object(thing)
        for key, role in _OF_OBJECT.items() if name else ():
            value = thing.get(key)
            moment = stated_date(value, zone) if isinstance(value, str) else None
            if moment is not None:
                yield Stated(moment, f"ld {name}{role}", f"json-ld:{key}")


def _kind_of_object(thing: Mapping[str, Any]) -> str | None:
    stated = thing.get("@type")
    types = [t for t in (stated if isinstance(stated, list) else [stated]) if isinstance(t, str)]
    return next((name for name, row in _OBJECTS if any(map(row.fullmatch, types))), None)


def _in_metas(metas: Mapping[str, str], zone: ZoneInfo, month_first: bool) -> Iterator[Stated]:
    for name, text in metas.items():
        kind = next((kind for kind, row in _METAS if row.search(name)), "")
        moment = stated_date(text, zone, month_first=month_first) if kind else None
        if moment is not None:
            yield Stated(moment, f"meta {kind}", f"meta:{name}")
