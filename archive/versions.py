"""Articles and their versions: what stays the same, and each state it was seen in."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive.records import Article, Page
from archive.text import name_key, nfc, squeeze

VERSION_FIELDS = (
    "title", "lead", "body", "byline", "authors", "source", "category", "tags", "images",
    "attachments", "published_at", "updated_at",
)  # fmt: skip
"""The fields that make a version: when one of them differs, the article was edited."""

COUNTED_FIELDS = VERSION_FIELDS
"""The fields whose filling each crawl counts."""

_LISTS = ("authors", "category", "tags", "images", "attachments")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What keeping an article came to."""

    article_id: int
    key: str
    change: Literal["new", "changed", "unchanged"]
    version: int
    changed: tuple[str, ...]
    filled: dict[str, bool]


def keep_article(connection: sqlite3.Connection, page: Page, capture_id: int) -> Outcome:
    """Keep an article inside the caller's transaction; a state already held adds no row."""
    article, at = page.article, page.capture.fetched_at
    assert article is not None
    state = state_of(article)
    filled = {name: state[name] not in (None, "", "[]") for name in COUNTED_FIELDS}
    key = f"{page.portal}-{article.source_id}"
    found = connection.execute(
        "SELECT id, last_seen_at, first_seen_at FROM articles WHERE key = ?", [key]
    ).fetchone()
    if found is None:
        article_id = _insert(connection, key, page.portal, article, state, at)
        _add_version(connection, article_id, 1, (), None, article, state, at, capture_id)
        _describe(connection, page.portal, article_id, article)
        return Outcome(article_id, key, "new", 1, (), filled)
    article_id, last_seen_at, _ = found
    if at < last_seen_at:
        return _keep_older(connection, article_id, key, article, state, at, capture_id, filled)
    number, latest = _latest(connection, article_id)
    changed = tuple(name for name in VERSION_FIELDS if latest[name] != state[name])
    connection.execute(
        "UPDATE articles SET last_seen_at = ?, status = 'live', removed_at = NULL WHERE id = ?",
        [at, article_id],
    )
    if not changed:
        return Outcome(article_id, key, "unchanged", number, (), filled)
    number += 1
    _add_version(
        connection, article_id, number, changed, last_seen_at, article, state, at, capture_id
    )
    _update(connection, article_id, number, article, state, at)
    _describe(connection, page.portal, article_id, article)
    return Outcome(article_id, key, "changed", number, changed, filled)


def state_of(article: Article) -> dict[str, Any]:
    """The version fields as the database holds them; white space and Unicode form made one."""
    published = article.published
    values: dict[str, Any] = {
        "title": squeeze(article.title),
        "lead": _optional(article.lead),
        "body": _paragraphs(article.body),
        "byline": _optional(article.byline),
        "authors": [asdict(author) for author in article.authors],
        "source": _optional(article.source),
        "category": list(article.category),
        "tags": list(article.tags),
        "images": [asdict(image) for image in article.images],
        "attachments": [asdict(link) for link in article.attachments],
        "published_at": published.at if published is not None else None,
        "updated_at": article.updated_at,
    }
    for name in _LISTS:
        values[name] = json.dumps(values[name], ensure_ascii=False, sort_keys=True)
    return values


