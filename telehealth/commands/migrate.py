"""`telehealth migrate`: bring the database to this version's schema."""

from argparse import Namespace
from typing import Any

from telehealth.commands.keys import show_escrow
from telehealth.config import Config
from telehealth.opening import open_data


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("migrate", help="bring the database to this version's schema")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Migrate and say so."""
    async with open_data(config, make=True) as opened:
        show_escrow(opened.custody.escrow)
        print("The database is up to date.")
    return 0
