"""`telehealth programs`: let programs of other systems work by themselves, list them, and end that."""

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from telehealth.app import assemble
from telehealth.commands.staff import named
from telehealth.config import Config
from telehealth.domain.access import SYSTEM
from telehealth.domain.errors import BadInput
from telehealth.opening import beside_server, open_data
from telehealth.services.programs import TOKEN_ENDPOINT

LONGEST = 100_000
"""Characters of a key set that are read."""


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("programs", help="let programs of other systems in by FHIR, and end that")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    add = parts.add_parser("add", help="add a program by its public keys; prints its client id")
    add.add_argument("--name", required=True)
    add.add_argument("--organization", required=True, help="name or id; of its patients the records are open")
    add.add_argument("--scope", required=True, action="append", help="as system/Observation.cu; once each")
    add.add_argument("--keys", required=True, type=Path, help="file with its public keys (JWKS); - for stdin")
    add.set_defaults(run=run_add)
    parts.add_parser("list", help="list programs with their scopes").set_defaults(run=run_list)
    end = parts.add_parser("end", help="end a program; what it holds opens nothing from then on")
    end.add_argument("id")
    end.set_defaults(run=run_end)


async def run_add(config: Config, options: Namespace) -> int:
    """Add one program."""
    keys = _read(options.keys)
    async with open_data(config) as opened:
        told = await beside_server(opened)
        assembled = assemble(told)
        async with opened.storage.reading() as uow:
            organizations = await uow.directory.organizations()
        house = named(organizations, options.organization, "organization")
        made = await assembled.services.record.programs.add(
            SYSTEM, house.id, options.name, options.scope, keys
        )
        print(f"Client id: {made.id}")
        print(f"Token endpoint: {told.config.public_url}{TOKEN_ENDPOINT}")
        assembled.hashing.close()
    return 0


async def run_list(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
    """List all programs."""
    async with open_data(config) as opened, opened.storage.reading() as uow:
        houses = {each.id: each.name for each in await uow.directory.organizations()}
        for each in await uow.programs.all():
            state = "ended" if each.ended_at else "let in"
            house = houses.get(each.organization_id, "")
            print(f"{each.id}  {state:<7} {house:<28} {each.name}: {' '.join(each.scopes)}")
    return 0


async def run_end(config: Config, options: Namespace) -> int:
    """End one program."""
    async with open_data(config) as opened:
        assembled = assemble(await beside_server(opened))
        ended = await assembled.services.record.programs.end(SYSTEM, options.id)
        print(f"Ended: {ended.name}")
        assembled.hashing.close()
    return 0


def _read(file: Path) -> str:
    """Return the text of a file, or what is piped in; raises BadInput for what cannot be read."""
    try:
        text = sys.stdin.read(LONGEST) if str(file) == "-" else file.read_text("utf-8")[:LONGEST]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(detail=f"The keys cannot be read: {error}") from error
    return text
