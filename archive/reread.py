"""Captures read again: a better reader corrects what was read, and makes no edit of the portal.

A version says that the portal changed its article. When only the reading changed, the history is
written anew from the same captures: each shows what is read from it now (or, where it could not be
read again, what was read then), and states that turn out equal are one version.
"""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive import versions
from archive.findings import Reading
from archive.records import Article
from archive.state import VERSION_FIELDS, Sighting, differences, filled, tidy

_KEPT = (*VERSION_FIELDS, "body_html", "content_sha256", "parser_version")
_NAMES = ", ".join(_KEPT)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What one capture of the article shows."""

    capture_id: int
    crawl_id: int | None
    at: str
    outcome: str
    values: dict[str, Any]
    """The columns of ``article_versions`` that a reading fills."""
    article: Article | None
    """The reading, where the capture was read again."""


def reread_article(
    connection: sqlite3.Connection, article_id: int, readings: Mapping[int, Article]
) -> bool:
    """Write an article's history anew; ``readings`` holds capture id → what is read from it now.

    Returns whether anything reads differently than before. Raises ValueError for a reading that is
    another article's.
    """
    portal, source_id = connection.execute(
        "SELECT portal, source_id FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    for capture_id, article in readings.items():
        if article.source_id != source_id:
            raise ValueError(
                f"capture {capture_id} reads as article {article.source_id}, not {source_id}"
            )
    before = _as_read(connection, article_id)
    shown = _read_again(before, readings)
    if [each.values for each in shown] == [each.values for each in before]:
        return False
    starts = _starts(shown)
    _write(connection, article_id, shown, starts)
    _present(connection, portal, article_id, shown, starts)
    _correct_counts(connection, before, shown)
    return True


def restamp(connection: sqlite3.Connection, article_id: int, readings: Sequence[Reading]) -> None:
    """Note the reader's version where captures of an article read as before by a newer reader.

    The evidence of the present state is that of its latest reading.
    """
    for each in readings:
        connection.execute(
            "UPDATE article_versions SET parser_version = ? WHERE article_id = ? "
            "AND capture_id = ?",
            [each.parser_version, article_id, each.capture_id],
        )
    last = max(readings, key=lambda each: each.capture_id)
    connection.execute(
        "UPDATE articles SET parser_version = v.parser_version, evidence = CASE WHEN "
        "(SELECT fetched_at FROM captures WHERE id = :capture) >= v.captured_at "
        "THEN :evidence ELSE evidence END FROM article_versions v WHERE articles.id = :article "
        "AND v.article_id = articles.id AND v.number = articles.version_count",
        {"capture": last.capture_id, "evidence": last.evidence, "article": article_id},
    )


def _as_read(connection: sqlite3.Connection, article_id: int) -> list[_Shown]:
    """Every capture of the article in order, with the state of the version it belongs to."""
    states = [
        (at, dict(zip(_KEPT, values, strict=True)))
        for at, *values in connection.execute(
            f"SELECT captured_at, {_NAMES} FROM article_versions WHERE article_id = ? "
            "ORDER BY number",
            [article_id],
        )
    ]
    captures = connection.execute(
        "SELECT id, crawl_id, fetched_at, outcome FROM captures WHERE article_id = ? "
        "ORDER BY fetched_at, id",
        [article_id],
    )
    return [
        _Shown(number, crawl, at, outcome, _latest(states, at), None)
        for number, crawl, at, outcome in captures
    ]


def _latest(states: Sequence[tuple[str, dict[str, Any]]], at: str) -> dict[str, Any]:
    return next((values for since, values in reversed(states) if since <= at), states[0][1])


def _read_again(before: Sequence[_Shown], readings: Mapping[int, Article]) -> list[_Shown]:
    shown: list[_Shown] = []
    for each in before:
        again = _again(each, readings.get(each.capture_id))
        if again.article is None and each.outcome == "unchanged" and shown:
            # By the word of the server (304) it shows what the capture before it shows.
            again = replace(again, values=shown[-1].values, article=shown[-1].article)
        shown.append(again)
    return shown


def _again(shown: _Shown, article: Article | None) -> _Shown:
    if article is None:
        return shown
    seen = Sighting(tidy(article), shown.at, shown.capture_id)
    values = seen.state | {
        "body_html": seen.article.body_html,
        "content_sha256": seen.content_sha256,
        "parser_version": seen.article.parser_version,
    }
    return replace(shown, values=values, article=seen.article)


def _starts(shown: Sequence[_Shown]) -> list[int]:
    """The places in the row of captures where a new state begins."""
    return [
        at
        for at, each in enumerate(shown)
        if at == 0 or differences(shown[at - 1].values, each.values)
    ]


def _write(
    connection: sqlite3.Connection, article_id: int, shown: Sequence[_Shown], starts: Sequence[int]
) -> None:
    connection.execute("DELETE FROM article_versions WHERE article_id = ?", [article_id])
    for number, at in enumerate(starts, 1):
        first = shown[at]
        changed = differences(shown[at - 1].values, first.values) if at else ()
        row = first.values | {
            "article_id": article_id,
            "number": number,
            "captured_at": first.at,
            "previous_seen_at": shown[at - 1].at if at else None,
            "changed": json.dumps(list(changed)),
            "capture_id": first.capture_id,
        }
        connection.execute(
            f"INSERT INTO article_versions ({', '.join(row)}) "
            f"VALUES ({', '.join(f':{name}' for name in row)})",
            row,
        )


def _present(
    connection: sqlite3.Connection, portal: str, article_id: int,
    shown: Sequence[_Shown], starts: Sequence[int],
) -> None:  # fmt: skip
    """Bring the article's row, and what hangs on it, to its last state."""
    last = shown[starts[-1]]
    article = next((s.article for s in reversed(shown[starts[-1] :]) if s.article), None)
    if article is not None:
        people = _ids(connection, "SELECT person_id FROM article_people", article_id)
        tags = _ids(connection, "SELECT tag_id FROM article_tags", article_id)
        categories = _ids(connection, "SELECT category_id FROM article_categories", article_id)
        connection.execute("DELETE FROM article_categories WHERE article_id = ?", [article_id])
        seen = Sighting(article, last.at, last.capture_id)
        versions.show(connection, portal, article_id, len(starts), seen)
        for at in starts:
            trail = tuple(json.loads(shown[at].values["category"]))
            versions.file_under(connection, portal, article_id, trail)
        _drop_unused(connection, "people", "article_people", "person_id", people)
        _drop_unused(connection, "tags", "article_tags", "tag_id", tags)
        _drop_unused(connection, "categories", "article_categories", "category_id", categories)
    connection.execute(
        "UPDATE articles SET version_count = ?, changed_at = ? WHERE id = ?",
        [len(starts), last.at, article_id],
    )


