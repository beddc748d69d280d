"""The rows of attachments: what articles link to, and what was fetched and read of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from archive.records import Article, AttachmentLink, FetchedFile

_FACTS = ("media_type", "bytes", "sha256", "text_status", "text_note", "capture_id")
"""The columns a fetch fills."""


def keep_links(connection: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Write the files an article links to now.

    Attachments keep their row over edits. Those no longer linked go, unless a file was fetched: a
    file is evidence, and so is its row. What is linked is in ``article_versions``.
    """
    links: dict[str, AttachmentLink] = {}
    for link in article.attachments:
        links.setdefault(link.url, link)  # of a file linked twice the first place counts
    connection.execute(
        "DELETE FROM attachments WHERE article_id = ? AND capture_id IS NULL AND sha256 IS NULL "
        "AND url NOT IN (SELECT value FROM json_each(?))",
        [article_id, json.dumps(list(links))],
    )
    for position, link in enumerate(links.values(), 1):
        connection.execute(
            "INSERT INTO attachments (article_id, position, url, filename) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (article_id, url) DO UPDATE SET position = excluded.position, "
            "filename = excluded.filename",
            [article_id, position, link.url, link.filename],
        )
        _share(connection, article_id, link.url)


def _share(connection: sqlite3.Connection, article_id: int, url: str) -> None:
    """Give an article's new attachment what was fetched when another article linked to it."""
    known = connection.execute(
        "SELECT o.id, mine.id FROM attachments mine JOIN attachments o "
        "ON o.url = mine.url AND o.id <> mine.id AND o.capture_id IS NOT NULL "
        "WHERE mine.article_id = ? AND mine.url = ? AND mine.capture_id IS NULL "
        "ORDER BY o.capture_id DESC LIMIT 1",
        [article_id, url],
    ).fetchone()
    if known is None:
        return
    other, mine = known
    names = ", ".join(_FACTS)
    connection.execute(
        f"UPDATE attachments SET ({names}) = "  # noqa: S608
        f"(SELECT {names} FROM attachments WHERE id = ?) WHERE id = ?",
        [other, mine],
    )
    connection.execute(
        "INSERT INTO attachment_pages (attachment_id, page, text) "
        "SELECT ?, page, text FROM attachment_pages WHERE attachment_id = ?",
        [mine, other],
    )


def keep_file(connection: sqlite3.Connection, file: FetchedFile, capture_id: int) -> None:
    """Write what was fetched into every attachment of this URL, and their text into the index.

    A file that was held stays when a later fetch brings none (a page instead, or too much of it).
    """
    values = {
        "media_type": file.media_type, "bytes": file.bytes, "sha256": file.sha256,
        "text_status": file.text_status, "text_note": file.text_note, "capture_id": capture_id,
    }  # fmt: skip
    rows = connection.execute(
        "SELECT id, article_id FROM attachments WHERE url = ? "
        "AND (sha256 IS NULL OR ? IS NOT NULL)",
        [file.url, file.sha256],
    ).fetchall()
    settings = ", ".join(f"{name} = :{name}" for name in values)
    for attachment_id, article_id in rows:
        connection.execute(
            f"UPDATE attachments SET {settings} WHERE id = :id",  # noqa: S608
            values | {"id": attachment_id},
        )
        connection.execute("DELETE FROM attachment_pages WHERE attachment_id = ?", [attachment_id])
        connection.executemany(
            "INSERT INTO attachment_pages (attachment_id, page, text) VALUES (?, ?, ?)",
            [(attachment_id, number, text) for number, text in enumerate(file.pages, 1)],
        )
        connection.execute(
            "UPDATE article_texts SET attachments = ? WHERE article_id = ?",
            [searchable(connection, article_id), article_id],
        )


def searchable(connection: sqlite3.Connection, article_id: int) -> str:
    """What full-text search looks into: the names of an article's attachments, and their text."""
    rows = connection.execute(
        "SELECT filename, (SELECT group_concat(text, char(10)) FROM "
        "(SELECT text FROM attachment_pages WHERE attachment_id = a.id ORDER BY page)) "
        "FROM attachments a WHERE article_id = ? ORDER BY position, id",
        [article_id],
    )
    return "\n".join(part for row in rows for part in row if part)


def statuses(connection: sqlite3.Connection, crawl_id: int) -> dict[str, int]:
    """How the text of the files that a crawl fetched was read → how many different files."""
    rows = connection.execute(
        "SELECT a.text_status, count(DISTINCT a.url) FROM attachments a "
        "JOIN captures c ON c.id = a.capture_id WHERE c.crawl_id = ? GROUP BY a.text_status",
        [crawl_id],
    )
    return dict(rows.fetchall())


def held(connection: sqlite3.Connection, urls: Iterable[str], since: str) -> set[str]:
    """Those of some URLs whose file is held (or known to be too large) from ``since`` or later.

    ``since`` is a UTC time as ``captures.fetched_at`` has it.
    """
    rows = connection.execute(
        "SELECT DISTINCT a.url FROM attachments a JOIN captures c ON c.id = a.capture_id "
        "WHERE a.url IN (SELECT value FROM json_each(?)) AND c.fetched_at >= ? "
        "AND (a.sha256 IS NOT NULL OR a.text_status = 'too_large')",
        [json.dumps(list(urls)), since],
    )
    return {url for (url,) in rows}
