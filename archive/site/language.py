"""The language a page is shown in: Vietnamese first, English for who asks for it.

The words of the source are English; ``locale/<language>/LC_MESSAGES/halong.po`` has them in another
language, so that one more language is one more file. What was crawled is never translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from archive.site import FOLDER

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""Code → what its speakers call it; the first is shown to who asks for none of them."""
DEFAULT = next(iter(LANGUAGES))
SOURCE = "en"
"""The language of the words in the source."""
COOKIE = "halong_language"

CATALOGUES = FOLDER / "locale"

_current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def current() -> str:
    """The language of the page that is being made."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is said inside is said in a language of :data:`LANGUAGES`."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def chosen(cookies: Mapping[str, str], accepted: str | None) -> str:
    """The language of a request: what the reader chose here before, else what the browser wants.

    ``accepted``: the header Accept-Language (RFC 9110, 12.5.4).
    """
    language = cookies.get(COOKIE)
    if language in LANGUAGES:
        return language
    found = negotiate_locale(_ranked(accepted or ""), list(LANGUAGES), sep="-")
    return found or DEFAULT


def _ranked(accepted: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first."""
    wanted: list[tuple[float, int, str]] = []
    for part in accepted[:1000].split(","):
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name.strip() and quality > 0:
            wanted.append((-quality, len(wanted), name.strip()))
    return [name for _, _, name in sorted(wanted)]


def gettext(message: str) -> str:
    """A message in the language of the page."""
    return _catalogue(current()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a message that goes with a number."""
    return _catalogue(current()).ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - the name by which gettext's tools know it
    """Mark a message that is translated later, where it is shown."""
    return message


def locale() -> Locale:
    """How the language of the page writes numbers and dates."""
    return _locale(current())


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    path = CATALOGUES / language / "LC_MESSAGES" / "halong.po"
    with path.open("rb") as stream:
        messages = read_po(stream, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)
