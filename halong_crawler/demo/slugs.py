"""Vietnamese text without its marks, as these portals put it in addresses and file names."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH = 96
"""Where the city's CMS cuts a slug, in the middle of a word if need be."""


def unaccented(text: str) -> str:
    """The text in plain letters: no tone, no horn, đ as d."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def slug(text: str) -> str:
    """A title as the city's CMS writes it in the address."""
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text).lower()).strip("-")[:SLUG_LENGTH].strip("-")
