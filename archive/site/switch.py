"""The way from one language to the other."""

from __future__ import annotations

from archive.site import pages
from archive.site.datasette_api import Datasette, Request, Response
from archive.site.language import COOKIE, LANGUAGES

_YEAR = 365 * 24 * 3600


async def language_page(datasette: Datasette, request: Request) -> Response:
    """Remember a reader's language, and go back to the page it was chosen on."""
    code = request.url_vars["code"]
    if code not in LANGUAGES:
        return await pages.not_found_page(datasette, request)
    answer = Response.redirect(_here(request.args.get("back") or "", datasette.urls.path("/")), 303)
    answer.set_cookie(COOKIE, code, max_age=_YEAR, path=datasette.urls.path("/"), samesite="lax")
    return answer


def _here(path: str, home: str) -> str:
    """A path on this site; for anything else, such as ``//elsewhere``, its home."""
    is_ours = path.startswith(home) and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() and path.isascii() else home
