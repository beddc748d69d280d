"""The feed of roots: every closed crawl, in the same words for programs and for feed readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from archive import chain
from archive.place import Archive
from archive.reader import reading
from archive.site import chain as page
from archive.store import Store
from tests.archive.kept import crawl
from tests.crawl.runs import halong
from tests.site.small_archive import Server

feedparser = pytest.importorskip("feedparser", reason="needs feedparser, of the extra `test`")

STAMPED = "2031-05-04T03:02:01Z"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(tmp_path_factory.mktemp("kept") / "archive")
    for day in (1, 2, 3):
        crawl(made, day, range(2))
    with Store(made, generator="test/1") as store:
        store.connection.execute(
            "UPDATE chain SET stamped_at = ?, authority = 'https://tsa.example/?a=1&b=<2>', "
            "token = 'MAA=' WHERE number = 2",
            [STAMPED],
        )
    return made


@pytest.fixture(scope="module")
def site(archive: Archive, start_server: Callable[[Path], Server]) -> Server:
    return start_server(archive.path)


def kept(archive: Archive) -> list[chain.Head]:
    with reading(archive) as connection:
        return chain.heads(connection)


def parsed(site: Server, address: str) -> Any:
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_the_feed_names_every_root_newest_first(site: Server, archive: Archive) -> None:
    found = parsed(site, "/chain.atom")
    heads = kept(archive)
    assert [each.id.rpartition("/")[2] for each in found.entries] == [each.head for each in heads]
    assert all(each.id.startswith("tag:") for each in [*found.entries, found.feed])
    assert len({each.id for each in [*found.entries, found.feed]}) == len(heads) + 1
    for each, head in zip(found.entries, heads, strict=True):
        lines = each.content[0].value.split("\n")
        assert f"root: {head.root}" in lines
        assert f"head: {head.head}" in lines
        assert f"previous head: {head.previous or 'none'}" in lines
        assert f"records: {head.records}" in lines
        assert f"of: crawl {head.crawl_id} of {head.portal}" in lines
        assert each.published == head.closed_at
        assert each.updated == (head.stamped_at or head.closed_at)
        (link,) = each.links
        assert link.href == f"{site.address}/chain.json?before={head.number + 1}"
    assert f"{STAMPED} by https://tsa.example/?a=1&b=<2>" in found.entries[1].content[0].value
    assert found.feed.updated == STAMPED
    links = {link.rel: link.href for link in found.feed.links}
    assert links["self"].endswith("/chain.atom")
    assert "next" not in links


def test_ids_stay_whatever_name_the_site_has(site: Server) -> None:
    named = httpx.get(f"{site.address}/chain.atom", headers={"host": "khac.example"}).content
    again = feedparser.parse(named)
    assert [each.id for each in again.entries] == [
        each.id for each in parsed(site, "/chain.atom").entries
    ]


def test_programs_get_the_same_and_a_head_from_there_verifies(
    site: Server, archive: Archive
) -> None:
    answer = site.get("/chain.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    heads = kept(archive)
    assert told["next"] is None
    assert [each["head"] for each in told["entries"]] == [each.head for each in heads]
    assert told["entries"][1]["token"] == "MAA="
    assert told["first"] == heads[-1].head
    said = halong("verify", "--chain", told["entries"][0]["head"], archive=archive, code=11)
    assert "no crawl closed with" not in said  # only the token that is none is damage
    assert "chain 2: its token is no time stamp" in said


def test_older_roots_are_on_pages_of_their_own(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", 2)
    with reading(archive) as connection:
        newest = page.load(connection)
        oldest = page.load(connection, newest["older"])
    assert [each["number"] for each in newest["entries"]] == [3, 2]
    assert [each["number"] for each in oldest["entries"]] == [1]
    assert (newest["older"], oldest["older"]) == (2, None)
    text = page.feed(newest, "Kho", lambda path, before=None: f"http://x{path}?before={before}")
    links = {link.rel: link.href for link in feedparser.parse(text).feed.links}
    assert links["next"] == "http://x/chain.atom?before=2"


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "²", "0"])
def test_a_page_that_is_none_is_the_newest_or_empty(site: Server, asked: str) -> None:
    told = site.get(f"/chain.json?before={asked}").json()
    assert len(told["entries"]) == (0 if asked == "0" else 3)
    parsed(site, f"/chain.atom?before={asked}")


def test_the_feed_is_found_from_every_page(site: Server) -> None:
    for address in ("/", "/search", "/coverage/halong"):
        html = site.get(address).text
        assert 'type="application/atom+xml"' in html.partition("</head>")[0]
        assert 'href="/chain.atom"' in html.partition("<footer")[2]
        assert 'href="/chain.json"' in html.partition("<footer")[2]


def test_an_archive_without_a_closed_crawl_has_an_empty_feed(
    start_server: Callable[[Path], Server], tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "archive")
    crawl(archive, 1, range(1), end=False)
    found = parsed(start_server(archive.path), "/chain.atom")
    assert found.entries == []
    assert found.feed.updated
