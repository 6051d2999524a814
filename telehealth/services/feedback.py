"""What patients said about their visits: for their specialist by visit, for administrators in counts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.feedback import Answer, Feedback, Track, Trouble
from telehealth.services.clinic import A_DAY
from telehealth.services.line_tracks import track_of
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require

COUNTED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Said:
    """One visit of a day: what its patient said, and how the line was; None where there is nothing."""

    row: DayRow
    feedback: Feedback | None
    track: Track | None


@dataclass(frozen=True, slots=True)
class FeedbackDay:
    """One day of one specialist, in the zone of their own site; `today` is the present day there."""

    day: date
    today: date
    zone: str
    visits: list[Said]


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """How often each answer and each trouble was named in an organization, lately."""

    days: int
    total: int
    answers: dict[Answer, int]
    troubles: dict[Trouble, int]


class FeedbackReading:
    """Reads feedback; a specialist that of the own visits only."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def day(self, actor: Actor, day: date | None = None) -> FeedbackDay:
        """Return the own visits of a day that took place, yesterday's unless `day` says otherwise."""
        require(actor, Permission.FEEDBACK_READ, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            at = await site_day(self._work, uow, actor, day, ago=A_DAY)
            rows = await uow.visits.day(actor.id, at.window)
            seen = [row for row in rows if row.visit.admitted_at is not None and not row.visit.test]
            visits = await said_of(uow, seen)
            patients = sorted({row.patient.id for row in seen})
            await enter(self._work, uow, actor, AuditAction.FEEDBACK_READ, patient_ids=patients)
        return FeedbackDay(at.day, at.today, at.location.zone, visits)

    async def counts(self, actor: Actor) -> FeedbackCounts:
        """Return how often each answer and trouble was named in the actor's organization; nobody is named."""
        require(actor, Permission.FEEDBACK_COUNT)
        since = self._work.clock.now() - COUNTED_BACK
        async with self._work.units.writing() as uow:
            counted = await uow.feedback.counted(actor.organization_id, since)
            await enter(self._work, uow, actor, AuditAction.FEEDBACK_COUNTED)
        answers: Counter[Answer] = Counter()
        troubles: Counter[Trouble] = Counter()
        for each in counted:
            answers[each.answer] += each.times
            troubles.update(dict.fromkeys(each.troubles, each.times))
        return FeedbackCounts(
            COUNTED_BACK.days,
            answers.total(),
            {each: answers[each] for each in Answer},
            {each: troubles[each] for each in Trouble},
        )


async def said_of(uow: UnitOfWork, rows: Sequence[DayRow]) -> list[Said]:
    """Return what the patients of these visits said beside how their lines were, from two queries."""
    visits = [row.visit.id for row in rows]
    given, tracks = await uow.feedback.given(visits), await uow.feedback.tracks(visits)
    return [Said(row, given.get(row.visit.id), track_of(row.visit, tracks.get(row.visit.id))) for row in rows]
