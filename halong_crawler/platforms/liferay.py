"""Liferay 6.x and 7: Hà Nội, Bắc Giang, Đà Nẵng, Bắc Ninh and ministries.

URLs and the DOM were seen on a mirror of sotttt.hanoi.gov.vn (27 August 2022, Liferay 6.2); other
sites' forms are named at their rows.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, marks, patterns

LIFERAY = Platform(
    name="liferay",
    marks=marks(
        r"Liferay\.(?:ThemeDisplay|Browser|AUI|Portlet|currentURL)",
        r"var Liferay\s*=",
        r"portlet-boundary_\w+",
        r"p_p_id=\w+",
    ),
    article_urls=tuple(
        ArticleUrl(pattern, params=())
        for pattern in patterns(
            r"/-/view_content/(?P<id>\d+)(?:-[^/?]*)?(?:\?|$)",  # hanoi
            r"/-/asset_publisher/\w+/content/id/(?P<id>\d+)(?:[/?]|$)",
            # bacgiang; a group's number may follow the slug
            r"/-/asset_publisher/\w+/content/(?P<id>[^/?]+)(?:/\d+)?/?(?:\?|$)",
            r"/-/news/(?P<id>\d+)/[^/?]+\.html(?:\?|$)",  # quanba.hagiang
            r"/-/details/(?P<site>\d+)/[^/?]*-(?P<id>\d+)(?:\?|$)",  # svhttdl.bacninh
        )
    ),
    selectors={
        # 6.2; then 7's default display, where the back arrow stands inside the heading
        "title": (
            ".asset-full-content-title",
            "h1.header-title",
            ".asset-full-content .component-title",
        ),
        "lead": (".sapo-wrapper .sapo", "p.sapo", ".asset-content .sapo"),
        # Sidebars hold journal articles too: the one inside the asset's own element goes first.
        "body": (".asset-content .journal-content-article", ".journal-content-article"),
        "byline": ("p.view-content-author",),
        "date": (
            ".asset-full-content-title ~ .assetPublishDate",
            ".assetPublishDate.block_timer",
            ".asset-full-content .date-info",
            ".asset-full-content .metadata-publish-date",
        ),
        "category": (".dd_chuyenmuc .tintuc a", ".dd_chuyenmuc .tintuc", ".breadcrumb-link"),
        "tags": (".asset-full-content .asset-tags a",),
        "source_id": (r".asset-content[id]@id~^_101_(?:INSTANCE_\w+_)?(\d+)$",),
        "attachments": (
            ".asset-content .journal-content-article a[href]",
            ".journal-content-article a[href]",
        ),
        "cut": (
            ".sapo-wrapper",
            ".view-content-author",
            ".asset-control-detail",
            ".related_asset",
            ".asset-metadata",
            ".taglib-social-bookmarks",
            ".author-date-info",
            ".asset-tags",
        ),
        "listing": (".portlet-asset-publisher .asset-abstract",),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"_\w*_(?:redirect|backurl)")),
    # Portlets write their whole state into the URL. What tells two pages apart is the page number
    # of a list, the asset shown, and what is no portlet's at all.
    keep_params=patterns(
        r"(?:_\w+_)?cur", r"_\w+_(?:articleid|assetentryid|urltitle)", r"(?!_|p_).+"
    ),
    first_page=(*common.FIRST_PAGE, *patterns(r"(?:_\w+_)?cur=[01]")),
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        # pop_up and exclusive serve the page again without its frame (polls, print); lifecycle 1
        # and 2 are actions and resources, no pages.
        Refusal(patterns(r"[?&]p_p_state=(?:pop_up|exclusive)\b")[0], "portal_state"),
        Refusal(patterns(r"[?&]p_p_lifecycle=[12]\b")[0], "portal_state"),
        Refusal(patterns(r"[?&]p_p_id=58\b")[0], "portal_state"),  # the login portlet
        Refusal(patterns(r"^/c/portal/")[0], "portal_state"),
        # The print page of the VCMS portlet names no page of its own (hanoi, about 2013).
        Refusal(patterns(r"/print_article\.jsp\b")[0], "portal_state"),
        # 33 paths of the mirror, all empty: a link relative to an article's path.
        Refusal(patterns(r"^[^?]*/view_content/[^?]*/view_content/")[0], "repeated_segments"),
    ),
    paging=(*common.PAGING, *patterns(r"[?&](?:_\w+_)?cur=\d+")),
)
