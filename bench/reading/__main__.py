"""Measures readers of articles: their bodies, titles, authors and days, and what they cost.

score SET shows one reader on one set, with its worst pages; run compares all readers on all sets
and brings the documentation's table up to date; cost shows our CPU time by family of pages; pin
writes down how well we read the project's own pages, below which a test fails.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from itertools import islice
from pathlib import Path

from bench.reading import report
from bench.reading.frozen import PAGES, frozen
from bench.reading.readers import READERS, NoReaderError, Reader, reader
from bench.reading.running import Cache, Run, cache_folder, run
from bench.reading.scores import FIELDS, PageScore, totals
from bench.reading.sets import ENVIRONMENT, SETS, Gold, MissingSetError, load, root_folder

OURS = "halong"
FROZEN = "pages"
"""The set of the pages below a folder; the others are public."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    score = commands.add_parser("score", help="one reader on one set")
    score.add_argument("set", choices=[FROZEN, *SETS])
    score.add_argument("--reader", default=OURS, help="a reader's name or MODULE:FUNCTION")
    score.add_argument("--fields", default=",".join(FIELDS), help="some of " + ",".join(FIELDS))
    score.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth page")
    score.add_argument("--misses", type=int, default=0, metavar="N", help="show the N worst")
    score.add_argument("--kind", default="article", help="type of page (WCXB), or all")
    score.set_defaults(work=score_command)
    compare = commands.add_parser("run", help="every reader on every set that is there")
    compare.add_argument("--reader", action="append", help="only this one; may be given again")
    compare.add_argument("--only", action="append", metavar="SET", help="only this set")
    compare.add_argument("--docs", action="store_true", help="keep the figures and write the table")
    compare.set_defaults(work=run_command)
    for command in (score, compare):
        command.add_argument("--sets", type=Path, metavar="FOLDER", help=f"else {ENVIRONMENT}")
        command.add_argument("--cache", type=Path, metavar="FOLDER", help="of peers' readings")
        command.add_argument("--refresh", action="store_true", help="read peers' pages anew")
    cost = commands.add_parser("cost", help="our CPU time by family of pages")
    cost.add_argument("--repeats", type=int, default=7, metavar="N")
    cost.add_argument("--docs", action="store_true", help="keep the figures and write the table")
    cost.set_defaults(work=cost_command)
    pin = commands.add_parser("pin", help="write down our scores on the project's own pages")
    pin.set_defaults(work=lambda _: pin_command())
    for command in (score, compare, cost):
        command.add_argument("--pages", type=Path, default=PAGES, help="folder of pages with gold")
    return top


def pages_of(set_name: str, root: Path | None, kind: str = "article", every: int = 1) -> list[Gold]:
    """A public set's pages of one type."""
    found = (gold for gold in load(set_name, root) if kind in (gold.kind, "all"))
    return list(islice(found, 0, None, every))


def _pages(options: argparse.Namespace, set_name: str) -> list[Gold]:
    if set_name == FROZEN:
        return list(islice(frozen(options.pages), 0, None, getattr(options, "every", 1)))
    kind, every = getattr(options, "kind", "article"), getattr(options, "every", 1)
    return pages_of(set_name, options.sets, kind, every)


def run_command(options: argparse.Namespace) -> None:
    """Every reader on every set; a reader or set that is not there is named and passed over."""
    readers = list(_readers(options.reader or READERS))
    cache = Cache(cache_folder(options.cache), refresh=options.refresh)
    for name in options.only or _sets(options.sets):
        pages = _pages(options, name)
        found = {}
        for one in readers:
            if not _concerns(one, pages):
                continue
            done = run(one, pages, cache)
            found[one.name] = report.figures_of(name, done)
            print(f"{one.name} on {name}: {figures(name, done)}", flush=True)
        if options.docs:
            report.keep(name, found, date.today())  # noqa: DTZ011 - the day of this machine's clock
    if options.docs:
        report.write_docs()


def _sets(root: Path | None) -> list[str]:
    try:
        root_folder(root)
    except MissingSetError as error:
        print(f"Only the project's own pages. {error}")
        return [FROZEN]
    return [FROZEN, *SETS]


def _readers(names: list[str] | dict[str, Reader]) -> list[Reader]:
    found = []
    for name in names:
        try:
            found.append(reader(name))
        except NoReaderError as error:
            print(error)
    return found


def _concerns(one: Reader, pages: list[Gold]) -> bool:
    """Whether a set has gold for what a reader reads."""
    has_body = any(gold.body is not None or gold.wanted for gold in pages)
    has_day = any(gold.day_known for gold in pages)
    return ("body" in one.fields and has_body) or ("day" in one.fields and has_day)


def cost_command(options: argparse.Namespace) -> None:
    """What reading costs; imported here because peers' environments need no Halong for the rest."""
    from bench.reading import cost  # noqa: PLC0415

    found = cost.report(frozen(options.pages), options.repeats)
    if options.docs:
        report.keep_cost(found, date.today())  # noqa: DTZ011 - the day of this machine's clock
        report.write_docs()


def pin_command() -> None:
    """Write down our scores on the project's own pages."""
    from bench.reading import pinned  # noqa: PLC0415

    pinned.write(pinned.measure())
    print(f"Written: {pinned.PINNED}")


def score_command(options: argparse.Namespace) -> None:
    """Score one reader on one set and show the worst pages and wrong values."""
    pages = _pages(options, options.set)
    wanted = [field for field in options.fields.split(",") if field in FIELDS]
    cache = Cache(cache_folder(options.cache), refresh=options.refresh)
    done = run(reader(options.reader), pages, cache, wanted)
    print(f"{options.reader} on {options.set}: {figures(options.set, done)}")
    for error in done.errors[:5]:
        print(f"  raised on {error}")
    if options.misses:
        show_misses(done, wanted, options.misses)


def figures(set_name: str, done: Run) -> str:
    """The figures of a run on one line."""
    shown = [
        f"{name} {value:.0f}" if name == "pages" else f"{name} {value:.3f}"
        for name, value in totals(set_name, done.scores).items()
    ]
    return ", ".join([*shown, f"{done.ratio:.1f} × a bare lxml parse"])


def show_misses(done: Run, wanted: list[str], count: int) -> None:
    """The worst bodies and the first wrong values of each field."""
    if "body" in wanted:
        print("\nworst bodies: F1 (hits, extra, missed)")
        for score in sorted(filter(_has_body, done.scores), key=_f1)[:count]:
            hit, extra, missed = score.body.counts if score.body else (0, 0, 0)
            counts = f"{hit:.3g}, {extra:.3g}, {missed:.3g}"
            print(f"  {_f1(score):.3f} ({counts})  {score.gold.name}  {score.gold.url}")
    for name in FIELDS[1:]:
        wrong = [s for s in done.scores if name in s.fields and not s.fields[name].right]
        if wrong:
            print(f"\nwrong {name}: {len(wrong)}")
        for score in wrong[:count]:
            field = score.fields[name]
            print(f"  wanted {field.wanted or 'none'!r}, read {field.read or 'none'!r}")
            print(f"      {score.gold.name}  {score.gold.url}")


def _has_body(score: PageScore) -> bool:
    return score.body is not None


def _f1(score: PageScore) -> float:
    return score.body.f1 if score.body is not None else 1.0


def main() -> None:
    """Do what the command line asks."""
    options = parser().parse_args()
    try:
        options.work(options)
    except (MissingSetError, NoReaderError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
