"""One page given on the command line: from a file or from its portal, and whose it is."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.portal import Portal

_MIRRORED = re.compile(rb"<!-- Mirrored from (?P<url>\S+) by HTTrack")


def is_address(page: str) -> bool:
    """Whether an argument names a page on the web and not a file."""
    return page.lower().startswith(("http://", "https://"))


def read_file(name: str) -> bytes:
    """The bytes of a saved page; a file that cannot be read is the user's error."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"{name}: cannot be read ({error.strerror})", Exit.UNREADABLE) from error


def own_address(body: bytes) -> str | None:
    """The address a mirrored file names in HTTrack's comment."""
    match = _MIRRORED.search(body[:4096])
    return f"http://{match['url'].decode('utf-8', 'replace')}" if match else None


def unknown_portal(url: str, platform: str) -> Portal:
    """A portal made up for a page of none that is described."""
    host = urlsplit(url).netloc
    return Portal(
        name="unknown",
        title_vi=host,
        title_en=host,
        hosts=(host,),
        level="district",
        province="?",
        platform=platform,
        seeds=(f"http://{host}/",),
    )
