"""A link that is open in two browsers: the first to wait is the patient's device, the other asks."""

import asyncio

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Connection, Device, Hold, VisitStatus
from telehealth.domain.errors import NotFound, NotPermitted, OtherDevice
from telehealth.domain.note import NoteContent, Outcome
from telehealth.domain.notices import DeviceMoved, SessionsEnded, VisitChanged
from telehealth.services.booking import Booked
from tests.cast import ADA, AMARA, CY, House


async def hold(house: House, visitor: Actor) -> Hold:
    return (await house.assembled.services.attending.view(visitor)).hold


async def entered(house: House, action: AuditAction) -> int:
    async with house.assembled.opened.storage.reading() as uow:
        return sum(each.action is action for each in await uow.audit.entries())


async def two(house: House) -> tuple[Booked, Actor, Actor]:
    """Bo is in the call; a second browser has gone as far as the waiting room."""
    booked = await house.book()
    first = await house.wait(booked)
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    return booked, first, await house.wait(booked)


async def test_opening_a_link_binds_nobody_and_waiting_binds_the_first(house: House) -> None:
    booked = await house.book()
    scanner, bo = await house.arrive(booked), await house.wait(booked)
    assert await hold(house, bo) is Hold.BOUND
    assert await hold(house, scanner) is Hold.OTHER


async def test_a_living_cookie_goes_on_as_the_same_browser(house: House) -> None:
    booked = await house.book()
    joining, token = house.assembled.services.joining, booked.join_url.partition("#")[2]
    opened = await joining.open(token)
    assert await joining.open(token, lambda _: opened.cookie) == opened
    assert (await joining.open(token, lambda _: "made up")).cookie != opened.cookie


async def test_a_second_device_gets_no_seat_and_moves_nothing(house: House) -> None:
    booked, first, second = await two(house)
    services, door = house.assembled.services, house.assembled.doorkeeper
    assert (await hold(house, first), await hold(house, second)) == (Hold.BOUND, Hold.ASKING)
    with pytest.raises(OtherDevice):
        await door.seat(second, booked.visit_id)
    assert (await door.seat(first, booked.visit_id)).participant == "p"
    await services.attending.device(second, Device.BLOCKED)
    await services.attending.connection(second, Connection.AWAY)
    await door.presence(second, booked.visit_id, here=True)
    visit = (await services.attending.view(first)).visit
    assert (visit.device, visit.connection) == (Device.UNKNOWN, Connection.UNKNOWN)
    for step in (services.attending.leave, services.attending.step_out):
        with pytest.raises(OtherDevice):
            await step(second)
    with pytest.raises(OtherDevice):
        await services.attending.text_me(second, wanted=True)
    assert await entered(house, AuditAction.DEVICE_ASKED) == 1


async def test_a_second_device_keeps_the_first_ones_place_in_line(house: House) -> None:
    booked = await house.book()
    first = await house.wait(booked)
    await house.assembled.services.attending.device(first, Device.READY)
    house.clock.pass_by(minutes=5)
    await house.wait(booked)
    visit = (await house.assembled.services.attending.view(first)).visit
    assert (visit.status, visit.waiting_at) == (VisitStatus.WAITING, house.clock.at.replace(minute=30))
    following = await house.assembled.doorkeeper.next_in_line(AMARA.id)
    assert following is not None
    assert following.session_id == first.session_id


async def test_the_specialist_sees_who_asks_and_lets_it_in_once(house: House) -> None:
    booked, first, second = await two(house)
    changes = [each for each in house.heard.notices if isinstance(each, VisitChanged)]
    assert changes[-1].asking
    devices = house.assembled.services.devices
    visit = await devices.let_in(AMARA, booked.visit_id)
    assert await devices.let_in(AMARA, booked.visit_id) == visit
    assert (visit.status, visit.asked_by) == (VisitStatus.IN_PROGRESS, None)
    moves = [each for each in house.heard.notices if isinstance(each, DeviceMoved)]
    assert moves == [DeviceMoved(booked.visit_id, first.session_id, second.session_id)]
    assert (await hold(house, first), await hold(house, second)) == (Hold.OTHER, Hold.BOUND)
    assert (await house.assembled.doorkeeper.seat(second, booked.visit_id)).participant == "p"
    with pytest.raises(OtherDevice):
        await house.assembled.doorkeeper.seat(first, booked.visit_id)
    assert await entered(house, AuditAction.DEVICE_LET_IN) == 1
    assert await entered(house, AuditAction.VISIT_LEFT) == 0


