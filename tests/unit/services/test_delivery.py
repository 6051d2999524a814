"""Delivery: what waits leaves once, to the right person, links made at the last moment, failures wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.appointment import Appointment, AppointmentStatus
from telehealth.domain.consultation import Consultation, VisitStatus
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import PASSWORD_FORGOTTEN, Channel, OutboxMessage
from telehealth.domain.outbox import Delivery as State
from telehealth.domain.people import Gender, HumanName, Patient
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.letters import NotDelivered
from telehealth.services.visit_making import Invitations, message
from tests.fakes import Posted
from tests.unit.services.conftest import BASE, House

TOKENS = LinkTokens(b"k" * 32)
INVITATIONS = Invitations(keys=TOKENS, public_url=BASE)
START = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BO = Patient(
    id="bo",
    organization_id="clinic",
    name=HumanName("Bo", "Lindqvist"),
    birth_date=date(1955, 2, 3),
    gender=Gender.MALE,
    language="en",
    phone="+34600000001",
    email="bo@home.example",
    identifiers=(),
    zone="Europe/Madrid",
)
VISIT = Consultation("visit", "appointment", "hospital", "bo", "amara", VisitStatus.BOOKED, START)
APPOINTMENT = Appointment(
    id="appointment",
    uid="uid",
    organization_id="hospital",
    patient_organization_id="clinic",
    patient_id="bo",
    practitioner_id="amara",
    service_id="service",
    location_id="hospital-site",
    status=AppointmentStatus.BOOKED,
    start=START,
    end=START + timedelta(minutes=20),
    zone="Europe/Madrid",
    local_start="2026-11-24T10:30",
    tzdata="2026a",
)


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def delivery(house: House, posted: Posted) -> Delivery:
    return Delivery(
        work=house.work,
        messengers={Channel.EMAIL: posted},
        words=Wording(),
        invitations=INVITATIONS,
        wishes={PASSWORD_FORGOTTEN: house.recovery.ask_password_reset},
    )


async def booked(house: House, template: str = "visit-invitation", patient: Patient = BO) -> OutboxMessage:
    """Bo's visit with its link and one message about it."""
    waiting = message(house.work, Channel.EMAIL, template, patient, APPOINTMENT, "visit")
    async with house.units.writing() as uow:
        await uow.patients.add(patient)
        await uow.directory.add_service(HealthcareService("service", "hospital", "Heart", "cardiology", 20))
        await uow.appointments.book(APPOINTMENT, [])
        await uow.visits.add(VISIT)
        await uow.visits.add_link(INVITATIONS.link(house.work, "visit", "bo"))
        await uow.outbox.put(waiting)
    return waiting


def kept(house: House, waiting: OutboxMessage) -> OutboxMessage:
    found: OutboxMessage = house.units.tables.outbox[waiting.id]
    return found


async def test_an_invitation_carries_the_derived_link_and_the_spoken_code(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house)
    assert await delivery.send_due(Channel.EMAIL) == 1
    (mail,) = posted.messages
    assert (mail.key, mail.to) == (waiting.id, "bo@home.example")
    assert mail.subject == ("District Hospital: your video visit on Tuesday, 24 November 2026 at 10:30")
    token = TOKENS.derive("visit", "bo", 1)
    assert mail.text.count("https://") == 1
    assert f"\n{BASE}/v?lang=en#{token}\n" in mail.text
    spoken = TOKENS.spoken("visit", "bo", 1)
    typed = f"go to {BASE.removeprefix('https://')}/v and type this code and your date of birth: "
    assert f"{typed}{spoken[:4]}-{spoken[4:]}\n" in mail.text
    assert mail.text.startswith("District Hospital: your video visit with Dr Amara Okafor")
    assert mail.text.endswith("Call +34600000000.\n")
    assert "cardio" not in mail.text.casefold()
    assert "heart" not in mail.text.casefold()


async def test_neither_link_nor_code_stands_in_the_outbox(house: House, delivery: Delivery) -> None:
    await booked(house)
    await delivery.send_due(Channel.EMAIL)
    everything = repr(house.units.tables)
    assert TOKENS.derive("visit", "bo", 1) not in everything
    assert TOKENS.spoken("visit", "bo", 1) not in everything


async def test_what_was_sent_is_marked_entered_and_never_sent_again(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house)
    await delivery.send_due(Channel.EMAIL)
    house.clock.move(hours=3)
    assert await delivery.send_due(Channel.EMAIL) == 0
    assert len(posted.messages) == 1
    assert kept(house, waiting).state is State.SENT
    (entry,) = house.units.tables.entries.values()
    assert (entry.action, entry.patient_ids, entry.entity_id) == ("message:send", ("bo",), waiting.id)


