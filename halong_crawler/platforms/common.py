"""Rows that hold on every platform: what the web at large puts into URLs.

The platforms' tables take these rows up by name; nothing here applies by itself.
"""

from __future__ import annotations

from halong_crawler.platforms.base import ASP_NET, Refusal, Turn, Twin, patterns

DROP_PARAMS = patterns(
    # Campaign and click marks of the large networks.
    r"utm_\w+",
    r"(?:fb|g|d|y|ms)clid|_ga|_gl|zarsrc|mc_[ce]id",
    # Sessions and per-visit states; the last two are Oracle WebCenter's, as on
    # tienphuoc.quangnam.gov.vn.
    r"j?session_?id|phpsessid|sid|aspsessionid\w*|cfid|cftoken",
    r"_adf\.ctrl-state|_afr\w+",
    # Where to go back to: of no account for the page, and it nests without end.
    r"redirect|inheritredirect|return_?url|back_?url|_?referr?er",
)

FIRST_PAGE = patterns(r"(?:page|trang|paged|pageindex|pageno)=[01]", r"start=0")

PAGING = patterns(
    r"[?&](?:page|trang|paged|pageindex|pageno|p|start)=\d+",
    r"/page[-/]\d+/?(?:\?|$)",  # NukeViet /vi/news/<cat>/page-N/, WordPress /page/N
    r"/trang-\d+(?:\.html)?/?(?:\?|$)",  # tnmttuyenquang.gov.vn
)

SHAREPOINT_TURNS = (
    # The data view of a list sends the row it begins with; its arrows are SharePoint's own images.
    Turn(next="a[href*='dvt_firstrow'] img[src*='next' i]"),
    *ASP_NET,
)

TWINS = (
    # Servlet containers write the session into the path for visitors without cookies.
    Twin(patterns(r";jsessionid=[^/?;]*")[0], "", "alias"),
    # ASP.NET does so as well: /(S(lit3py55t21z5v55vlm25s55))/…, with A(…) and F(…) beside S(…).
    Twin(patterns(r"^/\((?:[asf]\([\w-]*\))+\)(?=/)")[0], "", "alias"),
    # NukeViet: the article, its print page, its download and its send-by-mail form differ by one
    # segment. Seen on xuandong.dongnai.gov.vn (savefile); the module's name differs by portal.
    Twin(patterns(r"^(/\w\w/[\w-]+)(?:/print)+(?=/[^?]+\.html)")[0], r"\1", "print"),
    Twin(patterns(r"^(/\w\w/[\w-]+)(?:/savefile)+(?=/[^?]+\.html)")[0], r"\1", "download"),
    Twin(patterns(r"^(/\w\w/[\w-]+)(?:/sendmail)+(?=/[^?]+\.html)")[0], r"\1", "alias"),
    # Joomla's bare page and the usual switches of other products.
    Twin(patterns(r"(?<=[?&])(?:tmpl=component|print=\w+|view=print)(?:&|$)")[0], "", "print"),
    Twin(patterns(r"(?<=[?&])(?:mobile|amp)=(?:1|true)(?:&|$)")[0], "", "mobile"),
)

REFUSE = (
    Refusal(
        patterns(
            r"/(?:dang-nhap|dang-xuat|login|logout|signin|signout|wp-login)"
            r"(?:\.(?:html?|aspx|php|jsp))?/?(?:\?|$)"
        )[0],
        "portal_state",
    ),
    # sotttt.hanoi.gov.vn: a language link relative to the article's path answers 200 with the
    # section's list and links on, /en/vi/en/vi…: 84 % of one mirror.
    Refusal(patterns(r"^[^?]*\.html?/(?:en|vi)(?=[/?]|$)")[0], "language_recursion"),
    Refusal(patterns(r"^[^?]*/(?:en|vi)/(?:en|vi)(?=[/?]|$)")[0], "language_recursion"),
)
