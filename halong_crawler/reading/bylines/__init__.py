"""Bylines: their forms, the names in them, and the words that are no name."""

from halong_crawler.reading.bylines.forms import Byline, credit_in, read_byline
from halong_crawler.reading.bylines.names import is_nobody, is_person

__all__ = ["Byline", "credit_in", "is_nobody", "is_person", "read_byline"]
