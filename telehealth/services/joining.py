"""The patient's way in: a look at the link, opening it by a press, the spoken code, the visit's cookie."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from telehealth.calendars import CalendarEntry
from telehealth.crypto.tokens import CODE_LENGTH, TOKEN_LENGTH
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.changing import changeable
from telehealth.domain.closures import Closure
from telehealth.domain.consultation import CLOSED, Consultation, VisitEvent, VisitStatus
from telehealth.domain.errors import NotFound, VisitClosed
from telehealth.domain.modality import Modality
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import Organization
from telehealth.domain.people import Practitioner
from telehealth.domain.visiting import CODE_TRIES, VisitLink
from telehealth.services.browsers import Held, nothing_held, session_digest, session_of
from telehealth.services.calendar_entries import entry_of
from telehealth.services.closures import closure_of, rung
from telehealth.services.link_states import SHUT, link_state, shut
from telehealth.services.ports import Announcer, LinkKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter

EARLY = timedelta(minutes=30)
"""So long before the start, a link says when the visit is and what can be done until then."""


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """All that a link shows before anyone has pressed a button; `state` is one of `link_state`.

    `early` is true long before the start even while the link is open already. `home` is the clinic's zone.
    A link from before a move is `moved`: it tells the new time, which a newer link opens. One to a visit by
    phone opens nothing, and tells the time: it is early until that is over. The visit is `changeable` while
    the patient may move or cancel it alone, by this link. `open_service` is the service of a visit that was
    cancelled, where anybody may book that by its page.
    """

    state: str
    early: bool
    practitioner: str
    organization: str
    phone: str
    start: datetime
    end: datetime
    zone: str
    home: str
    patient: str
    language: str
    entry: CalendarEntry
    moved: bool
    changeable: bool
    closure: Closure | None
    open_service: str


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """A link that was opened: the cookie's value (kept nowhere else) and whose visit it is."""

    cookie: str
    visit_id: str


class Joining:
    """Links and codes become sessions here; scanners may look as often as they like and spend nothing."""

    def __init__(self, *, work: Work, keys: LinkKeys, announcer: Announcer) -> None:
        self._work = work
        self._keys = keys
        self._announcer = announcer

    async def look(self, token: str) -> FirstScreen:
        """Return the first screen of a link: no cookie, no arrival. Raises NotFound for anything unknown."""
        async with self._work.units.reading() as uow:
            return await self._screen(uow, *await living(uow, await self._link(uow, token)))

    async def look_by_code(self, code: str, birth_date: date) -> FirstScreen:
        """Return the first screen for whoever knows code and birth date; a wrong date counts as a try."""
        async with self._work.units.writing() as uow:
            link, row = await self._spoken(uow, code)
            if row.patient.birth_date == birth_date:
                return await self._screen(uow, link, row)
            await self._count_try(uow, link, row)
        raise NotFound

    async def _screen(self, uow: UnitOfWork, link: VisitLink, row: DayRow) -> FirstScreen:
        organization, practitioner = await hosts(uow, row.visit)
        closure, now = await closure_of(uow, row), self._work.clock.now()
        state = link_state(row, now)
        phoned = row.appointment.modality is Modality.PHONE
        anew = state == "cancelled" and row.service.open_to_patients
        return FirstScreen(
            state="early" if state == "open" and (link.moved or phoned) else state,
            early=row.appointment.start - now > EARLY,
            practitioner=practitioner.display,
            organization=organization.name,
            phone=rung(closure, organization),
            start=row.appointment.start,
            end=row.appointment.end,
            zone=row.patient.zone,
            home=row.location.zone,
            patient=row.patient.name.guarded,
            language=row.patient.language,
            entry=await entry_of(uow, row),
            moved=link.moved,
            changeable=not link.moved and changeable(row.visit, row.appointment, now),
            closure=closure,
            open_service=row.service.id if anew else "",
        )

    async def open(self, token: str, held: Held = nothing_held, *, here: bool = True) -> OpenedVisit:
        """Exchange a link for a session: this is the arrival. The link stays good for the same person.

        A browser that holds a living session of this visit goes on with it. Not `here`: somebody wants to
        change the visit, perhaps weeks ahead, and nobody has come to it.
        """
        async with self._work.units.writing() as uow:
            link, row = await _taken(uow, await self._link(uow, token))
            opened, visit = await self._enter(uow, link, row, held, here=here)
        await self._tell(row.visit, visit)
        return opened

    async def by_code(
        self, code: str, birth_date: date, held: Held = nothing_held, *, here: bool = True
    ) -> OpenedVisit:
        """Do as `open` by the spoken code and the birth date; five wrong dates end the code."""
        async with self._work.units.writing() as uow:
            link, row = await self._spoken(uow, code)
            if row.patient.birth_date == birth_date:
                arrived = await self._enter(uow, link, row, held, here=here)
            else:
                arrived = None
                await self._count_try(uow, link, row)
        if arrived is None:
            raise NotFound
        await self._tell(row.visit, arrived[1])
        return arrived[0]

    async def _spoken(self, uow: UnitOfWork, code: str) -> tuple[VisitLink, DayRow]:
        """Return what a code leads to while it is good; raises NotFound."""
        digest = self._keys.digest(code if len(code) == CODE_LENGTH else "-")
        link, row = await _taken(uow, await uow.visits.link_by_code(digest))
        if link.code_tries >= CODE_TRIES:
            raise NotFound
        return link, row

    async def _count_try(self, uow: UnitOfWork, link: VisitLink, row: DayRow) -> None:
        """Keep the wrong try; it must be stored, so the refusal comes after the transaction."""
        await uow.visits.save_link(replace(link, code_tries=link.code_tries + 1))
        await enter(
            self._work,
            uow,
            visitor_of(row, ""),
            AuditAction.LINK_REFUSED,
            outcome=AuditOutcome.REFUSED,
            patient_ids=(row.patient.id,),
            entity="Encounter",
            entity_id=row.visit.id,
        )

    async def holder(self, token: str, held: Held) -> Actor | None:
        """Return whom a browser that holds this link already lets in, if anybody; nothing is opened by it."""
        async with self._work.units.reading() as uow:
            link = await self._link(uow, token)
        cookie = held(link.visit_id) if link else ""
        return await self.visitor(link.visit_id, cookie) if link and cookie else None

    async def visitor(self, visit_id: str, cookie: str) -> Actor | None:
        """Return who holds this visit's cookie, or None when it is unknown, ended or the visit over."""
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            session = await uow.visits.session(session_digest(cookie))
            if session is None or session.visit_id != visit_id or session.ended_at is not None:
                return None
            row = await uow.visits.row(visit_id)
        if row is None or (shut(row, now) and link_state(row, now) not in {"early", "closed"}):
            return None  # a session that is too early is from before a move, or to change the visit
        if row.link is None or row.link.generation != session.generation:
            return None  # the link was rotated: whoever came by the older one is out
        return visitor_of(row, session.id)

    async def _link(self, uow: UnitOfWork, token: str) -> VisitLink | None:
        if len(token) != TOKEN_LENGTH:
            return None
        return await uow.visits.link(self._keys.digest(token))

    async def _enter(
        self, uow: UnitOfWork, link: VisitLink, row: DayRow, held: Held, *, here: bool
    ) -> tuple[OpenedVisit, Consultation]:
        """Find or make the session and, when the visit is open and its patient `here`, book the arrival."""
        now = self._work.clock.now()
        state = link_state(row, now)
        closed = shut(row, now) if here else state not in {"open", "early"}
        if closed or state == "cancelled" or link.moved:
            raise VisitClosed(SHUT.get(state, ""))
        session_id, cookie = await session_of(self._work, uow, link, held(link.visit_id))
        visit = row.visit
        if here and visit.status not in CLOSED:
            visit = _arrived(row, session_id, now)
        if visit is not row.visit:
            await uow.visits.save(visit)
        await enter(
            self._work,
            uow,
            visitor_of(row, session_id),
            AuditAction.LINK_OPENED,
            patient_ids=(row.patient.id,),
            entity="Encounter",
            entity_id=visit.id,
        )
        return OpenedVisit(cookie, visit.id), visit

    async def _tell(self, before: Consultation, after: Consultation) -> None:
        if after is not before:
            await self._announcer.announce(changed(after))


