"""Visits that come back: foreseen one by one, then booked in one transaction, all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, SlotTaken
from telehealth.domain.notices import VisitChanged
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.outbox import SERIES_BOOKED
from telehealth.domain.people import Practitioner
from telehealth.domain.resources import Needs, Party
from telehealth.domain.scheduling import Interval
from telehealth.domain.series import Occurrence, Series, local_id, rule_text
from telehealth.services import parties
from telehealth.services.appointment_repository import Claimed
from telehealth.services.once import keep, recall
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.series_plan import Ground, Outlook, Wanted, chosen, foreseen
from telehealth.services.trail import Once, Work, enter, require, role_allows
from telehealth.services.visit_making import Invitations, make_visit

TRIES = 3
"""So often a series is tried where others took a room or an interpreter meanwhile."""
AT_LEAST = (24 * 60,)
"""Minutes before a visit of a series at which its link comes, also where the service has no reminders."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A series as it is to be booked: what is left out, and what takes another time, by occurrence."""

    wanted: Wanted
    left_out: frozenset[str] = frozenset()
    instead: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """A series as it stands: what was agreed, its specialist, and every visit with its newest link.

    `parties` are the rooms, devices and interpreters of each appointment.
    """

    series: Series
    practitioner: Practitioner
    rows: list[DayRow]
    parties: Mapping[str, Sequence[Party]]


class SeriesDesk:
    """Foresees, books and shows series. The database constraint decides who gets a time, never a check."""

    def __init__(self, *, work: Work, invitations: Invitations, announcer: Announcer, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._announcer = announcer
        self._tzdata = tzdata

    async def foresee(self, actor: Actor, wanted: Wanted) -> Outlook:
        """Return every visit of a series with what is in its way, and what else is free that day."""
        require(actor, Permission.APPOINTMENT_BOOK)
        async with self._work.units.writing() as uow:
            found = await foreseen(uow, actor, wanted, self._work.clock.now())
            await self._enter(uow, actor, AuditAction.SERIES_FORESEEN, wanted.patient_id, "")
        return found

    async def book(self, actor: Actor, choice: Choice, once: Once | None = None) -> Standing:
        """Book all visits of a choice, with one message about all; raises BadInput and SlotTaken for all.

        Where a race was lost for one of several rooms or interpreters, another one is looked for.
        """
        require(actor, Permission.APPOINTMENT_BOOK)
        lost = 0
        while True:
            try:
                return await self._book(actor, choice, once)
            except SlotTaken as refused:
                lost += 1
                needed = choice.wanted.needs.wants().keys()
                if lost == TRIES or not refused.missing or not refused.missing <= needed:
                    raise

    async def _book(self, actor: Actor, choice: Choice, once: Once | None) -> Standing:
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                return await standing(uow, actor, Permission.APPOINTMENT_BOOK, earlier["series"])
            await uow.appointments.release_expired(now)
            outlook = await foreseen(uow, actor, choice.wanted, now)
            series, booked = self._made(actor, outlook, choice)
            await uow.series.add(series)
            await uow.appointments.book_all(await _claimed(uow, outlook.ground, booked, choice.wanted.needs))
            await self._invite(uow, outlook.ground, series, booked)
            await self._enter(uow, actor, AuditAction.SERIES_BOOKED, series.patient_id, series.id)
            await keep(self._work, uow, once, {"series": series.id})
            found = await standing(uow, actor, Permission.APPOINTMENT_BOOK, series.id)
        for row in found.rows:
            who = row.visit.practitioner_id
            await self._announcer.announce(
                VisitChanged(row.visit.id, who, "booked", "unknown", "unknown", now)
            )
        return found

    async def look(self, actor: Actor, series_id: str) -> Standing:
        """Return a series of the actor's organization."""
        role_allows(actor, Permission.APPOINTMENT_READ)
        async with self._work.units.writing() as uow:
            found = await standing(uow, actor, Permission.APPOINTMENT_READ, series_id)
            await self._enter(uow, actor, AuditAction.SERIES_READ, found.series.patient_id, series_id)
        return found

    def _made(self, actor: Actor, outlook: Outlook, choice: Choice) -> tuple[Series, list[Appointment]]:
        """Return the series and its appointments; raises BadInput naming every one that cannot be booked."""
        ground, zone = outlook.ground, outlook.site.zone
        wall = outlook.visits[0].occurrence.local
        series = Series(
            id=self._work.identifier(),
            organization_id=ground.bookable.practitioner.organization_id,
            patient_organization_id=ground.patient.organization_id,
            patient_id=ground.patient.id,
            practitioner_id=ground.bookable.practitioner.id,
            service_id=ground.bookable.service.id,
            zone=zone,
            local_start=local_id(wall),
            rule=rule_text(choice.wanted.rule, wall.date()),
        )
        found = [each.occurrence for each in outlook.visits]
        kept = chosen(found, choice.left_out, choice.instead, ZoneInfo(zone))
        placed = places(ground, [each for each, _ in kept])
        own, way = actor.id == series.practitioner_id, outlook.way
        return series, [
            replace(
                self._appointment(ground, series, each, site, apart=apart), modality=way, by_practitioner=own
            )
            for (each, apart), site in zip(kept, placed, strict=True)
        ]

    def _appointment(
        self, ground: Ground, series: Series, occurrence: Occurrence, site: Location, *, apart: bool
    ) -> Appointment:
        identifier = self._work.identifier()
        return Appointment(
            id=identifier,
            uid=f"{identifier}@telehealth",
            organization_id=series.organization_id,
            patient_organization_id=series.patient_organization_id,
            patient_id=series.patient_id,
            practitioner_id=series.practitioner_id,
            service_id=series.service_id,
            location_id=site.id,
            status=AppointmentStatus.BOOKED,
            start=occurrence.start,
            end=occurrence.start + ground.bookable.service.length,
            zone=site.zone,
            local_start=occurrence.wall_in(site.zone),
            tzdata=self._tzdata,
            series_id=series.id,
            recurrence=occurrence.id,
            apart=apart,
        )

    async def _invite(
        self, uow: UnitOfWork, ground: Ground, series: Series, booked: list[Appointment]
    ) -> None:
        """Make every visit with its link and its reminders, and one message about all of them."""
        work, service, patient = self._work, reminding(ground.bookable.service), ground.patient
        visits = []
        for each in booked:
            visit_id, _ = await make_visit(work, uow, self._invitations, each, patient, service, silent=True)
            await self._invitations.remind(work, uow, patient, each, visit_id, service)
            visits.append(visit_id)
        first = min(zip(booked, visits, strict=True), key=lambda each: each[0].start)
        await self._invitations.tell(work, uow, SERIES_BOOKED, patient, *first)

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, patient_id: str, series_id: str
    ) -> None:
        kind, ids = "AppointmentSeries", (patient_id,)
        await enter(self._work, uow, actor, action, patient_ids=ids, entity=kind, entity_id=series_id)


