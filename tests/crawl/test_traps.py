"""What portals multiply their pages by costs a crawl hardly a request."""

from __future__ import annotations

import random
import re
from collections import UserDict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from archive.place import Archive
from tests.crawl.runs import halong
from tests.crawl.served import Answer, Served, article_page, descriptor
from tests.learning.grammar import stories

ARTICLES = 600
LISTED = 20
SHARE = 0.02
"""Of all requests those that may be spent on traps."""
TITLES = [story.title for story in stories(ARTICLES, 3)]


@dataclass(frozen=True)
class Product:
    """How a product writes its addresses."""

    article: str
    listing: str
    login: str

    def wanted(self) -> set[str]:
        """Every address there is something to be had at."""
        pages = range(1, ARTICLES // LISTED + 1)
        return {
            "/", "/robots.txt", self.listing.partition("?")[0],
            *(self.article.format(n) for n in range(ARTICLES)),
            *(self.listing.format(n) for n in pages),
        }  # fmt: skip


PRODUCTS = {
    "halong_cms": Product(
        "/bai-p13n{}.html", "/tin-tuc-p13c1.html?trang={}", "/dang-nhap.html?ReturnUrl={back}"
    ),
    "liferay": Product(
        "/tin-tuc/-/view_content/{}-bai.html", "/tin-tuc?_101_INSTANCE_a_cur={}",
        "{bare}?p_p_id=58&p_p_lifecycle=0&p_p_state=maximized&_58_redirect={back}",
    ),
}  # fmt: skip


class Labyrinth(UserDict[str, Answer]):
    """A portal that answers every address, and on every page names addresses without end."""

    def __init__(self, product: Product) -> None:
        super().__init__()
        self.product = product
        self.random = random.Random(1)
        self.article = re.compile(re.escape(product.article).replace(r"\{\}", r"(\d+)"))
        self.turn = re.compile(
            re.escape(product.listing.partition("?")[2]).replace(r"\{\}", r"(\d+)")
        )

    def __contains__(self, path: object) -> bool:
        return True

    def __missing__(self, path: str) -> Answer:
        if path == "/robots.txt":
            return Answer(b"User-agent: *\n", headers={"Content-Type": "text/plain"})
        number = self.article.search(path)
        if number is not None and int(number[1]) < ARTICLES:
            return Answer(article_page(TITLES[int(number[1])], links=self._traps(path)))
        turned = self.turn.search(path)
        first = LISTED * (int(turned[1]) - 1 if turned is not None else 0)
        rows = "".join(
            f"<li><a href='{self.product.article.format(n)}'>{TITLES[n]}</a></li>"
            for n in range(first, min(first + LISTED, ARTICLES))
        )
        pager = "".join(
            f"<a href='{self.product.listing.format(n)}'>{n}</a>"
            for n in range(1, ARTICLES // LISTED + 1)
        )
        words = "Lịch công tác tháng" if "lich" in path else "Tin tức"
        html = f"<h1>{words}</h1><ul>{rows}</ul>{pager}{self._traps(path)}"
        return Answer(f"<html><title>{words}</title><body>{html}</body></html>".encode())

    def _traps(self, path: str) -> str:
        """Every trap, as it looks on the page at ``path``."""
        bare, _, query = path.partition("?")
        month = re.search(r"thang=(\d+)&nam=(\d+)", query)
        number = int(month[2]) * 12 + int(month[1]) - 1 if month is not None else 2025 * 12
        session = f"{self.random.randrange(16**8):08x}"
        back = quote(path, safe="")
        hrefs = (
            f"{bare}/en", f"{bare}/vi",
            *(f"/lich.html?thang={n % 12 + 1}&nam={n // 12}" for n in (number - 1, number + 1)),
            f"{bare};jsessionid={session.upper()}", f"{bare}?{query}&PHPSESSID={session}",
            f"/(S({session})){path}", f"{bare}?{query}&redirect={back}",
            self.product.login.format(bare=bare, back=back),
        )  # fmt: skip
        return "".join(f"<a href='{href}'>{at}</a>" for at, href in enumerate(hrefs))


@pytest.mark.parametrize("platform", PRODUCTS)
def test_traps_cost_hardly_a_request_and_no_article(tmp_path: Path, platform: str) -> None:
    product = PRODUCTS[platform]
    archive = Archive(tmp_path / "archive")
    archive.create()
    with Served(Labyrinth(product)) as served:
        facts = descriptor(served.host, platform=platform)
        (archive.portals_dir / "maze.toml").write_text(facts, encoding="utf-8")
        halong("crawl", "maze", "--max-pages", "3000", archive=archive)
        asked = list(served.asked)
    trapped = [path for path in asked if path not in product.wanted()]
    articles = {product.article.format(n) for n in range(ARTICLES)}
    assert articles <= set(asked)
    places = sorted({urlsplit(path).path[:40] for path in trapped})
    assert len(trapped) <= SHARE * len(asked), (len(trapped), len(asked), places, trapped[:30])
