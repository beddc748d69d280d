"""What a crawl says of its own completeness, against what the portal has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.crawl.changing import Changing, Portal
from tests.crawl.quick import quick
from tests.crawl.test_again import DAY, portal


def coverage(small: Changing, *words: str) -> dict[str, Any]:
    said = quick("coverage", "small", "--json", *words, archive=small.archive, env={})
    found: dict[str, Any] = json.loads(said)
    return found


def the_listing(found: dict[str, Any]) -> dict[str, Any]:
    (one,) = [each for each in found["listings"] if "p13c1" in each["url"]]
    return dict(one)


def test_gaps_in_numbers_are_what_the_portal_does_not_link_to(tmp_path: Path) -> None:
    small_portal: Portal = portal(40)
    small_portal.unlisted = {11, 12, 30}
    small_portal.status = {20: 404, 21: 404}
    with Changing(small_portal, tmp_path) as small:
        small.crawl(DAY.format(1))
        found = coverage(small)
        (counter,) = found["counters"]
        assert (counter["first"], counter["last"]) == (1, 40)
        assert (counter["held"], counter["gone"], counter["waiting"]) == (35, 2, 0)
        ranges = [(each["first"], each["last"]) for each in counter["ranges"]]
        assert (counter["unknown"], ranges) == (3, [(11, 12), (30, 30)])
        listing = the_listing(found)
        assert (listing["named"], listing["held"], listing["pages"]) == (37, 35, 4)
        assert (listing["end"], listing["last_key"]) == ("ended", "small-1")


def test_a_listing_cut_short_is_open_until_a_crawl_reaches_its_end(tmp_path: Path) -> None:
    with Changing(portal(70), tmp_path) as small:
        small.crawl(DAY.format(1), "--max-pages", "20")
        cut = the_listing(coverage(small))
        assert (cut["end"], cut["why"], cut["ended_at"]) == ("stopped", "max_pages", None)
        assert cut["pages_left"] > 0
        small.crawl(DAY.format(2))
        whole = the_listing(coverage(small))
        assert (whole["end"], whole["named"], whole["held"]) == ("ended", 70, 70)
        small.crawl(DAY.format(3))
        early = the_listing(coverage(small))
        assert (early["end"], early["ended_at"]) == ("known", whole["ended_at"])
        assert the_listing(coverage(small, "--crawl", "1")) == cut
        open_ones = small.rows.all("SELECT listings_open FROM crawl_coverage ORDER BY crawl_id")
        assert [count > 0 for (count,) in open_ones] == [True, False, False]
        said = quick("coverage", "small", archive=small.archive, env={})
        assert "left at articles that were known" in said


def test_what_the_portal_says_stands_beside_what_is_held(tmp_path: Path) -> None:
    words = "<p>Tổng số: <b>{total}</b> bản ghi.</p>"
    with Changing(portal(25, says=words, unlisted={3, 4, 5}), tmp_path) as small:
        small.crawl(DAY.format(1))
        listing = the_listing(coverage(small))
        assert (listing["says"], listing["named"], listing["held"]) == (25, 22, 22)
        (evidence,) = small.rows.all(
            "SELECT t.printed, c.url FROM listing_totals t JOIN captures c ON c.id = t.capture_id"
        )
        assert evidence[0] == "Tổng số: 25 bản ghi"
        assert "p13c1" in evidence[1]
