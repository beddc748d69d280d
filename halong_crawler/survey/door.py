"""The first page: whether a portal can be looked at at all, and how much of its host it is."""

from __future__ import annotations

import re
from dataclasses import replace

from halong_crawler.discovery.links import links
from halong_crawler.discovery.urls import Address, spell, under
from halong_crawler.fetching import Answer
from halong_crawler.reading import Document
from halong_crawler.reading.verdict import Glance, refuse
from halong_crawler.survey.visitor import Visit, Visitor

_CLOSED = frozenset(("challenge", "refused", "login", "maintenance", "soft_404", "server_page"))
"""What a front page may be that is none: reasons of :mod:`halong_crawler.reading.verdict`."""
_UNWELCOME = frozenset(("challenge", "refused", "login"))

_HTML = frozenset(("text/html", "application/xhtml+xml", ""))
_LIBRARY = re.compile(r"^(?P<site>.*?)/(?:trang|pages|sitepages)(?:/|$)", re.IGNORECASE)
"""SharePoint keeps the pages of a site, its start page among them, in a library of it."""
_SENT_ON = 2
"""Pages that only send on, before the front page."""
_LITTLE = 200
_REFRESH = re.compile(r"^\s*[0-5]\s*[;,]\s*url\s*=\s*['\"]?(?P<url>[^'\"\s]+)", re.IGNORECASE)
_SENDS = re.compile(
    r"\blocation(?:\.href)?\s*=\s*(['\"])(?P<url>[^'\"\s]+)\1"
    r"|\blocation\.(?:replace|assign)\(\s*(['\"])(?P<url2>[^'\"\s]+)\3"
)
_SHARE_BELOW = 0.6
_FEWEST_BELOW = 3


class NoSurveyError(Exception):
    """Nothing can be proposed: one line that says what was asked, what came, and what to do."""

    def __init__(self, line: str, *, unwelcome: bool = False) -> None:
        self.unwelcome = unwelcome
        """The portal does not let a crawler in; otherwise it could not be had."""
        super().__init__(line)


def front_page(start: str, visitor: Visitor) -> tuple[Answer, Document]:
    """The page a portal begins with; https is tried first where no scheme is given.

    A page that only sends a browser on is not it; the one it sends to is. Raises
    :class:`NoSurveyError`.
    """
    answer = _first_page(start, visitor)
    for _ in range(_SENT_ON):
        document = _opened(answer)
        goal = _goal(document)
        if goal is None:
            break
        visit = visitor.ask(goal, "front page", needed=True)
        if visit.answer is None:
            raise _no_answer(visit)
        hops = (*answer.hops, answer.url, *visit.answer.hops)
        answer = replace(visit.answer, hops=hops)
    return answer, _opened(answer)


def _first_page(start: str, visitor: Visitor) -> Answer:
    tries = [start] if "://" in start else [f"https://{start}", f"http://{start}"]
    if any(spell(url) is None for url in tries):
        raise NoSurveyError(
            f"{start}: no address of a portal; write it like https://example.gov.vn/"
        )
    if len(tries) > 1 and visitor.robots(tries[0]).status is None:
        del tries[0]  # https does not answer at all
    visit = visitor.ask(tries[0], "front page", needed=True)
    if visit.answer is None and not visit.forbidden and len(tries) > 1:
        visit = visitor.ask(tries[1], "front page", needed=True)
    if visit.answer is None:
        raise _no_answer(visit)
    return visit.answer


def _opened(answer: Answer) -> Document:
    """The answer as the page of a portal; anything else is no portal's."""
    if answer.status != 200:
        refused = answer.status in (401, 403, 429)
        remedy = "it does not want to be asked" if refused else "give the address of its front page"
        raise NoSurveyError(f"{answer.url}: answers {answer.status}; {remedy}", unwelcome=refused)
    if not is_html(answer):
        raise NoSurveyError(
            f"{answer.url}: no web page ({answer.media_type}); give the address of the front page"
        )
    document = document_of(answer)
    _heed(document)
    return document


def _goal(document: Document) -> str | None:
    """Where a page that says next to nothing itself sends a browser on to."""
    node = document.tree.css_first("meta[http-equiv=refresh i][content]")
    stated = _REFRESH.search((node.attributes.get("content") or "") if node is not None else "")
    found = stated or (_SENDS.search(document.text) if len(document.visible) < _LITTLE else None)
    goal = document.absolute(found[found.lastgroup or 0]) if found is not None else None
    return goal if goal != document.url else None


def _no_answer(visit: Visit) -> NoSurveyError:
    if visit.forbidden:
        return NoSurveyError(
            f"{visit.url}: robots.txt forbids it to Halong, and Halong obeys; ask the portal's "
            "operator for leave",
            unwelcome=True,
        )
    certificate = "certificate" in visit.problem.lower()
    remedy = (
        "name the missing CA file in SSL_CERT_FILE" if certificate
        else "check the address, or try again later"
    )  # fmt: skip
    return NoSurveyError(f"{visit.url}: {visit.problem}; {remedy}")


def is_html(answer: Answer) -> bool:
    """Whether an answer is a web page, by its type and its first bytes."""
    return answer.media_type in _HTML or is_page(answer.body)


def is_page(body: bytes) -> bool:
    """Whether bytes begin as a web page does, whatever they are called."""
    start = body[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def document_of(answer: Answer) -> Document:
    """An answer, parsed."""
    return Document.parse(answer.body, answer.url, answer.headers)


def _heed(document: Document) -> None:
    """Raise :class:`NoSurveyError` where the page stands before a portal instead of being one."""
    verdict = refuse(Glance(document, None))
    if verdict is None or verdict.reason not in _CLOSED:
        return
    raise NoSurveyError(
        f"{document.url}: no portal but a page of the kind “{verdict.reason.replace('_', ' ')}” "
        f"({verdict.because}); nothing was written, try again another day",
        unwelcome=verdict.reason in _UNWELCOME,
    )


def path_prefix(start: str, document: Document) -> str:
    """The path a sub-site lives under, as the address given and the links of its page have it.

    Empty where the whole host is meant, or where the page's links lead everywhere.
    """
    asked, here = spell(start if "://" in start else f"http://{start}"), spell(document.url)
    if asked is None or here is None or asked.path == "/":
        return ""
    library = _LIBRARY.match(here.path)
    if library:
        return library["site"]
    folder = re.sub(r"/[^/]*\.\w+$|/+$", "", here.path)
    found = (spell(link.url) for link in links(document.tree, document.base_url))
    own: list[Address] = [there for there in found if there is not None and there.site == here.site]
    below = sum(under(there.path, folder) for there in own)
    mine = below >= max(_FEWEST_BELOW, _SHARE_BELOW * len(own))
    return folder if folder and mine else ""
