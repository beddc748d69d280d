"""WordPress: Bắc Kạn's districts, associations of Bắc Giang, many schools and cultural houses.

The markup is that of WordPress itself: the block themes (Twenty Twenty-Two and later) and the
classes that classic themes have taken over from its manual (``entry-title``, ``entry-content``).
Who posted is an account, not the author, so there is no byline here.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, Twin, marks, patterns

WORDPRESS = Platform(
    name="wordpress",
    varied=True,
    marks=marks(
        r"""<meta [^>]*content=["']WordPress\b""",
        r"""<link [^>]*href=["']https://api\.w\.org/""",
        r"""<link [^>]*/xmlrpc\.php\?rsd""",
        r"""<script [^>]*src=["'][^"']*/wp-includes/js/""",
    ),
    # The settings' own forms of permalinks. A bare /<slug>/ says nothing and is left to the page.
    article_urls=(
        ArticleUrl(patterns(r"\?(?:.*&)?p=(?P<id>\d+)(?:&|$)")[0], params=("p",)),
        ArticleUrl(patterns(r"^(?:/[\w-]+)?/archives/(?P<id>\d+)/?(?:\?|$)")[0], params=()),
        ArticleUrl(
            patterns(r"/(?:19|20)\d\d/\d\d/(?:\d\d/)?(?!page/|feed/|\d+/?$)(?P<id>[^/?]+)/?$")[0],
            params=(),
        ),
        # %post_id%-%postname%.html: hoinongdan.bacgiang.gov.vn
        ArticleUrl(patterns(r"/(?P<id>\d{2,})-[^/?]+\.html?(?:\?|$)")[0], params=()),
        ArticleUrl(patterns(r"/[^/?]*[^\W\d][^/?]*-(?P<id>\d{2,})\.html?(?:\?|$)")[0], params=()),
    ),
    listing_urls=patterns(
        r"^/(?:category|chuyen-muc|tag|the|author|tac-gia)/", r"/page/\d+/?$", r"^/\?cat=\d+$"
    ),
    selectors={
        "title": ("h1.wp-block-post-title", "h1.entry-title", "h1.post-title"),
        # Excerpts stand in lists of other posts as well: only the one before the content is its.
        "lead": (".wp-block-post-excerpt:has(~ .entry-content) p",),
        "body": (".entry-content", ".wp-block-post-content", ".post-content"),
        "date": (
            "time.entry-date.published@datetime",
            ".wp-block-post-date time@datetime",
            "time.entry-date@datetime",
            ".posted-on",
        ),
        "updated": ("time.updated@datetime",),
        "category": (
            "a[rel='category tag']",
            ".taxonomy-category a",
            ".cat-links a",
        ),
        "tags": (
            ".taxonomy-post_tag a",
            ".tags-links a",
            ".entry-meta a[rel=tag]",
        ),
        "attachments": (".wp-block-file a",),
        "cut": (
            ".sharedaddy",
            ".jp-relatedposts",
            ".blog-share",
            ".addtoany_share_save_container",
            ".yarpp-related",
            ".wp-block-post-terms",
            ".wp-block-comments",
            "#comments",
            ".post-navigation",
        ),
        "listing": (
            "body.archive .entry-title a",
            "body.blog .entry-title a",
            "body.archive .wp-block-post-title a",
        ),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"share|nb|replytocom|like_comment|_wpnonce")),
    first_page=common.FIRST_PAGE,
    twins=(Twin(patterns(r"(?<=[^/])/amp/?(?=\?|$)")[0], "/", "mobile"), *common.TWINS),
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"^[^?]*/wp-(?:admin|json|cron|trackback)\b")[0], "portal_state"),
        Refusal(patterns(r"^[^?]*/(?:xmlrpc|wp-comments-post)\.php")[0], "portal_state"),
        Refusal(patterns(r"^/(?:[\w-]+/)?\?(?:.*&)?s=")[0], "portal_state"),  # the search form
    ),
    paging=common.PAGING,
)
