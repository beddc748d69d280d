"""Plone 4 to 6: libraries, universities, a few provinces' older portals.

The markup is that of Plone's own main template; content is addressed by the editor's short name,
so no form of address says that it is an article.
"""

from __future__ import annotations

from halong_crawler.platforms import common
from halong_crawler.platforms.base import Platform, Refusal, Twin, marks, patterns

PLONE = Platform(
    name="plone",
    varied=True,
    marks=marks(
        r"""<meta [^>]*content=["']Plone\b""",
        r"""<body [^>]*\bdata-portal-url=""",
        r"""id=["']portal-globalnav["']""",
    ),
    listing_urls=patterns(r"/(?:folder_listing|listing_view|summary_view|rss\.xml)/?$"),
    selectors={
        "title": ("h1.documentFirstHeading",),
        "lead": (".documentDescription",),
        # A folder's page has a #content-core as well: the body's class names the view.
        "body": (
            "body.template-newsitem_view #content-core",
            "body.template-document_view #content-core",
            "#parent-fieldname-text",
        ),
        # Created, published and changed are printed in one line.
        "date": (".documentPublished",),
        "updated": (".documentModified",),
        "category": ("#portal-breadcrumbs li a",),
        "tags": ("#category a", ".documentCategory a"),
        "attachments": ("#content-core .contenttype-file",),
        "cut": (".documentByLine", ".documentActions", ".relatedItems", "#category"),
        "listing": (
            ".template-listing_view #content-core .entry",
            ".template-summary_view #content-core .entry",
            "#content-core .tileItem",
        ),
    },
    drop_params=(*common.DROP_PARAMS, *patterns(r"set_language|_authenticator|came_from")),
    first_page=(*common.FIRST_PAGE, *patterns(r"b_start(?::|%3a)int=0")),
    twins=(
        Twin(patterns(r"(?<=[^/])/(?:view|newsitem_view|document_view)/?(?=\?|$)")[0], "", "alias"),
        *common.TWINS,
    ),
    refuse=(
        *common.REFUSE,
        Refusal(patterns(r"/(?:login_form|sendto_form|require_login)\b")[0], "portal_state"),
        Refusal(patterns(r"/(?:@@)?(?:search|folder_contents|sharing|edit)(?:\?|$)")[0],
                "portal_state"),
    ),
    paging=(*common.PAGING, *patterns(r"[?&]b_start(?::|%3a)int=\d+")),
)  # fmt: skip
