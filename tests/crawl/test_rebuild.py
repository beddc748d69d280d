"""The database once more out of its WARC files: the same, table by table and row by row."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from archive.journal import URI
from archive.members import Member, mapped, walk
from archive.place import Archive, Beside
from archive.same import rows_sql, tables
from archive.schema import fts_canary
from archive.tables import TABLES
from archive.warc import WarcWriter
from halong_crawler.cli.errors import Exit
from halong_crawler.demo import DemoServer
from tests.crawl.changing import Changing, Portal
from tests.crawl.conftest import Rows, write_descriptor
from tests.crawl.quick import begin, quick
from tests.crawl.served import article_page
from tests.crawl.whole import HELD
from tests.learning.grammar import stories

DAYS = ("2026-11-01T03:00:00Z", "2026-11-03T03:00:00Z", "2026-11-05T03:00:00Z")
EDITED, REMOVED, RETURNED, NEW, MOVED = 5, 7, 9, 31, 11
DEMO = "61638"
"""An article of the demo: it has authors, files, tags."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Edits, one of them taken back, removals, a return, an article that moved; files, people."""
    titles = {number: story.title for number, story in enumerate(stories(30, 5), 1)}
    shown = Portal(dict(titles), says="<p>Tổng số: {total} bản ghi</p>")
    town = Changing(shown, tmp_path_factory.mktemp("history"))
    with town, DemoServer() as server:
        face = server.halong
        write_descriptor(town.archive, face)
        town.crawl(DAYS[0])
        quick("crawl", face.name, archive=town.archive, env={"HALONG_NOW": DAYS[0]})
        shown.articles[EDITED] = "Một đính chính của toà soạn"
        shown.articles[NEW] = "Tin mới của phường"
        shown.status |= {REMOVED: 404, RETURNED: 410}
        shown.moved[shown.path(MOVED)] = "/tin-da-chuyen-p13n99.html"
        shown.articles[99] = shown.articles[MOVED]
        shown.unlisted.add(99)
        was = face.articles[DEMO].title
        face.edit(DEMO, title="Một đính chính nữa của toà soạn")
        for day in DAYS[1:]:
            town.crawl(day, "--full")
        quick("crawl", face.name, "--full", archive=town.archive, env={"HALONG_NOW": DAYS[1]})
        face.edit(DEMO, title=was)
        shown.articles[EDITED] = titles[EDITED]
        del shown.status[RETURNED]
        town.crawl("2026-12-20T03:00:00Z")
        quick("crawl", face.name, archive=town.archive, env={"HALONG_NOW": "2026-11-09T03:00:00Z"})
        # What another archive saw before all that: an older state of an article.
        brought = foreign(
            tmp_path_factory.mktemp("other"),
            f"http://{shown.host}{shown.path(EDITED)}",
            "2026-10-20T03:00:00Z",
        )
        quick("import", str(brought), archive=town.archive, env={})
    # Nobody answers any more.
    later = {"HALONG_NOW": "2027-02-20T03:00:00Z", "HALONG_PATIENCE": "0.0001"}
    quick("crawl", "small", archive=town.archive, env=later, code=Exit.NOTHING_READ)
    counts = town.rows.one(
        "SELECT (SELECT count(*) FROM removals), (SELECT count(*) FROM removals WHERE "
        "returned_at IS NOT NULL), (SELECT count(*) FROM articles WHERE status = 'removed'), "
        "(SELECT max(version_count) FROM articles)"
    )
    assert counts == (2, 1, 1, 4), "the history is not what these tests are about"
    kinds = {kind for (kind,) in town.rows.all("SELECT DISTINCT outcome FROM captures")}
    assert kinds >= {"article", "unchanged", "unreachable", "not_found", "redirect", "file"}
    return town.archive


def foreign(folder: Path, url: str, at: str) -> Path:
    """A WARC file of another archive that holds one page."""
    writer = WarcWriter(folder, prefix="other", software="other/1.0", info={})
    body = article_page("Bản đầu tiên của tin này")
    writer.write_exchange(
        url, fetched_at=at, sent=b"GET / HTTP/1.1\r\n\r\n",
        received=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body,
    )  # fmt: skip
    writer.close()
    return folder / writer.name


