"""The pages of one state of an article: what changed in it, and the page as it was captured."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.place import Archive
from archive.site import captured, pages, version
from archive.site.database import DATABASE_NAME, Answer, ask
from archive.site.datasette_api import Datasette, Request, Response
from archive.site.headers import OWN_POLICY
from archive.site.safe_html import body, paragraphs
from archive.warc import WarcError

COLLECTION = "archive"
"""pywb's name for the archive, in its addresses."""


async def version_page(datasette: Datasette, request: Request) -> Response:
    """One state beside another, for readers."""
    found = await _version(datasette, request)
    if found is None:
        return await pages.not_found_page(datasette, request)
    html = body(found["body_html"]) if found["body_html"] else paragraphs(found["body"])
    shown = {
        "version": found,
        "body": html,
        "replay": replay_address(datasette, request, found["capture"]),
    }
    return await pages.html_page(datasette, request, "halong_version.html", shown)


async def version_json(datasette: Datasette, request: Request) -> Response:
    """One state beside another, for programs."""
    found = await _version(datasette, request)
    if found is None:
        return pages.json_not_found()
    return pages.json_answer(found)


async def captured_page(datasette: Datasette, request: Request) -> Response:
    """The page as it was captured, in a frame, under the line that proves it."""
    found = await _version(datasette, request)
    if found is None:
        return await pages.not_found_page(datasette, request)
    damage = None
    try:
        await _of_record(datasette, found, captured.record)
    except WarcError as error:
        # Where this machine keeps its files is nobody's business.
        damage = str(error).replace(f"{_warc_dir(datasette)}/", "")
    replay = replay_address(datasette, request, found["capture"])
    shown = {"version": found, "damage": damage, "replay": replay, "place": captured.PLACE}
    answer = await pages.html_page(datasette, request, "halong_captured.html", shown)
    answer.headers["content-security-policy"] = f"{OWN_POLICY}; frame-src 'self'"
    return answer


async def captured_frame(datasette: Datasette, request: Request) -> Response:
    """What stands inside the frame."""
    found = await _version(datasette, request)
    if found is None:
        return await pages.not_found_page(datasette, request)
    try:
        html = await _of_record(datasette, found, captured.page)
    except WarcError:  # the page around the frame says which and why
        return await pages.not_found_page(datasette, request)
    return Response.html(html, headers={"content-security-policy": captured.FRAME_POLICY})


async def record_file(datasette: Datasette, request: Request) -> Response:
    """The capture's WARC record, alone."""
    found = await _version(datasette, request)
    if found is None:
        return await pages.not_found_page(datasette, request)
    try:
        data, name = await _of_record(datasette, found, captured.record)
    except WarcError:  # a damaged record is no evidence
        return await pages.not_found_page(datasette, request)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers, content_type="application/warc")


def replay_address(datasette: Datasette, request: Request, capture: dict[str, Any]) -> str | None:
    """Where pywb shows the capture, if it runs."""
    port = (datasette.plugin_config("halong") or {}).get("replay_port")
    if port is None or capture["warc_file"] is None:
        return None
    # Under the name readers know this machine by.
    host = urlsplit(f"//{request.host}").hostname or "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    moment = re.sub(r"\D", "", capture["fetched_at"])[:14]
    return f"http://{name}:{port}/{COLLECTION}/{moment}/{capture['url']}"


async def _version(datasette: Datasette, request: Request) -> dict[str, Any] | None:
    key, number = unquote(request.url_vars["key"]), int(request.url_vars["number"])
    asked = request.args.get("with") or ""
    beside = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    return await ask(datasette, lambda conn: version.load(conn, key, number, beside))


async def _of_record(
    datasette: Datasette,
    found: dict[str, Any],
    question: Callable[[sqlite3.Connection, Path, dict[str, Any]], Answer],
) -> Answer:
    """Ask something of a capture's record. Raises :class:`archive.warc.WarcError`."""
    warc_dir = _warc_dir(datasette)
    return await ask(datasette, lambda conn: question(conn, warc_dir, found))


def _warc_dir(datasette: Datasette) -> Path:
    return Archive(Path(datasette.get_database(DATABASE_NAME).path).parent).warc_dir
