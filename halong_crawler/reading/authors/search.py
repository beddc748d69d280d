"""The search of a page for its authors: every place that may state them, the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborNode

from archive.text import fold, squeeze
from halong_crawler.reading.authors.bare import bare_authors
from halong_crawler.reading.authors.declared import (
    Declared,
    declared_authors,
    is_declared_article,
    site_names,
)
from halong_crawler.reading.authors.lines import Lines
from halong_crawler.reading.authors.marked import frames_of, is_foreign, is_quoted, marked_authors
from halong_crawler.reading.authors.shown import shown_authors
from halong_crawler.reading.bylines import is_person
from halong_crawler.reading.bylines.stated import is_full_name, is_known_person
from halong_crawler.reading.elements import visible_text
from halong_crawler.reading.reader import Reader

NEAR_THE_TITLE = "line near the title"
_SHORT_LINE = 120
_BESIDE = 60
"""Characters of a line that confirms a declared name, and of all beside a single word."""
_LAST_BLOCKS = 4
_LONGEST_NOTICE = 300
_OWNER = re.compile(
    r"(?:©|\(c\)|copyright)[\s:]*(?:©|\(c\))?\s*\d{4}(?:\s*[-–—]\s*\d{4})?[\s,]*(?:by\s+)?"
    r"([^\W\d][\w&’' -]{2,40})",
    re.I,
)
"""Whose the site is, by its copyright."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one place on the page says about the authors."""

    names: tuple[str, ...]
    printed: str
    evidence: str


@dataclass
class Search:
    """A page that is searched for its authors.

    ``strict`` says that its language is Vietnamese: only what is built as a Vietnamese name counts.
    """

    reader: Reader
    strict: bool

    def best(self) -> Claim | None:
        """The surest claim, unless another says the same more fully."""
        claims = list(self.claims())
        if not claims:
            return None
        best = claims[0]
        for claim in claims[1:]:
            fuller = claim.names[0] == best.names[0] and len(claim.names) > len(best.names)
            named = not is_full_name(best.names[0]) and is_full_name(claim.names[0])
            if fuller or (named and len(best.names) == 1):
                best = claim
        return best

    def claims(self) -> Iterator[Claim]:
        """What the page says about its authors, the surest first."""
        for claim in self._unchecked():
            if not self.strict or all(is_person(name) for name in claim.names):
                yield claim

    def _unchecked(self) -> Iterator[Claim]:
        document = self.reader.document
        # Who owns the site is read from all of its lines, which a template saves us the look at.
        if self.reader.templated and not any(declared_authors(document, ())):
            return
        declared = [
            found
            for found in declared_authors(document, self.refused)
            if self._is_credible(found.names[0])
        ]
        linked = [found for found in declared if found.evidence.startswith("json-ld")]
        yield from map(_declared, linked)
        if self.reader.templated:
            return
        marked = marked_authors(
            document.tree, self.heading, self.frames, refused=self.refused,
            ends_before=self._begins_after_the_text,
        )  # fmt: skip
        if marked is not None:
            yield Claim(marked.names, marked.printed, marked.evidence)
        yield from (_declared(found) for found in declared if found not in linked)
        firsts = [found.names[0] for found in declared] + ([marked.names[0]] if marked else [])
        if any(map(is_full_name, firsts)):
            return
        shown = shown_authors(self.lines, refused=self.refused) or bare_authors(
            self.lines, refused=self.refused
        )
        if shown is not None:
            yield Claim(shown.names, shown.line, NEAR_THE_TITLE)

    @cached_property
    def refused(self) -> frozenset[str]:
        """What the site and its publisher are called, folded."""
        portal = self.reader.portal
        called = {portal.title_vi, portal.title_en}
        if self.strict:
            called.update(self.reader.site_names)
        short = (text for text in self.texts if len(text) <= _LONGEST_NOTICE)
        owners = filter(None, map(_OWNER.search, short))
        called.update(found[1].strip() for found in owners if not is_known_person(found[1].strip()))
        return site_names(self.reader.document) | {fold(name) for name in called}

    @cached_property
    def heading(self) -> LexborNode | None:
        """The element that shows the title; else the page's first heading that shows anything."""
        title = fold(self.reader.title.value) if self.reader.title else ""
        tree = self.reader.document.tree
        found = [(fold(visible_text(node)), node) for node in (*tree.css("h1"), *tree.css("h2"))]
        shown = (node for text, node in found if len(text) > len(title) / 3 and text in title)
        return next(shown, next((node for text, node in found if text), None))

    @cached_property
    def frames(self) -> set[int]:
        """The elements around the article's heading, and those that hold all of its text."""
        frames = frames_of([self.heading] if self.heading is not None else [])
        story = self.reader.story
        if story is None or not story.chosen:
            return frames
        first, last = (
            frames_of([story.page.passages[at].element.node])
            for at in (min(story.chosen), max(story.chosen))
        )
        return frames | (first & last)

    @cached_property
    def texts(self) -> list[str]:
        """The page's lines as printed."""
        return [squeeze(passage.text) for passage in self.reader.document.outline.passages]

    @cached_property
    def lines(self) -> Lines:
        """The page's lines, with the title's and the text's place."""
        story, title = self.reader.story, self.reader.title
        passages = self.reader.document.outline.passages
        last = [block.text for block in reversed(self.reader.body_blocks) if block.text]
        return Lines(
            self.texts,
            title=fold(title.value) if title else "",
            last=tuple(last[:_LAST_BLOCKS]),
            begins_at=min(story.chosen) if story is not None and story.chosen else None,
            foreign=lambda at: is_foreign(passages[at].element.node, self.frames, self.texts[at]),
            quoted=lambda at: is_quoted(passages[at].element.node, self.frames),
        )

    @cached_property
    def _starts(self) -> dict[int, int]:
        story = self.reader.story
        return {e.node_id: e.first for e in story.page.elements} if story is not None else {}

    def _begins_after_the_text(self, node: LexborNode) -> bool:
        """Whether an element begins after the article's text."""
        story = self.reader.story
        if story is None or not story.chosen:
            return False
        current: LexborNode | None = node
        while current is not None and current.mem_id not in self._starts:
            current = current.parent
        return current is not None and self._starts[current.mem_id] > max(story.chosen)

    def _is_credible(self, name: str) -> bool:
        """Whether a name that the page's data declares is the article's author's.

        A full name is, on a page that says it is an article. A single word is as likely an account,
        and elsewhere a meta names who made the site: these must stand on a short line of the page.
        """
        if is_full_name(name) and is_declared_article(self.reader.document):
            return True
        wanted = re.compile(rf"(?<!\w){re.escape(fold(name))}(?!\w)")
        longest = _SHORT_LINE if is_full_name(name) else len(name) + _BESIDE
        return any(len(line) <= longest and wanted.search(line) for line in self.lines.folded)


def _declared(found: Declared) -> Claim:
    return Claim(found.names, "; ".join(found.names), found.evidence)
