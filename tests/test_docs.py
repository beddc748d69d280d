"""The documentation against the code: what exists is documented, and what is printed is true."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from scrapy.settings import default_settings

from archive.schema import OUTCOMES, SKIP_REASONS, create_statements
from archive.search import search
from archive.tables import TABLES
from archive.views import VIEWS
from halong_crawler import settings
from halong_crawler.cli import main
from halong_crawler.cli.errors import Exit
from halong_crawler.declared import Postback, Range, Search
from halong_crawler.platforms import FIELDS, PLATFORMS
from halong_crawler.politeness import Minimum, Politeness, Tls
from halong_crawler.portal import (
    BUILTIN,
    FILLED,
    INHERITED,
    Portal,
    load,
    load_all,
)
from halong_crawler.reading.verdict import BEFORE_READING

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "archive").rglob("*.md")])


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = heading.split(" ", maxsplit=1)[0]
    found = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", page, re.M | re.S
    )
    assert found, f"no heading {heading!r}"
    return found[1]


def code_blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S)


# Generated pages


def test_generated_pages_are_current() -> None:
    command = [sys.executable, "scripts/gen_docs.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# Commands, options, exit codes


def commands(
    group: click.Group = main, above: tuple[str, ...] = ("halong",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


COMMANDS = [*commands()]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(p) for p, _ in COMMANDS])
def test_a_command_is_documented(path: tuple[str, ...], command: click.Command) -> None:
    told = section(text_of("docs/cli.md"), f"## {' '.join(path)}")
    assert command.help, "a command without help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.name} without help"
            for name in parameter.opts:
                assert f"`{name}" in told


def test_exit_codes_are_documented() -> None:
    told = section(text_of("docs/cli.md"), "## Exit codes")
    for code in Exit:
        assert f"| {int(code)} | `{code.name}` |" in told


def shell_lines() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in code_blocks(page.read_text(encoding="utf-8"), "sh"):
            for line in block.splitlines():
                if re.match(r"(?:\.venv/bin/)?halong ", line):
                    yield page.name, line.partition("#")[0].strip()


@pytest.mark.parametrize(("page", "line"), [*shell_lines()])
def test_commands_in_the_documentation_exist(page: str, line: str) -> None:
    command: click.Command = main
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        word = words.pop(0)
        assert word in command.commands, f"{page}: no command {word}"
        command = command.commands[word]
    known = {option for parameter in command.params for option in parameter.opts}
    for word in words:
        assert not word.startswith("-") or word in known, f"{page}: no option {word}"


def test_make_targets_in_the_documentation_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.M))
    for page in PAGES:
        named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.M)
        assert set(named) <= targets, page


# The database


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_documented(table) -> None:
    told = section(text_of("docs/schema.md"), f"### {table.name}")
    for column in table.columns:
        assert f"| `{column.name}` |" in told


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_documented(view) -> None:
    told = section(text_of("docs/schema.md"), f"### {view.name}")
    with sqlite3.connect(":memory:") as connection:
        for statement in create_statements():
            connection.execute(statement)
        for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", [view.name]):
            assert f"`{column}`" in told


def test_closed_lists_are_documented() -> None:
    page = text_of("docs/schema.md")
    for heading, names in (("## Outcomes", OUTCOMES), ("## Skip reasons", SKIP_REASONS)):
        told = section(page, heading)
        for name in names:
            assert f"| `{name}` |" in told


def test_reasons_of_the_reader_are_documented() -> None:
    source = text_of("halong_crawler/reading/read.py")
    reasons = {rule.reason for rule in BEFORE_READING}
    reasons |= set(re.findall(r'NotAnArticle\("(\w+)"', source))
    told = section(text_of("docs/reading.md"), "## Pages that are no article")
    assert {name for name in reasons if f"| `{name}` |" not in told} == set()


# Portals, settings, dependencies


def test_descriptor_keys_are_documented() -> None:
    page = text_of("docs/portals.md")
    keys = section(page, "## Keys")
    for key in [*Portal.model_fields, "extends"]:
        assert f"| `{key}` |" in keys
    for heading, model in (
        ("### `[minimum]`", Minimum), ("### `[politeness]`", Politeness), ("### `[tls]`", Tls),
        ("### `[[postbacks]]`", Postback), ("### `[[ranges]]`", Range), ("### `[search]`", Search),
    ):  # fmt: skip
        for key in model.model_fields:
            assert f"| `{key}` |" in section(page, heading)
    for heading, names in (
        ("### `[fill]`", FILLED), ("### `[selectors]`", FIELDS), ("## Platforms", PLATFORMS),
    ):  # fmt: skip
        for name in names:
            assert f"`{name}`" in section(page, heading)
    inherited = next(line for line in keys.splitlines() if line.startswith("| `extends`"))
    for key in INHERITED:
        assert f"`{key}`" in inherited


def test_the_example_of_a_portal_is_sound(tmp_path: Path) -> None:
    page = text_of("docs/portals.md")
    path = tmp_path / "vidu.toml"
    path.write_text(code_blocks(page, "toml")[0], encoding="utf-8")
    assert load(path).minimum.articles == 400


def test_the_portal_in_the_readme_is_the_built_in_one() -> None:
    shown = tomllib.loads(code_blocks(text_of("README.md"), "toml")[0])
    built_in = (BUILTIN / "quangninh_soxaydung.toml").read_text(encoding="utf-8")
    assert shown == tomllib.loads(built_in)
    assert f"{len(load_all())} portals" in text_of("README.md")


def test_settings_that_are_not_default_are_documented() -> None:
    page = text_of("docs/settings.md")
    for name in filter(str.isupper, dir(settings)):
        if getattr(settings, name) != getattr(default_settings, name, None):
            value, _, reason = section(page, f"### {name}").strip().rpartition("\n\n")
            assert "Value:" in value, name
            assert len(reason) > 15, f"{name} without a reason"
    for name in json.loads(text_of("archive/site/settings.json")):
        assert f"| `{name}` |" in section(page, "## The site")


def test_environment_variables_are_documented() -> None:
    sources = [*(ROOT / "halong_crawler").rglob("*.py"), *(ROOT / "archive").rglob("*.py")]
    read = r"(?:environ(?:\.get)?[(\[]|getenv\(|envvar=)\"(\w+)\""
    names = {n for path in sources for n in re.findall(read, path.read_text(encoding="utf-8"))}
    assert names
    for name in names:
        assert f"| `{name}` |" in text_of("docs/settings.md")


def test_dependencies_are_documented() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    listed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        listed += extra
    names = {re.split(r"[<>=~!\[; ]", line)[0] for line in listed}
    page = text_of("docs/dependencies.md")
    cells = re.findall(r"^\| (`[^|]+`) \|", page, re.M)
    told = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert told == names


# Links


def slug(heading: str) -> str:
    plain = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"\s", "-", plain.strip())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        goal = page.parent / name if name else page
        assert goal.exists(), f"{page.name}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", goal.read_text(encoding="utf-8"), re.M)
            assert anchor in {slug(heading) for heading in headings}, f"{page.name}: {link}"


def test_every_page_is_in_the_menu() -> None:
    menu = set(re.findall(r": ([\w-]+\.md)$", text_of("mkdocs.yml"), re.M))
    assert menu == {path.name for path in DOCS.glob("*.md")}


# Examples that run, on the demo's archive


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder that holds demo-archive, as make demo leaves it, and what was printed."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "halong_crawler.cli", "demo", "--no-serve"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HALONG_")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def examples(page: str, language: str) -> list[tuple[str, str | None]]:
    """The code blocks of a page, each with the block of text that follows at once, if any."""
    pattern = rf"^```{language}\n(.*?)^```\n(?:\n```text\n(.*?)^```)?"
    return [(code, printed or None) for code, printed in re.findall(pattern, page, re.M | re.S)]


SHELL = [e for e in examples(text_of("README.md"), "sh") if "sqlite3" in e[0]]
PYTHON = examples(text_of("README.md"), "python")


def test_the_readme_shows_what_the_demo_prints(demo: tuple[Path, str]) -> None:
    shown = code_blocks(text_of("README.md"), "text")[0]
    for line in shown.splitlines():
        steady = re.sub(r":\d+/?.*", ":", line)  # ports and what follows them
        if line != "…" and not line.startswith("The archive is at"):
            assert steady in demo[1]


@pytest.mark.parametrize(("code", "printed"), SHELL)
def test_shell_examples_of_the_readme(
    code: str, printed: str | None, demo: tuple[Path, str]
) -> None:
    if shutil.which("sqlite3") is None and os.environ.get("HALONG_REQUIRE_ALL") != "1":
        pytest.skip("no sqlite3 shell on this machine")
    done = subprocess.run(
        ["/bin/sh", "-ec", code], cwd=demo[0], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert printed in (None, done.stdout)


@pytest.mark.parametrize(("code", "printed"), PYTHON)
def test_python_examples_of_the_readme(
    code: str, printed: str | None, demo: tuple[Path, str]
) -> None:
    assert printed == run_python(code, demo[0])


def test_python_examples_for_tool_builders(demo: tuple[Path, str]) -> None:
    blocks = code_blocks(text_of("docs/tool-builders.md"), "python")
    assert run_python("\n".join(blocks), demo[0]).strip().endswith("Article")


def run_python(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_searches_of_the_readme_find_what_it_shows(demo: tuple[Path, str]) -> None:
    shown = code_blocks(text_of("README.md"), "text")
    with sqlite3.connect(demo[0] / "demo-archive" / "halong.db") as connection:
        first = search(connection, "dai hoi").hits[0]
        title, facts = shown[1].splitlines()
        assert (first.title, first.key) == (title, facts.split(" · ")[-1])
        query = next(block for block in shown if "author:" in block)
        assert search(connection, query).hits
