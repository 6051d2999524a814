"""`telehealth tzdata check`: visits whose instant moved with the time-zone rules, and their way to follow."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.app import assemble
from telehealth.config import Config
from telehealth.domain.access import SYSTEM
from telehealth.domain.zone_rules import Shift
from telehealth.opening import beside_server, open_data
from telehealth.services.zone_rules import ZoneRules
from telehealth.timezones import tzdata_version


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("tzdata", help="visits that new time-zone rules move")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    check = parts.add_parser("check", help="list visits whose agreed wall time is another instant now")
    check.add_argument(
        "--rebook", action="store_true", help="move them there, and tell the patients; safe beside a server"
    )
    check.set_defaults(run=run)


async def run(config: Config, options: Namespace) -> int:
    """List the visits, and let them follow where that is wanted; 1 when some have to move and did not."""
    async with open_data(config) as opened:
        assembled = assemble(await beside_server(opened))
        rules = assembled.services.appointments.zone_rules
        try:
            left = await _checked(rules, rebook=options.rebook)
        finally:
            assembled.hashing.close()
    return 1 if left else 0


async def _checked(rules: ZoneRules, *, rebook: bool) -> int:
    shifts = await rules.check()
    print(f"Time zones: tzdata {tzdata_version()}.")
    if not shifts:
        print("Every visit ahead is still at its agreed time.")
        return 0
    return await _rebook(rules, shifts) if rebook else _list(shifts)


def _list(shifts: Sequence[Shift]) -> int:
    for shift in shifts:
        print(_line(shift))
    print(
        f"telehealth: {len(shifts)} to move; `telehealth tzdata check --rebook` moves them.", file=sys.stderr
    )
    return len(shifts)


async def _rebook(rules: ZoneRules, shifts: Sequence[Shift]) -> int:
    left = 0
    for shift in shifts:
        followed = await rules.follow(SYSTEM, shift)
        left += followed.refused is not None
        print(f"{_line(shift)}: {f'stays, {followed.refused}' if followed.refused else 'moved'}")
    if left:
        print(f"telehealth: {left} could not move; move or cancel them by hand.", file=sys.stderr)
    return left


def _line(shift: Shift) -> str:
    visit = shift.appointment
    wall = visit.local_start.replace("T", " ")
    return f"{visit.id}  {wall} {visit.zone}  {_utc(visit.start)} -> {_utc(shift.start)}"


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%MZ}"
