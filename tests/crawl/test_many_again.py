"""A portal of many articles, night after night: little is asked for, nothing is missed for long."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.crawl import changing
from tests.crawl.changing import Changing, Portal
from tests.crawl.runs import LONG
from tests.learning.grammar import stories

COUNT = 5000 if LONG else 1500
DAYS_APART = 0.7 if LONG else 2
"""Between two articles, so that the oldest is eight or nine years old."""
FRESH = range(COUNT - int(28 / DAYS_APART), COUNT + 1)
"""Articles younger than thirty days."""
YEAR = range(COUNT - int(360 / DAYS_APART), FRESH.start)
TITLES = [story.title for story in stories(COUNT, 5)]


class Dated(Portal):
    def _article(self, number: int) -> bytes:
        day = date(2026, 11, 1) - timedelta(days=(COUNT - number) * DAYS_APART)
        shown = f"</h1><span class='date'>{day:%d/%m/%Y} 08:15</span>"
        return super()._article(number).replace(b"</h1>", shown.encode(), 1)


def night(day: int) -> str:
    return f"2026-11-{day:02}T03:00:00Z"


def test_little_is_asked_for_and_edits_removals_and_returns_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "A_PAGE", 50)
    chance = random.Random(1)
    edited = {*chance.sample(FRESH, 12), *chance.sample(YEAR, 38)}
    removed = set(chance.sample([number for number in YEAR if number not in edited], 10))
    returned = set(chance.sample(sorted(removed), 3))
    portal = Dated({n: TITLES[n - 1] for n in range(1, COUNT + 1)}, etags=False)
    with Changing(portal, tmp_path) as town:

        def found(condition: str) -> set[int]:
            rows = town.rows.all(f"SELECT source_id FROM articles WHERE {condition}")
            return {int(number) for (number,) in rows}

        assert len(town.articles(night(1))) == COUNT
        assert len(town.articles(night(2))) < 0.03 * COUNT
        for number in edited:
            portal.articles[number] += " (đính chính)"
        portal.status.update(dict.fromkeys(removed, 404))
        for day in (4, 6, 10):
            assert len(town.articles(night(day))) < 0.2 * COUNT
        # Counters, clocks and lists of other news have changed at every answer.
        assert found("version_count > 1") <= edited
        assert len(found("version_count > 1")) >= 0.8 * len(edited)
        assert found("status = 'removed'") <= removed
        for day in (11, 12, 13, 14):
            town.crawl(night(day))
        assert found("status = 'removed'") == removed
        for number in returned:
            del portal.status[number]
        for day in (16, 20):
            town.crawl(night(day))
        assert found("status = 'removed'") == removed - returned
        assert found("version_count > 1") == edited
