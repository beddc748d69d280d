"""What a page says of itself in its own data: JSON-LD, meta tags, rel=tag."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from archive.records import Article
from halong_crawler.reading import read
from tests.reading.test_generic import LEAD, PARAGRAPHS, PORTAL, TITLE, page, paragraphs

URL = "http://namo.gov.vn/mot-bai-viet"
NOW = datetime(2025, 10, 1, tzinfo=UTC)


def read_with(body: str = "", **linked: Any) -> Article:
    data = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", **linked}]}
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>" if linked else ""
    html = page(f"<div class='x'>{paragraphs()}{body}</div>", title="Trang chủ", head=head)
    article = read(html, URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article), article
    return article


def test_json_ld_fills_what_the_page_does_not_show() -> None:
    article = read_with(
        headline=TITLE,
        datePublished="2025-09-15T09:40:00Z",
        dateModified="2025-09-16T08:00:00+07:00",
        articleSection="Đời sống",
        author={"@type": "Person", "name": "Hoàng Thị Mận"},
    )
    assert (article.title, article.evidence["title"]) == (TITLE, "json-ld:headline")
    assert article.published is not None
    assert article.published.at == "2025-09-15T16:40:00+07:00"
    assert article.updated_at == "2025-09-16T08:00:00+07:00"
    assert article.category == ("Đời sống",)
    assert [author.name for author in article.authors] == ["Hoàng Thị Mận"]
    assert article.body.split("\n\n") == list(PARAGRAPHS)


def test_a_publisher_is_no_author() -> None:
    organisation = {"@type": "Organization", "name": "Báo Vùng Mỏ"}
    assert read_with(headline=TITLE, author=organisation).authors == ()
    # Publishers say Person of themselves, too.
    assert read_with(headline=TITLE, author={"@type": "Person", "name": "VnExpress"}).authors == ()
    assert read_with(headline=TITLE, author={"@type": "Person", "name": "admin"}).authors == ()


def test_a_date_after_the_capture_is_none() -> None:
    assert read_with(headline=TITLE, datePublished="2031-01-01T00:00:00Z").published is None


def test_tags_and_attachments_are_read_from_the_article_only() -> None:
    body = (
        "<a rel='tag' href='/tag/cau'>cầu dân sinh</a> <a rel='tag' href='/tag/x'>#Nà Mò</a>"
        "<p><a href='/tep/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%2012.pdf'>Tải về</a></p>"
        "<div class='footer'><a href='/tep/chung.pdf'>Biểu mẫu chung</a></div>"
    )
    article = read_with(body, headline=TITLE)
    assert article.tags == ("cầu dân sinh", "Nà Mò")
    assert [link.filename for link in article.attachments] == ["Quyết định 12.pdf"]
    assert article.body.split("\n\n") == list(PARAGRAPHS)


def test_a_broken_script_says_nothing_and_breaks_nothing() -> None:
    head = (
        '<script type=\'application/ld+json\'>{"@type": "NewsArticle", </script>'
        f"<meta property='og:type' content='article'><meta property='og:title' content='{TITLE}'>"
        f"<meta property='og:description' content='{LEAD}'>"
    )
    html = page(f"<div class='x'><p>{LEAD}</p>{paragraphs()}</div>", title="Tin tức", head=head)
    article = read(html, URL, portal=PORTAL, captured_at=NOW)
    assert isinstance(article, Article)
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert article.body.split("\n\n") == list(PARAGRAPHS)
