"""What passes between the rooms: a page as it was captured, and the article read out of it.

The crawler fills these records and the archive keeps them; neither side knows the other's
insides. All text is NFC. Times are ISO 8601 strings: captures in UTC with a trailing ``Z``,
publication dates with the offset the portal uses. Unknown is ``None``, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["writer", "photographer", "compiler", "translator"]
Precision = Literal["minute", "day", "month"]
"""How exactly a date is known. A month is a floor: an image of the article was uploaded in it."""
TextStatus = Literal[
    "not_fetched", "read", "empty", "scanned", "ocr", "encrypted", "damaged", "unsupported",
    "too_large", "too_heavy", "not_a_file",
]  # fmt: skip
"""How far the text of an attachment was read; :data:`archive.schema.TEXT_STATUSES` explains."""
AliasKind = Literal["canonical", "alias", "print", "mobile", "download", "redirect"]


@dataclass(frozen=True, slots=True)
class Author:
    """A person (or a collective that signs as one) read from a byline."""

    name: str
    role: Role = "writer"
    printed: str = ""
    """The words on the page this author was read from."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image of an article, with the words printed beside it."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class AttachmentLink:
    """A file an article links to."""

    url: str
    filename: str | None = None
    """The file's name as a reader would know it: decoded, NFC."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that was asked for because articles link to it, and what was read in it."""

    url: str
    """As the articles' :class:`AttachmentLink` has it."""
    media_type: str | None
    """By its bytes."""
    bytes: int | None
    """Size; None where it was not taken."""
    sha256: str | None
    """Its name in the archive's ``files/``; None where it is not kept there."""
    text_status: TextStatus
    text_note: str | None = None
    pages: tuple[str, ...] = ()
    """The text of each page, in order."""


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published, as far as the page says so."""

    at: str
    """ISO 8601 with offset; cut to the precision (``2012-12-21`` for a day)."""
    precision: Precision
    raw: str
    """The printed form."""
    source: str
    """Which evidence it was read from, such as ``platform:.assetPublishDate``."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who runs a portal, as its own footer says it."""

    owner: str | None = None
    operator: str | None = None
    licence_number: str | None = None
    licence_date: str | None = None
    """ISO date."""
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a reader finds on an article's page."""

    source_id: str
    """The portal's own id of the article (with the sub-site before it where ids are per host)."""
    url: str
    """The canonical URL."""
    title: str
    body: str
    """Plain text, paragraphs separated by one empty line."""
    body_html: str = ""
    """The same body as safe HTML (what nh3 lets through)."""
    lead: str | None = None
    byline: str | None = None
    authors: tuple[Author, ...] = ()
    source: str | None = None
    category: tuple[str, ...] = ()
    """The category and its parents, outermost first."""
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[AttachmentLink, ...] = ()
    published: Published | None = None
    updated_at: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Field name → where it was read from."""
    parser_version: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One observation of one URL at one time."""

    url: str
    fetched_at: str
    outcome: str
    """One of :data:`archive.schema.OUTCOMES`."""
    status: int | None = None
    media_type: str | None = None
    payload_digest: str | None = None
    """``sha1:`` and base32, as in ``WARC-Payload-Digest``."""
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None
    note: str | None = None
    """For a failure, what happened; for a redirect, where to."""
    encoding: str | None = None
    """The encoding a page was read in, as Python spells it."""
    encoding_conflict: str | None = None
    """JSON: what the page declares otherwise, and how many letters were lost; None if nothing."""
    posted_page: int | None = None
    """The page of a listing that was asked for with a POST; None where it was a GET."""
    refers_to: int | None = None
    """The capture whose record holds the payload; None where its own does."""
    import_id: int | None = None
    """The row of ``imports`` it came with; None where a crawl made it."""
    id: int | None = None
    """Its number in ``captures``; None: the next there is."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything one fetched page says, to be kept in one transaction."""

    portal: str
    capture: Capture
    article: Article | None = None
    imprint: Imprint | None = None
    aliases: tuple[tuple[str, AliasKind], ...] = ()
    """Further URLs that lead to this article."""
    unchanged_article: int | None = None
    """The article the server says (304) is as its last 200 answer showed it."""
    file: FetchedFile | None = None
    """What the capture brought, where a file was asked for."""


@dataclass(frozen=True, slots=True)
class PortalFacts:
    """What the archive says about a portal."""

    name: str
    title_vi: str
    title_en: str
    home_url: str
    level: str
    province: str
    platform: str
    language: str
    timezone: str
    first_date: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """A learnt selector that found less in a crawl than it did when it was learnt."""

    field: str
    selector: str
    expected: float
    """Share of pages it was found on when it was learnt, 0 to 1."""
    seen: float
    """Share of this crawl's articles it was found on."""
    pages: int
    """Articles of this crawl."""
    first_url: str
    """The first page without it."""


@dataclass(frozen=True, slots=True)
class Learning:
    """A template that a crawl learnt from its own pages."""

    pages: int
    fields: tuple[str, ...]
    reread: int = 0
    """Captures that were read again with it."""
