"""The city of Hạ Long's own product: halongcity.gov.vn and the sites of its wards.

URLs are known from eight articles of 2021 to 2025. No HTML of an article was ever seen, so the
selectors are candidates: the class names such products use, the surest guess first.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, marks, patterns

HALONG_CMS = Platform(
    name="halong_cms",
    marks=marks(r"""-p\d+n\d+\.html["'?]""", r"/ckfinder/userfiles/images/\d{4}/"),
    # Editors rename slugs and cut them, so only the number counts; p13 is the news module in all
    # that were seen.
    article_urls=(ArticleUrl(patterns(r"-p\d+n(?P<id>\d+)\.html(?:\?|$)")[0], params=()),),
    selectors={
        "title": ("h1.title-detail", ".detail-news h1", "h1.title", "h1"),
        "lead": ("div.sapo", ".detail-news .sapo", "p.sapo", "h2.sapo"),
        "body": (
            "div.content-detail",
            ".detail-news .content",
            "div.detail-content",
            "div.news-detail",
            "div.detail-news",
        ),
        "byline": (".content-detail .author", ".detail-news .author", "p.author"),
        "date": (
            ".detail-news .date",
            ".detail-news .time",
            ".date-detail",
            ".detail-news time@datetime",
        ),
        "category": ("div.breadcrumb a", "ul.breadcrumb li a", "ol.breadcrumb li a"),
        "tags": (".detail-news .tags", "div.tags"),
        "source": (".detail-news .source", "p.source"),
        "attachments": (".content-detail a[href]", ".detail-news .file-dinh-kem a[href]"),
        # "Tin tức khác", and the widgets that change at every request
        "cut": (
            ".tin-khac",
            ".tin-lien-quan",
            ".other-news",
            ".related-news",
            ".breadcrumb",
            ".social",
            ".share",
            ".tags",
            ".thong-ke-truy-cap",
        ),
        "listing": (".item-news",),
    },
    # CKFinder files an upload under its month
    upload_paths=patterns(
        r"/ckfinder/userfiles/images/(?P<year>20\d{2})/(?P<month>0?[1-9]|1[0-2])/"
    ),
    drop_params=common.DROP_PARAMS,
    first_page=common.FIRST_PAGE,
    twins=common.TWINS,
    refuse=common.REFUSE,
    paging=common.PAGING,
)
