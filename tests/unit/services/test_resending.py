"""The link once more: for staff and for whoever holds an old link, to the contacts on file, within limits."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.appointment import Appointment
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import NotFound, NotPermitted, TooMany, VisitClosed
from telehealth.domain.outbox import LINK_WANTED, Channel, OutboxMessage
from telehealth.domain.outbox import Delivery as State
from telehealth.domain.people import Role
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.post import Post
from telehealth.services.resending import MOST, WITHIN, Resending
from telehealth.services.trail import Once
from tests.fakes import Posted
from tests.unit.services.conftest import House
from tests.unit.services.test_delivery import APPOINTMENT, BO, INVITATIONS, TOKENS, VISIT, booked

CARLA = Actor(ActorKind.STAFF, "carla", Role.COORDINATOR, "hospital", "session", "Carla")
NOOR = replace(CARLA, id="noor", role=Role.CLINIC_STAFF, organization_id="clinic")
STRANGER = replace(CARLA, organization_id="elsewhere")
ADA = replace(CARLA, role=Role.ADMINISTRATOR)
TOKEN = TOKENS.derive("visit", "bo", 1)


@pytest.fixture
async def resending(house: House) -> Resending:
    """Bo's visit is booked, and the invitation went out by mail."""
    waiting = await booked(house)
    house.units.tables.outbox[waiting.id] = replace(waiting, state=State.SENT, values={})
    house.clock.move(minutes=10)
    return Resending(work=house.work, keys=TOKENS, invitations=INVITATIONS)


def invitations(house: House, state: State = State.DUE) -> list[OutboxMessage]:
    messages = house.units.tables.outbox.values()
    return [each for each in messages if each.template == "visit-invitation" and each.state is state]


def sent(house: House) -> None:
    """The worker was there."""
    tables = house.units.tables
    tables.outbox = {key: replace(each, state=State.SENT) for key, each in tables.outbox.items()}


@pytest.mark.parametrize("actor", [CARLA, NOOR], ids=["the specialist's side", "the patient's side"])
async def test_staff_of_either_side_send_it_again_by_every_way(
    resending: Resending, house: House, actor: Actor
) -> None:
    await resending.again(actor, "visit")
    assert {each.channel for each in invitations(house)} == set(Channel)
    (entry,) = house.units.tables.entries.values()
    assert (entry.action, entry.patient_ids, entry.actor_id) == ("link:send-again", ("bo",), actor.id)


@pytest.mark.parametrize("actor,refusal", [(STRANGER, NotFound), (ADA, NotPermitted)])
async def test_a_stranger_is_refused(
    resending: Resending, house: House, actor: Actor, refusal: type[Exception]
) -> None:
    for visit in ("visit", "no-visit"):
        with pytest.raises(refusal):
            await resending.again(actor, visit)
    assert invitations(house) == []


async def test_what_is_on_its_way_is_not_sent_twice(resending: Resending, house: House) -> None:
    for _ in range(9):
        await resending.again(CARLA, "visit")
    assert len(invitations(house)) == 2


async def test_a_form_sent_twice_is_one_wish(resending: Resending, house: House) -> None:
    once = Once("carla", "a-key-for-retries", bytes(32))
    await resending.again(CARLA, "visit", once)
    sent(house)
    await resending.again(CARLA, "visit", once)
    assert invitations(house) == []


async def test_it_is_sent_four_times_an_hour_at_most(resending: Resending, house: House) -> None:
    for _ in range(MOST - 1):
        await resending.again(CARLA, "visit")
        sent(house)
        house.clock.move(minutes=1)
    with pytest.raises(TooMany) as refused:
        await resending.again(CARLA, "visit")
    house.clock.move(seconds=refused.value.retry_after)
    await resending.again(CARLA, "visit")
    assert len(invitations(house)) == 2


@pytest.mark.parametrize("why", ["over", "cancelled", "revoked"])
async def test_a_link_that_opens_nothing_is_not_sent(resending: Resending, house: House, why: str) -> None:
    end(house, why)
    with pytest.raises(VisitClosed):
        await resending.again(CARLA, "visit")
    await ask(resending, house, TOKEN)
    assert invitations(house) == []


def end(house: House, why: str) -> None:
    tables = house.units.tables
    if why == "over":
        house.clock.at = APPOINTMENT.end + timedelta(hours=2)
    elif why == "cancelled":
        tables.visits["visit"] = replace(VISIT, status=VisitStatus.CANCELLED)
    else:
        (link,) = tables.visit_links.values()
        tables.visit_links[link.id] = replace(link, revoked_at=house.clock.at)


async def ask(resending: Resending, house: House, token: str) -> None:
    """Somebody presses "send me a new one", and the worker looks."""
    await resending.ask(token)
    delivery = Delivery(
        work=house.work,
        messengers={Channel.EMAIL: Posted()},
        words=Wording(),
        invitations=INVITATIONS,
        wishes={LINK_WANTED: resending.answer},
    )
    await delivery.send_due(Channel.EMAIL)


