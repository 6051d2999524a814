"""All that the shared record holds about one patient, for who treats them: page by page, or summed up."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.domain.record import Head, Mark, ResourceVersion
from telehealth.domain.sentences import N_
from telehealth.fhir.summary import Summary
from telehealth.fhir.summing import SUMMED
from telehealth.services.caring import can_read, may_read, require_care
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import PAGE_BYTES, heads_of, opened
from telehealth.services.summing_up import summed_up
from telehealth.services.trail import Work, enter

PATIENT = "Patient"
Spot = tuple[str, Mark]
"""Where a resource stands in the whole: its type, then where it stands among these."""
Placed = tuple[str, Head]
"""A type, and what is known of a resource of it."""


@dataclass(frozen=True, slots=True)
class WholeQuery:
    """What is asked of a patient's record: these types in this order, what changed since, behind a spot."""

    patient_id: str
    types: tuple[str, ...]
    since: datetime | None = None
    count: int = 50
    after: Spot | None = None


@dataclass(frozen=True, slots=True)
class WholePage:
    """A part of the whole: `total` counts all of it, `after` is where more follows."""

    found: list[ResourceVersion]
    total: int
    after: Spot | None


class WholeRecord:
    """The record of one patient at once. To who does not treat them, the patient is not there."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def everything(self, actor: Actor, query: WholeQuery) -> WholePage:
        """Return a page of it, type by type and the oldest change first.

        Each page is entered. It is read apart from its entry in the log, as a search is. Raises NotPermitted
        behind a broken glass, through which nothing is taken away.
        """
        query = replace(query, types=tuple(each for each in query.types if can_read(actor, each)))
        if query.after is not None and query.after[0] not in query.types:
            raise NotFound
        await self._enter(actor, AuditAction.RECORD_TAKEN, query.patient_id, ", ".join(query.types))
        async with self._work.units.reading() as uow:
            return await _paged(uow, query)

    async def summary(self, actor: Actor, patient_id: str) -> Summary:
        """Return what matters of it; entered as a summary."""
        for each in (PATIENT, *SUMMED):
            may_read(actor, each)
        await self._enter(actor, AuditAction.RECORD_SUMMED_UP, patient_id)
        now, ids = self._work.clock.now(), tuple(self._work.identifier() for _ in range(3))
        async with self._work.units.reading() as uow:
            return await summed_up(uow, patient_id, now, (ids[0], ids[1], ids[2]))

    async def _enter(self, actor: Actor, action: AuditAction, patient_id: str, reason: str = "") -> None:
        may_read(actor, PATIENT)
        async with self._work.units.writing() as uow:
            glass = await require_care(self._work, uow, actor, Permission.RECORD_READ, patient_id)
            if glass and action is AuditAction.RECORD_TAKEN:
                raise NotPermitted(N_("In an emergency a record is read, not taken as a whole."))
            await enter(
                self._work,
                uow,
                actor,
                action,
                patient_ids=(patient_id,),
                entity=PATIENT,
                entity_id=patient_id,
                reason=", ".join(filter(None, (glass, reason))),
            )


async def _paged(uow: UnitOfWork, query: WholeQuery) -> WholePage:
    total, chosen = 0, list[Placed]()
    async for type_, head in _walk(uow, query):
        total += 1
        if len(chosen) <= query.count and _behind(query, type_, head):
            chosen.append((type_, head))
    shown = list(_fitting(chosen[: query.count]))
    found = [
        each
        for type_, several in groupby(shown, key=lambda each: each[0])
        async for each in opened(uow, type_, [head for _, head in several])
    ]
    more = bool(shown) and len(chosen) > len(shown)
    return WholePage(found, total, (shown[-1][0], shown[-1][1].mark) if more else None)


async def _walk(uow: UnitOfWork, query: WholeQuery) -> AsyncIterator[Placed]:
    """Walk over all that is asked for, wherever the page begins."""
    first = None if query.since is None else (query.since, "")
    for type_ in query.types:
        async for heads in heads_of(uow, query.patient_id, type_, first):
            for head in heads:
                yield type_, head


def _behind(query: WholeQuery, type_: str, head: Head) -> bool:
    if query.after is None:
        return True
    at, mark = query.after
    place, then = query.types.index(type_), query.types.index(at)
    return place > then or (place == then and head.mark > mark)


def _fitting(placed: Sequence[Placed]) -> Iterator[Placed]:
    """Walk over as much as a page holds; the first fits always."""
    left = PAGE_BYTES
    for place, (type_, head) in enumerate(placed):
        left -= head.size
        if place and left < 0:
            return
        yield type_, head
