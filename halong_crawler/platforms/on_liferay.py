"""Products that run inside Liferay and build the article with a portlet of their own.

They share Liferay's addresses and states (:mod:`halong_crawler.platforms.liferay`), and their pages
bear Liferay's marks as well: in the order of detection they stand before it.
"""

from __future__ import annotations

from dataclasses import replace

from halong_crawler.platforms.base import ArticleUrl, marks, patterns
from halong_crawler.platforms.liferay import LIFERAY

# Vietsoftware's VCMS, in use at hanoi.gov.vn about 2013. Classes wd-… from the public code of
# eGov_Portal; title01, time and hot-line from an older view of the same portlet.
VCMS = replace(
    LIFERAY,
    name="vcms",
    marks=marks(r"/VCMS-portlet/", r"portlet-boundary_vcms\w*_WAR_\w+"),
    article_urls=(
        ArticleUrl(
            patterns(r"/-/vcmsviewcontent/\w+(?:/\d+)*/(?P<id>\d+)/?(?:\?|$)")[0], params=()
        ),
        *LIFERAY.article_urls,
    ),
    selectors={
        "title": (".wd-detail-news h3.wd-tlh3-4", "p.title01"),
        "lead": (".wd-detail-news .wd-news-lead", "b.hot-line"),
        "body": (".wd-news-content", "table.chanel-news"),
        "byline": ("p.wd-actor",),
        "date": (".wd-detail-news p.wd-date", ".chanel-news span.time"),
        "category": (".wd-breadcrumb a", "p.bread-crum a"),
        "attachments": (".wd-news-content a[href]",),
        "cut": (".wd-tools", ".wd-other-news", ".wd-actor"),
        "listing": ("h3.wd-tlh3-4 a",),
    },
)

# VNPT's ePortal, seen at cmsc.gov.vn: the portlets' names and the paging (_delta, _cur). No HTML of
# an article was ever seen: the selectors are candidates.
VNPT_PORTAL = replace(
    LIFERAY,
    name="vnpt_portal",
    marks=marks(r"_WAR_vnpteportal\w+", r"/vnpteportal-theme/"),
    article_urls=(
        ArticleUrl(patterns(r"/-/view(?:-detail)?/(?P<id>\d+)(?:/[^/?]*)?(?:\?|$)")[0], params=()),
        *LIFERAY.article_urls,
    ),
    selectors={
        "title": (".vnpt-news-title", ".news-detail-title"),
        "lead": (".vnpt-news-sapo", ".news-detail-sapo"),
        "body": (".vnpt-news-content", ".news-detail-content"),
        "byline": (".vnpt-news-author",),
        "date": (".vnpt-news-date", ".news-detail-date"),
        "category": (".vnpt-breadcrumb a",),
        "source": (r".vnpt-news-source@text~^Nguồn(?: tin)?\s*:\s*(.+)",),
        "attachments": (".vnpt-news-content a[href]",),
        "cut": (".vnpt-tools", ".vnpt-other", ".vnpt-news-info"),
        "listing": (".vnpt-news-list .vnpt-news-item",),
    },
)
