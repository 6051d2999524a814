"""How lines were as rows: looks are numbers in a fixed order, so that an hour of them takes 20 kB."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from telehealth.domain.line_record import LineRecord, Look, Marks, Path, Summary, Way
from telehealth.domain.scheduling import Interval
from telehealth.services.line_record_repository import Measured
from telehealth.storage.repositories.shapes import values
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.line_records import line_record
from telehealth.storage.rows.visits import visits
from telehealth.storage.transaction import Transaction

SUMMED = tuple(line_record.c[field.name] for field in fields(Summary))
TOLD = (*SUMMED, appointments.c.location_id, appointments.c.start)
LOOK, MARKS = (attrgetter(*(field.name for field in fields(each))) for each in (Look, Marks))
PATH = [field.name for field in fields(Look)].index("path")
THIS = (line_record.c.visit_id == bindparam("this_visit"), line_record.c.member == bindparam("this_member"))


class LineRecordRows:
    """The LineRecords Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, visit_ids: Collection[str]) -> list[LineRecord]:
        """Return the records of these visits, by visit and member."""
        c = line_record.c
        statement = select(line_record).where(c.visit_id.in_(visit_ids)).order_by(c.visit_id, c.member)
        return [_record(row) for row in await self._transaction.all(statement)]

    async def put(self, records: Sequence[LineRecord]) -> None:
        """Write records with a look at least, new or over what was there; unknown visits are left out."""
        asked = {each.visit_id for each in records}
        c = line_record.c
        known = select(visits.c.id, c.member).outerjoin(line_record, c.visit_id == visits.c.id)
        there = {tuple(row) for row in await self._transaction.all(known.where(visits.c.id.in_(asked)))}
        found = {visit for visit, _ in there}
        new = [_row(each) for each in records if each.visit_id in found and _key(each) not in there]
        if new:
            await self._transaction.write(insert(line_record), new)
        older = [_row(each) | _this(each) for each in records if _key(each) in there]
        if older:
            await self._transaction.write(update(line_record).where(*THIS), older)

    async def measured(self, organization_id: str, window: Interval, most: int) -> list[Measured]:
        """Return the newest lines that began in `window` in visits of an organization; no tests."""
        a = appointments.c
        ours = or_(a.organization_id == organization_id, a.patient_organization_id == organization_id)
        begun = line_record.c.begun_at
        statement = (
            select(*TOLD)
            .join(visits, visits.c.id == line_record.c.visit_id)
            .join(appointments, a.id == visits.c.appointment_id)
            .where(begun >= window.start, begun < window.end, ours, ~visits.c.test)
            .order_by(begun.desc(), line_record.c.visit_id, line_record.c.member)
            .limit(most)
        )
        summed = len(SUMMED)
        return [
            Measured(Summary(*row[:summed]), *row[summed:]) for row in await self._transaction.all(statement)
        ]

    async def forget(self, before: datetime) -> int:
        """Delete what began before this instant; return how many."""
        return await self._transaction.write(delete(line_record).where(line_record.c.begun_at < before))


def _key(record: LineRecord) -> tuple[str, str]:
    return record.visit_id, record.member


def _this(record: LineRecord) -> dict[str, Any]:
    return {"this_visit": record.visit_id, "this_member": record.member}


def _row(record: LineRecord) -> dict[str, Any]:
    looks = [LOOK(each) for each in record.looks]
    return values(record.summary) | {"looks": _packed(looks), "marks": _packed(MARKS(record.marks))}


def _record(row: Any) -> LineRecord:
    looks = tuple(_look(each) for each in json.loads(row.looks))
    return LineRecord(row.visit_id, row.member, row.begun_at, looks, Marks(*json.loads(row.marks)))


def _look(told: list[Any]) -> Look:
    told[PATH : PATH + 2] = Path(told[PATH]), Way(told[PATH + 1])
    return Look(*told)


def _packed(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