class Slow(Portal):
    """Takes its time, so that a crawl of it can be killed."""

    pause: float = 0.03

    def respond(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        time.sleep(self.pause)
        return super().respond(path)


def seen(town: Changing) -> int:
    """Pages that are committed."""
    try:
        return int(town.rows.one("SELECT count(*) FROM captures"))
    except sqlite3.OperationalError:  # it is not made yet
        return 0


def copied(archive: Archive, folder: Path) -> Archive:
    shutil.copytree(archive.path, folder / "archive")
    return Archive(folder / "archive")


def strip(path: Path) -> None:
    """Take the journals out of a WARC file, as if they had never been written."""
    with mapped(path) as data:
        kept = [
            data[each.offset : each.offset + each.length]
            for each in walk(data)
            if isinstance(each, Member) and URI.encode() not in each.record
        ]
    path.write_bytes(b"".join(kept))


def rebuilt(archive: Archive, new: Path, code: int = 0) -> str:
    return quick("rebuild", str(new), archive=archive, env={}, code=code)


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(database)) as connection:
        return {
            table.name: sorted(connection.execute(rows_sql(table)).fetchall(), key=repr)
            for table in tables()
        }


def test_every_table_is_rebuilt_row_by_row(history: Archive, tmp_path: Path) -> None:
    said = rebuilt(history, tmp_path / "new.db")
    made, live = rows(tmp_path / "new.db"), rows(history.database)
    for name, there in live.items():
        assert made[name] == there, name
    assert "the same" in said
    readers = {table.name for table in TABLES if not table.is_plumbing}
    assert set(live) == readers - {"schema_info"}
    assert [name for name, there in live.items() if not there] == []


def test_a_rebuilt_database_takes_the_place_of_the_lost_one(
    history: Archive, tmp_path: Path
) -> None:
    place = copied(history, tmp_path)
    place.database.unlink()
    shutil.rmtree(place.files_dir)
    # Who described the portals is gone, too: they are read as their last crawls had them.
    shutil.rmtree(place.portals_dir)
    said = rebuilt(place, tmp_path / "new.db")
    assert f"put it in the place of {place.database.name}" in said.replace("\n", " ")
    (tmp_path / "new.db").rename(place.database)
    assert rows(place.database) == rows(history.database)
    assert "sound" in quick("verify", archive=place, env={})
    with closing(sqlite3.connect(place.database)) as connection:
        assert fts_canary(connection) == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    shutil.copytree(history.portals_dir, place.portals_dir, dirs_exist_ok=True)
    (url,) = Rows(place).all("SELECT url FROM articles WHERE source_id = '3'")
    brought = foreign(tmp_path, *url, "2026-10-22T03:00:00Z")
    # What is written from now on is written down as if nothing had been lost.
    quick("import", str(brought), archive=place, env={})
    assert "the same" in rebuilt(place, tmp_path / "again.db")


def test_rows_the_journal_lost_in_a_kill_are_read_out_of_the_records(tmp_path: Path) -> None:
    titles = {number: story.title for number, story in enumerate(stories(90, 7), 1)}
    slow = Slow(titles)
    with Changing(slow, tmp_path) as town:
        process = begin("crawl", "small", archive=town.archive, said=tmp_path / "said",
                        env={"HALONG_NOW": DAYS[0]})  # fmt: skip
        while not town.archive.database.exists() or seen(town) < 12:
            assert process.is_alive()
            time.sleep(0.01)
        process.kill()
        process.join()
        slow.pause = 0
        rebuilt(town.archive, tmp_path / "killed.db")
        made = rows(tmp_path / "killed.db")
        for name, there in rows(town.archive.database).items():
            if name not in ("crawls", "captures", "article_texts"):
                assert set(there) <= set(made[name]), name
        (crawl,) = town.rows.all("SELECT id, started_at, status FROM crawls")
        assert crawl == (1, DAYS[0], "running")
        taken = "SELECT url, fetched_at, status, outcome, payload_digest, warc_offset FROM captures"
        with closing(sqlite3.connect(tmp_path / "killed.db")) as connection:
            assert set(town.rows.all(taken)) <= set(connection.execute(taken))
            told = "SELECT id, started_at, status FROM crawls"
            assert connection.execute(told).fetchone() == crawl
        # The next crawl writes down what the killed one could not.
        town.crawl(DAYS[1])
        assert town.rows.all("SELECT status FROM crawls") == [("killed",), ("finished",)]
        assert "the same" in rebuilt(town.archive, tmp_path / "whole.db")


