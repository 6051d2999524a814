"""Recordings with consent: what everybody said to being recorded, and playing it to who treats the patient.

Whether anything may be written now is decided in domain/recording.py, for the people who are in the call.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from telehealth.crypto.seal import SALT
from telehealth.domain.access import SYSTEM, Actor, ActorKind, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import NotFound, OtherDevice, Unavailable, VisitClosed, WrongState
from telehealth.domain.recording import Answer, Consent, Recording, View, Why
from telehealth.services.caring import require_care
from telehealth.services.recording_repository import Film, Tapes
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.sessions import require_fresh
from telehealth.services.trail import Work, enter, enter_visit, own_visit, role_allows

SIGNED = {
    Answer.AGREED: AuditAction.RECORDING_AGREED,
    Answer.DECLINED: AuditAction.RECORDING_DECLINED,
    Answer.WITHDREW: AuditAction.RECORDING_WITHDRAWN,
}
AT_ONCE = 50
"""Recordings erased in one round."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A recording as a page lists it: `milliseconds` 0 where there is nothing to play."""

    recording: Recording
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class OfVisit:
    """What was recorded of a visit, oldest first, and the visit that it was."""

    row: DayRow
    recordings: list[Shown]


@dataclass(frozen=True, slots=True)
class Played:
    """One view of a recording, to be read."""

    recording: Recording
    view: View
    film: Film