def _ids(connection: sqlite3.Connection, sql: str, article_id: int) -> list[int]:
    return [number for (number,) in connection.execute(f"{sql} WHERE article_id = ?", [article_id])]


def _drop_unused(
    connection: sqlite3.Connection, table: str, joining: str, column: str, ids: Sequence[int]
) -> None:
    """What only a wrong reading had named: nobody else has it."""
    for number in ids:
        connection.execute(
            f"DELETE FROM {table} WHERE id = ? "
            f"AND NOT EXISTS (SELECT 1 FROM {joining} WHERE {column} = {table}.id)",
            [number],
        )


def _correct_counts(
    connection: sqlite3.Connection, before: Sequence[_Shown], after: Sequence[_Shown]
) -> None:
    """Crawls count what they found: edits that were none, and fields that were read wrong."""
    was, now = _counted(before), _counted(after)
    for crawl_id, (change, full) in now.items():
        old_change, old_full = was[crawl_id]
        if change != old_change:
            connection.execute(
                f"UPDATE crawls SET articles_{old_change} = articles_{old_change} - 1, "
                f"articles_{change} = articles_{change} + 1 WHERE id = ?",
                [crawl_id],
            )
        if full != old_full:
            (text,) = connection.execute(
                "SELECT fields FROM crawls WHERE id = ?", [crawl_id]
            ).fetchone()
            counts = json.loads(text)
            for name, is_full in full.items():
                counts[name] = counts.get(name, 0) + int(is_full) - int(old_full[name])
            connection.execute(
                "UPDATE crawls SET fields = ? WHERE id = ?", [json.dumps(counts), crawl_id]
            )


def _counted(shown: Sequence[_Shown]) -> dict[int, tuple[str, dict[str, bool]]]:
    """Crawl → how the article counts in it (new, changed, unchanged) and which fields were full."""
    starts = set(_starts(shown))
    found: dict[int, tuple[str, dict[str, bool]]] = {}
    for at, each in enumerate(shown):
        if each.crawl_id is None:
            continue
        change = "new" if at == 0 else "changed" if at in starts else "unchanged"
        known = found.get(each.crawl_id)
        if known is None:
            found[each.crawl_id] = change, filled(each.values)
        elif known[0] == "unchanged":
            found[each.crawl_id] = change, known[1]
    return found
