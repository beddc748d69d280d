"""The feed of roots: what closed crawls came to, for whoever keeps heads outside of the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET

from archive import chain
from archive.site.database import ask
from archive.site.datasette_api import Datasette, Request, Response
from archive.site.headers import OWN_POLICY
from archive.site.language import current, gettext
from archive.site.pages import TITLE, json_answer

PAGE = 100
"""Entries on a page; the next page goes on with older ones."""

_ATOM = "http://www.w3.org/2005/Atom"
_TAG = "tag:halong-archive.github.io,2026:"
"""Ids that stay when the site moves (RFC 4151): heads are the same wherever they are served."""


async def chain_json(datasette: Datasette, request: Request) -> Response:
    """Roots for programs."""
    found = await _page(datasette, request)
    older = found["older"]
    found["next"] = _address(datasette, request, "/chain.json", older) if older else None
    return json_answer({name: value for name, value in found.items() if name != "older"})


async def chain_atom(datasette: Datasette, request: Request) -> Response:
    """Roots for feed readers (RFC 4287)."""
    found = await _page(datasette, request)

    def address(path: str, before: int | None = None) -> str:
        return _address(datasette, request, path, before)

    title = gettext(TITLE)
    return Response(
        feed(found, title, address, _before(request)),
        headers={"content-security-policy": OWN_POLICY, "access-control-allow-origin": "*"},
        content_type="application/atom+xml; charset=utf-8",
    )


def load(conn: sqlite3.Connection, before: int | None = None) -> dict[str, Any]:
    """A page of entries, newest first: ``entries``, the chain's ``first`` head, and ``older``,
    the number that the next page goes on before (None: this is the last)."""
    entries = chain.heads(conn, PAGE, before)
    first = conn.execute("SELECT head FROM chain ORDER BY number LIMIT 1").fetchone()
    return {
        "entries": [asdict(each) | {"closed": each.closed} for each in entries],
        "first": first[0] if first else None,
        "older": entries[-1].number if entries and entries[-1].number > 1 else None,
    }


def feed(
    found: dict[str, Any], title: str, address: Callable[..., str], before: int | None = None
) -> str:
    """The page as Atom, with the way to older ones (RFC 5005, 3)."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": current()})
    entries = found["entries"]
    _add(root, "id", f"{_TAG}roots/{found['first'] or 'none'}")
    _add(root, "title", gettext("{site}: chain of roots").format(site=title))
    _add(root, "updated", max(map(_updated, entries), default="1970-01-01T00:00:00Z"))
    _add(_add(root, "author"), "name", title)
    _link(root, "self", address("/chain.atom", before), "application/atom+xml")
    _link(root, "alternate", address("/chain.json", before), "application/json")
    if found["older"]:
        _link(root, "next", address("/chain.atom", found["older"]), "application/atom+xml")
    for each in entries:
        root.append(_entry(each, address))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}'


def _entry(each: dict[str, Any], address: Callable[..., str]) -> ET.Element:
    entry = ET.Element(f"{{{_ATOM}}}entry")
    _add(entry, "id", f"{_TAG}chain/{each['head']}")
    _add(entry, "title", f"{each['closed']}: {each['head']}")
    _add(entry, "published", each["closed_at"])
    _add(entry, "updated", _updated(each))
    _link(entry, "alternate", address("/chain.json", each["number"] + 1), "application/json")
    stamp = (
        f"{each['stamped_at']} by {each['authority']}" if each["stamped_at"] else "none"
    )  # fmt: skip
    _add(
        entry, "content",
        f"number: {each['number']}\nof: {each['closed']}\n"
        f"closed: {each['closed_at']}\nrecords: {each['records']}\nroot: {each['root']}\n"
        f"previous head: {each['previous'] or 'none'}\nhead: {each['head']}\ntime stamp: {stamp}",
        type="text",
    )  # fmt: skip
    return entry


def _updated(each: dict[str, Any]) -> str:
    """When an entry came to be as it is: a stamp may be had later."""
    return str(each["stamped_at"] or each["closed_at"])


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = text
    return child


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    _add(parent, "link", rel=rel, href=href, type=kind)


def _address(datasette: Datasette, request: Request, path: str, before: int | None = None) -> str:
    """An absolute address, as feed readers want it."""
    query = f"?before={before}" if before else ""
    return str(datasette.absolute_url(request, datasette.urls.path(path) + query))


def _before(request: Request) -> int | None:
    """The number a page goes on before; what is no number is not asked for."""
    asked = request.args.get("before") or ""
    # More digits than a row's number has name no entry.
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


async def _page(datasette: Datasette, request: Request) -> dict[str, Any]:
    return await ask(datasette, lambda conn: load(conn, _before(request)))
