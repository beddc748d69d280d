"""``halong coverage``: how complete the archive is of a portal, and what is known to be missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from archive import coverage as measured
from archive.counters import Counter, Range
from archive.coverage import Coverage, next_month
from archive.place import Archive
from archive.reader import reading
from archive.stops import stop_for
from archive.walked import ENDS, Listing
from halong_crawler.cli.errors import Exit, UserError
from halong_crawler.cli.options import archive_option
from halong_crawler.cli.summary import report_console

_MONTHS_IN_FULL = 18
"""Months up to which each has a line of its own; more are folded to a line a year."""
_WIDEST = 40
_BLOCKS = "▁▂▃▄▅▆▇█"
_NONE = "·"
_GAPS_TOLD = 8
_RANGES_TOLD = 5
_LISTINGS_TOLD = 12


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--crawl", "crawl_id", type=int, metavar="ID",
    help="As this crawl of the portal left it; by default as the archive is now.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON.")
@archive_option
def coverage(name: str, crawl_id: int | None, as_json: bool, archive_dir: Path) -> None:
    """Say how complete the archive is of the portal NAME.

    Articles per month, gaps in the portal's own numbers, and each listing: what it names, what of
    that is held, how far back it was walked, and why its end was not reached. Nothing is asked of
    the portal and nothing is written; a crawl may be running.
    """
    with reading(Archive(archive_dir)) as connection:
        try:
            found = measured.coverage(connection, name)
            if crawl_id is not None:
                found = _kept(measured.kept(connection, crawl_id), name, crawl_id)
        except LookupError as error:
            raise UserError(str(error), Exit.USAGE) from error
        (title,) = connection.execute(
            "SELECT title_vi FROM portals WHERE name = ?", [name]
        ).fetchone()
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        print_coverage(report_console(), found, title)


def _kept(found: Coverage | None, name: str, crawl_id: int) -> Coverage:
    """Raises LookupError where the crawl is another portal's, or left no coverage."""
    if found is None:
        raise LookupError(f"crawl {crawl_id} left no coverage: it runs, or is older than schema 5")
    if found.portal != name:
        raise LookupError(f"the archive has no crawl {crawl_id} of {name}")
    return found


def print_coverage(console: Console, found: Coverage, title: str) -> None:
    """Print it for people."""
    console.print()
    console.print(f"[bold]{escape(title)}[/bold] ({found.portal})", soft_wrap=True)
    after = f"after crawl {found.crawl_id}, {_day(found.at)}" if found.crawl_id else "not crawled"
    console.print(f"  {_articles(found)}; {after}")
    _print_months(console, found)
    _print_counters(console, found)
    _print_listings(console, found)


def _articles(found: Coverage) -> str:
    parts = [f"{_count(found.articles, 'article')} held"]
    if found.removed:
        parts.append(f"{found.removed:,} of them gone from the portal")
    if found.undated:
        parts.append(f"{found.undated:,} without a date")
    if found.oldest:
        parts.append(f"from {_day(found.oldest)} to {_day(found.newest)}")
    return ", ".join(parts)


# Months


def _print_months(console: Console, found: Coverage) -> None:
    if not found.months:
        return
    console.print("\n  [bold]Per month[/bold]")
    most = max(found.months.values())
    if len(found.months) <= _MONTHS_IN_FULL:
        for month, count in found.months.items():
            bar = "█" * max(round(_WIDEST * count / most), int(count > 0))
            console.print(f"    {month}  {count:>6,}  {bar}")
    else:
        console.print(f"    {'':4}  {'':>8}  J F M A M J J A S O N D")
        for year, count, bars in _years(found.months, _high(found.months)):
            console.print(f"    {year}  {count:>8,}  {bars}")
    empty = _in_a_row(found.empty_months)
    if empty:
        more = f" and {len(empty) - _GAPS_TOLD} more spans" if len(empty) > _GAPS_TOLD else ""
        console.print(
            f"    No article in {len(found.empty_months)} months: "
            f"{', '.join(empty[:_GAPS_TOLD])}{more}", soft_wrap=True,
        )  # fmt: skip


def _years(months: dict[str, int], most: int) -> Iterator[tuple[str, int, str]]:
    """Year, articles, and a bar for each of its months; blank before the first and after the last.

    All bars are by one measure, so that years can be compared.
    """
    for year, group in groupby(months, key=lambda month: month[:4]):
        held = {month: months[month] for month in group}
        bars = (_bar(held.get(f"{year}-{number:02}"), most) for number in range(1, 13))
        yield year, sum(held.values()), " ".join(bars)


