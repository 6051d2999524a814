"""Commands that are part of the product and not built yet; each says so and fails."""

import sys
from argparse import Namespace
from typing import Any

from telehealth.config import Config

NAMES = {
    "recorder": "Recording with consent",
}


def add_to(commands: Any) -> None:
    """Register the names."""
    for name, what in NAMES.items():
        parser = commands.add_parser(name, help=f"{what.lower()} (not built yet)")
        parser.set_defaults(run=run, what=what)


async def run(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Say that it is not there."""
    print(f"telehealth: {options.what} is not built yet.", file=sys.stderr)
    return 1
