"""Authors that a page's own data declares: JSON-LD first, then the metas that name an author."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive.text import fold, squeeze
from halong_crawler.reading.bylines.given_names import GIVEN_NAMES
from halong_crawler.reading.bylines.stated import (
    is_account,
    is_code,
    is_full_name,
    is_known_person,
    people_stated,
    site_key,
    trim,
)
from halong_crawler.reading.document import Document

_ARTICLE = re.compile(r"\w*Article|\w*Posting|Report|Recipe|HowTo|Review|Essay|PodcastEpisode")
_SITES = frozenset(
    {"Organization", "NewsMediaOrganization", "WebSite", "Corporation", "LocalBusiness"}
)
# fmt: off
_METAS = (
    "article:author", "author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dc:creator", "dcterms.creator", "cxenseparse:author", "og:article:author",
    "article:author_name", "shareaholic:article_author_name", "mediator_author",
    "sailthru.byline_name", "cse_author", "og:author",
)
# fmt: on
_TITLE_PARTS = re.compile(r"\s+[|–—·•»-]\s+")
"""What parts the article's title from the site's in a page's ``<title>``."""
_WRITTEN_BY = re.compile(
    r"written by|author|verfasst von|geschrieben von|autore?|écrit par|escrito por|"
    r"escrito por|publicado por|tác giả|được viết bởi|door|skrevet av|scritto da",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Declared:
    """The people one declaration names, and where it stands."""

    names: tuple[str, ...]
    evidence: str


def declared_authors(document: Document, refused: Collection[str]) -> Iterator[Declared]:
    """Every declaration of the article's authors that names people, the surest first."""
    linked = _linked_names(document, refused)
    if linked and not _is_login(linked[0]):
        yield Declared(linked, "json-ld:author")
    for key, text in _meta_texts(document):
        names = _whole_names(text, refused)
        if names and not _is_login(names[0]) and _may_stand_alone(names[0]):
            yield Declared(names, f"meta:{key}")


def _is_login(name: str) -> bool:
    return is_code(name) or is_account(name)


def _may_stand_alone(name: str) -> bool:
    """Systems fill in metas: a single word there is an account unless it is a given name."""
    return is_full_name(name) or fold(name) in GIVEN_NAMES


def _whole_names(text: str, refused: Collection[str]) -> tuple[str, ...]:
    """The people a value names; words cut out of a phrase (``Human in the Loop``) are nobody."""
    names = people_stated(text, refused=refused)
    if len(names) != 1 or is_known_person(names[0]):
        return names
    rest = trim(text).removeprefix(names[0])
    phrase = rest[:1] == " " and (not is_full_name(names[0]) or rest[1:2].islower())
    return () if phrase else names


def _meta_texts(document: Document) -> Iterator[tuple[str, str]]:
    metas = document.metas
    for number in ("1", "2"):
        if _WRITTEN_BY.fullmatch(metas.get(f"twitter:label{number}", "")):
            yield f"twitter:data{number}", metas.get(f"twitter:data{number}", "")
    yield from ((key, metas[key]) for key in _METAS if key in metas)
    # Scholarly pages give each author a meta, the family name first.
    cited = [
        _given_name_first(squeeze(node.attributes.get("content") or ""))
        for node in document.tree.css("meta[name='citation_author' i]")
    ]
    if cited:
        yield "citation_author", "; ".join(cited)


def is_declared_article(document: Document) -> bool:
    """Whether the page says that it is an article: elsewhere a meta names who made the site."""
    metas = document.metas
    return (
        metas.get("og:type", "").lower() == "article"
        or any(key.startswith(("article:published", "citation_", "twitter:label")) for key in metas)
        or _linked_article(document) is not None
    )


def _given_name_first(name: str) -> str:
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma and "," not in given else name


def _linked_names(document: Document, refused: Collection[str]) -> tuple[str, ...]:
    article = _linked_article(document)
    if article is None:
        return ()
    known = {
        thing["@id"]: thing
        for thing in document.linked_objects
        if isinstance(thing.get("@id"), str) and "name" in thing
    }
    names: list[str] = []
    for author in _as_list(article.get("author") or article.get("creator")):
        names.extend(_whole_names(_person(author, known), refused))
    return tuple(dict.fromkeys(names))


def _linked_article(document: Document) -> dict[str, Any] | None:
    """The object that describes this page's article: by its headline, else the first."""
    articles = [
        thing
        for thing in document.linked_objects
        if any(_ARTICLE.fullmatch(kind) for kind in _kinds(thing))
    ]
    title = fold(document.metas.get("og:title", "") or document.head_title)
    for article in articles:
        headline = fold(squeeze(str(article.get("headline") or article.get("name") or "")))
        if headline and headline in title:
            return article
    return articles[0] if articles else None


def _person(author: Any, known: dict[str, dict[str, Any]]) -> str:
    """The name of an author that is a person: publishers stand in the same place."""
    if isinstance(author, str):
        return author
    if not isinstance(author, dict):
        return ""
    if not author.get("name"):
        author = known.get(str(author.get("@id")), author)
    kinds = _kinds(author)
    if kinds and not any(kind.lower() == "person" for kind in kinds):
        return ""
    return "; ".join(str(name) for name in _as_list(author.get("name")))


def site_names(document: Document) -> frozenset[str]:
    """What the site and its publisher are called, folded: none of it is an author.

    A site that stands for a person (``["Person", "Organization"]``), or is called like one, is not
    refused: who has a site of their own writes on it.
    """
    names = {document.metas.get(key, "") for key in ("og:site_name", "application-name")}
    suffixes = _TITLE_PARTS.split(document.head_title)[1:][-1:]
    names.update(name for name in suffixes if not is_full_name(name))
    personal: set[str] = set()
    for thing in document.linked_objects:
        for owner in (thing, thing.get("publisher")):
            if not isinstance(owner, dict):
                continue
            kinds = set(_kinds(owner))
            name = squeeze(str(owner.get("name") or ""))
            if {"Person", "Organization"} <= kinds:
                personal.add(fold(name))
            elif owner is not thing or kinds & _SITES:
                names.add(name)
    host = (urlsplit(document.url).hostname or "").removeprefix("www.")
    hosts = {host, host.rpartition(".")[0].rpartition(".")[2]}
    personal.update(fold(name) for name in names if is_known_person(name))
    keys = {fold(name) for name in names if name} | {site_key(name) for name in hosts}
    return frozenset(keys) - personal


def _kinds(thing: dict[str, Any]) -> list[str]:
    return [kind for kind in _as_list(thing.get("@type")) if isinstance(kind, str)]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
