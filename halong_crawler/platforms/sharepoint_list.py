"""News kept in SharePoint lists: districts of Thái Bình (``View_Detail.aspx``), ministries.

Known from one article's text (donghung.thaibinh.gov.vn) and from the selectors of a public crawler
of 25 ministries (``#divArticleDescription…``). No HTML of a ``View_Detail`` page was ever seen: its
rows are candidates, made from how SharePoint shows an item in a form. Web parts' own ids
(``ctl00_ctl30_g_…``) change when an editor moves a part, so none is used.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, marks, patterns

_ROWS = "table.ms-formtable > tbody > tr"

SHAREPOINT_LIST = Platform(
    name="sharepoint_list",
    marks=marks(
        # A link to another portal says nothing: only one relative to this page's own folder.
        r"""href=["']?View_Detail\.aspx\?ItemID=\d""",
        r"""action=["']?View_Detail\.aspx\?ItemID=\d""",
        r"""id=["']?divArticleDescription\d?\b""",
    ),
    # Each list counts from 1.
    article_urls=(
        ArticleUrl(
            patterns(r"^(?P<site>[^?]*)/view_detail\.aspx\?(?:.*&)?itemid=(?P<id>\d+)")[0],
            params=("itemid",),
        ),
    ),
    listing_urls=patterns(r"/lists/[^/?]+/(?:view|allitems)\.aspx"),
    selectors={
        "title": ("#divArticleDescription3 h1", f"{_ROWS}:first-child > td.ms-formbody"),
        "lead": ("#divArticleDescription1", f"{_ROWS}:nth-child(2) > td.ms-formbody strong"),
        "body": (
            "#divArticleDescription2",
            "#divArticleContent",
            f"{_ROWS} > td.ms-formbody [class^=ExternalClass]",
        ),
        "date": ("[id$=_pnHide] span", rf"{_ROWS}:last-child > td@text~\(\s*Ngày .+\)"),
        "source": ("[id$=_pnNguontin] p font",),
        "attachments": ("#idAttachmentsTable a", "a[href*='/Attachments/']"),
        "listing": ("table.ms-listviewtable .ms-itmhover",),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"source|isdlg|contenttypeid|rootfolder")),
    first_page=common.FIRST_PAGE,
    lower_path=True,
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"/_(?:layouts|vti_bin|catalogs|forms|login)/")[0], "portal_state"),
        Refusal(patterns(r"/(?:dispform|editform|newform)\.aspx")[0], "portal_state"),
    ),
    paging=common.PAGING,
    turns=common.SHAREPOINT_TURNS,
)
