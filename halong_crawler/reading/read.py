"""One page in, an article or the reason why it is none out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from archive.records import Article, Image
from archive.text import fold, squeeze
from halong_crawler.discovery.links import links
from halong_crawler.discovery.target import Target, target
from halong_crawler.platforms import Platform, platform_for, selector
from halong_crawler.portal import Portal
from halong_crawler.reading.belongings import read_attachments, read_category, read_tags
from halong_crawler.reading.blocks import Block, captions
from halong_crawler.reading.body import Body, cut_body, merge
from halong_crawler.reading.bylines import credit_in, is_person, read_byline
from halong_crawler.reading.clean import body_html
from halong_crawler.reading.document import Document
from halong_crawler.reading.published import read_published, read_updated
from halong_crawler.reading.reader import Reader
from halong_crawler.reading.verdict import Glance, NotAnArticle, refuse

PARSER_VERSION = "1"
"""Changes when the same page may read differently; kept with everything that was read."""

_SHORTEST_BODY = 80
_MANY_ARTICLE_LINKS = 5


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


def read_document(
    document: Document, *, portal: Portal, captured_at: datetime
) -> Article | NotAnArticle:
    """Read a page that is already parsed."""
    where = target(document.url, portal)
    refusal = refuse(Glance(document, where))
    if refusal is not None:
        return refusal
    platform = platform_for(portal.platform, document.text, captured_at)
    reader = Reader(document, portal, platform)
    if not _has_article_marks(reader, where):
        return _kind_of_page(document, portal, platform, where)
    return _article(reader, where, captured_at)


def _has_article_marks(reader: Reader, where: Target | None) -> bool:
    """Whether anything says the page is one article: its address, its markup, its own data."""
    marked = {name: any(reader.selected(name)) for name in ("title", "body", "date")}
    # Below an article its platform may list others; what has neither title nor body only lists.
    framed = marked["title"] and marked["body"]
    lists = _lists_articles(reader.platform, reader.document)
    if not framed and (lists or (where is not None and where.kind == "listing")):
        return False
    if where is not None and where.kind == "article":
        return True
    if reader.document.linked_data or reader.document.metas.get("og:type", "").lower() == "article":
        return True
    return all(marked.values())


def _lists_articles(platform: Platform, document: Document) -> bool:
    entries = platform.selectors.get("listing", ())
    return any(document.tree.css_first(selector(text).css) is not None for text in entries)


def _kind_of_page(
    document: Document, portal: Portal, platform: Platform, where: Target | None
) -> NotAnArticle:
    """Which kind of page one without an article is."""
    if where is not None and where.kind == "listing":
        return NotAnArticle("listing", "its address is a listing's")
    if _lists_articles(platform, document):
        return NotAnArticle("listing", "entries of a listing, and no article")
    targets = (target(link.url, portal) for link in links(document.tree, document.base_url))
    articles = {t.key for t in targets if t is not None and t.kind == "article"}
    if len(articles) >= _MANY_ARTICLE_LINKS:
        return NotAnArticle("listing", f"links to {len(articles)} articles, and is none itself")
    if document.tree.css_first("form textarea") is not None:
        return NotAnArticle("form", "a form to fill in")
    return NotAnArticle("static", "text without anything that marks an article")


def _article(reader: Reader, where: Target | None, captured_at: datetime) -> Article | NotAnArticle:
    title, lead = reader.title, reader.lead
    published = read_published(reader, captured_at)
    category, attachments = read_category(reader), read_attachments(reader)
    repeated = (
        title.value if title else "",
        lead.value if lead else "",
        published.raw if published else "",
    )
    body = cut_body(reader.body_blocks, repeated=repeated)
    signed = _signature(reader, body)
    if title is None:
        return NotAnArticle("empty", "no title")
    images = _images(body.blocks)
    # An infographic or a notice with a file is an article too.
    holds_more = bool(attachments or images or lead or published)
    if len(body.text) < _SHORTEST_BODY and not holds_more:
        return NotAnArticle("empty", f"only {len(body.text)} characters of text under a title")
    byline, authors = merge(body.bylines)
    evidence = {
        "title": title.evidence,
        "body": reader.container.evidence if reader.container else "",
        "lead": lead.evidence if lead else "",
        "byline": signed,
        "source": "line at the end of the body" if body.sources else "",
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
        byline=byline,
        authors=authors,
        source=body.sources[0] if body.sources else None,
        category=category.value if category else (),
        tags=read_tags(reader),
        images=images,
        attachments=attachments,
        published=published,
        updated_at=read_updated(reader, captured_at),
        evidence={field: place for field, place in evidence.items() if place},
        parser_version=PARSER_VERSION,
    )


def _signature(reader: Reader, body: Body) -> str:
    """Complete the body's signature from marked elements, then from the page's own data.

    Returns the evidence, empty where nobody signed.
    """
    for text, evidence in reader.stated("byline", near=True):
        byline = read_byline(text, stated=True)
        if byline is None:
            continue
        if byline.source is not None:
            body.sources.append(byline.source)
        elif not body.bylines or byline.authors:
            body.bylines[:] = [byline]
            return evidence
    for stated, _ in reader.stated("source", near=True):
        text = re.sub(r"^\s*nguồn(?: tin)?\s*:\s*", "", stated, flags=re.I)
        if text and not body.sources:
            body.sources.append(text)
    if body.bylines:
        return "line at the end of the body"
    author = _linked_author(reader.document)
    byline = read_byline(author) if is_person(author) else None
    if byline is not None:
        body.bylines.append(byline)
        return "json-ld:author"
    return ""


def _linked_author(document: Document) -> str:
    """The name of a JSON-LD author that is a person: publishers stand there too."""
    author = document.linked_data.get("author")
    if isinstance(author, list):
        author = author[0] if author else None
    if isinstance(author, dict) and author.get("@type") == "Person":
        return squeeze(str(author.get("name") or ""))
    return ""


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
