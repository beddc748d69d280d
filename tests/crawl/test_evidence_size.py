"""Evidence takes little room: what went over the wire, and next to nothing the second time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.place import Archive
from tests.crawl import changing
from tests.crawl.changing import Changing, Portal
from tests.crawl.served import article_page
from tests.learning.grammar import stories

COUNT = 500


def stored(archive: Archive) -> int:
    return sum(path.stat().st_size for path in archive.warc_dir.glob("*.warc.gz"))


def of_the_wire(archive: Archive) -> int:
    """Bytes of all requests and answers."""
    total = 0
    for path in archive.warc_dir.glob("*.warc.gz"):
        with path.open("rb") as stream:
            total += sum(
                record.length
                for record in ArchiveIterator(stream, no_record_parse=True)
                if record.rec_type in ("request", "response")
            )
    return total


class Still(Portal):
    """Three years of news, in which nothing changes; pages are as heavy as real ones, packed."""

    def respond(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        status, body, headers = super().respond(path)
        self.seen = 0
        if status == 200:
            noise = "".join(f"{hash((path, n)):x}" for n in range(400))
            body = body.replace(b"</body>", f"<script>{noise}</script></body>".encode())
        return status, body, headers

    def _article(self, number: int) -> bytes:
        day = date(2026, 11, 1) - timedelta(days=2 * (COUNT - number))
        shown = f"</h1><span class='date'>{day:%d/%m/%Y} 08:15</span>".encode()
        return article_page(self.articles[number]).replace(b"</h1>", shown, 1)


def test_a_second_crawl_of_an_unchanged_portal_adds_under_two_percent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "A_PAGE", 50)
    titles = {n: story.title for n, story in enumerate(stories(COUNT, 5), 1)}
    with Changing(Still(titles), tmp_path) as town:
        assert len(town.articles("2026-11-01T03:00:00Z")) == COUNT
        first = stored(town.archive)
        assert first < 1.15 * of_the_wire(town.archive)
        asked = town.crawl("2026-11-02T03:00:00Z")
        assert asked
        assert stored(town.archive) - first < 0.02 * first
        repeated = town.rows.all(
            "SELECT refers_to FROM captures WHERE crawl_id = 2 AND status < 400"
        )
        assert all(capture is not None for (capture,) in repeated)