async def _claimed(
    uow: UnitOfWork, base: Ground, booked: Sequence[Appointment], needs: Needs
) -> list[Claimed]:
    """Return each visit with all that it takes; raises SlotTaken, BadInput."""
    whose, service = base.patient.organization_id, base.bookable.service
    known, found = await parties.known_for(uow, whose, needs), list[Claimed]()
    for each in booked:
        visit = Interval(each.start, each.end)
        shared = await parties.shared_at(uow, service, each.practitioner_id, visit, needs)
        taken = await parties.chosen(uow, known, needs, visit, shared=shared)
        found.append((each, parties.claims_of(each, service, taken)))
    return found


def reminding(service: HealthcareService) -> HealthcareService:
    """Return the service with a reminder at least: a short message about a series has one link only."""
    return replace(service, reminders=service.reminders or AT_LEAST)


def places(ground: Ground, kept: list[Occurrence]) -> list[Location]:
    """Return the site of each visit; raises BadInput naming each occurrence that cannot be booked."""
    found, problems = [], []
    for each in kept:
        try:
            found.append(ground.bookable.site_for(each.start, ground.now))
        except BadInput as refused:
            problems += [FieldProblem(each.id, why.code, why.detail) for why in refused.problems]
    if problems:
        raise BadInput(*problems)
    return found


async def standing(uow: UnitOfWork, actor: Actor, permission: Permission, series_id: str) -> Standing:
    """Return a series that the actor may do this to, all its visits by start; raises NotFound."""
    series = await uow.series.get(series_id)
    if series is None:
        raise NotFound
    require(
        actor, permission, Subject(organizations=(series.organization_id, series.patient_organization_id))
    )
    person = await uow.directory.practitioner(series.practitioner_id)
    if person is None:
        raise NotFound
    ids = await uow.series.visits(series_id)
    rows = await uow.visits.rows(ids)
    had = await uow.resources.parties([rows[each].appointment.id for each in ids])
    return Standing(series, person, [rows[each] for each in ids], had)
