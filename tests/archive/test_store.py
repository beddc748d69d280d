"""The one writer, on real files: what is kept, counted and locked, and what a kill leaves."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import store as store_module
from archive import versions
from archive.place import Archive, ArchiveError
from archive.records import AttachmentLink, Author, Image, Page, Published
from archive.schema import fts_canary
from archive.state import VERSION_FIELDS
from archive.store import Store
from archive.tables import TABLES
from tests.archive.pages import ARTICLE, IMPRINT, PORTAL, capture, page

T1, T2, T3 = (f"2025-0{month}-01T03:15:00Z" for month in (5, 6, 7))
ROOT = Path(__file__).parents[2]


def crawl(store: Store, at: str = T1) -> int:
    return store.begin_crawl("halong", started_at=at, options={"limit": 5})


def rows(store: Store, sql: str, *values: Any) -> list[Any]:
    return store.connection.execute(sql, values).fetchall()


def counts(store: Store) -> dict[str, int]:
    return {table.name: rows(store, f"SELECT count(*) FROM {table.name}")[0][0] for table in TABLES}


# Articles and versions


def test_a_new_article_is_kept_whole(store: Store) -> None:
    kept = store.keep(crawl(store), page(T1))
    assert (kept.change, kept.key, kept.version, kept.changed) == ("new", "halong-61318", 1, ())
    assert rows(store, "SELECT key, category, word_count, first_seen_at FROM articles") == [
        ("halong-61318", "Tin trong thành phố", 25, T1)
    ]
    assert rows(store, "SELECT number, changed, previous_seen_at FROM article_versions") == [
        (1, "[]", None)
    ]
    assert rows(store, "SELECT position, name, role FROM article_people JOIN people p "
                "ON p.id = person_id ORDER BY position") == [
        (1, "Hồng Hạnh", "writer"), (2, "Văn Hoà", "photographer"),
    ]  # fmt: skip
    assert rows(store, "SELECT path, name FROM categories") == [
        ("Tin tức › Tin trong thành phố", "Tin trong thành phố")
    ]
    assert rows(store, "SELECT count(*) FROM article_tags") == [(2,)]
    assert rows(store, "SELECT position, caption, credit FROM images") == [
        (1, "Công trình", "Hồng Hạnh")
    ]
    assert rows(store, "SELECT filename, text_status FROM attachments") == [
        ("Kế hoạch.pdf", "not_fetched")
    ]
    assert rows(store, "SELECT article_id, outcome FROM captures") == [(1, "article")]


def test_the_same_again_moves_last_seen_only(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    kept = store.keep(crawl(store, T2), page(T2))
    assert (kept.change, kept.version, kept.changed) == ("unchanged", 1, ())
    assert rows(store, "SELECT last_seen_at, changed_at, version_count FROM articles") == [
        (T2, T1, 1)
    ]


EDITS: dict[str, Any] = {
    "title": "Tiêu đề mới",
    "lead": None,
    "body": "Một đoạn.",
    "byline": "Thu Hà",
    "authors": (Author("Thu Hà"),),
    "source": "TTXVN",
    "category": ("Tin tức",),
    "tags": (),
    "images": (Image("https://halongcity.gov.vn/anh/2.jpg"),),
    "attachments": (AttachmentLink("https://halongcity.gov.vn/tep/2.pdf"),),
    "published_at": Published("2025-05-13", "day", "13/05/2025", "platform:.d"),
    "updated_at": "2025-05-14T09:00:00+07:00",
}


def test_every_version_field_has_an_edit_here() -> None:
    assert tuple(EDITS) == VERSION_FIELDS


@pytest.mark.parametrize("name", VERSION_FIELDS)
def test_an_edit_names_its_field(store: Store, name: str) -> None:
    store.keep(crawl(store), page(T1))
    store.keep(crawl(store, T2), page(T2))
    edit = {"published" if name == "published_at" else name: EDITS[name]}
    kept = store.keep(crawl(store, T3), page(T3, **edit))
    assert (kept.change, kept.version, kept.changed) == ("changed", 2, (name,))
    found = rows(
        store,
        "SELECT number, changed, previous_seen_at, captured_at, capture_id "
        "FROM article_versions ORDER BY number",
    )
    assert found == [(1, "[]", None, T1, 1), (2, json.dumps([name]), T2, T3, 3)]
    ((sha, changed_at, count),) = rows(
        store, "SELECT content_sha256, changed_at, version_count FROM articles"
    )
    stored = rows(store, "SELECT content_sha256 FROM article_versions ORDER BY number")
    assert stored[0] != stored[1] == (sha,)
    assert (changed_at, count) == (T3, 2)


@pytest.mark.parametrize(
    "edit",
    [
        {"body_html": "<p>anders</p>"},
        {"evidence": {"title": "general:h1"}},
        {"parser_version": "2"},
        {"title": unicodedata.normalize("NFD", ARTICLE.title)},
        {"title": f"  {ARTICLE.title} ".replace(" ", "\u00a0 ")},
        {"body": ARTICLE.body.replace("\n\n", " \r\n\n\n\u200b\n") + "\n\n"},
        {"tags": tuple(unicodedata.normalize("NFD", tag) for tag in ARTICLE.tags)},
        {"images": (replace(ARTICLE.images[0], caption=" Công  trình "),)},
        {"byline": "Hồng Hạnh -\tVăn Hoà"},
    ],
)
def test_what_no_reader_sees_makes_no_version(store: Store, edit: dict[str, Any]) -> None:
    store.keep(crawl(store), page(T1))
    assert store.keep(crawl(store, T2), page(T2, **edit)).change == "unchanged"


def test_an_edit_replaces_the_rows_that_hang_on_the_article(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    store.connection.execute("UPDATE attachments SET sha256 = 'aa', text_status = 'read'")
    second = (*ARTICLE.attachments, AttachmentLink("https://halongcity.gov.vn/tep/2.pdf"))
    edited = page(T2, authors=ARTICLE.authors[:1], tags=("mới",), images=(), attachments=second)
    store.keep(crawl(store, T2), edited)
    assert rows(store, "SELECT position, printed FROM article_people") == [(1, "Hồng Hạnh")]
    assert rows(store, "SELECT name FROM article_tags JOIN tags ON id = tag_id") == [("mới",)]
    assert rows(store, "SELECT count(*) FROM images") == [(0,)]
    assert rows(store, "SELECT position, sha256, text_status FROM attachments") == [
        (1, "aa", "read"), (2, None, "not_fetched"),
    ]  # fmt: skip


def test_people_meet_over_spelling(store: Store) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1, authors=(Author("Văn Hoà"),)))
    store.keep(crawl_id, page(T1, source_id="2", url="https://x/2", authors=(Author("VĂN HÒA"),)))
    assert rows(store, "SELECT name FROM people") == [("Văn Hoà",)]
    assert rows(store, "SELECT count(*) FROM article_people") == [(2,)]


def test_the_full_text_index_follows(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    store.keep(crawl(store, T2), page(T2, body="Đường ra đảo."))
    search = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert rows(store, search, "duong dao") == [(1,)]
    assert rows(store, search, "body : cong trinh") == [(0,)]
    assert fts_canary(store.connection) == []


def test_a_second_identical_crawl_adds_captures_and_a_crawl_only(store: Store) -> None:
    def run(at: str) -> None:
        crawl_id = crawl(store, at)
        for number in ("1", "2", "3"):
            article = replace(ARTICLE, source_id=number, url=f"https://x/{number}")
            # Pages of one portal carry different footers, by turns.
            imprint = replace(IMPRINT, phones=()) if number == "2" else IMPRINT
            aliases = ((f"https://x/print/{number}", "print"),)
            store.keep(crawl_id, Page("halong", capture(at), article, imprint, aliases))
        store.keep(crawl_id, page(at, None))
        store.skip(crawl_id, "halong", "https://x/login", "portal_state", found_on=None, at=at)
        store.finish_crawl(crawl_id, finished_at=at, status="finished", reason="finished")

    run(T1)
    before = counts(store)
    run(T2)
    after = counts(store)
    assert {name for name in after if after[name] != before[name]} == {
        "captures", "crawls", "chain", "_seals",
    }  # fmt: skip
    assert before["imprints"] == 2
    assert rows(store, "SELECT DISTINCT first_seen_at, last_seen_at FROM imprints") == [(T1, T2)]


def test_an_imprint_that_changes_is_a_new_row(store: Store) -> None:
    crawl_id = crawl(store)
    for at, imprint in ((T1, IMPRINT), (T2, replace(IMPRINT, raw="khác")),
                        (T3, replace(IMPRINT, owner="UBND phường Bãi Cháy"))):  # fmt: skip
        store.keep(crawl_id, Page("halong", capture(at, "home"), imprint=imprint))
    assert rows(store, "SELECT host, owner, first_seen_at, last_seen_at FROM imprints") == [
        ("halongcity.gov.vn", "UBND thành phố Hạ Long", T1, T2),
        ("halongcity.gov.vn", "UBND phường Bãi Cháy", T3, T3),
    ]


# Crawls


def test_a_crawl_is_counted(store: Store) -> None:
    store.keep(crawl(store), page(T1))
    crawl_id = crawl(store, T2)
    store.keep(crawl_id, page(T2, title="Mới"))
    store.keep(crawl_id, page(T2, source_id="2", url="https://x/2", lead=None, tags=()))
    store.keep(crawl_id, page(T2, None))
    for outcome in ("unreachable", "server_error", "refused", "unreadable", "not_found"):
        store.keep(crawl_id, Page("halong", capture(T2, outcome, status=None)))
    for _ in range(2):
        store.skip(crawl_id, "halong", "https://x/a", "robots", found_on="https://x/", at=T2)
    store.skip(crawl_id, "halong", "https://x/b", "too_deep", found_on=None, at=T2)
    summary = store.finish_crawl(crawl_id, finished_at=T3, status="finished", reason="finished")
    assert (summary.fetched, summary.failed, summary.skipped) == (8, 4, 2)
    assert (summary.articles_new, summary.articles_changed, summary.articles_unchanged) == (1, 1, 0)
    assert (summary.fields["title"], summary.fields["lead"], summary.fields["tags"]) == (2, 1, 1)
    assert summary.fields["updated_at"] == 0
    assert summary.outcomes["article"] == 2
    assert summary.standing.skipped_by_reason == {"robots": 1, "too_deep": 1}
    assert (summary.started_at, summary.finished_at, summary.status) == (T2, T3, "finished")


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ((None, None), (0, 0, 1)),
        ((None, "mới"), (0, 1, 0)),
        (("mới", None), (0, 1, 0)),
        (("mới", "mới nữa"), (0, 1, 0)),
    ],
)
def test_an_article_counts_once_a_crawl(
    store: Store, titles: tuple[str | None, ...], expected: tuple[int, int, int]
) -> None:
    store.keep(crawl(store), page(T1))
    crawl_id = crawl(store, T2)
    for title in titles:
        store.keep(crawl_id, page(T2, **({"title": title} if title else {})))
    summary = store.crawl_summary(crawl_id)
    assert expected == (
        summary.articles_new, summary.articles_changed, summary.articles_unchanged,
    )  # fmt: skip
    assert summary.fields["title"] == 1


def test_an_article_new_and_edited_in_one_crawl_is_new(store: Store) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1))
    store.keep(crawl_id, page(T2, title="Mới"))
    summary = store.crawl_summary(crawl_id)
    assert (summary.articles_new, summary.articles_changed) == (1, 0)


def test_a_crawl_that_never_ended_was_killed(store: Store) -> None:
    first = crawl(store)
    crawl(store, T2)
    summary = store.crawl_summary(first)
    assert (summary.status, summary.finished_at) == ("killed", None)
    assert rows(store, "SELECT status FROM crawls ORDER BY id") == [("killed",), ("running",)]


def test_a_crawl_names_the_software_that_ran_it(tmp_path: Path) -> None:
    for generator in ("test/1", "test/2"):
        with Store(Archive(tmp_path), generator=generator) as store:
            store.put_portal(PORTAL)
            crawl(store)
            (found,) = rows(store, "SELECT generator FROM crawls ORDER BY id DESC LIMIT 1")
            assert found == (generator,)


def test_a_portal_is_brought_up_to_date(store: Store) -> None:
    store.put_portal(replace(PORTAL, title_en="Former Ha Long"))
    assert rows(store, "SELECT title_en FROM portals") == [("Former Ha Long",)]


def test_words_outside_the_closed_lists_are_refused(store: Store) -> None:
    crawl_id = crawl(store)
    with pytest.raises(ValueError, match="'odd' is no outcome"):
        store.keep(crawl_id, Page("halong", capture(T1, "odd")))
    with pytest.raises(ValueError, match="'odd' is no reason"):
        store.skip(crawl_id, "halong", "https://x/", "odd", found_on=None, at=T1)
    with pytest.raises(LookupError, match="no crawl 99"):
        store.crawl_summary(99)
    assert counts(store)["captures"] == 0


# Transactions


def test_a_page_that_fails_leaves_nothing_and_harms_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl_id = crawl(store)
    store.keep(crawl_id, page(T1))
    with monkeypatch.context() as patch:
        patch.setattr(versions, "_replace", _explode)
        with pytest.raises(ZeroDivisionError):
            store.keep(crawl_id, page(T2, source_id="2", url="https://x/2"))
    assert store.connection.in_transaction
    store.keep(crawl_id, page(T2, source_id="3", url="https://x/3"))
    store.commit()
    assert rows(store, "SELECT source_id FROM articles ORDER BY id") == [("61318",), ("3",)]
    assert counts(store)["captures"] == counts(store)["article_texts"] == 2
    assert store.crawl_summary(crawl_id).fetched == 2


def keep_many(store: Store, crawl_id: int) -> None:
    for number in range(1000):
        text = f"{number} đường " * 500
        url = f"https://x/{number}"
        store.keep(crawl_id, page(T1, source_id=str(number), url=url, body=text))


def test_a_full_disk_is_reported_as_one(store: Store) -> None:
    crawl_id = crawl(store)
    ((pages,),) = rows(store, "PRAGMA page_count")
    store.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(ArchiveError, match="the disk is full"):
        keep_many(store, crawl_id)
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]
    assert counts(store)["captures"] == counts(store)["article_versions"]


def _explode(*_: object) -> None:
    raise ZeroDivisionError


def committed(store: Store) -> int:
    """Captures another connection sees."""
    with closing(sqlite3.connect(store.archive.database)) as other:
        return int(other.execute("SELECT count(*) FROM captures").fetchone()[0])


def test_pages_are_committed_by_the_hundred(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "SECONDS_A_TRANSACTION", 3600.0)
    crawl_id = crawl(store)
    seen = []
    for _ in range(250):
        store.keep(crawl_id, page(T1, None))
        store.tick()
        seen.append(committed(store))
    assert sorted(set(seen)) == [0, 100, 200]


def test_pages_are_committed_after_two_seconds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl_id = crawl(store)
    now = 0.0
    monkeypatch.setattr(store_module.time, "monotonic", lambda: now)
    store.keep(crawl_id, page(T1, None))
    now = 1.9
    store.tick()
    assert committed(store) == 0
    now = 2.0
    store.tick()
    assert committed(store) == 1


def test_evidence_is_on_disk_before_a_row_names_it(store: Store) -> None:
    crawl_id = crawl(store)
    seen: list[int] = []
    store.before_commit = lambda: seen.append(committed(store))
    store.keep(crawl_id, page(T1, None))
    store.commit()
    store.commit()
    assert (seen, committed(store)) == ([0], 1)


def test_an_archive_is_let_go_even_when_the_last_commit_fails(tmp_path: Path) -> None:
    store = Store(Archive(tmp_path), generator="test/1")
    store.begin()
    store.before_commit = _explode
    with pytest.raises(ZeroDivisionError):
        store.close()
    Store(Archive(tmp_path), generator="test/1").close()


CHILD = """
import sys
from pathlib import Path
from archive.place import Archive
from archive.store import Store
from tests.archive.pages import PORTAL, page

