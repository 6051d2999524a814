"""What booked times take: every party of them or none, and whom a refusal is about.

The language that an interpreter is there for tells where a patient comes from, so it is sealed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from telehealth.crypto.purposes import Purpose
from telehealth.domain.appointment import TAKES_TIME, Appointment, Claim, ResourceKind
from telehealth.domain.errors import SlotTaken
from telehealth.domain.scheduling import Interval
from telehealth.services.appointment_repository import Claimed
from telehealth.storage.repositories.seats import free_seats, has_seat
from telehealth.storage.repositories.stretches import touching
from telehealth.storage.rows.appointments import appointment_resource
from telehealth.storage.sealing import Place, Vault, staff_of
from telehealth.storage.transaction import Transaction

Rows = list[dict[str, Any]]


def _taking() -> Insert:
    """One statement for any number of rows, each column a list: VALUES of several are compiled each time."""
    wanted = appointment_resource.c
    lists = func.unnest(*(bindparam(each.name, type_=ARRAY(each.type)) for each in wanted))
    told = lists.table_valued(*(column(each.name, each.type) for each in wanted)).render_derived()
    insert = postgresql_insert(appointment_resource).from_select(wanted.keys(), select(told))
    return insert.on_conflict_do_nothing()


TAKE = _taking()


async def take(transaction: Transaction, vault: Vault, booked: Sequence[Claimed]) -> None:
    """Insert the claims of all in sorted order; raises SlotTaken that names what is missing.

    Every unit takes resources in the same order, so two that want the same ones cannot deadlock.
    """
    wanted = [(claim, appointment) for appointment, claims in booked for claim in claims]
    wanted.sort(key=lambda each: (each[0].resource_id, each[0].kind, each[0].start))
    seats = await free_seats(transaction, booked)
    rows = [
        {
            "appointment_id": appointment.id,
            "kind": claim.kind,
            "resource_id": claim.resource_id,
            "busy_start": claim.start,
            "busy_end": claim.end,
            "active": appointment.status in TAKES_TIME,
            "wanted": "",
            "session": claim.session,
            "seat": seats[claim.session].pop(0) if has_seat(claim) else None,
            **_sealed(vault, appointment, claim),
        }
        for claim, appointment in wanted
    ]
    if rows and not await _all_of(transaction, rows):
        transaction.refused = SlotTaken(missing=await _missing(transaction, rows))
        raise transaction.refused


def wanted_of(vault: Vault, owner: str, row: Mapping[str, Any]) -> str:
    """Return for which language a row's interpreter is there; older rows than revision 0032 have it clear."""
    if row["sealed"] is None:
        return str(row["wanted"])
    return vault.open_text(place_of(owner, row), row["key_id"], row["sealed"])


def _sealed(vault: Vault, appointment: Appointment, claim: Claim) -> dict[str, Any]:
    """Return the sealed columns of a claim; who takes part is of the patient's organization."""
    if not claim.wanted:
        return {"key_id": None, "sealed": None}
    ids = {"appointment_id": appointment.id, "kind": claim.kind, "resource_id": claim.resource_id}
    return vault.seal_text(place_of(appointment.patient_organization_id, ids), claim.wanted)


def place_of(owner: str, row: Mapping[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    row_id = f"{row['appointment_id']}/{row['kind'].value}/{row['resource_id']}"
    return Place(staff_of(owner), Purpose.SETTING, owner, "appointment_resource", row_id)


async def _all_of(transaction: Transaction, rows: Rows) -> bool:
    """Whether all could be taken; what was taken when one could not is never committed."""
    if transaction.postgresql:
        # A plain INSERT puts its row in and looks for conflicts afterwards: two at once wait for each other
        # and one is shot as a deadlock after a second. ON CONFLICT looks first and backs off.
        lists = {name: [row[name] for row in rows] for name in rows[0]}
        return await transaction.write(TAKE, lists) == len(rows)
    try:
        await transaction.insert(appointment_resource, rows)
    except SlotTaken:
        return False
    return True


async def _missing(transaction: Transaction, rows: Rows) -> frozenset[ResourceKind]:
    """Return of which kinds somebody else has what was wanted.

    Empty where two of `rows` are in each other's way, or where the other gave up since.
    """
    found, shared = set(), {row["session"] for row in rows if row["session"]}
    for kind in sorted({row["kind"] for row in rows}):
        wanted: dict[str, list[Interval]] = {}
        for row in rows:
            if row["kind"] is kind:
                wanted.setdefault(row["resource_id"], []).append(Interval(row["busy_start"], row["busy_end"]))
        spans = [span for each in wanted.values() for span in each]
        window = Interval(min(each.start for each in spans), max(each.end for each in spans))
        claim = appointment_resource.c
        theirs = select(claim.resource_id, claim.busy_start, claim.busy_end).where(
            *touching(kind, list(wanted), window),
            claim.appointment_id.not_in({row["appointment_id"] for row in rows}),
            or_(claim.session.is_(None), claim.session.not_in(shared)),
        )
        for other in await transaction.all(theirs):
            span = Interval(other.busy_start, other.busy_end)
            if any(span.overlaps(each) for each in wanted[other.resource_id]):
                found.add(kind)
    return frozenset(found)
