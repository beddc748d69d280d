"""One page in, an article or the reason why it is none out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from archive.records import Article, Image, Published
from archive.text import fold
from halong_crawler.discovery.links import links
from halong_crawler.discovery.target import Target, target
from halong_crawler.platforms import GENERIC, Platform, platform_for, table_of
from halong_crawler.portal import Portal
from halong_crawler.reading.authors.read import Authors, read_authors
from halong_crawler.reading.belongings import read_attachments, read_category, read_tags
from halong_crawler.reading.blocks import Block, captions
from halong_crawler.reading.body import Body, cut_body
from halong_crawler.reading.bylines import credit_in
from halong_crawler.reading.clean import body_html
from halong_crawler.reading.document import Document
from halong_crawler.reading.found import Found
from halong_crawler.reading.published import read_published, read_updated
from halong_crawler.reading.reader import Reader
from halong_crawler.reading.verdict import Glance, NotAnArticle, ciphered, refuse

PARSER_VERSION = "2"
"""Changes when the same page may read differently; kept with everything that was read."""

_FRAME = ("title", "body", "date")
"""The fields whose elements mark a page as one article."""
_SHORTEST_BODY = 80
_MANY_ARTICLE_LINKS = 5
_HEADLINE = 7
"""Words from which a title is a headline."""
_READABLE = 250
"""Characters of text from which a page without other marks can be an article."""


def read(
    html: bytes,
    url: str,
    *,
    portal: Portal,
    captured_at: datetime,
    headers: Mapping[str, str] | None = None,
) -> Article | NotAnArticle:
    """Read a page.

    ``headers`` are the response's, names in lower case. ``captured_at`` must be aware: dates after
    it are refused.
    """
    return read_document(Document.parse(html, url, headers), portal=portal, captured_at=captured_at)


def version_for(portal: Portal) -> str:
    """The version of what is read of a portal: the reader's, and the template's learnt for it."""
    stamp = portal.learned_stamp
    return PARSER_VERSION if stamp is None else f"{PARSER_VERSION}+{stamp}"


def read_document(
    document: Document, *, portal: Portal, captured_at: datetime
) -> Article | NotAnArticle:
    """Read a page that is already parsed."""
    platform = _platform(document, portal, captured_at)
    where = _where(document.url, portal, platform)
    reader = Reader(document, portal, platform)
    refusal = refuse(Glance(document, where, _is_framed(reader)))
    if refusal is not None:
        return refusal
    is_marked = _has_article_marks(reader, where)
    if not is_marked and _is_of_another_kind(reader, where):
        return _kind_of_page(reader, where)
    fields = read_fields(reader, captured_at)
    if is_marked or _reads_like_article(reader, fields):
        return _article(reader, where, fields, captured_at)
    return _kind_of_page(reader, where)


def _platform(document: Document, portal: Portal, captured_at: datetime) -> Platform:
    """The table the page is read by: the descriptor's, the learnt one, that of the page's marks."""
    learned = portal.learned
    if portal.platform == GENERIC.name and learned is not None and learned.product:
        return table_of(learned.product, captured_at)
    return platform_for(portal.platform, document.written, captured_at)


def _where(url: str, portal: Portal, platform: Platform) -> Target | None:
    """What the address is: by the portal's rules, else by those of the product the page names."""
    where = target(url, portal)
    if platform.name == portal.platform or where is None or where.kind == "article":
        return where
    named = target(url, portal.model_copy(update={"platform": platform.name}))
    return named if named is not None and named.kind == "article" else where


def _is_of_another_kind(reader: Reader, where: Target | None) -> bool:
    """Whether a page without an article's marks is known to be something else.

    Where the portal's product is known, so are its articles' marks.
    """
    known = reader.portal.platform != GENERIC.name
    listed = where is not None and (where.kind == "listing" or where.refused is not None)
    return known or listed or _lists_articles(reader)


def _reads_like_article(reader: Reader, fields: Fields) -> bool:
    """Whether a page of an unknown product shows what articles show: title, text, day or author.

    Standing pages (about, contact) have no day and nobody signs them; listings have no one text.
    Nor do standing pages have a headline for a title, which news spell out in their address.
    """
    if fields.title is None:
        return False
    told = fields.published is not None or bool(fields.signed.people)
    if not told and not _spells(reader.document.url, fields.title.value):
        return False
    if reader.weighed:
        return len(fields.body.prose) >= _READABLE
    return bool(read_attachments(reader) or _images(fields.body.blocks))


def _spells(url: str, title: str) -> bool:
    """Whether the last part of an address is a headline's words, or its first ones, without marks.

    Systems cut the words short; editors rename a few.
    """
    words = re.findall(r"[a-z0-9]+", fold(title))
    spelled = re.findall(r"[a-z]+", fold(urlsplit(url).path.rsplit("/", 1)[-1]))
    shared = sum(word in words for word in spelled)
    return len(words) >= _HEADLINE and shared >= _HEADLINE - 1 and shared >= 0.8 * len(spelled)


