"""Every article of the demo portals, read from its page, against the portal's own truth."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.records import Article
from archive.text import squeeze
from halong_crawler.demo import DemoArticle, DemoServer, Face, descriptor
from halong_crawler.portal import load
from halong_crawler.reading import read

with DemoServer() as _server:
    IDS = [
        (face.name, key) for face in (_server.halong, _server.sharepoint) for key in face.articles
    ]


@pytest.fixture(scope="module")
def faces() -> Iterator[dict[str, Face]]:
    with DemoServer() as server:
        yield {face.name: face for face in (server.halong, server.sharepoint)}


@pytest.mark.parametrize(("portal_name", "key"), IDS)
def test_a_demo_article_is_read_as_it_was_written(
    portal_name: str, key: str, faces: dict[str, Face], tmp_path: Path
) -> None:
    face = faces[portal_name]
    truth = face.articles[key]
    path = tmp_path / f"{portal_name}.toml"
    path.write_text(descriptor(face), "utf-8")
    url = face.url_of(key)
    with urllib.request.urlopen(url) as answer:
        html = answer.read()
    article = read(html, url, portal=load(path), captured_at=datetime.now(UTC))
    assert isinstance(article, Article), article
    assert article.source_id == key
    assert article.title == squeeze(truth.title)
    assert (article.lead or "") == squeeze(truth.lead)
    assert [(a.name, a.role) for a in article.authors] == list(truth.authors)
    assert article.source == truth.source
    assert stated_day(article) == truth.published_at
    assert article.category[-1] == truth.category
    assert lines_of(article) == [squeeze(line) for line in truth_lines(truth)]
    assert [(i.caption, i.credit) for i in article.images] == [
        (squeeze(b.text), b.credit) for b in truth.images
    ]
    assert article.tags == truth.tags
    assert len(article.attachments) == len(truth.attachments)
    if truth.source is None:
        assert article.byline == (squeeze(truth.byline) if truth.byline else None)


def stated_day(article: Article) -> str | None:
    """What the page states; the month of an image's upload only bounds it."""
    published = article.published
    if published is None or published.precision != "month":
        return published.at if published is not None else None
    months = {"-".join(i.url.split("/images/")[1].split("/")[:2]) for i in article.images}
    assert published.at == max(months)
    return None


def lines_of(article: Article) -> list[str]:
    """The body's lines; the cells of a data table's row stand on one line, parted by bars."""
    lines = [line for part in article.body.split("\n\n") for line in part.split("\n")]
    return [cell for line in lines for cell in line.split(" | ")]


def truth_lines(truth: DemoArticle) -> list[str]:
    return [line for block in truth.blocks for line in block.lines()]
