"""Installs what the tests need besides Python packages, where that can be done unattended: Debian, as root.

Elsewhere it names what is missing and goes on: the tests that need it are skipped by name, or fail
under CI=true.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

from tests.services import examples, programs


@dataclass(frozen=True, slots=True)
class Component:
    """Something that tests need: its name, the Debian packages that bring it, and whether it is here."""

    name: str
    packages: tuple[str, ...]
    present: bool


def has_fonts() -> bool:
    """Whether text in Tamil, say, can be shown: the sign that the fonts of many scripts are here."""
    if shutil.which("fc-list") is None:
        return False
    found = subprocess.run(("fc-list", ":lang=ta"), capture_output=True, text=True, check=False)
    return "Noto" in found.stdout


def has_chromium() -> bool:
    """Whether the fastest Chromium that can be had here is here."""
    found = programs.headless_chromium()
    return found is not None and (found.endswith(programs.HEADLESS) or not can_install())


def components() -> list[Component]:
    """Everything that the tests need, as it is on this machine now."""
    return [
        Component("Chromium", (programs.HEADLESS,), has_chromium()),
        Component("fonts of many scripts", ("fontconfig", "fonts-noto-core"), has_fonts()),
        Component("PostgreSQL", ("postgresql", "postgresql-contrib"), programs.postgresql() is not None),
        Component("Redis", ("redis-server",), programs.redis() is not None),
        Component("coturn", ("coturn",), programs.coturn() is not None),
        Component("Janus", ("janus",), programs.janus() is not None),
        Component("routers of the laboratory", ("iproute2", "nftables"), shutil.which("nft") is not None),
        Component("espeak-ng", ("espeak-ng",), programs.espeak() is not None),
    ]


def can_install() -> bool:
    """Whether this is Debian (or a relative of it) and we are root."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_get(*arguments: str) -> str:
    """Run apt-get unattended; what it complained about, or nothing when it went well."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120", *arguments)
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else (done.stderr or done.stdout).strip()


def install(missing: list[Component]) -> None:
    """Install components one by one, so that one that cannot be had does not keep the others away."""
    if trouble := apt_get("update"):
        print(f"The list of Debian packages could not be renewed: {trouble}", file=sys.stderr)
    for component in missing:
        print(f"Installing {component.name} …", flush=True)
        if trouble := apt_get("install", "--yes", "--no-install-recommends", *component.packages):
            print(f"{component.name} could not be installed: {trouble}", file=sys.stderr)


def main() -> None:
    """Bring what is missing and say what stays so."""
    missing = [component for component in components() if not component.present]
    if missing and can_install():
        install(missing)
        missing = [component for component in components() if not component.present]
    try:
        examples.fetch()
    except examples.NotFetched as trouble:
        print(f"Missing for the tests: {examples.PACKAGE} (npm): {trouble}", file=sys.stderr)
    for component in missing:
        packages = " ".join(component.packages)
        print(f"Missing for the tests: {component.name} (Debian: {packages}).", file=sys.stderr)


if __name__ == "__main__":
    main()
