"""The portal descriptor of a face: the same few facts an archivist writes for a real portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from halong_crawler.demo.face import Face

PORTALS = Path(__file__).with_name("portals")

PLACE = "demo.invalid"
"""Stands for host and port in the files, so that they are valid TOML as they lie there."""

LISTINGS = "listings = []"


def descriptor(face: Face) -> str:
    """TOML text of the descriptor, with the address the face is served at."""
    text = (PORTALS / f"{face.name}.toml").read_text(encoding="utf-8")
    listings = "".join(f"    {json.dumps(url)},\n" for url in face.listings)
    text = text.replace(LISTINGS, f"listings = [\n{listings}]")
    return text.replace(PLACE, face.base_url.removeprefix("http://"))
