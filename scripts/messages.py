"""The site's words and their translations: what the source says, and what each catalogue has of it.

    python scripts/messages.py            brings the catalogues up to date
    python scripts/messages.py --check    says what is missing; exit code 1 if anything is

A new message stands in the catalogues with an empty translation, to be filled in by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from archive.site.language import CATALOGUES, LANGUAGES, SOURCE

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "archive" / "site"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "extensions": "jinja2.ext.i18n"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
WIDTH = 98

_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+")
"""What a translation must hold as often as the message does: places to fill in, elements."""


def extracted() -> Catalog:
    """Every message of the source."""
    found = Catalog()
    for _, _, message, _, _ in extract_from_dir(
        SITE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        found.add(message)
    return found


def merged(language: str) -> Catalog:
    """The catalogue of a language with the source's messages, and no others."""
    path = _path(language)
    known = Catalog()
    if path.exists():
        with path.open("rb") as stream:
            known = read_po(stream, locale=language)
    found = Catalog(locale=language, project="Halong", fuzzy=False)
    for message in extracted():
        if message.id:
            old = known.get(_first(message))
            found.add(message.id, old.string if old is not None else "")
    return found


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a file, the same for the same messages."""
    stream = BytesIO()
    write_po(stream, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"'
    )
    return f"{head}\n\n".encode() + stream.getvalue()


def faults(language: str) -> Iterator[str]:
    """What is missing or cannot be right in a language's catalogue."""
    for message in merged(language):
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            if not text:
                yield f"{language}: no words for {_first(message)!r}"
            elif not _fits(message, text):
                yield f"{language}: {text!r} does not fit {_first(message)!r}"
    if _path(language).read_bytes() != written(merged(language)):
        yield f"{language}: not up to date; run scripts/messages.py"


def _fits(message: Message, text: str) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    return any(sorted(_PLACES.findall(text)) == sorted(_PLACES.findall(one)) for one in ids)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "halong.po"


def main() -> int:
    """Bring the catalogues up to date, or check them."""
    languages = [language for language in LANGUAGES if language != SOURCE]
    if "--check" not in sys.argv[1:]:
        for language in languages:
            _path(language).parent.mkdir(parents=True, exist_ok=True)
            _path(language).write_bytes(written(merged(language)))
    found = [fault for language in languages for fault in faults(language)]
    sys.stdout.write("\n".join([*found, f"{len(found)} faults", ""]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
