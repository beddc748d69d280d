"""The project as a whole: its doors, its files, its package and its first steps."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import runpy
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("archive", "halong_crawler", "tests", "scripts", "bench", "docs")
TEXTS = {".py", ".md", ".toml", ".html", ".css", ".yml", ".yaml", ".json", ".cfg", ".xml", ""}
LONGEST = 400


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXTS and "__pycache__" not in path.parts:
                yield path


# Doors and files


def test_doors_between_rooms() -> None:
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", code, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in files("archive", "halong_crawler", "scripts", "bench")
        if path.suffix == ".py"
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_bag_of_utilities() -> None:
    bags = ("utils.py", "util.py", "helpers.py", "misc.py")
    assert [path for path in files(*OURS) if path.name in bags] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    top = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in TEXTS]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in [*files(*OURS), *top]
        for match in words.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_imports_are_declared() -> None:
    """What the code imports is declared, or comes with what is (docs/dependencies.md says so)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"]
    modules = {re.split(r"[<>=]", line)[0].replace("-", "_") for line in lines}
    modules = modules - {"python_dateutil", "backports_zstd"} | {"dateutil"}
    modules |= {"backports", "compression"}  # zstd, until Python 3.14 and from then on
    brought = {"markupsafe", "pluggy", "twisted", "cryptography", "OpenSSL", "service_identity"}
    known = {*modules, *brought, "archive", "halong_crawler", *sys.stdlib_module_names}
    unknown = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files("archive", "halong_crawler")
        if path.suffix == ".py"
        for name in imported(path)
        if name not in known
    }
    assert unknown == set()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_the_licence_is_the_whole_apache_licence() -> None:
    # The file at apache.org/licenses/LICENSE-2.0.txt.
    known = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == known


def test_requirements_have_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    for line in [*project["dependencies"], *extras]:
        # Data and type stubs follow the calendar or another package's version.
        open_end = line.startswith(("tzdata", "types-"))
        bounds = r">=[\d.]+" + ("" if open_end else r",<[\d.]+")
        assert re.fullmatch(rf"[\w-]+{bounds}(; python_version < '[\d.]+')?", line), line


# The package


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in a wheel built from the checkout."""
    if importlib.util.find_spec("hatchling") is None:
        message = "hatchling is not installed: the wheel cannot be built without an index"
        if os.environ.get("HALONG_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.mark.parametrize("folder", ["archive", "halong_crawler"])
def test_the_wheel_holds_everything(folder: str, wheel: list[str]) -> None:
    expected = {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected - set(wheel) == set()
    for part in ("site/templates", "portals", "demo/content"):
        assert any(f"/{part}/" in name for name in wheel), part
    assert not [name for name in wheel if name.startswith(("tests/", "docs/"))]


# First steps


def test_make_lists_its_commands() -> None:
    # make tells the makes below it that they are below one, and then they say where they are.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.M)
    assert {line.split()[1] for line in done.stdout.splitlines()} == set(phony.split())


def test_the_ci_script_is_sound() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


@pytest.fixture
def bootstrap() -> ModuleType:
    path = ROOT / "scripts" / "bootstrap.py"
    spec = importlib.util.spec_from_file_location("bootstrap", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    sysconfig.get_config_vars()  # read once, and not under another version
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as error:
        runpy.run_path(str(ROOT / "scripts" / "bootstrap.py"))
    assert "Python 3.11 or newer and this is 3.9" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_newest_pip_that_fits(bootstrap: ModuleType) -> None:
    links = [
        ("https://x/pip-9.0.3-py2.py3-none-any.whl", ""),
        ("https://x/pip-24.10-py3-none-any.whl#sha256=abc", "&gt;=3.8"),
        ("https://x/pip-24.9.1-py3-none-any.whl", ">=3.8"),
        ("https://x/pip-25.0b1-py3-none-any.whl", ">=3.8"),
        ("https://x/pip-99.0-py3-none-any.whl", ">=3.40"),
        ("https://x/pip-100.0.tar.gz", ""),
    ]
    assert bootstrap.newest_wheel(links, (3, 11)) == links[1][0]
    assert bootstrap.newest_wheel([], (3, 11)) is None


@pytest.fixture
def package_index(tmp_path: Path) -> str:
    """An index with one wheel: a pip that installs itself, as pip does, and can do nothing else."""
    folder = tmp_path / "an index" / "pip"
    folder.mkdir(parents=True)
    path = folder / "pip-99.1-py3-none-any.whl"
    installs = (
        "import pathlib, sysconfig\n"
        "folder = pathlib.Path(sysconfig.get_path('purelib')) / 'pip'\n"
        "folder.mkdir()\n"
        "(folder / '__init__.py').write_text('')\n"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pip/__main__.py", installs)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    link = f'<a href="{path.name}#sha256={digest}" data-requires-python="&gt;=3.9">pip</a>'
    (folder / "index.html").write_text(link, encoding="utf-8")
    return folder.parent.as_uri()


def configured(
    monkeypatch: pytest.MonkeyPatch, home: Path, configuration: str, **environment: str
) -> None:
    """A machine whose pip is configured by one file, and by nothing else but the environment."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "XDG_"))]:
        monkeypatch.delenv(name)
    file = home / "pip.conf"
    file.write_text(configuration, encoding="utf-8")
    for name, value in {"HOME": str(home), "PIP_CONFIG_FILE": str(file), **environment}.items():
        monkeypatch.setenv(name, value)


def test_a_python_without_ensurepip_and_pip(
    bootstrap: ModuleType, package_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, tmp_path, f"[global]\nindex-url = {package_index}\n")
    for name in ("ensurepip", "pip"):
        monkeypatch.setitem(sys.modules, name, None)
    venv = tmp_path / "with spaces" / ".venv"
    bootstrap.make_venv(venv)
    subprocess.run([bootstrap.python_of(venv), "-c", "import pip"], check=True)


def test_the_environment_wins_over_pips_files(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files_say = "[global]\nindex-url = https://a/simple\nextra-index-url = https://b https://c\n"
    configured(monkeypatch, tmp_path, files_say)
    assert bootstrap.indexes()[-2:] == ["https://b", "https://c"]
    monkeypatch.setenv("PIP_INDEX_URL", "https://d/simple")
    assert bootstrap.indexes()[0] == "https://d/simple"


def test_a_wheel_with_another_hash_is_refused(
    bootstrap: ModuleType, package_index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, tmp_path, "", PIP_INDEX_URL=package_index)
    (tmp_path / "an index" / "pip" / "pip-99.1-py3-none-any.whl").write_bytes(b"another")
    with pytest.raises(bootstrap.BootstrapError, match="does not have the hash"):
        bootstrap.fetch_pip(tmp_path)


def test_an_index_without_pip_is_told_in_one_line(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(monkeypatch, tmp_path, "", PIP_INDEX_URL=(tmp_path / "none").as_uri())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    with pytest.raises(bootstrap.BootstrapError, match="python3-venv"):
        bootstrap.fetch_pip(tmp_path)
