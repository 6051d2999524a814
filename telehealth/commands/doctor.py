"""`telehealth doctor`: look at configuration, keys, database and built pages, and say what is wrong."""

import sys
from argparse import Namespace
from typing import Any

from telehealth.app import assemble
from telehealth.commands.relay import as_served, watch_of
from telehealth.commands.serve import missing
from telehealth.config import Config
from telehealth.opening import open_data
from telehealth.serving import Health, tls, web_application
from telehealth.timezones import tzdata_version
from web.settings import HERE


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("doctor", help="check this installation")
    parser.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """Check everything; 1 when something would keep the service from serving.

    What `serve` puts together is put together here too and not listened with: what it refuses, this refuses.
    """
    config, beside = as_served(config)
    async with open_data(config) as opened:
        tls(config)
        assembled = assemble(opened)
        assembled.hashing.close()
        web_application(assembled, Health(opened))
        async with opened.storage.reading() as uow:
            organizations = await uow.directory.organizations()
        watch = watch_of(opened, beside)
        found = [f"{trouble}." for trouble in await watch.ask()] if watch else []
        print(f"Database: {len(organizations)} organizations. Keys: {opened.custody.keyring.check}.")
    print(f"Time zones: tzdata {tzdata_version()}. `telehealth tzdata check` says which visits it moves.")
    for line in [*missing(config), *found]:
        print(f"Note: {line}")
    if not (HERE / "static" / "manifest.json").exists():
        print("telehealth: the browser code is not built; run make client.", file=sys.stderr)
        return 1
    print("Everything needed is there.")
    return 0
