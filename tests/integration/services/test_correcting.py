"""Staff correct who was there: with a reason of a list, kept in the audit beside what was noted before."""

from datetime import timedelta

import pytest

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.errors import NotFound, NotPermitted, StaleVersion, WrongState
from telehealth.domain.presence import Because, Presence
from telehealth.services.correcting import Correcting
from telehealth.services.lapses import Lapses
from tests.cast import ADA, AMARA, CARLA, CY, HOSPITAL, House, a_patient

OVER = timedelta(hours=3)


def desk(house: House) -> Correcting:
    return house.assembled.services.waiting.correcting


async def missed(house: House) -> Consultation:
    """Bo did not come, as the clock has noted."""
    booked = await house.book()
    house.clock.at += OVER
    lapses = Lapses(work=house.assembled.opened.work, announcer=house.heard)
    assert await lapses.miss_overdue() == 1
    return (await desk(house).look(CARLA, booked.visit_id)).visit


async def stands(house: House, visit: Consultation) -> tuple[VisitStatus, AppointmentStatus]:
    row = await desk(house).look(CARLA, visit.id)
    return row.visit.status, row.appointment.status


@pytest.mark.parametrize(
    "to, status, appointment",
    [
        (Presence.ATTENDED, VisitStatus.FINISHED, AppointmentStatus.FULFILLED),
        (Presence.UNSEEN, VisitStatus.UNSEEN, AppointmentStatus.BOOKED),
    ],
)
async def test_who_counts_as_absent_was_there(
    house: House, to: Presence, status: VisitStatus, appointment: AppointmentStatus
) -> None:
    visit = await missed(house)
    await desk(house).correct(CARLA, visit.id, to, Because.PHONE, visit.version)
    assert await stands(house, visit) == (status, appointment)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(organization_id=HOSPITAL)
    (kept,) = [each for each in entries if each.action is AuditAction.VISIT_CORRECTED]
    assert (kept.actor_id, kept.reason) == (CARLA.id, f"missed -> {to}: phone")


@pytest.mark.parametrize("to", [Presence.ATTENDED, Presence.UNSEEN])
async def test_who_was_there_is_corrected_also_where_somebody_else_was_seen_meanwhile(
    house: House, to: Presence
) -> None:
    first = await missed(house)
    house.clock.at -= OVER
    eve = await house.assembled.services.desk.register(CARLA, a_patient("Eve", "Moreau", "02"))
    await house.book(patient=eve)
    house.clock.at += OVER
    await desk(house).correct(CARLA, first.id, to, Because.PHONE, first.version)
    assert (await stands(house, first))[0] is not VisitStatus.MISSED


async def test_who_counts_as_unseen_can_have_attended_or_not(house: House) -> None:
    visit = await missed(house)
    unseen = await desk(house).correct(AMARA, visit.id, Presence.UNSEEN, Because.TOLD, visit.version)
    again = await desk(house).correct(CARLA, visit.id, Presence.MISSED, Because.MISTAKE, unseen.version)
    assert await stands(house, visit) == (VisitStatus.MISSED, AppointmentStatus.NOSHOW)
    with pytest.raises(WrongState):
        await desk(house).correct(CARLA, visit.id, Presence.MISSED, Because.MISTAKE, again.version)


async def test_who_counts_as_unseen_has_attended_only_with_a_reason(house: House) -> None:
    """Nobody had said that they did not attend, so that cannot be taken back."""
    visit = await missed(house)
    await desk(house).correct(CARLA, visit.id, Presence.UNSEEN, Because.TOLD, visit.version)
    with pytest.raises(WrongState):
        await house.assembled.services.waiting.line.attended(AMARA, visit.id)


async def test_what_changed_meanwhile_or_took_place_is_left_alone(house: House) -> None:
    visit = await missed(house)
    with pytest.raises(StaleVersion):
        await desk(house).correct(CARLA, visit.id, Presence.ATTENDED, Because.PHONE, visit.version - 1)
    done = await desk(house).correct(CARLA, visit.id, Presence.ATTENDED, Because.PHONE, visit.version)
    with pytest.raises(WrongState):
        await desk(house).correct(CARLA, visit.id, Presence.MISSED, Because.MISTAKE, done.version)


async def test_a_stranger_is_refused(house: House) -> None:
    visit = await missed(house)
    for actor, refusal in ((ADA, NotPermitted), (CY, NotFound)):
        with pytest.raises(refusal):
            await desk(house).look(actor, visit.id)
        with pytest.raises(refusal):
            await desk(house).correct(actor, visit.id, Presence.ATTENDED, Because.PHONE, visit.version)
