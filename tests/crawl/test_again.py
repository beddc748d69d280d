"""Crawling again: little is asked for, edits are found, removals are proved, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

from archive.warc import read_response
from tests.crawl.changing import Changing, Portal

WORDS = ("lúa", "cá", "rừng", "biển", "đường", "trường", "chợ", "cầu", "điện", "nước")
DAY = "2026-11-{:02}T03:00:00Z"


def portal(count: int, **values: object) -> Portal:
    return Portal({n: title(n) for n in range(1, count + 1)}, **values)  # type: ignore[arg-type]


def title(number: int) -> str:
    """Two pages that differ in their numbers alone are one to the crawl; so it is spelled out."""
    return "Hội nghị " + " ".join(WORDS[int(digit)] for digit in f"{number:03}")


def test_a_second_crawl_asks_for_next_to_nothing_and_makes_no_edit(tmp_path: Path) -> None:
    with Changing(portal(70), tmp_path) as small:
        assert len(small.crawl(DAY.format(1))) == 70 + 8
        asked = small.articles(DAY.format(1).replace("03:", "04:"))
        assert len(asked) < 0.03 * 70
        assert small.rows.one("SELECT count(*) FROM article_versions WHERE number > 1") == 0
        rows = small.rows.one(
            "SELECT articles_not_due, checked, checked_changed FROM crawls WHERE id = 2"
        )
        assert rows == (70 - len(asked), len(asked), 0)


def test_a_backlog_without_dates_is_not_due_in_one_night(tmp_path: Path) -> None:
    with Changing(portal(300), tmp_path) as small:
        small.crawl(DAY.format(1))
        asked = small.articles(DAY.format(2))
        # The sixty last by number, whose edits are likely, and the random check.
        assert set(range(241, 301)) <= set(asked)
        assert len(asked) < 60 + 0.05 * 300
        rests = small.rows.all(
            "SELECT julianday(next_visit) - julianday(last_seen) FROM _visits v "
            "JOIN articles a ON a.id = v.article_id WHERE cast(a.source_id AS INTEGER) <= 240"
        )
        days = sorted(rest for (rest,) in rests)
        assert len(days) == 240
        # Each night has its share: no week of the next six has a third of them.
        shares = [sum(start <= day < start + 7 for day in days) for start in range(8, 50, 7)]
        assert max(shares) < 80


def test_an_unchanged_article_costs_a_304_and_is_asked_for_more_seldom(tmp_path: Path) -> None:
    with Changing(portal(3, weak=True), tmp_path) as small:
        small.crawl(DAY.format(1))
        assert sorted(small.articles(DAY.format(2))) == [1, 2, 3]
        answers = [(tag, status) for path, tag, status in small.portal.asked if "p13n" in path]
        assert {status for _, status in answers} == {304}
        assert all(tag is not None and tag.startswith('W/"') for tag, _ in answers)
        rows = small.rows
        assert rows.one("SELECT min(last_seen_at) FROM articles") >= DAY.format(2)
        assert rows.one("SELECT articles_unchanged FROM crawls WHERE id = 2") == 3
        full = rows.all("SELECT fields FROM crawls ORDER BY id")
        assert full[0] == full[1]
        captures = rows.all(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'unchanged' "
            "AND status = 304 AND article_id IS NOT NULL"
        )
        assert len(captures) == 3
        stored = read_response(small.archive.warc_dir, *captures[0])
        assert (stored.status, stored.body) == (304, b"")
        small.portal.articles[3] += ", đính chính"
        assert sorted(small.articles(DAY.format(4))) == [1, 2, 3]
        assert rows.all("SELECT source_id FROM articles WHERE version_count = 2") == [("3",)]
        (changed,) = rows.all("SELECT changed FROM article_versions WHERE number = 2")[0]
        assert "title" in json.loads(changed)
        intervals = rows.all("SELECT interval FROM _visits WHERE class = 'article' ORDER BY url")
        assert intervals == [(4.0,), (4.0,), (1.0,)]


def test_a_server_that_says_304_wrongly_is_caught_and_no_longer_believed(tmp_path: Path) -> None:
    with Changing(portal(1, stale_etags=True), tmp_path) as small:
        small.crawl(DAY.format(1))
        small.portal.articles[1] += ", đính chính"
        small.crawl(DAY.format(2))
        assert small.rows.one("SELECT count(*) FROM article_versions") == 1
        # Not due now: only the random check looks at it, and it asks for the whole page.
        small.crawl(DAY.format(2).replace("03:", "05:"))
        assert small.rows.one("SELECT count(*) FROM article_versions") == 2
        assert small.rows.one("SELECT checked, checked_changed FROM crawls WHERE id = 3") == (1, 1)
        assert "1 of 1 articles not due had changed" in small.said
        small.portal.articles[1] += " lần hai"
        small.crawl(DAY.format(2).replace("03:", "06:"), "--full")
        assert small.rows.one("SELECT count(*) FROM article_versions") == 3
        assert all(tag is None for _, tag, _ in small.portal.asked)


def test_a_removal_wants_two_crawls_a_day_apart_and_is_undone(tmp_path: Path) -> None:
    with Changing(portal(5), tmp_path) as small:
        states = "SELECT source_id, status FROM articles WHERE status <> 'live' ORDER BY source_id"
        small.crawl(DAY.format(1))
        small.portal.status[2] = 410
        small.portal.moved[small.portal.path(4)] = "/"
        small.crawl(DAY.format(2))
        assert small.rows.all(states) == []
        small.crawl(DAY.format(3).replace("03:", "04:"))
        assert small.rows.all(states) == [("2", "removed"), ("4", "removed")]
        assert small.rows.all("SELECT key, how FROM removed_articles ORDER BY key") == [
            ("small-2", "not_found"), ("small-4", "redirect_home")
        ]  # fmt: skip
        evidence = small.rows.all(
            "SELECT f.crawl_id, f.outcome, l.crawl_id, l.fetched_at = r.removed_at FROM removals r "
            "JOIN captures f ON f.id = first_capture_id JOIN captures l ON l.id = last_capture_id "
            "ORDER BY r.article_id"
        )
        assert sorted(evidence) == [(2, "not_found", 3, 1), (2, "redirect", 3, 1)]
        small.portal.status.clear()
        small.portal.moved.clear()
        small.crawl(DAY.format(9))
        assert small.rows.all(states) == []
        assert small.rows.one("SELECT count(*), count(returned_at), count(return_capture_id) "
                              "FROM removals") == (2, 2, 2)  # fmt: skip


def test_a_portal_that_is_not_well_removes_nothing(tmp_path: Path) -> None:
    with Changing(portal(3), tmp_path) as small:
        small.crawl(DAY.format(1))
        small.portal.status.update(dict.fromkeys((1, 2, 3), 404))
        small.portal.moved.update({"/": "/dong-cua", "/tin-p13c1.html": "/dong-cua"})
        for day in (2, 4):
            assert sorted(small.articles(DAY.format(day))) == [1, 2, 3]
        assert small.rows.one("SELECT count(*) FROM captures WHERE outcome = 'not_found' "
                              "AND url LIKE '%p13n%'") == 6  # fmt: skip
        assert small.rows.all("SELECT DISTINCT status FROM articles") == [("live",)]


def test_what_only_left_its_listing_is_visited_and_not_removed(tmp_path: Path) -> None:
    with Changing(portal(12), tmp_path) as small:
        small.crawl(DAY.format(1))
        small.portal.unlisted.add(9)
        first = small.articles(DAY.format(1).replace("03:", "05:"))
        second = small.articles(DAY.format(1).replace("03:", "06:"))
        # In the crawl that misses it only chance can look at it.
        assert 9 in first or 9 in second
        assert len(first) == 1
        assert small.rows.all("SELECT DISTINCT status FROM articles") == [("live",)]


def test_an_article_that_moved_stays_one(tmp_path: Path) -> None:
    with Changing(portal(4), tmp_path) as small:
        small.crawl(DAY.format(1))
        small.portal.articles[99] = small.portal.articles.pop(2)
        small.portal.moved[small.portal.path(2)] = small.portal.path(99)
        small.portal.unlisted.add(99)
        small.crawl(DAY.format(3))
        small.crawl(DAY.format(9))
        rows = small.rows
        assert rows.one("SELECT count(*) FROM articles") == 4
        moved = rows.one("SELECT url, status, version_count, last_seen_at FROM articles "
                         "WHERE source_id = '2'")  # fmt: skip
        assert moved[0].endswith("p13n99.html")
        assert moved[1:3] == ("live", 1)
        assert moved[3] >= DAY.format(9)
        kinds = dict(rows.all("SELECT kind, url FROM article_urls WHERE article_id = "
                              "(SELECT id FROM articles WHERE source_id = '2')"))  # fmt: skip
        assert set(kinds) >= {"canonical"}


def test_a_listing_is_not_turned_beyond_what_is_known(tmp_path: Path) -> None:
    with Changing(portal(80), tmp_path) as small:

        def turned(day: str, *words: str) -> int:
            return sum("p13c1" in path for path in small.crawl(day, *words))

        assert turned(DAY.format(1)) == 8
        assert turned(DAY.format(2)) == 2
        # 15 new ones push everything down: two pages bring them, two more are known.
        small.portal.articles.update({n: title(n) for n in range(81, 96)})
        assert turned(DAY.format(3)) == 4
        assert small.rows.one("SELECT count(*) FROM articles") == 95
        assert turned("2027-01-10T03:00:00Z") == 10


def test_a_walk_cut_short_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    with Changing(portal(60), tmp_path) as small:
        small.crawl(DAY.format(1), "--limit", "15")
        small.crawl(DAY.format(2))
        assert small.rows.one("SELECT count(*) FROM articles") == 60


def test_new_articles_go_before_known_ones_that_are_due(tmp_path: Path) -> None:
    with Changing(portal(25), tmp_path) as small:
        small.crawl(DAY.format(1))
        small.portal.articles.update({n: title(n) for n in range(26, 29)})
        asked = small.articles(DAY.format(3), "--limit", "5")
        assert asked[:3] == [28, 27, 26]
        assert len(asked) == 5


def test_lastmod_is_believed_once_it_has_proved_right(tmp_path: Path) -> None:
    days = dict.fromkeys(range(1, 13), "2026-10-01")
    with Changing(portal(12, lastmod=days), tmp_path) as small:
        small.crawl(DAY.format(1))
        for n in range(1, 12):
            small.portal.articles[n] += ", đính chính"
            small.portal.lastmod[n] = "2026-11-02"
        small.crawl(DAY.format(2))
        moved = "SELECT moved_changed, moved_same, still_changed, still_same FROM _trust"
        assert small.rows.one(moved) == (11, 0, 0, 1)
        small.portal.articles[12] += ", đính chính"
        small.portal.lastmod[12] = "2026-11-03"
        assert 12 in small.articles(DAY.format(2).replace("03:", "06:"))


def test_the_plan_says_what_and_why_and_asks_for_nothing(tmp_path: Path) -> None:
    with Changing(portal(12), tmp_path) as small:
        assert small.crawl(DAY.format(1), "--plan") == []
        assert "would begin with 1 pages" in small.said
        assert not small.archive.database.exists()
        small.portal.status[4] = 404
        small.crawl(DAY.format(1))
        assert small.crawl(DAY.format(1).replace("03:", "05:"), "--plan") == []
        assert "11 known articles are not due, the first on 2026-11-02" in small.said
        assert "1 of them would be looked at by chance" in small.said
        assert small.crawl(DAY.format(4), "--plan") == []
        told = [line.split()[:3] for line in small.said.splitlines()]
        for row in (["11", "article", "due"], ["1", "article", "retry"], ["1", "seed", "seed"],
                    ["1", "listing", "listing"]):  # fmt: skip
            assert row in told
        assert small.rows.one("SELECT count(*) FROM crawls") == 1


def test_a_time_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    with Changing(portal(1), tmp_path) as small:
        small.crawl("tomorrow", code=2)
        assert "HALONG_NOW: 'tomorrow' is no time" in small.said
        assert "Traceback" not in small.said
