"""Whether two archives hold the same, and whether what one holds can be proved."""

from __future__ import annotations

import sqlite3
from base64 import b32encode
from collections import Counter
from contextlib import closing
from hashlib import sha1, sha256
from typing import Any, NamedTuple

from archive.place import Archive
from archive.stored import stored_response

NOT_MODIFIED = 304

Row = tuple[Any, ...]
HELD = {
    "articles": "SELECT key, url, title, lead, byline, source, category, published_at, "
    "published_precision, published_raw, published_from, status, removed_at, version_count, "
    "word_count, content_sha256, evidence, parser_version FROM articles",
    "texts": "SELECT a.key, t.title, t.lead, t.body, t.byline FROM article_texts t "
    "JOIN articles a ON a.id = t.article_id",
    "versions": "SELECT a.key, v.number, v.changed, v.title, v.body_html, v.authors, v.images, "
    "v.content_sha256, c.payload_digest FROM article_versions v "
    "JOIN articles a ON a.id = v.article_id JOIN captures c ON c.id = v.capture_id",
    "people": "SELECT name, name_key FROM people",
    "authors": "SELECT a.key, p.position, q.name_key, p.role, p.printed FROM article_people p "
    "JOIN articles a ON a.id = p.article_id JOIN people q ON q.id = p.person_id",
    "categories": "SELECT a.key, c.path FROM article_categories x "
    "JOIN articles a ON a.id = x.article_id JOIN categories c ON c.id = x.category_id",
    "images": "SELECT a.key, i.position, i.url, i.caption, i.credit FROM images i "
    "JOIN articles a ON a.id = i.article_id",
    "tags": "SELECT a.key, t.name FROM article_tags x "
    "JOIN articles a ON a.id = x.article_id JOIN tags t ON t.id = x.tag_id",
    "files": "SELECT a.key, f.position, f.url, f.filename, f.media_type, f.bytes, f.sha256, "
    "f.text_status, f.text_note, p.page, p.text, c.payload_digest FROM attachments f "
    "JOIN articles a ON a.id = f.article_id "
    "LEFT JOIN attachment_pages p ON p.attachment_id = f.id "
    "LEFT JOIN captures c ON c.id = f.capture_id",
    "imprints": "SELECT host, owner, operator, licence_number, addresses, phones, emails, raw "
    "FROM imprints",
    "removals": "SELECT a.key, r.how FROM removals r JOIN articles a ON a.id = r.article_id",
    "addresses": "SELECT u.url, a.key, u.kind FROM article_urls u "
    "JOIN articles a ON a.id = u.article_id",
    # What was too deep on one way and near enough on another was walked.
    "skipped": "SELECT url, reason FROM skipped_urls WHERE url NOT IN (SELECT url FROM _frontier)",
    "walked": "SELECT url_key, kind, state FROM _frontier",
    "known for the next crawl": "SELECT url_key, class, last_status, failures, walk, "
    "article_id IS NOT NULL FROM _visits",
    "listed": "SELECT walk, url_key FROM _listed",
    "captured": "SELECT DISTINCT url, status, outcome, payload_digest FROM captures",
    "found by search": "SELECT a.key FROM articles_fts f JOIN articles a ON a.id = f.rowid "
    "WHERE articles_fts MATCH 'trong'",
}
"""What a reader can ask of an archive, without the times and numbers of its making."""


class Difference(NamedTuple):
    """Rows of one archive that another has not."""

    more: list[Row]
    less: list[Row]


def differences(archive: Archive, other: Archive) -> dict[str, Difference]:
    """In which parts an archive differs from another, and how."""
    found = {}
    kept, theirs = _files(archive), _files(other)
    if kept != theirs:
        found["kept files"] = Difference(sorted(kept - theirs), sorted(theirs - kept))
    for part, sql in HELD.items():
        mine, theirs = _rows(archive, sql), _rows(other, sql)
        if mine != theirs:
            found[part] = Difference(
                sorted(mine - theirs, key=repr), sorted(theirs - mine, key=repr)
            )
    return found


def _files(archive: Archive) -> set[Row]:
    """Every file that is kept, its bytes checked against the sum that names it."""
    found = {path for path in archive.files_dir.rglob("*") if path.is_file()}
    return {(path.name, sha256(path.read_bytes()).hexdigest()) for path in found}


def _rows(archive: Archive, sql: str) -> Counter[Row]:
    with closing(sqlite3.connect(f"file:{archive.database}?mode=ro", uri=True)) as database:
        return Counter(database.execute(sql).fetchall())


def proved(archive: Archive) -> int:
    """Read every capture's record from the WARC; how many there are. Fails where one cannot be."""
    with closing(sqlite3.connect(f"file:{archive.database}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT id, url, status, payload_digest FROM captures WHERE warc_file IS NOT NULL"
        ).fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        for number, url, status, digest in rows:
            stored = stored_response(database, archive.warc_dir, number)
            body = stored.raw_body if status != NOT_MODIFIED else b""
            summed = b32encode(sha1(body, usedforsecurity=False).digest()).decode()
            assert (stored.url, stored.status, f"sha1:{summed}") == (url, status, digest)
    return len(rows)