store = Store(Archive(Path(sys.argv[1])), generator="test/1")
# So small a cache spills: the kill finds pages of the open transaction in the WAL.
store.connection.execute("PRAGMA cache_size = 5")
store.put_portal(PORTAL)
crawl = store.begin_crawl("halong", started_at="2025-05-01T03:15:00Z", options={})
for number in range(1, 31):
    store.keep(crawl, page("2025-05-01T03:15:00Z", source_id=str(number), url=f"https://x/{number}"))
    if number == 20:
        store.commit()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path / "archive")],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_kill_loses_only_the_open_transaction(
    tmp_path: Path, child: Callable[[], subprocess.Popen[str]]
) -> None:
    process = child()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with Store(Archive(tmp_path / "archive"), generator="test/1") as store:
        assert rows(store, "PRAGMA integrity_check") == [("ok",)]
        assert rows(store, "PRAGMA foreign_key_check") == []
        assert fts_canary(store.connection) == []
        for table in ("articles", "article_texts", "article_versions", "captures"):
            assert counts(store)[table] == 20, table
        crawl_id = crawl(store, T2)
        assert rows(store, "SELECT status, fetched FROM crawls") == [("killed", 20), ("running", 0)]
        for number in range(1, 31):
            store.keep(crawl_id, page(T2, source_id=str(number), url=f"https://x/{number}"))
        summary = store.crawl_summary(crawl_id)
    assert (summary.articles_new, summary.articles_unchanged) == (10, 20)


