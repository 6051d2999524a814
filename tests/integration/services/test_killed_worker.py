"""The outbox's worker is killed again and again: every mail arrives, no SMS goes twice or is lost."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from telehealth.crypto.chance import SystemChance
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.outbox import UNSURE, Channel, Delivery, OutboxMessage
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations
from telehealth.storage.unit_of_work import Storage
from tests.fakes import FakeClock
from tests.integration.services.conftest import Office
from tests.integration.services.postman import nursery, postman
from tests.integration.storage import cast
from tests.services.gateway import SmsSink
from tests.services.smtp import SmtpSink

EACH = 60
"""Messages by each way."""
LIVES = 12
LONGEST_LIFE = 0.4
BETWEEN = timedelta(minutes=10)
"""From one life to the next: longer than a claim."""
SLOW = replace(cast.BO, id="pat-slow", phone="+46700000200", email="slow@mail.example", identifiers=())


async def put_messages(storage: Storage, keys: LinkTokens) -> list[OutboxMessage]:
    """One patient's visit in a few days, and many messages about it."""
    booked = cast.appointment("1", cast.NOW + timedelta(days=3), SLOW)
    work = Work(storage, FakeClock(cast.NOW), SystemChance())
    ways = [(way, number) for way in Channel for number in range(EACH)]
    made = [
        replace(cast.message(f"{way}-{number:02}", way), person_id=SLOW.id, language="en", values={})
        for way, number in ways
    ]
    async with storage.writing() as uow:
        await uow.patients.add(SLOW)
        await uow.appointments.book(booked, cast.claims(booked))
        await uow.visits.add(cast.visit(booked))
        links = Invitations(keys=keys, public_url="https://care.example")
        await uow.visits.add_link(links.link(work, "visit-1", SLOW.id))
        await uow.outbox.put(*made)
    return made


@pytest.mark.timeout(180)
async def test_every_mail_arrives_and_no_sms_goes_out_twice(
    office: Office, migrated_url: str, tmp_path: Path, smtp_sink: SmtpSink, sms_sink: SmsSink
) -> None:
    links = LinkTokens(office.keyring.derived(Purpose.LINK_KEY))
    made = await put_messages(office.storage, links)
    chance = Random(2026)
    with nursery(migrated_url, tmp_path / "keys", smtp_sink, sms_sink) as live:
        for life in range(LIVES):
            live(cast.NOW + life * BETWEEN, chance.uniform(0.05, LONGEST_LIFE))
    clock = FakeClock(cast.NOW)
    last = postman(office.storage, office.keyring, clock, smtp_sink.port, sms_sink.url)
    for hours in range(1, 5):
        clock.at = cast.NOW + LIVES * BETWEEN + timedelta(hours=hours)
        for channel in Channel:
            while await last.send_due(channel):
                pass
    mails, given = smtp_sink.messages(), Counter(each["reference"] for each in sms_sink.messages())
    assert {mail["Message-ID"] for mail in mails} == {
        f"<{each.id}@care.example>" for each in made if each.channel is Channel.EMAIL
    }
    async with office.storage.reading() as uow:
        kept = {each.id: each for each in await uow.outbox.of_visit("visit-1")}
    assert {each.state for each in kept.values() if each.channel is Channel.EMAIL} == {Delivery.SENT}
    assert max(given.values()) == 1
    for each in (each for each in kept.values() if each.channel is Channel.SMS):
        told = each.state is Delivery.FAILED and each.last_error == UNSURE
        assert (each.state is Delivery.SENT and given[each.id] == 1) or told, each
    assert sum(given.values()) >= EACH // 2
