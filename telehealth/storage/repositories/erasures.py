"""Erasing patients, as rows: what was begun, what forbids it, and what no key of theirs seals taken away."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Update, and_, delete, func, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.consultation import HERE, UNBEGUN
from telehealth.domain.erasure import Erasure, LegalHold
from telehealth.domain.note import NoteState
from telehealth.domain.waitlist import OfferState, WaitStatus
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.conversations import utterances
from telehealth.storage.rows.erasures import erasures, legal_holds
from telehealth.storage.rows.glass import glasses
from telehealth.storage.rows.guests import guests
from telehealth.storage.rows.lines import clinic_message
from telehealth.storage.rows.notes import notes
from telehealth.storage.rows.outbox import outbox
from telehealth.storage.rows.own_bookings import own_bookings
from telehealth.storage.rows.own_wishes import own_wishes
from telehealth.storage.rows.patients import patient_index, patients
from telehealth.storage.rows.record import resource_identifier, resource_version
from telehealth.storage.rows.recordings import recordings
from telehealth.storage.rows.subscriptions import subscription_events
from telehealth.storage.rows.visits import visit_link, visit_session, visits
from telehealth.storage.rows.waitlist import offers, waitlist
from telehealth.storage.rows.walk_ins import walk_ins
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction


class ErasureRows:
    """The Erasures Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def alone(self, patient_id: str) -> None:
        """Wait until nobody else erases, keeps or books for this patient; none does until this unit ends.

        What names the patient's row waits for a lock that SQLite's writing units have of everything.
        """
        if self._transaction.locks:
            row = select(patients.c.id).where(patients.c.id == patient_id)
            await self._transaction.first(row.with_for_update())

    async def add(self, erasure: Erasure) -> None:
        """Insert one; raises StaleVersion where it was begun before."""
        await self._transaction.insert(erasures, values(erasure))

    async def get(self, patient_id: str) -> Erasure | None:
        """Return a patient's."""
        row = await self._transaction.first(select(erasures).where(erasures.c.patient_id == patient_id))
        return Erasure(**columns(row)) if row else None

    async def finish(self, patient_id: str, at: datetime) -> int:
        """Note that nothing is left, unless that is noted; returns how many that was."""
        open_ = (erasures.c.patient_id == patient_id, erasures.c.done_at.is_(None))
        return await self._transaction.write(update(erasures).where(*open_).values(done_at=at))

    async def unfinished(self) -> list[Erasure]:
        """Return those that were begun and cut short, the oldest first."""
        begun = select(erasures).where(erasures.c.done_at.is_(None)).order_by(erasures.c.begun_at)
        return [Erasure(**columns(row)) for row in await self._transaction.all(begun)]

    async def hold(self, hold: LegalHold) -> None:
        """Keep a record from being erased; a newer reason takes the place of the one before."""
        await self.release(hold.patient_id)
        row = values(hold, "reason")
        await self._transaction.insert(legal_holds, row | self._vault.seal_text(place_of(row), hold.reason))

    async def release(self, patient_id: str) -> int:
        """Take that back; returns how many that was."""
        return await self._transaction.write(
            delete(legal_holds).where(legal_holds.c.patient_id == patient_id)
        )

    async def held(self, patient_id: str) -> LegalHold | None:
        """Return what keeps a record from being erased, if anything."""
        found = select(legal_holds).where(legal_holds.c.patient_id == patient_id)
        row = await self._transaction.first(found)
        if row is None:
            return None
        clear = columns(row)
        reason = self._vault.open_text(place_of(clear), clear.pop("key_id"), clear.pop("sealed"))
        return LegalHold(**clear, reason=reason)

    async def last_entry(self, patient_id: str) -> datetime | None:
        """Return when a record was last written in, or the last visit was, if ever."""
        written = resource_version.c
        newest = select(func.max(written.updated_at)).where(written.patient_id == patient_id)
        latest = select(func.max(appointments.c.end)).where(appointments.c.patient_id == patient_id)
        found = [await self._transaction.first(each) for each in (newest, latest)]
        return max((row[0] for row in found if row is not None and row[0] is not None), default=None)

    async def visits(self, patient_id: str, now: datetime) -> int:
        """Return how many of their visits are ahead or going on; a test of the line is none."""
        ahead = and_(visits.c.status.in_(UNBEGUN), appointments.c.end > now)
        found = (
            select(func.count())
            .select_from(visits.join(appointments, appointments.c.id == visits.c.appointment_id))
            .where(visits.c.patient_id == patient_id, ~visits.c.test, or_(visits.c.status.in_(HERE), ahead))
        )
        row = await self._transaction.first(found)
        return int(row[0]) if row else 0

    async def clear(self, patient_id: str) -> None:
        """Delete what leads to a patient or waits for them, and what opens no more; end what is kept.

        Kept are signed notes and versions of the record, which no row may change, and what the staff answer
        for: that a glass was broken, what its review has found, that and when somebody was recorded.
        """
        for statement in (*_ways(patient_id), *_words(patient_id), *_waits(patient_id), *_ends(patient_id)):
            await self._transaction.write(statement)

    async def recordings(self, patient_id: str) -> list[str]:
        """Return the ids of what was recorded of them."""
        found = select(recordings.c.id).where(recordings.c.patient_id == patient_id)
        return [row.id for row in await self._transaction.all(found.order_by(recordings.c.id))]


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a hold stand: with the patient whom it keeps."""
    owner, organization = row["patient_id"], row["organization_id"]
    return Place(owner, Purpose.LEGAL_HOLD, organization, "legal_hold", owner)


def _ways(patient_id: str) -> Iterable[Delete]:
    """By what a patient is found and reached: indexes, links, sessions, messages, news of them."""
    own = select(visits.c.id).where(visits.c.patient_id == patient_id)
    yield delete(patient_index).where(patient_index.c.patient_id == patient_id)
    yield delete(resource_identifier).where(resource_identifier.c.patient_id == patient_id)
    yield delete(subscription_events).where(subscription_events.c.patient_id == patient_id)
    yield delete(outbox).where(or_(outbox.c.person_id == patient_id, outbox.c.visit_id.in_(own)))
    yield delete(visit_session).where(visit_session.c.visit_id.in_(own))
    yield delete(visit_link).where(visit_link.c.visit_id.in_(own))
    yield delete(own_bookings).where(own_bookings.c.patient_id == patient_id)


def _words(patient_id: str) -> Iterable[Delete]:
    """What was written in and for their visits, and is no part of their record."""
    yield delete(notes).where(notes.c.patient_id == patient_id, notes.c.state == NoteState.DRAFT)
    for table in (utterances, clinic_message, guests, legal_holds):
        yield delete(table).where(table.c.patient_id == patient_id)


def _waits(patient_id: str) -> Iterable[Delete | Update]:
    """Their places in queues and on waiting lists, with what they said of themselves to get one."""
    theirs = select(waitlist.c.id).where(waitlist.c.patient_id == patient_id)
    yield delete(walk_ins).where(walk_ins.c.patient_id == patient_id)
    yield delete(own_wishes).where(own_wishes.c.waiting_id.in_(theirs))
    for table, runs, over in (
        (offers, offers.c.state == OfferState.OPEN, {"state": OfferState.WITHDRAWN}),
        (waitlist, waitlist.c.status == WaitStatus.WAITING, {"status": WaitStatus.OVER}),
    ):
        ended = update(table).where(table.c.patient_id == patient_id, runs)
        yield ended.values(**over, version=table.c.version + 1)


def _ends(patient_id: str) -> Iterable[Update]:
    """What runs or is kept until an instant is over when the erasure begins."""
    begun = select(erasures.c.begun_at).where(erasures.c.patient_id == patient_id).scalar_subquery()
    over = recordings.c.patient_id == patient_id, recordings.c.erased_at.is_(None)
    ended = func.coalesce(recordings.c.ended_at, begun)
    yield update(recordings).where(*over).values(ended_at=ended, erased_at=begun)
    seen = glasses.c.patient_id == patient_id, glasses.c.until > begun
    yield update(glasses).where(*seen).values(until=begun)
