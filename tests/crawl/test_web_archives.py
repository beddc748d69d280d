"""Captures of public web archives, imported: listed first, politely had, at their own times."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.place import Archive
from archive.warc import read_response
from tests.crawl.conftest import Rows
from tests.crawl.quick import begin, quick
from tests.crawl.served import Answer, article_page, descriptor
from tests.crawl.web_archive import Held, WebArchive

HOST = "cong.example"
SITE = f"http://{HOST}"


def url(number: int) -> str:
    return f"{SITE}/tin-so-{number}-p13n{number}.html"


HISTORY = [
    Held(url(1), "20190301080000", article_page("Một tin")),
    Held(url(1), "20200301080000", article_page("Một tin đã sửa")),
    Held(url(1), "20210301080000", article_page("Một tin")),
    *(Held(url(n), f"2020030{n}080000", article_page(f"Tin thứ {n}")) for n in range(2, 8)),
    Held(url(9), "20200309080000", b"gone", 404),
    Held(f"{SITE}/cu.html", "20180101000000", b"", 301, {"Location": url(1)}),
    Held("http://khac.example/", "20200309080000", b"another host's"),
]
OURS = HISTORY[:-1]
KINDS = ("--wayback", "--common-crawl")


@pytest.fixture
def web() -> Iterator[WebArchive]:
    with WebArchive(HISTORY) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path) -> Archive:
    return described(tmp_path / "archive")


def described(path: Path) -> Archive:
    found = Archive(path)
    found.create()
    (found.portals_dir / "vidu.toml").write_text(descriptor(HOST), "utf-8")
    return found


def brought(place: Archive, web: WebArchive, *words: str, code: int = 0) -> str:
    return quick("import", *words, archive=place, env=web.env, code=code)


def captures(place: Archive) -> list[tuple[object, ...]]:
    return sorted(Rows(place).all("SELECT url, fetched_at, status FROM captures"))


def versions(place: Archive) -> list[tuple[object, ...]]:
    return Rows(place).all(
        "SELECT a.source_id, v.number, v.title, v.captured_at FROM article_versions v "
        "JOIN articles a ON a.id = v.article_id ORDER BY 1, 2"
    )


TOLD = sorted((held.url, held.iso, held.status) for held in OURS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_capture_is_brought_at_its_own_time(
    web: WebArchive, place: Archive, kind: str
) -> None:
    brought(place, web, kind, HOST)
    assert captures(place) == TOLD
    assert versions(place)[:3] == [
        ("1", 1, "Một tin", "2019-03-01T08:00:00Z"),
        ("1", 2, "Một tin đã sửa", "2020-03-01T08:00:00Z"),
        ("1", 3, "Một tin", "2021-03-01T08:00:00Z"),
    ]
    bodies = {(held.url, held.iso): held.body for held in OURS}
    for at in Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures"):
        stored = read_response(place.warc_dir, *at)
        assert stored.body == bodies[stored.url, stored.fetched_at]
        assert stored.headers.get("location") in (None, url(1))
    assert Rows(place).one("SELECT note FROM captures WHERE outcome = 'redirect'") == url(1)
    assert Rows(place).all("SELECT kind, source FROM imports") == [
        (kind.removeprefix("--").replace("-", "_"), HOST)
    ]
    assert all("Halong/" in agent for agent in web.agents)


@pytest.mark.parametrize("kind", KINDS)
def test_the_warc_says_where_a_record_came_from(web: WebArchive, place: Archive, kind: str) -> None:
    brought(place, web, kind, HOST, "--to", "2018")
    (path,) = place.warc_dir.glob("*.warc.gz")
    text = gzip.decompress(path.read_bytes()).decode()
    if kind == "--wayback":
        where = f"{web.address}/web/20180101000000id_/{SITE}/cu.html"
        assert f"WARC-Source-URI: {where}\r\n" in text
        assert "replay-x-archive-src: liveweb-" in text
    else:
        offset, length = web.places[OURS.index(OURS[-1])]
        where = f"{web.address}/data/a.warc.gz"
        assert f"range: bytes={offset}-{offset + length - 1}\r\n" in text
        assert "X-Crawler-Content-Encoding: gzip\r\n" in text
    assert f"via: {where}\r\n" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_tells_what_there_is_and_the_import_asks_no_list_again(
    web: WebArchive, place: Archive, kind: str
) -> None:
    said = brought(place, web, kind, HOST, "--dry-run")
    assert web.brought() == []
    assert re.search(r"vidu +200 +text/html +9 +0 +2019-03-01T08:00:00Z +2021-03-01T08", said), said
    assert "11 captures, 0 of them held already" in said
    assert captures(place) == []
    lists = len(web.asked)
    brought(place, web, kind, HOST)
    assert len(web.asked) == lists + len(OURS)
    assert captures(place) == TOLD


def test_a_span_of_time_is_asked_for(web: WebArchive, place: Archive) -> None:
    said = brought(place, web, "--wayback", HOST, "--from", "2019", "--to", "2020-03-02")
    assert "nothing" not in said
    assert [at for _, at, _ in captures(place)] == [
        "2019-03-01T08:00:00Z", "2020-03-01T08:00:00Z", "2020-03-02T08:00:00Z",
    ]  # fmt: skip
    assert all("from=2019&to=20200302" in path for path in web.asked if path.startswith("/cdx"))


def test_the_same_payload_from_two_archives_is_one_version_with_two_captures(
    place: Archive,
) -> None:
    one = Held(url(1), "20200301080000", article_page("Một tin"))
    two = Held(url(1), "20190301080000", article_page("Một tin"))
    with WebArchive([one]) as later, WebArchive([two]) as earlier:
        brought(place, later, "--wayback", HOST)
        brought(place, earlier, "--common-crawl", HOST)
    assert len(captures(place)) == 2
    assert versions(place) == [("1", 1, "Một tin", two.iso)]


def test_what_is_held_is_not_asked_for_again(web: WebArchive, place: Archive) -> None:
    brought(place, web, "--wayback", HOST)
    asked, before = len(web.brought()), Rows(place).counts()
    said = brought(place, web, "--wayback", HOST)
    assert "nothing new" in said
    brought(place, web, "--common-crawl", HOST)
    assert len(web.brought()) == asked
    assert captures(place) == TOLD
    after = Rows(place).counts()
    assert [name for name in after if name[0] != "_" and after[name] != before[name]] == ["imports"]


def test_bodies_and_headers_are_kept_as_they_were(place: Archive) -> None:
    page = article_page("Một tin")
    coded = {"Content-Type": "text/html; charset=UTF-8", "Content-Encoding": "gzip",
             "Transfer-Encoding": "chunked", "Server": "Microsoft-IIS/8.5"}  # fmt: skip
    held = [
        Held(url(1), "20200301080000", gzip.compress(page), headers=coded),
        # The archive hands it over decoded, and shows the header as it was.
        Held(url(2), "20200302080000", article_page("Hai tin"), headers=coded),
    ]
    with WebArchive(held) as web:
        brought(place, web, "--wayback", HOST)
    rows = Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures ORDER BY url")
    first, second = (read_response(place.warc_dir, *row) for row in rows)
    assert (first.raw_body, first.body) == (held[0].body, page)
    assert first.headers["content-encoding"] == "gzip"
    assert (second.body, second.raw_body) == (held[1].body, held[1].body)
    assert second.headers["x-archive-orig-content-encoding"] == "gzip"
    for stored in (first, second):
        assert stored.headers["server"] == "Microsoft-IIS/8.5"
        assert stored.headers["x-archive-orig-transfer-encoding"] == "chunked"
    assert len(versions(place)) == 2


# Trouble


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_busy_or_broken_server_does_costs_nothing(
    web: WebArchive, place: Archive, kind: str
) -> None:
    part = "/cdx" if kind == "--wayback" else "CC-1-index"
    item = "p13n3" if kind == "--wayback" else "/data/"
    web.faults = {
        part: [
            Answer(b"slow down", 429, {"Retry-After": "1"}),
            Answer(b"<html>The index is being rebuilt</html>"),
        ],
        item: [
            Answer(b"slow down", 503, {"Retry-After": "1"}),
            Answer(b"half", 206, length="4000"),
        ],
    }
    brought(place, web, kind, HOST)
    assert captures(place) == TOLD
    waits = {
        now: later - now
        for path, now, later in zip(web.asked, web.times, web.times[1:], strict=False)
        if part in path or item in path
    }
    assert sum(wait >= 1 for wait in waits.values()) == 2, "it did not wait as it was asked to"


def test_requests_are_made_one_at_a_time_and_apart(web: WebArchive, place: Archive) -> None:
    env = web.env | {"HALONG_WEB_ARCHIVES_DELAY": "0.1"}
    web.slow = 0.02
    quick("import", "--wayback", HOST, archive=place, env=env)
    apart = [later - now for now, later in zip(web.times, web.times[1:], strict=False)]
    assert min(apart) >= 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_archive_does_not_give_is_told_and_asked_for_at_the_next_import(
    web: WebArchive, place: Archive, kind: str
) -> None:
    bad = HISTORY[4]
    offset, length = web.places[4]
    whole = web.warc
    if kind == "--wayback":
        web.faults = {f"{bad.at}id_": [Answer(b"excluded", 403)]}
        reason = "status 403, and no capture"
    else:
        middle = offset + length // 2
        web.warc = whole[:middle] + bytes(20) + whole[middle + 20 :]
        reason = f"/data/a.warc.gz at {offset}-{offset + length - 1}: "
    said = brought(place, web, kind, HOST, code=12)
    assert f"{bad.url} of {bad.iso}: " in said
    assert reason in said
    assert bad.url in Rows(place).one("SELECT damage FROM imports")
    assert captures(place) == [row for row in TOLD if row[0] != bad.url]
    web.warc = whole
    brought(place, web, kind, HOST)
    assert captures(place) == TOLD


def test_an_archive_that_does_not_answer_ends_the_import_and_the_next_goes_on(
    web: WebArchive, place: Archive
) -> None:
    web.faults = {"/web/2020030": [Answer(status=504)] * 9}
    said = brought(place, web, "--wayback", HOST, code=5)
    assert "status 504, and so were the questions before" in said
    assert "give the same command again later" in said
    assert 0 < len(captures(place)) < len(TOLD)
    lists = [path for path in web.asked if path.startswith("/cdx")]
    brought(place, web, "--wayback", HOST)
    assert captures(place) == TOLD
    assert [path for path in web.asked if path.startswith("/cdx")] == lists


def test_who_is_asked_to_stay_away_for_hours_does(web: WebArchive, place: Archive) -> None:
    web.faults = {"/cdx": [Answer(status=429, headers={"Retry-After": "7200"})]}
    said = brought(place, web, "--wayback", HOST, code=5)
    assert "asks to be left alone for 7200 seconds" in said
    assert len(web.asked) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment_and_the_import_again_end_as_one_without_a_kill(
    tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    kind = KINDS[seed % 2]
    with WebArchive(HISTORY) as web:
        whole = described(tmp_path / "whole")
        brought(whole, web, kind, HOST)
        questions = len(web.asked)
        web.asked.clear()
        web.slow = 0.01
        place = described(tmp_path / "killed")
        process = begin("import", kind, HOST, archive=place, said=tmp_path / "said", env=web.env)
        enough = draw.randrange(1, questions)
        until = time.monotonic() + 30
        while len(web.asked) < enough and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        process.join()
        assert process.exitcode == -9, "it had ended before the kill"
        brought(place, web, kind, HOST)
        assert captures(place) == captures(whole)
        assert versions(place) == versions(whole)
        assert len(web.brought()) <= len(OURS) + 1, "more than what was on its way is had twice"
        assert len(web.asked) <= questions + 3, "more than a page of the list is asked for twice"
        for row in Rows(place).all("SELECT warc_file, warc_offset, warc_length FROM captures"):
            read_response(place.warc_dir, *row)


def test_a_host_of_no_portal_and_words_that_do_not_go_together_are_one_line(
    web: WebArchive, place: Archive
) -> None:
    assert "is no host of a portal" in brought(place, web, "--wayback", "la.example", code=2)
    assert "no year, month or day" in brought(
        place, web, "--wayback", HOST, "--from", "20190101", code=2
    )
    assert "name a FILE" in brought(place, web, code=2)
    assert web.asked == []
