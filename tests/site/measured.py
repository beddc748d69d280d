"""An archive whose crawls were measured: many years, gaps, listings of every end, monitors."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

from archive.counters import Counter, Range
from archive.coverage import Coverage, _from_to
from archive.monitors import Result
from archive.walked import ENDS, Listing
from tests.site.small_archive import ARTICLES, write_archive

MONTHS = {
    month: 0 if month in ("2016-02", "2017-08", "2017-09") else 12 + (number * 37) % 140
    for number, month in enumerate(_from_to("2011-03", "2025-06"))
} | {"2020-04": 1412}
COUNTERS = (
    Counter("", 12031, 61318, 44012, 2119, 3, 3154, 212, (
        Range(31250, 31612, "2016-01-29", "2016-03-02"), Range(40001, 40001, "2018-05-04", None),
        Range(61300, 61310, "2025-06-02", "2025-06-12T08:00:00+07:00"),
    )),
    Counter("honggai-", 53000, 54162, 1163, 0, 0, 0, 0),
    Counter("bvid-", 4, 90412, 458, 0, 0, 89951, 440, (Range(5, 90411),)),
)  # fmt: skip
LISTINGS = tuple(
    Listing(
        f"https://halongcity.gov.vn/chuyen-muc-tin-tuc-va-su-kien-{end}-p13c{n}.html", end,
        "2025-06-30T03:15:00Z", "2025-06-01T03:15:00Z" if end in ("known", "failed") else None,
        "max_time" if end == "stopped" else "finished", 79 - n, 12 if end == "stopped" else 0,
        2 if end == "failed" else 0, 790 - 60 * n, 788 - 60 * n, f"20{11 + n}-05-12",
        "halong-61318", *((790, None, "Tổng số: 790 bản ghi", 1) if not n else ()),
    )
    for n, end in enumerate([*ENDS, *["ended"] * 6])
)  # fmt: skip
RESULTS = (
    Result("failures", "", "ok", 0.004, 0.05, "3 of 812 answers brought no page (0.4%)"),
    Result("fill", "byline", "warning", 0.61, 0.85,
           "byline was read in 61 of 100 articles (61%); usually 95.2%. Look at an article"),
    Result("fill", "title", "ok", 1.0, 1.0, "title was read in 100 of 100 articles (100%)"),
    Result("silence", "", "alarm", 23, 9, "the newest article is of 2025-06-07, 23 days before"),
    Result("pages", "", "ok", None, None, "not judged: too few runs before it"),
    Result("drift", "", "ok", None, None, "no learnt selector found less than it should"),
)  # fmt: skip


def coverage() -> Coverage:
    return Coverage(
        "halong", 4, "2025-06-30T04:00:00Z", 46_000, 31, 8_204, "2011-03-02",
        "2025-06-28T09:00:00+07:00", MONTHS, COUNTERS, LISTINGS, len(LISTINGS),
        sum(not one.is_whole for one in LISTINGS),
    )  # fmt: skip


def hostile_coverage(url: str, words: str) -> Coverage:
    """What pages of a portal might slip into names and addresses."""
    counter = replace(COUNTERS[0], prefix=words)
    listing = replace(LISTINGS[0], url=url, last_key=words, printed=words)
    return replace(coverage(), counters=(counter,), listings=(listing,))


def write_measured(folder: Path) -> Path:
    """The small archive with two measured crawls of halong; the other portal's was not."""
    archive = write_archive(folder, ARTICLES)
    measure(archive, replace(coverage(), articles=45_950, months={"2025-05": 7}), (), day=28)
    measure(archive, coverage(), RESULTS)
    return archive


def measure(archive: Path, found: Coverage, results: tuple[Result, ...], *, day: int = 30) -> None:
    """Add a crawl of halong that left this coverage and these results."""
    monitors = json.dumps([asdict(one) for one in results])
    kept = json.dumps(found.as_json(), ensure_ascii=False)
    at = f"2025-06-{day}T03:15:00Z"
    with closing(sqlite3.connect(archive / "halong.db")) as conn:
        conn.execute(
            "INSERT INTO crawls (portal, started_at, finished_at, status, reason, options, "
            "generator, articles_new, coverage, monitors) VALUES ('halong', ?, ?, 'finished', "
            "'finished', '{}', 'tests', 50, ?, ?)", [at, at, kept, monitors],
        )  # fmt: skip
        conn.commit()
