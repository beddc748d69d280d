"""Guesses: declared ids, months and searches, asked for when a walk has nothing left to ask."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from archive.place import Archive
from tests.crawl.changing import Changing, Portal
from tests.crawl.conftest import Rows
from tests.crawl.quick import quick
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served, article_page, descriptor

DAY = "2026-11-{:02}T03:00:00Z"
WORDS = ("lúa", "cá", "rừng", "biển", "đường", "trường", "chợ", "cầu", "điện", "nước")


def title(number: int) -> str:
    return "Hội nghị " + " ".join(WORDS[int(digit)] for digit in f"{number:03}")


class Unlinked(Portal):
    """No article links to another."""

    def _article(self, number: int) -> bytes:
        return article_page(self.articles[number])


def portal(*numbers: int, unlisted: set[int]) -> Portal:
    return Unlinked({n: title(n) for n in numbers}, unlisted=unlisted)


def declare(town: Changing, *lines: str) -> None:
    add(town.archive, town.portal.host, *lines)


def add(archive: Archive, host: str, *lines: str) -> None:
    path = archive.portals_dir / "small.toml"
    text = path.read_text("utf-8") if path.exists() else descriptor(host)
    declared = "\n".join(lines).replace("HOST", f"http://{host}")
    path.write_text(text.replace("[politeness]", f"{declared}\n[politeness]"), "utf-8")


def test_ids_nobody_links_to_are_found_and_those_without_a_page_are_no_failures(
    tmp_path: Path,
) -> None:
    there = {n for n in range(1, 41) if n % 7}
    hidden = {n for n in there if n % 2}
    with Changing(portal(*there, unlisted=hidden), tmp_path) as town:
        declare(town, "[[ranges]]", "url = 'HOST/tin-p13n{id}.html'", "first = 1", "last = 50")
        asked = town.articles(DAY.format(1))
        assert Counter(asked) == Counter(range(1, 51))
        linked = there - hidden
        assert set(asked[: len(linked)]) == linked
        rows = town.rows
        assert {int(n) for (n,) in rows.all("SELECT source_id FROM articles")} == there
        assert rows.one("SELECT failed FROM crawls") == 0
        gone = "SELECT count(*) FROM captures WHERE outcome = 'not_found' AND url LIKE '%p13n%'"
        assert rows.one(gone) == 50 - len(there)
        assert rows.all("SELECT * FROM _hosts") == []
        # Where each was found is on record.
        template = f"http://{town.portal.host}/tin-p13n{{id}}.html"
        found = rows.one("SELECT count(*) FROM _frontier WHERE found_on = ?", template)
        assert found == 50 - len(linked)
        # No such address is asked for again of itself, however much is asked for.
        again = town.articles(DAY.format(2), "--full")
        assert set(again) == there


def test_from_the_greatest_known_id_a_crawl_goes_on_until_enough_in_a_row_are_missing(
    tmp_path: Path,
) -> None:
    hidden = {21, 22, 25, 29}
    town_portal = portal(*range(1, 21), *hidden, unlisted=hidden)
    with Changing(town_portal, tmp_path) as town:
        declare(town, "[[ranges]]", "url = 'HOST/tin-p13n{id}.html'", "misses = 5")
        town.crawl(DAY.format(1))
        asked = {n for n in town_numbers(town) if n > 20}
        assert asked == set(range(21, 36))
        assert town.rows.one("SELECT count(*) FROM articles") == 24
        # What was not there may be published any night.
        town_portal.articles[31] = title(31)
        town_portal.unlisted.add(31)
        town.crawl(DAY.format(2))
        assert {n for n in town_numbers(town) if n > 29} == set(range(30, 40))
        assert town.rows.one("SELECT count(*) FROM articles WHERE source_id = '31'") == 1


def town_numbers(town: Changing) -> list[int]:
    paths = (path for path, _, _ in town.portal.asked if "p13n" in path)
    return [int(path.rpartition("p13n")[2].removesuffix(".html")) for path in paths]


def test_a_long_range_is_asked_for_in_batches_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    with Changing(portal(1, 2, 700, unlisted={700}), tmp_path) as town:
        declare(town, "[[ranges]]", "url = 'HOST/tin-p13n{id}.html'", "first = 1", "last = 720")
        town.crawl(DAY.format(1), "--max-pages", "300")
        waiting = town.rows.one("SELECT count(*) FROM _frontier WHERE state = 'pending'")
        assert 100 < waiting <= 500
        first = set(town_numbers(town))
        town.crawl(DAY.format(2))
        second = set(town_numbers(town))
        assert first | second == set(range(1, 721))
        assert first & second <= {1, 2}  # fresh articles are looked at each night
        assert town.rows.one("SELECT count(*) FROM articles") == 3
        assert town.rows.one("SELECT next FROM _ranges") == 721


def test_archives_by_month_are_walked_from_the_newest_and_left_at_known_articles(
    tmp_path: Path,
) -> None:
    pages = {"/": Answer(b"<html><title>Trang</title><h1>Trang</h1></html>")}
    for number in range(1, 61):  # ten a month, from June to November
        pages[f"/tin-p13n{number}.html"] = Answer(article_page(title(number)))
    for place, month in enumerate(range(6, 12)):
        links = "".join(
            f"<p><a href='/tin-p13n{n}.html'>{title(n)}</a></p>"
            for n in range(10 * place + 10, 10 * place, -1)
        )
        body = f"<html><title>Tháng {month}</title><h1>Tháng {month}</h1>{links}</html>"
        pages[f"/luu-tru/2026/{month:02}.html"] = Answer(body.encode())
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(pages) as served:
        add(archive, served.host, "first_date = 2026-04-20", "[[ranges]]",
            "url = 'HOST/luu-tru/{year}/{month:02}.html'")  # fmt: skip
        quick("crawl", "small", archive=archive, env={"HALONG_NOW": DAY.format(1)})
        months = [path for path in served.asked if path.startswith("/luu-tru")]
        assert months[:1] == ["/luu-tru/2026/11.html"]
        assert sorted(months) == [f"/luu-tru/2026/{month:02}.html" for month in range(4, 12)]
        rows = Rows(archive)
        assert rows.one("SELECT count(*) FROM articles") == 60
        assert rows.one("SELECT failed FROM crawls") == 0  # April and May have no page
        served.asked.clear()
        quick("crawl", "small", archive=archive, env={"HALONG_NOW": DAY.format(3)})
        months = [path for path in served.asked if path.startswith("/luu-tru")]
        assert months == ["/luu-tru/2026/11.html", "/luu-tru/2026/10.html"]  # twenty are known


def test_the_portals_search_is_asked_last_and_its_results_are_walked(tmp_path: Path) -> None:
    def results(page: int, *numbers: int, more: str = "") -> Answer:
        links = "".join(f"<p><a href='/tin-p13n{n}.html'>{title(n)}</a></p>" for n in numbers)
        return Answer(f"<html><title>Kết quả {page}</title><h1>Kết quả</h1>{links}{more}".encode())

    further = "<a rel='next' href='/ket-qua?q=h%E1%BB%8Dp&page=2'>Trang sau</a>"
    pages = {
        "/": results(0, 1),
        "/ket-qua?q=h%E1%BB%8Dp": results(1, 1, 2, 3, 4, more=further),
        "/ket-qua?q=h%E1%BB%8Dp&page=2": results(2, 5, 6, 7),
        "/ket-qua?q=c%E1%BA%A7u%20%C4%91%C3%A1": results(3, 7, 8, 9),
        **{f"/tin-p13n{n}.html": Answer(article_page(title(n))) for n in range(1, 10)},
    }
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(pages) as served:
        add(archive, served.host, "[search]", "url = 'HOST/ket-qua?q={term}'",
            "terms = ['họp', 'cầu đá']")  # fmt: skip
        quick("crawl", "small", archive=archive, env={"HALONG_NOW": DAY.format(1)})
        assert Rows(archive).one("SELECT count(*) FROM articles") == 9
        linked = served.asked.index("/tin-p13n1.html")
        assert linked < min(n for n, path in enumerate(served.asked) if "ket-qua" in path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("url = 'HOST/tin-p13n{id}.html'", "first = 5", "last = 8"), ["/tin-p13n5.html", "  4  "]),
        (("url = 'HOST/{year}/{month}'",), ["/2026/11", "/2026/10"]),
    ],
)
def test_a_plan_names_the_first_guesses(
    tmp_path: Path, lines: tuple[str, ...], said: list[str]
) -> None:
    with Changing(portal(1, 2, unlisted=set()), tmp_path) as town:
        town.crawl(DAY.format(1))
        declare(town, "first_date = 2026-10-20", "[[ranges]]", *lines)
        town.portal.asked.clear()
        output = halong("crawl", "small", "--plan", archive=town.archive,
                        env={"HALONG_NOW": DAY.format(2)})  # fmt: skip
        assert all(words in output for words in said), output
        assert "guess" in output
        assert town.portal.asked == []