async def test_whoever_holds_a_link_gets_it_at_the_contacts_on_file(
    resending: Resending, house: House
) -> None:
    await ask(resending, house, TOKEN)
    assert {(each.channel, each.person_id) for each in invitations(house)} == {
        (Channel.EMAIL, "bo"),
        (Channel.SMS, "bo"),
    }
    wish = next(each for each in house.units.tables.outbox.values() if each.template == LINK_WANTED)
    assert (wish.state, wish.values) == (State.SENT, {})


@pytest.mark.parametrize("token", ["", "x" * 43, "nonsense"])
async def test_asking_says_nothing_about_what_there_is(
    resending: Resending, house: House, token: str
) -> None:
    await resending.ask(token)
    await resending.ask(TOKEN)
    first, second = (each for each in house.units.tables.outbox.values() if each.template == LINK_WANTED)
    assert len(first.values["wish"]) == len(second.values["wish"])
    assert TOKEN not in repr(house.units.tables)
    await ask(resending, house, token)
    assert len(invitations(house)) == 2  # Bo's own two


async def test_an_old_link_leads_to_the_next_visit(resending: Resending, house: House) -> None:
    later: Appointment = replace(
        APPOINTMENT,
        id="later",
        start=APPOINTMENT.start + timedelta(days=7),
        end=APPOINTMENT.end + timedelta(days=7),
    )
    async with house.units.writing() as uow:
        await uow.appointments.book(later, [])
        await uow.visits.add(replace(VISIT, id="next", appointment_id="later"))
        await uow.visits.add_link(INVITATIONS.link(house.work, "next", "bo"))
    end(house, "over")
    await ask(resending, house, TOKEN)
    assert {each.visit_id for each in invitations(house)} == {"next"}


async def test_asking_too_often_sends_no_more(resending: Resending, house: House) -> None:
    for _ in range(MOST + 3):
        await ask(resending, house, TOKEN)
        sent(house)
        house.clock.move(minutes=1)
    invited = invitations(house, State.SENT)
    assert len({each.made_at for each in invited if each.made_at > house.clock.at - WITHIN}) <= MOST


@pytest.mark.parametrize("actor,refusal", [(STRANGER, NotFound), (ADA, NotPermitted)])
async def test_a_stranger_sees_no_messages(
    resending: Resending, house: House, actor: Actor, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await Post(work=house.work).of_visit(actor, "visit")
    if actor is STRANGER:
        assert await Post(work=house.work).unreached(actor) == []


async def test_what_reached_nobody_is_listed_until_somebody_is_reached(
    resending: Resending, house: House
) -> None:
    post = Post(work=house.work)
    await resending.again(CARLA, "visit")
    assert await post.unreached(CARLA) == []
    tables = house.units.tables
    tables.outbox = {key: replace(each, state=State.FAILED) for key, each in tables.outbox.items()}
    for actor in (CARLA, NOOR):
        (found,) = await post.unreached(actor)
        assert (found.row.patient.id, found.row.undelivered, len(found.messages)) == (BO.id, True, 3)
    tables = house.units.tables
    tables.visits["visit"] = replace(VISIT, status=VisitStatus.WAITING)
    assert await post.unreached(CARLA) == []  # who came needs no invitation
    tables = house.units.tables
    tables.visits["visit"] = VISIT
    first = next(iter(tables.outbox.values()))
    tables.outbox[first.id] = replace(first, state=State.DELIVERED)
    assert await post.unreached(CARLA) == []
    assert not (await post.of_visit(CARLA, "visit")).row.undelivered


@pytest.mark.parametrize("contact", [BO.email, BO.email.upper(), BO.phone, f" {BO.phone} "])
async def test_a_contact_on_file_and_the_birth_date_bring_the_link(
    resending: Resending, house: House, contact: str
) -> None:
    await resending.ask_by_contact(contact, BO.birth_date)
    (wish,) = [each for each in house.units.tables.outbox.values() if each.template == LINK_WANTED]
    await resending.answer(wish.values["wish"])
    assert {each.channel for each in invitations(house)} == set(Channel)
    assert {each.person_id for each in invitations(house)} == {"bo"}


async def test_a_wrong_birth_date_and_an_unknown_contact_bring_nothing(
    resending: Resending, house: House
) -> None:
    for contact, born in (
        (BO.email, date(1900, 1, 1)),
        ("nobody@mail.example", BO.birth_date),
        ("", BO.birth_date),
    ):
        await resending.ask_by_contact(contact, born)
    for wish in [each for each in house.units.tables.outbox.values() if each.template == LINK_WANTED]:
        await resending.answer(wish.values["wish"])
    assert invitations(house) == []
