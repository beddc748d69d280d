"""Make ``.venv`` ready: ``python3 scripts/bootstrap.py [EXTRA]...`` from the project's folder.

``--into FOLDER`` before the extras makes another folder ready instead. Standard library only, since
nothing is installed yet. A ``.venv`` that is ready is left alone; it is made anew when its Python
is gone or too old, and installed into again when ``pyproject.toml`` changed or another extra is
wanted.

Debian's Python comes without ``ensurepip``. Then pip is taken from this Python's own pip if there
is one, else its wheel is fetched from the package index that pip's configuration names.
"""

import configparser
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import venv
from html.parser import HTMLParser
from pathlib import Path

OLDEST = (3, 11)

if sys.version_info < OLDEST:  # before anything an old Python cannot evaluate
    sys.exit(
        f"Halong needs Python {OLDEST[0]}.{OLDEST[1]} or newer and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}. Name another: make PYTHON=python3.13 …"
    )

DEFAULT_INDEX = "https://pypi.org/simple"


class BootstrapError(Exception):
    """One line for whoever ran make."""


def main(arguments: list[str]) -> None:
    """Make the virtual environment ready with the extras asked for."""
    folder, extras = _asked(arguments)
    with _alone():
        if not _works(folder):
            _say(f"Making {folder} with Python {sys.version.split()[0]} …")
            make_venv(folder)
        stamp = folder / "halong-installed.json"
        done = _read_stamp(stamp)
        wanted = _state(folder, sorted({*done.get("extras", []), *extras}))
        if done == wanted:
            return
        _install(folder, wanted["extras"])
        stamp.write_text(json.dumps(wanted), encoding="utf-8")


def _asked(arguments: list[str]) -> tuple[Path, list[str]]:
    if arguments[:1] == ["--into"] and len(arguments) > 1:
        return Path(arguments[1]), arguments[2:]
    return Path(".venv"), arguments


