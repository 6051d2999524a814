"""`make bench`: run the benches (all, or those that BENCH names), print the table, write var/bench.json."""

import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.bench.table import Line, written

BENCHES = (
    "weight",
    "join",
    "admit",
    "relay",
    "booking",
    "slots",
    "year",
    "pages",
    "note",
    "record",
    "fhir",
    "recover",
    "links",
)
LATER = ("crowd", "storm", "nodes")
"""Promised with the parts of the service that they measure."""
RESULT = Path(__file__).resolve().parents[2] / "var" / "bench.json"
DONE, MISSED, WRONG_USE = 0, 1, 2


def wanted(text: str) -> list[str]:
    """Return the benches asked for, all when none is named."""
    return [name.strip() for name in text.split(",") if name.strip()] or list(BENCHES)


def objection(names: list[str]) -> str:
    """Return why these cannot be run; nothing when they can."""
    for name in names:
        if name in LATER:
            return f"The bench {name!r} comes with the part of the service that it measures; not built yet."
        if name not in BENCHES:
            return f"There is no bench {name!r}; there are {', '.join(BENCHES)} (later: {', '.join(LATER)})."
    return ""


def measure(name: str) -> list[Line]:
    """Run one bench; its module is loaded only then, so that one needs no browser for SQL."""
    began = time.monotonic()
    print(f"{name} …", file=sys.stderr, flush=True)
    run: Callable[[], list[Line]] = import_module(f"tests.bench.{name}").run
    lines = run()
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return lines


def keep(lines: list[Line]) -> None:
    """Write the figures for programs, with when and where they were taken."""
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"at": at, "machine": machine, "lines": [line.json() for line in lines]}
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed or broke, 2 for a bench that cannot be run."""
    names = wanted(os.environ.get("BENCH", ""))
    if trouble := objection(names):
        print(trouble, file=sys.stderr)
        return WRONG_USE
    lines, broken = [], []
    for name in names:
        try:
            lines += measure(name)
        except Exception:  # noqa: BLE001 (what the others have measured is worth its table)
            traceback.print_exc()
            broken.append(name)
    keep(lines)
    print(written(lines))
    if broken:
        print(f"Broken and not in the table: {', '.join(broken)}.", file=sys.stderr)
    return DONE if not broken and all(line.met is not False for line in lines) else MISSED


if __name__ == "__main__":
    sys.exit(main())
