"""Invitations that could only disappoint: too many, for what nobody can book, for a visit that is no more.

And what the log tells of them.
"""

from collections import Counter
from dataclasses import replace

import pytest

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import ChoiceState
from telehealth.domain.errors import BadInput, TooMany
from telehealth.domain.modality import Modality
from telehealth.services.choices import Asking
from telehealth.services.resources import Description
from tests.cast import CARDIOLOGY, CARLA, HOSPITAL, MONDAY, SITE, House, a_patient
from tests.integration.services.test_choices import LAST, START, invited, kept


async def test_taking_back_and_inviting_anew_floods_nobody(house: House) -> None:
    choices = house.assembled.services.appointments.choices
    for _ in range(4):
        choice, _ = await invited(house)
        await choices.take_back(CARLA, choice.id)
        house.clock.pass_by(minutes=1)
    with pytest.raises(TooMany):
        await invited(house)
    house.clock.pass_by(minutes=57)
    assert await invited(house)


async def offer(house: House, *ways: Modality) -> None:
    """Cardiology is offered in these ways."""
    async with house.assembled.opened.storage.writing() as uow:
        service = await uow.directory.service(CARDIOLOGY)
        assert service is not None
        await uow.directory.save_service(replace(service, modalities=ways, version=service.version + 1))


async def test_what_the_patient_could_not_book_is_not_sent(house: House) -> None:
    choices, asking = house.assembled.services.appointments.choices, Asking(house.bo.id, CARDIOLOGY, LAST)
    with pytest.raises(BadInput) as refused:
        await choices.invite(CARLA, replace(asking, interpreter=True))
    assert [each.field for each in refused.value.problems] == ["interpreter"]
    await offer(house, Modality.ASSISTED)
    with pytest.raises(BadInput) as refused:
        await choices.invite(CARLA, asking)
    assert [each.field for each in refused.value.problems] == ["service_id"]
    await offer(house, Modality.PHONE)
    mute = replace(house.bo, id="mute", phone="", identifiers=())
    async with house.assembled.opened.storage.writing() as uow:
        await uow.patients.add(mute)
    with pytest.raises(BadInput) as refused:
        await choices.invite(CARLA, replace(asking, patient_id=mute.id))
    assert [each.field for each in refused.value.problems] == ["service_id"]
    assert await choices.listed(CARLA, mute.id) == []


async def test_a_visit_that_begins_before_the_end_of_the_last_day_may_end_after_it(house: House) -> None:
    """At 15:15 UTC it is midnight in Eucla; visits begin at 15:10 and 15:30."""
    services = house.assembled.services
    far = await services.desk.register(CARLA, a_patient("Fay", "Far", "9", zone="Australia/Eucla"))
    choice, _ = await invited(house, patient_id=far.id, last=MONDAY.date())
    token = house.assembled.invitations.choices.token(choice.id, far.id)
    slots, _ = await services.appointments.choice_door.free(token, MONDAY, 100)
    assert max(each.start for each in slots) == MONDAY.replace(hour=15, minute=10)
    await services.appointments.choice_door.choose(token, MONDAY.replace(hour=15, minute=10), "a-key")


async def test_where_nobody_interprets_any_more_no_time_is_free(house: House) -> None:
    resources, door = (
        house.assembled.services.timing.resources,
        house.assembled.services.appointments.choice_door,
    )
    lina = await resources.add(
        CARLA, SITE, ResourceKind.INTERPRETER, Description("Lina", languages=(house.bo.language,))
    )
    _, token = await invited(house, interpreter=True)
    assert (await door.free(token, MONDAY, 1))[0]
    await resources.retire(CARLA, lina.id, lina.version)
    assert await door.free(token, MONDAY, 1) == ([], None)


async def test_the_link_does_not_say_booked_of_a_visit_that_is_cancelled(house: House) -> None:
    appointments = house.assembled.services.appointments
    _, token = await invited(house)
    await appointments.choice_door.choose(token, START, "a-key")
    hold = await kept(appointments.choice_door, token)
    await appointments.choice_door.confirm(token, hold)
    assert (await appointments.choice_door.look(token)).booked
    await appointments.cancel(CARLA, hold)
    found = await appointments.choice_door.look(token)
    assert (found.state, found.booked, found.kept) == (ChoiceState.BOOKED, None, None)


async def test_the_log_tells_each_opening_and_which_appointment_was_booked(house: House) -> None:
    door = house.assembled.services.appointments.choice_door
    choice, token = await invited(house)
    await door.choose(token, START, "a-key")
    hold = await kept(door, token)
    await door.confirm(token, hold)
    for _ in range(3):
        await door.open(token)
    async with house.assembled.opened.storage.reading() as uow:
        log = await uow.audit.entries(organization_id=HOSPITAL)
    found = Counter((each.action, each.entity, each.entity_id) for each in log)
    assert found[AuditAction.CHOICE_OPENED, "Choice", choice.id] == 3
    assert found[AuditAction.APPOINTMENT_BOOKED, "Appointment", hold] == 1
