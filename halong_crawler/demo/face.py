"""A face: one portal of the demo server, with the levers a test pulls."""

from __future__ import annotations

import itertools
import threading
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from halong_crawler.demo.answers import Answer, Target
from halong_crawler.demo.content import load_articles, load_site
from halong_crawler.demo.files import file_at
from halong_crawler.demo.templating import TEMPLATES, encoded, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from halong_crawler.demo.model import DemoArticle

HANOI = timezone(timedelta(hours=7))

_KNOWN_STATUSES = frozenset(HTTPStatus)

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")

D1N_PAGE = (
    b"<html><body><script>document.cookie="
    b'"D1N=5f0c2a9be17d4638a1b7c4e09d2f6358"+"; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";'
    b"window.location.reload(true);</script></body></html>"
)
"""What the firewall in front of some portals sends with status 200 until its cookie is set."""


class Face(ABC):
    """One portal. It is its own truth: ``articles`` holds what is published at this moment."""

    name: ClassVar[str]
    """The portal's name in its descriptor."""
    content: ClassVar[str]
    """Prefix of its files in ``content/`` and its folder in ``templates/``."""
    page_size: ClassVar[int] = 10

    def __init__(self) -> None:
        self.base_url = ""
        self.site = load_site(self.content)
        self.articles: dict[str, DemoArticle] = {
            article.id: article for article in load_articles(self.content)
        }
        self.requests: list[str] = []
        self._removed: dict[str, DemoArticle] = {}
        self._failures: dict[str, int] = {}
        self._blocked = False
        self._online = itertools.count(32077, 3)
        self._lock = threading.Lock()

    # What a test does to the portal.

    def edit(self, id: str, **fields: Any) -> None:  # noqa: A002
        """Change fields of an article; pages show it from the next request on."""
        with self._lock:
            fields.setdefault("updated_at", datetime.now(HANOI).isoformat(timespec="seconds"))
            self.articles[id] = replace(self.articles[id], **fields)

    def remove(self, id: str) -> None:  # noqa: A002
        """Take an article off: 404, and gone from listings, sitemap and feed."""
        with self._lock:
            self._removed[id] = self.articles.pop(id)

    def restore(self, id: str) -> None:  # noqa: A002
        """Undo :meth:`remove` and :meth:`fail`."""
        with self._lock:
            self._failures.pop(id, None)
            if id in self._removed:
                self.articles[id] = self._removed.pop(id)

    def block(self, on: bool = True) -> None:
        """Put the firewall's cookie page in the place of every HTML answer."""
        self._blocked = on

    def fail(self, id: str, status: int) -> None:  # noqa: A002
        """Let the article's page answer this status until it is restored."""
        with self._lock:
            self._failures[id] = status

    # What a test asks of it.

    @abstractmethod
    def url_of(self, id: str) -> str:  # noqa: A002
        """The canonical absolute URL of an article."""

    @abstractmethod
    def render(self, article: DemoArticle, *, footer: Sequence[str] | None = None) -> bytes:
        """The HTML of an article's page.

        ``footer`` replaces the portal's own imprint: one paragraph each, line breaks kept.
        """

    @property
    @abstractmethod
    def listings(self) -> tuple[str, ...]:
        """Absolute URLs of the category listings."""

    def absolute(self, path: str) -> str:
        """The absolute URL of an image or attachment, by its decoded path."""
        return self.base_url + encoded(path)

    def newest(self) -> list[DemoArticle]:
        """The articles alive now, newest first."""
        with self._lock:
            alive = list(self.articles.values())
        return sorted(alive, key=lambda article: article.number, reverse=True)

    # How it answers.

    def respond(self, raw_target: str) -> Answer:
        """Answer a request, and remember that it was made."""
        self.requests.append(raw_target)
        answer = self._route(Target.parse(raw_target))
        return Answer(D1N_PAGE) if self._blocked and answer.is_html else answer

    @abstractmethod
    def _route(self, target: Target) -> Answer:
        """Find the answer to a request."""

    @abstractmethod
    def _soft_404(self) -> Answer:
        """Status 200 for a page that says there is nothing."""

    def _article_answer(self, article_id: str) -> Answer:
        with self._lock:
            status = self._failures.get(article_id)
            article = self.articles.get(article_id)
            removed = article_id in self._removed
        if status is not None:
            return self._error(status)
        if removed:
            return self._error(404)
        return Answer(self.render(article)) if article else self._soft_404()

    def _error(self, status: int) -> Answer:
        # Gateways also send numbers of their own, such as 522, which have no phrase.
        reason = HTTPStatus(status).phrase if status in _KNOWN_STATUSES else "Error"
        page = f"<html><head><title>{status}</title></head><body><h1>{reason}</h1></body></html>"
        return Answer(page.encode(), status=status)

    def _file(self, path: str, pictures: str) -> Answer:
        """An attachment of any article past or present, or any picture under ``pictures``."""
        with self._lock:
            known = (*self.articles.values(), *self._removed.values())
        owner = next((article for article in known if path in article.attachments), None)
        if owner is None and not (path.startswith(pictures) and path.endswith(".jpg")):
            return self._error(404)
        media_type, content = file_at(path, owner.title if owner else "")
        return Answer(content, media_type)

    def _style(self) -> Answer:
        return Answer((TEMPLATES / self.content / "style.css").read_bytes(), "text/css")

    @cached_property
    def _environment(self) -> Environment:
        return environment()

    def _html(self, template: str, **context: Any) -> bytes:
        """A page with what every page of a portal carries, counter and clock included."""
        now = datetime.now(UTC).astimezone(HANOI)
        page = self._environment.get_template(f"{self.content}/{template}").render(
            base_url=self.base_url,
            site=self.site,
            online=next(self._online),
            clock=f"{WEEKDAYS[now.weekday()]}, {now:%d/%m/%Y}",
            now=now,
            **{"footer": self.site.footer, **context},
        )
        return page.encode()

    def _slice(self, articles: list[DemoArticle], page: int) -> list[DemoArticle]:
        return articles[(page - 1) * self.page_size : page * self.page_size]

    def _pages(self, articles: list[DemoArticle]) -> int:
        return max(1, -(-len(articles) // self.page_size))
