"""The folder, its lock and its file: what stands in the way is told in one line."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import connection as connection_module
from archive import lock as lock_module
from archive.connection import connect, explained, savepoint
from archive.lock import Lock
from archive.place import Archive, ArchiveError
from archive.store import Store
from tests.archive.pages import PORTAL, capture, page

AT = "2025-05-01T03:15:00Z"
ROOT = Path(__file__).parents[2]


def one_line(error: ArchiveError, path: Path) -> str:
    message = str(error)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


# The folder


def test_naming_an_archive_makes_nothing(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a" / "b"))
    assert archive.database == tmp_path / "a" / "b" / "halong.db"
    assert list(tmp_path.iterdir()) == []
    assert archive == Archive(tmp_path / "a" / "b")


def test_an_archive_is_made_with_its_rooms_and_made_twice_is_left_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a" / "b")
    archive.create()
    (archive.warc_dir / "kept.warc.gz").write_bytes(b"evidence")
    archive.create()
    assert {path.name for path in archive.path.iterdir()} == {"files", "portals", "warc"}
    assert (archive.warc_dir / "kept.warc.gz").read_bytes() == b"evidence"


def test_a_room_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("")
    with pytest.raises(ArchiveError) as caught:
        Archive(tmp_path).create()
    assert "is a file" in one_line(caught.value, tmp_path / "warc")


# The lock


def test_a_lock_says_who_holds_it_and_is_free_after_release(tmp_path: Path) -> None:
    lock = Lock(tmp_path / ".lock", "crawling halong")
    with pytest.raises(ArchiveError, match=f"written by process {os.getpid()} since 20") as caught:
        Lock(tmp_path / ".lock")
    # For what, and by which command: here the tests' own, which varies with how they are run.
    assert re.search(r"Z, crawling halong \(python\S* .+\);", one_line(caught.value, tmp_path))
    lock.release()
    lock.release()
    Lock(tmp_path / ".lock").release()


def test_a_lock_is_released_by_a_kill(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from archive.lock import Lock\n"
    code += "lock = Lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / ".lock")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(ArchiveError, match=f"process {process.pid}"):
            Lock(tmp_path / ".lock")
        process.send_signal(signal.SIGKILL)
        process.wait()
        lock = Lock(tmp_path / ".lock")
    assert f"process {os.getpid()}" in (tmp_path / ".lock").read_text()
    lock.release()


def test_a_lock_that_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(ArchiveError) as caught:
        Lock(tmp_path / ".lock")
    assert "cannot be written" in one_line(caught.value, tmp_path / ".lock")


def test_a_disk_that_knows_no_locks_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock_module.fcntl, "flock", refuse)
    with pytest.raises(ArchiveError) as caught:
        Lock(tmp_path / ".lock")
    assert "cannot be locked" in one_line(caught.value, tmp_path / ".lock")
    assert fcntl.flock is refuse


# The database


def _directory(path: Path) -> None:
    path.mkdir()


def _text(path: Path) -> None:
    path.write_text("no database at all, but long enough to look at " * 50)


def _torn(path: Path) -> None:
    """A database whose pages after the first are noise."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE schema_info (version)")
        connection.execute("CREATE TABLE crawls (status)")
    path.write_bytes(path.read_bytes()[:4096] + os.urandom(8192))


