"""A page's form as a browser would send it back (HTML Living Standard, 4.10.21.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlencode

from selectolax.lexbor import LexborNode

Fields = list[tuple[str, str]]
"""Names and values in the order of the page."""


def _call(name: str) -> re.Pattern[str]:
    """A script's call of a function with two strings first: target and argument."""
    return re.compile(
        name + r"""\(\s*(["'])(?P<target>(?:\\.|(?!\1).)*)\1\s*,"""
        r"""\s*(["'])(?P<argument>(?:\\.|(?!\3).)*)\3"""
    )


_DO_POSTBACK = _call("__doPostBack")
_WITH_OPTIONS = _call("WebForm_PostBackOptions")
_DEAD = re.compile(r"(?:javascript:)?\s*return\s+false\b")
"""How a control that leads nowhere (the last page's "next") is written."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")

_CONTROLS = ("a", "input", "button")
_BUTTONS = ("submit", "image")
_NEVER_SENT = ("submit", "image", "button", "reset", "file")


class Press(NamedTuple):
    """What pressing a control adds to its form."""

    fields: tuple[tuple[str, str], ...]
    event: tuple[str, str] | None = None
    """Target and argument of a ``__doPostBack``; None for a button that sends itself."""


def event(target: str, argument: str) -> Press:
    """What ``__doPostBack(target, argument)`` sends."""
    fields = (("__EVENTTARGET", target), ("__EVENTARGUMENT", argument))
    return Press(fields, (target, argument))


def press(node: LexborNode) -> Press | None:
    """What a click on an element sends; None where it sends no form, or is disabled."""
    control: LexborNode | None = node
    while control is not None and control.tag not in _CONTROLS:
        control = control.parent
    return _press(control) if control is not None else None


def _press(node: LexborNode) -> Press | None:
    attributes = node.attributes
    if "disabled" in attributes or "aspnetdisabled" in (attributes.get("class") or "").lower():
        return None
    script = (attributes.get("onclick") or "").strip()
    if _DEAD.match(script):
        return None
    href = attributes.get("href") or ""
    if href.lower().startswith("javascript:"):
        script += ";" + unquote(href)
    found = _DO_POSTBACK.search(script) or _WITH_OPTIONS.search(script)
    if found is not None:
        return event(_plain(found["target"]), _plain(found["argument"]))
    name, kind = attributes.get("name"), (attributes.get("type") or "").lower()
    if node.tag == "button" and kind in ("", "submit"):
        kind = "submit"
    if not name or node.tag == "a" or kind not in _BUTTONS:
        return None
    if kind == "image":
        return Press(((f"{name}.x", "1"), (f"{name}.y", "1")))
    return Press(((name, attributes.get("value") or ""),))


def form_of(node: LexborNode) -> LexborNode | None:
    """The form an element stands in."""
    above: LexborNode | None = node
    while above is not None and above.tag != "form":
        above = above.parent
    return above


def fields_of(form: LexborNode) -> Fields:
    """What a form sends of itself, no button pressed: hidden and filled-in fields, choices made."""
    found: Fields = []
    for node in form.css("input[name], select[name], textarea[name]"):
        attributes = node.attributes
        name = attributes.get("name")
        if name and "disabled" not in attributes and not _in_disabled_set(node):
            found.extend((name, value) for value in _values(node))
    return found


def body_of(fields: Fields, pressed: Press, charset: str) -> str:
    """The request's body: the form's fields with what was pressed, in the page's own encoding.

    Letters the encoding lacks become character references, as a browser writes them.
    """
    names = {name for name, _ in pressed.fields}
    sent = [*(pair for pair in fields if pair[0] not in names), *pressed.fields]
    lines = [(name, re.sub(r"\r\n?|\n", "\r\n", value)) for name, value in sent]
    return urlencode(lines, encoding=charset, errors="xmlcharrefreplace")


def _values(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    kind = (attributes.get("type") or "").lower()
    if node.tag == "select":
        yield from _chosen(node)
    elif node.tag == "textarea":
        yield node.text().removeprefix("\n")
    elif kind in ("checkbox", "radio"):
        if "checked" in attributes:
            yield attributes.get("value") or "on"
    elif kind not in _NEVER_SENT:
        yield attributes.get("value") or ""


def _chosen(select: LexborNode) -> list[str]:
    options = [node for node in select.css("option") if "disabled" not in node.attributes]
    chosen = [node for node in options if "selected" in node.attributes]
    if "multiple" not in select.attributes:
        # Of several the last counts; of none the first, as the list then shows it.
        chosen = chosen[-1:] or options[:1]
    return [
        value if (value := node.attributes.get("value")) is not None else node.text().strip()
        for node in chosen
    ]


def _in_disabled_set(node: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.tag != "form":
        if above.tag == "fieldset" and "disabled" in above.attributes:
            return True
        above = above.parent
    return False


def _plain(text: str) -> str:
    """A JavaScript string without its escapes."""
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else m[3], text)
