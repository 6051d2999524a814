"""Of what is recorded about a patient, no more is opened than is asked for, and never much at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.record import Head, Mark, ResourceVersion
from telehealth.services import sifting
from telehealth.services.sifting import RecordQuery, sifted
from tests.fakes.record import FakeRecord
from tests.fakes.units import FakeUnit, Tables
from tests.integration.storage.cast import BO, CY, NOW, resource

KNOWN = [f"resource-{number}" for number in range(1, 8)]
EVERYTHING = RecordQuery("Composition", BO.id)


class Watched(FakeRecord):
    """A record that knows what of it was opened, lot by lot."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.lots: list[list[str]] = []

    async def opened(self, type_: str, heads: Sequence[Head]) -> list[ResourceVersion]:
        self.lots.append([each.id for each in heads])
        return await super().opened(type_, heads)


@pytest.fixture
async def record(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Seven resources of Bo's, a minute apart, and one of Cy's; they are looked through two by two."""
    monkeypatch.setattr(sifting, "HEADS", 2)
    monkeypatch.setattr(sifting, "LOT", 2)
    record = Watched(Tables())
    for number, id_ in enumerate(KNOWN):
        await record.put(replace(resource(), id=id_, updated_at=NOW + timedelta(minutes=number)))
    await record.put(replace(resource(patient_id=CY.id), id="other"))
    return record


@pytest.fixture
def uow(record: Watched) -> FakeUnit:
    unit = FakeUnit(Tables())
    unit.record = record
    return unit


def size() -> int:
    return len(resource().text)


async def pages(uow: FakeUnit, query: RecordQuery) -> list[list[str]]:
    found, after, begun = list[list[str]](), query.after, False
    while after is not None or not begun:
        begun = True
        page = await sifted(uow, replace(query, after=after))
        assert page.total == len(KNOWN)
        found.append([each.id for each in page.found])
        after = page.after
    return found


async def test_without_a_test_nothing_but_the_page_is_opened(uow: FakeUnit, record: Watched) -> None:
    assert await pages(uow, replace(EVERYTHING, count=3)) == [KNOWN[:3], KNOWN[3:6], KNOWN[6:]]
    assert [id_ for lot in record.lots for id_ in lot] == KNOWN
    assert max(len(lot) for lot in record.lots) == 2


async def test_what_a_head_tells_opens_nothing(uow: FakeUnit, record: Watched) -> None:
    query = replace(EVERYTHING, head_tests=(lambda head: head.id in KNOWN[4:6],), count=1)
    page = await sifted(uow, query)
    assert (page.total, [each.id for each in page.found], page.after) == (
        2,
        KNOWN[4:5],
        (NOW + timedelta(minutes=4), KNOWN[4]),
    )
    assert record.lots == [KNOWN[4:5]]


async def test_what_lies_inside_is_looked_at_in_lots_and_others_have_their_turn(
    uow: FakeUnit, record: Watched
) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    query = replace(EVERYTHING, tests=(lambda inside: inside["weight"] == 72.5,), count=3)
    assert await pages(uow, query) == [KNOWN[:3], KNOWN[3:6], KNOWN[6:]]
    other.cancel()
    assert turns >= len(record.lots) > 12
    nothing = await sifted(uow, replace(query, tests=(lambda inside: False,)))
    assert (nothing.total, nothing.found, nothing.after) == (0, [], None)


@pytest.mark.parametrize("tests", [(), (lambda inside: True,)], ids=["none", "one"])
async def test_a_page_ends_early_before_it_is_too_large(
    uow: FakeUnit, tests: tuple[sifting.Test, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = replace(EVERYTHING, tests=tests, count=5)
    monkeypatch.setattr(sifting, "PAGE_BYTES", 3 * size())
    assert await pages(uow, query) == [KNOWN[:3], KNOWN[3:6], KNOWN[6:]]
    monkeypatch.setattr(sifting, "PAGE_BYTES", size() // 2)
    assert await pages(uow, query) == [[each] for each in KNOWN]


async def test_who_wants_only_the_number_is_shown_nothing(uow: FakeUnit, record: Watched) -> None:
    behind: Mark = (NOW, KNOWN[0])
    for query in (EVERYTHING, replace(EVERYTHING, after=behind)):
        assert await pages(uow, replace(query, count=0)) == [[]]
    assert record.lots == []
