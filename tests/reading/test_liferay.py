"""Liferay as its themes build it, beyond what the saved pages show."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.records import Article
from halong_crawler.portal import find
from halong_crawler.reading import NotAnArticle, read
from tests.reading.test_generic import PARAGRAPHS, TITLE, page, paragraphs

URL = "https://sotttt.hanoi.gov.vn/tin-tuc/-/view_content/4418033-khanh-thanh-cau.html"
NOW = datetime(2025, 10, 1, tzinfo=UTC)
ABSTRACTS = "".join(
    f"<div class='asset-abstract'><h3 class='asset-title'>"
    f"<a href='/tin-tuc/-/view_content/{n}-x.html'>"
    f"Tin số {n} của sở</a></h3><div class='assetPublishDate'>0{n}/08/2025 | 10:00 AM</div></div>"
    for n in range(1, 8)
)
ARTICLE = (
    f"<div class='asset-full-content-title'>{TITLE}</div>"
    "<div class='assetPublishDate block_timer'>15/09/2025 | 04:40 PM</div>"
    "<div class='asset-content' id='_101_4418033'>"
    f"<div class='journal-content-article'>{paragraphs()}</div></div>"
)


def verdict(inner: str, url: str = URL) -> Article | NotAnArticle:
    html = page(f"<div class='portlet-asset-publisher'>{inner}</div>")
    return read(html, url, portal=find("hanoi_sotttt"), captured_at=NOW)


def test_other_news_below_an_article_do_not_hide_it() -> None:
    article = verdict(ARTICLE + ABSTRACTS)
    assert isinstance(article, Article), article
    assert (article.title, article.source_id) == (TITLE, "4418033")
    assert article.body.split("\n\n") == list(PARAGRAPHS)
    assert article.published is not None
    assert article.published.at == "2025-09-15T16:40:00+07:00"


def test_a_list_under_an_article_address_is_a_list() -> None:
    result = verdict(ABSTRACTS, f"{URL}/en")
    assert isinstance(result, NotAnArticle)
    assert result.reason == "listing"
    result = verdict(ABSTRACTS)
    assert isinstance(result, NotAnArticle)
    assert result.reason == "listing"
