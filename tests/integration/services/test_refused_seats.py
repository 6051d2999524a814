"""A try to enter a call that is refused at the socket leaves its entry, as one at the web's door does."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.errors import NotFound, NotPermitted, VisitClosed
from telehealth.services.doorkeeper import NotAdmitted
from tests.cast import ADA, AMARA, CY, House


async def refusals(house: House) -> list[AuditEntry]:
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries()
    return [each for each in entries if each.action is AuditAction.ACCESS_REFUSED]


@pytest.mark.parametrize(
    "actor,refusal", [(CY, NotFound), (ADA, NotPermitted), (AMARA, NotAdmitted)], ids=["cy", "ada", "amara"]
)
async def test_a_refused_seat_is_entered(house: House, actor: Actor, refusal: type[Exception]) -> None:
    booked = await house.book()
    with pytest.raises(refusal):
        await house.assembled.doorkeeper.seat(actor, booked.visit_id)
    entry, *more = await refusals(house)
    assert (entry.actor_id, entry.entity_id, entry.outcome) == (
        actor.id,
        booked.visit_id,
        AuditOutcome.REFUSED,
    )
    assert more == []


async def test_a_visit_that_is_over_and_one_that_never_was_are_refused_alike_in_the_log(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    await house.assembled.services.consulting.end(AMARA, booked.visit_id)
    with pytest.raises(VisitClosed):
        await house.assembled.doorkeeper.seat(AMARA, booked.visit_id)
    with pytest.raises(NotFound):
        await house.assembled.doorkeeper.seat(AMARA, "nothing")
    assert {each.reason for each in await refusals(house)} == {"visit-closed", "not-found"}


async def test_whose_role_joins_no_calls_hears_the_same_of_every_id(house: House) -> None:
    booked = await house.book()
    for visit_id in (booked.visit_id, "nothing"):
        with pytest.raises(NotPermitted):
            await house.assembled.doorkeeper.seat(ADA, visit_id)


async def test_a_patient_who_asks_for_anothers_call_is_entered(house: House) -> None:
    booked = await house.book()
    bo = await house.arrive(booked)
    cy = replace(bo, id="cy", visit_id="visit-of-cy")
    with pytest.raises(NotFound):
        await house.assembled.doorkeeper.seat(cy, booked.visit_id)
    assert [(each.actor_id, each.entity_id) for each in await refusals(house)] == [("cy", booked.visit_id)]


async def test_nobody_fills_the_log_with_what_is_refused(house: House) -> None:
    async def tried(times: int) -> None:
        for _ in range(times):
            with pytest.raises(NotFound):
                await house.assembled.doorkeeper.seat(CY, "nothing")
            await house.assembled.denied.refused(CY, NotFound(), "GET /somewhere", "request")

    await tried(35)
    entries = await refusals(house)
    assert [each.reason for each in entries].count("not-found") == 59
    assert [each.reason for each in entries].count("many") == 1
    await house.assembled.denied.refused(ADA, NotFound(), "GET /somewhere", "request")
    assert len(await refusals(house)) == 61
    house.clock.pass_by(minutes=10)
    await tried(1)
    assert len(await refusals(house)) == 63


async def test_what_is_no_id_is_not_written_into_the_log(house: House) -> None:
    with pytest.raises(NotFound):
        await house.assembled.doorkeeper.seat(CY, "María Santos, 1955")
    assert [each.entity_id for each in await refusals(house)] == [""]
