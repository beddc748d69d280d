"""A file whose writer was killed within a record ends with the record before it, and no sooner."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.records import Capture, Page
from archive.store import Store
from archive.torn import mend
from archive.warc import Place, WarcWriter
from tests.archive.pages import PORTAL

AT = "2025-05-12T01:30:00Z"
BODY = hashlib.sha512(b"seed").digest() * 40


@pytest.fixture
def written(store: Store) -> tuple[Store, Path, list[Place]]:
    """Three exchanges in one file; the database knows the first."""
    warc = WarcWriter(store.archive.warc_dir, prefix=PORTAL.name, software="test/1", info={})
    places = [
        warc.write_exchange(
            f"http://x.vn/{number}", fetched_at=AT, sent=b"GET / HTTP/1.1\r\n\r\n",
            received=b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
        )
        for number in range(3)
    ]  # fmt: skip
    warc.close()
    first = places[0]
    crawl = store.begin_crawl(PORTAL.name, started_at=AT, options={})
    capture = Capture("http://x.vn/0", AT, "static", 200, "text/html", first.payload_digest,
                      first.file, first.offset, first.length)  # fmt: skip
    store.keep(crawl, Page(PORTAL.name, capture))
    store.commit()
    return store, store.archive.warc_dir / first.file, places


def whole(path: Path) -> int:
    """How many records a file holds, each of them sound to its last byte."""
    with path.open("rb") as stream:
        return sum(
            bool(r.raw_stream.read() or 1) for r in ArchiveIterator(stream, check_digests="raise")
        )


def cut(store: Store) -> int | None:
    found = mend(store.connection, store.archive.warc_dir)
    return found[0].size if found else None


def test_a_whole_file_is_left_alone(written: tuple[Store, Path, list[Place]]) -> None:
    store, path, _ = written
    before = path.read_bytes()
    assert cut(store) is None
    assert path.read_bytes() == before


@pytest.mark.parametrize("lost", [1, 8, 100, 400])
def test_half_a_record_is_cut_to_the_last_whole_one(
    written: tuple[Store, Path, list[Place]], lost: int
) -> None:
    store, path, places = written
    sound = path.read_bytes()
    path.write_bytes(sound[:-lost])
    ends = places[2].offset + places[2].length, places[2].offset
    end = next(end for end in ends if end < len(sound) - lost)
    assert cut(store) == len(sound) - lost - end
    assert path.read_bytes() == sound[:end]
    assert whole(path) == (6 if end == ends[0] else 5)
    assert cut(store) is None


def test_what_the_database_knows_is_never_cut(written: tuple[Store, Path, list[Place]]) -> None:
    store, path, places = written
    end = places[0].offset + places[0].length
    path.write_bytes(path.read_bytes()[: end - 5])
    assert cut(store) is None
    assert path.stat().st_size == end - 5


def test_damage_that_is_no_torn_end_is_left_for_those_who_look(
    written: tuple[Store, Path, list[Place]],
) -> None:
    store, path, places = written
    damaged = bytearray(path.read_bytes())
    damaged[places[2].offset] ^= 0xFF
    path.write_bytes(damaged)
    assert cut(store) is None
    assert path.read_bytes() == damaged


def test_a_file_nobody_knows_is_mended_from_its_start(store: Store) -> None:
    path = store.archive.warc_dir / f"{PORTAL.name}-20250512T013000Z-00000.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    assert cut(store) == 4
    assert path.read_bytes() == b""


def test_files_of_every_portal_are_mended_before_any_crawl_is_closed(store: Store) -> None:
    path = store.archive.warc_dir / "another-20250512T013000Z-00000.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    store.begin_crawl(PORTAL.name, started_at=AT, options={})
    assert [(each.path.name, each.size) for each in store.mended] == [(path.name, 4)]
    assert path.read_bytes() == b""


def test_what_a_crawl_has_closed_is_not_cut(store: Store) -> None:
    crawl = store.begin_crawl(PORTAL.name, started_at=AT, options={})
    path = store.archive.warc_dir / f"{PORTAL.name}-20250512T013000Z-00000.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00")
    store.finish_crawl(crawl, finished_at=AT, status="finished", reason="finished")
    assert cut(store) is None
    assert path.stat().st_size == 4