async def test_a_staff_link_goes_to_the_accounts_address_and_is_forgotten_once_sent(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await house.recovery.ask_password_reset("amara@care.example")
    (waiting,) = house.units.tables.outbox.values()
    url = waiting.values["url"]
    await delivery.send_due(Channel.EMAIL)
    (mail,) = posted.messages
    assert mail.to == "amara@care.example"
    assert url in mail.text
    assert "11:00" in mail.text  # Madrid's wall time of 10:00 UTC
    assert kept(house, waiting).values == {}


async def test_a_failure_waits_longer_each_time_and_names_no_one(
    house: House, delivery: Delivery, posted: Posted, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = await booked(house)
    posted.failure = RuntimeError("550 bo@home.example unknown")
    waits = []
    for _ in range(12):
        assert await delivery.send_due(Channel.EMAIL) == 0
        now = kept(house, waiting)
        if now.state is State.DUE:
            waits.append((now.due_at - house.clock.at).total_seconds())
        assert now.last_error == "RuntimeError"
        house.clock.move(hours=1)
        lasting = replace(APPOINTMENT, end=house.clock.at + timedelta(hours=1))
        house.units.tables.appointments["appointment"] = lasting
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert kept(house, waiting).state is State.FAILED
    assert house.actions() == ["message:fail failed RuntimeError"]
    assert not any("bo@home" in record.getMessage() for record in caplog.records)


async def test_an_invitation_to_a_time_that_the_visit_has_no_more_is_not_sent(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house)
    moved = replace(APPOINTMENT, start=START + timedelta(hours=2), end=START + timedelta(hours=3))
    house.units.tables.appointments["appointment"] = moved
    assert await delivery.send_due(Channel.EMAIL) == 0
    assert kept(house, waiting).last_error == "superseded"
    assert posted.messages == []


async def test_after_a_failure_the_next_try_has_the_same_key(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house)
    posted.failure = NotDelivered("unreachable")
    await delivery.send_due(Channel.EMAIL)
    assert kept(house, waiting).last_error == "unreachable"
    posted.failure = None
    assert await delivery.send_due(Channel.EMAIL) == 0
    house.clock.move(seconds=10)
    assert await delivery.send_due(Channel.EMAIL) == 1
    assert [each.key for each in posted.messages] == [waiting.id]
    assert kept(house, waiting).last_error == ""


async def test_a_worker_that_died_while_sending_is_replaced_after_its_claim(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house)
    async with house.units.writing() as uow:
        await uow.outbox.claim(Channel.EMAIL, house.clock.at, house.clock.at + timedelta(minutes=6), 10)
    assert await delivery.send_due(Channel.EMAIL) == 0
    house.clock.move(minutes=6)
    assert await delivery.send_due(Channel.EMAIL) == 1
    assert posted.messages[0].key == waiting.id


@pytest.mark.parametrize("why", ["revoked", "cancelled", "over"])
async def test_an_invitation_that_would_open_nothing_is_not_sent(
    house: House, delivery: Delivery, posted: Posted, why: str
) -> None:
    waiting = await booked(house)
    tables = house.units.tables
    if why == "revoked":
        (link,) = tables.visit_links.values()
        tables.visit_links[link.id] = replace(link, revoked_at=house.clock.at)
    elif why == "cancelled":
        tables.visits["visit"] = replace(VISIT, status=VisitStatus.CANCELLED)
    else:
        house.clock.at = APPOINTMENT.end + timedelta(hours=2)
    await delivery.send_due(Channel.EMAIL)
    assert posted.messages == []
    assert (kept(house, waiting).state, kept(house, waiting).last_error) == (State.FAILED, "superseded")


async def test_a_cancellation_names_the_time_that_was(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    await booked(house, "visit-cancelled")
    tables = house.units.tables
    tables.visits["visit"] = replace(VISIT, status=VisitStatus.CANCELLED)
    tables.appointments["appointment"] = replace(APPOINTMENT, start=START + timedelta(days=7))
    await delivery.send_due(Channel.EMAIL)
    (mail,) = posted.messages
    assert "24 November" in mail.subject
    assert "#" not in mail.text


async def test_without_an_address_or_with_an_unknown_template_it_is_given_up(
    house: House, delivery: Delivery, posted: Posted
) -> None:
    waiting = await booked(house, patient=replace(BO, email=""))
    other = replace(waiting, id="other", template="horoscope")
    async with house.units.writing() as uow:
        await uow.outbox.put(other)
    await delivery.send_due(Channel.EMAIL)
    assert kept(house, waiting).last_error == "no-address"
    house.units.tables.patients["bo"] = BO
    async with house.units.writing() as uow:
        await uow.outbox.put(replace(other, id="third"))
    await delivery.send_due(Channel.EMAIL)
    assert house.units.tables.outbox["third"].last_error == "no-template"
    assert posted.messages == []


async def test_a_channel_without_messenger_is_given_up_so_that_somebody_phones(
    house: House, delivery: Delivery
) -> None:
    waiting = await booked(house)
    house.units.tables.outbox[waiting.id] = replace(waiting, channel=Channel.SMS)
    await delivery.send_due(Channel.SMS)
    assert (kept(house, waiting).state, kept(house, waiting).last_error) == (State.FAILED, "no-messenger")
