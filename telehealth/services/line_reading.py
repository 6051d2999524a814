"""How lines were, to be read: those of one visit look by look, those of a house in sums without a name."""

from dataclasses import dataclass
from datetime import timedelta

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.line_record import LineRecord
from telehealth.domain.scheduling import Interval
from telehealth.services.line_report import LineReport, report_of
from telehealth.services.repositories import DayRow
from telehealth.services.trail import Work, enter, require, row_for

REPORTED = 50_000
"""Lines that one report tells of, at most: the newest."""


@dataclass(frozen=True, slots=True)
class VisitLines:
    """One visit and the line of each who sat in its call."""

    row: DayRow
    lines: list[LineRecord]


class LineReading:
    """Reads figures of lines; a specialist those of the own visits only."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def visit(self, actor: Actor, visit_id: str) -> VisitLines:
        """Return the lines of one visit; raises NotPermitted and NotFound."""
        async with self._work.units.writing() as uow:
            row = await row_for(uow, actor, Permission.QUALITY_READ, visit_id)
            lines = await uow.line_records.of([visit_id])
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.QUALITY_READ,
                patient_ids=(row.patient.id,),
                entity="Encounter",
                entity_id=visit_id,
            )
        return VisitLines(row, lines)

    async def report(self, actor: Actor, days: int) -> LineReport:
        """Return how the lines of a house's visits, and its patients', were in the last days."""
        require(actor, Permission.QUALITY_REPORT, Subject(organizations=(actor.organization_id,)))
        now = self._work.clock.now()
        window = Interval(now - timedelta(days=days), now)
        async with self._work.units.writing() as uow:
            lines = await uow.line_records.measured(actor.organization_id, window, REPORTED)
            locations = {each.id: each for each in await uow.directory.locations()}
            await enter(self._work, uow, actor, AuditAction.QUALITY_REPORTED)
        return report_of(days, lines, locations)
