"""`telehealth audit verify`: say whether the audit chain still holds and matches its anchors."""

import sys
from argparse import Namespace
from typing import Any

from telehealth.background import chain_of
from telehealth.config import Config
from telehealth.opening import open_data


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("audit", help="verify the audit log")
    parser.add_argument("what", choices=("verify",))
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Verify and say what was found; 1 when the log was tampered with."""
    async with open_data(config) as opened:
        verdict = await chain_of(opened).verify()
    if not verdict.ok:
        print(f"telehealth: {verdict.problem}", file=sys.stderr)
        return 1
    print(
        f"The audit log holds: {verdict.linked} entries linked, {verdict.unlinked} not linked yet;"
        f" signed anchors cover {verdict.anchored}."
    )
    return 0
