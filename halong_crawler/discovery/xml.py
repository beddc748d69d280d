"""XML from strangers: parsed forgivingly, and never beyond the document itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from lxml import etree


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that a site map or feed names."""

    url: str
    lastmod: str | None = None
    """When it changed or appeared, as written."""


class Element(Protocol):
    """What is used of lxml's elements, which come without types."""

    tag: object

    def __iter__(self) -> Iterator[Self]: ...
    def iter(self) -> Iterator[Self]:
        """The element and all below it."""

    def itertext(self) -> Iterator[str]:
        """All text in it."""

    def get(self, key: str) -> str | None:
        """An attribute."""


def parse(body: bytes) -> Element | None:
    """The root of a document, broken or not; None if there is nothing in it.

    Entities are not resolved and nothing is fetched, so that a document can neither read files nor
    grow without bound.
    """
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # A declaration must stand at the very beginning; portals put empty lines before it.
    try:
        root: Element | None = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError:  # not one element could be recovered
        return None
    return root


def local_name(element: Element) -> str:
    """The element's name in lower case without its namespace, which portals forget or invent."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(element: Element) -> str | None:
    """The element's text; None if there is none."""
    return "".join(element.itertext()).strip() or None
