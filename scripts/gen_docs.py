"""Write the pages of ``docs/`` that follow from code: cli.md, schema.md and settings.md.

``python scripts/gen_docs.py`` writes them; with ``--check`` nothing is written and the exit code
is 1 when a page is stale.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object

from archive.schema import (
    FTS_TABLE_SQL,
    OUTCOMES,
    SCHEMA_VERSION,
    SKIP_REASONS,
    TEXT_STATUSES,
    create_statements,
)
from archive.stops import STOPS
from archive.tables import TABLES, Table
from archive.views import INDEXES, VIEWS, View
from halong_crawler import settings as crawler_settings
from halong_crawler.cli import errors, main

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "archive" / "site"
NOTICE = "<!-- Made by scripts/gen_docs.py from {source}; change that and run make docs. -->\n"


# cli.md


def cli_page() -> str:
    """Every command, argument, option and exit code."""
    parts = [
        NOTICE.format(source="the commands' own help"),
        "# The command line\n",
        f"{_prose(main.help)}\n",
        "Every command also takes `-h` and `--help`; `halong --version` tells the version. An "
        "option that names an environment variable takes its value from there when it is not "
        "given.\n",
    ]
    context = click.Context(main, info_name="halong")
    for command, below in _commands(main, context):
        parts.append(_command(command, below))
    parts += ["## Exit codes\n", _exit_codes()]
    return "\n".join(parts)


def _commands(
    group: click.Group, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        below = click.Context(command, info_name=name, parent=context)
        yield command, below
        if isinstance(command, click.Group):
            yield from _commands(command, below)


def _command(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [
        f"## {context.command_path}\n", f"```text\n{usage}\n```\n", f"{_prose(command.help)}\n",
    ]  # fmt: skip
    options = [p for p in command.params if isinstance(p, click.Option)]
    if options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [_option(option, context) for option in options]
        lines.append("")
    return "\n".join(lines)


def _option(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" {_metavar(option, context)}"
    names = names[:-1] + f"{value}`"
    meaning = option.help or ""
    if option.show_default and option.default is not None and not option.is_flag:
        meaning += f" Default: `{option.default}`."
    if option.envvar:
        meaning += f" Environment variable: `{option.envvar}`."
    return f"| {names} | {_cell(meaning)} |"


def _metavar(option: click.Option, context: click.Context) -> str:
    return option.make_metavar(context).replace("INTEGER RANGE", "NUMBER")


def _exit_codes() -> str:
    meanings = _docstrings_of_members(errors.Exit)
    rows = ["| code | name | meaning |", "|---|---|---|"]
    for code in errors.Exit:
        meaning = meanings.get(code.name, "It ended as it was asked to.")
        rows.append(f"| {int(code)} | `{code.name}` | {_cell(meaning)} |")
    return "\n".join(rows) + "\n"


def _docstrings_of_members(cls: type) -> dict[str, str]:
    """The strings that stand below a class's assignments."""
    body = ast.parse(inspect.getsource(cls)).body[0].body  # type: ignore[attr-defined]
    found = {}
    for statement, following in pairwise(body):
        if isinstance(statement, ast.Assign) and _is_string(following):
            found[statement.targets[0].id] = following.value.value  # type: ignore[attr-defined]
    return found


