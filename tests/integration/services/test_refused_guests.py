"""The patient's word on who sits in their visit: whoever asks to come in or is in may be refused."""

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import WrongState
from telehealth.domain.guests import GuestKind, GuestState
from telehealth.domain.notices import SessionsEnded
from tests.cast import AMARA, House
from tests.integration.services.test_guests import actions, come


async def test_the_patient_refuses_whoever_waits_or_is_in_the_call(house: House) -> None:
    booked = await house.book()
    bo, company = await house.wait(booked), house.assembled.services.company
    made = [
        await company.guests.invite(AMARA, booked.visit_id, name, kind)
        for name, kind in {"Noor": GuestKind.INTERPRETER, "Dr Cy": GuestKind.CLINICIAN}.items()
    ]
    noor, cy = [await come(house, each) for each in made]
    await house.admit(booked)
    assert await company.guests.listed(bo, booked.visit_id) == []
    for each in (noor, cy):
        await company.door.wait(each)
    await company.guests.let_in(AMARA, booked.visit_id, cy.id)
    assert [each.name for each in await company.guests.listed(bo, booked.visit_id)] == ["Noor", "Dr Cy"]
    for each in (noor, cy, cy):
        assert (await company.guests.remove(bo, booked.visit_id, each.id)).state is GuestState.REMOVED
    assert {SessionsEnded((noor.session_id,)), SessionsEnded((cy.session_id,))} <= set(house.heard.notices)
    with pytest.raises(WrongState):
        await company.guests.let_in(AMARA, booked.visit_id, noor.id)
    removed = await actions(house)
    assert removed.count(AuditAction.GUEST_REMOVED) == 2
