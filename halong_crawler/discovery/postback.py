"""Listings that turn their pages by a form sent back to the server (ASP.NET postbacks).

A page's form carries the server's own state (``__VIEWSTATE``), which is good for pressing what that
page shows and nothing else. So a walk is a chain: page N + 1 is asked for with the form of page N.
A state that the server no longer takes cannot be mended; the walk begins anew with the first page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha1
from typing import Literal, NamedTuple
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from halong_crawler.discovery.form import Press, body_of, event, fields_of, form_of, press
from halong_crawler.platforms import Turn

_PAGE = "#page="
_MORE = ("...", "…")
"""What stands in a pager for the numbers that follow."""
_CLIMB = 4
"""How many elements above a page's link its pager may be."""
_DIGEST = 8
_SAME = 2
"""So many pages in a row that list what the one before them did are the end: one may be chance, as
many items having come in above as a page holds."""

LOST = frozenset((301, 302, 303, 307, 308, 400, 404, 405, 410, 440, 500))
"""Statuses by which a server says that it does not take a form (any more): ASP.NET answers 500, or
sends to its page for errors; 440 is IIS's own for a session that is over."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a page of a listing is asked for with, and what its walk has come to."""

    page: int
    """The number of the page it asks for."""
    body: str = ""
    """The POST's body, urlencoded; empty where a walk begins anew: page 1 is asked for with GET."""
    cookies: Mapping[str, str] = field(default_factory=dict)
    """What the pages before set: ASP.NET may tie a form's state to its session."""
    first: str = ""
    """A digest of what the first page listed."""
    before: str = ""
    """The same of the page before the one it asks for."""
    read_as: str = ""
    """What the first page was read as."""
    same: int = 0
    """How many pages in a row listed what the one before them did."""
    counted: bool = False
    """Whether the page before told its number, and that was not 1: so the next one does too."""
    reach: int = 0
    """The page that was asked for when the state was last lost: the pages up to it are turned
    again, though this crawl has read them. 0: the state was never lost."""

    def dump(self) -> str:
        """As text, for the frontier."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> Form:
        """What :meth:`dump` wrote."""
        return cls(**json.loads(text))

    @property
    def method(self) -> Literal["GET", "POST"]:
        """How it is sent."""
        return "POST" if self.body else "GET"

    @property
    def headers(self) -> dict[str, str]:
        """The headers its request needs."""
        if not self.body:
            return {}
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return kind | ({"Cookie": cookie} if cookie else {})

    def anew(self) -> Form | None:
        """What begins the walk anew; None where it has come no further since that was last done."""
        return Form(1, reach=self.page) if self.page > self.reach else None


class Turned(NamedTuple):
    """The request that turns a page."""

    url: str
    form: Form


class Shown(NamedTuple):
    """A page of a listing, as its walk wants to know it."""

    tree: LexborHTMLParser
    url: str
    charset: str
    entries: tuple[str, ...]
    """Keys of the articles it lists."""
    outcome: str
    """What it was read as: one of ``archive.schema.OUTCOMES``."""
    cookies: Mapping[str, str]
    """Those it set."""

    @property
    def digest(self) -> str:
        """What it lists, in short."""
        listed = "\n".join(sorted(self.entries)).encode()
        return sha1(listed, usedforsecurity=False).hexdigest()[:_DIGEST]


def page_key(listing: str, page: int) -> str:
    """The identity of a further page: its listing's, and its number."""
    return f"{listing}{_PAGE}{page}" if page > 1 else listing


def listing_key(key: str) -> str:
    """The identity of the listing a page belongs to; its own, where it is no further page."""
    return key.partition(_PAGE)[0]


def is_lost(shown: Shown, turns: Iterable[Turn], asked: Form, after: Turned | None) -> bool:
    """Whether the server answered a form with something else than the page it asks for.

    Some answer with the first page again, some with a page for errors or a login and status 200.
    ``after`` is what :func:`turned` found on the page.
    """
    if asked.page == 1:
        return False
    if after is None and shown.outcome not in (asked.read_as, "listing"):
        return True
    if shown.entries and shown.digest == asked.first:
        return True
    return asked.counted and any(_number(shown.tree, turn) == 1 for turn in turns)


