"""Portals: one TOML file of facts each, loaded, checked and explained.

A descriptor that is wrong stops the work with :class:`DescriptorError`, which says for every
fault the file, the key, the problem and what to do about it.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from halong_crawler.checks import check_selector, closed_list, compiled, nearest, on_hosts
from halong_crawler.declared import Postback, Range, Search
from halong_crawler.discovery.urls import Address, matching_host, spell, under
from halong_crawler.learning.template import Template, find_template
from halong_crawler.platforms import FIELDS, PLATFORMS, ArticleUrl
from halong_crawler.politeness import Facts, Minimum, Politeness, Tls, beside

BUILTIN = Path(__file__).parent / "portals"
"""The descriptors that come with Halong."""

FILLED = (
    "title", "lead", "body", "byline", "authors", "source", "category", "tags", "published",
    "updated", "images", "attachments",
)  # fmt: skip
"""Fields a descriptor may demand to be filled in a share of the articles."""

INHERITED = (
    "hosts", "file_hosts", "province", "platform", "article_url", "timezone", "language", "fill",
    "selectors", "politeness", "tls",
)  # fmt: skip
"""What ``extends`` takes over: what a family of sites shares, not what one site is."""


class DescriptorError(ValueError):
    """One or more faults in descriptors, one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


_TABLES: dict[str, type[Facts]] = {
    "minimum": Minimum, "politeness": Politeness, "tls": Tls, "postbacks": Postback,
    "ranges": Range, "search": Search,
}  # fmt: skip


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Selectors = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Share = Annotated[float, Field(ge=0, le=1)]

_HOST_PATTERN = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d+)?")


