"""An article's history does not depend on the order in which its captures came to be known."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.place import Archive
from archive.store import Kept, Store
from tests.archive.pages import ARTICLE, PORTAL, page

STATES = {"A": "Tiêu đề cũ", "B": "Tiêu đề mới", "C": "Đính chính"}


def minute(number: int) -> str:
    return f"2025-06-30T03:{number:02}:00Z"


def keep_all(path: Path, captures: list[tuple[int, str]]) -> tuple[list[Any], list[Kept]]:
    """Keeps captures in the order given; returns what the archive then says, and each answer."""
    with Store(Archive(path), generator="test/1") as store:
        store.put_portal(PORTAL)
        crawl = store.begin_crawl("halong", started_at=minute(0), options={})
        kept = [store.keep(crawl, page(minute(at), title=STATES[state])) for at, state in captures]
        versions = store.connection.execute(
            "SELECT number, v.title, captured_at, previous_seen_at, v.changed, fetched_at, "
            "v.content_sha256 FROM article_versions v JOIN captures c ON c.id = v.capture_id "
            "ORDER BY number"
        ).fetchall()
        articles = store.connection.execute(
            "SELECT a.title, t.title, first_seen_at, last_seen_at, changed_at, version_count, "
            "content_sha256 FROM articles a JOIN article_texts t ON t.article_id = a.id"
        ).fetchall()
        return [versions, articles], kept


@settings(max_examples=60, deadline=None)
@given(
    order=st.lists(
        st.tuples(st.integers(1, 30), st.sampled_from("ABC")),
        min_size=1, max_size=9, unique_by=lambda capture: capture[0],
    )
)  # fmt: skip
def test_any_order_of_captures_makes_the_same_history(order: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        known, _ = keep_all(Path(one), order)
        expected, _ = keep_all(Path(other), sorted(order))
    versions, articles = known
    assert versions == expected[0]
    assert articles == expected[1]


def titles(rows: list[Any]) -> list[tuple[Any, ...]]:
    names = {title: name for name, title in STATES.items()}
    return [
        (number, names[title], captured, previous, json.loads(changed))
        for number, title, captured, previous, changed, *_ in rows
    ]


def test_a_state_that_was_interrupted_is_two_versions(tmp_path: Path) -> None:
    (versions, _), kept = keep_all(tmp_path, [(1, "A"), (9, "A"), (5, "B")])
    assert titles(versions) == [
        (1, "A", minute(1), None, []),
        (2, "B", minute(5), minute(1), ["title"]),
        (3, "A", minute(9), minute(5), ["title"]),
    ]
    assert [answer.change for answer in kept] == ["new", "none", "changed"]
    assert (kept[-1].version, kept[-1].changed) == (2, ("title",))


def test_a_capture_before_the_first_becomes_version_1(tmp_path: Path) -> None:
    (versions, articles), _ = keep_all(tmp_path, [(5, "B"), (2, "A")])
    assert titles(versions) == [
        (1, "A", minute(2), None, []),
        (2, "B", minute(5), minute(2), ["title"]),
    ]
    assert articles[0][:4] == (STATES["B"], STATES["B"], minute(2), minute(5))


def test_an_older_sighting_of_the_same_state_narrows_the_edit(tmp_path: Path) -> None:
    (versions, _), _ = keep_all(tmp_path, [(1, "A"), (9, "B"), (4, "A"), (7, "B")])
    assert titles(versions) == [
        (1, "A", minute(1), None, []),
        (2, "B", minute(7), minute(4), ["title"]),
    ]


@pytest.mark.parametrize(
    ("seen", "status"), [(minute(20), ("live", None)), (minute(5), ("removed", minute(10)))]
)
def test_only_what_is_seen_after_its_removal_is_live_again(
    tmp_path: Path, seen: str, status: tuple[str, str | None]
) -> None:
    with Store(Archive(tmp_path), generator="test/1") as store:
        store.put_portal(PORTAL)
        crawl = store.begin_crawl("halong", started_at=minute(0), options={})
        store.keep(crawl, page(minute(1)))
        store.connection.execute(
            "UPDATE articles SET status = 'removed', removed_at = ?", [minute(10)]
        )
        store.keep(crawl, page(seen))
        with closing(store.connection.execute("SELECT status, removed_at FROM articles")) as rows:
            assert rows.fetchall() == [status]


def test_what_is_older_leaves_the_present_alone(tmp_path: Path) -> None:
    with Store(Archive(tmp_path), generator="test/1") as store:
        store.put_portal(PORTAL)
        crawl = store.begin_crawl("halong", started_at=minute(0), options={})
        store.keep(crawl, page(minute(9)))
        tables = ("article_people", "article_tags", "images", "attachments", "article_texts")
        before = [store.connection.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
        store.keep(crawl, page(minute(3), title="Cũ", authors=(), tags=(), images=()))
        after = [store.connection.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
    assert after == before
    assert ARTICLE.title in str(before)
