"""The learned template: selectors with the support each has, as a file a person can read.

The file has the ``[selectors]`` of a descriptor, so that a rule can be copied into one, and beside
them on how many pages of the sample each rule found what it should.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from halong_crawler.platforms import FIELDS, PLATFORMS, selector

FOLDER = "learned"
"""Below the archivist's own descriptors: ``portals/learned/<name>.toml``."""

_SUPPORT = re.compile(r"(?P<support>\d+) of (?P<of>\d+) pages")
_SETTLED = 0.5
_WIDE = 90
"""Columns from which a list of selectors takes a line for each."""


class TemplateError(ValueError):
    """A learned file that cannot be used: one line that says what, where, and what to do."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LearnedRule(_Facts):
    """One selector, and on how many pages of the sample it found what it should."""

    selector: str
    support: int = Field(ge=0)
    of: int = Field(ge=0)

    @field_validator("selector")
    @classmethod
    def _can_be_used(cls, value: str) -> str:
        try:
            LexborHTMLParser("<p></p>").css(selector(value).css)
        except (SelectolaxError, re.error) as error:
            raise ValueError(f"{value!r} is no selector") from error
        return value

    @property
    def share(self) -> float:
        """Part of the sample the rule held on, 0 to 1."""
        return self.support / self.of if self.of else 0.0


class Sample(_Facts):
    """The pages a template was learnt from."""

    pages: int = Field(ge=0)
    first_capture: datetime | None = None
    last_capture: datetime | None = None
    did_not_fit: tuple[str, ...] = ()
    """URLs of pages on which a rule for title or body found nothing, or something else."""


class Template(_Facts):
    """What the pages of one portal have in common."""

    learned: date
    parser_version: str = ""
    product: str = ""
    """The platform whose marks nearly all pages of the sample bear, ``generic`` where they bear
    none; empty: no page is known to be like the others, and each is looked at."""
    tells_articles: bool = False
    """Whether title, body and date together mark an article: no listing of the sample has all
    three."""
    sample: Sample
    rules: Mapping[str, tuple[LearnedRule, ...]]
    """Field of :data:`halong_crawler.platforms.base.FIELDS` → rules, the best supported first."""

    @field_validator("product")
    @classmethod
    def _product_is_known(cls, value: str) -> str:
        if value and value not in PLATFORMS:
            raise ValueError(f"unknown platform {value!r}; known are: {', '.join(PLATFORMS)}")
        return value

    @field_validator("rules")
    @classmethod
    def _fields_are_known(
        cls, value: Mapping[str, tuple[LearnedRule, ...]]
    ) -> Mapping[str, tuple[LearnedRule, ...]]:
        unknown = sorted(set(value) - set(FIELDS))
        if unknown:
            raise ValueError(f"unknown field {unknown[0]!r}; known are: {', '.join(FIELDS)}")
        return value

    def selectors(self, field: str) -> Iterator[str]:
        """The selectors of a field, best first."""
        return (rule.selector for rule in self.rules.get(field, ()))

    def settles(self, field: str) -> bool:
        """Whether a page of this template on which the rules find nothing does not have the field.

        So it is where they found it on half of the sample or more.
        """
        return sum(rule.share for rule in self.rules.get(field, ())) >= _SETTLED

    @property
    def stamp(self) -> str:
        """Which learning this is, for the version of what is read with it."""
        rules = json.dumps([(n, [r.selector for r in self.rules[n]]) for n in sorted(self.rules)])
        digest = hashlib.sha256(f"{self.tells_articles}{rules}".encode()).hexdigest()
        return f"learned-{self.learned.isoformat()}-{digest[:6]}"


def learned_file(folder: Path, name: str) -> Path:
    """Where the template of a portal lies, given the folder of the archivist's descriptors."""
    return folder / FOLDER / f"{name}.toml"


def find_template(name: str, folders: Iterable[Path]) -> Template | None:
    """The template learnt for a portal, the first that one of the folders holds.

    Raises :class:`TemplateError` for a file that cannot be used.
    """
    for folder in folders:
        path = learned_file(folder, name)
        if path.is_file():
            return load_template(path)
    return None