class Recordings:
    """Keeps consents, keys and ends; opens recordings for who treats the patient, and for nobody else."""

    def __init__(self, *, work: Work, tapes: Tapes, offered: bool, days: int) -> None:
        self._work, self.tapes = work, tapes
        self.offered, self.days = offered, days

    async def ask(self, actor: Actor, visit_id: str, participant: str) -> Recording:
        """Take note that the specialist wants to record their running call; asking is agreeing.

        Raises NotFound, NotPermitted, VisitClosed, and Unavailable where recording is not offered.
        """
        if not self.offered:
            raise Unavailable
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            visit = await _running(uow, actor, Permission.RECORDING_ASK, visit_id)
            recording = Recording(
                id=self._work.identifier(),
                visit_id=visit.id,
                patient_id=visit.patient_id,
                organization_id=visit.organization_id,
                asked_at=now,
                kept_until=now + timedelta(days=self.days),
                key=self._work.chance.token(SALT).hex(),
            )
            await uow.recordings.add(recording)
            await enter_visit(self._work, uow, actor, AuditAction.RECORDING_ASKED, visit, recording.id)
            await self._answered(uow, actor, recording, participant, Answer.AGREED)
        return recording

    async def answer(
        self, actor: Actor, visit_id: str, recording_id: str, participant: str, answer: Answer
    ) -> None:
        """Keep what somebody in the call says to being recorded; on disk when this returns.

        Raises NotFound for another visit's recording, and WrongState when it is over.
        """
        async with self._work.units.writing() as uow:
            visit = await _running(uow, actor, Permission.RECORDING_ANSWER, visit_id)
            recording = await uow.recordings.get(recording_id)
            if recording is None or recording.visit_id != visit.id:
                raise NotFound
            if recording.ended_at is not None and answer is Answer.AGREED:
                raise WrongState
            await self._answered(uow, actor, recording, participant, answer)

    async def begun(self, recording_id: str) -> None:
        """Take note that everybody has agreed and that it is written from now on."""
        async with self._work.units.writing() as uow:
            recording = await uow.recordings.get(recording_id)
            if recording is None or recording.began_at is not None:
                return
            await uow.recordings.save(_next(replace(recording, began_at=self._work.clock.now())))
            await self._noted(uow, AuditAction.RECORDING_STARTED, recording)

    async def ended(self, recording_id: str, why: Why, records: Mapping[str, int] | None) -> None:
        """Take note that it is over; `records` says how much of each tape there is, None when nobody knows.

        Where nothing was written, nothing is kept but what everybody said.
        """
        async with self._work.units.writing() as uow:
            recording = await uow.recordings.get(recording_id)
            if recording is None or recording.ended_at is not None:
                return
            over = replace(recording, ended_at=self._work.clock.now())
            if recording.began_at is None or records == {}:
                over = replace(over, key="", erased_at=over.ended_at)
            else:
                over = replace(over, views=await _views(uow, recording, records))
            await uow.recordings.save(_next(over))
            await self._noted(uow, AuditAction.RECORDING_ENDED, recording, why)
        if over.erased_at is not None:
            await self.tapes.erase(recording_id)

    async def nobody_records(self) -> None:
        """End what a server that went without a word had running: with it, its recorder stopped."""
        async with self._work.units.reading() as uow:
            left = await uow.recordings.unended()
        for each in left:
            await self.ended(each.id, Why.BROKEN, None)

    async def of_visit(self, actor: Actor, visit_id: str) -> OfVisit:
        """Return what was recorded in a visit, for who treats its patient."""
        role_allows(actor, Permission.RECORDING_READ)
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            await require_care(self._work, uow, actor, Permission.RECORDING_READ, row.patient.id)
            await enter_visit(self._work, uow, actor, AuditAction.RECORDING_LISTED, row.visit)
            found = [each for each in await uow.recordings.of_visit(visit_id) if each.began_at is not None]
        return OfVisit(row, [await self._shown(each) for each in found])

    async def play(self, actor: Actor, recording_id: str, participant: str, *, export: bool) -> Played:
        """Return a view of a recording to read, for who treats its patient; each opening is entered.

        To take it away as a file needs a second factor of the last five minutes: StepUpNeeded.
        """
        role_allows(actor, Permission.RECORDING_READ)
        async with self._work.units.writing() as uow:
            recording = await uow.recordings.get(recording_id)
            if recording is None:
                raise NotFound
            await require_care(self._work, uow, actor, Permission.RECORDING_READ, recording.patient_id)
            view = next((each for each in recording.views if each.participant == participant), None)
            if view is None:
                raise NotFound
            if export:
                await require_fresh(uow, actor, self._work.clock.now())
            action = AuditAction.RECORDING_EXPORTED if export else AuditAction.RECORDING_PLAYED
            await self._entered(uow, actor, action, recording, participant)
        film = await self.tapes.film(recording, view)
        if film is None:
            raise NotFound
        return Played(recording, view, film)

    async def erase_overdue(self) -> None:
        """Erase what is kept no longer: first its key, then its files; what was said to it stays."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            over = await uow.recordings.overdue(now, AT_ONCE)
            for each in over:
                ended = each.ended_at or now
                await uow.recordings.save(
                    _next(replace(each, key="", views=(), ended_at=ended, erased_at=now))
                )
                await self._noted(uow, AuditAction.RECORDING_ERASED, each)
        for each in over:
            await self.tapes.erase(each.id)

    async def _shown(self, recording: Recording) -> Shown:
        films = [await self.tapes.film(recording, each) for each in recording.views]
        return Shown(recording, max((each.milliseconds for each in films if each), default=0))

    async def _answered(
        self, uow: UnitOfWork, actor: Actor, recording: Recording, participant: str, answer: Answer
    ) -> None:
        consent = Consent(
            id=self._work.identifier(),
            recording_id=recording.id,
            visit_id=recording.visit_id,
            patient_id=recording.patient_id,
            organization_id=recording.organization_id,
            participant=participant,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            answer=answer,
            terms=f"sound-and-picture; care-team; days={self.days}",
            said_at=self._work.clock.now(),
        )
        await uow.recordings.answered(consent)
        await self._entered(uow, actor, SIGNED[answer], recording, participant)

    async def _noted(
        self, uow: UnitOfWork, action: AuditAction, recording: Recording, reason: str = ""
    ) -> None:
        system = replace(SYSTEM, organization_id=recording.organization_id)
        await self._entered(uow, system, action, recording, reason)

    async def _entered(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, recording: Recording, reason: str
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(recording.patient_id,),
            entity="Media",
            entity_id=recording.id,
            reason=reason,
        )


async def _running(uow: UnitOfWork, actor: Actor, permission: Permission, visit_id: str) -> Consultation:
    visit = await own_visit(uow, actor, permission, visit_id)
    if visit.status is not VisitStatus.IN_PROGRESS:
        raise VisitClosed
    if actor.kind is ActorKind.VISITOR and not visit.serves(actor.session_id):
        raise OtherDevice
    return visit


async def _views(
    uow: UnitOfWork, recording: Recording, records: Mapping[str, int] | None
) -> tuple[View, ...]:
    """Return whose pictures there are, the patient's first; of a killed recorder, all who agreed."""
    agreed = {each.participant for each in await uow.recordings.answers(recording.id)}
    there = agreed if records is None else set(records)
    names = await _names(uow, recording)
    order = sorted(there, key=lambda each: (each != "p", each != "s", each))
    return tuple(View(each, names.get(each, ""), records[each] if records else None) for each in order)


async def _names(uow: UnitOfWork, recording: Recording) -> dict[str, str]:
    row = await uow.visits.row(recording.visit_id)
    guests = {f"g{each.number}": each.name for each in await uow.guests.of_visit(recording.visit_id)}
    if row is None:
        return guests
    practitioner = await uow.directory.practitioner(row.visit.practitioner_id)
    return {**guests, "p": row.patient.name.full, "s": practitioner.name.full if practitioner else ""}


def _next(recording: Recording) -> Recording:
    return replace(recording, version=recording.version + 1)
