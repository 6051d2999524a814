"""The fake repository of booked times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telehealth.domain.appointment import (
    TAKES_TIME,
    Appointment,
    AppointmentQuery,
    AppointmentStatus,
    Claim,
    ResourceKind,
)
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.groups import Session
from telehealth.domain.scheduling import Interval, merged
from telehealth.services.appointment_repository import Claimed, Ends
from tests.fakes.rows import insert, swap


class FakeAppointments:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def book(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        await self._free(claims)
        insert(self._t.appointments, appointment.id, appointment)
        self._t.claims[appointment.id] = self._t.had[appointment.id] = tuple(claims)

    async def book_all(self, booked: Sequence[Claimed]) -> None:
        for appointment, claims in booked:
            await self.book(appointment, claims)

    async def _free(self, claims: Sequence[Claim]) -> None:
        missing = set()
        for claim in claims:
            others = [each for claims in self._t.claims.values() for each in claims if _meet(each, claim)]
            together = claim.session and all(each.session == claim.session for each in others)
            if others and not (together and _left(others, claim)):
                missing.add(claim.kind)
        if missing:
            raise SlotTaken(missing=frozenset(missing))

    async def get(self, appointment_id: str) -> Appointment | None:
        return self._t.appointments.get(appointment_id)

    async def save(self, appointment: Appointment, *, retake: bool = True) -> None:
        swap(self._t.appointments, appointment)
        if appointment.status not in TAKES_TIME:
            self._t.claims.pop(appointment.id, None)

    async def free(self, appointment_id: str) -> None:
        self._t.claims.pop(appointment_id, None)

    async def move(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        self._t.claims.pop(appointment.id, None)
        await self._free(claims)
        swap(self._t.appointments, appointment)
        self._t.claims[appointment.id] = self._t.had[appointment.id] = tuple(claims)

    async def move_all(self, moved: Sequence[Claimed]) -> None:
        for appointment, _ in moved:
            self._t.claims[appointment.id] = ()
        for appointment, claims in moved:
            await self.move(appointment, claims)

    async def busy(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        found: dict[str, list[Interval]] = {each: [] for each in resource_ids}
        over = {a.id for a in self._t.appointments.values() if now and _ran_out(a, now)}
        for claim in (claim for key, claims in self._t.claims.items() if key not in over for claim in claims):
            span = Interval(claim.start, claim.end)
            if claim.kind is kind and claim.resource_id in found and span.overlaps(window):
                found[claim.resource_id].append(span)
        return found

    async def taken(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        return {
            each: merged(spans) for each, spans in (await self.busy(kind, resource_ids, window, now)).items()
        }

    async def ends(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, Ends]:
        busy = await self.busy(kind, resource_ids, window, now)
        return {who: _in_microseconds(spans) for who, spans in busy.items() if spans}

    async def sessions(
        self,
        service_id: str,
        practitioner_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> list[Session]:
        together: dict[tuple[datetime, str], list[Claim]] = {}
        for key, claims in self._t.claims.items():
            each = self._t.appointments[key]
            sought = each.service_id == service_id and each.practitioner_id in practitioner_ids
            if sought and window.start <= each.start < window.end and not (now and _ran_out(each, now)):
                shared = [claim for claim in claims if claim.session]
                together.setdefault((each.start, each.practitioner_id), []).extend(shared)
        return [
            Session(
                whose,
                start,
                sum(each.kind is ResourceKind.PRACTITIONER for each in claims),
                frozenset(each.resource_id for each in claims),
            )
            for (start, whose), claims in sorted(together.items())
            if claims
        ]

    async def together(self, appointment_id: str) -> list[str]:
        own = {each.session for each in self._t.claims.get(appointment_id, ()) if each.session}
        alike = [key for key, claims in self._t.claims.items() if any(each.session in own for each in claims)]
        return sorted(alike) or [appointment_id]

    async def stay_together(self, appointment_ids: Sequence[str], toward: str = "") -> None:
        for each in appointment_ids:
            if set(await self.together(each)) != set(appointment_ids):
                raise StaleVersion

    async def fulfilled(self, patient_id: str) -> list[Appointment]:
        theirs = [a for a in self._t.appointments.values() if a.patient_id == patient_id and not a.test]
        found = [each for each in theirs if each.status is AppointmentStatus.FULFILLED]
        return sorted(found, key=lambda each: each.start, reverse=True)

    async def give_back(self, practitioner_id: str, now: datetime) -> None:
        for each, claims in self._t.claims.items():
            booked = self._t.appointments[each]
            if (booked.practitioner_id, booked.status) == (practitioner_id, AppointmentStatus.FULFILLED):
                self._t.claims[each] = tuple(
                    replace(claim, end=now) if claim.start < now < claim.end else claim for claim in claims
                )

    async def search(
        self, query: AppointmentQuery, organization_id: str, now: datetime
    ) -> tuple[list[Appointment], int]:
        found = [
            each
            for each in self._t.appointments.values()
            if organization_id in {each.organization_id, each.patient_organization_id}
            and (each.status is not AppointmentStatus.PENDING or each.held_until > now)
            and each.status in query.statuses
            and not each.test
            and query.patient_id in {"", each.patient_id}
            and query.practitioner_id in {"", each.practitioner_id}
            and query.modality in {None, each.modality}
            and (query.start is None or each.start >= query.start)
            and (query.end is None or each.start < query.end)
        ]
        return sorted(found, key=lambda each: (each.start, each.id))[: query.count], len(found)

    async def of_other_rules(self, tzdata: str, now: datetime) -> list[Appointment]:
        booked = AppointmentStatus.BOOKED
        ahead = [a for a in self._t.appointments.values() if a.status is booked and a.start >= now]
        return [each for each in ahead if each.tzdata != tzdata]

    async def release_expired(self, now: datetime) -> int:
        over = [a for a in self._t.appointments.values() if _ran_out(a, now)]
        for each in over:
            cancelled = AppointmentStatus.CANCELLED
            await self.save(replace(each, status=cancelled, held_until=None, version=each.version + 1))
        return len(over)


def _ran_out(appointment: Appointment, now: datetime) -> bool:
    until = appointment.held_until
    return appointment.status is AppointmentStatus.PENDING and until is not None and until <= now


def _meet(one: Claim, other: Claim) -> bool:
    same = (one.kind, one.resource_id) == (other.kind, other.resource_id)
    return same and Interval(one.start, one.end).overlaps(Interval(other.start, other.end))


def _left(others: list[Claim], claim: Claim) -> bool:
    return claim.kind is not ResourceKind.PRACTITIONER or len(others) < claim.seats


def _in_microseconds(spans: list[Interval]) -> Ends:
    epoch, unit = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
    starts = sorted((each.start - epoch) // unit for each in spans)
    return tuple(starts), tuple(sorted((each.end - epoch) // unit for each in spans))
