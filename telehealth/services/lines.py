"""Keeps every line told: it is computed once per change, and only what is different goes out."""

import asyncio
from dataclasses import replace

from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import StaleVersion
from telehealth.domain.notices import (
    Notice,
    PlacesChanged,
    PriorityChanged,
    RunningChanged,
    VisitChanged,
    VisitMoved,
)
from telehealth.domain.outbox import NEARLY
from telehealth.domain.queue import REMEMBERED, SOON, Line, Place, Stand, TextMe, Why, places
from telehealth.domain.visiting import WAITS_AFTER_END
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations

IN_LINE = frozenset({VisitStatus.WAITING.value, VisitStatus.IN_PROGRESS.value})


async def line_of(work: Work, uow: UnitOfWork, practitioner_id: str) -> Line:
    """Return the line as it is now; who waits since before yesterday waits no more."""
    now = work.clock.now()
    return await uow.lines.of(practitioner_id, now, now - WAITS_AFTER_END, 2 * REMEMBERED)


class Lines:
    """What each line was told last, in memory: after a restart everybody is simply told again."""

    def __init__(self, *, work: Work, announcer: Announcer, invitations: Invitations) -> None:
        self._work = work
        self._announcer = announcer
        self._invitations = invitations
        self._told: dict[str, dict[str, Place]] = {}
        self._statuses: dict[str, str] = {}
        self._asked: dict[str, None] = {}
        self._something = asyncio.Event()

    async def place(self, uow: UnitOfWork, visit: Consultation) -> Place:
        """Return what the visit's patient is told now, for who asks; out of line nobody is before them."""
        if visit.status is VisitStatus.WAITING:
            line = await line_of(self._work, uow, visit.practitioner_id)
            told = self._told.get(visit.practitioner_id, {})
            for place in places(line, self._work.clock.now(), told):
                if place.visit_id == visit.id:
                    return place
        return Place(visit.id, 0, None, 0, Why.NONE, paused=False)

    def hear(self, notice: Notice) -> None:
        """Take note of what may move a line; a device or a connection moves none."""
        match notice:
            case VisitChanged(test=False) if self._moved(notice):
                self.ask(notice.practitioner_id)
            case (
                PriorityChanged(practitioner_id=practitioner_id) | VisitMoved(practitioner_id=practitioner_id)
            ):
                self.ask(practitioner_id)
            case RunningChanged(practitioner_id=practitioner_id):
                self.ask(practitioner_id)

    def ask(self, practitioner_id: str) -> None:
        """Have a line looked at soon."""
        self._asked[practitioner_id] = None
        self._something.set()

    async def follow(self) -> None:
        """Wait until something may have moved, then look at every such line."""
        await self._something.wait()
        await self.settle()

    async def settle(self) -> None:
        """Look at every line that was asked for."""
        self._something.clear()
        while self._asked:
            practitioner_id = next(iter(self._asked))
            del self._asked[practitioner_id]
            await self._look(practitioner_id)

    async def tick(self) -> None:
        """Have every line looked at: time alone changes what is to be told."""
        for practitioner_id in self._told:
            self.ask(practitioner_id)

    def _moved(self, notice: VisitChanged) -> bool:
        after = notice.status if notice.status in IN_LINE else ""
        before = self._statuses.pop(notice.visit_id, "")
        if after:
            self._statuses[notice.visit_id] = after
        return before != after

    async def _look(self, practitioner_id: str) -> None:
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            line = await line_of(self._work, uow, practitioner_id)
        before = self._told.pop(practitioner_id, {})
        found = places(line, now, before)
        if found:
            self._told[practitioner_id] = {place.visit_id: place for place in found}
        news = tuple(place for place in found if before.get(place.visit_id) != place)
        if news:
            await self._announcer.announce(PlacesChanged(practitioner_id, news, now))
        for visit_id in _to_write_to(line.waiting, found):
            await self._write(practitioner_id, visit_id)

    async def _write(self, practitioner_id: str, visit_id: str) -> None:
        try:
            async with self._work.units.writing() as uow:
                await nearly(self._work, uow, self._invitations, visit_id)
        except StaleVersion:  # somebody else changed the visit meanwhile: the next look writes
            self.ask(practitioner_id)


def _to_write_to(waiting: tuple[Stand, ...], found: list[Place]) -> list[str]:
    """Return the visits of those who asked for a message and whose turn it nearly is."""
    wanting = {one.visit_id for one in waiting if one.text_me is TextMe.WANTED}
    soon = (place for place in found if place.ahead <= SOON and not place.paused)
    return [place.visit_id for place in soon if place.visit_id in wanting]


async def nearly(work: Work, uow: UnitOfWork, invitations: Invitations, visit_id: str) -> None:
    """Put the message into the outbox and mark it in one transaction: it leaves once, whoever looks."""
    row = await uow.visits.row(visit_id)
    if row is None or row.visit.text_me is not TextMe.WANTED:
        return
    await uow.visits.save(replace(row.visit, text_me=TextMe.SENT, version=row.visit.version + 1))
    await invitations.tell(work, uow, NEARLY, row.patient, row.appointment, visit_id)


class Listening:
    """An announcer that lets the lines hear what it passes on."""

    def __init__(self, *, announcer: Announcer, lines: Lines) -> None:
        self._announcer = announcer
        self.lines = lines

    async def announce(self, notice: Notice) -> None:
        """Pass a notice on."""
        await self._announcer.announce(notice)
        self.lines.hear(notice)
