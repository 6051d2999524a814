"""HL7's own examples of FHIR R4 (npm: hl7.fhir.r4.examples, CC0): fetched for the tests, kept nowhere."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

from web.build import BuildFailed, find_node

PACKAGE = "hl7.fhir.r4.examples"
VERSION = "4.0.1"
INTEGRITY = "DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw=="
"""SHA-512 of the package, as its registry tells it."""
ARCHIVE = Path(sys.prefix) / f"{PACKAGE}-{VERSION}.tgz"
"""In the environment: it goes when that goes."""


class NotFetched(Exception):
    """The examples could not be had; the message says why."""


def fetch() -> Path:
    """Return the package, fetched once for an environment; raises NotFetched."""
    if not ARCHIVE.exists():
        with tempfile.TemporaryDirectory(dir=ARCHIVE.parent) as folder:
            command = (*_npm(), "pack", "--silent", "--pack-destination", folder, f"{PACKAGE}@{VERSION}")
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            found = Path(folder) / ARCHIVE.name
            if done.returncode or not found.exists():
                raise NotFetched(done.stderr.strip() or "npm fetched nothing")
            _same(found)
            found.replace(ARCHIVE)
    return ARCHIVE


def _npm() -> tuple[str, ...]:
    try:
        return find_node().npm
    except BuildFailed as failed:
        raise NotFetched(str(failed)) from failed


def _same(archive: Path) -> None:
    """Raise NotFetched unless it is the package that was looked at when these tests were written."""
    digest = hashlib.sha512()
    with archive.open("rb") as file:
        for block in iter(partial(file.read, 1 << 20), b""):
            digest.update(block)
    if b64encode(digest.digest()).decode() != INTEGRITY:
        raise NotFetched(f"{archive.name} is not what it was")


def examples(types: Collection[str]) -> Iterator[tuple[str, str]]:
    """Walk over the examples of these types: each file's name, and its text."""
    with tarfile.open(fetch(), "r:gz") as archive:
        for each in archive:
            name = Path(each.name).name
            if name.partition("-")[0] not in types or not name.endswith(".json"):
                continue
            file = archive.extractfile(each)
            text = file.read().decode() if file else "{}"
            if json.loads(text).get("resourceType") in types:
                yield name, text
