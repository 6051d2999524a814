"""A guest of a visit: invited by a link, one browser, let in by the specialist, out at once when removed."""

from dataclasses import replace

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import (
    BadInput,
    EnoughGuests,
    NotFound,
    NotPermitted,
    OtherDevice,
    Uninvited,
    VisitClosed,
    WrongState,
)
from telehealth.domain.guests import ALL_INVITATIONS, GuestKind, GuestState
from telehealth.domain.notices import GuestChanged, SessionsEnded
from telehealth.services.booking import Booked
from telehealth.services.doorkeeper import NotAdmitted
from telehealth.services.guests import Invited
from tests.cast import ADA, AMARA, CARLA, CY, NOOR, House

RELATIVE = GuestKind.RELATIVE


def token_of(invited: Invited) -> str:
    return invited.url.partition("#")[2]


async def come(house: House, invited: Invited) -> Actor:
    """Press the link in a fresh browser."""
    door = house.assembled.services.company.door
    opened = await door.open(token_of(invited))
    lina = await door.who(opened.guest_id, opened.cookie)
    assert lina is not None
    return lina


async def invited_to(house: House) -> tuple[Booked, Invited]:
    """Bo waits and has invited Lina."""
    booked = await house.book()
    bo = await house.wait(booked)
    guests = house.assembled.services.company.guests
    return booked, await guests.invite(bo, booked.visit_id, " Lina  Lindqvist ", RELATIVE)


async def actions(house: House) -> list[AuditAction]:
    async with house.assembled.opened.storage.reading() as uow:
        return [each.action for each in await uow.audit.entries()]


async def test_a_guest_comes_by_a_link_and_is_let_into_the_running_call(house: House) -> None:
    booked, invited = await invited_to(house)
    company, seat = house.assembled.services.company, house.assembled.doorkeeper.seat
    assert (invited.guest.name, invited.guest.state) == ("Lina Lindqvist", GuestState.INVITED)
    assert invited.url.startswith("http://localhost:8080/g?lang=en#")
    seen = await company.door.look(token_of(invited))
    assert (seen.patient, seen.practitioner, seen.state) == ("Bo L.", "Dr Amara Amarason", "open")
    lina = await come(house, invited)
    await company.door.wait(lina)
    with pytest.raises(WrongState):
        await company.guests.let_in(AMARA, booked.visit_id, lina.id)
    await house.admit(booked)
    with pytest.raises(NotAdmitted):
        await seat(lina, booked.visit_id)
    await company.guests.let_in(AMARA, booked.visit_id, lina.id)
    taken = await seat(lina, booked.visit_id)
    assert (taken.participant, taken.role, taken.name) == ("g1", "guest", "Lina Lindqvist")
    changes = [each.state for each in house.heard.notices if isinstance(each, GuestChanged)]
    assert changes == ["invited", "opened", "waiting", "admitted"]
    assert {
        AuditAction.GUEST_INVITED,
        AuditAction.GUEST_OPENED,
        AuditAction.GUEST_WAITING,
        AuditAction.GUEST_ADMITTED,
    } <= set(await actions(house))


async def test_who_is_removed_is_out_and_the_link_is_dead(house: House) -> None:
    booked, invited = await invited_to(house)
    await house.admit(booked)
    company = house.assembled.services.company
    opened = await company.door.open(token_of(invited))
    lina = await company.door.who(opened.guest_id, opened.cookie)
    assert lina is not None
    await company.door.wait(lina)
    await company.guests.let_in(AMARA, booked.visit_id, lina.id)
    for _ in range(2):
        await company.guests.remove(AMARA, booked.visit_id, lina.id)
    assert SessionsEnded((lina.session_id,)) in house.heard.notices
    with pytest.raises(Uninvited):
        await company.door.who(opened.guest_id, opened.cookie)
    assert await company.door.who(opened.guest_id, "somebody's else") is None
    for refused in (company.door.look, company.door.open):
        with pytest.raises(Uninvited):
            await refused(token_of(invited))  # type: ignore[operator]
    with pytest.raises(NotFound):
        await house.assembled.doorkeeper.seat(lina, booked.visit_id)
    with pytest.raises(WrongState):
        await company.guests.let_in(AMARA, booked.visit_id, lina.id)
    assert await company.guests.listed(AMARA, booked.visit_id) == []
    assert (await actions(house)).count(AuditAction.GUEST_REMOVED) == 1