def load_template(path: Path) -> Template:
    """Read a learned file. Raises :class:`TemplateError` when it cannot be used."""
    remedy = "correct it, or delete the file and learn again"
    try:
        return parse_template(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise TemplateError(f"{path}: {where}: {fault['msg']}; {remedy}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise TemplateError(f"{path}: {error}; {remedy}") from error
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); check its rights"
        raise TemplateError(f"{path}: {reason}") from error


def parse_template(text: str) -> Template:
    """The template a learned file's text holds. Raises ValueError, as pydantic and tomllib do."""
    data = tomllib.loads(text)
    rules = _paired(data.pop("selectors", {}), data.pop("support", {}))
    return Template.model_validate(data | {"rules": rules})


def _paired(selectors: Any, supports: Any) -> dict[str, list[dict[str, Any]]]:
    """Each selector with its support; one that a person wrote has none."""
    rules: dict[str, list[dict[str, Any]]] = {}
    for field, texts in dict(selectors).items():
        counts = dict(supports).get(field, ())
        pairs = dict(zip(_listed(texts), _listed(counts), strict=False))
        rules[field] = [
            {"selector": text, **_counted(field, pairs.get(text))} for text in _listed(texts)
        ]
    return rules


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)


def _counted(field: str, text: str | None) -> dict[str, int]:
    if text is None:
        return {"support": 0, "of": 0}
    match = _SUPPORT.fullmatch(text)
    if match is None:
        raise ValueError(f"support.{field}: {text!r} is not written like '59 of 60 pages'")
    return {"support": int(match["support"]), "of": int(match["of"])}


def save_template(template: Template, portal: str, path: Path) -> None:
    """Write a learned file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(as_toml(template, portal), encoding="utf-8")
    draft.replace(path)


def as_toml(template: Template, portal: str) -> str:
    """The file's text."""
    sample = template.sample
    lines = [
        f"# What the article pages of {portal} have in common, learnt from {sample.pages} of them.",
        f"# Learn anew with: halong portal learn {portal}",
        "# The portal's own selectors and its platform's go before these. A line may be corrected",
        "# here; to keep it over the next learning, copy it into [selectors] of the descriptor.",
        "",
        f"learned = {template.learned.isoformat()}",
        f"parser_version = {_quoted(template.parser_version)}",
        *_product(template.product),
        "# Whether title, body and date together mark an article: no listing showed all three.",
        f"tells_articles = {str(template.tells_articles).lower()}",
        "",
        "[selectors]",
        *_table({name: [r.selector for r in rules] for name, rules in template.rules.items()}),
        "",
        "# On how many pages of the sample each selector found what it should.",
        "[support]",
        *_table(
            {
                name: [f"{r.support} of {r.of} pages" for r in rules]
                for name, rules in template.rules.items()
            }
        ),
        "",
        "[sample]",
        f"pages = {sample.pages}",
        *_moment("first_capture", sample.first_capture),
        *_moment("last_capture", sample.last_capture),
        *_misfits(sample.did_not_fit),
    ]
    return "\n".join(lines) + "\n"


def _table(fields: Mapping[str, list[str]]) -> Iterator[str]:
    for name in FIELDS:
        texts = fields.get(name)
        if not texts:
            continue
        if len(texts) == 1:
            yield f"{name} = {_quoted(texts[0])}"
            continue
        line = f"{name} = [{', '.join(map(_quoted, texts))}]"
        if len(line) <= _WIDE:
            yield line
        else:
            yield f"{name} = ["
            yield from (f"  {_quoted(text)}," for text in texts)
            yield "]"


def _product(name: str) -> Iterator[str]:
    if name:
        yield "# The platform whose marks nearly all of the pages bear; generic: they bear none."
        yield f"product = {_quoted(name)}"


def _moment(name: str, at: datetime | None) -> Iterator[str]:
    if at is not None:
        yield f"{name} = {at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}"


def _misfits(urls: tuple[str, ...]) -> Iterator[str]:
    if urls:
        yield "# Pages of the sample whose title or body these rules do not find."
        yield "did_not_fit = ["
        yield from (f"  {_quoted(url)}," for url in urls)
        yield "]"


def _quoted(text: str) -> str:
    """A TOML string; a literal one where the text holds quotes or backslashes, as regexes do."""
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    # JSON's escapes are TOML's, but for the one control character JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
