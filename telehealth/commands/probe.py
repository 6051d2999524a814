"""`telehealth probe URL`: play a whole visit against a running server."""

from argparse import Namespace
from typing import Any

from telehealth.commands.demo import manifest_of
from telehealth.config import Config
from telehealth.opening import NoData
from telehealth.probe import command


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("probe", help="play a whole visit against a running server")
    command.add_arguments(parser)
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """Play it; the demo's sign-ins are the default."""
    return await command.main(options, lambda: _manifest(config))


async def _manifest(config: Config) -> dict[str, Any]:
    """Return the demo's manifest; nothing where there is no DATA, for probing must not make any."""
    try:
        return await manifest_of(config)
    except NoData:
        return {}
