"""Pages that are no article, and how each betrays itself.

The reasons are outcomes of ``archive.schema.OUTCOMES``. Each rule is a row; the first whose
condition holds decides. A page that no rule refuses is read as an article if it has what an
article needs.

A false refusal loses an article, a miss stores a page too many: where a rule cannot be sure, it
holds its tongue. So only addresses and file marks are asked of a page that speaks in paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from halong_crawler.reading.verdict import shapes
from halong_crawler.reading.verdict.glance import Glance, NotAnArticle
from halong_crawler.reading.verdict.shapes import ciphered
from halong_crawler.reading.verdict.signs import SIGNS


class Rule(NamedTuple):
    """One way a page betrays itself."""

    reason: str
    """An outcome of ``archive.schema.OUTCOMES``."""
    tells: Callable[[Glance], str | None]
    """The evidence, None where the page does not bear it."""
    always: bool = False
    """Asked also of a page that speaks in paragraphs."""


_FIRST = ("challenge", "refused", "server_page")

BEFORE_READING: tuple[Rule, ...] = (
    Rule("not_html", shapes.not_html, always=True),
    Rule("print_twin", shapes.print_twin, always=True),
    Rule("form", shapes.state, always=True),
    Rule("login", shapes.login_address, always=True),
    *(Rule(sign.reason, sign) for sign in SIGNS if sign.reason in _FIRST),
    Rule("login", shapes.login),
    *(Rule(sign.reason, sign) for sign in SIGNS if sign.reason not in _FIRST),
    Rule("soft_404", shapes.gone_inside),
    Rule("needs_javascript", shapes.needs_javascript),
    Rule("empty", shapes.empty),
    Rule("obfuscated", shapes.obfuscated),
    # A front page that is closed, parked or guarded was told above.
    Rule("home", shapes.home, always=True),
    Rule("search", shapes.search, always=True),
    Rule("home", shapes.front_page),
    Rule("listing", shapes.listing),
)


def refuse(glance: Glance) -> NotAnArticle | None:
    """The first rule that says the page cannot be an article."""
    for rule in BEFORE_READING:
        if rule.always or not glance.in_paragraphs:
            because = rule.tells(glance)
            if because is not None:
                return NotAnArticle(rule.reason, because)
    return None


__all__ = ["BEFORE_READING", "Glance", "NotAnArticle", "Rule", "ciphered", "refuse"]
