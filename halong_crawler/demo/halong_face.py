"""The face built as the city's custom CMS builds its pages."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from halong_crawler.demo.answers import Answer, Target
from halong_crawler.demo.face import Face
from halong_crawler.demo.templating import as_printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from halong_crawler.demo.content import Category
    from halong_crawler.demo.model import DemoArticle

PICTURES = "/ckfinder/userfiles/images/"
FILES = "/ckfinder/"
FEED_LENGTH = 15
HOME_LENGTH = 12
RELATED = 6

LINK_FORMS: tuple[str, ...] = (
    "/{slug}-p13n{id}.html",
    "{base}/{slug}-p13n{id}.html",
    "{slug}-p13n{id}.html",
    "/{slug}-p13n{id}.html?utm_source=trang-chu&utm_medium=lien-ket",
    "/Tin-{id}-p13n{id}.html",
)
"""How editors and modules write the address of one article; only the number decides."""

PLAIN_PAGES = {
    "/dang-nhap.html": "login.html",
    "/lien-he.html": "contact.html",
    "/tham-do-y-kien.html": "poll.html",
    "/quan-tri/": "login.html",
}


class HalongFace(Face):
    """Addresses end in ``-p13n<ID>.html``, most pages carry no date."""

    name = "demo_halong"
    content = "halong"

    def __init__(self) -> None:
        super().__init__()
        self._routes: tuple[tuple[re.Pattern[str], Callable[..., Answer]], ...] = (
            (re.compile(r"/(?:index\.html)?"), self._home),
            (re.compile(r"/[^/]*-p13n(?P<article_id>\d+)\.html"), self._article),
            (re.compile(r"/print/[^/]*-p13n(?P<article_id>\d+)\.html"), self._print_twin),
            (re.compile(r"/[^/]*-p13c(?P<number>\d+)\.html"), self._listing),
            (re.compile(r"/.+\.html(?P<trail>(?:/(?:en|vi))+)"), self._language_trap),
            (re.compile(r"/robots\.txt"), self._robots),
            (re.compile(r"/sitemap\.xml"), self._sitemap_index),
            (re.compile(r"/sitemap-tin-bai\.xml\.gz"), self._sitemap),
            (re.compile(r"/rss/tin-moi\.rss"), self._feed),
        )

    def url_of(self, id: str) -> str:  # noqa: A002
        """The canonical absolute URL of an article, removed ones included."""
        article = self.articles.get(id) or self._removed[id]
        return f"{self.base_url}/{article.slug}-p13n{id}.html"

    @property
    def listings(self) -> tuple[str, ...]:
        """Absolute URLs of the category listings."""
        return tuple(self.base_url + category_path(item) for item in self.site.categories)

    def render(self, article: DemoArticle, *, footer: Sequence[str] | None = None) -> bytes:
        """The HTML of an article's page."""
        related = [item for item in self.newest() if item.id != article.id]
        related.sort(key=lambda item: item.category != article.category)
        category = self.site.category(article.category)
        return self._html(
            "article.html",
            article=as_printed(article),
            address=f"/{article.slug}-p13n{article.id}.html",
            category_link=category_path(category) if category else "/",
            related=self._linked(related[:RELATED], shift=2),
            footer=self.site.footer if footer is None else tuple(footer),
        )

    def _route(self, target: Target) -> Answer:
        for pattern, handler in self._routes:
            if match := pattern.fullmatch(target.path):
                return handler(target, **match.groupdict())
        if target.path in PLAIN_PAGES:
            return Answer(self._html(PLAIN_PAGES[target.path]))
        if target.path == "/templates/default/css/style.css":
            return self._style()
        if target.path.startswith(FILES):
            return self._file(target.path, PICTURES)
        return self._error(404)

    def _soft_404(self) -> Answer:
        return Answer(self._html("nothing.html"))

    def _home(self, _target: Target) -> Answer:
        newest = self.newest()
        blocks = [
            (category, category_path(category), self._linked(self._of(category)[:3], shift=4))
            for category in self.site.categories
        ]
        latest = self._linked(newest[:HOME_LENGTH], shift=3)
        return Answer(self._html("home.html", latest=latest, blocks=blocks))

    def _article(self, target: Target, article_id: str) -> Answer:
        if "lang" in target.query:
            return self._section_list(target, "/en")
        return self._article_answer(article_id)

    def _print_twin(self, _target: Target, article_id: str) -> Answer:
        if article_id not in self.articles:
            return self._soft_404()
        return Answer(self._html("print.html", article=as_printed(self.articles[article_id])))

    def _listing(self, target: Target, number: str) -> Answer:
        category = next((item for item in self.site.categories if item.id == number), None)
        if category is None:
            return self._soft_404()
        articles = self._of(category)
        return Answer(
            self._html(
                "listing.html",
                heading=category.name,
                entries=self._linked(self._slice(articles, target.page), shift=0),
                path=category_path(category),
                page=target.page,
                pages=self._pages(articles),
            )
        )

    def _language_trap(self, target: Target, trail: str) -> Answer:
        return self._section_list(target, trail)

    def _section_list(self, target: Target, trail: str) -> Answer:
        """A list under another body's title, whose language links grow the path without end."""
        last = trail.rpartition("/")[2]
        onward = [f"{target.path}/{language}" for language in ("en", "vi")]
        if "lang" not in target.query:
            # Relative, as on the real trap: the browser adds them to the path it is at.
            onward = [f"{last}/{language}" for language in ("en", "vi")]
        entries = self._linked(self.newest()[: self.page_size], shift=0, rooted=True)
        return Answer(self._html("trap.html", entries=entries, onward=onward))

    def _robots(self, _target: Target) -> Answer:
        text = f"User-agent: *\nDisallow: /quan-tri/\n\nSitemap: {self.base_url}/sitemap.xml\n"
        return Answer(text.encode(), "text/plain; charset=utf-8")

    def _sitemap_index(self, _target: Target) -> Answer:
        return Answer(self._html("sitemap_index.xml"), "text/xml; charset=utf-8")

    def _sitemap(self, _target: Target) -> Answer:
        listed = [item for item in self.newest() if item.number % 3]
        entries = [(self.url_of(item.id), item) for item in listed]
        packed = gzip.compress(self._html("sitemap.xml", entries=entries), mtime=0)
        return Answer(packed, "application/x-gzip")

    def _feed(self, _target: Target) -> Answer:
        newest = self.newest()[:FEED_LENGTH]
        entries = [(self.url_of(item.id), item) for item in newest]
        return Answer(self._html("feed.xml", entries=entries), "application/rss+xml; charset=utf-8")

    def _of(self, category: Category) -> list[DemoArticle]:
        return [item for item in self.newest() if item.category == category.name]

    def _linked(
        self, articles: Sequence[DemoArticle], *, shift: int, rooted: bool = False
    ) -> list[tuple[str, DemoArticle]]:
        """Each article with a link to it. ``shift`` makes two places write it in two ways."""
        return list(self._links(articles, shift, rooted))

    def _links(
        self, articles: Sequence[DemoArticle], shift: int, rooted: bool
    ) -> Iterator[tuple[str, DemoArticle]]:
        for article in articles:
            form = LINK_FORMS[0 if rooted else (article.number + shift) % len(LINK_FORMS)]
            yield form.format(base=self.base_url, slug=article.slug, id=article.id), article


def category_path(category: Category) -> str:
    """The address of a category's listing."""
    return f"/{category.slug}-p13c{category.id}.html"
