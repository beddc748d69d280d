"""The page that says how complete the archive is of a portal: true, in both languages, linked."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.coverage import Coverage
from archive.monitors import MONITORS
from archive.site import measures
from archive.site.coverage import for_template, load
from archive.stops import STOPS
from archive.walked import ENDS
from tests.site.measured import COUNTERS, LISTINGS, MONTHS, RESULTS, coverage, write_measured
from tests.site.small_archive import Server


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_measured(tmp_path_factory.mktemp("measured"))


@pytest.fixture(scope="module")
def site(archive: Path, start_server: Callable[[Path], Server]) -> Server:
    return start_server(archive)


def words(html: str) -> str:
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<main")[2]))


def shown(archive: Path, crawl_id: int | None = None) -> dict[str, Any]:
    with closing(sqlite3.connect(archive / "halong.db")) as conn:
        found = load(conn, "halong", crawl_id)
    assert found is not None
    return for_template(found)


def test_every_word_the_archive_may_say_has_a_translation() -> None:
    assert measures.ENDS.keys() == ENDS.keys()
    assert measures.STOPS.keys() == STOPS.keys()
    assert measures.MONITORS.keys() == MONITORS.keys()


def test_the_page_tells_what_the_crawl_kept(site: Server) -> None:
    page = site.get("/coverage/halong")
    assert page.status_code == 200
    assert "<script" not in page.text
    text = words(page.text)
    assert "46.000" in text
    for told in (
        "23 ngày không có bài mới; quen thuộc là đến 9 ngày",
        "Bút danh: đọc được ở 61 % số bài (ngưỡng 85 %)",
        "3.154 số chưa từng gặp",
        "31250–31612: 363 số, khoảng 1/2016 đến 3/2016",
        "vì cổng đánh số cả những thứ khác",
        "Cổng ghi Tổng số: 790 bản ghi : nhiều hơn trong kho 2 bài",
        "Nêu 790 bài trên 79 trang; kho giữ 788 . Bài cũ nhất 12/5/2011",
        "còn trang chưa được hỏi tới: 12 (hết thời gian cho phép)",
        "lần cuối đi đến cuối: 1/6/2025",
        "chưa lần nào đi đến cuối",
    ):
        assert told in text
    assert text.index("Báo động") < text.index("Cảnh báo")


def test_listings_left_open_come_first_and_none_is_lost(archive: Path) -> None:
    page = shown(archive)
    told = [*page["listings"], *page["more_listings"]]
    assert {each.url for each in told} == {each.url for each in LISTINGS}
    assert [each.is_whole for each in told] == sorted(each.is_whole for each in told)


def test_each_month_stands_in_its_year_with_its_shade(archive: Path) -> None:
    years = shown(archive)["years"]
    assert [year["year"] for year in years] == [str(y) for y in range(2025, 2010, -1)]
    assert sum(year["count"] for year in years) == sum(MONTHS.values())
    cells = {
        f"{year['year']}-{cell['number']:02}": cell for year in years for cell in year["months"]
    }
    assert {name: cell["count"] for name, cell in cells.items() if name in MONTHS} == MONTHS
    assert cells["2011-02"]["shade"] == "none"
    assert cells["2016-02"]["shade"] == "gap"
    assert cells["2020-04"]["shade"] == "5"
    # One month of an import does not make all others pale.
    assert {cell["shade"] for cell in cells.values()} == {"none", "gap", "1", "2", "3", "4", "5"}


def test_an_earlier_crawl_can_be_looked_at(site: Server) -> None:
    latest = site.get("/coverage/halong").text
    (earlier,) = set(re.findall(r'href="(/coverage/halong\?crawl=\d+)">', latest)) - {
        re.findall(r'aria-current="true"><th scope="row"><a href="([^"]+)"', latest)[0]
    }
    page = site.get(earlier)
    assert "45.950" in page.text
    assert "Xem lần mới nhất" in page.text
    assert "Xem lần mới nhất" not in latest
    assert "Lần này chưa được đánh giá" in page.text


@pytest.mark.parametrize(
    "path",
    ["/coverage/nowhere", "/coverage/halong?crawl=1", "/coverage/halong?crawl=999",
     "/coverage/hakhanh?crawl=4", "/coverage/halong?crawl=x", f"/coverage/halong?crawl={'9' * 30}",
     "/coverage/halong?crawl=²", "/coverage/nowhere.json"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(site: Server, path: str) -> None:
    assert site.get(path).status_code == 404


def test_a_portal_that_was_never_measured_says_so(site: Server) -> None:
    page = site.get("/coverage/hakhanh")
    assert page.status_code == 200
    assert "Chưa có lần thu thập nào được đo" in page.text
    assert site.get("/coverage/hakhanh.json").json()["coverage"] is None


def test_json_holds_what_the_crawl_kept(site: Server) -> None:
    answer = site.get("/coverage/halong.json").json()
    assert Coverage.from_json(answer["coverage"]) == coverage()
    assert len(answer["coverage"]["counters"]) == len(COUNTERS)
    assert [each["monitor"] for each in answer["monitors"]] == [each.monitor for each in RESULTS]


def test_the_home_page_leads_to_it(site: Server) -> None:
    home = site.get("/").text
    assert 'href="/coverage/halong"' in home
    assert 'href="/coverage/hakhanh"' in home