# One writer, and archives that cannot be used


def test_a_second_store_is_told_who_holds_the_archive(
    tmp_path: Path, child: Callable[[], subprocess.Popen[str]]
) -> None:
    process = child()
    with pytest.raises(ArchiveError) as caught:
        Store(Archive(tmp_path / "archive"), generator="test/1")
    assert re.search(rf"written by process {process.pid} since \d{{4}}-\d\d-", str(caught.value))


def test_one_store_an_archive_in_one_process_too(store: Store) -> None:
    with pytest.raises(ArchiveError, match=f"process {os.getpid()} since"):
        Store(store.archive, generator="test/1")
    store.put_portal(PORTAL)


def _is_a_file(path: Path) -> None:
    path.write_text("")


def _holds_no_database(path: Path) -> None:
    path.mkdir()
    (path / "halong.db").write_text("no database at all, but long enough to look at " * 50)


def _holds_another_database(path: Path) -> None:
    path.mkdir()
    with closing(sqlite3.connect(path / "halong.db")) as connection:
        connection.execute("CREATE TABLE articles (x)")


def _holds_a_newer_schema(path: Path) -> None:
    Store(Archive(path), generator="test/1").close()
    with closing(sqlite3.connect(path / "halong.db")) as connection:
        connection.execute("INSERT INTO schema_info VALUES (99, '', '')")
        connection.commit()


@pytest.mark.parametrize(
    "prepare", [_is_a_file, _holds_no_database, _holds_another_database, _holds_a_newer_schema]
)
def test_what_cannot_be_an_archive_is_refused_in_one_line(
    tmp_path: Path, prepare: Callable[[Path], None]
) -> None:
    path = tmp_path / "archive"
    prepare(path)
    for _ in range(2):  # the second time as the first: the lock was let go
        with pytest.raises(ArchiveError) as caught:
            Store(Archive(path), generator="test/1")
        message = str(caught.value)
        assert message.startswith(str(path))
        assert "\n" not in message


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="cannot be made"):
        Archive(tmp_path / "file" / "archive").create()


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "archive")
    # Root may write anywhere, whatever the rights say; so the answer is given here.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ArchiveError, match="cannot be written"):
        Store(archive, generator="test/1")
