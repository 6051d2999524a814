"""The fake repository of lines, of how clinics run, and of the messages to those who wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from telehealth.domain.clinic_message import ClinicMessage
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import StaleVersion
from telehealth.domain.queue import Line, Running, Stand
from tests.fakes.rows import insert


class FakeLines:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of(self, practitioner_id: str, now: datetime, since: datetime, newest: int) -> Line:
        mine = [
            each
            for each in self._t.visits.values()
            if each.practitioner_id == practitioner_id and not each.test
        ]
        here = [each for each in mine if self._t.appointments[each.appointment_id].end > since]
        called = [each.admitted_at or each.since for each in here if each.status is VisitStatus.IN_PROGRESS]
        over = [each for each in mine if each.ended_at and each.admitted_at]
        over.sort(key=lambda each: each.ended_at, reverse=True)
        return Line(
            waiting=tuple(self._stand(each) for each in here if each.status is VisitStatus.WAITING),
            called_at=max(called, default=None),
            durations=tuple(each.ended_at - each.admitted_at for each in over[:newest]),
            running=await self.running(practitioner_id, now),
        )

    async def waiting(self, organization_id: str, since: datetime) -> list[str]:
        found = []
        for each in self._t.visits.values():
            booked = self._t.appointments[each.appointment_id]
            ours = organization_id in {booked.organization_id, booked.patient_organization_id}
            if ours and each.status is VisitStatus.WAITING and booked.end >= since and not each.test:
                found.append(each.id)
        return sorted(found)

    def _stand(self, visit: Any) -> Stand:
        start = self._t.appointments[visit.appointment_id].start
        return Stand(visit.id, visit.priority, start, visit.waiting_at or visit.since, visit.text_me)

    async def running(self, practitioner_id: str, now: datetime) -> Running | None:
        days = [each for each in self._t.running.values() if each.practitioner_id == practitioner_id]
        return max((each for each in days if each.ends_at > now), key=lambda each: each.day, default=None)

    async def put_running(self, state: Running) -> None:
        key = (state.practitioner_id, state.day)
        stored = self._t.running.get(key)
        if (stored.version if stored else 0) != state.version - 1:
            raise StaleVersion
        self._t.running[key] = state

    async def told_late(self, visit_ids: Sequence[str]) -> dict[str, tuple[datetime, int]]:
        return {key: said for key, said in self._t.told_late.items() if key in visit_ids}

    async def put_told_late(self, visit_id: str, start: datetime, minutes: int) -> None:
        self._t.told_late[visit_id] = (start, minutes)

    async def add_message(self, message: ClinicMessage) -> None:
        insert(self._t.messages, message.id, message)

    async def messages(self, visit_id: str) -> list[ClinicMessage]:
        found = [each for each in self._t.messages.values() if each.visit_id == visit_id]
        return sorted(found, key=lambda each: (each.sent_at, each.id))