def _is_string(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _prose(text: str | None) -> str:
    return inspect.cleandoc(text or "").replace("\b\n", "")


# schema.md


def schema_page() -> str:
    """Every table, column, view, outcome and reason."""
    readers = [table for table in TABLES if not table.is_plumbing]
    plumbing = [table for table in TABLES if table.is_plumbing]
    parts = [
        NOTICE.format(source="archive/tables.py, archive/views.py and archive/schema.py"),
        "# The database\n",
        f"`halong.db` is one SQLite file. This is schema {SCHEMA_VERSION}; `schema_info` says "
        "which one a file has. Times of captures are in UTC and end in `Z`; dates of publication "
        "carry the portal's own offset and are cut to what the page states (`2025-06-02`: a day). "
        "Unknown is NULL, never a guess. Text is Unicode NFC.\n",
        "Tables: " + ", ".join(f"[`{t.name}`](#{t.name})" for t in readers) + ".\n",
        "Views: " + ", ".join(f"[`{v.name}`](#{v.name})" for v in VIEWS) + ".\n",
        "Closed lists: [outcomes](#outcomes), [skip reasons](#skip-reasons), "
        "[text statuses](#text-statuses).\n",
        "## Tables\n",
        *(_table(table) for table in readers),
        "## Views\n",
        *_views(),
        "## Full-text search\n",
        _FULL_TEXT.format(sql=FTS_TABLE_SQL.strip()),
        "## Outcomes\n",
        "What a fetch came to: the closed list of `captures.outcome`.\n",
        _meanings("outcome", OUTCOMES),
        "## Why crawls end\n",
        "The closed list of `crawls.reason`. A crawl that ended well did what it was asked for "
        "and has the status `finished`; after any other, run it again. The exit code is that of "
        "`halong crawl` ([all codes](cli.md#exit-codes)).\n",
        _stops(),
        "## Skip reasons\n",
        "Why a URL was not followed: the closed list of `skipped_urls.reason`.\n",
        _meanings("reason", SKIP_REASONS),
        "## Text statuses\n",
        "How far the text of a file was read: the closed list of `attachments.text_status`.\n",
        _meanings("status", TEXT_STATUSES),
        "## Plumbing\n",
        "Tables whose names begin with `_` belong to the crawler. The site does not show them, and "
        "nothing should be built on them.\n",
        *(_table(table) for table in plumbing),
        "## Indexes\n",
        "```sql\n" + ";\n".join(INDEXES) + ";\n```\n",
    ]
    return "\n".join(parts)


_FULL_TEXT = """\
`articles_fts` is an FTS5 index over `article_texts`; its `rowid` is `articles.id`.

```sql
{sql};
```

Its tokenizer drops marks, so `dai hoi` finds `đại hội`. It does not turn `đ` into `d`, which is a
letter of its own; triggers do this when a text is written. A query must do the same:

```sql
SELECT a.key, a.title FROM articles_fts f JOIN articles a ON a.id = f.rowid
WHERE articles_fts MATCH replace(replace(:q, 'đ', 'd'), 'Đ', 'D') ORDER BY rank;
```

`highlight()` and `snippet()` still give the text with its marks. Never run FTS5's own `rebuild`: it
would index `đ` unfolded. `halong reindex` builds the index anew the right way.
"""


def _table(table: Table) -> str:
    rows = [f"### {table.name}\n", f"{table.description}\n"]
    rows += ["| column | type | meaning |", "|---|---|---|"]
    rows += [f"| `{c.name}` | {_cell(c.type)} | {_cell(c.description)} |" for c in table.columns]
    rows.append("")
    if table.constraints:
        rows.append("Constraints: " + ", ".join(f"`{text}`" for text in table.constraints) + ".\n")
    return "\n".join(rows)


def _views() -> Iterator[str]:
    with sqlite3.connect(":memory:") as connection:
        for statement in create_statements():
            connection.execute(statement)
        for view in VIEWS:
            yield _view(view, connection)


def _view(view: View, connection: sqlite3.Connection) -> str:
    columns = connection.execute("SELECT name FROM pragma_table_info(?)", [view.name])
    names = ", ".join(f"`{name}`" for (name,) in columns)
    return f"### {view.name}\n\n{view.description}\n\nColumns: {names}.\n"


def _meanings(heading: str, meanings: dict[str, str]) -> str:
    rows = [f"| {heading} | meaning |", "|---|---|"]
    rows += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in meanings.items()]
    return "\n".join(rows) + "\n"


def _stops() -> str:
    rows = ["| reason | meaning | ended well | exit code |", "|---|---|---|---|"]
    for name, stop in STOPS.items():
        well = "yes" if stop.whole else "no"
        rows.append(f"| `{name}` | {_cell(stop.meaning)} | {well} | {stop.code} |")
    return "\n".join(rows) + "\n"


# settings.md


def settings_page() -> str:
    """Every setting that differs from its default, with the reason."""
    parts = [
        NOTICE.format(source="halong_crawler/settings.py and archive/site/settings.json"),
        "# Settings\n",
        _SETTINGS_HEAD,
        "## Scrapy\n",
        *(_setting(*found) for found in scrapy_settings()),
        "## The site\n",
        "Datasette's settings, in `archive/site/settings.json`.\n",
        "| setting | value | why |",
        "|---|---|---|",
        *_site_settings(),
        "",
    ]
    return "\n".join(parts)


