"""From many pages of one portal to its template."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from halong_crawler.learning import belongings, fields, people
from halong_crawler.learning.body import find_body, find_cuts
from halong_crawler.learning.corpus import Corpus
from halong_crawler.learning.facts import Facts, apart
from halong_crawler.learning.joint import learn_joint_byline
from halong_crawler.learning.listing import learn_listing
from halong_crawler.learning.outline import Page
from halong_crawler.learning.selecting import Trial
from halong_crawler.learning.template import LearnedRule, Sample, Template
from halong_crawler.platforms import detect

FEWEST = 20
"""Article pages below which what repeats cannot be told from chance."""
MOST = 200
"""Article pages above which nothing more is learnt."""
_STRAGGLERS = 0.05
"""Share of the sample below which pages of another form of address are left out."""
_ALIKE = 0.95
"""Share of the sample that bears the marks of one product where the portal is made by it."""
_MISFITS = 10
"""How many pages that did not fit are named."""


class NotLearntError(ValueError):
    """Why nothing could be learnt: one line that says what was found and what to do."""


def learn(
    pages: Sequence[Page], *, zone: ZoneInfo, learned: date, parser_version: str = ""
) -> Template:
    """The template the article pages among ``pages`` share.

    Raises :class:`NotLearntError` when there are fewer than :data:`FEWEST` of them, or when no
    element holds the body of most.
    """
    articles = main_group([page for page in pages if page.kind == "article"])
    if len(articles) < FEWEST:
        articles = largest_group([page for page in pages if page.kind == "page"]) or articles
    if len(articles) < FEWEST:
        raise NotLearntError(
            f"only {len(articles)} article pages were captured and {FEWEST} are needed; "
            "crawl more of the portal first"
        )
    articles = articles[:MOST]
    chosen = set(articles)
    others = [page for page in pages if page not in chosen and page.kind != "article"]
    corpus = Corpus(articles, others, zone)
    body = find_body(corpus)
    if body is None or len(body.found) < 0.5 * len(articles):
        raise NotLearntError(
            f"no element holds the body on most of {len(articles)} pages: they have no template in "
            "common; name the selectors in the portal's descriptor"
        )
    facts = Facts(corpus, body, {"body": list(body.trials)})
    _learn_fields(facts)
    rules = {
        name: tuple(
            LearnedRule(selector=trial.selector, support=len(trial.hits), of=len(articles))
            for trial in trials
        )
        for name, trials in facts.rules.items()
        if trials
    }
    rules |= learn_listing(corpus)
    captured = sorted(page.captured_at for page in articles)
    return Template(
        learned=learned,
        parser_version=parser_version,
        product=_product(articles),
        tells_articles=_tells_articles(facts, others),
        sample=Sample(
            pages=len(articles),
            first_capture=captured[0],
            last_capture=captured[-1],
            did_not_fit=_misfits(facts),
        ),
        rules=rules,
    )


def _product(pages: Sequence[Page]) -> str:
    """The platform whose marks the pages bear, if it is the same on nearly all of them."""
    names = Counter(detect(page.document.written).name for page in pages)
    name, count = names.most_common(1)[0]
    return name if count >= _ALIKE * len(pages) else ""


def _learn_fields(facts: Facts) -> None:
    """In this order: each narrows where the next may stand."""
    rules = facts.rules
    rules["title"] = fields.learn_title(facts)
    rules.update(fields.learn_dates(facts))
    rules["byline"] = people.learn_byline(facts) or learn_joint_byline(facts)
    rules["source"] = people.learn_source(facts)
    rules["lead"] = people.learn_lead(facts)
    rules["category"] = belongings.learn_category(facts)
    rules["tags"] = belongings.learn_tags(facts)
    rules["attachments"] = belongings.learn_attachments(facts)
    named = {name: trials for name, trials in rules.items() if name != "body"}
    cut = apart(Facts(facts.corpus, facts.body, named))
    rules["cut"] = find_cuts(facts.corpus, facts.body, cut)


def main_group(pages: Sequence[Page]) -> list[Page]:
    """The pages without those whose form of address is a rare one: they are of another kind."""
    shapes = Counter(shape(page.url) for page in pages)
    least = _STRAGGLERS * len(pages)
    return [page for page in pages if shapes[shape(page.url)] > least]


def largest_group(pages: Sequence[Page]) -> list[Page]:
    """Where no page was taken for an article: those of the commonest form of address, if enough.

    An address that does not say what it is may still be that of most pages of a portal.
    """
    shapes = Counter(shape(page.url) for page in pages)
    found = [page for page in pages if shape(page.url) == max(shapes, key=lambda s: shapes[s])]
    return found if len(found) >= FEWEST else []


def shape(url: str) -> str:
    """The form of an address: numbers, slugs and words of a path by their kind only."""
    parts = urlsplit(url)
    steps = [_kind(step) for step in parts.path.split("/") if step]
    names = sorted(part.partition("=")[0] for part in parts.query.split("&") if part)
    return "/".join(steps[-3:]) + ("?" + "&".join(names) if names else "")


def _kind(step: str) -> str:
    stem, dot, extension = step.rpartition(".")
    stem = stem if dot and len(extension) <= 5 else step
    if stem.isdigit():
        kind = "N"
    else:
        # A slug may itself end in a number; a word with one (trang-4) is of another kind.
        slug = len(re.split(r"[-_]", stem)) > 2
        kind = "S" if slug else "wN" if stem[-1:].isdigit() else "w"
    return kind + (f".{extension}" if dot and len(extension) <= 5 else "")


def _misfits(facts: Facts) -> tuple[str, ...]:
    fit = facts.body.pages & frozenset(facts.titles)
    return tuple(page.url for page in facts.corpus.pages if page not in fit)[:_MISFITS]


def _tells_articles(facts: Facts, others: Sequence[Page]) -> bool:
    """Whether the three rules that mark an article never hold together on a listing."""
    marks = [facts.rules.get(name) or [] for name in ("title", "body", "date")]
    listings = [page for page in others if page.kind == "listing"]
    return (
        bool(listings)
        and all(marks)
        and not any(all(_finds(page, trials) for trials in marks) for page in listings)
    )


def _finds(page: Page, trials: Sequence[Trial]) -> bool:
    return any(element.text for trial in trials for element in page.matches(trial.css))
