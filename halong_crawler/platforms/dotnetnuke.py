"""DotNetNuke (DNN): Thừa Thiên Huế, Thủ Dầu Một, Công an Quảng Nam, agricultural centres.

Pages are tabs, their parts modules, and every element of a module bears the module's number
(``dnn_ctr598_ViewNews_lblTitle``). News are read from EasyDNNnews and from the control names that
Vietnamese news modules share; uploads lie under ``/Portals/<n>/``.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import (
    ASP_NET,
    ArticleUrl,
    Platform,
    Refusal,
    Turn,
    marks,
    patterns,
)

_IDS = r"articleid|itemid|newsid|idtin|entryid"
# The HTML module holds standing text, in a control of the same name as the news modules' body.
_NOT_HTML = ":not([id*='HtmlModule'])"

DOTNETNUKE = Platform(
    name="dotnetnuke",
    marks=marks(
        r"""<meta [^>]*content=["']DotNetNuke\b""",
        r"""id=["']?dnn_ctr\d+_""",
        r"""<script [^>]*/js/dnncore\.js""",
        r"""name=["']__dnnVariable["']""",
    ),
    article_urls=(
        # /…/tabid/90/articleType/ArticleView/articleId/6/<slug>.aspx, /tin-tuc/articleid/20719/…
        ArticleUrl(patterns(rf"^[^?]*/(?:{_IDS})/(?P<id>\d+)(?:[/?]|$)")[0], params=()),
        ArticleUrl(
            patterns(rf"\?(?:.*&)?(?:{_IDS})=(?P<id>\d+)(?:&|$)")[0],
            params=("tabid", "ctl", "mid", *_IDS.split("|")),
        ),
    ),
    listing_urls=patterns(r"/(?:category|tag|cid)/\d+", r"^[^?]*/default\.aspx\?tabid=\d+$"),
    selectors={
        "title": (
            ".eds_articleDetails .edn_articleTitle",
            "[id^=dnn_ctr][id*=News][id$=lblTitle]",
            "[id^=dnn_ctr] .articleTitle",
        ),
        "lead": (
            ".eds_articleDetails > .edn_articleSummary",
            "[id^=dnn_ctr][id*=News][id$=lblBrief]",
            "[id^=dnn_ctr][id*=News][id$=lblSummary]",
        ),
        "body": (
            ".eds_articleDetails .edn_articleContent",
            f"[id^=dnn_ctr][id$=lblContent]{_NOT_HTML}",
            f"[id^=dnn_ctr][id$=lblArticle]{_NOT_HTML}",
        ),
        "byline": ("[id^=dnn_ctr][id$=lblAuthor]",),
        "date": (
            # its datetime attribute is midnight; the printed one has the hour
            ".eds_articleDetails .edNews_publishDate",
            "[id^=dnn_ctr][id*=News][id$=lblDate]",
            "[id^=dnn_ctr][id*=News][id$=lblPublishDate]",
        ),
        "category": (".edn_categories a", ".ContentPane [id$=_dnnTITLE_lblTitle]"),
        "tags": (".edn_articleTags a",),
        "attachments": (".edNews_documents a",),
        "cut": (
            ".edn_relatedArticles",
            ".edNews_documents",
            ".edn_socialButtons",
            ".article_rating",
            ".edn_metaDetails",
        ),
        "listing": (".eds_subCollection_news .in_list", "[id$=pnlListArticles] .article"),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"language|portalid|skinsrc|containersrc")),
    first_page=common.FIRST_PAGE,
    lower_path=True,
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"[?&/]ctl[=/](?:login|register|terms|privacy)\b")[0], "portal_state"),
        Refusal(patterns(r"[?&]popup=true\b")[0], "portal_state"),
    ),
    paging=(*common.PAGING, *patterns(r"/(?:page|currentpage)/\d+", r"[?&]currentpage=\d+")),
    # DNN's own PagingControl, where it posts back.
    turns=(Turn(argument="Page_{page}"), *ASP_NET),
)
