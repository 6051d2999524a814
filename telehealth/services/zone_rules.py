"""New time-zone rules: visits whose agreed wall time is another instant now are found, and follow it."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor
from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import Refused, StaleVersion
from telehealth.domain.zone_rules import Shift, shifts_among
from telehealth.services.moving import Moving
from telehealth.services.trail import Work


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one visit: `refused` is None where it moved, and else the reason why it stayed."""

    shift: Shift
    refused: Refused | None = None


class ZoneRules:
    """Keeps the wall time of visits that were booked under older rules (scheduling.md, "Time")."""

    def __init__(self, *, work: Work, moving: Moving, tzdata: str) -> None:
        self._work = work
        self._moving = moving
        self._tzdata = tzdata

    async def check(self) -> list[Shift]:
        """Return the visits ahead whose instant would move, in the order in which they can follow."""
        async with self._work.units.reading() as uow:
            booked = await uow.appointments.of_other_rules(self._tzdata, self._work.clock.now())
        return shifts_among(booked)

    async def follow(self, actor: Actor, shift: Shift) -> Followed:
        """Move one visit to its agreed wall time and tell the patient; says why where it has to stay.

        What changed in between, or begins meanwhile, stays as it is: the next check finds what is left.
        """
        before = shift.appointment
        after = replace(
            before,
            start=shift.start,
            end=shift.start + (before.end - before.start),
            tzdata=self._tzdata,
            sequence=before.sequence + 1,
            version=before.version + 1,
        )
        try:
            await self._move(actor, before, after)
        except Refused as refused:
            return Followed(shift, refused)
        return Followed(shift)

    async def _move(self, actor: Actor, before: Appointment, after: Appointment) -> None:
        async with self._work.units.writing() as uow:
            visit = await uow.visits.by_appointment(before.id)
            service = await uow.directory.service(before.service_id)
            if visit is None or service is None:
                raise StaleVersion(current=before.version)
            change = await self._moving.rewrite(uow, actor, visit, after, service)
        await self._moving.announce(change)
