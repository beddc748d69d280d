"""The indexes of public web archives: which captures they list, and where each is to be had.

The Wayback Machine's CDX server and Common Crawl's (pywb's) know the same questions: url,
matchType, from, to, output=json, limit. They differ in the fields' names, in JSON as one array or
by the line, and in how a long list goes on: by a resume key, by pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin

from archive.elsewhere import Asked, Entry
from halong_crawler.clock import stamp
from halong_crawler.importing.asking import Asker, Got, UnusableError

_PAGE = 5_000
"""Captures asked for at a time."""
_SHA1 = re.compile(r"(?:sha1:)?([A-Z2-7]{32})")
_POSTED = "__wb_method="
"""Part of the key of a form's answer; it is no state of the page at its address."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list."""

    entries: list[Entry]
    resume: str | None
    """Where the next page begins; None: this was the last."""


@dataclass(frozen=True, slots=True)
class Index:
    """An archive's index: its parts, and the pages of one."""

    asked: str
    """Its address."""
    parts: Callable[[Asker, Asked], list[str]]
    """Addresses of what it consists of, for a span of time."""
    page: Callable[[Asker, Asked, str, str | None], ListPage]
    """A page of a part, by where it begins. Raises what :meth:`Asker.ask` raises."""


def wayback(address: str) -> Index:
    """The CDX server of the Wayback Machine, or of a pywb of one's own."""
    return Index(address, lambda _asker, _asked: [address], _by_key)


def common_crawl(address: str) -> Index:
    """Common Crawl's: each of its crawls has an index of its own."""

    def parts(asker: Asker, asked: Asked) -> list[str]:
        where = urljoin(address.rstrip("/") + "/", "collinfo.json")
        return [
            urljoin(where, str(crawl["cdx-api"]))
            for crawl in asker.ask(where, _crawls)
            if _meets(crawl, asked)
        ]

    return Index(address, parts, _by_number)


# Lists


def _by_key(asker: Asker, asked: Asked, part: str, resume: str | None) -> ListPage:
    """A page of the Wayback Machine's list. A pywb knows no resume key: it is asked for all."""
    more = {"limit": str(_PAGE), "showResumeKey": "true"}
    if resume:
        more["resumeKey"] = resume
    listed = asker.ask(_question(part, asked, more), partial(_listed, asked))
    if listed.key is None and listed.rows >= _PAGE and resume is None:
        listed = asker.ask(_question(part, asked, {}), partial(_listed, asked))
    return ListPage(listed.entries, listed.key)


def _by_number(asker: Asker, asked: Asked, part: str, resume: str | None) -> ListPage:
    """A page of Common Crawl's; where it goes on is said as ``page of pages``."""
    number, _, pages = (resume or "").partition(" of ")
    if not resume:
        number, pages = "0", asker.ask(_question(part, asked, {"showNumPages": "true"}), _pages)
    if int(pages) == 0:
        return ListPage([], None)
    listed = asker.ask(_question(part, asked, {"page": number}), partial(_listed, asked))
    following = int(number) + 1
    going_on = f"{following} of {pages}" if following < int(pages) else None
    return ListPage(listed.entries, going_on)


def _question(part: str, asked: Asked, more: dict[str, str]) -> str:
    whole = asked.host.startswith("*.")
    query = {
        "url": asked.host.removeprefix("*."),
        "matchType": "domain" if whole else "host",
        "output": "json",
        "from": asked.since,
        "to": asked.until,
        **more,
    }
    return f"{part}?{urlencode({name: value for name, value in query.items() if value})}"


def _meets(crawl: dict[str, Any], asked: Asked) -> bool:
    """Whether a crawl's time and the one asked for meet; a crawl that names none may."""
    first, last = (
        "".join(filter(str.isdigit, str(crawl.get(name, "")))) for name in ("from", "to")
    )
    begins = not last or last[: len(asked.since)] >= asked.since
    ends = not asked.until or first[: len(asked.until)] <= asked.until
    return begins and ends


# Answers


def _json(got: Got, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnusableError(f"status {got.status}, and no list ({error})") from error


def _text(got: Got) -> str:
    """The answer's text; empty where it says that nothing was captured."""
    text = got.body.decode("utf-8", "replace").strip()
    if got.status == 404 and "no captures" in text.lower():
        return ""
    if got.status != 200:
        raise UnusableError(f"status {got.status}: {' '.join(text.split())[:200]}")
    return text


def _crawls(got: Got) -> list[dict[str, Any]]:
    found = _json(got, _text(got))
    if not isinstance(found, list) or any("cdx-api" not in crawl for crawl in found):
        raise UnusableError("it is no list of crawls")
    return found


def _pages(got: Got) -> str:
    """How many pages a list has: a number, or JSON that has it as ``pages``."""
    text = _text(got)
    told = _json(got, text) if text else 0
    number = told.get("pages") if isinstance(told, dict) else told
    if not isinstance(number, int):
        raise UnusableError("it does not say how many pages there are")
    return str(number)


class _Listed(NamedTuple):
    entries: list[Entry]
    rows: int
    """How many there were, those too that are left out."""
    key: str | None
    """The resume key, if there is one."""


def _listed(asked: Asked, got: Got) -> _Listed:
    rows, key = _rows(got)
    return _Listed(list(_entries(rows, asked)), len(rows), key)


def _rows(got: Got) -> tuple[list[dict[str, str]], str | None]:
    """The rows of a list by their fields' names, and the resume key."""
    text = _text(got)
    if not text.startswith("["):
        lines = [_json(got, line) for line in text.splitlines() if line.strip()]
        if not all(isinstance(line, dict) for line in lines):
            raise UnusableError("it is no list of captures")
        return [{name: str(value) for name, value in line.items()} for line in lines], None
    table = _json(got, text)
    if not table:
        return [], None
    names, *rows = table
    key = None
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        key = str(rows[-1][0])
        rows = rows[:-2]
    if any(len(row) != len(names) for row in rows):
        raise UnusableError("a row of the list has not the fields it should have")
    return [dict(zip(names, map(str, row), strict=True)) for row in rows], key


def _entries(rows: list[dict[str, str]], asked: Asked) -> Iterator[Entry]:
    for row in rows:
        try:
            at = datetime.strptime(row["timestamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            url = row.get("original") or row["url"]
        except (KeyError, ValueError) as error:
            raise UnusableError(f"a row of the list names no time or address ({error})") from error
        if _POSTED in row.get("urlkey", "") or _POSTED in url:
            continue
        status = row.get("statuscode", row.get("status", ""))
        kind = row.get("mimetype", row.get("mime", ""))
        digest = _SHA1.fullmatch(row.get("digest", ""))
        entry = Entry(
            url=url, at=stamp(at), status=int(status) if status.isdecimal() else None,
            media_type=kind if "/" in kind else None, digest=digest[1] if digest else None,
            file=row.get("filename", "") if asked.kind == "common_crawl" else "",
            place=_number(row.get("offset")) if asked.kind == "common_crawl" else 0,
            size=_number(row.get("length")) or None,
        )  # fmt: skip
        if asked.covers(entry.at):
            yield entry


def _number(text: str | None) -> int:
    return int(text) if text is not None and str(text).isdecimal() else 0


__all__ = ["Index", "ListPage", "common_crawl", "wayback"]