def content_sha256(state: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the version fields: equal states, equal sums."""
    canonical = json.dumps(
        {name: state[name] for name in VERSION_FIELDS},
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(canonical.encode()).hexdigest()


def _optional(text: str | None) -> str | None:
    return squeeze(text) or None if text is not None else None


def _paragraphs(text: str) -> str:
    lines = (squeeze(line) for line in nfc(text).split("\n"))
    return "\n".join(lines).strip()


def _latest(connection: sqlite3.Connection, article_id: int) -> tuple[int, dict[str, Any]]:
    row = connection.execute(
        f"SELECT number, {', '.join(VERSION_FIELDS)} FROM article_versions "  # noqa: S608
        "WHERE article_id = ? ORDER BY number DESC LIMIT 1",
        [article_id],
    ).fetchone()
    return row[0], dict(zip(VERSION_FIELDS, row[1:], strict=True))


def _keep_older(
    connection: sqlite3.Connection, article_id: int, key: str, article: Article,
    state: dict[str, Any], at: str, capture_id: int, filled: dict[str, bool],
) -> Outcome:  # fmt: skip
    """A capture from before the latest one: it may add a state to the past, never to the present.

    Its version is put in its place by time, and the numbers after it move up by one.
    """
    connection.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?", [at, article_id]
    )
    sha = content_sha256(state)
    around = connection.execute(
        "SELECT number, content_sha256, captured_at FROM article_versions WHERE article_id = ? "
        "ORDER BY number",
        [article_id],
    ).fetchall()
    before = [row for row in around if row[2] <= at]
    following = around[len(before)] if len(before) < len(around) else None
    number = len(before) + 1
    if before and before[-1][1] == sha:
        return Outcome(article_id, key, "unchanged", before[-1][0], (), filled)
    if following is not None and following[1] == sha:
        connection.execute(
            "UPDATE article_versions SET captured_at = ?, capture_id = ? "
            "WHERE article_id = ? AND number = ?",
            [at, capture_id, article_id, following[0]],
        )
        return Outcome(article_id, key, "unchanged", following[0], (), filled)
    if following is None:
        # Between the latest version and its latest sighting: the state went and came back; the
        # sighting after it is the same as before, so the present does not change.
        return Outcome(article_id, key, "unchanged", before[-1][0], (), filled)
    for row in reversed(around[len(before) :]):
        connection.execute(
            "UPDATE article_versions SET number = number + 1 WHERE article_id = ? AND number = ?",
            [article_id, row[0]],
        )
    earlier = before[-1][2] if before else None
    _add_version(connection, article_id, number, (), earlier, article, state, at, capture_id)
    _recompute_changes(connection, article_id)
    connection.execute(
        "UPDATE articles SET version_count = version_count + 1 WHERE id = ?", [article_id]
    )
    return Outcome(article_id, key, "unchanged", number, (), filled)


def _recompute_changes(connection: sqlite3.Connection, article_id: int) -> None:
    rows = connection.execute(
        f"SELECT number, {', '.join(VERSION_FIELDS)} FROM article_versions "  # noqa: S608
        "WHERE article_id = ? ORDER BY number",
        [article_id],
    ).fetchall()
    for index, row in enumerate(rows):
        changed = [
            name for place, name in enumerate(VERSION_FIELDS, 1)
            if index and rows[index - 1][place] != row[place]
        ]  # fmt: skip
        connection.execute(
            "UPDATE article_versions SET changed = ? WHERE article_id = ? AND number = ?",
            [json.dumps(changed), article_id, row[0]],
        )


def _columns(article: Article, state: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``articles`` that follow the present state."""
    published = article.published
    return {
        "url": article.url,
        "title": state["title"],
        "lead": state["lead"],
        "byline": state["byline"],
        "source": state["source"],
        "category": article.category[-1] if article.category else None,
        "published_at": state["published_at"],
        "published_precision": published.precision if published is not None else None,
        "published_raw": published.raw if published is not None else None,
        "published_from": published.source if published is not None else None,
        "updated_at": state["updated_at"],
        "word_count": len(f"{state['lead'] or ''} {state['body']}".split()),
        "content_sha256": content_sha256(state),
        "evidence": json.dumps(dict(article.evidence), ensure_ascii=False),
        "parser_version": article.parser_version,
    }


def _insert(
    connection: sqlite3.Connection, key: str, portal: str, article: Article,
    state: dict[str, Any], at: str,
) -> int:  # fmt: skip
    values = _columns(article, state) | {
        "key": key, "portal": portal, "source_id": article.source_id,
        "first_seen_at": at, "last_seen_at": at, "changed_at": at,
    }  # fmt: skip
    cursor = connection.execute(
        f"INSERT INTO articles ({', '.join(values)}) "  # noqa: S608
        f"VALUES ({', '.join(f':{name}' for name in values)})",
        values,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(
    connection: sqlite3.Connection, article_id: int, number: int, article: Article,
    state: dict[str, Any], at: str,
) -> None:  # fmt: skip
    values = _columns(article, state) | {"changed_at": at, "version_count": number}
    settings = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        f"UPDATE articles SET {settings} WHERE id = :article_id",  # noqa: S608
        values | {"article_id": article_id},
    )


def _add_version(
    connection: sqlite3.Connection, article_id: int, number: int, changed: tuple[str, ...],
    previous_seen_at: str | None, article: Article, state: dict[str, Any], at: str, capture_id: int,
) -> None:  # fmt: skip
    values = state | {
        "article_id": article_id, "number": number, "captured_at": at,
        "previous_seen_at": previous_seen_at, "changed": json.dumps(list(changed)),
        "body_html": article.body_html, "content_sha256": content_sha256(state),
        "parser_version": article.parser_version, "capture_id": capture_id,
    }  # fmt: skip
    connection.execute(
        f"INSERT INTO article_versions ({', '.join(values)}) "  # noqa: S608
        f"VALUES ({', '.join(f':{name}' for name in values)})",
        values,
    )


def _describe(
    connection: sqlite3.Connection, portal: str, article_id: int, article: Article
) -> None:
    """Write the rows that hang on an article's present state: texts, people, lists."""
    state = state_of(article)
    texts = {
        "article_id": article_id,
        "title": state["title"],
        "lead": state["lead"] or "",
        "body": state["body"],
        "byline": state["byline"] or "",
        "attachments": "\n".join(link.filename or "" for link in article.attachments),
    }
    connection.execute(
        "INSERT INTO article_texts (article_id, title, lead, body, byline, attachments) VALUES "
        "(:article_id, :title, :lead, :body, :byline, :attachments) "
        "ON CONFLICT (article_id) DO UPDATE SET title = excluded.title, lead = excluded.lead, "
        "body = excluded.body, byline = excluded.byline, attachments = excluded.attachments",
        texts,
    )
    _people(connection, article_id, article)
    _categories(connection, portal, article_id, article)
    _tags(connection, article_id, article)
    _replace(
        connection, "images", article_id,
        [(i, image.url, image.caption, image.credit) for i, image in enumerate(article.images, 1)],
    )  # fmt: skip
    _attachments(connection, article_id, article)


def _replace(
    connection: sqlite3.Connection, table: str, article_id: int, rows: list[tuple[Any, ...]]
) -> None:
    """An article's present rows in a table; its past is in article_versions."""
    connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
    for row in rows:
        marks = ", ".join("?" * (len(row) + 1))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", [article_id, *row])  # noqa: S608


def _people(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    rows = []
    for position, author in enumerate(article.authors, 1):
        connection.execute(
            "INSERT INTO people (name, name_key) VALUES (?, ?) ON CONFLICT (name_key) DO NOTHING",
            [squeeze(author.name), name_key(author.name)],
        )
        (person,) = connection.execute(
            "SELECT id FROM people WHERE name_key = ?", [name_key(author.name)]
        ).fetchone()
        rows.append((position, person, author.role, author.printed))
    _replace(connection, "article_people", article_id, rows)


def _categories(
    connection: sqlite3.Connection, portal: str, article_id: int, article: Article
) -> None:
    if not article.category:
        return
    path = " › ".join(article.category)
    connection.execute(
        "INSERT INTO categories (portal, path, name) VALUES (?, ?, ?) "
        "ON CONFLICT (portal, path) DO NOTHING",
        [portal, path, article.category[-1]],
    )
    # An article that is met again under another category stands in both.
    connection.execute(
        "INSERT INTO article_categories (article_id, category_id) "
        "SELECT ?, id FROM categories WHERE portal = ? AND path = ? "
        "ON CONFLICT (article_id, category_id) DO NOTHING",
        [article_id, portal, path],
    )


def _tags(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    rows = []
    for tag in dict.fromkeys(article.tags):
        connection.execute(
            "INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [tag]
        )
        rows.append(connection.execute("SELECT id FROM tags WHERE name = ?", [tag]).fetchone())
    _replace(connection, "article_tags", article_id, rows)


def _attachments(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Attachments keep their row, and so their file, over edits; those no longer linked go."""
    urls = [link.url for link in article.attachments]
    connection.execute(
        "DELETE FROM attachments WHERE article_id = ? AND sha256 IS NULL AND url NOT IN "
        "(SELECT value FROM json_each(?))",
        [article_id, json.dumps(urls)],
    )
    for position, link in enumerate(article.attachments, 1):
        connection.execute(
            "INSERT INTO attachments (article_id, position, url, filename) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (article_id, url) DO UPDATE SET position = excluded.position, "
            "filename = excluded.filename",
            [article_id, position, link.url, link.filename],
        )
