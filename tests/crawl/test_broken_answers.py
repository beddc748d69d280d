"""Answers that never end, end too soon, unpack without end or lead in circles: each is a capture
with its own word, and none holds up the crawl.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from archive.place import Archive
from archive.warc import read_response
from tests.crawl.conftest import Rows
from tests.crawl.runs import run
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.crawl.test_odd_answers import home

GOOD = Answer(article_page("Một tin tốt"))
LARGEST = 200_000
SECONDS = 1


def crawl(tmp_path: Path, pages: Mapping[str, Answer | list[Answer]]) -> tuple[Rows, Served]:
    """A crawl with small limits; every portal here has a good article beside the broken page."""
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served({"/": home("/hong-p13n1.html", "/tot-p13n2.html"), "/tot-p13n2.html": GOOD,
                 **pages}) as served:  # fmt: skip
        (archive.portals_dir / "small.toml").write_text(descriptor(served.host), "utf-8")
        limits = {"DOWNLOAD_MAXSIZE": LARGEST, "DOWNLOAD_TIMEOUT": SECONDS}
        words = [word for name, value in limits.items() for word in ("-s", f"{name}={value}")]
        env = {"HALONG_ARCHIVE": str(archive.path)}
        done = run("crawl", "small", *words, module="scrapy", env=env)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    rows = Rows(archive)
    assert ("small-2",) in rows.all("SELECT key FROM articles")
    assert rows.one("SELECT count(*) FROM _frontier WHERE state IN ('pending', 'leased')") == 0
    return rows, served


def captures(rows: Rows) -> list[tuple[str, str]]:
    return rows.all("SELECT outcome, note FROM captures WHERE url LIKE '%p13n1.html' ORDER BY id")


def test_an_answer_that_breaks_off_is_kept_and_asked_for_again(tmp_path: Path) -> None:
    whole = article_page("Hội nghị thứ nhất")
    half = whole[: len(whole) // 2]
    torn = Answer(half, length=str(len(whole)), headers={"Connection": "close"})
    rows, _ = crawl(tmp_path, {"/hong-p13n1.html": [torn, Answer(whole)]})
    note = f"broke off after {len(half)} of {len(whole)} bytes"
    assert captures(rows) == [("truncated", note), ("article", None)]
    assert ("small-1",) in rows.all("SELECT key FROM articles")
    place = rows.one(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'truncated'"
    )
    assert read_response(rows.archive.warc_dir, *place).body == half
    file, offset, length = place
    data = (rows.archive.warc_dir / file).read_bytes()[offset : offset + length]
    record = next(iter(ArchiveIterator(io.BytesIO(data))))
    assert record.rec_headers.get_header("WARC-Truncated") == "disconnect"


def test_an_answer_that_always_breaks_off_is_never_read(tmp_path: Path) -> None:
    torn = Answer(article_page("Nửa tin"), length="99999", headers={"Connection": "close"})
    rows, served = crawl(tmp_path, {"/hong-p13n1.html": torn})
    assert [outcome for outcome, _ in captures(rows)] == ["truncated"] * 3
    assert rows.all("SELECT key FROM articles") == [("small-2",)]
    assert served.asked.count("/hong-p13n1.html") == 3


def test_an_endless_answer_is_cut_by_size(tmp_path: Path) -> None:
    flood = Answer(b"x" * 50_000, drip=0.0)
    rows, served = crawl(tmp_path, {"/hong-p13n1.html": flood})
    assert captures(rows) == [("too_large", f"larger than {LARGEST} bytes")]
    assert served.asked.count("/hong-p13n1.html") == 1


def test_an_answer_announced_too_large_is_not_taken(tmp_path: Path) -> None:
    huge = Answer(b"x", length=str(10**9), headers={"Connection": "close"})
    rows, _ = crawl(tmp_path, {"/hong-p13n1.html": huge})
    assert captures(rows) == [("too_large", f"larger than {LARGEST} bytes")]


def test_an_endless_answer_is_cut_by_time(tmp_path: Path) -> None:
    rows, _ = crawl(tmp_path, {"/hong-p13n1.html": [Answer(b"<p>.", drip=0.2), GOOD]})
    (outcome, note), second = captures(rows)
    assert outcome == "unreachable"
    assert f"took longer than {SECONDS}" in note
    assert second[0] == "article"


def test_what_unpacks_without_end_is_left_packed(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * (50 * LARGEST))
    rows, _ = crawl(
        tmp_path, {"/hong-p13n1.html": Answer(bomb, headers={"Content-Encoding": "gzip"})}
    )
    assert captures(rows) == [("too_large", f"larger than {LARGEST} bytes, once unpacked")]
    place = rows.one(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'too_large'"
    )
    assert place[2] < LARGEST


def test_a_content_length_that_is_too_small_ends_the_answer_there(tmp_path: Path) -> None:
    """RFC 9112, 6.3: the body is as long as announced, and what follows is no answer to anybody."""
    short = Answer(article_page("Tin dài") * 2, length="300")
    rows, _ = crawl(tmp_path, {"/hong-p13n1.html": short})
    place = rows.one(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE url LIKE '%p13n1.html' "
        "ORDER BY id LIMIT 1"
    )
    assert len(read_response(rows.archive.warc_dir, *place).body) == 300


def test_a_content_length_that_is_no_number_is_no_answer(tmp_path: Path) -> None:
    odd = Answer(b"<p>x</p>", length="many")
    rows, _ = crawl(tmp_path, {"/hong-p13n1.html": odd})
    found = captures(rows)
    assert [outcome for outcome, _ in found] == ["unreachable"] * 3
    assert all(note for _, note in found)


def test_redirects_in_a_circle_over_pages_end(tmp_path: Path) -> None:
    """A leads to B, B to C, C back to A; and an article leads to itself under another slug."""
    pages = {
        "/hong-p13n1.html": Answer(status=302, headers={"Location": "/b"}),
        "/b": Answer(status=302, headers={"Location": "/c"}),
        "/c": Answer(status=302, headers={"Location": "/hong-p13n1.html"}),
    }
    rows, served = crawl(tmp_path, pages)
    assert [served.asked.count(path) for path in pages] == [1, 1, 1]
    assert rows.one("SELECT count(*) FROM captures WHERE outcome = 'redirect'") == 3


def test_redirects_in_a_circle_over_addresses_of_one_page_end(tmp_path: Path) -> None:
    pages = {
        "/hong-p13n1.html": Answer(status=302, headers={"Location": "/khac-p13n1.html"}),
        "/khac-p13n1.html": Answer(status=302, headers={"Location": "/hong-p13n1.html"}),
    }
    rows, served = crawl(tmp_path, pages)
    asked = sum(served.asked.count(path) for path in pages)
    assert 2 <= asked <= 6
    last = rows.one("SELECT note FROM captures WHERE outcome = 'redirect' ORDER BY id DESC LIMIT 1")
    assert last.endswith("(given up: it leads in a circle)")
