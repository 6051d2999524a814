"""After the visit, for the patient: what was agreed, the next visit, and one question with one tap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from telehealth.calendars import CalendarEntry
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import NotFound, OtherDevice, WrongState
from telehealth.domain.feedback import Answer, Feedback, Trouble, in_order
from telehealth.services.agreed import Agreed, agreed
from telehealth.services.calendar_entries import entry_of
from telehealth.services.named import Named, named
from telehealth.services.own_sharing import OwnSharing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter_visit, require


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The patient's next visit: with whom, when, in the patient's zone and the clinic's."""

    practitioner: str
    organization: str
    phone: str
    start: datetime
    zone: str
    home: str
    entry: CalendarEntry


@dataclass(frozen=True, slots=True)
class AfterView:
    """What the page after the visit shows; another browser than the patient's device sees nothing of it.

    `open` says that feedback is taken: the visit has taken place, and this is the patient's device.
    """

    visit: Consultation
    open: bool
    agreed: Agreed
    next: NextVisit | None
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a patient keeps on paper of a visit: what the page shows, and whom and when it was about."""

    after: AfterView
    named: Named


class AfterVisit:
    """The patient's page once the call is over; it ends with the visit's session.

    `sharing` is what they permit about their record.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self.sharing = OwnSharing(work=work)

    async def view(self, actor: Actor) -> AfterView:
        """Return what the page shows; what is read of the note is entered."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            visit = await _visit(uow, actor)
            if not visit.serves(actor.session_id):
                return AfterView(visit, open=False, agreed=Agreed(), next=None, feedback=None)
            known = await agreed(uow, visit)
            if known:
                await enter_visit(self._work, uow, actor, AuditAction.NOTE_READ, visit, reason="agreed")
            given = await uow.feedback.given([visit.id])
            following = await self._next(uow, visit.patient_id)
        took_place = visit.admitted_at is not None
        return AfterView(visit, took_place, known, following, given.get(visit.id))

    async def summary(self, actor: Actor) -> Summary:
        """Return what the paper says; raises OtherDevice, and NotFound while nothing is agreed."""
        after = await self.view(actor)
        if not after.visit.serves(actor.session_id):
            raise OtherDevice
        if not after.agreed:
            raise NotFound
        async with self._work.units.reading() as uow:
            return Summary(after, await named(uow, after.visit))

    async def say(self, actor: Actor, answer: Answer, troubles: Iterable[Trouble]) -> Feedback:
        """Keep the patient's answer over an earlier one; the same answer again changes nothing."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        named = in_order(troubles)
        async with self._work.units.writing() as uow:
            visit = await _visit(uow, actor)
            if not visit.serves(actor.session_id):
                raise OtherDevice
            if visit.admitted_at is None:
                raise WrongState("Say how it was once the visit has taken place.")
            known = (await uow.feedback.given([visit.id])).get(visit.id)
            if known is not None and known.says(answer, named):
                return known
            given = self._given(visit, known, answer, named)
            await uow.feedback.put(given)
            await enter_visit(self._work, uow, actor, AuditAction.FEEDBACK_GIVEN, visit)
        return given

    async def calendar(self, actor: Actor) -> NextVisit:
        """Return the patient's next visit for their calendar; raises NotFound when there is none."""
        view = await self.view(actor)
        if view.next is None:
            raise NotFound
        return view.next

    def _given(
        self, visit: Consultation, known: Feedback | None, answer: Answer, troubles: tuple[Trouble, ...]
    ) -> Feedback:
        now = self._work.clock.now()
        if known is not None:
            return replace(known, answer=answer, troubles=troubles, given_at=now, version=known.version + 1)
        return Feedback(
            visit_id=visit.id,
            patient_id=visit.patient_id,
            practitioner_id=visit.practitioner_id,
            organization_id=visit.organization_id,
            answer=answer,
            troubles=troubles,
            given_at=now,
        )

    async def _next(self, uow: UnitOfWork, patient_id: str) -> NextVisit | None:
        coming = await uow.visits.coming(patient_id, self._work.clock.now())
        row = await uow.visits.row(coming) if coming else None
        if row is None:
            return None
        practitioner = await uow.directory.practitioner(row.visit.practitioner_id)
        organization = await uow.directory.organization(row.visit.organization_id)
        if practitioner is None or organization is None:
            raise NotFound
        return NextVisit(
            practitioner=practitioner.display,
            organization=organization.name,
            phone=organization.phone,
            start=row.appointment.start,
            zone=row.patient.zone,
            home=row.location.zone,
            entry=await entry_of(uow, row),
        )


async def _visit(uow: UnitOfWork, actor: Actor) -> Consultation:
    visit = await uow.visits.get(actor.visit_id)
    if visit is None:
        raise NotFound
    return visit
