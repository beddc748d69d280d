"""The site's own pages: home, search, article, robots.txt, and what is said when none is found."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import unquote

from archive.search import Results, search
from archive.site import article, cite, coverage, home, language, results
from archive.site.database import DATABASE_NAME, ask
from archive.site.datasette_api import (
    Base400,
    Datasette,
    DatasetteError,
    QueryInterrupted,
    Request,
    Response,
)
from archive.site.headers import OWN_POLICY
from archive.site.language import N_, gettext
from archive.site.safe_html import body, paragraphs, with_images

log = logging.getLogger("halong.site")

ROBOTS = """\
User-agent: *
Disallow: /search?
Disallow: /search.json
Disallow: /halong/
Disallow: /halong.
Disallow: /-/
Disallow: /language/
Disallow: /*?_
Disallow: /*.json$
Allow: /
"""

TITLE = N_("Archive of Hạ Long")
DESCRIPTION = N_("An archive of Vietnamese local-government portals, with the evidence.")
NOT_FOUND = N_("There is no such page.")
TOO_SLOW = N_("This took too long: add words or filters.")
FAULT = N_("Something went wrong on the server.")


async def home_page(datasette: Datasette, request: Request) -> Response:
    """What the archive holds and what is new in it."""
    columns = datasette.get_database(DATABASE_NAME).columns
    held = await ask(datasette, lambda conn: home.load(conn, columns.of(conn)))
    return await html_page(datasette, request, "halong_home.html", {"held": held})


async def search_page(datasette: Datasette, request: Request) -> Response:
    """Search for readers."""
    found = await _search(datasette, request)
    shown = results.for_template(found, datasette.urls.path("/search"))
    return await html_page(datasette, request, "halong_search.html", shown)


async def search_json(datasette: Datasette, request: Request) -> Response:
    """Search for programs."""
    found = await _search(datasette, request)
    return json_answer(results.for_json(found, datasette.urls.path("/search.json")))


async def article_page(datasette: Datasette, request: Request) -> Response:
    """One article for readers."""
    found = await _article(datasette, request)
    if found is None:
        return await not_found_page(datasette, request)
    html = body(found["body_html"]) if found["body_html"] else paragraphs(found["body"])
    address = _absolute(datasette, request, found)
    shown = {
        "article": found,
        "body": html,
        "citations": cite.in_each_language(found),
        "schema_org": cite.schema_org(found, address),
        "dublin_core": cite.dublin_core(found, address),
    }
    return await html_page(datasette, request, "halong_article.html", shown)


async def article_json(datasette: Datasette, request: Request) -> Response:
    """One article for programs."""
    found = await _article(datasette, request)
    if found is None:
        return json_not_found()
    return json_answer(found | {"body_html": with_images(found["body_html"])})


async def cited(datasette: Datasette, request: Request) -> Response:
    """One article for reference managers."""
    found = await _article(datasette, request)
    if found is None:
        return await not_found_page(datasette, request)
    form = request.url_vars["form"]
    media_type, make = cite.FORMS[form]
    made = make(found, _absolute(datasette, request, found))
    text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, indent=2)
    return Response(
        text,
        headers={
            "content-security-policy": OWN_POLICY,
            "access-control-allow-origin": "*",
            "content-disposition": f'attachment; filename="citation.{form}"',
        },
        content_type=media_type,
    )


async def coverage_page(datasette: Datasette, request: Request) -> Response:
    """How complete the archive is of a portal, for readers."""
    found = await _coverage(datasette, request)
    if found is None:
        return await not_found_page(datasette, request)
    shown = coverage.for_template(found)
    return await html_page(datasette, request, "halong_coverage.html", shown)


async def coverage_json(datasette: Datasette, request: Request) -> Response:
    """How complete it is, for programs."""
    found = await _coverage(datasette, request)
    if found is None:
        return json_not_found()
    return json_answer(found)


async def robots() -> Response:
    """What search engines may walk through."""
    return Response.text(ROBOTS)


async def not_found_page(datasette: Datasette, request: Request) -> Response:
    """The page for addresses that lead nowhere."""
    return await _error(datasette, request, 404, gettext(NOT_FOUND))


async def error_page(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """An answer for whatever went wrong; nothing of the inside is told to strangers."""
    status, message = _explained(exception)
    if status == 500:
        log.error("%s failed", request.path, exc_info=exception)
    return await _error(datasette, request, status, message)


async def forbidden_page(datasette: Datasette, request: Request, message: str) -> Response:
    """The page for what is not open to readers."""
    return await _error(datasette, request, 403, message)


def _explained(exception: Exception) -> tuple[int, str]:
    if isinstance(exception, QueryInterrupted) or exception.args == ("interrupted",):
        return 503, gettext(TOO_SLOW)
    if isinstance(exception, DatasetteError):
        if exception.title == "SQL Interrupted":
            return 503, gettext(TOO_SLOW)
        return exception.status or 500, str(exception.message)
    if isinstance(exception, Base400):
        return exception.status, gettext(NOT_FOUND) if exception.status == 404 else str(exception)
    return 500, gettext(FAULT)


async def _error(datasette: Datasette, request: Request, status: int, message: str) -> Response:
    if request.path.partition("?")[0].endswith(".json"):
        return json_answer({"ok": False, "status": status, "error": message}, status=status)
    shown = {"status": status, "message": message}
    return await html_page(datasette, request, "halong_error.html", shown, status=status)


async def _search(datasette: Datasette, request: Request) -> Results:
    parameters = {name: request.args.get(name) for name in request.args}
    columns = datasette.get_database(DATABASE_NAME).columns
    return await ask(
        datasette,
        lambda conn: search(
            conn,
            parameters.get("q") or "",
            filters=results.asked_filters(parameters),
            order=results.asked_order(parameters),
            after=parameters.get("after"),
            before=parameters.get("before"),
            columns=columns.of(conn),
        ),
    )


async def _article(datasette: Datasette, request: Request) -> dict[str, Any] | None:
    key = unquote(request.url_vars["key"])
    return await ask(datasette, lambda conn: article.load(conn, key))


def _absolute(datasette: Datasette, request: Request, found: dict[str, Any]) -> str:
    return str(datasette.absolute_url(request, datasette.urls.path(found["permalink"])))


async def _coverage(datasette: Datasette, request: Request) -> dict[str, Any] | None:
    name = unquote(request.url_vars["portal"])
    asked = request.args.get("crawl")
    # More digits than a row's number has name no crawl.
    if asked is not None and not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    crawl_id = int(asked) if asked is not None else None
    return await ask(datasette, lambda conn: coverage.load(conn, name, crawl_id))


def json_not_found() -> Response:
    """What programs are told of an address that leads nowhere."""
    return json_answer({"ok": False, "status": 404, "error": gettext(NOT_FOUND)}, status=404)


async def html_page(
    datasette: Datasette,
    request: Request,
    template: str,
    shown: dict[str, Any],
    *,
    status: int = 200,
) -> Response:
    """A page of ours from its template."""
    site = {"title": gettext(TITLE), "description": gettext(DESCRIPTION)}
    common = {
        "site": site,
        "language": language.current(),
        "languages": language.LANGUAGES,
        "here": request.full_path,
    }
    html = await datasette.render_template(template, {**shown, **common}, request=request)
    return Response.html(html, status=status, headers=_headers(datasette, status))


def json_answer(value: dict[str, Any], *, status: int = 200) -> Response:
    """JSON that any page may read: everything here is public."""
    return Response(
        json.dumps(value, ensure_ascii=False, indent=2),
        status=status,
        headers={"content-security-policy": OWN_POLICY, "access-control-allow-origin": "*"},
        content_type="application/json; charset=utf-8",
    )


def _headers(datasette: Datasette, status: int) -> dict[str, str]:
    age = datasette.setting("default_cache_ttl")
    return {
        "content-security-policy": OWN_POLICY,
        "cache-control": f"max-age={age}" if status == 200 else "no-store",
    }
