"""What a specialist looks at after the clinic: how the day went, and which notes still want a signature."""

from dataclasses import dataclass
from datetime import date

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.looking_back import End, came_late_by, end_of, late_by
from telehealth.domain.organizations import Location
from telehealth.domain.outbox import OutboxMessage
from telehealth.services.feedback import Said, said_of
from telehealth.services.post import matters
from telehealth.services.repositories import DayRow
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require


@dataclass(frozen=True, slots=True)
class Visited:
    """One visit of the day. `late` (the clinic) and `came_late` (the patient) are in minutes.

    `unsigned` wants a signature, `lost` a phone call.
    """

    said: Said
    end: End
    late: int
    came_late: int
    unsigned: bool
    lost: bool

    @property
    def row(self) -> DayRow:
        """The visit with everything its row shows."""
        return self.said.row


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day of one specialist, in the zone of their own site; `today` is the present day there."""

    day: date
    today: date
    location: Location
    visits: list[Visited]

    def count(self, end: End) -> int:
        """Return how many visits came to this end."""
        return sum(each.end is end for each in self.visits)

    @property
    def late(self) -> int:
        """How many the clinic began late."""
        return sum(each.late > 0 for each in self.visits)

    @property
    def came_late(self) -> int:
        """To how many the patient came late."""
        return sum(each.came_late > 0 for each in self.visits)

    @property
    def unsigned(self) -> int:
        """How many notes want a signature."""
        return sum(each.unsigned for each in self.visits)

    @property
    def lost(self) -> int:
        """About how many visits a message reached nobody."""
        return sum(each.lost for each in self.visits)


class LookingBack:
    """Reads the actor's own days; naming every patient on them in one audit entry."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def day(self, actor: Actor, day: date | None = None) -> DaySummary:
        """Return how a day went, today's unless `day` says otherwise; tests are no part of it."""
        require(actor, Permission.CLINIC_READ, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            at = await site_day(self._work, uow, actor, day)
            rows = await uow.visits.day(actor.id, at.window)
            real = [row for row in rows if not row.visit.test]
            lost = await uow.outbox.lost_about([row.visit.id for row in real])
            visits = [_visited(said, lost) for said in await said_of(uow, real)]
            patients = sorted({row.patient.id for row in real})
            await enter(self._work, uow, actor, AuditAction.CLINIC_READ, patient_ids=patients)
        return DaySummary(at.day, at.today, at.location, visits)

    async def to_sign(self, actor: Actor) -> list[DayRow]:
        """Return every own visit whose note wants a signature, begun or not, the oldest first."""
        require(actor, Permission.NOTE_READ, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            drafts = {note.visit_id for note in await uow.notes.unsigned(actor.id)}
            owing = await uow.visits.owing(actor.id)
            found = (await uow.visits.rows(sorted(drafts | set(owing)))).values()
            rows = sorted((row for row in found if not row.visit.test), key=lambda row: row.appointment.start)
            patients = sorted({row.patient.id for row in rows})
            await enter(self._work, uow, actor, AuditAction.NOTE_READ, patient_ids=patients)
        return rows


def _visited(said: Said, lost: list[OutboxMessage]) -> Visited:
    visit, start = said.row.visit, said.row.appointment.start
    end = end_of(visit)
    unsigned = said.row.note_state == "draft" or (visit.signed_at is None and end is End.SEEN)
    unreached = any(matters(each, said.row) for each in lost)
    return Visited(said, end, late_by(visit, start), came_late_by(visit, start), unsigned, unreached)
