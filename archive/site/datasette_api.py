"""The parts of Datasette the site stands on. Datasette ships no types: they end here."""

from __future__ import annotations

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database, QueryInterrupted  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils import parse_metadata, sqlite_timelimit  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400, Request, Response  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]
from pluggy import HookimplMarker

hookimpl = HookimplMarker("datasette")


def use_own_error_pages() -> None:
    """Leave errors to the site's plugin.

    Datasette calls every handler, and its own prints a full trace with local variables to
    the terminal for each address that does not exist: noise that hides real errors.
    """
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


__all__ = [
    "Base400",
    "Database",
    "Datasette",
    "DatasetteError",
    "QueryInterrupted",
    "Request",
    "Response",
    "hookimpl",
    "parse_metadata",
    "pm",
    "sqlite_timelimit",
    "use_own_error_pages",
]