async def test_the_patient_takes_back_the_own_invitations_and_no_others(house: House) -> None:
    booked = await house.book()
    bo, guests = await house.wait(booked), house.assembled.services.company.guests
    mine = await guests.invite(bo, booked.visit_id, "Lina", RELATIVE)
    hers = await guests.invite(AMARA, booked.visit_id, "Noor", GuestKind.INTERPRETER)
    assert [each.name for each in await guests.listed(bo, booked.visit_id)] == ["Lina"]
    lina = await come(house, mine)
    with pytest.raises(NotFound):
        await guests.remove(bo, booked.visit_id, hers.guest.id)
    for _ in range(2):
        assert (await guests.remove(bo, booked.visit_id, lina.id)).state is GuestState.REMOVED
    assert SessionsEnded((lina.session_id,)) in house.heard.notices
    with pytest.raises(Uninvited):
        await house.assembled.services.company.door.look(token_of(mine))
    assert await guests.listed(bo, booked.visit_id) == []
    assert [each.name for each in await guests.listed(AMARA, booked.visit_id)] == ["Noor"]
    assert (await actions(house)).count(AuditAction.GUEST_REMOVED) == 1


async def test_the_patient_lets_nobody_in(house: House) -> None:
    booked = await house.book()
    bo, company = await house.wait(booked), house.assembled.services.company
    lina = await come(house, await company.guests.invite(bo, booked.visit_id, "Lina", RELATIVE))
    await company.door.wait(lina)
    await house.admit(booked)
    with pytest.raises(NotFound):
        await company.guests.let_in(bo, booked.visit_id, lina.id)


async def test_who_left_is_let_in_anew(house: House) -> None:
    booked, invited = await invited_to(house)
    await house.admit(booked)
    company, lina = house.assembled.services.company, await come(house, invited)
    await company.door.wait(lina)
    await company.guests.let_in(AMARA, booked.visit_id, lina.id)
    await company.door.leave(lina)
    with pytest.raises(NotAdmitted):
        await house.assembled.doorkeeper.seat(lina, booked.visit_id)
    assert AuditAction.GUEST_LEFT in await actions(house)


async def test_as_many_guests_are_in_the_call_as_it_carries(house: House) -> None:
    booked, first = await invited_to(house)
    await house.admit(booked)
    company = house.assembled.services.company
    kinds = {"Noor": GuestKind.INTERPRETER, "Dr Cy": GuestKind.CLINICIAN}
    made = [await company.guests.invite(AMARA, booked.visit_id, *each) for each in kinds.items()]
    lina, noor, cy = [await come(house, each) for each in (first, *made)]
    for each in (lina, noor, cy):
        await company.door.wait(each)
    for each in (lina, noor, noor):
        await company.guests.let_in(AMARA, booked.visit_id, each.id)
    with pytest.raises(EnoughGuests):
        await company.guests.let_in(AMARA, booked.visit_id, cy.id)
    await company.guests.remove(AMARA, booked.visit_id, lina.id)
    await company.guests.let_in(AMARA, booked.visit_id, cy.id)
    seats = [await house.assembled.doorkeeper.seat(each, booked.visit_id) for each in (noor, cy)]
    assert [each.participant for each in seats] == ["g2", "g3"]


async def test_a_link_opens_in_one_browser(house: House) -> None:
    _, invited = await invited_to(house)
    door = house.assembled.services.company.door
    opened = await door.open(token_of(invited))
    again = await door.open(token_of(invited), lambda _: opened.cookie)
    assert again == opened
    with pytest.raises(OtherDevice):
        await door.open(token_of(invited))


async def test_no_more_than_four_are_invited_at_a_time_and_twelve_in_all(house: House) -> None:
    booked, first = await invited_to(house)
    guests = house.assembled.services.company.guests
    for _ in range(3):
        await guests.invite(AMARA, booked.visit_id, "Noor", GuestKind.INTERPRETER)
    with pytest.raises(EnoughGuests):
        await guests.invite(AMARA, booked.visit_id, "Cy", RELATIVE)
    newest = first.guest
    for _ in range(ALL_INVITATIONS - 4):
        await guests.remove(AMARA, booked.visit_id, newest.id)
        newest = (await guests.invite(AMARA, booked.visit_id, "Cy", RELATIVE)).guest
    await guests.remove(AMARA, booked.visit_id, newest.id)
    with pytest.raises(EnoughGuests):
        await guests.invite(AMARA, booked.visit_id, "Cy", RELATIVE)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Li\x00na"])
