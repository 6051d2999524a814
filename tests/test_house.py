"""The rules of the house that no linter knows, and the linters themselves."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("telehealth", "signaling", "web")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 35

# What the top level may hold besides .git; everything else has a folder where it belongs.
TOP_LEVEL = {
    *("telehealth", "signaling", "web", "certs", "tests"),
    *("pyproject.toml", "README.md", "Makefile", "constraints.txt"),
    *(".ci", ".gitignore", ".pre-commit-config.yaml"),
}

# Folders whose readers need to know why they are as they are.
EXPLAINED = (
    "README.md",
    "certs/README.md",
    "telehealth/relay/README.md",
    "signaling/PROTOCOL.md",
    "telehealth/crypto/README.md",
    "web/README.md",
)

# Below these versions the library has a defect that patients would pay for.
FLOORS: Final = {
    "aiohttp": "3.14.5",
    "aiortc": "1.16.0",
    "Jinja2": "3.1.6",
    "python-engineio": "4.15.1",
    "python-socketio": "5.18.1",
    "redis": "5",
}

CHECKS = {
    "ruff": ("-m", "ruff", "check"),
    "formatting": ("-m", "ruff", "format", "--check"),
    "mypy": ("-m", "mypy"),
    "layers": ("-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"),
    "browser code": ("-m", "web.build", "check"),
}


@cache
def committed() -> tuple[str, ...]:
    """Every file that is committed or would be by `git add .`, relative to the root."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))


def python_files(*folders: str) -> list[str]:
    return [name for name in committed() if name.endswith(".py") and name.startswith(folders)]


def texts() -> Iterator[tuple[str, str]]:
    for name in committed():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def lines(name: str) -> int:
    return len((ROOT / name).read_text(encoding="utf-8").splitlines())


@pytest.mark.timeout(400)
@pytest.mark.parametrize("check", CHECKS)
def test_make_check_has_nothing_to_say(check: str) -> None:
    command = (sys.executable, *CHECKS[check])
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


def test_the_top_level_holds_what_was_agreed() -> None:
    assert {name.split("/")[0] for name in committed()} <= TOP_LEVEL


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_folder_with_decisions_explains_them(name: str) -> None:
    assert (ROOT / name).is_file()


def test_no_module_is_too_long() -> None:
    sources = [name for name in committed() if name.endswith((".py", ".ts", ".mjs"))]
    assert not {name: lines(name) for name in sources if lines(name) > LONGEST_MODULE}


def test_no_function_is_too_long() -> None:
    found = {}
    for name in python_files(*PRODUCT):
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found[f"{name}:{node.name}"] = length
    assert not found


def test_every_module_opens_with_what_it_is_for() -> None:
    for name in python_files(*PRODUCT, "tests"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        assert not tree.body or (ast.get_docstring(tree) or "").strip(), name


def test_the_package_web_is_ours() -> None:
    """`from aiohttp import web` would hide our package: names come from aiohttp.web one by one."""
    pattern = re.compile(r"^\s*from aiohttp import (.*\b)?web\b|^\s*import aiohttp\.web\b", re.MULTILINE)
    found = [name for name in python_files(*PRODUCT, "tests") if pattern.search((ROOT / name).read_text())]
    assert not found


def test_pins_name_versions_and_no_addresses() -> None:
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    for pin in pins:
        assert pin.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.]+", pin), pin
    lock = (ROOT / "web" / "client" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_everything_that_is_installed_is_pinned() -> None:
    pins = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    done = subprocess.run(
        (sys.executable, "-m", "pip", "list", "--format=freeze", "--exclude-editable"),
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {line.split("==")[0].lower() for line in done.stdout.splitlines()}
    assert not {
        name.replace("_", "-") for name in installed - {"pip", "setuptools", "wheel", "telehealth"}
    } - {pin.replace("_", "-") for pin in pins}


@pytest.mark.parametrize("package", FLOORS)
def test_no_library_is_older_than_its_last_known_defect(package: str) -> None:
    assert Version(version(package)) >= Version(FLOORS[package])


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(?:root|home|Users|work)/\w+")
    assert not [(name, found[0]) for name, text in texts() if (found := pattern.search(text))]


def test_whoever_makes_a_peer_connection_hardens_the_library_first() -> None:
    makers = [path for path in ROOT.glob("signaling/**/*.py") if "RTCPeerConnection(" in path.read_text()]
    assert makers
    assert not [path.name for path in makers if "harden()" not in path.read_text()]


def test_the_readme_has_every_setting_and_no_other() -> None:
    from telehealth.config import Config, variable

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(TELEHEALTH_\w+)` \|(.*)\|$", readme, re.MULTILINE))
    assert set(rows) == {variable(field.name) for field in fields(Config)}
    for field in fields(Config):
        assert field.metadata["meaning"] in rows[variable(field.name)], field.name


def test_migrations_follow_each_other_in_one_line() -> None:
    sources = [path.read_text() for path in (ROOT / "telehealth/storage/migrations/versions").glob("0*.py")]
    names = [re.findall(r'^(?:down_)?revision = "?(\w+)"?$', each, re.MULTILINE) for each in sources]
    revisions, before = [own for own, _ in names], [down for _, down in names]
    assert len(set(revisions)) == len(revisions), "two have the same number"
    assert len(set(before)) == len(before), "two follow the same one"


def test_make_lists_its_words() -> None:
    done = subprocess.run(
        ("make", "--no-print-directory"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    for word in ("run", "test", "check", "bench", "cluster", "cluster-down"):
        assert re.search(rf"\b{word}\b", done.stdout), word