def turned(shown: Shown, turns: Iterable[Turn], asked: Form | None) -> Turned | None:
    """The request for the page after this one; None where the listing ends.

    ``asked`` is the form it was asked for with, None for a first page. A listing ends where nothing
    turns it, and where nothing changes however often it is turned.
    """
    asked = asked or Form(1)
    same = asked.same + 1 if shown.digest == asked.before else 0
    if same >= _SAME:
        return None
    for turn in turns:
        found = _next(shown.tree, turn, asked.page)
        form = form_of(found[0]) if found is not None else None
        if found is None or form is None or _method(form) != "post":
            continue
        body = body_of(fields_of(form), found[1], shown.charset)
        goal = urljoin(shown.url, form.attributes.get("action") or "").partition("#")[0]
        after = replace(
            asked, page=asked.page + 1, body=body, cookies={**asked.cookies, **shown.cookies},
            first=asked.first or shown.digest, before=shown.digest, same=same,
            read_as=asked.read_as or shown.outcome,
            counted=asked.page > 1 and _number(shown.tree, turn) == asked.page,
        )  # fmt: skip
        return Turned(goal, after)
    return None


def _method(form: LexborNode) -> str:
    return (form.attributes.get("method") or "get").lower()


def _next(tree: LexborHTMLParser, turn: Turn, page: int) -> tuple[LexborNode, Press] | None:
    """What turns from a page to the next, and an element of its form."""
    if turn.next is not None:
        return next(_pressable(tree.css(turn.next)), None)
    if turn.pager is not None:
        return next(filter(None, (_in_pager(each, page) for each in tree.css(turn.pager))), None)
    return _by_argument(tree, turn, page)


def _by_argument(tree: LexborHTMLParser, turn: Turn, page: int) -> tuple[LexborNode, Press] | None:
    wanted = (turn.argument or "").replace("{page}", str(page + 1))
    events = [
        (node, pressed) for node, pressed in _pressable(tree.css("a, input, button"))
        if pressed.event is not None and turn.target in (None, pressed.event[0])
    ]  # fmt: skip
    for node, pressed in events:
        if pressed.event is not None and pressed.event[1] == wanted:
            return node, pressed
    # A control that its own script turns: no link of the page names it.
    form = tree.css_first("form")
    if turn.target is None or events or form is None:
        return None
    return form, event(turn.target, wanted)


def _pressable(nodes: Iterable[LexborNode]) -> Iterator[tuple[LexborNode, Press]]:
    return ((node, pressed) for node in nodes if (pressed := press(node)) is not None)


# Pagers: numbers, the present one plain, the others pressable; "…" stands for those that follow.


class _Token(NamedTuple):
    text: str
    node: LexborNode
    pressed: Press | None

    @property
    def number(self) -> int | None:
        return int(self.text) if self.text.isascii() and self.text.isdigit() else None


def _in_pager(pager: LexborNode, page: int) -> tuple[LexborNode, Press] | None:
    last = 0
    for token in _tokens(pager):
        leads_on = token.number == page + 1 or (token.text in _MORE and last >= page)
        if leads_on and token.pressed is not None:
            return token.node, token.pressed
        last = token.number or last
    return None


def _number(tree: LexborHTMLParser, turn: Turn) -> int | None:
    """The number of the page that is shown, as its pager tells it."""
    if turn.pager is not None:
        return next(filter(None, map(_present, tree.css(turn.pager))), None)
    if turn.argument is None or "{page}" not in turn.argument:
        return None
    before, _, after = turn.argument.partition("{page}")
    for node, pressed in _pressable(tree.css("a, input, button")):
        argument = pressed.event[1] if pressed.event is not None else ""
        number = argument.removeprefix(before).removesuffix(after)
        if number.isdigit() and argument == f"{before}{number}{after}":
            return _beside(node)
    return None


def _beside(node: LexborNode) -> int | None:
    """The one number beside a page's link that cannot be pressed."""
    above = node.parent
    for _ in range(_CLIMB):
        present = _present(above) if above is not None else None
        if above is None or present is not None:
            return present
        above = above.parent
    return None


def _present(pager: LexborNode) -> int | None:
    plain = {token.number for token in _tokens(pager) if token.pressed is None} - {None}
    return plain.pop() if len(plain) == 1 else None


def _tokens(pager: LexborNode) -> Iterator[_Token]:
    """Words of a pager in order, each with what pressing it sends."""
    for node in pager.traverse(include_text=True):
        if node.tag == "input":
            yield _Token((node.attributes.get("value") or "").strip(), node, press(node))
        elif node.tag == "-text":
            control = _control(node, pager)
            pressed = press(control) if control is not None else None
            for word in (node.text() or "").split():
                yield _Token(word, control or node, pressed)


def _control(node: LexborNode, pager: LexborNode) -> LexborNode | None:
    above = node.parent
    while above is not None and above.mem_id != pager.mem_id:
        if above.tag in ("a", "button"):
            return above
        above = above.parent
    return None
