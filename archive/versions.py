"""Articles and their versions: what stays the same, and each state it was seen in."""

# Only constant names are put together to statements; every value is bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from archive import history
from archive.attachments import keep_links, searchable
from archive.records import Article, Page
from archive.state import Sighting, differences, filled, tidy
from archive.text import name_key


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
    """Keep an article inside the caller's transaction; a state already held adds no row.

    A capture from before the latest one may add a state to the past, never to the present.
    """
    assert page.article is not None
    seen = Sighting(tidy(page.article), page.capture.fetched_at, capture_id)
    key = f"{page.portal}-{seen.article.source_id}"
    found = connection.execute(
        "SELECT id, last_seen_at FROM articles WHERE key = ?", [key]
    ).fetchone()
    if found is None:
        return _keep_new(connection, page.portal, key, seen)
    article_id, last_seen_at = found
    if seen.at < last_seen_at:
        return _keep_older(connection, article_id, key, seen)
    _see_again(connection, article_id, seen.at)
    before = history.latest(connection, article_id)
    changed = differences(before.state, seen.state)
    if not changed:
        return Outcome(article_id, key, "unchanged", before.number, (), filled(seen.state))
    number = before.number + 1
    history.add_version(
        connection, article_id, number, seen, previous_seen_at=last_seen_at, changed=changed
    )
    show(connection, page.portal, article_id, number, seen)
    return Outcome(article_id, key, "changed", number, changed, filled(seen.state))


def see_unchanged(connection: sqlite3.Connection, article_id: int, at: str) -> Outcome:
    """Note that an article was seen as it was, by the word of its server (304)."""
    (key,) = connection.execute("SELECT key FROM articles WHERE id = ?", [article_id]).fetchone()
    _see_again(connection, article_id, at)
    latest = history.latest(connection, article_id)
    return Outcome(article_id, key, "unchanged", latest.number, (), filled(latest.state))


def show(
    connection: sqlite3.Connection, portal: str, article_id: int, number: int, seen: Sighting
) -> None:
    """Make a sighting, which is version ``number``, the article's present state."""
    _update(connection, article_id, number, seen)
    _describe(connection, portal, article_id, seen)


def _keep_new(connection: sqlite3.Connection, portal: str, key: str, seen: Sighting) -> Outcome:
    article_id = _insert(connection, key, portal, seen)
    history.add_version(connection, article_id, 1, seen, previous_seen_at=None, changed=())
    _describe(connection, portal, article_id, seen)
    return Outcome(article_id, key, "new", 1, (), filled(seen.state))


def _keep_older(
    connection: sqlite3.Connection, article_id: int, key: str, seen: Sighting
) -> Outcome:
    connection.execute(
        "UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?",
        [seen.at, article_id],
    )
    place = history.place_in_past(connection, article_id, seen)
    change: Literal["changed", "unchanged"] = "changed" if place.is_new else "unchanged"
    return Outcome(article_id, key, change, place.number, place.changed, filled(seen.state))


def _see_again(connection: sqlite3.Connection, article_id: int, at: str) -> None:
    """What is seen again is live, unless it was seen before its removal was established."""
    connection.execute(
        "UPDATE articles SET last_seen_at = :at, "
        "status = CASE WHEN removed_at > :at THEN status ELSE 'live' END, "
        "removed_at = CASE WHEN removed_at > :at THEN removed_at END WHERE id = :id",
        {"at": at, "id": article_id},
    )


def _columns(seen: Sighting) -> dict[str, Any]:
    """The columns of ``articles`` that follow the present state."""
    article, published = seen.article, seen.article.published
    return {
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "byline": article.byline,
        "source": article.source,
        "category": article.category[-1] if article.category else None,
        "published_at": published.at if published is not None else None,
        "published_precision": published.precision if published is not None else None,
        "published_raw": published.raw if published is not None else None,
        "published_from": published.source if published is not None else None,
        "updated_at": article.updated_at,
        "word_count": len(f"{article.lead or ''} {article.body}".split()),
        "content_sha256": seen.content_sha256,
        "evidence": json.dumps(dict(article.evidence), ensure_ascii=False),
        "parser_version": article.parser_version,
        "changed_at": seen.at,
    }


def _insert(connection: sqlite3.Connection, key: str, portal: str, seen: Sighting) -> int:
    values = _columns(seen) | {
        "key": key, "portal": portal, "source_id": seen.article.source_id,
        "first_seen_at": seen.at, "last_seen_at": seen.at,
    }  # fmt: skip
    cursor = connection.execute(
        f"INSERT INTO articles ({', '.join(values)}) "
        f"VALUES ({', '.join(f':{name}' for name in values)})",
        values,
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(connection: sqlite3.Connection, article_id: int, number: int, seen: Sighting) -> None:
    values = _columns(seen) | {"version_count": number}
    settings = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(
        f"UPDATE articles SET {settings} WHERE id = :article_id",
        values | {"article_id": article_id},
    )


def _describe(connection: sqlite3.Connection, portal: str, article_id: int, seen: Sighting) -> None:
    """Write the rows that hang on an article's present state: texts, people, lists."""
    article = seen.article
    keep_links(connection, article_id, article)
    texts = {
        "article_id": article_id,
        "title": article.title,
        "lead": article.lead or "",
        "body": article.body,
        "byline": article.byline or "",
        "attachments": searchable(connection, article_id),
    }
    connection.execute(
        "INSERT INTO article_texts (article_id, title, lead, body, byline, attachments) VALUES "
        "(:article_id, :title, :lead, :body, :byline, :attachments) "
        "ON CONFLICT (article_id) DO UPDATE SET title = excluded.title, lead = excluded.lead, "
        "body = excluded.body, byline = excluded.byline, attachments = excluded.attachments",
        texts,
    )
    _people(connection, article_id, article)
    file_under(connection, portal, article_id, article.category)
    _tags(connection, article_id, article)
    _replace(
        connection, "images", article_id,
        [(i, image.url, image.caption, image.credit) for i, image in enumerate(article.images, 1)],
    )  # fmt: skip


def _replace(
    connection: sqlite3.Connection, table: str, article_id: int, rows: list[tuple[Any, ...]]
) -> None:
    """An article's present rows in a table; its past is in article_versions."""
    connection.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    for row in rows:
        marks = ", ".join("?" * (len(row) + 1))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", [article_id, *row])


def _people(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    rows = []
    for position, author in enumerate(article.authors, 1):
        connection.execute(
            "INSERT INTO people (name, name_key) VALUES (?, ?) ON CONFLICT (name_key) DO NOTHING",
            [author.name, name_key(author.name)],
        )
        (person,) = connection.execute(
            "SELECT id FROM people WHERE name_key = ?", [name_key(author.name)]
        ).fetchone()
        rows.append((position, person, author.role, author.printed))
    _replace(connection, "article_people", article_id, rows)


def file_under(
    connection: sqlite3.Connection, portal: str, article_id: int, category: Sequence[str]
) -> None:
    """Put an article into a category, whose parents go before it; those it stands in stay."""
    if not category:
        return
    path = " › ".join(category)
    connection.execute(
        "INSERT INTO categories (portal, path, name) VALUES (?, ?, ?) "
        "ON CONFLICT (portal, path) DO NOTHING",
        [portal, path, category[-1]],
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
    for tag in article.tags:
        connection.execute(
            "INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [tag]
        )
        rows.append(connection.execute("SELECT id FROM tags WHERE name = ?", [tag]).fetchone())
    _replace(connection, "article_tags", article_id, rows)
