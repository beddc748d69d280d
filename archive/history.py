"""The order of an article's states: each at its place in time, whenever it came to be known."""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from archive.state import VERSION_FIELDS, Sighting, differences

_STATE = ", ".join(VERSION_FIELDS)
_COPIED = f"article_id, body_html, content_sha256, parser_version, {_STATE}"


@dataclass(frozen=True, slots=True)
class Version:
    """A stored state."""

    number: int
    captured_at: str
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sighting stands among the versions."""

    number: int
    changed: tuple[str, ...]
    """The fields that differ from the version before."""
    is_new: bool
    """Whether it made a version."""


def add_version(
    connection: sqlite3.Connection,
    article_id: int,
    number: int,
    seen: Sighting,
    *,
    previous_seen_at: str | None,
    changed: tuple[str, ...],
) -> None:
    """Write the state of a sighting as a version; its number must be free."""
    values = seen.state | {
        "article_id": article_id,
        "number": number,
        "captured_at": seen.at,
        "previous_seen_at": previous_seen_at,
        "changed": json.dumps(list(changed)),
        "body_html": seen.article.body_html,
        "content_sha256": seen.content_sha256,
        "parser_version": seen.article.parser_version,
        "capture_id": seen.capture_id,
    }
    connection.execute(
        f"INSERT INTO article_versions ({', '.join(values)}) "
        f"VALUES ({', '.join(f':{name}' for name in values)})",
        values,
    )


def latest(connection: sqlite3.Connection, article_id: int) -> Version:
    """The present state of an article."""
    return _versions(connection, article_id, "number DESC LIMIT 1")[0]


def place_in_past(connection: sqlite3.Connection, article_id: int, seen: Sighting) -> Place:
    """Give a sighting that is older than the article's latest one its place in time.

    Every capture of an article shows the state of the last version at or before it, so the
    captures tell when a state that was thought to last was in truth interrupted: A, then (newly
    known) B, then A again are three versions.
    """
    versions = _versions(connection, article_id, "number")
    earlier = [version for version in versions if version.captured_at <= seen.at]
    before = earlier[-1] if earlier else None
    after = versions[len(earlier)] if len(earlier) < len(versions) else None
    if before is not None and not differences(before.state, seen.state):
        if after is not None:
            _note_last_sighting(connection, article_id, after.number, seen.at)
        return Place(before.number, (), is_new=False)
    resumed = _resumed(connection, article_id, seen.at, after) if before is not None else None
    if after is not None and resumed is None and not differences(after.state, seen.state):
        _begin_earlier(connection, article_id, after.number, seen)
        return Place(after.number, (), is_new=False)
    return _insert(connection, article_id, seen, before, after, resumed)


def _insert(
    connection: sqlite3.Connection, article_id: int, seen: Sighting,
    before: Version | None, after: Version | None, resumed: tuple[int, str] | None,
) -> Place:  # fmt: skip
    number = before.number + 1 if before is not None else 1
    changed = differences(before.state, seen.state) if before is not None else ()
    (last,) = connection.execute(
        "SELECT max(fetched_at) FROM captures WHERE article_id = ? AND fetched_at <= ?",
        [article_id, seen.at],
    ).fetchone()
    _make_room(connection, article_id, number, 1 if resumed is None else 2)
    add_version(
        connection, article_id, number, seen,
        previous_seen_at=last if before is not None else None, changed=changed,
    )  # fmt: skip
    if resumed is not None:
        _resume(connection, article_id, number + 1, seen.at, resumed)
    elif after is not None:
        _note_last_sighting(connection, article_id, number + 1, seen.at)
    _name_changes(connection, article_id)
    _recount(connection, article_id)
    return Place(number, changed, is_new=True)


def _versions(connection: sqlite3.Connection, article_id: int, order: str) -> list[Version]:
    rows = connection.execute(
        f"SELECT number, captured_at, {_STATE} FROM article_versions "
        f"WHERE article_id = ? ORDER BY {order}",
        [article_id],
    )
    return [
        Version(number, captured_at, dict(zip(VERSION_FIELDS, values, strict=True)))
        for number, captured_at, *values in rows
    ]


def _resumed(
    connection: sqlite3.Connection, article_id: int, at: str, after: Version | None
) -> tuple[int, str] | None:
    """The first capture after ``at`` that still shows the state from before it: id and time."""
    row: tuple[int, str] | None = connection.execute(
        "SELECT id, fetched_at FROM captures WHERE article_id = :article AND fetched_at > :at "
        "AND (:end IS NULL OR fetched_at < :end) ORDER BY fetched_at, id LIMIT 1",
        {"article": article_id, "at": at, "end": after.captured_at if after else None},
    ).fetchone()
    return row


def _resume(
    connection: sqlite3.Connection, article_id: int, number: int, previous_seen_at: str,
    capture: tuple[int, str],
) -> None:  # fmt: skip
    """Write the state from two versions before once more, as seen by a later capture."""
    capture_id, captured_at = capture
    connection.execute(
        f"INSERT INTO article_versions "
        f"(number, captured_at, capture_id, previous_seen_at, changed, {_COPIED}) "
        f"SELECT ?, ?, ?, ?, '[]', {_COPIED} FROM article_versions "
        "WHERE article_id = ? AND number = ?",
        [number, captured_at, capture_id, previous_seen_at, article_id, number - 2],
    )


def _make_room(connection: sqlite3.Connection, article_id: int, number: int, count: int) -> None:
    # In two steps, by way of negative numbers: UNIQUE is checked row by row.
    connection.execute(
        "UPDATE article_versions SET number = -(number + ?) WHERE article_id = ? AND number >= ?",
        [count, article_id, number],
    )
    connection.execute(
        "UPDATE article_versions SET number = -number WHERE article_id = ? AND number < 0",
        [article_id],
    )


def _note_last_sighting(
    connection: sqlite3.Connection, article_id: int, number: int, at: str
) -> None:
    """The state before version ``number`` was still seen at ``at``."""
    connection.execute(
        "UPDATE article_versions SET previous_seen_at = max(coalesce(previous_seen_at, ''), ?) "
        "WHERE article_id = ? AND number = ?",
        [at, article_id, number],
    )


def _begin_earlier(
    connection: sqlite3.Connection, article_id: int, number: int, seen: Sighting
) -> None:
    """The state of version ``number`` was there at ``seen.at``: that capture is its evidence."""
    connection.execute(
        "UPDATE article_versions SET captured_at = ?, capture_id = ?, body_html = ?, "
        "parser_version = ? WHERE article_id = ? AND number = ?",
        [
            seen.at, seen.capture_id, seen.article.body_html, seen.article.parser_version,
            article_id, number,
        ],
    )  # fmt: skip
    _recount(connection, article_id)


def _name_changes(connection: sqlite3.Connection, article_id: int) -> None:
    versions = _versions(connection, article_id, "number")
    for before, after in pairwise(versions):
        connection.execute(
            "UPDATE article_versions SET changed = ? WHERE article_id = ? AND number = ?",
            [json.dumps(differences(before.state, after.state)), article_id, after.number],
        )


def _recount(connection: sqlite3.Connection, article_id: int) -> None:
    """The article's row follows its versions."""
    connection.execute(
        "UPDATE articles SET (version_count, changed_at) = (SELECT count(*), max(captured_at) "
        "FROM article_versions WHERE article_id = articles.id) WHERE id = ?",
        [article_id],
    )