class Portal(Facts):
    """One publisher's site or sub-site."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="small letters, digits and underscores, a letter first; by default the file's",
    )
    title_vi: str = Field(min_length=1, description="the portal's name in Vietnamese")
    title_en: str = Field(min_length=1, description="the portal's name in English")
    level: Literal["province", "district", "commune", "department", "ministry"] = Field(
        description="one of province, district, commune, department, ministry"
    )
    province: str = Field(min_length=1, description='the province, such as "Quảng Ninh"')
    platform: str = Field(description='the product it runs on, or "generic"')
    hosts: tuple[str, ...] = Field(
        min_length=1, description='hosts such as ["halongcity.gov.vn", "*.halongcity.gov.vn"]'
    )
    file_hosts: tuple[str, ...] = Field(
        default=(), description='further hosts of its files, such as ["media.quangninh.gov.vn"]'
    )
    path_prefix: str = Field(
        default="", description='the sub-site\'s path, such as "/So/soxaydung"'
    )
    exclude_prefixes: tuple[str, ...] = Field(
        default=(), description='paths left to other portals, such as ["/So"]'
    )
    seeds: tuple[str, ...] = Field(
        min_length=1, description="the URLs a walk starts from, at least one"
    )
    sitemaps: tuple[str, ...] = Field(default=(), description="URLs of site maps")
    feeds: tuple[str, ...] = Field(default=(), description="URLs of RSS or Atom feeds")
    listings: tuple[str, ...] = Field(default=(), description="URLs of pages that list articles")
    article_url: str | None = Field(
        default=None, description="a regex for an article's path and query, with a group (?P<id>…)"
    )
    timezone: str = Field(
        default="Asia/Ho_Chi_Minh", description='a zone such as "Asia/Ho_Chi_Minh"'
    )
    language: str = Field(
        default="vi",
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$",
        description='a language tag such as "vi"',
    )
    first_date: date | None = Field(
        default=None, description="the day of the oldest article, written 2009-01-31 without quotes"
    )
    postbacks: tuple[Postback, ...] = Field(
        default=(), description="tables of listings whose pages are turned by a form"
    )
    ranges: tuple[Range, ...] = Field(
        default=(), description="tables of addresses that are counted up, by id or by month"
    )
    search: Search | None = Field(default=None, description="a table: url, and the words to ask")
    minimum: Minimum = Minimum()
    fill: Mapping[str, Share] = Field(default={}, description="field = a share from 0 to 1")
    selectors: Mapping[str, Selectors] = Field(
        default={}, description="field = a CSS selector or a list of them"
    )
    politeness: Politeness = Politeness()
    tls: Tls = Tls()
    _learned: Template | None = PrivateAttr(default=None)
    _stamp: str | None = PrivateAttr(default=None)

    @property
    def learned(self) -> Template | None:
        """The template learnt from the portal's pages, kept in a file of its own."""
        return self._learned

    @property
    def learned_stamp(self) -> str | None:
        """Which learning that template is: ``Template.stamp``."""
        return self._stamp

    def with_template(self, template: Template | None) -> "Portal":
        """The same portal, read with a template."""
        portal = self.model_copy()
        portal._learned = template
        portal._stamp = template.stamp if template is not None else None
        return portal

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str) -> str:
        closed_list(value, PLATFORMS, "platform")
        return value

    @field_validator("hosts", "file_hosts")
    @classmethod
    def _hosts_are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        hosts = tuple(host.lower().removeprefix("www.") for host in value)
        for host in hosts:
            if not _HOST_PATTERN.fullmatch(host):
                raise ValueError(f"{host!r} is no host; write it without scheme and path")
        # An exact host goes before a pattern with a star that would take it too.
        return tuple(sorted(hosts, key=lambda host: host.startswith("*")))

    @field_validator("path_prefix", "exclude_prefixes")
    @classmethod
    def _prefixes_begin_with_a_slash(cls, value: str | tuple[str, ...]) -> Any:
        for prefix in (value,) if isinstance(value, str) else value:
            if prefix and not re.fullmatch(r"(/[^/?#]+)+", prefix):
                raise ValueError(
                    f"{prefix!r} is no path of a sub-site; write it like /So/soxaydung, "
                    "without a slash at the end"
                )
        return value

    @field_validator("seeds", "sitemaps", "feeds", "listings")
    @classmethod
    def _urls_are_on_the_portal(
        cls, value: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        # No hosts: a fault that is told at its own key.
        return on_hosts(value, info.data.get("hosts") or ())

    @field_validator("postbacks", "ranges", "search")
    @classmethod
    def _ways_are_on_the_portal(cls, value: Any, info: ValidationInfo) -> Any:
        for way in value if isinstance(value, tuple) else (value,):
            if way is not None:
                way.check(info.data.get("hosts") or (), info.data.get("first_date"))
        return value

    @field_validator("article_url")
    @classmethod
    def _article_url_is_a_regex_with_an_id(cls, value: str | None) -> str | None:
        if value is not None and "id" not in compiled(value).groupindex:
            raise ValueError("the regex has no group 'id'; put (?P<id>…) around the article's id")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:  # not there, a folder, a path outside
            raise ValueError(f"unknown time zone {value!r}; try Asia/Ho_Chi_Minh") from error
        return value

    @field_validator("fill")
    @classmethod
    def _fill_names_fields(cls, value: Mapping[str, float]) -> Mapping[str, float]:
        for name in value:
            closed_list(name, FILLED, "field")
        return value

    @field_validator("selectors")
    @classmethod
    def _selectors_can_be_read(
        cls, value: Mapping[str, tuple[str, ...]]
    ) -> Mapping[str, tuple[str, ...]]:
        for name, texts in value.items():
            closed_list(name, FIELDS, "field")
            for text in texts:
                check_selector(text)
        return value

    @property
    def listing_urls(self) -> tuple[str, ...]:
        """The listings the descriptor names, however their pages are turned."""
        if not self.postbacks:
            return self.listings
        return tuple(dict.fromkeys((*self.listings, *(each.listing for each in self.postbacks))))

    @property
    def article_urls(self) -> tuple[ArticleUrl, ...]:
        """The portal's own form of an article's URL, else its platform's."""
        if self.article_url:
            return (ArticleUrl(compiled(self.article_url)),)
        return PLATFORMS[self.platform].article_urls

    def covers(self, url: str) -> bool:
        """Whether a URL belongs to this portal."""
        address = spell(url)
        return address is not None and self.holds(address)

    def holds(self, address: Address) -> bool:
        """:meth:`covers` for a URL that is already taken apart."""
        return (
            matching_host(address, self.hosts) is not None
            and under(address.path, self.path_prefix)
            and not any(under(address.path, prefix) for prefix in self.exclude_prefixes)
        )

    def host_label(self, address: Address) -> str:
        """What a host under ``*.apex`` adds to the apex (``honggai``): its ids are its own."""
        pattern = matching_host(address, self.hosts) or ""
        own = address.site.removesuffix(pattern.removeprefix("*")) if "*" in pattern else ""
        return own.replace(".", "-")

    def own_part(self, site: str) -> str:
        """What of an article's site path (lower case, no outer slashes) lies below the portal."""
        prefix = self.path_prefix.lower().strip("/")
        return site.removeprefix(prefix).strip("/") if under(f"/{site}", f"/{prefix}") else site


def load(path: Path) -> Portal:
    """The portal a file describes."""
    data = _read(path)
    family = data.pop("extends", None)
    if family is not None:
        data = _inherited(path, family) | data
    data.setdefault("name", path.stem)
    try:
        return Portal.model_validate(data)
    except ValidationError as error:
        raise DescriptorError(_explain(path, dict(fault)) for fault in error.errors()) from error


def load_all(*folders: Path) -> dict[str, Portal]:
    """Every portal of some folders by name; by default the built-in ones.

    Where two folders describe one name, the first folder wins. Folders that do not exist are empty.
    """
    portals: dict[str, Portal] = {}
    problems: list[str] = []
    for folder in folders or (BUILTIN,):
        here: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                portal = load(path)
            except DescriptorError as error:
                problems.extend(error.problems)
                continue
            if portal.name in here:
                problems.append(
                    f"{path}: name: {portal.name!r} is the name of {here[portal.name]} too; "
                    "rename one of them"
                )
            here[portal.name] = path
            portals.setdefault(portal.name, portal)
    if problems:
        raise DescriptorError(problems)
    return {name: p.with_template(find_template(name, folders)) for name, p in portals.items()}


def find(name: str, folders: Sequence[Path] = (BUILTIN,)) -> Portal:
    """The portal of a name; a fault in another portal's file does not stand in the way."""
    for folder in folders:
        path = folder / f"{name}.toml"
        if path.is_file():
            portal = load(path)
            if portal.name == name:
                return portal.with_template(find_template(name, folders))
    portals = load_all(*folders)
    if name not in portals:
        near = nearest(name, portals)
        where = ", ".join(str(folder) for folder in folders)
        raise DescriptorError(
            [f"{name}: no portal of this name{near}: {', '.join(sorted(portals))} (from {where})"]
        )
    return portals[name]


def _read(path: Path) -> dict[str, Any]:
    try:
        return beside(path, tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise DescriptorError([f"{path}: not valid TOML: {error}; correct that place"]) from error
    except UnicodeDecodeError as error:
        raise DescriptorError([f"{path}: not UTF-8 ({error}); save it as UTF-8"]) from error
    except OSError as error:
        raise DescriptorError([f"{path}: cannot be read: {error.strerror}"]) from error


def _inherited(path: Path, family: Any) -> dict[str, Any]:
    """What a descriptor takes over from the one it extends, beside it or built in."""
    for folder in (path.parent, BUILTIN):
        parent = folder / f"{family}.toml"
        if parent.is_file() and parent != path:
            data = _read(parent)
            if "extends" in data:
                raise DescriptorError(
                    [f"{path}: extends: {family!r} itself extends another; name that one instead"]
                )
            return {key: data[key] for key in INHERITED if key in data}
    where = f"{path.parent} or {BUILTIN}"
    raise DescriptorError([f"{path}: extends: no {family}.toml in {where}; correct the name"])


def _explain(path: Path, fault: Mapping[str, Any]) -> str:
    """One line for one fault that pydantic found: file, key, problem; remedy."""
    location = [str(part) for part in fault["loc"]]
    key = ".".join(location)
    model: type[Facts] = _TABLES.get(location[0], Portal) if len(location) > 1 else Portal
    known = model.model_fields
    name = location[0] if model is Portal else location[-1]
    if fault["type"] == "extra_forbidden":
        names = [*known, "extends"] if model is Portal else list(known)
        return f"{path}: {key}: unknown key{nearest(name, names)}: {', '.join(names)}"
    if isinstance(fault.get("ctx", {}).get("error"), ValueError):
        return f"{path}: {key}: {fault['ctx']['error']}"
    remedy = (known[name].description if name in known else None) or "a table of its keys"
    if fault["type"] == "missing":
        return f"{path}: {key}: is missing; give {remedy}"
    value = json.dumps(fault["input"], ensure_ascii=False, default=str)
    return f"{path}: {key}: {value} does not fit ({fault['msg'].lower()}); give {remedy}"
