"""The descriptor a survey proposes, written as a person would write it."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass, field, fields
from typing import Any

from halong_crawler.politeness import Politeness
from halong_crawler.portal import Portal

_WIDTH = 100


@dataclass
class Proposal:
    """The facts of a descriptor, key by key; what is empty is left out."""

    title_vi: str
    title_en: str
    level: str
    province: str
    platform: str
    hosts: tuple[str, ...]
    seeds: tuple[str, ...]
    path_prefix: str = ""
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    article_url: str | None = None
    language: str = "vi"
    delay: float | None = None
    comments: dict[str, str] = field(default_factory=dict)
    """Key → where its value comes from, for the line above it; ``""`` is the head of the file."""

    def portal(self, name: str) -> Portal:
        """The portal it describes. Raises ``pydantic.ValidationError`` if it describes none."""
        facts: dict[str, Any] = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("comments", "delay")
        }
        return Portal(name=name, politeness=Politeness(delay=self.delay), **facts)

    def toml(self) -> str:
        """The file's text."""
        lines = [*_comment(self.comments.get("", ""))]
        for item in fields(self):
            if item.name in ("comments", "delay"):
                continue
            value = getattr(self, item.name)
            if value in ("", (), None) or (item.name == "language" and value == "vi"):
                continue
            lines += _comment(self.comments.get(item.name, ""))
            lines.append(f"{item.name} = {_value(value)}")
        if self.delay is not None:
            lines += ["", "[politeness]", *_comment(self.comments.get("delay", ""))]
            lines.append(f"delay = {self.delay}")
        return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    return [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(
            paragraph, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False,
            break_on_hyphens=False,
        )
    ]  # fmt: skip


def _value(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        # A regex reads best without its backslashes doubled.
        literal = "\\" in value and "'" not in value and value.isprintable()
        return f"'{value}'" if literal else _basic(value)
    line = f"[{', '.join(map(_basic, value))}]"
    if len(line) < _WIDTH - 12 and len(value) < 3:
        return line
    return "[\n" + "".join(f"    {_basic(item)},\n" for item in value) + "]"


def _basic(text: str) -> str:
    """A basic string: TOML takes JSON's escapes, and wants one for DEL too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
