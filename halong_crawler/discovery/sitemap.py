"""Site maps, as the protocol at sitemaps.org has them and as portals really serve them."""

import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

from halong_crawler.discovery.xml import Entry, local_name, parse, text_of

LARGEST = 50 * 1024 * 1024
"""Bytes of an unpacked site map: the protocol's bound, and ours against packed bombs."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a site map names."""

    children: tuple[str, ...] = ()
    """Further site maps, of an index."""
    entries: tuple[Entry, ...] = ()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """An index, a URL set or a plain list of URLs, packed or not; empty if it is none of them.

    Broken XML is read as far as it goes: a portal's own software wrote it.
    """
    body = _unpacked(body).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body.startswith(b"<"):
        return Sitemap(entries=_plain(body))
    root = parse(body)
    children: list[str] = []
    entries: list[Entry] = []
    for element in root.iter() if root is not None else ():
        kind = local_name(element)
        if kind not in {"sitemap", "url"}:
            continue
        fields = {local_name(child): text_of(child) for child in element}
        location = fields.get("loc")
        if location and kind == "sitemap":
            children.append(urljoin(url, location))
        elif location:
            entries.append(Entry(urljoin(url, location), fields.get("lastmod")))
    return Sitemap(tuple(children), tuple(entries))


def _unpacked(body: bytes) -> bytes:
    """The bytes without their gzip packing, whatever the headers said; a cut file as far as it is.

    ``bytes(LARGEST)`` at most: the rest is left unread.
    """
    if not body.startswith(_GZIP):
        return body[:LARGEST]
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        return unpacker.decompress(body, LARGEST)
    except zlib.error:  # gzip by its first bytes only: not a site map
        return b""


def _plain(body: bytes) -> tuple[Entry, ...]:
    lines = (line.strip() for line in body.decode("utf-8", "replace").splitlines())
    return tuple(Entry(line) for line in lines if line.startswith(("http://", "https://")))
