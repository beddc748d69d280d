"""What a descriptor's values are held against; each fault is a ValueError that names the remedy."""

import difflib
import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from halong_crawler.discovery.urls import Address, matching_host, spell
from halong_crawler.platforms import selector


def address_of(url: str) -> Address:
    """The address of a URL that is one."""
    address = spell(url)
    if address is None:
        raise ValueError(f"{url!r} is no URL; begin it with https:// or http://")
    return address


def on_hosts(urls: Iterable[str], hosts: Iterable[str]) -> tuple[str, ...]:
    """URLs of a portal in their one spelling; no ``hosts``: they are wrong themselves."""
    hosts = tuple(hosts)
    addresses = [address_of(url) for url in urls]
    for address in addresses if hosts else ():
        if matching_host(address, hosts) is None:
            raise ValueError(
                f"{address.url} is not on the portal's hosts ({', '.join(hosts)}); "
                f"correct it or add {address.site!r} to hosts"
            )
    return tuple(address.url for address in addresses)


def compiled(expression: str) -> re.Pattern[str]:
    """A regex that is one, for URLs."""
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{expression!r} is no regex ({error}); correct it") from error


def check_selector(text: str) -> None:
    """Whether a selector of a table can be read."""
    try:
        LexborHTMLParser("<p></p>").css(selector(text).css)
    except SelectolaxError as error:
        raise ValueError(
            f"{text!r} is no CSS selector; write css, css@attribute or css@attribute~regex"
        ) from error
    except re.error as error:
        raise ValueError(f"the regex of {text!r} is wrong ({error}); correct it") from error


def closed_list(value: str, known: Iterable[str], what: str) -> None:
    """Whether a value is one of those known."""
    known = list(known)
    if value not in known:
        raise ValueError(f"unknown {what} {value!r}{nearest(value, known)}: {', '.join(known)}")


def nearest(value: str, known: Iterable[str]) -> str:
    """Words that lead from what is unknown to what is known."""
    near = difflib.get_close_matches(value, list(known), 1)
    return f"; did you mean {near[0]!r}? Known are" if near else "; known are"
