"""What a crawl does about its portal's template: learn it, read again with it, watch it.

A portal on an unknown product is read by general rules until enough of its articles are captured.
Then its template is learnt from them, and what was read before is read again.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from archive.place import Archive, ArchiveError
from archive.records import Article, Drift, Learning
from archive.store import Store
from halong_crawler.captured import Captured, reread, sample, to_reread
from halong_crawler.learning.drift import Watch
from halong_crawler.learning.learn import MOST, NotLearntError, learn
from halong_crawler.learning.template import Template, learned_file, save_template
from halong_crawler.platforms import detect
from halong_crawler.platforms.generic import GENERIC
from halong_crawler.portal import Portal
from halong_crawler.reading import PARSER_VERSION, Document, NotAnArticle

logger = logging.getLogger(__name__)

PAGES = 80
"""Articles that are looked at unless told otherwise."""
_AT_ONCE = 5
"""Articles read again between two pages of a crawl: none waits for long."""
_MISREAD = frozenset(("empty", "static"))
"""What a page that should be an article is taken for when its template has changed."""


class Learner:
    """The template of one portal during one crawl."""

    def __init__(self, portal: Portal, archive: Archive, store: Store, after: int) -> None:
        """``after``: articles after which an unknown portal is learnt; 0 for never."""
        self.portal = portal
        """The portal as it is read now."""
        self.archive = archive
        self.store = store
        self.learning: Learning | None = None
        self._next = after if after and _is_unknown(portal) else 0
        self._articles = 0
        self._waiting: deque[list[Captured]] = deque()
        self._watch = self._new_watch()
        if portal.learned is not None:
            # What was learnt since the last crawl, or in one that was killed before its end.
            self._waiting.extend(to_reread(store.connection, portal))

    def see(self, document: Document, result: Article | NotAnArticle, *, expected: bool) -> None:
        """Take note of a page; ``expected`` says that its address is an article's."""
        is_article = isinstance(result, Article)
        lost = expected and isinstance(result, NotAnArticle) and result.reason in _MISREAD
        if self._watch is not None and (is_article or lost):
            self._watch.see(document)
        if self._next and is_article and detect(document.text) is GENERIC:
            self._articles += 1

    def step(self) -> None:
        """Between two pages: learn when there are enough, read a few articles again.

        Raises :class:`ArchiveError` when the template cannot be written down.
        """
        if self._next and self._articles >= self._next:
            self._learn(self._next)
        self._reread(_AT_ONCE)

    def finish(self, *, whole: bool) -> tuple[Learning | None, tuple[Drift, ...]]:
        """The crawl's end: what it learnt and where the template drifted.

        ``whole`` says that the crawl was not stopped: then a small portal is learnt from what there
        is, and everything that waits is read again. Raises :class:`ArchiveError` as ``step`` does.
        """
        if whole and self._next:
            self._learn(0)
        if whole:
            self._reread(len(self._waiting))
        return self.learning, self._watch.drifts() if self._watch is not None else ()

    def _learn(self, articles: int) -> None:
        # Twice as many pages may show what these did not; more than enough will not.
        self._next = 2 * articles if 2 * articles <= MOST else 0
        try:
            template = learn_portal(self.store.connection, self.archive, self.portal)
        except NotLearntError as error:
            logger.debug("%s: no template learnt yet: %s", self.portal.name, error)
            return
        except ArchiveError:
            raise
        except Exception:
            # A fault of ours must not cost the crawl: it can be learnt from the archive later.
            logger.exception("%s: the template could not be learnt", self.portal.name)
            return
        self._next = 0
        write_template(self.archive, self.portal.name, template)
        self.portal = self.portal.with_template(template)
        self._watch = self._new_watch()
        self._waiting.extend(to_reread(self.store.connection, self.portal, others=True))
        self.learning = Learning(template.sample.pages, tuple(template.rules))
        logger.info("%s: learnt %s", self.portal.name, in_words(template))

    def _reread(self, most: int) -> None:
        for _ in range(min(most, len(self._waiting))):
            group = self._waiting.popleft()
            try:
                count = reread(self.store, self.portal, group)
            except ArchiveError:
                raise
            except Exception:
                logger.exception("%s: could not be read again", group[0].url)
                continue
            if self.learning is not None and count:
                learnt = self.learning
                self.learning = Learning(learnt.pages, learnt.fields, learnt.reread + count)

    def _new_watch(self) -> Watch | None:
        template = self.portal.learned
        return Watch(template, ZoneInfo(self.portal.timezone)) if template is not None else None


def learn_portal(
    connection: sqlite3.Connection, archive: Archive, portal: Portal, pages: int = PAGES
) -> Template:
    """Learn from the captures an archive holds of a portal, ``pages`` articles at most.

    Raises :class:`NotLearntError`.
    """
    found = list(sample(connection, archive, portal.name, pages))
    return learn(
        found,
        zone=ZoneInfo(portal.timezone),
        learned=datetime.now(UTC).date(),
        parser_version=PARSER_VERSION,
    )


def write_template(archive: Archive, name: str, template: Template) -> None:
    """Write the learned file. Raises :class:`ArchiveError` when that cannot be."""
    path = learned_file(archive.portals_dir, name)
    try:
        save_template(template, name, path)
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); check its rights"
        raise ArchiveError(f"{path}: {reason}") from error


def in_words(template: Template) -> str:
    """``the template from 48 pages: title, date, body``."""
    return f"the template from {template.sample.pages} pages: {', '.join(template.rules)}"


def _is_unknown(portal: Portal) -> bool:
    """Whether neither the product nor the archivist says where the body stands."""
    known = portal.selectors.get("body") or portal.learned is not None
    return portal.platform == GENERIC.name and not known
