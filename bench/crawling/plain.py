"""Plain Scrapy, as its tutorial has it: a LinkExtractor, ten selectors and a row in SQLite.

``python -m bench.crawling.plain HOST DATABASE``
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import sqlite_utils
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor

SETTINGS = {
    "LOG_LEVEL": "INFO",
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
}


class PlainSpider(Spider):
    """Follows every link of the host and keeps what has a title."""

    name = "plain"

    def __init__(self, host: str, database: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [f"http://{host}/"]
        self.extractor = LinkExtractor()
        self.articles: Any = sqlite_utils.Database(database)["articles"]

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        """Ten selectors, one row, and the links."""
        title = response.css("h1.title-detail::text").get()
        row = {
            "url": response.url,
            "title": title,
            "lead": response.css("div.sapo::text").get(),
            "date": response.css(".detail-news .date::text").get(),
            "body": "\n".join(response.css("div.content-detail p ::text").getall()),
            "html": response.css("div.content-detail").get(),
            "author": response.xpath("//p[contains(@style, 'right')]/b/text()").get(),
            "category": response.css("div.breadcrumb a:last-child::text").get(),
            "images": "\n".join(response.css("div.content-detail img::attr(src)").getall()),
            "captions": "\n".join(response.css("div.content-detail em::text").getall()),
            "page_title": response.css("title::text").get(),
        }
        if title:
            self.articles.insert(row, pk="url", replace=True)
        for link in self.extractor.extract_links(response):
            yield Request(link.url)


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(PlainSpider, host=sys.argv[1], database=sys.argv[2])
    process.start()
