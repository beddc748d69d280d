"""Drupal 7 to 10: Bắc Giang's departments, Long Xuyên.

The markup is that of the core themes (Bartik, Stark, Olivero). Fields are the builder's own, so
those of the lead go by the names Vietnamese builders give them.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import ArticleUrl, Platform, Refusal, marks, patterns

_LEADS = ("sapo", "tom-tat", "tomtat", "trich-dan", "trich-yeu", "mo-ta", "summary", "lead")

DRUPAL = Platform(
    name="drupal",
    varied=True,
    marks=marks(
        r"""<meta [^>]*content=["']Drupal \d""",
        r"data-drupal-(?:selector|link-system-path)=",
        r"jQuery\.extend\(Drupal\.settings\b",
    ),
    # An alias says nothing of its kind; the node's own address always answers.
    article_urls=(
        ArticleUrl(patterns(r"^/(?:\w\w/)?node/(?P<id>\d+)(?:\?|$)")[0], params=()),
        ArticleUrl(patterns(r"\?(?:.*&)?q=(?:\w\w/)?node/(?P<id>\d+)(?:&|$)")[0], params=("q",)),
    ),
    listing_urls=patterns(r"^/(?:\w\w/)?taxonomy/term/\d+", r"^/(?:\w\w/)?node/?$"),
    selectors={
        "title": ("h1#page-title", "h1.page-title", "h1.page__title", ".node-full h1"),
        "lead": (
            *(f".node-full .field-name-field-{name}" for name in _LEADS),
            *(f".node--view-mode-full .field--name-field-{name}" for name in _LEADS),
        ),
        "body": (
            ".node-full .field-name-body",
            ".node--view-mode-full .field--name-body",
            ".node-full > .content",
        ),
        # The printed form follows the site's setting, often month first; RDFa is ISO 8601.
        "date": (
            ".node-full [property~='dc:date']@content",
            ".node--view-mode-full [property='schema:dateCreated']@content",
            ".node-full .submitted",
            ".node--view-mode-full .field--name-created",
            ".node--view-mode-full .node__submitted",
        ),
        "category": (".breadcrumb a",),
        "tags": (".field-name-field-tags a", ".field--name-field-tags a"),
        "attachments": (".node-full .file a", ".node--view-mode-full .file a"),
        "cut": (
            ".rdf-meta",
            ".submitted",
            ".node__meta",
            ".field-type-file",
            ".field--type-file",
            ".link-wrapper",
            ".node__links",
        ),
        "listing": (
            ".page-taxonomy .node-teaser",
            ".path-taxonomy .node--view-mode-teaser",
            ".front .node-teaser",
        ),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"destination")),
    first_page=common.FIRST_PAGE,
    twins=common.TWINS,
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"^/(?:\w\w/)?(?:user|admin|search|comment|filter)(?:/|$)")[0],
                "portal_state"),
    ),
    paging=common.PAGING,
)  # fmt: skip
