"""What a crawl came to, for other programs: one JSON object, everything left out by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.connection import connect
from archive.stops import stop_for
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.session import Session

_SKIPPED = """
SELECT url, reason, found_on FROM skipped_urls WHERE last_crawl_id = ? ORDER BY reason, url
"""
_FAILED = """
SELECT f.url, c.outcome, c.status, c.note FROM _frontier f
LEFT JOIN captures c ON c.id = (
  SELECT max(id) FROM captures WHERE crawl_id = f.crawl_id AND url = f.url)
WHERE f.portal = ? AND f.crawl_id = ? AND f.state = 'failed' ORDER BY f.url
"""


def report(session: Session) -> dict[str, Any] | None:
    """The report of a crawl that has closed; None for one that never began."""
    summary = session.summary
    if summary is None:
        return None
    counts = standing(session.standing, summary.skipped)
    return {
        **asdict(summary),
        "meaning": stop_for(summary.reason).meaning,
        "archive": str(session.archive.path),
        "known": sum(counts.values()),
        **counts,
        "skipped_urls": list(_rows(session, _SKIPPED, summary.id)),
        "failed_urls": list(_rows(session, _FAILED, summary.portal, summary.id)),
    }


def standing(states: dict[str, int], skipped: int) -> dict[str, int]:
    """Every URL a crawl knew is one of these: done, skipped, failed, pending."""
    return {
        "done": states.get("done", 0),
        "skipped": skipped,
        "failed": states.get("failed", 0),
        "pending": states.get("pending", 0) + states.get("leased", 0),
    }


def write_reports(sessions: list[Session], place: str) -> None:
    """Write the reports of a command's crawls as a JSON list, to a file or (``-``) to stdout."""
    reports = [found for session in sessions if (found := report(session)) is not None]
    text = json.dumps(reports, ensure_ascii=False, indent=1)
    if place == "-":
        click.echo(text)
        return
    try:
        Path(place).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"{place}: the report cannot be written ({error.strerror}); the crawl itself is kept",
            Exit.USAGE,
        ) from error


def _rows(session: Session, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
    with closing(connect(session.archive.database)) as connection:
        cursor = connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
