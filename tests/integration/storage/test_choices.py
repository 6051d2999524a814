"""Invitations to choose a time as rows, one contract for fake and real."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import CHOOSE_TIME, Delivery
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

FIRST = Choice(
    id="choice-1",
    organization_id=cast.CARDIOLOGY.organization_id,
    patient_organization_id=cast.BO.organization_id,
    service_id=cast.CARDIOLOGY.id,
    patient_id=cast.BO.id,
    practitioner_id="",
    interpreter=True,
    made_at=cast.NOW,
    expires_at=cast.NOW + timedelta(days=7),
    digest=b"link",
    code_digest=b"code",
)
OTHER = replace(FIRST, id="choice-2", made_at=cast.NOW + timedelta(days=1), digest=b"2", code_digest=b"2")


async def test_one_is_found_by_all_that_names_it(units: Units) -> None:
    async with units.writing() as uow:
        await uow.choices.add(FIRST)
        opened = FIRST.opened(cast.NOW).keep(cast.appointment().id)
        await uow.choices.save(FIRST.opened(cast.NOW))
        await uow.choices.save(opened)
    async with units.reading() as uow:
        assert await uow.choices.get(FIRST.id) == opened
        assert await uow.choices.by_link(b"link") == opened
        assert await uow.choices.by_code(b"code") == opened
        assert await uow.choices.standing(FIRST.patient_id, FIRST.service_id) == opened
        assert await uow.choices.by_link(b"code") is None
        assert await uow.choices.standing(cast.CY.id, FIRST.service_id) is None
        assert await uow.choices.of_patient(FIRST.patient_id, FIRST.expires_at) == []


async def test_nobody_has_two_open_ones_of_one_service(units: Units) -> None:
    async with units.writing() as uow:
        await uow.choices.add(FIRST)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.choices.add(OTHER)
    async with units.writing() as uow:
        await uow.choices.save(FIRST.close(ChoiceState.EXPIRED))
        await uow.choices.add(OTHER)
        assert [each.id for each in await uow.choices.of_patient(cast.BO.id, cast.NOW)] == [
            OTHER.id,
            FIRST.id,
        ]


async def test_who_read_before_a_change_changes_nothing(units: Units) -> None:
    async with units.writing() as uow:
        await uow.choices.add(FIRST)
        await uow.choices.save(FIRST.mistyped())
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.choices.save(FIRST.opened(cast.NOW))


@pytest.mark.parametrize(
    "state, lost", [(Delivery.FAILED, True), (Delivery.DUE, False), (Delivery.SENT, False)]
)
async def test_what_is_lost_is_told_whatever_is_planned(units: Units, state: Delivery, *, lost: bool) -> None:
    about = {"template": CHOOSE_TIME, "visit_id": "", "choice_id": FIRST.id, "values": {"choice": FIRST.id}}
    gone = replace(cast.message("1"), state=state, due_at=cast.NOW, made_at=cast.NOW, **about)  # type: ignore[arg-type]
    later = cast.NOW + timedelta(days=5)
    planned = replace(cast.message("2"), due_at=later, made_at=cast.NOW, **about)  # type: ignore[arg-type]
    async with units.writing() as uow:
        await uow.choices.add(FIRST)
        assert await uow.choices.unreached([FIRST.id]) == frozenset()
        await uow.outbox.put(gone, planned)
    async with units.reading() as uow:
        assert [each.id for each in await uow.outbox.of_choices([FIRST.id])] == [gone.id, planned.id]
        assert await uow.choices.unreached([FIRST.id]) == (frozenset({FIRST.id}) if lost else frozenset())
        assert await uow.choices.lost(FIRST.patient_organization_id, cast.NOW, 5) == [FIRST] * lost
        assert await uow.choices.lost(FIRST.patient_organization_id, FIRST.expires_at, 5) == []
        assert await uow.choices.lost("org-elsewhere", cast.NOW, 5) == []