@pytest.mark.parametrize(
    ("prepare", "words"),
    [(_directory, "cannot be opened"), (_text, "is no SQLite database"), (_torn, "is damaged")],
)
def test_a_file_that_is_no_archive_is_told_in_one_line_and_the_lock_let_go(
    tmp_path: Path, prepare: Callable[[Path], None], words: str
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.create()
    prepare(archive.database)
    for _ in range(2):
        with pytest.raises(ArchiveError) as caught:
            Store(archive, generator="test/1")
        assert words in one_line(caught.value, archive.database)


def test_another_programs_database_is_not_written_to(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with closing(sqlite3.connect(archive.database)) as connection:
        connection.execute("CREATE TABLE accounts (name)")
        connection.execute("INSERT INTO accounts VALUES ('mine')")
        connection.commit()
    with pytest.raises(ArchiveError) as caught:
        Store(archive, generator="test/1")
    assert "other software" in one_line(caught.value, archive.database)
    with closing(sqlite3.connect(archive.database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("accounts",)]


def test_a_database_somebody_else_writes_to_is_told_in_one_line(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.connection.execute("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(store.archive.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError) as caught:
            store.put_portal(PORTAL)
        assert "another program" in one_line(caught.value, store.archive.database)
        other.execute("ROLLBACK")
    store.put_portal(PORTAL)


def test_a_full_disk_is_told_in_one_line_and_loses_no_commit(store: Store) -> None:
    crawl = store.begin_crawl("halong", started_at=AT, options={})
    for number in range(5):
        store.keep(crawl, page(AT, source_id=str(number), url=f"https://x/{number}"))
    store.commit()
    ((pages,),) = store.connection.execute("PRAGMA page_count").fetchall()
    store.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(ArchiveError) as caught:  # noqa: PT012
        for number in range(5, 500):
            store.keep(crawl, page(AT, source_id=str(number), url=f"x/{number}", body="đ " * 9000))
            store.commit()
    assert "the disk is full" in one_line(caught.value, store.archive.database)
    store.connection.execute("PRAGMA max_page_count = 1000000")
    store.keep(crawl, page(AT, source_id="last", url="https://x/last"))
    store.commit()
    tables = ("articles", "article_texts", "captures")
    counts = {
        store.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables
    }
    assert len(counts) == 1
    assert min(counts) >= 6
    assert store.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_fault_of_our_own_is_not_dressed_up_as_trouble(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), explained(tmp_path):
        sqlite3.connect(":memory:").execute("SELECT * FROM no_such")


def test_a_savepoint_undoes_itself_and_nothing_around_it() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("BEGIN")
        connection.execute("INSERT INTO t VALUES ('before')")
        with pytest.raises(ZeroDivisionError), savepoint(connection, "page"):  # noqa: PT012
            connection.execute("INSERT INTO t VALUES ('inside')")
            raise ZeroDivisionError
        with savepoint(connection, "page"), savepoint(connection, "page"):
            connection.execute("INSERT INTO t VALUES ('after')")
        assert connection.in_transaction
        connection.execute("COMMIT")
        assert connection.execute("SELECT x FROM t").fetchall() == [("before",), ("after",)]


def test_an_error_that_ends_the_whole_transaction_is_not_hidden() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x UNIQUE ON CONFLICT ROLLBACK)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("BEGIN")
        with pytest.raises(sqlite3.IntegrityError), savepoint(connection, "page"):
            connection.execute("INSERT INTO t VALUES (1)")
        assert not connection.in_transaction


def test_the_connection_is_as_an_archive_needs_it(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "halong.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (1,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        wait = round(connection_module.BUSY_SECONDS * 1000)
        assert connection.execute("PRAGMA busy_timeout").fetchone() == (wait,)


# Closing


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    store = Store(Archive(tmp_path), generator="test/1")
    store.close()
    store.close()
    Store(Archive(tmp_path), generator="test/1").close()


def test_after_closing_the_folder_is_one_file_to_copy(tmp_path: Path) -> None:
    with Store(Archive(tmp_path), generator="test/1") as store:
        store.put_portal(PORTAL)
        assert (tmp_path / "halong.db-wal").stat().st_size > 0
    assert not (tmp_path / "halong.db-wal").exists()


def test_a_reader_does_not_hold_up_closing_and_what_was_kept_is_in_the_file(
    tmp_path: Path,
) -> None:
    store = Store(Archive(tmp_path), generator="test/1")
    with closing(sqlite3.connect(tmp_path / "halong.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM portals").fetchall()
        store.put_portal(PORTAL)
        store.close()  # with a wait it would take BUSY_SECONDS
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM portals").fetchone() == (1,)


def test_a_served_archive_leaves_no_long_log(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "halong.db")) as reader:
        with Store(Archive(tmp_path), generator="test/1") as store:
            store.put_portal(PORTAL)
            assert reader.execute("SELECT count(*) FROM portals").fetchone() == (1,)
        assert (tmp_path / "halong.db-wal").stat().st_size == 0


def test_pages_kept_before_an_error_are_committed(tmp_path: Path) -> None:
    opening = Store(Archive(tmp_path), generator="test/1")
    with pytest.raises(ZeroDivisionError), opening as store:  # noqa: PT012
        store.put_portal(PORTAL)
        crawl = store.begin_crawl("halong", started_at=AT, options={})
        store.keep(crawl, page(AT))
        with store.whole():
            store.keep(crawl, page(AT, None))
            raise ZeroDivisionError
    with Store(Archive(tmp_path), generator="test/1") as store:
        outcomes = store.connection.execute("SELECT outcome FROM captures").fetchall()
        assert outcomes == [("article",)]
        assert store.crawl_summary(crawl).status == "killed"


def test_a_row_is_never_committed_when_its_evidence_could_not_be(tmp_path: Path) -> None:
    store = Store(Archive(tmp_path), generator="test/1")
    store.put_portal(PORTAL)
    crawl = store.begin_crawl("halong", started_at=AT, options={})
    store.keep(crawl, page(AT))

    def lost() -> None:
        raise ArchiveError("the disk is gone")

    store.before_commit = lost
    for attempt in (store.commit, store.close):
        with pytest.raises(ArchiveError, match="the disk is gone"):
            attempt()
    with Store(Archive(tmp_path), generator="test/1") as store:
        assert store.connection.execute("SELECT count(*) FROM captures").fetchone() == (0,)


def test_a_crawl_without_end_is_known_as_killed_by_whoever_writes_next(tmp_path: Path) -> None:
    for status in ("running", "killed"):
        with Store(Archive(tmp_path), generator="test/1") as store:
            if status == "running":
                store.put_portal(PORTAL)
                store.begin_crawl("halong", started_at=AT, options={})
            assert store.connection.execute("SELECT status FROM crawls").fetchone() == (status,)


def test_an_alias_first_met_in_an_older_capture_says_so(store: Store) -> None:
    crawl = store.begin_crawl("halong", started_at=AT, options={})
    for at in (AT, "2019-01-01T00:00:00Z", "2030-01-01T00:00:00Z"):
        store.keep(crawl, page(at))
    found = store.connection.execute("SELECT DISTINCT first_seen_at FROM article_urls").fetchall()
    assert found == [("2019-01-01T00:00:00Z",)]
    assert capture(AT).url in str(
        store.connection.execute("SELECT url FROM article_urls").fetchall()
    )
