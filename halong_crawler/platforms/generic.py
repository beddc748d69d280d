"""Portals whose product is not known: the rules of the web at large, and no selectors.

What such a page holds is left to structured data, the learned template and the heuristics.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, patterns

GENERIC = Platform(
    name="generic",
    article_urls=tuple(
        ArticleUrl(pattern)
        for pattern in patterns(
            # <slug>-<id>.html: NukeViet (dongnai), and many products like it; trang-784.html is
            # a listing's page
            r"/(?!trang-\d|page-\d)(?=[^/?]*[^\W\d])[^/?]*-(?P<id>\d{2,})\.html?(?:\?|$)",
            # /<cat>-<catid>/<slug>-<id>: the communes of Thanh Hóa and Hải Phòng
            r"/(?=[^/?]*[^\W\d])[^/?]*-(?P<id>\d{5,})/?(?:\?|$)",
            # /<id>-<slug>.html: hoinongdan.bacgiang.gov.vn
            r"/(?P<id>\d{3,})-[^/?]+\.html?(?:\?|$)",
            # /portal/pages/YYYY-MM-DD/<slug>-<id>.aspx: the communes of Hà Tĩnh
            r"/pages/\d{4}-\d\d-\d\d/[^/?]*-(?P<id>\d+)\.aspx(?:\?|$)",
            # WebCenter: tienphuoc.quangnam.gov.vn
            r"[?&]ddocname=(?P<id>\w+)",
            # SharePoint list items: donghung.thaibinh.gov.vn
            r"^(?P<site>[^?]*)/view_detail\.aspx\?(?:[^?]*&)?itemid=(?P<id>\d+)",
            # Tuyên Quang: /vi/tin-bai/<slug>?id=130235&type=NEWS
            r"^/vi/tin-bai/[^/?]+\?(?:[^?]*&)?id=(?P<id>\d+)",
        )
    ),
    drop_params=common.DROP_PARAMS,
    first_page=common.FIRST_PAGE,
    twins=common.TWINS,
    refuse=common.REFUSE,
    paging=common.PAGING,
)