def _arrived(row: DayRow, session_id: str, now: datetime) -> Consultation:
    """Return the visit with its patient here; who is phoned soon is in line, and has nothing to check."""
    visit, number = row.visit.step(VisitEvent.ARRIVE, now), row.patient.phone
    soon = row.appointment.start - now <= EARLY and visit.status is VisitStatus.ARRIVED
    if row.appointment.modality is not Modality.PHONE or not soon or not number:
        return visit
    return replace(visit.come(session_id).by_phone(number, now), version=row.visit.version + 1)


def changed(visit: Consultation) -> VisitChanged:
    """Return the notice that a visit's row has changed."""
    return VisitChanged(
        visit.id,
        visit.practitioner_id,
        visit.status,
        visit.device,
        visit.connection,
        visit.since,
        visit.test,
        visit.asked_by is not None,
    )


async def hosts(uow: UnitOfWork, visit: Consultation) -> tuple[Organization, Practitioner]:
    """Return who holds a visit: the clinic and the specialist. Raises NotFound."""
    organization = await uow.directory.organization(visit.organization_id)
    practitioner = await uow.directory.practitioner(visit.practitioner_id)
    if organization is None or practitioner is None:
        raise NotFound
    return organization, practitioner


async def living(uow: UnitOfWork, link: VisitLink | None) -> tuple[VisitLink, DayRow]:
    """Return the visit that a link shows: its newest one, also once that died with the visit's cancelling.

    One that died with a move shows it as well, and opens nothing.
    """
    row = await uow.visits.row(link.visit_id) if link else None
    if link is not None and row is not None and link.moved:
        return link, row
    if link is None or row is None or row.link is None or row.link.id != link.id:
        raise NotFound
    if row.link.revoked_at is not None and row.visit.status is not VisitStatus.CANCELLED:
        raise NotFound
    return row.link, row


async def _taken(uow: UnitOfWork, link: VisitLink | None) -> tuple[VisitLink, DayRow]:
    """Lock the visit of a link, so that presses come one after the other, and read both as they are then.

    Whoever changes a visit, its appointment and its links locks the visit first: nobody waits in a circle.
    """
    if link is None or await uow.visits.get(link.visit_id) is None:
        raise NotFound
    return await living(uow, link)


def visitor_of(row: DayRow, session_id: str) -> Actor:
    """Return the patient as one browser's session acts for them."""
    return Actor(
        kind=ActorKind.VISITOR,
        id=row.patient.id,
        role=None,
        organization_id=row.visit.organization_id,
        session_id=session_id,
        name=row.patient.name.guarded,
        visit_id=row.visit.id,
    )
