"""Sifting what is recorded about a patient: nothing is opened in vain, and never so much that others wait."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from telehealth.domain.record import Head, Mark, ResourceVersion
from telehealth.fhir.inclusion import Inclusion
from telehealth.fhir.record_search import HeadTest, Test
from telehealth.services.repositories import UnitOfWork

HEADS = 500
"""So many are read at once."""
LOT, LOT_BYTES = 200, 500_000
"""So much is opened at once, or one that is larger; then others have their turn."""
PAGE_BYTES = 4_000_000
"""A page ends early at so much: the link to the next one leads on."""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What is sought of a patient's resources of one type: what passes all tests, behind a mark.

    `head_tests` ask what is known of a resource unopened. Beside what is found comes what it names by
    `include`, and what names it by `revinclude`; `base` is the address of our FHIR door.
    """

    type: str
    patient_id: str
    head_tests: tuple[HeadTest, ...] = ()
    tests: tuple[Test, ...] = ()
    count: int = 50
    after: Mark | None = None
    include: tuple[Inclusion, ...] = ()
    revinclude: tuple[Inclusion, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, oldest change first: `total` counts all, `after` is where more follows.

    `included` came along with it; not all of it where it is `cut`.
    """

    found: list[ResourceVersion]
    total: int
    after: Mark | None
    included: tuple[ResourceVersion, ...] = ()
    cut: bool = False


async def sifted(uow: UnitOfWork, query: RecordQuery) -> Page:
    """Return the page that is asked for."""
    whose = query.patient_id, query.type
    if query.head_tests or query.tests:
        total, heads = 0, list[Head]()
        async for head in _passing(uow, query):
            total += 1
            if len(heads) <= query.count and (query.after is None or head.mark > query.after):
                heads.append(head)
    else:
        total = await uow.record.count(*whose)
        heads = await uow.record.heads(*whose, query.after, query.count + 1)
    found = await fitting(uow, query.type, heads[: query.count])
    more = bool(found) and len(heads) > len(found)
    return Page(found, total, heads[len(found) - 1].mark if more else None)


async def fitting(uow: UnitOfWork, type_: str, heads: Sequence[Head]) -> list[ResourceVersion]:
    """Open the first of these versions, as many as a page holds."""
    first = next(_lots(heads, len(heads), PAGE_BYTES), [])
    return [each async for each in opened(uow, type_, first)]


async def every(
    uow: UnitOfWork, patient_id: str, type_: str, mark: Mark | None = None
) -> AsyncIterator[ResourceVersion]:
    """Walk over all of a patient's resources of a type behind a mark, oldest change first."""
    async for heads in heads_of(uow, patient_id, type_, mark):
        async for each in opened(uow, type_, heads):
            yield each


async def heads_of(
    uow: UnitOfWork, patient_id: str, type_: str, mark: Mark | None = None
) -> AsyncIterator[list[Head]]:
    """Walk over what is known of a patient's resources of a type, behind a mark, unopened and lot by lot."""
    while heads := await uow.record.heads(patient_id, type_, mark, HEADS):
        mark = heads[-1].mark
        yield heads


async def _passing(uow: UnitOfWork, query: RecordQuery) -> AsyncIterator[Head]:
    """Walk over all that passes the tests, oldest change first; opened only where a test asks for it."""
    async for heads in heads_of(uow, query.patient_id, query.type):
        left = [each for each in heads if all(test(each) for test in query.head_tests)]
        passing = {each.id for each in left}
        if query.tests:
            passing = {each.id async for each in opened(uow, query.type, left) if _passes(each, query.tests)}
        for each in left:
            if each.id in passing:
                yield each


def _passes(stored: ResourceVersion, tests: tuple[Test, ...]) -> bool:
    resource = json.loads(stored.text)
    return all(test(resource) for test in tests)


async def opened(uow: UnitOfWork, type_: str, heads: Sequence[Head]) -> AsyncIterator[ResourceVersion]:
    """Open these versions, lot by lot."""
    for lot in _lots(heads, LOT, LOT_BYTES):
        for each in await uow.record.opened(type_, lot):
            yield each
        await asyncio.sleep(0)


def _lots(heads: Sequence[Head], most: int, most_bytes: int) -> Iterator[list[Head]]:
    """Part these into lots of so many and so much; what is larger than a lot is one alone."""
    lot, size = list[Head](), 0
    for each in heads:
        if lot and (len(lot) == most or size + each.size > most_bytes):
            yield lot
            lot, size = [], 0
        lot.append(each)
        size += each.size
    if lot:
        yield lot