@contextlib.contextmanager
def _alone():
    """Two makes started together: the second waits for the first."""
    with Path(".make-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def python_of(folder: Path) -> str:
    """The interpreter of a virtual environment, from wherever it is called."""
    return str(folder.absolute() / "bin" / "python")


def _works(folder: Path) -> bool:
    code = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([python_of(folder), "-c", code], capture_output=True).returncode == 0  # noqa: S603, PLW1510
    except OSError:
        return False


def _read_stamp(stamp: Path) -> dict:
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _state(folder: Path, extras: list[str]) -> dict:
    """What an installation depends on; a copied or moved folder is not installed."""
    sums = hashlib.sha256(Path("pyproject.toml").read_bytes()).hexdigest()
    return {"pyproject": sums, "place": str(folder.absolute()), "extras": extras}


def _install(folder: Path, extras: list[str]) -> None:
    what = f".[{','.join(extras)}]" if extras else "."
    _say(f"Installing Halong and what it needs into {folder} (a minute or two, once) …")
    command = [python_of(folder), "-m", "pip", "install", "--quiet", "--editable", what]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if "bench" in extras:  # the resolver of pip 23 fails over the extras of lxml that peers ask for
        renew = [python_of(folder), "-m", "pip", "install", "--quiet", "--upgrade", "pip"]
        subprocess.run(renew, env=environment)  # noqa: S603, PLW1510
    if subprocess.run(command, env=environment).returncode:  # noqa: S603, PLW1510
        raise BootstrapError("The installation failed; pip's message above says why.")


# pip, with and without ensurepip


def make_venv(folder: Path) -> None:
    """A virtual environment with pip, on any Python."""
    if importlib.util.find_spec("ensurepip") is not None:
        try:
            venv.create(folder, clear=True, symlinks=True, with_pip=True)
        except subprocess.CalledProcessError:
            pass  # Debian's ensurepip may lack its wheels
        else:
            return
    venv.create(folder, clear=True, symlinks=True, with_pip=False)
    if importlib.util.find_spec("pip") is None or not _pip_from_pip(folder):
        _pip_from_index(folder)


def _pip_from_pip(folder: Path) -> bool:
    """Have this Python's pip install one into the environment; it knows its own configuration."""
    command = [sys.executable, "-m", "pip", "--python", python_of(folder), "install", "-q", "pip"]
    # A pip too old for --python fails, and the index is asked.
    return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603, PLW1510


def _pip_from_index(folder: Path) -> None:
    """pip's wheel can run itself: fetch it, and let it install itself."""
    with tempfile.TemporaryDirectory() as place:
        wheel = fetch_pip(Path(place))
        command = [python_of(folder), f"{wheel}/pip", "install", "-q", "--no-index", str(wheel)]
        if subprocess.run(command).returncode:  # noqa: S603, PLW1510
            raise BootstrapError(f"{wheel.name} could not be installed into {folder}.")


def fetch_pip(place: Path) -> Path:
    """The newest pip wheel of the package index that fits this Python, checked by its hash."""
    problems = []
    for index in indexes():
        page = f"{index.rstrip('/')}/pip/"
        try:
            links = _links(_get(page).decode("utf-8", "replace"), page)
            newest = newest_wheel(links, sys.version_info[:2])
            if newest is None:
                problems.append(f"{page}: no pip for this Python")
                continue
            address, _, digest = newest.partition("#sha256=")
            content = _get(address)
        except OSError as error:
            problems.append(f"{page}: {error}")
            continue
        if digest and hashlib.sha256(content).hexdigest() != digest:
            raise BootstrapError(f"{address}: the file does not have the hash the index names.")
        wheel = place / urllib.parse.unquote(address.rsplit("/", 1)[1])
        wheel.write_bytes(content)
        return wheel
    raise BootstrapError(
        "This Python has neither ensurepip nor pip, and no package index gave one: "
        f"{'; '.join(problems)}. On Debian, apt install python3-venv helps."
    )


class _Anchors(HTMLParser):
    """Collects the links of an index page with the Python each wants."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append((values["href"], values.get("data-requires-python") or ""))


def _links(html: str, page: str) -> list[tuple[str, str]]:
    anchors = _Anchors()
    anchors.feed(html)
    return [(urllib.parse.urljoin(page, href), wants) for href, wants in anchors.found]


def newest_wheel(links: list[tuple[str, str]], python: tuple[int, ...]) -> str | None:
    """The newest released pip wheel that runs on a Python, or None."""
    best = None
    for address, wants in links:
        match = re.search(r"/pip-(\d+(?:\.\d+)*)-[^/]*none-any\.whl(?:#|$)", address)
        least = re.search(r">=\s*(\d+)\.(\d+)", wants)
        if match is None or (least and tuple(map(int, least.groups())) > python):
            continue
        version = tuple(map(int, match[1].split(".")))
        best = max(best, (version, address)) if best else (version, address)
    return best[1] if best else None


def indexes() -> list[str]:
    """The package indexes pip would ask, as its environment and configuration files name them."""
    main_index = _setting("index-url") or DEFAULT_INDEX
    return [*main_index.split(), *_setting("extra-index-url").split()]


def _setting(name: str) -> str:
    """One of pip's settings: from the environment, else from the last file that has it."""
    from_environment = os.environ.get(f"PIP_{name.upper().replace('-', '_')}")
    if from_environment:
        return from_environment
    files = configparser.RawConfigParser()
    with contextlib.suppress(configparser.Error):
        files.read(_config_files(), encoding="utf-8")
    for section in ("install", "global"):
        value = files.get(section, name, fallback="").strip()
        if value:
            return value
    return ""


def _config_files() -> list[Path]:
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        Path("/Library/Application Support/pip/pip.conf"),
        home / ".pip" / "pip.conf",
        home / "Library" / "Application Support" / "pip" / "pip.conf",
        config / "pip" / "pip.conf",
        Path(os.environ.get("PIP_CONFIG_FILE") or os.devnull),
    ]


def _get(address: str) -> bytes:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "file":
        path = Path(urllib.request.url2pathname(parts.path))
        return (path / "index.html" if path.is_dir() else path).read_bytes()
    context = ssl.create_default_context(cafile=_setting("cert") or None)
    request = urllib.request.Request(address, headers={"Accept": "text/html"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
        return answer.read()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BootstrapError as error:
        sys.exit(str(error))