_SETTINGS_HEAD = """\
A portal's `[politeness]` wins over `DOWNLOAD_DELAY`, `CONCURRENT_REQUESTS_PER_DOMAIN` and
`USER_AGENT` (see [portals](portals.md)); `halong crawl --delay` wins over both. A `Crawl-delay` in
robots.txt lengthens the delay and never shortens it. `halong crawl` writes its own log lines and
turns `LOG_ENABLED` and `LOG_INSTALL_ROOT_HANDLER` off; `scrapy crawl NAME` leaves them on.

| environment variable | meaning |
|---|---|
| `HALONG_ARCHIVE` | The archive's folder where `--archive` is not given. |
| `HALONG_CONTACT` | Address in the User-Agent: how a portal's operator reaches you. Set it. |
| `HALONG_COMMON_CRAWL_DATA` | Where its WARC files are; `https://data.commoncrawl.org`. |
| `HALONG_COMMON_CRAWL_INDEX` | Where Common Crawl's indexes are; `https://index.commoncrawl.org`. |
| `HALONG_LEAST_FREE` | Bytes free on the archive's disk below which a crawl ends; 500000000. |
| `HALONG_MAX_IMAGE_SIZE` | Bytes; larger images stay with their server; 25000000. |
| `HALONG_NOW` | When a crawl believes to begin (`2026-11-23T03:15:00Z`). For tests. |
| `HALONG_ORGANIZATION` | Who keeps the archive: Source-Organization of [bags](archivists.md). |
| `HALONG_PATIENCE` | Factor on every [wait after a failure](archivists.md); 1 by default. |
| `HALONG_SECOND_LOOK_AFTER` | Seconds a listing may take before it is looked at again; 300. |
| `HALONG_TSA` | Address of a [time-stamp authority](archivists.md) that stamps each crawl's root. |
| `HALONG_TSA_CA` | File with the certificates (PEM) its stamps must be signed by. |
| `HALONG_WAYBACK_CDX` | The Wayback Machine's index, or a pywb's. |
| `HALONG_WAYBACK_REPLAY` | Where it shows captures; `https://web.archive.org/web`. |
| `HALONG_WEB_ARCHIVES_DELAY` | Seconds between two requests to a web archive; 2. |
| `SSL_CERT_FILE` | CA certificates in the place of the system's; for one portal use `[tls]`. |
"""


def scrapy_settings() -> Iterator[tuple[str, str, str]]:
    """Name, value as written and reason of each setting in the file, in its order."""
    source = inspect.getsource(crawler_settings)
    lines = source.split("\n")
    above: list[str] = []
    last_line = 0
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign):
            continue
        first = statement.lineno - 1
        comments = list(_comments_above(lines, first))
        if comments or not all(lines[last_line:first]):
            above = comments
        last_line = statement.end_lineno or first
        name = statement.targets[0].id  # type: ignore[attr-defined]
        written = ast.get_source_segment(source, statement.value) or ""
        yield name, written, _reason(name, comments, above, "\n".join(lines[first:last_line]))


def _comments_above(lines: list[str], index: int) -> Iterator[str]:
    start = index
    while start and lines[start - 1].startswith("#"):
        start -= 1
    for line in lines[start:index]:
        yield line.removeprefix("#").strip()


def _reason(name: str, own: list[str], above: list[str], written: str) -> str:
    """Its comment; what it names; else the comment of the group it stands in."""
    inside = re.findall(r"^\s+# (.+)$", written, re.M)
    classes = re.findall(r'"(halong_crawler\.[\w.]+\.[A-Z]\w+)"', written)
    told = [" ".join(own), " ".join(inside)]
    for path in classes:
        summary = (inspect.getdoc(load_object(path)) or "").split("\n\n")[0].replace("\n", " ")
        told.append(f"`{path.rpartition('.')[2]}`: {summary}")
    text = " ".join(filter(None, told)) or " ".join(above)
    text = re.sub(r"^Default .{1,12}?: ", "", text).replace("``", "`")
    if not text:
        raise SystemExit(f"halong_crawler/settings.py: {name} has no comment that says why")
    return text[0].upper() + text[1:]


def _setting(name: str, written: str, reason: str) -> str:
    is_long = "\n" in written
    shown = f"\n\n```python\n{written}\n```\n\n" if is_long else f" `{written}`. "
    return f"### {name}\n\nValue:{shown}{_default(name)}\n\n{reason}\n"


def _default(name: str) -> str:
    if not hasattr(default_settings, name):
        return "No setting of Scrapy's own."
    default = getattr(default_settings, name)
    if default == getattr(crawler_settings, name):
        return "The same as Scrapy's default."
    shown = re.sub(r"/\d[\w.]*", "/VERSION", repr(default))
    return f"Scrapy's default: `{shown}`." if len(shown) < 60 else ""


def _site_settings() -> Iterator[str]:
    values = json.loads((SITE / "settings.json").read_text(encoding="utf-8"))
    table = (SITE / "README.md").read_text(encoding="utf-8")
    reasons = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", table, re.M))
    for name, value in values.items():
        if name not in reasons:
            raise SystemExit(f"archive/site/README.md: says nothing of {name}")
        yield f"| `{name}` | `{json.dumps(value)}` | {reasons[name]} |"


# All of them

PAGES = {"cli.md": cli_page, "schema.md": schema_page, "settings.md": settings_page}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def run(*, check: bool) -> int:
    """Write the pages, or say which are stale."""
    stale = []
    for name, make in PAGES.items():
        path = ROOT / "docs" / name
        text = re.sub(r"[ \t]+$", "", make(), flags=re.M)
        wanted = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == wanted:
            continue
        stale.append(f"docs/{name}")
        if not check:
            path.write_text(wanted, encoding="utf-8")
    if stale:
        said = "stale; run make docs" if check else "written"
        sys.stdout.write(f"{', '.join(stale)}: {said}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    sys.exit(run(check=parser.parse_args().check))
