"""What a browser may do on each page: next to nothing on ours, a little more on Datasette's."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from importlib.resources import files
from typing import Any

from archive.site.language import chosen, speaking

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def datasette_policy() -> str:
    """For Datasette's own pages: its own script file and the fixed scripts of its templates.

    Those are named by their hashes, so that no other script runs, whatever a crawled page
    might slip into a cell. Its pages style elements in place, which cannot be told apart.
    """
    templates = files("datasette") / "templates"
    fixed = [
        script
        for name in ("_close_open_menus.html", "_codemirror_foot.html")
        for script in _SCRIPT.findall((templates / name).read_text(encoding="utf-8"))
    ]
    for script in _SCRIPT.findall((templates / "table.html").read_text(encoding="utf-8")):
        fixed += [script.replace("{{ datasette_allow_facet }}", word) for word in ("true", "false")]
    hashes = " ".join(f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in fixed)
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _language(scope: Message) -> str:
    """The language of a request, by its headers."""
    sent = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
    try:
        cookies = SimpleCookie(sent.get(b"cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    found = {name: morsel.value for name, morsel in cookies.items()}
    return chosen(found, sent.get(b"accept-language"))


def wrap(application: Application) -> Application:
    """The application with safe headers on every answer that does not bring its own."""
    defaults = {**_EVERYWHERE, "content-security-policy": datasette_policy()}

    async def wrapped(
        scope: Message, receive: Callable[[], Awaitable[Message]], send: Send
    ) -> None:
        spoken = _language(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                headers += [
                    (name.encode(), value.encode())
                    for name, value in (defaults | {"content-language": spoken}).items()
                    if name.encode() not in present
                ]
                # Beside what Datasette says itself: what an answer depends on adds up.
                headers.append((b"vary", b"accept-language, cookie"))
                message = {**message, "headers": headers}
            await send(message)

        with speaking(spoken):
            await application(scope, receive, send_with_headers)

    return wrapped
