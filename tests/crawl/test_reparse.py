"""Captures read again: what differs is told first, written when asked, and survives a kill."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.place import Archive
from archive.readings import pack, unpack
from archive.records import Article, Author, Published
from bench.crawling.portal import NAME, Town
from bench.reparsing.stored import HOST, archive_of, town
from halong_crawler.cli.errors import Exit
from halong_crawler.platforms import TABLES
from halong_crawler.platforms.halong_cms import HALONG_CMS
from tests.archive.pages import ARTICLE
from tests.crawl.quick import begin, quick
from tests.crawl.whole import differences, proved

COUNT = 40


def good(article: Article) -> Article:
    """A reader who is as good as today's."""
    return article


def poor(article: Article) -> Article | None:
    """A reader of long ago: it knew no leads, took bylines for bodies, and missed whole pages."""
    if int(article.source_id) % 10 == 3:
        return None
    return replace(
        article, lead=None, body=f"{article.body}\n\nTin khác", authors=(Author("Ban biên tập"),),
        category=("Tin tức",), tags=("cũ",), parser_version="1",
    )  # fmt: skip


def edited(articles: int) -> dict[str, list[str]]:
    """Every article three times; every fourth had its text edited before the third."""
    face = Town(articles, host=HOST)
    shown = {}
    for story in face.stories:
        page, last = face.page(story), story.paragraphs[-1]
        later = page.replace(last, f"{last} Câu này được thêm vào sau.")
        shown[face.path(story)] = [page, page, later if story.number % 4 == 0 else page]
    return shown


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The archive as today's reader would have made it."""
    return archive_of(tmp_path_factory.mktemp("right"), edited(COUNT), good)


@pytest.fixture
def wrong(tmp_path: Path) -> Archive:
    return archive_of(tmp_path / "wrong", edited(COUNT), poor)


def reparse(archive: Archive, *words: str, code: int = 0) -> str:
    return quick("reparse", *words, archive=archive, env={}, code=code)


def told(archive: Archive, *words: str) -> dict[str, Any]:
    found, _ = json.JSONDecoder().raw_decode(reparse(archive, "--json", *words))
    return found


