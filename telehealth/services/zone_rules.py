"""New time-zone rules: visits whose agreed wall time is another instant now are found, and follow it."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor
from telehealth.domain.appointment import Appointment
from telehealth.domain.errors import Refused, StaleVersion
from telehealth.domain.zone_rules import Shift, shifts_among
from telehealth.services.moving import Moving, locked
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

        The others of its group session go along. What changed in between, or begins meanwhile, stays as it
        is: the next check finds what is left.
        """
        try:
            await self._move(actor, shift)
        except Refused as refused:
            return Followed(shift, refused)
        return Followed(shift)

    async def _move(self, actor: Actor, shift: Shift) -> None:
        known = shift.appointment
        async with self._work.units.writing() as uow:
            ids = await uow.appointments.together(known.id)
            found = await locked(uow, ids)
            service = await uow.directory.service(known.service_id)
            if known.id not in found or service is None:
                raise StaleVersion(current=known.version)
            _, before = found[known.id]
            if (before.start, before.tzdata) == (shift.start, self._tzdata):
                return  # with another of its session
            found[known.id] = found[known.id][0], known
            moves = [(visit, self._placed(each, shift)) for visit, each in found.values()]
            changes = await self._moving.rewrite(uow, actor, moves, service, whole=ids)
        for change in changes:
            await self._moving.announce(change)

    def _placed(self, before: Appointment, shift: Shift) -> Appointment:
        return replace(
            before,
            start=shift.start,
            end=shift.start + (before.end - before.start),
            tzdata=self._tzdata,
            sequence=before.sequence + 1,
            version=before.version + 1,
        )