def test_files_older_than_journals_give_what_their_answers_say(
    history: Archive, tmp_path: Path
) -> None:
    place = copied(history, tmp_path)
    for path in place.warc_dir.glob("*.warc.gz"):
        strip(path)
    (place.warc_dir / "chain.jsonl").unlink()
    rebuilt(place, tmp_path / "new.db")
    made, live = Rows(Beside(place.path, tmp_path / "new.db")), Rows(history)
    for name in ("articles", "texts", "versions", "people", "authors", "removals", "categories",
                 "tags", "images"):  # fmt: skip
        here, there = (sorted(each.all(HELD[name]), key=repr) for each in (made, live))
        assert here == there, name
    assert made.all("SELECT id, portal, status FROM crawls") == [
        (number, portal, "killed")
        for number, portal in live.all(
            "SELECT id, portal FROM crawls WHERE id IN (SELECT crawl_id FROM captures WHERE status)"
        )
    ]


def test_importing_the_files_in_any_order_gives_the_same_again(
    history: Archive, tmp_path: Path
) -> None:
    files = sorted(history.warc_dir.glob("*.warc.gz"))
    place = Archive(tmp_path / "archive")
    place.create()
    shutil.copytree(history.portals_dir, place.portals_dir, dirs_exist_ok=True)
    random.Random(3).shuffle(files)
    for path in files:
        # A file may refer to payloads of one that comes later: it says so, and is given once more.
        begin("import", str(path), archive=place, said=tmp_path / "said").join(120)
    quick("import", *map(str, files), archive=place, env={})
    parts = ("articles", "texts", "versions", "people", "authors", "removals", "categories", "tags",
             "images", "files")  # fmt: skip
    for name in parts:
        made, live = Rows(place).all(HELD[name]), Rows(history).all(HELD[name])
        assert sorted(made, key=repr) == sorted(live, key=repr), name


def test_a_killed_rebuild_leaves_nothing_half_and_the_next_one_is_whole(
    history: Archive, tmp_path: Path
) -> None:
    new, part = tmp_path / "new.db", tmp_path / ".new.db.part"
    process = begin("rebuild", str(new), archive=history, said=tmp_path / "said")
    while not part.exists():
        assert process.is_alive()
        time.sleep(0.002)
    time.sleep(0.3)
    process.kill()
    process.join()
    assert process.exitcode == -9, "it had ended before the kill"
    assert not new.exists()
    assert "the same" in rebuilt(history, new)
    assert sorted(path.name for path in tmp_path.iterdir() if "new.db" in path.name) == ["new.db"]


def test_damage_is_named_and_costs_no_other_row(history: Archive, tmp_path: Path) -> None:
    place = copied(history, tmp_path)
    number, name, offset = Rows(place).one(
        "SELECT id, warc_file, warc_offset FROM captures WHERE outcome = 'article' AND "
        "id NOT IN (SELECT refers_to FROM captures WHERE refers_to IS NOT NULL) LIMIT 1"
    )
    with (place.warc_dir / name).open("r+b") as stream:
        stream.seek(offset + 200)
        byte = stream.read(1)[0]
        stream.seek(offset + 200)
        stream.write(bytes([byte ^ 0x10]))
    said = rebuilt(place, tmp_path / "new.db", code=Exit.DAMAGED)
    assert f"{name} at {offset}" in said
    made = Rows(Beside(place.path, tmp_path / "new.db"))
    assert made.one("SELECT count(*) FROM captures") == Rows(place).one(
        "SELECT count(*) FROM captures"
    )
    assert made.one("SELECT url FROM captures WHERE id = ?", number)


def test_what_cannot_be_rebuilt_is_told_in_one_line(history: Archive, tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    for new, where, code, words in (
        (tmp_path / "new.db", history, Exit.USAGE, "is there already"),
        (tmp_path / "none" / "new.db", history, Exit.USAGE, "no such folder"),
        (tmp_path / "other.db", Archive(tmp_path / "nothing"), Exit.ARCHIVE, "no WARC files there"),
    ):
        assert words in quick("rebuild", str(new), archive=where, env={}, code=code)
