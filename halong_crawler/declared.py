"""Ways to walk a portal that its descriptor declares: postbacks, ranges, its own search.

Facts only: :mod:`halong_crawler.turning` walks postbacks, :mod:`halong_crawler.reserve` the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Self
from urllib.parse import quote

from pydantic import Field, field_validator, model_validator

from halong_crawler.checks import address_of, check_selector, on_hosts
from halong_crawler.platforms import Turn
from halong_crawler.politeness import Facts

COMMON_WORDS = (
    "hội nghị", "thông báo", "kế hoạch", "quyết định", "nhân dân", "chủ tịch", "tuyên truyền",
    "xây dựng", "phòng chống", "trường học", "nông thôn", "văn hóa", "y tế", "an ninh", "đất đai",
    "du lịch", "thanh niên", "phụ nữ", "cải cách", "chuyển đổi số", "bầu cử", "lễ hội", "dự án",
    "môi trường", "giao thông",
)  # fmt: skip
"""What a portal's search is asked for where the descriptor names no words."""


class Postback(Facts):
    """A listing whose pages are turned by sending its form back."""

    listing: str = Field(description="the listing's URL")
    next: str | None = Field(
        default=None, description="a CSS selector of the link or button that turns to the next page"
    )
    pager: str | None = Field(
        default=None, description="a CSS selector of what holds the pages' numbers"
    )
    target: str | None = Field(
        default=None, min_length=1, description="the control that turns pages: __EVENTTARGET"
    )
    argument: str | None = Field(
        default=None, min_length=1, description='what asks it for a page, such as "Page${page}"'
    )

    @field_validator("listing")
    @classmethod
    def _in_its_one_spelling(cls, value: str) -> str:
        return address_of(value).url

    @model_validator(mode="after")
    def _one_way_at_most(self) -> Self:
        ways = [self.next, self.pager, self.argument or self.target]
        if sum(way is not None for way in ways) > 1:
            raise ValueError(
                "names several ways to turn a page; give next, or pager, or target and argument"
            )
        if self.target is not None and self.argument is None:
            raise ValueError('has a target and no argument; give one, such as "Page${page}"')
        for css in (self.next, self.pager):
            if css is not None:
                check_selector(css)
        return self

    def check(self, hosts: Iterable[str], _first: date | None) -> None:
        """Raise ValueError if it is none of the portal's."""
        on_hosts([self.listing], hosts)

    @property
    def turn(self) -> Turn | None:
        """How pages are turned; None where the platform knows."""
        if self.next is None and self.pager is None and self.argument is None:
            return None
        return Turn(self.next, self.pager, self.target, self.argument)


_PLACES = ({"{id}"}, {"{year}", "{month}"}, {"{year}", "{month:02}"})
"""What stands in a range's URL to be filled in. Nothing else in braces: no text of a descriptor is
a format string."""


class Range(Facts):
    """Addresses that are counted up: articles by their ids, or archives by month."""

    url: str = Field(description="a URL with {id}, or with {year} and {month} (or {month:02})")
    first: int | None = Field(default=None, ge=0, description="the first id")
    last: int | None = Field(default=None, ge=0, description="the last id")
    misses: int = Field(
        default=50, ge=1, description="so many ids in a row without an article end the walk upwards"
    )

    @model_validator(mode="after")
    def _counts_ids_or_months(self) -> Self:
        if set(re.findall(r"[{][^}]*[}]?|[}]", self.url)) not in _PLACES:
            raise ValueError(
                f"{self.url!r} holds neither {{id}} nor {{year}} and {{month}}; put them where "
                "the numbers stand"
            )
        if self.is_monthly and not {"first", "last", "misses"}.isdisjoint(self.model_fields_set):
            raise ValueError("an archive by month takes url only; it begins with first_date")
        if self.last is not None and self.first is None:
            raise ValueError("has a last id and no first; give both, or neither")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"first ({self.first}) is greater than last ({self.last}); swap them")
        return self

    def check(self, hosts: Iterable[str], first: date | None) -> None:
        """Raise ValueError if it is none of the portal's, or nobody knows where it begins."""
        on_hosts([self.at(1)], hosts)
        if self.is_monthly and first is None:
            raise ValueError(f"{self.url}: give the portal's first_date: months begin there")

    @property
    def is_monthly(self) -> bool:
        """Whether it counts months."""
        return "{month" in self.url

    def at(self, number: int) -> str:
        """The address of an id, or of a month as :func:`month_number` counts it."""
        if not self.is_monthly:
            return self.url.replace("{id}", str(number))
        month = number % 12 + 1
        dated = self.url.replace("{year}", str(number // 12)).replace("{month:02}", f"{month:02}")
        return dated.replace("{month}", str(month))


class Search(Facts):
    """The portal's own search, asked for common words when everything else is done."""

    url: str = Field(description="a URL with {term} where the word stands")
    terms: tuple[str, ...] = Field(
        default=COMMON_WORDS, min_length=1, description="the words to ask for"
    )

    @model_validator(mode="after")
    def _has_a_place_for_the_word(self) -> Self:
        if "{term}" not in self.url:
            raise ValueError(f"{self.url!r} has no {{term}}; put it where the word stands")
        return self

    def check(self, hosts: Iterable[str], _first: date | None) -> None:
        """Raise ValueError if it is none of the portal's."""
        on_hosts(self.urls, hosts)

    @property
    def urls(self) -> tuple[str, ...]:
        """The address of each word's results."""
        return tuple(self.url.replace("{term}", quote(term)) for term in self.terms)


def month_number(day: date) -> int:
    """The number of a day's month, counted from the year 0."""
    return day.year * 12 + day.month - 1
