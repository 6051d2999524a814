"""The fake repository of patients who are erased, and of records that must not be."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.consultation import HERE, UNBEGUN
from telehealth.domain.erasure import Erasure, LegalHold
from telehealth.domain.note import NoteState
from telehealth.domain.waitlist import OfferState, WaitStatus
from tests.fakes.rows import forget, insert

WHOLLY = (
    "own_bookings",
    "utterances",
    "messages",
    "guests",
    "legal_holds",
    "walk_ins",
)
"""Tables of which nothing of an erased patient stays."""


class FakeErasures:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def alone(self, patient_id: str) -> None:
        """Writing units come one after the other."""

    async def add(self, erasure: Erasure) -> None:
        insert(self._t.erasures, erasure.patient_id, erasure)

    async def get(self, patient_id: str) -> Erasure | None:
        found: Erasure | None = self._t.erasures.get(patient_id)
        return found

    async def finish(self, patient_id: str, at: datetime) -> int:
        known = self._t.erasures.get(patient_id)
        if known is None or known.done_at is not None:
            return 0
        self._t.erasures[patient_id] = replace(known, done_at=at)
        return 1

    async def unfinished(self) -> list[Erasure]:
        open_ = [each for each in self._t.erasures.values() if each.done_at is None]
        return sorted(open_, key=lambda each: each.begun_at)

    async def hold(self, hold: LegalHold) -> None:
        self._t.legal_holds[hold.patient_id] = hold

    async def release(self, patient_id: str) -> int:
        return forget(self._t.legal_holds, lambda each: each.patient_id == patient_id)

    async def held(self, patient_id: str) -> LegalHold | None:
        found: LegalHold | None = self._t.legal_holds.get(patient_id)
        return found

    async def last_entry(self, patient_id: str) -> datetime | None:
        written = [each.updated_at for each in self._t.resources.values() if each.patient_id == patient_id]
        visits = [each.end for each in self._t.appointments.values() if each.patient_id == patient_id]
        return max([*written, *visits], default=None)

    async def visits(self, patient_id: str, now: datetime) -> int:
        theirs = [v for v in self._t.visits.values() if v.patient_id == patient_id and not v.test]
        ends = self._t.appointments
        return sum(
            v.status in HERE or (v.status in UNBEGUN and ends[v.appointment_id].end > now) for v in theirs
        )

    async def clear(self, patient_id: str) -> None:
        visits = {each.id for each in self._t.visits.values() if each.patient_id == patient_id}
        forget(self._t.subscription_events, lambda each: each.patient_id == patient_id)
        forget(self._t.outbox, lambda each: each.person_id == patient_id or each.visit_id in visits)
        forget(self._t.visit_sessions, lambda each: each.visit_id in visits)
        forget(self._t.visit_links, lambda each: each.visit_id in visits)
        forget(self._t.notes, lambda each: each.patient_id == patient_id and each.state is NoteState.DRAFT)
        waits = {each.id for each in self._t.waitlist.values() if each.patient_id == patient_id}
        for key in waits:
            if self._t.waitlist[key].status is WaitStatus.WAITING:
                self._t.waitlist[key] = self._t.waitlist[key].end(WaitStatus.OVER)
        for key, each in self._t.offers.items():
            if each.patient_id == patient_id and each.state is OfferState.OPEN:
                self._t.offers[key] = each.close(OfferState.WITHDRAWN)
        forget(self._t.own_wishes, lambda each: each.waiting_id in waits)
        for name in WHOLLY:
            forget(getattr(self._t, name), lambda each: each.patient_id == patient_id)
        if patient_id in self._t.erasures:
            self._end(patient_id, self._t.erasures[patient_id].begun_at)

    def _end(self, patient_id: str, at: datetime) -> None:
        for key, each in self._t.recordings.items():
            if each.patient_id == patient_id and each.erased_at is None:
                self._t.recordings[key] = replace(each, ended_at=each.ended_at or at, erased_at=at)
        for key, each in self._t.glasses.items():
            if each.patient_id == patient_id:
                self._t.glasses[key] = replace(each, until=min(each.until, at))

    async def recordings(self, patient_id: str) -> list[str]:
        return sorted(each.id for each in self._t.recordings.values() if each.patient_id == patient_id)
