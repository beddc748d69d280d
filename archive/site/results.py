"""Search results for readers and for programs: the address of every next step included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, get_args
from urllib.parse import urlencode

from archive.facets import Facet, FacetValue
from archive.query import UNDATED, YES, Filters, as_day
from archive.search import Hit, Order, Results
from archive.site.labels import FACETS, permalink
from archive.site.language import gettext

Parameters = Mapping[str, str]

_FILTERS = tuple(field.name for field in fields(Filters))
_DAYS = ("since", "until")
_FLAGS = ("attachment", "edited", "removed")
_PARAMETERS = {"since": "from", "until": "to"}
"""Filters that have another name in an address."""


def asked_filters(parameters: Parameters) -> Filters:
    """The filters of an address; empty ones, and dates that are none, are none."""
    asked = {name: parameters.get(_PARAMETERS.get(name, name)) or None for name in _FILTERS}
    days = {name: as_day(asked[name] or "") for name in _DAYS}
    flags = {name: YES if asked[name] else None for name in _FLAGS}
    return Filters(**(asked | days | flags))


def asked_order(parameters: Parameters) -> Order:
    """The order of an address; anything unknown is the default."""
    return "newest" if parameters.get("order") == "newest" else "relevance"


def state(results: Results) -> dict[str, str]:
    """The parameters that lead to these results, from their first page, without the defaults."""
    filters = {
        _PARAMETERS.get(name, name): value for name, value in results.filters.in_use().items()
    }
    wanted = {"q": results.query.text} | filters
    if results.order != get_args(Order)[0]:
        wanted["order"] = results.order
    return {name: value for name, value in wanted.items() if value}


def address(path: str, results: Results, **changes: str | None) -> str:
    """The address of the same search with some parameters changed; None takes one away.

    Whatever changes, reading starts again at the first page.
    """
    query = urlencode({name: value for name, value in (state(results) | changes).items() if value})
    return f"{path}?{query}" if query else path


def _pages(results: Results, path: str) -> dict[str, str | None]:
    """The pages before and after."""
    return {
        "previous": address(path, results, before=results.previous) if results.previous else None,
        "next": address(path, results, after=results.next) if results.next else None,
    }


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
        **_pages(results, path),
        "suggested": address(path, results, q=results.suggestion) if results.suggestion else None,
        "periods": [
            {"label": gettext(FACETS[name]), "value": value, "address": _away(path, results, name)}
            for name in _DAYS
            if (value := getattr(results.filters, name))
        ],
        "clear": path,
    }


def _away(path: str, results: Results, name: str) -> str:
    return address(path, results, **{_PARAMETERS.get(name, name): None})


def _facet_links(facet: Facet, results: Results, path: str) -> dict[str, Any]:
    return {
        "name": facet.name,
        "label": gettext(FACETS[facet.name]),
        "values": [
            {
                "label": _label(facet.name, value),
                "count": value.count,
                "selected": value.selected,
                "address": address(
                    path, results, **{facet.name: None if value.selected else value.value}
                ),
            }
            for value in facet.values
        ],
    }


def _label(facet: str, value: FacetValue) -> str:
    if value.value == UNDATED:
        return gettext("undated")
    return gettext("yes") if facet in _FLAGS else value.label


def for_json(results: Results, path: str) -> dict[str, Any]:
    """The answer of /search.json."""
    return {
        "q": results.query.text,
        "filters": asdict(results.filters),
        "order": results.order,
        "total": results.total,
        "ranked": results.ranked,
        "exact": results.exact,
        "suggestion": results.suggestion,
        "skipped": results.skipped,
        **_pages(results, path),
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {
            facet.name: [asdict(value) for value in facet.values] for facet in results.facets
        },
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"permalink": permalink(hit.key), **asdict(hit)}
