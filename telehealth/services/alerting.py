"""Looking through the log for odd patterns of reading, by a worker; and showing them to privacy officers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.alerts import AROUND, WITHIN, Alert, Known, alerts_of, is_reading
from telehealth.domain.audit import AuditAction, AuditEntry
from telehealth.domain.audit_kinds import SEEN
from telehealth.domain.errors import NotFound
from telehealth.domain.people import Patient, Practitioner
from telehealth.services.audit_repository import Position
from telehealth.services.audit_rows import own_patients
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows

LOOKED_UNTIL = "alerts-looked-until"
FIRST = timedelta(days=1)
"""So far back the first look goes."""
SETTLED = timedelta(minutes=1)
"""An entry is written before its transaction ends: what is younger is left to the next look."""
BATCH, MOST = 500, 50_000
IN_VISIT = frozenset(
    {
        AuditAction.VISIT_CONFIRMED,
        AuditAction.VISIT_ADMITTED,
        AuditAction.VISIT_JOINED,
        AuditAction.VISIT_LEFT,
        AuditAction.VISIT_ENDED,
        AuditAction.NOTE_SAVED,
        AuditAction.NOTE_SIGNED,
    }
)
"""What shows that somebody had a visit with the patient; looking at its page does not."""
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    """An alert with names; `patient` is None where it is about none, or about another house's."""

    alert: Alert
    person: Practitioner | None
    patient: Patient | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What nobody has looked into yet, longest first, and what somebody has, newest first.

    `more` wait that are not among them; `older` were looked into.
    """

    waiting: list[Told]
    done: list[Told]
    more: bool
    older: bool


class Alerting:
    """`look` finds them; officers see those about their own house's staff, and say that they have."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def look(self) -> int:
        """Look through what was entered since the last look, and return how many alerts there are more."""
        until = self._work.clock.now() - SETTLED
        async with self._work.units.reading() as uow:
            since = _instant(await uow.meta.get(LOOKED_UNTIL)) or until - FIRST
            entries, until = await _readings(uow, since, until)
            known = await _known(uow, entries, (since - AROUND, until + SETTLED))
        found = list(alerts_of(entries, known, since))
        async with self._work.units.writing() as uow:
            told = await uow.alerts.keys({each.day for each in found}) if found else set()
            new = [each for each in found if each.key not in told]
            for each in new:
                await uow.alerts.add(replace(each, id=self._work.identifier()))
            await uow.meta.put(LOOKED_UNTIL, until.isoformat())
        return len(new)

    async def listed(self, actor: Actor) -> Listed:
        """Return what was found about the house's own staff; the entry names whom it is about."""
        own = actor.organization_id
        require(actor, Permission.GLASS_REVIEW, Subject(organizations=(own,)))
        async with self._work.units.writing() as uow:
            found = [await uow.alerts.told(own, seen=seen, limit=SHOWN + 1) for seen in (False, True)]
            more, older = (len(each) > SHOWN for each in found)
            both = [each[:SHOWN] for each in found]
            people = {each.id: each for each in await uow.directory.practitioners()}
            ids = sorted({each.patient_id for each in [*both[0], *both[1]]} - {""})
            patients = await own_patients(uow, ids, own)
            await enter(self._work, uow, actor, AuditAction.ALERTS_READ, patient_ids=ids)
        waiting, done = (
            [Told(each, people.get(each.practitioner_id), patients.get(each.patient_id)) for each in alerts]
            for alerts in both
        )
        return Listed(waiting, done, more, older)

    async def seen(self, actor: Actor, alert_id: str) -> None:
        """Keep that an officer has looked into it; a second press changes nothing. Raises NotFound."""
        role_allows(actor, Permission.GLASS_REVIEW)
        async with self._work.units.writing() as uow:
            alert = await uow.alerts.get(alert_id)
            if alert is None:
                raise NotFound
            require(actor, Permission.GLASS_REVIEW, Subject(organizations=(alert.organization_id,)))
            if alert.seen_at is not None:
                return
            now = self._work.clock.now()
            await uow.alerts.save(replace(alert, seen_at=now, seen_by=actor.id, version=alert.version + 1))
            about = (alert.patient_id,) if alert.patient_id else ()
            action = AuditAction.ALERT_SEEN
            await enter(self._work, uow, actor, action, patient_ids=about, entity="Alert", entity_id=alert.id)


async def _readings(uow: UnitOfWork, since: datetime, until: datetime) -> tuple[list[AuditEntry], datetime]:
    """Return what is looked through now, and until when that is: of very many the first part of the time.

    The next look goes on there. The hour before `since` may be cut: it was looked through already.
    """
    while True:
        entries = await _entries(uow, SEEN, since - WITHIN, until)
        if len(entries) < MOST or entries[-1].at < since or until - since <= SETTLED:
            return entries, until
        until = since + (until - since) / 2


async def _entries(
    uow: UnitOfWork, actions: Collection[AuditAction], start: datetime, end: datetime
) -> list[AuditEntry]:
    """Return the entries of these actions in a time, newest first; of very many the newest."""
    found: list[AuditEntry] = []
    before: Position | None = None
    while len(found) < MOST:
        page = await uow.audit.entries(
            actions=frozenset(actions), start=start, end=end, before=before, limit=BATCH
        )
        found += page
        if len(page) < BATCH:
            break
        before = page[-1].at, page[-1].id
    return found


async def _known(uow: UnitOfWork, entries: Sequence[AuditEntry], time: tuple[datetime, datetime]) -> Known:
    readings = [each for each in entries if is_reading(each)]
    people = {each.id: each for each in await uow.directory.practitioners()}
    zones = {each.id: each.zone for each in await uow.directory.locations()}
    sites = {each.id: zones[each.location_id] for each in people.values() if each.location_id in zones}
    patients = await uow.patients.many(sorted({one for each in readings for one in each.patient_ids}))
    visits: dict[tuple[str, str], list[datetime]] = {}
    for each in await _entries(uow, IN_VISIT, *time) if readings else ():
        for patient in each.patient_ids:
            visits.setdefault((each.actor_id, patient), []).append(each.at)
    return Known(people, patients, sites, visits)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
