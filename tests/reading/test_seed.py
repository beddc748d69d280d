"""The article the project began from, put into the page forms of the two first portals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.records import Article
from archive.text import squeeze
from halong_crawler.demo import Block, DemoArticle, DemoServer, Face, descriptor
from halong_crawler.portal import Portal, load
from halong_crawler.reading import Document, read_document, read_imprint
from tests.places import SAVED

SEED = SAVED / "seed" / "000_c8dc2552fbfd6401.txt"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"the seed article is not at {SEED}")

# A caption and two section headings stand in the seed as ordinary lines; the editor set the
# headings in bold.
HEADINGS = ("Các công trình trọng điểm đang tập trung hoàn thành đúng tiến độ",)


@dataclass(frozen=True)
class Seed:
    title: str
    lead: str
    paragraphs: list[str]
    byline: str
    footer: list[str]


def read_seed() -> Seed:
    text = SEED.read_text("utf-8")
    article, _, rest = text.partition("\nThời tiết\n")
    title, lead, *paragraphs = [p for p in article.split("\n\n") if p.strip()]
    byline = paragraphs.pop()
    _, _, footer = rest.partition("Đang online")
    foot = [part for part in footer.split("\n\n") if part.strip()][1:]
    return Seed(title, lead, paragraphs, byline, foot)


def as_demo_article(seed: Seed, article_id: str) -> DemoArticle:
    blocks = tuple(
        Block("h" if squeeze(text) in HEADINGS else "p", text) for text in seed.paragraphs
    )
    return DemoArticle(
        id=article_id, title=seed.title, lead=seed.lead, category="Chính trị - Xây dựng Đảng",
        blocks=blocks, byline=seed.byline,
    )  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


def read_in(face: Face, article_id: str, folder: Path) -> tuple[Article, Document, Portal]:
    path = folder / f"{face.name}.toml"
    path.write_text(descriptor(face), "utf-8")
    portal = load(path)
    seed = read_seed()
    html = face.render(as_demo_article(seed, article_id), footer=seed.footer)
    document = Document.parse(html, face.url_of(article_id))
    article = read_document(document, portal=portal, captured_at=datetime.now(UTC))
    assert isinstance(article, Article), article
    return article, document, portal


@pytest.mark.parametrize("form", ["halong", "sharepoint"])
def test_the_seed_is_read_right(form: str, server: DemoServer, tmp_path: Path) -> None:
    face: Face = getattr(server, form)
    seed = read_seed()
    article, document, _ = read_in(face, next(iter(face.articles)), tmp_path)
    assert article.title == squeeze(seed.title)
    assert article.lead == squeeze(seed.lead)
    assert article.body.split("\n\n") == [squeeze(text) for text in seed.paragraphs]
    for heading in HEADINGS:
        assert f">{heading}</h3>" in article.body_html.replace("<strong>", "").replace(
            "</strong>", ""
        )
    assert [(a.name, a.role) for a in article.authors] == [("Hồng Hạnh", "writer")]
    assert article.byline == "Hồng Hạnh"
    assert article.published is None
    for foreign in (
        "Thời tiết",
        "Thống kê",
        "Đang online",
        "Giấy phép",
        "Trang chủ",
        "Tin tức khác",
    ):
        assert foreign not in article.body

    imprint = read_imprint(document)
    assert imprint is not None
    assert imprint.owner == "UBND Thành phố Hạ Long"
    assert imprint.operator == "Trung tâm Truyền thông và Văn hóa Thành phố Hạ Long"
    assert (imprint.licence_number, imprint.licence_date) == ("100/GP-STTT", "2024-08-09")
    assert imprint.addresses == (
        "Số 2 phố Bến Đoan, Phường Hồng Gai, Thành phố Hạ Long, Tỉnh Quảng Ninh",
        "Số 369, đường Trần Quốc Nghiễn, Phường Hồng Gai, Thành phố Hạ Long, Tỉnh Quảng Ninh",
    )
    assert imprint.phones == ("02033.825.408", "02033.611.791")
    assert imprint.faxes == ("0203.361.1792",)
    assert imprint.emails == ("ubndhl@quangninh.gov.vn", "ttttvvh.hl@quangninh.gov.vn")