async def test_a_name_is_one_plain_line(house: House, name: str) -> None:
    booked = await house.book()
    with pytest.raises(BadInput):
        await house.assembled.services.company.guests.invite(AMARA, booked.visit_id, name, RELATIVE)


async def test_a_second_device_of_the_patient_invites_sees_and_removes_nobody(house: House) -> None:
    booked, invited = await invited_to(house)
    second, guests = await house.arrive(booked), house.assembled.services.company.guests
    for tried in (
        guests.invite(second, booked.visit_id, "Cy", RELATIVE),
        guests.listed(second, booked.visit_id),
        guests.remove(second, booked.visit_id, invited.guest.id),
    ):
        with pytest.raises(OtherDevice):
            await tried


async def test_a_stranger_meets_no_guest(house: House) -> None:
    booked, invited = await invited_to(house)
    guests, lina = house.assembled.services.company.guests, await come(house, invited)
    for stranger, refusal in (
        (CY, NotFound),
        (NOOR, NotPermitted),
        (CARLA, NotPermitted),
        (ADA, NotPermitted),
    ):
        with pytest.raises(refusal):
            await guests.listed(stranger, booked.visit_id)
        with pytest.raises(refusal):
            await guests.invite(stranger, booked.visit_id, "Cy", RELATIVE)
        for decide in (guests.let_in, guests.remove):
            with pytest.raises(refusal):
                await decide(stranger, booked.visit_id, lina.id)
    with pytest.raises(NotFound):
        await guests.remove(AMARA, booked.visit_id, "nobody")


async def test_a_guest_meets_nothing_of_the_patients(house: House) -> None:
    booked, invited = await invited_to(house)
    services, lina = house.assembled.services, await come(house, invited)
    attending, guests = services.attending, services.company.guests
    assert lina.kind is ActorKind.GUEST
    for foreign in (
        attending.view(lina),
        attending.consent(lina),
        attending.wait(lina),
        attending.leave(lina),
        services.transfers.issue(lina),
        services.misdirected.not_me(lina),
        guests.invite(lina, booked.visit_id, "Cy", RELATIVE),
        guests.listed(lina, booked.visit_id),
        guests.let_in(lina, booked.visit_id, lina.id),
        guests.remove(lina, booked.visit_id, lina.id),
        services.notes.open(lina, booked.visit_id),
        services.consulting.visit(lina, booked.visit_id),
        house.assembled.doorkeeper.seat(lina, "another visit"),
        house.assembled.doorkeeper.prepared_seat(lina, booked.visit_id),
    ):
        with pytest.raises((NotFound, NotPermitted, NotAdmitted)):
            await foreign


async def test_a_guests_link_and_cookie_are_not_the_patients(house: House) -> None:
    booked, invited = await invited_to(house)
    services = house.assembled.services
    with pytest.raises(NotFound):
        await services.joining.open(token_of(invited))
    with pytest.raises(NotFound):
        await services.company.door.open(booked.join_url.partition("#")[2])
    opened = await services.company.door.open(token_of(invited))
    assert await services.joining.visitor(booked.visit_id, opened.cookie) is None
    other = await services.company.guests.invite(AMARA, booked.visit_id, "Cy", RELATIVE)
    assert await services.company.door.who(other.guest.id, opened.cookie) is None


async def test_the_link_ends_with_the_visit(house: House) -> None:
    booked, invited = await invited_to(house)
    await house.admit(booked)
    services, lina = house.assembled.services, await come(house, invited)
    await services.consulting.end(AMARA, booked.visit_id)
    assert (await services.company.door.look(token_of(invited))).state == "over"
    with pytest.raises(VisitClosed):
        await services.company.door.open(token_of(invited))
    with pytest.raises(VisitClosed):
        await services.company.guests.invite(AMARA, booked.visit_id, "Cy", RELATIVE)
    assert await services.company.door.who(lina.id, "whatever") is None


async def test_a_guest_whose_visit_is_another_is_nobody(house: House) -> None:
    _, invited = await invited_to(house)
    lina = replace(await come(house, invited), visit_id="another")
    with pytest.raises(NotFound):
        await house.assembled.services.company.door.view(lina)
