"""Search results for readers and for programs: the address of every next step included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args
from urllib.parse import urlencode

from archive.facets import FACET_NAMES, Facet
from archive.query import UNDATED, Filters
from archive.search import Hit, Order, Results
from archive.site.labels import FACETS, permalink
from archive.site.language import gettext

Parameters = Mapping[str, str]


def asked_filters(parameters: Parameters) -> Filters:
    """The filters of an address; empty ones are none."""
    return Filters(**{name: parameters.get(name) or None for name in FACET_NAMES})


def asked_order(parameters: Parameters) -> Order:
    """The order of an address; anything unknown is the default."""
    return "newest" if parameters.get("order") == "newest" else "relevance"


def asked_page(parameters: Parameters) -> int:
    """The page of an address; anything odd is the first."""
    page = parameters.get("page") or ""
    return int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def state(results: Results) -> dict[str, str]:
    """The parameters that lead to these results, without the defaults."""
    wanted = {"q": results.query.text} | asdict(results.filters)
    if results.order != get_args(Order)[0]:
        wanted["order"] = results.order
    if results.page > 1:
        wanted["page"] = str(results.page)
    return {name: value for name, value in wanted.items() if value}


def address(path: str, results: Results, **changes: str | None) -> str:
    """The address of the same search with some parameters changed; None takes one away.

    Whatever changes, reading starts again at the first page.
    """
    wanted = {**state(results), "page": None, **changes}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{path}?{query}" if query else path


def for_template(results: Results, path: str) -> dict[str, Any]:
    """What the search page shows."""
    return {
        "results": results,
        "state": state(results),
        "facets": [_facet_links(facet, results, path) for facet in results.facets],
        "orders": {
            order: address(path, results, order=None if order == "relevance" else order)
            for order in get_args(Order)
        },
        "previous": (
            address(path, results, page=str(results.page - 1)) if results.page > 1 else None
        ),
        "next": address(path, results, page=str(results.page + 1)) if results.has_next else None,
        "clear": path,
    }


def _facet_links(facet: Facet, results: Results, path: str) -> dict[str, Any]:
    return {
        "name": facet.name,
        "label": gettext(FACETS[facet.name]),
        "values": [
            {
                "label": gettext("undated") if value.value == UNDATED else value.label,
                "count": value.count,
                "selected": value.selected,
                "address": address(
                    path, results, **{facet.name: None if value.selected else value.value}
                ),
            }
            for value in facet.values
        ],
    }


def for_json(results: Results, path: str) -> dict[str, Any]:
    """The answer of /search.json."""
    return {
        "q": results.query.text,
        "filters": asdict(results.filters),
        "order": results.order,
        "total": results.total,
        "total_is_lower_bound": results.total_is_lower_bound,
        "ranked_newest": results.ranked_newest,
        "counted_newest": results.counted_newest,
        "page": results.page,
        "next": address(path, results, page=str(results.page + 1)) if results.has_next else None,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            facet.name: [asdict(value) for value in facet.values] for facet in results.facets
        },
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"permalink": permalink(hit.key), **asdict(hit)}
