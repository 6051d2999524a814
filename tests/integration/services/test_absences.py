"""A specialist is away: a proposal for each visit, one press for all, and a lost race harms nobody."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from telehealth.domain.absences import MOST_DAYS, Answer, Change
from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, NotFound, NotPermitted
from telehealth.domain.notices import VisitMoved
from telehealth.domain.outbox import MOVED, STAND_IN
from telehealth.domain.people import Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.services.absence_plan import Concerned
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.trail import Once
from tests.cast import (
    ADA,
    AMARA,
    CARDIOLOGY,
    CARLA,
    CY,
    HOSPITAL,
    MONDAY,
    NOOR,
    SITE,
    House,
    a_patient,
    staff,
)

TOMORROW = MONDAY + timedelta(days=1)
DAY = date(2026, 11, 24)
OFFICE = replace(SYSTEM, organization_id=HOSPITAL)


async def cy_offers(house: House) -> None:
    """Dr Cy sees people for the same service on Tuesdays."""
    rule = WeeklyHours("rule-cy", CY.id, SITE, CARDIOLOGY, 2, time(8, 30), time(18, 30), date(2026, 1, 1))
    async with house.assembled.opened.storage.writing() as uow:
        await uow.directory.add_hours(rule)


async def three(house: House) -> list[Booked]:
    """Bo, Cid and Dan are booked with Dr Amara for tomorrow, one after the other."""
    people = [house.bo]
    for given, number in (("Cid", "02"), ("Dan", "03")):
        people.append(await house.assembled.services.desk.register(OFFICE, a_patient(given, "Moss", number)))
    starts = [TOMORROW + timedelta(minutes=20 * at) for at in range(3)]
    return [await house.book(start, patient=each) for start, each in zip(starts, people, strict=True)]


async def plan(house: House, actor: Actor = CARLA) -> list[Concerned]:
    return (await house.assembled.services.appointments.absences.look(actor, AMARA.id, DAY, DAY)).visits


def chosen(concerned: Concerned, answer: Answer | None = None) -> Change:
    """The change that the page would send: what is proposed, or another answer."""
    way = next(each for each in concerned.ways if answer in {None, each.answer})
    at, whose = concerned.row.appointment, way.practitioner.id if way.practitioner else ""
    return Change(at.id, at.version, way.answer, whose, way.start)


async def told(house: House, booked: Booked) -> list[str]:
    async with house.assembled.opened.storage.reading() as uow:
        return [each.template for each in await uow.outbox.of_visit(booked.visit_id)]


async def test_who_is_free_at_the_same_time_stands_in_else_a_later_time_is_proposed(house: House) -> None:
    await cy_offers(house)
    await three(house)
    eve = await house.assembled.services.desk.register(OFFICE, a_patient("Eve", "Moss", "04"))
    taken = BookingRequest(eve.id, CARDIOLOGY, CY.id, TOMORROW + timedelta(minutes=20))
    await house.assembled.services.booking.book(CARLA, taken)
    first, second, third = await plan(house)
    assert [each.ways[0].answer for each in (first, second, third)] == ["stand-in", "later", "stand-in"]
    assert [each.ways[-1].answer for each in (first, second, third)] == ["keep"] * 3
    stand_in = first.ways[0].practitioner
    assert stand_in is not None
    assert (stand_in.id, first.ways[0].start) == (CY.id, TOMORROW)
    assert second.ways[0].start == MONDAY.replace(day=25, hour=7, minute=30)


async def test_no_two_are_proposed_the_same_time(house: House) -> None:
    await three(house)
    starts = [each.ways[0].start for each in await plan(house)]
    assert [each.ways[0].answer for each in await plan(house)] == ["later"] * 3
    assert len(set(starts)) == 3


async def test_each_visit_is_carried_out_by_itself_and_everybody_is_told_once(house: House) -> None:
    await cy_offers(house)
    booked = await three(house)
    rows = await plan(house)
    changes = [chosen(rows[0]), chosen(rows[1], Answer.LATER), chosen(rows[2], Answer.CANCEL)]
    absences = house.assembled.services.appointments.absences
    once = Once(CARLA.id, "key-of-the-form", b"1" * 32)
    for _ in range(2):
        outcomes = await absences.carry_out(CARLA, changes, once)
        assert [each.refused for each in outcomes] == [None] * 3
    at = [each.row.appointment for each in outcomes if each.row]
    assert [(each.practitioner_id, each.sequence) for each in at] == [
        (CY.id, 1),
        (AMARA.id, 1),
        (AMARA.id, 1),
    ]
    assert [each.uid for each in at] == [each.appointment.uid for each in booked]
    assert at[2].status is AppointmentStatus.CANCELLED
    words = (STAND_IN, MOVED, "visit-cancelled")
    for each, word in zip(booked, words, strict=True):
        assert (await told(house, each)).count(word) == 2  # by SMS and by mail
    assert await plan(house) == []
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(organization_id=HOSPITAL)
    actions = [each.action for each in entries]
    assert actions.count(AuditAction.APPOINTMENT_MOVED) == 2
    assert {AuditAction.ABSENCE_READ, AuditAction.ABSENCE_ARRANGED} <= set(actions)


async def test_who_stands_in_has_the_visit_on_the_own_list_and_both_lists_hear_of_it(house: House) -> None:
    await cy_offers(house)
    booked = (await three(house))[0]
    house.heard.notices.clear()
    await house.assembled.services.appointments.absences.carry_out(CARLA, [chosen((await plan(house))[0])])
    moves = {each.practitioner_id for each in house.heard.notices if isinstance(each, VisitMoved)}
    assert moves == {AMARA.id, CY.id}
    lists = [await house.assembled.services.clinic.day(each, DAY) for each in (CY, AMARA)]
    found = [[row.visit.id for row in each.rows] for each in lists]
    assert booked.visit_id in found[0]
    assert booked.visit_id not in found[1]
    assert lists[0].rows[0].visit.practitioner_id == CY.id


async def test_a_lost_race_leaves_the_visit_as_it_was_and_the_others_go_on(house: House) -> None:
    await cy_offers(house)
    booked = await three(house)
    rows = await plan(house)
    eve = await house.assembled.services.desk.register(OFFICE, a_patient("Eve", "Moss", "04"))
    await house.assembled.services.booking.book(CARLA, BookingRequest(eve.id, CARDIOLOGY, CY.id, TOMORROW))
    await house.assembled.services.appointments.cancel(CARLA, booked[1].appointment.id)
    changes = [chosen(each) for each in rows]
    outcomes = await house.assembled.services.appointments.absences.carry_out(CARLA, changes)
    codes = [each.refused.code if each.refused else "" for each in outcomes]
    assert codes == ["slot-taken", "stale-version", ""]
    first = outcomes[0].row
    assert first is not None
    assert (first.appointment, first.visit.practitioner_id) == (booked[0].appointment, AMARA.id)
    assert not {MOVED, STAND_IN} & set(await told(house, booked[0]))


async def test_who_is_kept_stays_for_now(house: House) -> None:
    booked = (await three(house))[0]
    kept = chosen((await plan(house))[0], Answer.KEEP)
    outcomes = await house.assembled.services.appointments.absences.carry_out(CARLA, [kept])
    assert [each.row.appointment for each in outcomes if each.row] == [booked.appointment]
    assert len(await plan(house)) == 3


async def test_a_stand_in_of_another_house_or_without_hours_is_none(house: House) -> None:
    booked = (await three(house))[0]
    for whose, code in ((CY.id, "invalid-input"), (NOOR.id, "not-found"), ("nobody", "not-found")):
        wish = Change(booked.appointment.id, 0, Answer.STAND_IN, whose, TOMORROW)
        (outcome,) = await house.assembled.services.appointments.absences.carry_out(CARLA, [wish])
        assert outcome.refused is not None
        assert outcome.refused.code == code


async def test_days_in_the_wrong_order_or_too_many_are_refused(house: House) -> None:
    absences = house.assembled.services.appointments.absences
    for last in (DAY - timedelta(days=1), DAY + timedelta(days=MOST_DAYS)):
        with pytest.raises(BadInput):
            await absences.look(CARLA, AMARA.id, DAY, last)


async def test_a_stranger_is_refused(house: House) -> None:
    booked = (await three(house))[0]
    absences = house.assembled.services.appointments.absences
    wish = [Change(booked.appointment.id, 0, Answer.CANCEL)]
    for actor in (AMARA, ADA, NOOR):
        with pytest.raises(NotPermitted):
            await plan(house, actor)
        with pytest.raises(NotPermitted):
            await absences.carry_out(actor, wish)
        with pytest.raises(NotPermitted):
            await absences.people(actor)
    foreign = staff("rita", Role.COORDINATOR, NOOR.organization_id)
    with pytest.raises(NotFound):
        await plan(house, foreign)
    (outcome,) = await absences.carry_out(foreign, wish)
    assert (outcome.row, outcome.practitioner) == (None, None)
    assert (await house.assembled.services.appointments.get(CARLA, booked.appointment.id))[0].version == 0
