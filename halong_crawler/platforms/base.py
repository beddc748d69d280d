"""What a platform is: a table of facts about the pages one vendor's product builds.

A platform holds no behaviour. A new selector, URL rule or skip reason is a row in its table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from archive.records import AliasKind

FIELDS = (
    "title",
    "lead",
    "body",
    "byline",
    "date",
    "updated",
    "category",
    "tags",
    "source",
    "source_id",
    "attachments",
    "cut",
    "listing",
)
"""What a selector can be given for. ``cut`` names what stands inside the body's element and is no
part of the body; ``listing`` the entries of a listing: an article's page holds none."""


def patterns(*expressions: str) -> tuple[re.Pattern[str], ...]:
    """Compiled for URLs: no platform seen so far tells two pages apart by letter case alone."""
    return tuple(re.compile(expression, re.IGNORECASE) for expression in expressions)


class Mark(NamedTuple):
    """What betrays a product in the HTML of its pages."""

    pattern: re.Pattern[str]
    words: str
    """Part of whatever the pattern matches."""

    def search(self, html: str) -> re.Match[str] | None:
        """Where a page bears it. Every page of an unknown portal is searched for every mark."""
        # Plain words are looked for many times as fast as a pattern.
        return self.pattern.search(html) if self.words in html else None


def marks(*expressions: str) -> tuple[Mark, ...]:
    """Compiled for HTML: a product writes its own names in one way.

    Outside classes and groups an expression has no alternatives.
    """
    return tuple(Mark(re.compile(expression), _words(expression)) for expression in expressions)


_VARIABLE = re.compile(r"\(.*\)[*?]?|\[[^]]*\][*+?]?|\\[a-z][*+]?|.[*+?]")
"""What of an expression may match this or that."""
_TELLING = 5
"""Characters from which words are rare on a page."""


def _words(expression: str) -> str:
    """The last words of some length that an expression matches as they stand."""
    fixed = (part.replace("\\", "") for part in _VARIABLE.split(expression))
    return next((part for part in reversed([*fixed]) if len(part) >= _TELLING), "")


class ArticleUrl(NamedTuple):
    """How the path and query of an article's URL look.

    The pattern's group ``id`` is the article's own id. A group ``site`` names the part of the path
    that has a counter of its own, so that two sub-sites may use the same id for two articles.
    """

    pattern: re.Pattern[str]
    prefix: str = ""
    """Put before the id where one portal counts two sorts of articles apart."""
    params: tuple[str, ...] | None = None
    """The only query parameters the article needs; None: all that count on this platform."""


class Twin(NamedTuple):
    """A second URL of an article, and how its own URL is made from it."""

    pattern: re.Pattern[str]
    replacement: str
    kind: AliasKind


class Refusal(NamedTuple):
    """URLs that are never asked for, by their path and query."""

    pattern: re.Pattern[str]
    reason: str
    """A key of :data:`archive.schema.SKIP_REASONS`."""


class Turn(NamedTuple):
    """One way to turn the page of a listing by a form (a postback)."""

    next: str | None = None
    """CSS selector of the link or button that turns to the next page, or of what is inside it."""
    pager: str | None = None
    """CSS selector of what holds the pages' numbers."""
    target: str | None = None
    """The control an argument is sent to; None: whichever the page names with it."""
    argument: str | None = None
    """What asks for a page; ``{page}`` stands for its number."""


ASP_NET = (
    # GridView, DataGrid and ListView name their commands so (PagerSettings).
    Turn(argument="Page${page}"),
    Turn(argument="Page$Next"),
    # Telerik's RadGrid: the class names are part of its skins' contract.
    Turn(next=".rgPageNext"),
    Turn(pager=".rgNumPart"),
)
"""How pages are turned by the controls that come with ASP.NET."""


class Selector(NamedTuple):
    """``css``, ``css@attribute`` or ``css@attribute~regex``, taken apart.

    The attribute ``text`` means the element's text. Of a regex, group 1 is the value if it has
    one, else all it matched.
    """

    css: str
    attribute: str | None = None
    regex: re.Pattern[str] | None = None

    def cut(self, value: str) -> str | None:
        """What of a raw value the selector asks for."""
        if self.regex is None:
            return value
        match = self.regex.search(value)
        return match[match.re.groups and 1] if match else None


# A CSS selector may itself hold @ or ~ (in a quoted attribute, as a combinator), so the first @
# counts only if a bare name follows it and then the end or ~.
_SELECTOR = re.compile(r"(?P<css>.+?)(?:@(?P<attribute>[\w:-]+)(?:~(?P<regex>.+))?)?", re.DOTALL)


@lru_cache(maxsize=1024)
def selector(text: str) -> Selector:
    """Takes a selector as written in a table apart; a bad regex raises ``re.error``."""
    match = _SELECTOR.fullmatch(text.strip())
    if match is None:
        return Selector(text)
    regex = match["regex"]
    return Selector(match["css"], match["attribute"], re.compile(regex) if regex else None)


@dataclass(frozen=True, slots=True, eq=False)
class Platform:
    """A vendor's product, as a table. There is one object for each table."""

    name: str
    marks: tuple[Mark, ...] = ()
    """Any of these in a page's HTML betrays the product."""
    article_urls: tuple[ArticleUrl, ...] = ()
    listing_urls: tuple[re.Pattern[str], ...] = ()
    """Paths (with query) of pages known to list articles."""
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field of :data:`FIELDS` → selectors, the surest first (see :class:`Selector`)."""
    drop_params: tuple[re.Pattern[str], ...] = ()
    """Names of query parameters that are ornaments: they do not change the page."""
    keep_params: tuple[re.Pattern[str], ...] = ()
    """If given, only parameters of these names can tell two pages apart."""
    first_page: tuple[re.Pattern[str], ...] = ()
    """``name=value`` of parameters that ask for what the URL shows without them."""
    lower_path: bool = False
    """The server does not mind the case of the path and of parameter names."""
    twins: tuple[Twin, ...] = ()
    refuse: tuple[Refusal, ...] = ()
    paging: tuple[re.Pattern[str], ...] = ()
    """Paths (with query) that only turn the page of a listing."""
    turns: tuple[Turn, ...] = ASP_NET
    """How pages are turned where a descriptor declares a postback and does not say how; the first
    that a page offers."""
    upload_paths: tuple[re.Pattern[str], ...] = ()
    """Paths of images that name, in groups ``year`` and ``month``, when they were uploaded: an
    article is no older than the newest of its images."""
    varied: bool = False
    """Sites dress the product as they like, so that its own element for the body often holds more
    than the body: the text is weighed out of the page, and the selector used where that fails."""
    valid_until: date | None = None
    """The last day on which captures are read by this table; None: it is the present one."""
