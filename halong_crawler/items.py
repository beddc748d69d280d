"""What passes between frontier, spider and pipeline: where to go, and what a fetch came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from archive.records import Page
from archive.totals import Total
from archive.visits import FILES
from halong_crawler.discovery.postback import Form
from halong_crawler.failures import Trouble
from halong_crawler.validators import UNMARKED, Validators


@dataclass(frozen=True, slots=True)
class Lead:
    """A URL to be asked for, as discovery hands it to the frontier."""

    key: str
    url: str
    kind: str
    depth: int
    found_on: str | None = None
    form: Form | None = None
    """What a listing's page is asked for with; None: a plain GET."""

    @property
    def is_file(self) -> bool:
        """Whether it belongs to articles and leads no further: a file they link to, an image."""
        return self.kind in FILES

    @property
    def is_hurried(self) -> bool:
        """Whether it goes before everything: its listing's state was lost, and may be so again."""
        return self.form is not None and self.form.reach > 0


@dataclass(frozen=True, slots=True)
class Skip:
    """A URL that was met and will not be asked for."""

    url: str
    reason: str
    """A key of ``archive.schema.SKIP_REASONS``."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fetch, to be kept in one transaction: the page, the links on it, its own place."""

    page: Page | None
    """None when nothing was asked of the server (robots.txt forbids it)."""
    lead: Lead
    state: Literal["done", "failed", "refused", "again", "later", "unasked"]
    """``refused``: one of ``skipped`` says why. ``again``: ask once more now, at ``again_at``.
    ``later``: at the end of the crawl, after ``wait``. ``unasked``: nothing was asked of the
    server; it is put back as it was."""
    found: Sequence[Lead] = ()
    skipped: Sequence[Skip] = ()
    again_at: str | None = None
    wait: float = 0.0
    """Seconds, times patience, before a page is asked for later."""
    trouble: Trouble | None = None
    """What the fetch says about the host's health; None where it was answered."""
    validators: Validators = UNMARKED
    """What the answer was marked with."""
    lastmods: Mapping[str, str] = field(default_factory=dict)
    """Key → ``lastmod``, where a site map was read."""
    total: Total | None = None
    """What a listing says of its own size."""
    words: bytes | None = None
    """Digest of the words of a page that is no article."""
