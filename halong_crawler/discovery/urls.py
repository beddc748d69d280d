"""One spelling for a URL: what RFC 3986 and Unicode leave open is decided here."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[\w./-]*", re.ASCII)
_CLEAN = re.compile(r"(?:/(?!\.{0,2}(?:/|$))[\w.-]+)+/?", re.ASCII)
"""A path that is spelled as it should be; most are."""
_PATH_SAFE = "!$&'()*+,;=:@~"
# No + here: in a query it means a space, so spaces become %20 and a real plus stays %2B.
_QUERY_SAFE = "!$'()*,;:@/?~"


class Address(NamedTuple):
    """An http(s) URL in its one spelling, without user and fragment."""

    scheme: str
    host: str
    """Lower case, with the port unless it is the scheme's own."""
    path: str
    query: str

    @property
    def resource(self) -> str:
        """Path and query: what a platform's URL rules are matched against."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.scheme}://{self.host}{self.resource}"

    @property
    def site(self) -> str:
        """The host as it counts for identity: with and without www is one site."""
        return self.host.removeprefix("www.")

    def params(self) -> list[tuple[str, str]]:
        """``(name, the whole part name=value)`` of each query parameter, as found."""
        return [(part.partition("=")[0], part) for part in self.query.split("&") if part]


def spell(url: str) -> Address | None:
    """A URL in its one spelling, or None if it is no http(s) URL of a sane host."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        path, query = _path(parts.path), _query(parts.query)
    except ValueError:  # a bad port, a bad bracket, half a surrogate: nothing to ask for
        return None
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    return Address(scheme, host, path, query)


def matching_host(address: Address, patterns: Iterable[str]) -> str | None:
    """The first of some hosts (``host``, ``host:port``, ``*.host``) that an address is under."""
    return next(
        (
            pattern
            for pattern in patterns
            if address.site == pattern
            or (pattern.startswith("*.") and address.site.endswith(pattern[1:]))
        ),
        None,
    )


def under(path: str, prefix: str) -> bool:
    """Whether a path is a prefix or lies below it, whatever the letter case."""
    path, prefix = path.lower(), prefix.lower().rstrip("/")
    return path == prefix or path.startswith(f"{prefix}/")


def _respell(text: str, safe: str) -> str:
    """NFC, then percent-encoding; bytes that are not UTF-8 (old encodings) stay as they are."""
    if _PLAIN.fullmatch(text):
        return text
    decoded = unquote_to_bytes(text).decode("utf-8", "surrogateescape")
    composed = unicodedata.normalize("NFC", decoded)
    return quote(composed.encode("utf-8", "surrogateescape"), safe=safe)


def _path(path: str) -> str:
    if _CLEAN.fullmatch(path):
        return path
    # Browsers take a backslash for a slash, and links written on Windows rely on it.
    segments = [_respell(s, _PATH_SAFE) for s in path.replace("\\", "/").split("/")[1:]]
    if "." not in segments and ".." not in segments:
        return "/" + "/".join(segments)
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    if not query:
        return ""
    parts = (part.partition("=") for part in query.replace("+", "%20").split("&") if part)
    return "&".join(
        _respell(name, _QUERY_SAFE) + equals + _respell(value, _QUERY_SAFE)
        for name, equals, value in parts
    )
