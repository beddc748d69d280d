"""An article as a citation: in words, and in the forms that reference managers take.

Of a page on the web a citation says what was read, where, and when; of an archived one also which
state: the moment of its capture and the SHA-256 of its text. The address is the portal's own, as
long as anybody remembers it; the archive's stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from archive.site.labels import date, since
from archive.site.language import LANGUAGES, gettext, speaking

Article = dict[str, Any]
"""As :func:`archive.site.article.load` gives it."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_IN_BIBTEX = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def plain(article: Article) -> str:
    """One line, in the language of the page, that lets anybody find and check this very state."""
    published = article["published"]["at"]
    work = [
        " – ".join(_authors(article)) or article["byline"],
        f"“{article['title']}”",
        article["portal"]["title_vi"],
        gettext("published {day}").format(day=since(published) + date(published))
        if published
        else gettext("undated"),
    ]
    return f"{', '.join(part for part in work if part)}. {_state(article)} {article['url']}"


def in_each_language(article: Article) -> dict[str, str]:
    """Language → the citation in words."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = plain(article)
    return found


def bibtex(article: Article, address: str) -> str:
    """For BibLaTeX; names are kept whole, since Vietnamese ones begin with the family's."""
    fields = {
        "title": f"{{{_bibtex(article['title'])}}}",
        "author": " and ".join(f"{{{_bibtex(name)}}}" for name in _authors(article)),
        "organization": f"{{{_bibtex(article['portal']['title_vi'])}}}",
        "date": _day(article["published"]["at"]) or "",
        "url": article["url"],
        "urldate": article["changed_at"][:10],
        "note": _bibtex(f"{_state(article)} {address}"),
        "langid": "vietnamese",
    }
    lines = (f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{article['key']},\n{''.join(lines)}}}\n"


def ris(article: Article, address: str) -> str:
    """For EndNote, Mendeley, Zotero: the RIS format, one tag a line."""
    published = _day(article["published"]["at"])
    tags = [
        ("TY", "NEWS"),
        ("TI", article["title"]),
        *(("AU", name) for name in _authors(article)),
        ("PB", article["portal"]["title_vi"]),
        ("PY", published[:4] if published else None),
        ("DA", published.replace("-", "/") if published else None),
        ("AB", article["lead"]),
        *(("KW", tag) for tag in article["tags"]),
        ("LA", "vi"),
        ("UR", article["url"]),
        ("L2", address),
        ("Y2", article["changed_at"][:10].replace("-", "/")),
        ("AN", article["key"]),
        ("N1", _state(article)),
        ("ER", ""),
    ]
    return "".join(
        f"{tag}  - {' '.join(str(value).split())}\r\n" for tag, value in tags if value is not None
    )


def csl(article: Article, address: str) -> list[dict[str, Any]]:
    """CSL-JSON, as citeproc and Zotero take it."""
    item = {
        "id": article["key"],
        "type": "article-newspaper",
        "title": article["title"],
        "author": [{"literal": name} for name in _authors(article)],
        "container-title": article["portal"]["title_vi"],
        "section": article["category"][-1] if article["category"] else None,
        "abstract": article["lead"],
        "issued": _parts(article["published"]["at"]),
        "accessed": _parts(article["changed_at"]),
        "URL": article["url"],
        "archive_location": address,
        "language": "vi",
        "note": _state(article),
    }
    return [{name: value for name, value in item.items() if value}]


def schema_org(article: Article, address: str) -> dict[str, Any]:
    """The page as a NewsArticle, for search engines and for Zotero."""
    item = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article["title"],
        "description": article["lead"],
        "author": [{"@type": "Person", "name": name} for name in _authors(article)],
        "publisher": {
            "@type": "GovernmentOrganization",
            "name": article["portal"]["title_vi"],
            "url": article["portal"]["home_url"],
        },
        "datePublished": article["published"]["at"],
        "articleSection": article["category"],
        "keywords": article["tags"],
        "inLanguage": "vi",
        "url": address,
        "isBasedOn": article["url"],
        "identifier": article["key"],
    }
    return {name: value for name, value in item.items() if value}


def dublin_core(article: Article, address: str) -> list[tuple[str, str]]:
    """Elements of Dublin Core (ISO 15836), as ``meta`` elements of a page have them."""
    elements = [
        ("title", article["title"]),
        *(("creator", name) for name in _authors(article)),
        ("publisher", article["portal"]["title_vi"]),
        ("date", _day(article["published"]["at"])),
        ("type", "Text"),
        ("language", "vi"),
        ("identifier", address),
        ("source", article["url"]),
        ("description", article["lead"]),
        *(("subject", tag) for tag in article["tags"]),
    ]
    return [(f"DC.{name}", value) for name, value in elements if value]


FORMS: dict[str, tuple[str, Callable[[Article, str], Any]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", ris),
    "csl.json": ("application/vnd.citationstyles.csl+json; charset=utf-8", csl),
}
"""End of a permalink → media type, and what makes the citation."""


def _authors(article: Article) -> list[str]:
    return list(dict.fromkeys(person["name"] for person in article["authors"]))


def _state(article: Article) -> str:
    return gettext("Archived copy {key}, captured {at}, SHA-256 {sha256}.").format(
        key=article["key"], at=article["changed_at"], sha256=article["content_sha256"]
    )


def _day(value: str | None) -> str | None:
    """A date as exact as it is known: 2025-05-12, 2025-05, 2025."""
    found = _DAY.match(value or "")
    return found[0] if found else None


def _parts(value: str | None) -> dict[str, Any] | None:
    found = _DAY.match(value or "")
    if not found:
        return None
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def _bibtex(text: str) -> str:
    return _SPECIAL.sub(lambda m: _IN_BIBTEX.get(m[0], f"\\{m[0]}"), text)
