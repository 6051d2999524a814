"""`telehealth keys`: the state of the keys, their rotation and their escrow copy."""

from argparse import Namespace
from typing import Any

from telehealth.config import Config
from telehealth.opening import open_data


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("keys", help="status and rotation of the keys")
    parser.add_argument("what", choices=("status", "rotate"))
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Do what is asked; rotation is online and is resumed by calling it again."""
    async with open_data(config) as opened:
        custody = opened.custody
        if options.what == "rotate":
            escrow = custody.rotate()
            print(f"The key-encryption key is new. Its escrow copy, to be kept elsewhere:\n  {escrow}")
        counts = custody.store.counts()
        print(f"Key directory {config.keys_at}, key {custody.keyring.check}; {counts}")
    return 0
