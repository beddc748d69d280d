"""Joomla 1.5 to 5: industrial zones, associations, hospitals.

The markup is that of ``com_content`` in the core templates (Protostar, Cassiopeia); the last rows
are those of Joomla 1.5 and 2.5. Aliases drop accented letters, so only the number counts.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, marks, patterns

JOOMLA = Platform(
    name="joomla",
    varied=True,
    marks=marks(
        r"""<meta [^>]*content=["']Joomla!""",
        r"""class=["']joomla-script-options\b""",
    ),
    article_urls=(
        ArticleUrl(
            patterns(
                r"\?(?=.*\boption=com_content(?:&|$))(?=.*\bview=article(?:&|$))"
                r"(?:.*&)?id=(?P<id>\d+)"
            )[0],
            params=("option", "view", "id"),
        ),
        # /index.php/<menu>/<id>-<alias>, /<menu>/<catid>-<cat>/<id>-<alias>.html
        ArticleUrl(patterns(r"/(?P<id>\d+)-[^/?]+?(?:\.html?)?/?(?:\?|$)")[0], params=()),
    ),
    listing_urls=patterns(r"\?(?=.*\bview=(?:category|featured|section)(?:&|$))"),
    selectors={
        "title": (
            ".item-page [itemprop=headline]",
            ".item-page .page-header h2",
            ".item-page .page-header h1",
            ".contentheading",
        ),
        "body": (
            ".item-page [itemprop=articleBody]",
            ".com-content-article__body",
            ".article-content",
        ),
        "byline": (".item-page .createdby", ".createby"),
        "date": (
            ".article-info .published time@datetime",
            ".article-info .create time@datetime",
            ".article-info .published",
            ".createdate",
        ),
        "updated": (".article-info .modified time@datetime", ".modifydate"),
        "category": (".mod-breadcrumbs a.pathway", ".article-info .category-name a"),
        "tags": (".item-page ul.tags a",),
        "cut": (
            ".article-info",
            ".icons",
            "ul.tags",
            ".pagenav",
            ".pagenavigation",
            ".buttonheading",
            ".content_rating",
        ),
        "listing": (".blog .items-row .item", ".com-content-category-blog__item", ".category-list"),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"catid|itemid|lang|layout")),
    first_page=(*common.FIRST_PAGE, *patterns(r"limitstart=0")),
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"[?&]option=com_(?:mailto|users?|search|finder)\b")[0], "portal_state"),
        Refusal(patterns(r"/component/(?:mailto|users?|search|finder)\b")[0], "portal_state"),
    ),
    paging=(*common.PAGING, *patterns(r"[?&]limitstart=\d+")),
)
