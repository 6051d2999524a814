"""What reached nobody, as fake and databases see it: every way lost, none on its way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.consultation import VisitEvent
from telehealth.domain.outbox import LINK_WANTED, Channel, Delivery
from telehealth.domain.scheduling import Interval
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

MAIL, SMS = cast.message("mail"), cast.message("sms", Channel.SMS)
BEFORE = cast.NOW - timedelta(days=1)
FAILED, BOUNCED, SENT, DUE = Delivery.FAILED, Delivery.BOUNCED, Delivery.SENT, Delivery.DUE


@pytest.mark.parametrize(
    "states,lost",
    [
        ((), False),
        ((FAILED,), True),
        ((FAILED, BOUNCED), True),
        ((FAILED, SENT), False),
        ((BOUNCED, DUE), False),
        ((SENT,), False),
    ],
)
async def test_a_visit_is_marked_where_no_way_led_to_the_patient(
    units: Units, states: tuple[Delivery, ...], lost: bool
) -> None:
    async with units.writing() as uow:
        sent = [replace(each, state=state) for each, state in zip((MAIL, SMS), states, strict=False)]
        await uow.outbox.put(*sent)
    async with units.reading() as uow:
        row = await uow.visits.row("visit-1")
        day = Interval(BEFORE, cast.NOW + timedelta(days=1))
        (of_day,) = await uow.visits.clinic(cast.AMARA.id, day, day)
        found = await uow.outbox.unreached(cast.HOSPITAL.id, BEFORE, 10)
    assert row is not None
    assert (row.undelivered, of_day.undelivered) == (lost, lost)
    assert {each.id for each in found} == ({each.id for each in sent} if lost else set())


async def test_who_came_needs_no_invitation(units: Units) -> None:
    async with units.writing() as uow:
        await uow.outbox.put(replace(MAIL, state=FAILED))
        visit = await uow.visits.get("visit-1")
        assert visit is not None
        await uow.visits.save(visit.step(VisitEvent.ARRIVE, cast.NOW))
    async with units.reading() as uow:
        row = await uow.visits.row("visit-1")
    assert row is not None
    assert not row.undelivered


async def test_both_sides_see_it_and_nobody_else_and_not_for_ever(units: Units) -> None:
    async with units.writing() as uow:
        await uow.outbox.put(replace(MAIL, state=FAILED, template="visit-cancelled"))
    async with units.reading() as uow:
        booked = await uow.appointments.get("appointment-1")
        assert booked is not None
        for side in {booked.organization_id, booked.patient_organization_id}:
            assert len(await uow.outbox.unreached(side, BEFORE, 10)) == 1
        assert await uow.outbox.unreached("elsewhere", BEFORE, 10) == []
        assert await uow.outbox.unreached(cast.HOSPITAL.id, booked.end, 10) == []
        row = await uow.visits.row("visit-1")
        assert row is not None
        assert not row.undelivered  # a lost cancellation keeps nobody from coming


async def test_wishes_are_forgotten_once_they_are_old_and_messages_never(units: Units) -> None:
    wish = replace(MAIL, id="wish", template=LINK_WANTED, state=SENT, visit_id="")
    async with units.writing() as uow:
        await uow.outbox.put(
            wish, replace(wish, id="waits", state=DUE), replace(MAIL, state=SENT, changed_at=BEFORE)
        )
        assert await uow.outbox.forget_wishes(cast.NOW) == 0
        assert await uow.outbox.forget_wishes(cast.NOW + timedelta(seconds=1)) == 1
        assert await uow.outbox.get("wish") is None
        assert await uow.outbox.get("waits") is not None
        assert await uow.outbox.get(MAIL.id) is not None


async def test_the_next_visit_of_a_patient_is_found(units: Units) -> None:
    async with units.reading() as uow:
        booked = await uow.appointments.get("appointment-1")
        assert booked is not None
        assert await uow.visits.coming(cast.BO.id, cast.NOW) == "visit-1"
        assert await uow.visits.coming(cast.BO.id, booked.end) == ""
        assert await uow.visits.coming(cast.CY.id, cast.NOW) == ""
