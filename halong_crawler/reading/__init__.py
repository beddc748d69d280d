"""Reads an article out of a page. Pure functions: no Scrapy, no network, no database."""

from halong_crawler.reading.decode import Encoding
from halong_crawler.reading.document import Document
from halong_crawler.reading.door import read_page
from halong_crawler.reading.imprint import read_imprint
from halong_crawler.reading.listed import listed_dates
from halong_crawler.reading.read import PARSER_VERSION, read, read_document, version_for
from halong_crawler.reading.same_text import words_digest
from halong_crawler.reading.verdict import NotAnArticle

__all__ = [
    "PARSER_VERSION",
    "Document",
    "Encoding",
    "NotAnArticle",
    "listed_dates",
    "read",
    "read_document",
    "read_imprint",
    "read_page",
    "version_for",
    "words_digest",
]