def bytes_of(archive: Archive) -> dict[str, str]:
    """Every file of the archive but its work file."""
    return {
        str(path.relative_to(archive.path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in archive.path.rglob("*")
        if path.is_file() and not path.name.startswith(".reparse")
        and not path.name.endswith(("-wal", "-shm"))
    }  # fmt: skip


def rows(archive: Archive, sql: str) -> list[Any]:
    with closing(sqlite3.connect(archive.database)) as connection:
        return connection.execute(sql).fetchall()


def test_the_difference_is_told_and_nothing_is_written_before_it_is_asked_for(
    wrong: Archive,
) -> None:
    before = bytes_of(wrong)
    found = told(wrong)
    assert bytes_of(wrong) == before
    assert found["captures"] == 3 * COUNT
    assert found["read_before_by"] == {"1": 3 * (COUNT - 4)}
    assert found["fields"]["article"]["gained"] == 3 * 4
    assert found["fields"]["lead"]["lost"] == found["fields"]["lead"]["changed"] == 0
    assert found["fields"]["lead"]["gained"] > COUNT
    assert found["fields"]["body"] | {"examples": []} == {
        "gained": 0, "lost": 0, "changed": 3 * (COUNT - 4), "examples": [],
    }  # fmt: skip
    assert found["fields"]["tags"]["lost"] == 3 * (COUNT - 4)
    assert found["fields"]["title"]["changed"] == 0
    examples = found["fields"]["body"]["examples"]
    assert len(examples) == len({each["url"] for each in examples}) == 5
    assert examples[0]["key"].startswith(NAME)
    assert examples[0]["url"].startswith(f"http://{HOST}/")
    assert examples[0]["before"].endswith("Tin khác")
    shown = reparse(wrong)
    assert "--apply" in shown
    assert "+ " in shown


def test_what_is_written_is_what_the_better_reader_would_have_kept(
    wrong: Archive, right: Archive
) -> None:
    assert "articles corrected" in reparse(wrong, "--apply")
    assert differences(wrong, right) == {}
    assert proved(wrong) == 3 * COUNT
    assert not list(wrong.path.glob(".reparse.db*"))
    assert told(wrong)["different"] == 0


def test_the_counts_of_the_crawls_are_corrected_too(wrong: Archive, right: Archive) -> None:
    reparse(wrong, "--apply")
    sql = "SELECT fetched, articles_new, articles_changed, articles_unchanged, fields FROM crawls"
    counts, wanted = ([(*row[:4], json.loads(row[4])) for row in rows(each, sql)]
                      for each in (wrong, right))  # fmt: skip
    assert counts == wanted


def test_a_run_killed_at_random_moments_ends_as_one_that_was_not(
    tmp_path: Path, right: Archive
) -> None:
    seed = int(os.environ.get("HALONG_KILL_SEED", "0")) or random.randrange(1, 10**6)
    print(f"HALONG_KILL_SEED={seed} repeats the moments")  # noqa: T201
    moments = random.Random(seed)
    # How long a run takes on this machine, once what it is forked from is there.
    whole = 0.0
    for _ in range(2):
        began = time.monotonic()
        begin("reparse", "--apply", "--workers", "1", archive=right, said=tmp_path / "said").join()
        whole = time.monotonic() - began
    killed = archive_of(tmp_path / "killed", edited(COUNT), poor)
    ended = 0
    for _ in range(14):
        process = begin("reparse", "--apply", "--workers", "1", archive=killed,
                        said=tmp_path / "said")  # fmt: skip
        process.join(moments.uniform(0.1, 1.2) * whole)
        ended += process.exitcode is None
        process.kill()
        process.join()
        assert proved(killed) == 3 * COUNT
    assert ended >= 3, "no run was killed: the moments are too late"
    reparse(killed, "--apply")
    assert differences(killed, right) == {}


def test_a_killed_run_on_all_cores_leaves_no_process_and_goes_on_where_it_was(
    tmp_path: Path,
) -> None:
    archive = archive_of(tmp_path / "a", town(600), poor)
    process = begin("reparse", "--workers", "2", archive=archive, said=tmp_path / "said")
    work = archive.path / ".reparse.db"
    read = 0
    until = time.monotonic() + 60
    while not 0 < read < 600 and time.monotonic() < until:
        time.sleep(0.01)
        if work.is_file():
            with closing(sqlite3.connect(work)) as connection:
                read = _read_so_far(connection)
    children = _children(process.pid)
    process.kill()
    process.join()
    assert 0 < read < 600
    assert len(children) >= 2
    while any(map(_lives, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_lives, children))
    resumed, whole = told(archive), None
    work.unlink()
    whole = told(archive)
    assert resumed == whole


def _read_so_far(connection: sqlite3.Connection) -> int:
    try:
        return connection.execute("SELECT last FROM run").fetchone()[0]
    except (sqlite3.OperationalError, TypeError):  # it is being made
        return 0


def _children(pid: int | None) -> list[int]:
    """Processes below one, at any depth."""
    found = [pid]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = path.read_text().partition(" (")
        except OSError:
            continue
        if int(rest.rpartition(") ")[2].split()[1]) in found:
            found.append(int(number))
    return [number for number in found if number not in (None, pid)]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_many_processes_find_what_one_finds(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a", town(250), poor)
    together = told(archive, "--workers", "2")
    (archive.path / ".reparse.db").unlink()
    assert told(archive, "--workers", "1") == together


def test_only_articles_that_differ_in_a_field_are_corrected(wrong: Archive) -> None:
    found = told(wrong, "--field", "lead")
    assert list(found["fields"]) == ["lead"]
    reparse(wrong, "--field", "lead", "--apply")
    left = rows(wrong, "SELECT count(*) FROM articles WHERE parser_version = '1'")[0][0]
    ((leadless,),) = rows(wrong, "SELECT count(*) FROM articles WHERE lead IS NULL")
    assert left == leadless > 0
    reparse(wrong, "--apply")
    assert rows(wrong, "SELECT count(*) FROM articles WHERE parser_version = '1'") == [(0,)]


def test_since_a_day_an_article_is_read_with_its_whole_history(wrong: Archive) -> None:
    """A history half of which another reader read would show edits nobody made."""
    assert told(wrong, "--since", "2026-03-04")["captures"] == 0
    # Captures that showed no article stand alone: those of the day.
    assert told(wrong, "--since", "2026-03-03")["captures"] == 3 * (COUNT - 4) + 4


def test_a_newer_reader_that_reads_the_same_is_noted_without_a_version(tmp_path: Path) -> None:
    old = archive_of(
        tmp_path / "old", town(12),
        lambda article: replace(article, parser_version="1", evidence={"title": "old"}),
    )  # fmt: skip
    new = archive_of(tmp_path / "new", town(12), good)
    found = told(old, "--apply")
    assert (found["same"], found["different"]) == (12, 0)
    assert differences(old, new) == {}


def test_a_damaged_record_is_told_and_its_reading_stays(wrong: Archive) -> None:
    (number, file, offset), = rows(
        wrong, "SELECT id, warc_file, warc_offset FROM captures WHERE article_id = 1 LIMIT 1"
    )  # fmt: skip
    with (wrong.warc_dir / file).open("r+b") as stream:
        stream.seek(offset + 40)
        stream.write(bytes(8))
    found = told(wrong)
    assert found["damaged"] == 1
    assert [each["capture_id"] for each in found["unread"]] == [number]
    assert "damaged" in reparse(wrong, "--apply")


def test_a_changed_descriptor_begins_anew(wrong: Archive) -> None:
    assert told(wrong)["fields"]["title"]["changed"] == 0
    with (wrong.portals_dir / f"{NAME}.toml").open("a", encoding="utf-8") as stream:
        stream.write('[selectors]\ntitle = ".luot-xem"\n')
    assert told(wrong)["fields"]["title"]["changed"] == 3 * (COUNT - 4)


def test_a_capture_is_read_by_the_table_of_its_own_day(
    wrong: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date  # noqa: PLC0415

    from archive.findings import findings  # noqa: PLC0415
    from halong_crawler import platforms  # noqa: PLC0415
    from halong_crawler.reparse import Task, read_again  # noqa: PLC0415

    past = replace(HALONG_CMS, selectors={**HALONG_CMS.selectors, "title": (".luot-xem",)},
                   valid_until=date(2026, 3, 1))  # fmt: skip
    monkeypatch.setattr(platforms, "TABLES", (past, *TABLES))
    with findings(wrong, "by day") as found:
        read_again(Task(wrong.path, (NAME,)), found, workers=1)
        assert found.counts()["title", "changed"] == COUNT - 4


def test_errors_of_the_user_are_one_line(wrong: Archive, tmp_path: Path) -> None:
    said = reparse(wrong, "--portal", "hanoi", code=Exit.USAGE)
    assert "holds nothing of hanoi" in said
    said = reparse(Archive(tmp_path / "none"), code=Exit.ARCHIVE)
    assert "holds no archive" in said


def test_two_runs_on_one_archive_do_not_meet(wrong: Archive) -> None:
    from archive.lock import Lock  # noqa: PLC0415

    lock = Lock(wrong.reparse_lock, "a test")
    try:
        assert "a test" in reparse(wrong, code=Exit.ARCHIVE)
    finally:
        lock.release()


def test_a_reading_is_the_same_after_it_was_put_by() -> None:
    dated = replace(ARTICLE, published=Published("2025-05", "month", "5/2025", "image"))
    for article in (ARTICLE, dated, replace(ARTICLE, published=None, authors=())):
        assert unpack(pack(article)) == article
