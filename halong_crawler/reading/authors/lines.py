"""A page's visible lines, and where among them its title, its text and other articles stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from archive.text import fold

_ABOVE, _BELOW = 6, 14
"""Lines before and after the heading among which a byline may stand."""
_INTO = 3
"""Lines of the text among which one may stand, however much lies between the heading and it."""
_AFTER = 6
"""Lines before and after the end of the text among which a byline may stand."""
_TAIL_LENGTH = 60


@dataclass
class Lines:
    """The lines of a page in reading order. Numbers are places in ``texts``."""

    texts: list[str]
    title: str = ""
    """The article's title, folded."""
    last: tuple[str, ...] = ()
    """The last texts of its body, the last first."""
    begins_at: int | None = None
    """The first line that was taken for its text."""
    foreign: Callable[[int], bool] = field(default=lambda _: False)
    """Whether a line stands in the frame of comments, lists or another article."""
    quoted: Callable[[int], bool] = field(default=lambda _: False)
    """Whether a line is a quotation's, a caption's or a menu's."""

    @cached_property
    def folded(self) -> list[str]:
        """The lines without marks, in small letters."""
        return [fold(text) for text in self.texts]

    @cached_property
    def title_at(self) -> int | None:
        """The first line that shows the title."""
        return self._holding(self.title, range(len(self.texts)))

    @cached_property
    def ends_at(self) -> int | None:
        """The last line that shows the end of the text."""
        backwards = range(len(self.texts) - 1, -1, -1)
        ends = (self._holding(fold(text)[-_TAIL_LENGTH:], backwards) for text in self.last)
        return next((at for at in ends if at is not None), None)

    def near_title(self) -> Iterator[int]:
        """The lines at the title, nearest first: from it down into the text, then up."""
        start = self.title_at or 0
        into = start if self.begins_at is None else min(self.begins_at, start + 4 * _BELOW) + _INTO
        below = range(start, min(len(self.texts), max(start + _BELOW, into) + 1))
        above = range(start - 1, max(-1, start - 1 - _ABOVE), -1)
        yield from filter(self._is_own, (*below, *above))

    def near_end(self) -> Iterator[int]:
        """The lines at the end of the text, the last first; those of other frames left out."""
        last = len(self.texts) - 1 if self.ends_at is None else self.ends_at + _AFTER
        first = max(self.title_at or 0, last - 2 * _AFTER)
        yield from filter(self._is_own, range(min(last, len(self.texts) - 1), first, -1))

    def inside(self) -> Iterator[int]:
        """The lines from the title to the end of the text."""
        end = len(self.texts) - 1 if self.ends_at is None else self.ends_at
        yield from filter(self._is_own, range((self.title_at or 0) + 1, end + 1))

    def _is_own(self, at: int) -> bool:
        """Whether a line is the article's own: after its text more frames are others'."""
        inside = self.ends_at is not None and at <= self.ends_at
        return not (self.quoted if inside else self.foreign)(at)

    def _holding(self, folded: str, order: Iterable[int]) -> int | None:
        return next((at for at in order if folded in self.folded[at]), None) if folded else None
