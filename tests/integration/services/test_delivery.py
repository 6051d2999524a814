"""Delivery on real storage to a real mail server: all of it, each once, also with several workers."""

import asyncio
from dataclasses import replace

from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.access import SYSTEM
from telehealth.domain.outbox import PASSWORD_FORGOTTEN, Channel
from telehealth.domain.outbox import Delivery as State
from telehealth.notify.email import EmailMessenger, MailServer
from telehealth.notify.sms import Gateway, SmsMessenger
from telehealth.notify.templates import Wording
from telehealth.services.delivery import Delivery
from telehealth.services.visit_making import Invitations, make_visit
from tests.integration.services.conftest import EMAIL, LEV, Office
from tests.integration.storage import cast
from tests.services import programs
from tests.services.gateway import TOKEN, SmsSink
from tests.services.smtp import SmtpSink


def worker(office: Office, sink: SmtpSink, gateway: SmsSink) -> Delivery:
    keys = LinkTokens(office.keyring.derived(Purpose.LINK_KEY))
    server = MailServer(sink.host, sink.port, tls=False)
    messenger = EmailMessenger(server=server, sender="visits@care.example", clock=office.clock)
    return Delivery(
        work=office.work,
        messengers={
            Channel.EMAIL: messenger,
            Channel.SMS: SmsMessenger(gateway=Gateway(gateway.url, "Hillside", TOKEN, private=True)),
        },
        words=Wording(),
        invitations=Invitations(keys=keys, public_url="https://care.example"),
        wishes={PASSWORD_FORGOTTEN: office.recovery.ask_password_reset},
    )


async def test_an_invitation_travels_from_booking_to_mailbox_and_telephone(
    office: Office, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    keys = LinkTokens(office.keyring.derived(Purpose.LINK_KEY))
    booked = cast.appointment()
    async with office.storage.writing() as uow:
        await uow.appointments.book(booked, cast.claims(booked))
        invitations = Invitations(keys=keys, public_url="https://care.example")
        visit_id, url = await make_visit(
            office.work, uow, invitations, booked, cast.BO, cast.CARDIOLOGY, silent=False
        )
    for channel in Channel:
        assert await worker(office, smtp_sink, sms_sink).send_due(channel) == 1
    (mail,) = await smtp_sink.wait_for(1)
    (sms,) = await sms_sink.wait_for(1)
    assert mail["To"] == cast.BO.email
    plain, html, _ = (part.get_content() for part in mail.iter_parts())
    assert url in plain
    assert url in html
    assert (sms["to"], url in sms["text"]) == (cast.BO.phone, True)
    async with office.storage.reading() as uow:
        messages = await uow.outbox.of_visit(visit_id)
        entries = await uow.audit.entries(patient_id=cast.BO.id)
    assert [(each.state, each.values) for each in messages] == [(State.SENT, {})] * 2
    assert {(entry.action, entry.entity_id) for entry in entries} == {
        ("message:send", message.id) for message in messages
    }
    assert sms["reference"] in {message.id for message in messages}


async def test_bookings_go_on_and_messages_wait_while_servers_are_down(
    office: Office, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    keys = LinkTokens(office.keyring.derived(Purpose.LINK_KEY))
    nowhere = f"http://127.0.0.1:{programs.free_port()}/messages"
    dead = worker(office, replace(smtp_sink, port=programs.free_port()), replace(sms_sink, url=nowhere))
    booked = cast.appointment()
    async with office.storage.writing() as uow:
        await uow.appointments.book(booked, cast.claims(booked))
        invitations = Invitations(keys=keys, public_url="https://care.example")
        visit_id, _ = await make_visit(
            office.work, uow, invitations, booked, cast.BO, cast.CARDIOLOGY, silent=False
        )
    for channel in Channel:
        assert await dead.send_due(channel) == 0
    async with office.storage.reading() as uow:
        waiting = await uow.outbox.of_visit(visit_id)
        row = await uow.visits.row(visit_id)
    assert {(each.state, each.last_error) for each in waiting} == {(State.DUE, "unreachable")}
    assert row is not None
    assert not row.undelivered  # they are tried again
    office.clock.move(seconds=10)
    for channel in Channel:
        assert await worker(office, smtp_sink, sms_sink).send_due(channel) == 1
    assert len(smtp_sink.messages()) == len(sms_sink.messages()) == 1


async def test_several_workers_send_each_message_once(
    office: Office, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    await office.staff.invite(SYSTEM, LEV)
    for each in range(11):
        email = f"lev{each}@hospital.example"
        await office.staff.invite(SYSTEM, replace(LEV, email=email))
    workers = [worker(office, smtp_sink, sms_sink) for _ in range(3)]
    sent = 0
    for _ in range(3):
        sent += sum(await asyncio.gather(*(each.send_due(Channel.EMAIL) for each in workers)))
    assert sent == 12
    mails = await smtp_sink.wait_for(12)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 12
    assert EMAIL in {mail["To"] for mail in mails}
