"""NukeViet 3 and 4: Đồng Nai, Bình Phước, Quảng Trị, Cần Thơ, schools under moet.

The markup is that of the default themes (4.5: ``themes/default/modules/news/detail.tpl``; 3.4:
``#news_detail``), which nearly all portals keep and only colour anew.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, Twin, marks, patterns

# Modules whose pages end in a number too and are no news: documents, files, albums, accounts.
_OTHER_MODULES = r"(?!(?:laws|archives|download|photos|videoclips|users|contact|faq|shops|seek)/)"
_ARTICLE = rf"^/(?:\w\w/)?{_OTHER_MODULES}[\w-]+/(?!page-)[\w-]+/"
_TWIN = r"^((?:/\w\w)?/[\w-]+)(?:/{})+(?=/[^?]+-\d+(?:\.html|/))"

NUKEVIET = Platform(
    name="nukeviet",
    marks=marks(
        r"""<meta [^>]*content=["']NukeViet\b""",
        r"nv_base_siteurl\s*=",
        r"nv_siteroot\s*=",
        r"nv_name_variable\s*=",
    ),
    article_urls=(
        # /vi/news/<cat>/<slug>-<id>.html; one language: /news/…; renamed modules: /tin-tuc/…
        ArticleUrl(patterns(_ARTICLE + r"[^/?]+-(?P<id>\d+)\.html(?:\?|$)")[0], params=()),
        # NukeViet 3 ends in a slash
        ArticleUrl(patterns(_ARTICLE + r"(?!page-)[^/?]+-(?P<id>\d+)/(?:\?|$)")[0], params=()),
        # rewriting off: /index.php?language=vi&nv=news&op=<cat>/<slug>-<id>
        ArticleUrl(
            patterns(r"\?(?:.*&)?op=[^&]+/[^&]+-(?P<id>\d+)(?:&|$)")[0],
            params=("language", "nv", "op"),
        ),
    ),
    listing_urls=patterns(
        r"^/(?:\w\w/)?(?:news|tin-tuc|tin-bai)(?:/[a-z-]+)?/?$",
        r"^/(?:\w\w/)?[\w-]+/(?:[\w-]+/)?page-\d+/?$",
        r"^/(?:\w\w/)?[\w-]+/(?:tag|topic|groups|author)/",
    ),
    selectors={
        "title": ("h1.title[itemprop=headline]", "#news_detail h1", ".news_column h1.title"),
        "lead": (".hometext[itemprop=description]", "#hometext", ".hometext"),
        "body": ("#news-bodyhtml", "#bodytext", ".bodytext"),
        "byline": (
            "p.h5.text-right@text~^Tác giả.+",
            "#news_detail > p@text~^Tác giả.+",
        ),
        "date": (".news_column .row span.h5", "#news_detail span.time"),
        "category": (".temp-breadcrumbs [itemprop=name]", ".breadcrumbs a", ".breakcrumb a"),
        "tags": (".news_column .fa-tags ~ a", "#news_detail .keywords a"),
        "source": (
            r"p.h5.text-right@text~^Nguồn(?: tin)?\s*:\s*(.+)",
            r"#news_detail > p@text~^Nguồn(?: tin)?\s*:\s*(.+)",
        ),
        "attachments": (".news-download-file a[download]",),
        "cut": (".other-news", ".news-download-file", ".news-detail-player", "#idcomment"),
        "listing": (
            ".news_column .panel-body > h3 > a",
            ".news_column .featured h2 > a",
            ".news_column > h3 > a",
        ),
    },
    drop_params=common.DROP_PARAMS,
    first_page=common.FIRST_PAGE,
    twins=(
        Twin(patterns(_TWIN.format("print"))[0], r"\1", "print"),
        # savefile answers as an attachment and names itself as canonical
        Twin(patterns(_TWIN.format("savefile"))[0], r"\1", "download"),
        Twin(patterns(_TWIN.format("sendmail"))[0], r"\1", "alias"),
        *common.TWINS,
    ),
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"^/(?:\w\w/)?(?:users|seek|comment)(?:/|$)")[0], "portal_state"),
        Refusal(patterns(r"[?&]nv=(?:users|seek|comment)\b")[0], "portal_state"),
    ),
    paging=common.PAGING,
)
