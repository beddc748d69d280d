"""Dates as pages print them, and which of a page's dates is the article's."""

from halong_crawler.reading.dates.moment import Moment, in_bounds
from halong_crawler.reading.dates.parse import (
    Span,
    date_in_url,
    dates_in,
    find_date,
    month_of,
    parse_date,
    stated_date,
)

__all__ = [
    "Moment",
    "Span",
    "date_in_url",
    "dates_in",
    "find_date",
    "in_bounds",
    "month_of",
    "parse_date",
    "stated_date",
]
