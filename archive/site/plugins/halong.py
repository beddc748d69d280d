"""The plugin: what of Datasette's hooks the site uses. The work is in ``archive.site``."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from archive.query import parse
from archive.site import FOLDER, chain, cite, language, measures, pages, switch, version_pages
from archive.site.database import DATABASE_NAME, READERS_TABLES
from archive.site.datasette_api import (
    Datasette,
    Request,
    Response,
    hookimpl,
)
from archive.site.headers import Application, wrap
from archive.site.labels import FILTERS, permalink
from archive.site.language import gettext

# Pages of Datasette that tell strangers about this machine (paths, threads, versions) or are
# for developers of plugins.
_CLOSED = r"/-/(databases|threads|versions|plugins|permissions|messages|allow-debug|patterns|actor)"

_CITED = "|".join(map(re.escape, cite.FORMS))

# More digits than that number no version.
_VERSION = r"/a/(?P<key>[^/]+)/v/(?P<number>\d{1,9})"

_PERMALINK_TABLES = frozenset(
    {
        "articles",
        "latest_articles",
        "edited_articles",
        "removed_articles",
        "version_bounds",
        "field_changes",
    }
)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The site's own pages, and a shut door before some of Datasette's."""
    return [
        (r"/$", pages.home_page),
        (r"/search$", pages.search_page),
        (r"/search\.json$", pages.search_json),
        (rf"/a/(?P<key>[^/]+)\.(?P<form>{_CITED})$", pages.cited),
        (r"/a/(?P<key>[^/]+)\.json$", pages.article_json),
        (r"/a/(?P<key>[^/]+)$", pages.article_page),
        (_VERSION + r"\.json$", version_pages.version_json),
        (_VERSION + r"$", version_pages.version_page),
        (_VERSION + r"/captured$", version_pages.captured_page),
        (_VERSION + r"/captured/page$", version_pages.captured_frame),
        (_VERSION + r"/captured/record$", version_pages.record_file),
        (r"/coverage/(?P<portal>[^/]+)\.json$", pages.coverage_json),
        (r"/coverage/(?P<portal>[^/]+)$", pages.coverage_page),
        (r"/language/(?P<code>[a-z]+)$", switch.language_page),
        (r"/chain\.json$", chain.chain_json),
        (r"/chain\.atom$", chain.chain_atom),
        (r"/robots\.txt$", pages.robots),
        (_CLOSED + r"(\.json)?$", pages.not_found_page),
    ]


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """What search counts by is read before the first reader comes."""

    async def read() -> None:
        if DATABASE_NAME in datasette.databases:
            database = datasette.get_database(DATABASE_NAME)
            await database.execute_fn(database.columns.of)

    return read


# The last answer that is not None wins and the first plugins called are the last registered:
# trylast makes this the word that counts.
@hookimpl(trylast=True)
def permission_allowed(action: str, resource: Any) -> bool | None:
    """Readers' tables and nothing else, for everyone; SQL of one's own for nobody."""
    if action == "execute-sql":
        return False
    if action == "view-table":
        database, table = resource
        return None if database == DATABASE_NAME and table in READERS_TABLES else False
    if action in ("view-database", "view-database-download"):
        return None if resource == DATABASE_NAME else False
    return None


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Datasette's own search box understands what the site's does, đ included."""
    conn.create_function("escape_fts", 1, _match, deterministic=True)


def _match(typed: str) -> str:
    return parse(typed).match or '""'


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """What templates may call."""
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    env.filters.update(FILTERS | measures.FILTERS)
    css = (FOLDER / "static" / "halong.css").read_bytes()
    env.globals["css_version"] = sha256(css).hexdigest()[:8]


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Keys lead to the article's own page."""
    if column != "key" or table not in _PERMALINK_TABLES or not isinstance(value, str):
        return None
    address = datasette.urls.path(permalink(value))
    return Markup('<a href="{}">{}</a>').format(address, value)


@hookimpl
def extra_css_urls(template: str) -> list[str]:
    """A few rules for Datasette's own pages; ours bring their own sheet."""
    return [] if template.startswith("halong_") else ["/static/data.css"]


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    return [
        {"href": datasette.urls.path("/"), "label": gettext("Home")},
        {"href": datasette.urls.path("/search"), "label": gettext("Search")},
    ]


@hookimpl
def asgi_wrapper() -> Callable[[Application], Application]:
    """Safe headers on every answer."""
    return wrap


@hookimpl
def forbidden(datasette: Datasette, request: Request, message: str) -> Awaitable[Response]:
    """A refusal in the site's own dress."""
    return pages.forbidden_page(datasette, request, message)


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Awaitable[Response]:
    """An error in the site's own dress."""
    return pages.error_page(datasette, request, exception)
