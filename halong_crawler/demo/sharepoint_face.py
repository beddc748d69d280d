"""The face built as the province's SharePoint product builds its pages."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from halong_crawler.demo.answers import Answer, Target
from halong_crawler.demo.face import Face
from halong_crawler.demo.slugs import slug
from halong_crawler.demo.templating import as_printed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from halong_crawler.demo.content import Category
    from halong_crawler.demo.model import DemoArticle

PICTURES = "/Libraries/HinhAnhBaiViet/"
NEWS = "/Trang/ChiTietTinTuc.aspx?nid={id}"
STATIC = "/Trang/ChiTietBVGioiThieu.aspx?bvid={id}&Cat={category}"
STATIC_PREFIX = "bvid-"
SCRIPT = b"function __doPostBack(target, argument) {}\n"
HOME_LENGTH = 8
RELATED = 5

NEWS_FORMS: tuple[str, ...] = (
    NEWS,
    "/trang/chitiettintuc.aspx?nid={id}",
    "{base}/Trang/ChiTietTinTuc.aspx?nid={id}&title={title}.html",
    NEWS,
)
"""Menus, lists and editors disagree about letter case, and some add an ornamental title."""

PLAIN_PAGES = {
    "/_layouts/15/sp.qnp/adminpages/admin.aspx": "login.html",
    "/trang/qnp-rss.aspx": "feeds.html",
}


class SharepointFace(Face):
    """One page for all news, told apart by ``nid``; letter case in paths means nothing."""

    name = "demo_quangninh"
    content = "sharepoint"

    def __init__(self) -> None:
        super().__init__()
        self._routes: dict[str, Callable[[Target], Answer]] = {
            "/": self._home,
            "/trang/trangchu.aspx": self._home,
            "/trang/chitiettintuc.aspx": self._news,
            "/trang/chitietbvgioithieu.aspx": self._static,
            "/trang/tin-tuc-su-kien.aspx": self._news_listing,
            "/trang/danhsachbaivietgioithieu.aspx": self._static_listing,
            "/trang/so-do.aspx": self._site_map,
            "/style library/sp.qnp/app/css/qnp.css": lambda _: self._style(),
            "/_layouts/15/sp.qnp/js/qnp.js": lambda _: Answer(SCRIPT, "text/javascript"),
        }

    def url_of(self, id: str) -> str:  # noqa: A002
        """The canonical absolute URL of an article, removed ones included."""
        return self.base_url + self._canonical(self.articles.get(id) or self._removed[id])

    @property
    def listings(self) -> tuple[str, ...]:
        """Absolute URLs of the category listings."""
        return tuple(self.base_url + self._listing_path(item) for item in self.site.categories)

    def render(self, article: DemoArticle, *, footer: Sequence[str] | None = None) -> bytes:
        """The HTML of an article's page."""
        related = [
            item
            for item in self.newest()
            if item.id != article.id and item.category == article.category
        ]
        category = self.site.category(article.category)
        return self._html(
            "article.html",
            article=as_printed(article),
            category_link=self._listing_path(category) if category else "/",
            related=self._linked(related[:RELATED], shift=1),
            viewstate=viewstate(article.id),
            footer=self.site.footer if footer is None else tuple(footer),
        )

    def _route(self, target: Target) -> Answer:
        path = target.path.lower()
        if handler := self._routes.get(path):
            return handler(target)
        if path in PLAIN_PAGES:
            return Answer(self._html(PLAIN_PAGES[path], viewstate=viewstate(path)))
        if path.startswith(("/lists/", "/libraries/")):
            return self._file(target.path, PICTURES)
        return self._error(404)

    def _soft_404(self) -> Answer:
        return Answer(self._html("nothing.html", viewstate=viewstate("nothing")))

    def _news(self, target: Target) -> Answer:
        return self._article_answer(target.query.get("nid", ""))

    def _static(self, target: Target) -> Answer:
        return self._article_answer(STATIC_PREFIX + target.query.get("bvid", ""))

    def _home(self, _target: Target) -> Answer:
        news = [item for item in self.newest() if not is_static(item)]
        page = self._html(
            "home.html",
            latest=self._linked(news[:HOME_LENGTH], shift=2),
            sections=[(item, self._listing_path(item)) for item in self.site.categories],
            viewstate=viewstate("home"),
        )
        return Answer(page)

    def _news_listing(self, target: Target) -> Answer:
        number = target.query.get("cat")
        if number is None:
            return self._listing(target, None)
        known = (item for item in self.site.categories if item.id == number)
        category = next(known, None)
        return self._listing(target, category) if category else self._soft_404()

    def _static_listing(self, target: Target) -> Answer:
        category = self.site.category(target.query.get("cat", ""))
        return self._listing(target, category) if category else self._soft_404()

    def _listing(self, target: Target, category: Category | None) -> Answer:
        """The articles of a category, or all news where none is named."""
        articles = [
            item
            for item in self.newest()
            if (item.category == category.name if category else not is_static(item))
        ]
        path = self._listing_path(category) if category else "/Trang/tin-tuc-su-kien.aspx?"
        page = self._html(
            "listing.html",
            heading=category.name if category else "Tin tức - Sự kiện",
            entries=self._linked(self._slice(articles, target.page), shift=0),
            path=path,
            page=target.page,
            pages=self._pages(articles),
            viewstate=viewstate(target.raw),
        )
        return Answer(page)

    def _site_map(self, _target: Target) -> Answer:
        static = [item for item in self.newest() if is_static(item)]
        page = self._html(
            "site_map.html",
            sections=[(item, self._listing_path(item)) for item in self.site.categories],
            static=self._linked(static, shift=0),
            viewstate=viewstate("so-do"),
        )
        return Answer(page)

    def _listing_path(self, category: Category) -> str:
        if category.slug:
            return f"/Trang/DanhSachBaiVietGioiThieu.aspx?Cat={quote(category.name)}"
        return f"/Trang/tin-tuc-su-kien.aspx?Cat={category.id}"

    def _canonical(self, article: DemoArticle) -> str:
        if is_static(article):
            return STATIC.format(id=article.number, category=quote(article.category))
        return NEWS.format(id=article.id)

    def _linked(
        self, articles: Sequence[DemoArticle], *, shift: int
    ) -> list[tuple[str, DemoArticle]]:
        """Each article with a link to it. ``shift`` makes two places write it in two ways."""
        return [(self._link(article, shift), article) for article in articles]

    def _link(self, article: DemoArticle, shift: int) -> str:
        if is_static(article):
            return self._canonical(article)
        form = NEWS_FORMS[(article.number + shift) % len(NEWS_FORMS)]
        return form.format(base=self.base_url, id=article.id, title=slug(article.title))


def is_static(article: DemoArticle) -> bool:
    """Whether it is an introduction (``bvid``) and not news (``nid``)."""
    return article.id.startswith(STATIC_PREFIX)


def viewstate(of: str) -> str:
    """A hidden field as ASP.NET fills it: opaque, long, the same for the same page."""
    seed = hashlib.sha512(of.encode()).digest()
    return "/wEPDwUK" + base64.b64encode(seed * 4).decode().rstrip("=")
