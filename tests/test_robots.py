"""robots.txt by RFC 9309: which group is ours, and what is no rule at all."""

from __future__ import annotations

import pytest
from scrapy.robotstxt import ProtegoRobotParser

from halong_crawler.robots import LONGEST, read_rules

AGENT = "Halong/0.1.0 (archive of local-government portals; +https://example.org)"


def lines(text: str | bytes) -> tuple[str, ...]:
    return read_rules(text.encode() if isinstance(text, str) else text, AGENT).lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nDisallow: /a", ("Disallow: /a",)),
        ("User-agent: halong\nDisallow: /a\nUser-agent: *\nDisallow: /b", ("Disallow: /a",)),
        ("User-agent: *\nDisallow: /b\n\nUSER-AGENT: HaLong/9\ndisallow: /a", ("disallow: /a",)),
        # Groups of one name count together, also when other groups stand between them.
        ("User-agent: halong\nDisallow: /a\nUser-agent: x\nDisallow: /x\n"
         "User-agent: halong\nAllow: /a/b", ("Disallow: /a", "Allow: /a/b")),
        # Several names share one group.
        ("User-agent: x\nUser-agent: Halong\nDisallow: /a", ("Disallow: /a",)),
        # The name is the product's, whole: another crawler's is not ours.
        ("User-agent: halongbot\nDisallow: /\nUser-agent: *\nAllow: /", ("Allow: /",)),
        ("User-agent: x\nDisallow: /", ()),
        # Comments, byte order mark, line ends, spaces, unknown keys, lines before any group.
        ("\ufeffUser-agent: * # all\r\nDisallow:/a#b\rFoo: bar\nAllow : /c",
         ("Disallow: /a", "Allow: /c")),
        ("Disallow: /lost\nUser-agent: *\nDisallow: /a", ("Disallow: /a",)),
        ("User-agent: *\nSitemap: /s.xml\nDisallow: /a\nCrawl-delay: 5",
         ("Disallow: /a", "Crawl-delay: 5")),
        ("User-agent: halong\n\nUser-agent: *\nDisallow: /", ("Disallow: /",)),
        ("", ()),
    ],
)  # fmt: skip
def test_the_group_that_is_obeyed(text: str, expected: tuple[str, ...]) -> None:
    assert lines(text) == expected


def test_bytes_that_are_no_text_are_ignored() -> None:
    assert lines(b"\xff\xfe\x00User-agent\n\xc3\x28: x\nUser-agent: *\nDisallow: /a") == (
        "Disallow: /a",
    )


def test_what_lies_beyond_the_limit_is_not_parsed() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    assert lines(head + b"#" * LONGEST + b"\nDisallow: /b") == ("Disallow: /a",)


def test_a_web_page_holds_no_rules() -> None:
    rules = read_rules(b"\n<!DOCTYPE html><html><body>Disallow: /</body></html>", AGENT)
    assert rules.is_page
    assert rules.agent is None
    assert "web page" in rules.note()


def test_equal_rules_have_equal_sums_whatever_stands_around_them() -> None:
    first = read_rules(b"User-agent: *\nDisallow: /a\nSitemap: /1", AGENT)
    second = read_rules(b"# new\nUser-agent: x\nDisallow: /\n\nUser-agent: *\nDisallow: /a", AGENT)
    assert first.digest == second.digest
    assert first.digest in first.note()


@pytest.mark.parametrize(
    ("path", "allowed"), [("/a/x", False), ("/a/b", True), ("/c.pdf", False), ("/", True)]
)
def test_what_is_recorded_is_what_the_parser_obeys(path: str, allowed: bool) -> None:
    text = b"User-agent: Halong\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nCrawl-delay: 7"
    parser = ProtegoRobotParser(read_rules(text, AGENT).text.encode(), None)
    assert parser.allowed(f"https://vidu.gov.vn{path}", AGENT) is allowed
    assert parser.crawl_delay(AGENT) == 7.0
