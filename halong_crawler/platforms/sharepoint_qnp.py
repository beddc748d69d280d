"""The product "QNP" on SharePoint 2013 or later: www.quangninh.gov.vn and all its sub-sites.

Seen on quangninh.gov.vn (URLs, footer, look-up box) and web01.haiduong.gov.vn (URLs). No HTML of
an article was ever seen: the selectors are candidates.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, marks, patterns

SHAREPOINT_QNP = Platform(
    name="sharepoint_qnp",
    marks=marks(
        r"SP\.QNP/",
        r"qnp-link-identifier\b",
        r"cdn\.quangninh\.gov\.vn/Resources/",
        r"""href=["'](?:/[\w-]+)*/[Tt]rang/[Cc]hi[Tt]iet(?:TinTuc|BVGioiThieu)\.aspx""",
    ),
    # Every sub-site counts from 1, and news (nid) and standing articles (bvid) count apart.
    article_urls=(
        ArticleUrl(
            patterns(r"^(?P<site>[^?]*)/trang/chitiettintuc\.aspx\?(?:[^?]*&)?nid=(?P<id>\d+)")[0],
            params=("nid",),
        ),
        ArticleUrl(
            patterns(r"^(?P<site>[^?]*)/trang/chitietbvgioithieu\.aspx\?(?:.*&)?bvid=(?P<id>\d+)")[
                0
            ],
            prefix="bvid-",
            params=("bvid",),
        ),
    ),
    listing_urls=patterns(
        r"/trang/(?:tin-tuc-su-kien|danhsachbaivietgioithieu|van-ban-chi-dao)\.aspx",
        r"/trang/(?:danh-sach-van-ban-phap-quy|van-ban-khac|van-ban-khieu-nai-to-cao)\.aspx",
        r"/trang/(?:tai-lieu-tra-cuu|vanbancu|vanban2016|default|so-do)\.aspx",
    ),
    selectors={
        "title": (".chitiet-title", ".title-detail", ".news-title", "#content h1", "h1"),
        "lead": (".sapo", ".news-sapo", ".trich-dan"),
        # ms-rtestate-field: the class SharePoint itself gives to a publishing page's rich text
        "body": (".noidung-chitiet", ".content-detail", ".news-content", ".ms-rtestate-field"),
        "date": (".ngay-dang", ".date-detail", ".news-date", ".date"),
        "category": (".breadcrumb a", "[id$=SiteMapPath] a"),
        "attachments": ("a[href*='/Attachments/']",),
        "cut": (".tin-khac", ".tin-lien-quan", ".other-news", ".related-news", ".social"),
        "listing": (".item-tin",),
    },
    # title= repeats the slug (haiduong); Source, IsDlg and ReturnUrl are SharePoint's own.
    drop_params=(*common.DROP_PARAMS, *patterns(r"title|source|isdlg|renditionid")),
    first_page=common.FIRST_PAGE,
    lower_path=True,
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        # Login, administration and web services of SharePoint.
        Refusal(patterns(r"/_(?:layouts|vti_bin|catalogs|forms|login)/")[0], "portal_state"),
        # The search form: any word makes a new page, and its author was blocked for haste.
        Refusal(patterns(r"/trang/searchqnp\.aspx")[0], "portal_state"),
    ),
    paging=common.PAGING,
    turns=common.SHAREPOINT_TURNS,
)