def _has_article_marks(reader: Reader, where: Target | None) -> bool:
    """Whether anything says the page is one article: its address, its markup, its own data."""
    marked = {name: _is_marked(reader, name) for name in _FRAME}
    # Below an article its platform may list others; what has neither title nor body only lists.
    framed = marked["title"] and marked["body"]
    lists = _lists_articles(reader)
    if not framed and (lists or (where is not None and where.kind == "listing")):
        return False
    if where is not None and where.kind == "article":
        return True
    if reader.document.linked_data or reader.document.metas.get("og:type", "").lower() == "article":
        return True
    return all(marked.values())


def _is_framed(reader: Reader) -> bool:
    """Whether a template that holds for the whole portal shows an article's text on the page."""
    if reader.platform.varied or not all(_is_marked(reader, name) for name in _FRAME):
        return False
    body = next(node for node, _ in reader.selected("body"))
    size = len(reader.text_of(body))
    if size < _READABLE:
        return False
    return size - sum(len(link.text()) for link in body.css("a")) >= _READABLE


def _is_marked(reader: Reader, name: str) -> bool:
    """Learnt selectors mark an article only if no listing of the sample had all of them."""
    learned = reader.learned
    telling = learned is None or learned.tells_articles
    found = reader.selected(name)
    return any(telling or not evidence.startswith("learned:") for _, evidence in found)


def _lists_articles(reader: Reader) -> bool:
    tree = reader.document.tree
    return any(tree.css_first(entry.css) is not None for entry, _ in reader.selectors("listing"))


def _kind_of_page(reader: Reader, where: Target | None) -> NotAnArticle:
    """Which kind of page one without an article is."""
    document, portal = reader.document, reader.portal
    if where is not None and where.kind == "listing":
        return NotAnArticle("listing", "its address is a listing's")
    if _lists_articles(reader):
        return NotAnArticle("listing", "entries of a listing, and no article")
    targets = (target(link.url, portal) for link in links(document.tree, document.base_url))
    articles = {t.key for t in targets if t is not None and t.kind == "article"}
    if len(articles) >= _MANY_ARTICLE_LINKS:
        return NotAnArticle("listing", f"links to {len(articles)} articles, and is none itself")
    if document.tree.css_first("form textarea") is not None:
        return NotAnArticle("form", "a form to fill in")
    return NotAnArticle("static", "text without anything that marks an article")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the ladders found on a page, whatever kind of page it is."""

    title: Found[str] | None
    lead: Found[str] | None
    published: Published | None
    category: Found[tuple[str, ...]] | None
    body: Body
    signed: Authors


def read_fields(reader: Reader, captured_at: datetime) -> Fields:
    """Climb the ladders of a page; nothing is asked of its kind."""
    title, lead = reader.title, reader.lead
    published = read_published(reader, captured_at)
    repeated = (
        title.value if title else "",
        lead.value if lead else "",
        published.raw if published else "",
    )
    body = cut_body(reader.body_blocks, repeated=repeated, ended=reader.weighed)
    return Fields(title, lead, published, read_category(reader), body, read_authors(reader, body))


def _article(
    reader: Reader, where: Target | None, fields: Fields, captured_at: datetime
) -> Article | NotAnArticle:
    title, lead, published, category = fields.title, fields.lead, fields.published, fields.category
    body, signed = fields.body, fields.signed
    if title is None:
        return NotAnArticle("empty", "no title")
    attachments, images = read_attachments(reader), _images(body.blocks)
    # An infographic or a notice with a file is an article too.
    holds_more = bool(attachments or images or lead or published)
    if len(body.text) < _SHORTEST_BODY and not holds_more:
        return NotAnArticle("empty", f"only {len(body.text)} characters of text under a title")
    enciphered = ciphered(body.text)
    if enciphered is not None:
        return NotAnArticle("obfuscated", enciphered)
    evidence = {
        "title": title.evidence,
        "body": reader.container.evidence if reader.container else "",
        "lead": lead.evidence if lead else "",
        **signed.evidence,
        "published_at": published.source if published else "",
        "category": category.evidence if category else "",
        "attachments": "links in the body" if attachments else "",
    }
    return Article(
        source_id=_source_id(reader, where, title.value),
        url=where.canonical if where is not None else reader.document.url,
        title=title.value,
        lead=lead.value if lead else None,
        body=body.text,
        body_html=body_html(body.blocks),
        byline=signed.byline,
        authors=signed.people,
        source=signed.source,
        category=category.value if category else (),
        tags=read_tags(reader),
        images=images,
        attachments=attachments,
        published=published,
        updated_at=read_updated(reader, captured_at),
        evidence={field: place for field, place in evidence.items() if place},
        parser_version=version_for(reader.portal),
    )


def _images(found: list[Block]) -> tuple[Image, ...]:
    images: dict[str, Image] = {}
    for picture, caption in captions(found):
        text = (caption.text if caption is not None else picture.alt) or None
        images.setdefault(
            picture.url, Image(picture.url, text, credit_in(text) if text is not None else None)
        )
    return tuple(images.values())


def _source_id(reader: Reader, where: Target | None, title: str) -> str:
    """The id in the address; else the id the page states; else one made from the address."""
    if where is not None and where.source_id is not None:
        return where.source_id
    stated = reader.source_id()
    if stated is not None:
        return stated
    key = where.key if where is not None else reader.document.url
    last = urlsplit(key).path.rsplit("/", 1)[-1] or title
    slug = re.sub(r"[^a-z0-9]+", "-", fold(last)).strip("-")
    return f"{slug[:48].strip('-')}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
