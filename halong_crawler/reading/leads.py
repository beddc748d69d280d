"""The lead (sapo): the places it may be read from, best first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archive.text import fold, squeeze
from halong_crawler.reading.blocks import Block
from halong_crawler.reading.dates import parse_date
from halong_crawler.reading.elements import name_of, visible_text
from halong_crawler.reading.found import Found, first_found
from halong_crawler.reading.weighing.opening import lead_among

if TYPE_CHECKING:
    from halong_crawler.reading.reader import Reader

APART = ("title", "lead", "date", "updated", "byline", "category", "tags", "cut")
"""Fields whose elements are no part of the body, wherever they stand."""
_LEAD_CLASSES = ", ".join(
    f"[class*={word} i]"
    for word in ("sapo", "summary", "hometext", "trich", "tomtat", "tom-tat", "mota", "lead")
)
_FULL_STOPS = (".", "!", "?", "…", ".”", '."')


def read_lead(reader: Reader) -> Found[str] | None:
    """The lead, one paragraph, or None where nothing on the page is one."""
    ladder = _Ladder(reader)
    if reader.is_settled("lead"):
        return ladder.selected()
    return first_found(
        ladder.selected, ladder.weighed, ladder.classed, ladder.described, ladder.between,
        ladder.bold,
    )  # fmt: skip


class _Ladder:
    """The rungs; what several of them look at is made once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def selected(self) -> Found[str] | None:
        for text, evidence in self.reader.stated("lead", near=True):
            if 20 <= len(text) <= 2000:
                return Found(text, evidence)
        return None

    def weighed(self) -> Found[str] | None:
        """Among the passages weighed out of a page where no selector says where they are."""
        story = self.reader.story if self.reader.weighed else None
        if story is None:
            return None
        described = list(self._descriptions.values())
        found = lead_among(story.page, sorted(story.chosen), story.title_at, described)
        return Found(story.page.passages[found[0]].text, found[1]) if found else None

    @cached_property
    def _descriptions(self) -> dict[str, str]:
        """Where the page's head describes it → the description, folded, without its last stops."""
        metas = self.reader.document.metas
        stated = {
            "json-ld:description": str(self.reader.document.linked_data.get("description") or ""),
            "meta:og:description": metas.get("og:description", ""),
            "meta:description": metas.get("description", ""),
        }
        return {name: fold(squeeze(text)).rstrip(" .…") for name, text in stated.items()}

    def classed(self) -> Found[str] | None:
        """An element that names itself a lead, under the title."""
        if self.reader.scope is None:
            return None
        for node in self.reader.scope.css(_LEAD_CLASSES):
            text = visible_text(node)
            if (
                40 <= len(text) <= 1500
                and self.reader.is_near(node)
                and node.css_first("a") is None
            ):
                return Found(text, f"class:{name_of(node)}")
        return None

    def between(self) -> Found[str] | None:
        """The only sentence between title and body."""
        facts = self.reader.selected_ids(*APART)  # a line of facts, however long, is no sentence
        between = [b for b in self._between if b.node_id not in facts]
        texts = [b.text for b in between if len(b.text) >= 40 and b.link_share < 0.3]
        texts = [text for text in texts if parse_date(text, self.reader.zone) is None]
        return Found(texts[0], "paragraph between title and body") if len(texts) == 1 else None

    @cached_property
    def _between(self) -> list[Block]:
        """Blocks after the title and before the body's first."""
        body, title, start = self.reader.body_blocks, self.reader.title, self.reader.title_at
        if not body or title is None or start is None or len(title.value) >= 500:
            return []
        found = self.reader.scope_blocks
        end = next((i for i, b in enumerate(found) if b.text == body[0].text), 0)
        return found[start + 1 : end]

    def described(self) -> Found[str] | None:
        """The description, when the page shows it as the first paragraph."""
        for name, start in self._descriptions.items():
            if len(start) < 40:
                continue
            shown = [b.text for b in self._between if fold(b.text).startswith(start)]
            # Cut from the first paragraph, a description is no lead: it must be all of it.
            shown += [b.text for b in self._opening if fold(b.text).rstrip(" .…") == start]
            if shown:
                return Found(shown[0], name)
        return None

    def bold(self) -> Found[str] | None:
        opening = [b for b in self._opening if b.text]
        for block in opening[:2]:
            sentence = len(block.text) >= 60 and block.text.rstrip().endswith(_FULL_STOPS)
            if block.strong and block.kind == "p" and sentence and len(opening) > 1:
                return Found(block.text, "heuristic:bold opening paragraph")
        return None

    @cached_property
    def _opening(self) -> list[Block]:
        title = fold(self.reader.title.value) if self.reader.title else ""
        return [b for b in self.reader.body_blocks[:6] if fold(b.text) != title][:4]
