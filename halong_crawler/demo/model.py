"""What the demo portals publish: articles made of blocks, and what must be read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

BlockKind = Literal["p", "h", "image", "table", "list"]

ROLES = frozenset({"writer", "photographer", "compiler", "translator"})

FORMS = frozenset(
    {
        "nfd",  # title, lead and every other paragraph are printed decomposed
        "br_soup",  # one <div>, paragraphs parted by <br><br>
        "word",  # pasted from Word: MsoNormal, nested spans, <o:p>, conditional comments
        "no_og",  # no og:title, no og:description
        "generic_title",  # <title> names the portal, not the article
        "no_sapo_box",  # the lead is printed as the body's first bold paragraph
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article's body.

    ``html`` replaces the printed form where the markup itself is the point; ``text`` stays what
    a reader must get from it.
    """

    kind: BlockKind
    text: str = ""
    """The paragraph, the heading, or the caption of an image."""
    src: str = ""
    """The image's path on the portal, decoded."""
    credit: str | None = None
    """Who took the photo, where the caption says so."""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    html: str | None = None

    def lines(self) -> Iterator[str]:
        """The texts a reader sees, in reading order."""
        if self.text:
            yield self.text
        yield from self.items
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article as a portal publishes it, and the truth a reader is measured against."""

    id: str
    title: str
    lead: str
    category: str
    blocks: tuple[Block, ...]
    byline: str | None = None
    """The signature as printed."""
    authors: tuple[tuple[str, str], ...] = ()
    """(name, role) in printed order."""
    source: str | None = None
    """Who the article was taken from."""
    published_at: str | None = None
    """ISO 8601 with +07:00, or the day alone where only a day is printed."""
    date_shown: str | None = None
    """The date as printed; ``None`` where the page carries none."""
    attachments: tuple[str, ...] = ()
    """Paths on the portal, decoded."""
    tags: tuple[str, ...] = ()
    slug: str = ""
    forms: tuple[str, ...] = ()
    """Names from :data:`FORMS`."""
    updated_at: str = ""
    """What the sitemap says in ``lastmod``; never printed on the page."""
    title_html: str | None = None
    lead_html: str | None = None
    byline_html: str | None = None

    @property
    def body(self) -> str:
        """The body's text: every line in reading order, parted by one empty line.

        The lead and the byline are fields of their own and not part of it.
        """
        return "\n\n".join(line for block in self.blocks for line in block.lines())

    @property
    def number(self) -> int:
        """The portal's counter: higher is newer."""
        return int(self.id.rpartition("-")[2])

    @property
    def images(self) -> tuple[Block, ...]:
        """The image blocks in order."""
        return tuple(block for block in self.blocks if block.kind == "image")
