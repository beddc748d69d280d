"""Removals: an article is removed on evidence only, and what comes back is live again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

GONE: dict[str, str] = {
    "not_found": "the article's address answers 404 or 410",
    "soft_404": "it answers 200 with a page that says there is nothing, or shows another page",
    "redirect_home": "it sends on to the front page",
}
"""How an article can be seen gone: the closed list of ``removals.how``."""

_WELL = (
    "SELECT count(*) FROM captures WHERE crawl_id = ? AND status IN (200, 304) AND outcome IN "
    "('article', 'unchanged', 'listing', 'home', 'static', 'sitemap', 'feed', 'file') "
    "AND instr(url, '://' || ? || '/') > 0"
)
"""Pages a host answered in a crawl. A firewall's or a closed portal's page is none."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One time an article was seen gone."""

    crawl_id: int
    capture_id: int
    at: str
    how: str
    host: str


def see_gone(connection: sqlite3.Connection, article_id: int, sight: Sight) -> None:
    """Note that an article was not at its address; of a crawl the first time counts."""
    connection.execute(
        "INSERT INTO _gone (article_id, crawl_id, capture_id, at, how, host) "
        "SELECT id, ?, ?, ?, ?, ? FROM articles WHERE id = ? AND status = 'live' "
        "ON CONFLICT (article_id, crawl_id) DO NOTHING",
        [sight.crawl_id, sight.capture_id, sight.at, sight.how, sight.host, article_id],
    )


def see_live(connection: sqlite3.Connection, article_id: int, at: str, capture_id: int) -> None:
    """Note that an article was at its address: what was seen before counts no longer."""
    connection.execute("DELETE FROM _gone WHERE article_id = ? AND at <= ?", [article_id, at])
    connection.execute(
        "UPDATE removals SET returned_at = ?, return_capture_id = ? "
        "WHERE article_id = ? AND returned_at IS NULL AND removed_at <= ?",
        [at, capture_id, article_id, at],
    )


def conclude(connection: sqlite3.Connection, portal: str, apart: timedelta) -> int:
    """Establish the removals that are proved; returns how many.

    Proved is what two crawls saw, ``apart`` or more, each while other pages of the host answered.
    What was seen while the host was not well is no evidence and is forgotten.
    """
    removed = 0
    waiting = connection.execute(
        "SELECT DISTINCT g.article_id FROM _gone g JOIN articles a ON a.id = g.article_id "
        "WHERE a.portal = ? AND a.status = 'live'",
        [portal],
    ).fetchall()
    well: dict[tuple[int, str], bool] = {}
    for (article_id,) in waiting:
        sights = _sound(connection, article_id, well)
        if sights and _moment(sights[-1]) - _moment(sights[0]) >= apart and len(sights) > 1:
            _remove(connection, article_id, sights)
            removed += 1
    return removed


def _sound(
    connection: sqlite3.Connection, article_id: int, well: dict[tuple[int, str], bool]
) -> list[Sight]:
    """The sights of an article that count, in order of time; ``well`` remembers the hosts."""
    rows = connection.execute(
        "SELECT crawl_id, capture_id, at, how, host FROM _gone WHERE article_id = ? ORDER BY at",
        [article_id],
    ).fetchall()
    sound = []
    for sight in (Sight(*row) for row in rows):
        place = sight.crawl_id, sight.host
        if place not in well:
            well[place] = connection.execute(_WELL, place).fetchone()[0] > 0
        if well[place]:
            sound.append(sight)
        else:
            connection.execute(
                "DELETE FROM _gone WHERE article_id = ? AND crawl_id = ?",
                [article_id, sight.crawl_id],
            )
    return sound


def _remove(connection: sqlite3.Connection, article_id: int, sights: Sequence[Sight]) -> None:
    first, last = sights[0], sights[-1]
    connection.execute(
        "UPDATE articles SET status = 'removed', removed_at = ? WHERE id = ?",
        [last.at, article_id],
    )
    connection.execute(
        "INSERT INTO removals (article_id, removed_at, how, first_capture_id, last_capture_id) "
        "VALUES (?, ?, ?, ?, ?)",
        [article_id, last.at, last.how, first.capture_id, last.capture_id],
    )
    connection.execute("DELETE FROM _gone WHERE article_id = ?", [article_id])


def _moment(sight: Sight) -> datetime:
    return datetime.fromisoformat(sight.at)