async def test_a_stranger_who_is_turned_away_has_a_dead_link_and_the_patient_a_new_one(house: House) -> None:
    booked, first, _ = await two(house)
    services, token = house.assembled.services, booked.join_url.partition("#")[2]
    await services.devices.turn_away(AMARA, booked.visit_id)
    with pytest.raises(NotFound):
        await services.joining.open(token)
    async with house.assembled.opened.storage.reading() as uow:
        link = await uow.visits.link_of(booked.visit_id, house.bo.id)
    assert link is not None
    newer = house.assembled.invitations.url(link, "en").partition("#")[2]
    opened = await services.joining.open(newer)
    assert await services.joining.visitor(opened.visit_id, opened.cookie) is not None
    assert (await house.assembled.doorkeeper.seat(first, booked.visit_id)).participant == "p"


async def test_the_specialist_turns_a_stranger_away(house: House) -> None:
    booked, first, second = await two(house)
    devices = house.assembled.services.devices
    visit = await devices.turn_away(AMARA, booked.visit_id)
    assert await devices.turn_away(AMARA, booked.visit_id) == visit
    assert SessionsEnded((second.session_id,)) in house.heard.notices
    async with house.assembled.opened.storage.reading() as uow:
        sessions = await uow.visits.sessions_of(booked.visit_id)
    assert [each.id for each in sessions if each.ended_at] == [second.session_id]
    assert await hold(house, first) is Hold.BOUND
    assert await entered(house, AuditAction.DEVICE_TURNED_AWAY) == 1


@pytest.mark.parametrize("actor,refusal", [(CY, NotFound), (ADA, NotPermitted)], ids=["cy", "ada"])
async def test_a_stranger_decides_about_no_device(
    house: House, actor: Actor, refusal: type[Exception]
) -> None:
    booked, first, second = await two(house)
    devices = house.assembled.services.devices
    for decide in (devices.let_in, devices.turn_away):
        with pytest.raises(refusal):
            await decide(actor, booked.visit_id)
        with pytest.raises(NotFound):
            await decide(second, booked.visit_id)
    assert await hold(house, first) is Hold.BOUND


async def test_a_second_device_reads_nothing_of_what_was_agreed(house: House) -> None:
    booked = await house.book()
    await house.call(booked)
    second = await house.wait(booked)
    services = house.assembled.services
    text = NoteContent(assessment="Stable angina.", plan="Exercise test.", outcome=Outcome.REFERRED)
    draft = await services.notes.save(AMARA, booked.visit_id, text, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    assert not (await services.attending.view(second)).agreed


async def test_a_second_device_has_nobody_phoned_elsewhere(house: House) -> None:
    booked, first, second = await two(house)
    attending = house.assembled.services.attending
    await attending.ask_phone(second, "+49 30 5550299")
    assert await hold(house, second) is Hold.ASKING
    assert (await attending.view(first)).call_on == ""
    await attending.ask_phone(first, "")
    assert (await attending.view(second)).call_on == ""
    with pytest.raises(OtherDevice):
        await attending.drop_phone(second)
    assert booked.visit_id == first.visit_id


async def test_of_two_devices_that_come_at_once_one_is_bound(house: House) -> None:
    booked = await house.book()
    browsers = [await house.arrive(booked) for _ in range(8)]
    attending = house.assembled.services.attending
    await attending.consent(browsers[0])
    await asyncio.gather(*(attending.wait(each) for each in browsers))
    holds = [await hold(house, each) for each in browsers]
    assert holds.count(Hold.BOUND) == 1
    assert Hold.FREE not in holds
    visit = (await attending.view(browsers[0])).visit
    assert visit.bound_to == browsers[holds.index(Hold.BOUND)].session_id
