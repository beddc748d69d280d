"""Titles and descriptions for Datasette's pages.

``metadata.yaml`` holds what cannot be derived. What each table and column means is written
once, in :mod:`archive.tables`, and added here.
"""

from __future__ import annotations

from typing import Any

from archive.site import FOLDER
from archive.site.database import DATABASE_NAME
from archive.site.datasette_api import parse_metadata
from archive.tables import TABLES
from archive.views import VIEWS


def metadata() -> dict[str, Any]:
    """Metadata as Datasette wants it; a new one each time, since Datasette writes into it."""
    written: dict[str, Any] = parse_metadata((FOLDER / "metadata.yaml").read_text(encoding="utf-8"))
    tables: dict[str, dict[str, Any]] = written["databases"][DATABASE_NAME]["tables"]
    for table in TABLES:
        if not table.is_plumbing:
            columns = {column.name: column.description for column in table.columns}
            described = {"description": table.description, "columns": columns}
            tables[table.name] = described | tables.get(table.name, {})
    for view in VIEWS:
        tables[view.name] = {"description": view.description} | tables.get(view.name, {})
    return written
