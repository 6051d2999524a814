"""The audit log for the privacy officer of an organization: who did what, when, to whose record.

An officer sees what the own organization's people did, whoever it was about, and what anybody did about one
patient whose record the organization manages. Other houses' patients are ids to them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.errors import NotFound
from telehealth.domain.people import Patient, PatientQuery, Practitioner
from telehealth.domain.scheduling import whole_day
from telehealth.services.alerting import Alerting
from telehealth.services.audit_rows import (
    AuditRow,
    AuditSearch,
    found,
    glasses_of,
    marked,
    own_patients,
    touched_by,
    with_names,
)
from telehealth.services.desk import matching
from telehealth.services.glass_review import GlassReview
from telehealth.services.own_trail import OwnTrail
from telehealth.services.repositories import UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the log in the officer's zone; `patient` is who was asked about, where they may be named.

    `people` are the own staff, whose doings can be asked for. `more` says that older entries follow.
    `reasons` are those of records that were opened in an emergency, by what their entries name them.
    """

    rows: list[AuditRow]
    more: bool
    zone: str
    patient: Patient | None
    people: list[Practitioner]
    reasons: dict[str, str]


class AuditReading:
    """Reads the log; reading it is entered too. `own` is what a patient is told of it.

    `review` is about what the log alone cannot judge: records that were opened in an emergency. `alerts` are
    of odd patterns, which a worker finds.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self.own = OwnTrail(work=work)
        self.review = GlassReview(work=work)
        self.alerts = Alerting(work=work)

    async def find(self, actor: Actor, query: PatientQuery) -> list[Patient]:
        """Return the own organization's patients who match exactly, as the desk finds them."""
        _may(actor)
        return await matching(self._work, actor, query)

    async def page(self, actor: Actor, search: AuditSearch) -> AuditPage:
        """Return a page for an officer to read; whom it is about is named in the entry of reading it."""
        _may(actor)
        async with self._work.units.writing() as uow:
            zone = (await site_day(self._work, uow, actor)).location.zone
            entries, more = await _asked(uow, actor, _in_days(search, ZoneInfo(zone)))
            rows = await with_names(uow, entries, actor.organization_id)
            known = await own_patients(uow, [search.patient_id], actor.organization_id)
            people = await uow.directory.practitioners(organization_id=actor.organization_id)
            reasons = {each.mark: each.reason for each in (await uow.glasses.many(glasses_of(rows))).values()}
            await self._enter(uow, actor, {*touched_by(rows), *known})
        patient = known.get(search.patient_id)
        return AuditPage(marked(rows, ZoneInfo(zone)), more, zone, patient, people, reasons)

    async def entries(self, actor: Actor, search: AuditSearch) -> tuple[list[AuditRow], bool]:
        """Return entries for a program, which names nobody, and whether older ones follow."""
        _may(actor)
        async with self._work.units.writing() as uow:
            entries, more = await _asked(uow, actor, search)
            rows = await with_names(uow, entries)
            known = await own_patients(uow, [search.patient_id], actor.organization_id)
            await self._enter(uow, actor, {*touched_by(rows), *known})
        return rows, more

    async def entry(self, actor: Actor, entry_id: str) -> AuditRow:
        """Return one entry; raises NotFound also for one that is not the officer's to see."""
        _may(actor)
        async with self._work.units.writing() as uow:
            entry = await uow.audit.entry(entry_id)
            if entry is None or not await _visible(uow, entry, actor.organization_id):
                raise NotFound
            [row] = await with_names(uow, [entry])
            await self._enter(uow, actor, row.touched, entry_id)
        return row

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, patient_ids: Collection[str], entry_id: str = ""
    ) -> None:
        action, ids = AuditAction.AUDIT_READ, sorted(patient_ids)
        await enter(self._work, uow, actor, action, patient_ids=ids, entity="AuditEvent", entity_id=entry_id)


def _may(actor: Actor) -> None:
    require(actor, Permission.AUDIT_READ, Subject(organizations=(actor.organization_id,)))


def _in_days(search: AuditSearch, zone: ZoneInfo) -> AuditSearch:
    """Return the search with its days as instants."""
    start = whole_day(search.first, zone).start if search.first else search.start
    end = whole_day(search.last, zone).end if search.last else search.end
    return replace(search, start=start, end=end)


async def _asked(uow: UnitOfWork, actor: Actor, search: AuditSearch) -> tuple[list[AuditEntry], bool]:
    """Return what an officer may see of what is asked for, and whether there is more of it."""
    own = actor.organization_id
    theirs = await own_patients(uow, [search.patient_id], own)
    entries = await found(uow, replace(search, limit=search.limit + 1), "" if theirs else own)
    return entries[: search.limit], len(entries) > search.limit


async def _visible(uow: UnitOfWork, entry: AuditEntry, own: str) -> bool:
    return entry.organization_id == own or bool(await own_patients(uow, entry.patient_ids, own))
