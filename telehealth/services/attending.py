"""What a patient does in a visit: agrees, checks devices, waits, steps out, looks where things stand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.changing import changeable
from telehealth.domain.consultation import (
    CLOSED,
    Connection,
    Consultation,
    Device,
    VisitEvent,
)
from telehealth.domain.errors import (
    BadInput,
    FieldProblem,
    NotFound,
    OtherDevice,
    VisitClosed,
    WrongState,
)
from telehealth.domain.moving import consented
from telehealth.domain.words import telephone
from telehealth.services.agreed import Agreed, agreed
from telehealth.services.calendar_entries import entry_of
from telehealth.services.closures import closure_of, rung
from telehealth.services.joining import EARLY, changed, hosts
from telehealth.services.line_tracks import follow_line
from telehealth.services.lines import Lines
from telehealth.services.link_states import SHUT, link_state
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter, require
from telehealth.services.visit_view import VisitView


class Attending:
    """The patient's steps; each is safe to repeat, a reload never loses the place in line."""

    def __init__(self, *, work: Work, announcer: Announcer, lines: Lines) -> None:
        self._work = work
        self._announcer = announcer
        self._lines = lines

    async def view(self, actor: Actor) -> VisitView:
        """Return where the visit stands."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.reading() as uow:
            row, now = await _row(uow, actor), self._work.clock.now()
            organization, practitioner = await hosts(uow, row.visit)
            mine, place = row.visit.serves(actor.session_id), await self._lines.place(uow, row.visit)
            messages = await uow.lines.messages(row.visit.id) if mine else []
            known = await agreed(uow, row.visit) if mine else Agreed()
            closure, entry = await closure_of(uow, row), await entry_of(uow, row)
        return VisitView(
            visit=row.visit,
            practitioner=practitioner.display,
            organization=organization.name,
            phone=rung(closure, organization),
            patient=row.patient.name.guarded,
            start=row.appointment.start,
            end=row.appointment.end,
            zone=row.patient.zone,
            home=row.location.zone,
            early=row.appointment.start - now > EARLY,
            changeable=changeable(row.visit, row.appointment, now),
            entry=entry,
            language=row.patient.language,
            place=place,
            messages=messages,
            text_me=row.visit.text_me if row.patient.phone or row.patient.email else None,
            agreed=known,
            own_phone=row.patient.phone_hint if mine else "",
            call_on=_shown(row) if mine else "",
            hold=row.visit.hold_of(actor.session_id),
            closure=closure,
            open_service=row.service.id if row.service.open_to_patients else "",
            check=row.check,
        )

    async def consent(self, actor: Actor) -> Consultation:
        """Keep that the patient agreed to the video visit as the page words it; raises VisitClosed."""
        now = self._work.clock.now()
        await self._in_time(actor, now)
        return await self._change(actor, AuditAction.VISIT_CONSENTED, lambda visit: consented(visit, now))

    async def _in_time(self, actor: Actor, now: datetime) -> None:
        """Pass within the hours of the visit: a page from before a move may come a week too early."""
        async with self._work.units.reading() as uow:
            state = link_state(await _row(uow, actor), now)
        if state != "open":
            raise VisitClosed(SHUT.get(state, ""))

    async def device(self, actor: Actor, device: Device) -> Consultation:
        """Keep what the check of camera and microphone has shown, so that the clinic can help.

        Who asked to be phoned stays so in the clinic's list, whatever a page of theirs still tries.
        """
        if device is Device.PHONE:
            raise BadInput(FieldProblem("state", "not-a-check", "Ask to be phoned instead."))
        return await self._change(
            actor,
            AuditAction.DEVICE_REPORTED,
            lambda visit: (
                visit
                if visit.device in {Device.PHONE, device} or not visit.serves(actor.session_id)
                else replace(visit, device=device, version=visit.version + 1)
            ),
        )

    async def connection(self, actor: Actor, word: Connection) -> Consultation:
        """Keep the word for the patient's line."""
        return await self._change(
            actor,
            None,
            lambda visit: (
                visit
                if visit.connection is word or not visit.serves(actor.session_id)
                else replace(visit, connection=word, version=visit.version + 1)
            ),
        )

    async def here(self, actor: Actor) -> Consultation:
        """Note that the patient's page is open; tell it where the visit stands, also if nothing changed."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            before = await uow.visits.get(actor.visit_id)
            if before is None:
                raise NotFound
            visit, theirs = before, before.serves(actor.session_id)
            if theirs and visit.status not in CLOSED and visit.connection is not Connection.GOOD:
                visit = replace(visit, connection=Connection.GOOD, version=visit.version + 1)
                await self._keep(uow, before, visit)
        await self._announcer.announce(changed(visit))
        return visit

    async def wait(self, actor: Actor) -> Consultation:
        """Enter the waiting room; consent comes first.

        Whoever enters first is the person's device. Another browser of theirs asks the specialist instead.
        Raises VisitClosed, also while the clinic is closed.
        """
        now = self._work.clock.now()
        await self._in_time(actor, now)

        def step(visit: Consultation) -> Consultation:
            if visit.consent_at is None:
                raise WrongState("Consent comes before the waiting room.")
            return _come(actor, visit, lambda mine: mine.step(VisitEvent.WAIT, now))

        return await self._change(actor, AuditAction.VISIT_WAITING, step)

    async def ask_phone(self, actor: Actor, number: str) -> Consultation:
        """Take the visit by phone instead: on `number`, or on the one on file when it is empty.

        As with `wait`, the first browser is bound and another one asks. The place in line is taken or kept;
        a running call may go over to the phone, too. Raises BadInput.
        """
        dialled = telephone(number) if number.strip() else await self._on_file(actor)
        if not dialled:
            raise BadInput(FieldProblem("number", "not-a-phone", "Write the number with its area code."))
        now = self._work.clock.now()
        await self._in_time(actor, now)
        return await self._change(
            actor,
            AuditAction.PHONE_ASKED,
            lambda visit: _come(actor, visit, lambda mine: consented(mine, now).by_phone(dialled, now)),
        )

    async def drop_phone(self, actor: Actor) -> Consultation:
        """Take back the wish to be phoned; the place in line stays."""
        return await self._change(
            actor, AuditAction.PHONE_DROPPED, lambda visit: _of(actor, visit).not_by_phone()
        )

    async def _on_file(self, actor: Actor) -> str:
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.reading() as uow:
            return (await _row(uow, actor)).patient.phone

    async def text_me(self, actor: Actor, *, wanted: bool) -> Consultation:
        """Keep whether a message shall go to the contact on file when it is nearly the patient's turn."""
        visit = await self._change(
            actor, AuditAction.TEXT_ME_CHANGED, lambda visit: _of(actor, visit).with_text(wanted=wanted)
        )
        self._lines.ask(visit.practitioner_id)
        return visit

    async def step_out(self, actor: Actor) -> Consultation:
        """Leave the waiting room without losing the visit."""
        now = self._work.clock.now()
        return await self._change(
            actor,
            AuditAction.VISIT_STEPPED_OUT,
            lambda visit: _of(actor, visit).step(VisitEvent.STEP_OUT, now),
        )

    async def leave(self, actor: Actor) -> Consultation:
        """Note that the patient pressed Leave; only the specialist ends the visit."""
        return await self._change(actor, AuditAction.VISIT_LEFT, lambda visit: _of(actor, visit), always=True)

    async def _keep(self, uow: UnitOfWork, before: Consultation, after: Consultation) -> None:
        await uow.visits.save(after)
        await follow_line(uow, before, after, self._work.clock.now())

    async def _change(
        self,
        actor: Actor,
        action: AuditAction | None,
        change: Callable[[Consultation], Consultation],
        *,
        always: bool = False,
    ) -> Consultation:
        """Save, enter and announce what `change` makes of the visit; raises VisitClosed.

        A visit that stays as it was is entered only when `always`.
        """
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            before = await uow.visits.get(actor.visit_id)
            if before is None:
                raise NotFound
            if before.status in CLOSED:
                raise VisitClosed
            after = change(before)
            if after is not before:
                await self._keep(uow, before, after)
            if action is not None and (always or after is not before):
                await enter(
                    self._work,
                    uow,
                    actor,
                    AuditAction.DEVICE_ASKED if after.asked_by != before.asked_by else action,
                    patient_ids=(after.patient_id,),
                    entity="Encounter",
                    entity_id=after.id,
                )
        if after is not before:
            await self._announcer.announce(changed(after))
        return after


def _come(actor: Actor, visit: Consultation, change: Callable[[Consultation], Consultation]) -> Consultation:
    """Return what `change` makes of the visit on the person's device; another browser only asks."""
    came = visit.come(actor.session_id)
    after = change(came) if came.serves(actor.session_id) else came
    return visit if after is visit else replace(after, version=visit.version + 1)


def _of(actor: Actor, visit: Consultation) -> Consultation:
    """Return the visit when this browser speaks for the patient in it; raises OtherDevice."""
    if not visit.serves(actor.session_id):
        raise OtherDevice
    return visit


async def _row(uow: UnitOfWork, actor: Actor) -> DayRow:
    row = await uow.visits.row(actor.visit_id)
    if row is None:
        raise NotFound
    return row


def _shown(row: DayRow) -> str:
    """Return the number to be phoned on as its page shows it: the one on file is not told in full."""
    on_file = row.visit.call_on == row.patient.phone
    return row.patient.phone_hint if row.visit.call_on and on_file else row.visit.call_on
