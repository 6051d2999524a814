"""`telehealth audit`: say whether the log still holds; what somebody saw, and who saw somebody."""

import json
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import MAXYEAR, UTC, datetime, timedelta
from textwrap import indent
from typing import Any

from telehealth.background import chain_of
from telehealth.config import BadSetting, Config
from telehealth.domain.access import SYSTEM
from telehealth.domain.audit_kinds import purpose_of
from telehealth.opening import open_data
from telehealth.services.audit_rows import AuditRow, AuditSearch
from telehealth.services.breach_questions import BreachQuestions

COLUMNS = ("at", "who", "role", "organization", "action", "outcome", "about", "patients")


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("audit", help="verify the audit log; who saw what")
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    verify = parts.add_parser("verify", help="check the log's chain and its anchors")
    verify.set_defaults(run=run_verify)
    seen_by = parts.add_parser("seen-by", help="list what a member of staff did about patients, newest first")
    seen_by.add_argument("person", metavar="PERSON", help="id or e-mail")
    seen_by.set_defaults(run=run_seen_by)
    seen = parts.add_parser("seen", help="list who did what about a patient, newest first")
    seen.add_argument("patient", metavar="PATIENT-ID")
    seen.set_defaults(run=run_seen)
    for each in (seen_by, seen):
        each.add_argument("--from", dest="first", type=_day, metavar="DAY", help="first day, UTC: 2026-11-23")
        each.add_argument("--until", dest="last", type=_day, metavar="DAY", help="last day, UTC, counted too")
        each.add_argument("--json", action="store_true", help="as a JSON list")


async def run_verify(config: Config, options: Namespace) -> int:  # noqa: ARG001 (every command has this shape)
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
    for loss in verdict.losses:
        print(loss)
    return 0


async def run_seen_by(config: Config, options: Namespace) -> int:
    """List what one member of staff did about patients."""
    async with open_data(config) as opened:
        questions, told = BreachQuestions(work=opened.work), LISTINGS[options.json]()
        await questions.seen_by(SYSTEM, options.person, _search(options), told)
    told.end()
    return 0


async def run_seen(config: Config, options: Namespace) -> int:
    """List what anybody did about one patient."""
    async with open_data(config) as opened:
        questions, told = BreachQuestions(work=opened.work), LISTINGS[options.json]()
        await questions.seen(SYSTEM, options.patient, _search(options), told)
    told.end()
    return 0


def _search(options: Namespace) -> AuditSearch:
    if options.first and options.last and options.last < options.first:
        message = "--until is a day before --from: no day lies between them."
        raise BadSetting(message)
    end = options.last + timedelta(days=1) if options.last else None
    return AuditSearch(start=options.first, end=end)


def _day(text: str) -> datetime:
    """Return the start of a day in UTC; argparse tells what is wrong with any other text."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        found = datetime(MAXYEAR, 1, 1, tzinfo=UTC)
    if found.year == MAXYEAR:
        message = f"{text!r} is not a day such as 2026-11-23"
        raise ArgumentTypeError(message)
    return found


class Table:
    """The entries as they come, each on a line of its own; columns get wider, and no narrower."""

    def __init__(self) -> None:
        self._widths = [len(name) for name in COLUMNS]
        self._head = [COLUMNS]

    def __call__(self, rows: Sequence[AuditRow]) -> None:
        """Print some."""
        told = [_facts(each) for each in rows]
        lines = [*self._head, *(tuple(_cell(each[name]) for name in COLUMNS) for each in told)]
        self._head = []
        for line in lines:
            self._widths = [max(width, len(text)) for width, text in zip(self._widths, line, strict=True)]
        for line in lines:
            cells = (text.ljust(width) for text, width in zip(line, self._widths, strict=True))
            print("  ".join(cells).rstrip())

    def end(self) -> None:
        """Print what is still missing: the head of a table without a line."""
        if self._head:
            self([])


class Listed:
    """The entries as they come, as one JSON list."""

    def __init__(self) -> None:
        self._before = "["

    def __call__(self, rows: Sequence[AuditRow]) -> None:
        """Print some."""
        for each in rows:
            told = json.dumps(_facts(each), ensure_ascii=False, indent=1)
            print(f"{self._before}\n{indent(told, ' ')}", end="")
            self._before = ","

    def end(self) -> None:
        """Close the list."""
        print("[]" if self._before == "[" else "\n]")


LISTINGS: dict[bool, type[Table | Listed]] = {False: Table, True: Listed}
"""By whether it shall be JSON."""


def _cell(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _facts(row: AuditRow) -> dict[str, Any]:
    """Return what one entry says; ids stand where no name of staff does."""
    entry = row.entry
    return {
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="seconds"),
        "who": row.name or f"{entry.actor_kind} {entry.actor_id}".strip(),
        "who_id": entry.actor_id,
        "role": entry.actor_role or entry.actor_kind,
        "organization": row.organization or entry.organization_id,
        "purpose": purpose_of(entry).value,
        "action": entry.action.value,
        "outcome": entry.outcome.value,
        "about": f"{entry.entity} {entry.entity_id}".strip(),
        "reason": row.refusal,
        "patients": list(entry.patient_ids),
        "request": entry.request_id,
    }