def _bar(count: int | None, most: int) -> str:
    if count is None:
        return " "
    return _BLOCKS[min((len(_BLOCKS) - 1) * count // most, len(_BLOCKS) - 1)] if count else _NONE


def _high(months: dict[str, int]) -> int:
    """What fills a bar: one month in twenty has more. A month of an import would flatten all."""
    counts = sorted(count for count in months.values() if count)
    return counts[(len(counts) - 1) * 19 // 20]


def _in_a_row(months: tuple[str, ...]) -> list[str]:
    """``2016-03``, ``2017-08 to 2017-11``."""
    spans: list[list[str]] = []
    for month in months:
        if spans and next_month(spans[-1][-1]) == month:
            spans[-1].append(month)
        else:
            spans.append([month])
    return [span[0] if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]


# Numbers


def _print_counters(console: Console, found: Coverage) -> None:
    if not found.counters:
        return
    console.print("\n  [bold]The portal's own numbers[/bold]")
    for counter in found.counters:
        console.print(f"    {_counter(counter)}", soft_wrap=True)
        if counter.unknown and counter.is_dense:
            longest = sorted(counter.ranges, key=lambda each: (-each.size, each.first))
            for each in sorted(longest[:_RANGES_TOLD], key=lambda each: each.first):
                console.print(f"      {_range(each)}", soft_wrap=True)
            if counter.range_count > _RANGES_TOLD:
                console.print(f"      and {counter.range_count - _RANGES_TOLD:,} shorter ranges")


def _counter(counter: Counter) -> str:
    name = f"Ids {escape(counter.prefix)}{counter.first:,}–{counter.last:,}"
    parts = [f"{counter.held:,} held"]
    if counter.gone:
        parts.append(f"{counter.gone:,} asked for and no article there")
    if counter.waiting:
        parts.append(f"{counter.waiting:,} met and not answered yet")
    if not counter.unknown:
        return f"{name}: {', '.join(parts)}, none unknown"
    if counter.is_dense:
        return f"{name}: {', '.join(parts)}, [yellow]{counter.unknown:,} unknown[/yellow]"
    return f"{name}: {', '.join(parts)}; the rest says nothing: more than articles is numbered here"


def _range(each: Range) -> str:
    numbers = f"{each.first:,}" if each.size == 1 else f"{each.first:,}–{each.last:,}"
    when = [day for day in (each.after, each.before) if day]
    around = f", about {' to '.join(dict.fromkeys(day[:7] for day in when))}" if when else ""
    return f"{numbers}: {each.size:,} unknown{around}"


# Listings


def _print_listings(console: Console, found: Coverage) -> None:
    if not found.listing_count:
        return
    whole = found.listing_count - found.listings_open
    console.print(
        f"\n  [bold]Listings[/bold]: the end of {whole:,} of {found.listing_count:,} was reached"
    )
    told = [listing for listing in found.listings if not listing.is_whole]
    told += [listing for listing in found.listings if listing.is_whole]
    for listing in told[:_LISTINGS_TOLD]:
        _print_listing(console, listing)
    if len(told) > _LISTINGS_TOLD:
        console.print(f"    and {found.listing_count - _LISTINGS_TOLD:,} more; --json has them")


def _print_listing(console: Console, listing: Listing) -> None:
    color = "green" if listing.is_whole else "yellow"
    console.print(f"    {listing.url}", soft_wrap=True, markup=False)
    console.print(f"      {_held(listing)}", soft_wrap=True)
    console.print(f"      [{color}]{_end(listing)}[/{color}]", soft_wrap=True)


def _held(listing: Listing) -> str:
    held = "all held" if listing.held == listing.named else f"we have {listing.held:,}"
    if listing.says is not None:
        said = f"the portal says {listing.says:,} (“{escape(listing.printed or '')}”); "
    elif listing.says_pages is not None:
        said = f"the portal says {_count(listing.says_pages, 'page')}; "
    else:
        said = ""
    parts = [f"names {_count(listing.named, 'article')} on {_count(listing.pages, 'page')}, {held}"]
    if listing.oldest:
        parts.append(f"the oldest of {_day(listing.oldest)}")
    if listing.last_key:
        parts.append(f"the last {listing.last_key}")
    return said + ", ".join(parts)


def _end(listing: Listing) -> str:
    if listing.end == "ended":
        return f"walked to its end in the crawl of {_day(listing.walked_at)}"
    words = f"{listing.walked_at[:10]}: {ENDS[listing.end]}"
    if listing.end == "stopped":
        words += f": {listing.pages_left:,} ({stop_for(listing.why).meaning})"
    if listing.end == "failed":
        words += f": {listing.pages_failed:,}"
    if listing.ended_at is not None:
        return f"{words}; its end was last reached by {_day(listing.ended_at)}"
    return f"{words}; its end was never reached"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def _day(text: str | None) -> str:
    return (text or "")[:10]
