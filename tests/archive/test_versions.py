"""What an article's rows say after any sequence of captures, and what an edit never takes away."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from archive.place import Archive
from archive.records import AttachmentLink, Imprint, Page
from archive.schema import fts_canary, reindex
from archive.store import Store
from tests.archive.pages import ARTICLE, IMPRINT, PORTAL, capture, page


def day(number: int) -> str:
    return f"2025-01-{number:02}T03:15:00Z"


def crawl(store: Store, at: str) -> int:
    return store.begin_crawl("halong", started_at=at, options={})


def rows(store: Store, sql: str) -> list[Any]:
    return store.connection.execute(sql).fetchall()


# Edits


def test_a_state_that_comes_back_is_a_third_version(store: Store) -> None:
    changes = []
    for number, title in enumerate(["A", "B", "A", "A"], 1):
        kept = store.keep(crawl(store, day(number)), page(day(number), title=title))
        changes.append((kept.change, kept.version))
    assert changes == [("new", 1), ("changed", 2), ("changed", 3), ("unchanged", 3)]
    found = rows(store, "SELECT number, title, captured_at, previous_seen_at, content_sha256 "
                 "FROM article_versions ORDER BY number")  # fmt: skip
    assert [row[:4] for row in found] == [
        (1, "A", day(1), None), (2, "B", day(2), day(1)), (3, "A", day(3), day(2)),
    ]  # fmt: skip
    assert found[0][4] == found[2][4] != found[1][4]
    assert rows(store, "SELECT title, version_count, last_seen_at FROM articles") == [
        ("A", 3, day(4))
    ]


def test_an_older_capture_of_a_state_is_its_evidence_with_its_own_markup(store: Store) -> None:
    store.keep(crawl(store, day(1)), page(day(5), body_html="<p>new</p>", parser_version="2"))
    store.keep(crawl(store, day(2)), page(day(3), body_html="<p>old</p>", parser_version="1"))
    assert rows(
        store,
        "SELECT number, captured_at, fetched_at, body_html, parser_version "
        "FROM article_versions v JOIN captures c ON c.id = v.capture_id",
    ) == [(1, day(3), day(3), "<p>old</p>", "1")]
    assert rows(store, "SELECT parser_version, first_seen_at, changed_at FROM articles") == [
        ("2", day(3), day(3))
    ]


def test_two_states_in_one_second_are_kept_in_the_order_they_came(store: Store) -> None:
    number = crawl(store, day(1))
    for title in ("A", "B"):
        store.keep(number, page(day(1), title=title))
    assert rows(store, "SELECT number, title FROM article_versions ORDER BY number") == [
        (1, "A"), (2, "B"),
    ]  # fmt: skip
    assert rows(store, "SELECT title FROM articles") == [("B",)]


# Attachments


def link(name: str) -> AttachmentLink:
    return AttachmentLink(f"https://halongcity.gov.vn/tep/{name}", name)


def test_a_fetched_file_keeps_its_row_when_no_edit_links_it_any_more(store: Store) -> None:
    store.keep(crawl(store, day(1)), page(day(1), attachments=(link("a"), link("b"))))
    store.connection.execute("UPDATE attachments SET sha256 = 'aa' WHERE filename = 'a'")
    store.connection.execute(
        "INSERT INTO attachment_pages SELECT id, 1, 'chữ' FROM attachments WHERE filename = 'a'"
    )
    store.keep(crawl(store, day(2)), page(day(2), attachments=(link("c"),)))
    kept = rows(store, "SELECT filename, sha256 FROM attachments ORDER BY filename")
    assert kept == [("a", "aa"), ("c", None)]
    assert rows(store, "SELECT text FROM attachment_pages") == [("chữ",)]
    history = rows(store, "SELECT attachments FROM article_versions ORDER BY number")
    assert [[entry["filename"] for entry in json.loads(text)] for (text,) in history] == [
        ["a", "b"], ["c"],
    ]  # fmt: skip


def test_a_file_linked_twice_stands_where_it_is_linked_first(store: Store) -> None:
    again = replace(link("a"), filename="Tải về")
    store.keep(crawl(store, day(1)), page(day(1), attachments=(link("a"), link("b"), again)))
    assert rows(store, "SELECT position, filename FROM attachments ORDER BY position") == [
        (1, "a"), (2, "b"),
    ]  # fmt: skip


# Imprints


OTHER = replace(IMPRINT, owner="UBND phường Bãi Cháy")


def keep_imprints(store: Store, at: str, *imprints: Imprint) -> None:
    number = crawl(store, at)
    for imprint in imprints:
        store.keep(number, Page("halong", capture(at, "home"), imprint=imprint))


def dated(store: Store) -> list[tuple[str, str, str]]:
    return rows(
        store, "SELECT owner, first_seen_at, last_seen_at FROM imprints ORDER BY first_seen_at, id"
    )


def test_words_that_come_back_after_a_crawl_of_others_are_a_third_row(store: Store) -> None:
    for number, imprint in ((1, IMPRINT), (2, IMPRINT), (3, OTHER), (4, IMPRINT), (5, IMPRINT)):
        keep_imprints(store, day(number), imprint)
    assert dated(store) == [
        (IMPRINT.owner, day(1), day(2)),
        (OTHER.owner, day(3), day(3)),
        (IMPRINT.owner, day(4), day(5)),
    ]


def test_footers_that_take_turns_in_each_crawl_are_one_row_each(store: Store) -> None:
    for number in (1, 2, 3):
        keep_imprints(store, day(number), IMPRINT, OTHER, IMPRINT, OTHER)
    assert dated(store) == [(IMPRINT.owner, day(1), day(3)), (OTHER.owner, day(1), day(3))]


def test_a_crawl_that_saw_no_imprint_interrupts_nothing(store: Store) -> None:
    keep_imprints(store, day(1), IMPRINT)
    store.keep(crawl(store, day(2)), page(day(2), None))
    keep_imprints(store, day(3), IMPRINT)
    assert dated(store) == [(IMPRINT.owner, day(1), day(3))]


def test_an_older_capture_of_the_words_is_their_first_evidence(store: Store) -> None:
    keep_imprints(store, day(5), IMPRINT)
    number = crawl(store, day(6))
    kept = store.keep(number, Page("halong", capture(day(2), "home"), imprint=IMPRINT))
    assert rows(store, "SELECT first_seen_at, last_seen_at, capture_id FROM imprints") == [
        (day(2), day(5), kept.capture_id)
    ]


# Any sequence


WORDS = ["đường", "Đảo", "hoà", "hòa", "biển", "cảng", "Ðông"]


class Keeping(RuleBasedStateMachine):
    """Articles are kept and edited at random; index, texts and versions stay in step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(Archive(self.folder), generator="test/1")
        self.store.put_portal(PORTAL)
        self.crawl = crawl(self.store, day(1))
        self.now = 0
        self.live: dict[str, str] = {}
        self.history: dict[str, list[str]] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(source_id=st.sampled_from("12345"), words=st.lists(st.sampled_from(WORDS), min_size=1))
    def keep(self, source_id: str, words: list[str]) -> None:
        self.now += 1
        at = f"2025-01-01T{self.now // 60:02}:{self.now % 60:02}:00Z"
        body = " ".join(words)
        states = self.history.setdefault(source_id, [])
        changed = not states or states[-1] != body
        kept = self.store.keep(
            self.crawl, page(at, source_id=source_id, url=f"https://x/{source_id}", body=body)
        )
        assert (kept.change in ("new", "changed")) == changed
        if changed:
            states.append(body)
        self.live[source_id] = body

    @rule(source_id=st.sampled_from("12345"))
    def fail(self, source_id: str) -> None:
        """A page that cannot be kept leaves everything as it was."""
        broken = replace(ARTICLE, source_id=source_id, body="hỏng", url=None)  # type: ignore[arg-type]
        with pytest.raises(sqlite3.IntegrityError):
            self.store.keep(self.crawl, Page("halong", capture("2026-01-01T00:00:00Z"), broken))

    @rule()
    def commit(self) -> None:
        self.store.commit()

    @rule()
    def rebuild_the_wrong_way_and_mend(self) -> None:
        self.store.connection.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
        reindex(self.store.connection)

    @invariant()
    def search_finds_exactly_the_live_texts(self) -> None:
        connection = self.store.connection
        assert fts_canary(connection) == []
        for word, match in (("đường", "duong"), ("Đảo", "dao"), ("Ðông", "dong"), ("biển", "bien")):
            found = connection.execute(
                "SELECT source_id FROM articles_fts f JOIN articles a ON a.id = f.rowid "
                "WHERE articles_fts MATCH ?",
                [f"body : {match}"],
            ).fetchall()
            live = {key for key, body in self.live.items() if word in body.split()}
            assert {key for (key,) in found} == live

    @invariant()
    def versions_are_counted_and_in_order_of_time(self) -> None:
        for source_id, states in self.history.items():
            found = self.store.connection.execute(
                "SELECT number, captured_at FROM article_versions v "
                "JOIN articles a ON a.id = v.article_id WHERE source_id = ? ORDER BY number",
                [source_id],
            ).fetchall()
            (count,) = self.store.connection.execute(
                "SELECT version_count FROM articles WHERE source_id = ?", [source_id]
            ).fetchone()
            assert [number for number, _ in found] == list(range(1, count + 1))
            assert [at for _, at in found] == sorted(at for _, at in found)
            assert count == len(states)


Keeping.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestAnySequence = Keeping.TestCase
