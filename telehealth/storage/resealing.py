"""Sealing every row again under its owner's newest data key, after all of these were renewed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Table, and_, bindparam, literal, select, tuple_, update

from telehealth.crypto.errors import KeyShredded
from telehealth.domain.errors import Erased
from telehealth.storage.repositories import (
    accounts,
    answers,
    claims,
    closures,
    confirmations,
    consents,
    conversations,
    directory,
    erasures,
    exports,
    glass,
    guests,
    lines,
    notes,
    outbox,
    own_bookings,
    own_texts,
    own_wishes,
    patients,
    record,
    recordings,
    resources,
    snippets,
    subscriptions,
    walk_ins,
)
from telehealth.storage.repositories.shapes import columns
from telehealth.storage.rows import metadata
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.sealing import Place
from telehealth.storage.transaction import connected, in_our_words
from telehealth.storage.unit_of_work import Storage

PAGE = 200
"""Rows that are sealed again in one transaction: nobody beside us waits long for the database."""
OWNER = "owner_organization"


def _of_id(place: Callable[[str, str], Place]) -> Callable[[dict[str, Any]], Place]:
    return lambda row: place(row["id"], row["organization_id"])


PLACES: Mapping[str, Callable[[dict[str, Any]], Place]] = {
    "account": _of_id(accounts.place_of),
    "addendum": notes.addendum_place_of,
    "appointment_resource": lambda row: claims.place_of(row[OWNER], row),
    "clinic_message": lines.place_of,
    "closure": closures.place_of,
    "consent": consents.place_of,
    "export": exports.place_of,
    "glass": glass.place_of,
    "kept_answer": answers.place_of,
    "legal_hold": erasures.place_of,
    "note": notes.place_of,
    "outbox": outbox.place_of,
    "own_booking": own_bookings.place_of,
    "own_text": own_texts.place_of,
    "own_wish": own_wishes.place_of,
    "patient": _of_id(patients.place_of),
    "practitioner": _of_id(directory.place_of),
    "recording": recordings.place_of,
    "resource": resources.place_of,
    "resource_version": record.place_of,
    "snippet": snippets.place_of,
    "subscription": subscriptions.place_of,
    "utterance": conversations.place_of,
    "visit": confirmations.place_of,
    "visit_guest": guests.place_of,
    "walk_in": walk_ins.place_of,
}
"""Where the sealed columns of each table's rows stand; a test holds it against the tables."""


class Resealing:
    """Goes through all rows, a page at a time; killed at any moment it leaves every row readable."""

    def __init__(self, storage: Storage, newest: Callable[[str], str]) -> None:
        """`newest` gives the id of an owner's newest data key; raises KeyShredded for a destroyed one."""
        self._writer, self._reader = storage.engines
        self._vault, self._newest = storage.vault, newest

    async def all(self, report: Callable[[str, int], None]) -> int:
        """Seal again what stands under an older key, and return how many rows that were.

        `report` hears the table and the rows looked at so far. A row that somebody writes meanwhile is left
        alone: it is under the newest key already. Raises Unavailable, SealBroken.
        """
        moved = looked = 0
        for name, place in PLACES.items():
            table, last = metadata.tables[name], None
            while page := await self._page(table, last):
                moved += await self._again(table, page, place)
                looked += len(page)
                report(name, looked)
                last = page[-1]
        return moved

    async def _page(self, table: Table, last: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        keys = list(table.primary_key)
        statement = _rows(table).where(table.c.key_id.is_not(None)).order_by(*keys).limit(PAGE)
        if last is not None:
            reached = [literal(last[key.name], key.type) for key in keys]
            statement = statement.where(tuple_(*keys) > tuple_(*reached))
        with in_our_words():
            async with connected(self._reader) as connection:
                return [columns(row) for row in await connection.execute(statement)]

    async def _again(
        self, table: Table, page: Sequence[dict[str, Any]], place_of: Callable[[dict[str, Any]], Place]
    ) -> int:
        """Seal the rows of a page again that need it, where nobody has changed them since they were read."""
        changes = [change for row in page if (change := self._changed(table, row, place_of(row)))]
        if changes:
            same = [key == bindparam(f"at_{key.name}", type_=key.type) for key in table.primary_key]
            statement = update(table).where(and_(*same, table.c.sealed == bindparam("was")))
            statement = statement.values(key_id=bindparam("new_key"), sealed=bindparam("new_sealed"))
            with in_our_words():
                async with connected(self._writer) as connection, connection.begin():
                    await connection.execute(statement, changes)
        return len(changes)

    def _changed(self, table: Table, row: dict[str, Any], place: Place) -> dict[str, Any] | None:
        """Return the parameters that write a row anew; None where it stands as it should or opens no more."""
        try:
            if row["key_id"] == self._newest(place.owner):
                return None
            text = self._vault.open_text(place, row["key_id"], row["sealed"])
            sealed = self._vault.seal_text(place, text)
        except (KeyShredded, Erased):
            return None
        where = {f"at_{key.name}": row[key.name] for key in table.primary_key}
        return where | {"was": row["sealed"], "new_key": sealed["key_id"], "new_sealed": sealed["sealed"]}


def _rows(table: Table) -> Select[Any]:
    """Return all of a table; who takes part in an appointment is sealed for the patient's organization."""
    if table.name != "appointment_resource":
        return select(*table.c)
    owner = appointments.c.patient_organization_id.label(OWNER)
    return select(*table.c, owner).join(appointments, appointments.c.id == table.c.appointment_id)
