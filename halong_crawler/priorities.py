"""Which of the URLs that wait goes first."""

PRIORITIES: dict[str, int] = {
    "seed": 100,
    "sitemap": 90,
    "feed": 80,
    "file": 75,
    "article": 70,
    "listing": 60,
    "page": 20,
    "image": 18,
    "guess": 15,
}
"""Kind of URL → priority; higher goes first. Articles go before the pages that list more, and an
article's files before the next article: a crawl that is cut short holds whole articles. Images
wait for all text that links lead to."""

LOOKED_AT_AGAIN = 10
"""Priority of known pages that are due. They wait while anything above them is on its way, for it
may bring what is new: a crawl that is cut short has that."""

HURRIED = 72
"""Of a listing whose state was lost: its pages are turned before it is lost again."""
