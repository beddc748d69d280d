"""Files that were captured before any article linked to them, joined to those that do now.

A crawl asks for a file because an article links to it. The files of others come in any order, and
may hold a document whose article comes with another file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from archive.attachments import keep_file
from archive.records import Capture
from archive.store import Store
from archive.stored import stored_response
from archive.warc import WarcError
from halong_crawler.importing.answers import answer_again
from halong_crawler.importing.reading import Reading
from halong_crawler.portal import Portal

logger = logging.getLogger(__name__)

_ASTRAY = """
SELECT url, portal, (SELECT c.id FROM captures c WHERE c.url = found.url
  AND c.outcome = 'file' AND c.status = 200
  ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1) AS capture
FROM (SELECT DISTINCT f.url, a.portal FROM attachments f JOIN articles a ON a.id = f.article_id
  WHERE f.capture_id IS NULL) AS found
WHERE capture IS NOT NULL
"""


def join_files(store: Store, reading: Reading, portal_of: Callable[[str], Portal]) -> None:
    """Read what articles link to and the archive holds.

    Belongs inside ``store.whole()``. Raises :class:`archive.place.ArchiveError` where a file cannot
    be kept.
    """
    for url, name, capture_id in store.connection.execute(_ASTRAY).fetchall():
        _join(store, reading, portal_of(name), url, capture_id)


def _join(store: Store, reading: Reading, portal: Portal, url: str, capture_id: int) -> None:
    try:
        stored = stored_response(store.connection, store.archive.warc_dir, capture_id)
    except WarcError as error:
        logger.warning("%s: cannot be read as the file it is (%s)", url, error)
        return
    (at,) = store.connection.execute(
        "SELECT fetched_at FROM captures WHERE id = ?", [capture_id]
    ).fetchone()
    capture = Capture(url, at, "file", status=200)
    page = reading.file(portal, url, answer_again(stored), capture).page
    assert page is not None
    assert page.file is not None
    keep_file(store.connection, page.file, capture_id)
