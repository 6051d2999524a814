"""The gateway's reports: signed, fresh, once; they only ever move a message forward."""

import json
from dataclasses import replace

import pytest

from telehealth.crypto.hooks import hook_signature
from telehealth.domain.outbox import Channel, Delivery, OutboxMessage
from tests.integration.web.hospital import HOOK_SECRET, Answer, Hospital
from tests.integration.web.journeys import booked

SECRET = HOOK_SECRET.encode()


async def an_sms(hospital: Hospital, state: Delivery = Delivery.SENT) -> OutboxMessage:
    """An SMS about Bo's visit that left."""
    await booked(hospital)
    tables = hospital.units.tables
    sms = next(each for each in tables.outbox.values() if each.channel is Channel.SMS)
    tables.outbox[sms.id] = replace(sms, state=state)
    return sms


def told(hospital: Hospital, sms: OutboxMessage) -> OutboxMessage:
    found: OutboxMessage = hospital.units.tables.outbox[sms.id]
    return found


async def report(hospital: Hospital, reference: str, status: str, **changes: str) -> Answer:
    """What the gateway sends: it has no Origin and no cookie."""
    body = json.dumps({"reference": reference, "status": status})
    timestamp = changes.get("timestamp", str(int(hospital.clock.now().timestamp())))
    signature = changes.get("signature", hook_signature(SECRET, timestamp, body.encode()))
    headers = {"X-Timestamp": timestamp, "X-Signature": signature, "Content-Type": "application/json"}
    gateway = await hospital.visitor()
    async with gateway.client.post("/hooks/sms", data=changes.get("body", body), headers=headers) as answer:
        return Answer(answer.status, answer.headers, await answer.text(), None)


@pytest.mark.parametrize("before", [Delivery.SENT, Delivery.LEAVING, Delivery.FAILED])
@pytest.mark.parametrize(
    "status,after,action",
    [
        ("delivered", Delivery.DELIVERED, "message:deliver"),
        ("undelivered", Delivery.BOUNCED, "message:fail"),
    ],
)
async def test_a_report_moves_the_message_and_is_entered(
    hospital: Hospital, before: Delivery, status: str, after: Delivery, action: str
) -> None:
    sms = await an_sms(hospital, before)
    assert (await report(hospital, sms.id, status)).status == 204
    assert told(hospital, sms).state is after
    assert hospital.actions()[-1] == action


async def test_a_report_that_comes_again_or_late_changes_nothing(hospital: Hospital) -> None:
    sms = await an_sms(hospital)
    for status in ("delivered", "delivered", "undelivered"):
        assert (await report(hospital, sms.id, status)).status == 204
    assert told(hospital, sms).state is Delivery.DELIVERED
    assert hospital.actions().count("message:deliver") == 1
    assert "message:fail" not in hospital.actions()


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_an_old_report_is_refused_however_well_signed(hospital: Hospital, minutes: int) -> None:
    sms = await an_sms(hospital)
    at = str(int(hospital.clock.now().timestamp()) + minutes * 60)
    assert (await report(hospital, sms.id, "delivered", timestamp=at)).status == 403
    assert told(hospital, sms).state is Delivery.SENT


@pytest.mark.parametrize(
    "change",
    [
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "ü"},
        {"timestamp": ""},
        {"timestamp": "now"},
        {"timestamp": "9" * 40},
        {"timestamp": "-1"},
        {"timestamp": "²"},
        {"body": '{"reference": "another", "status": "delivered"}'},
    ],
)
async def test_a_stranger_is_refused(hospital: Hospital, change: dict[str, str]) -> None:
    sms = await an_sms(hospital)
    assert (await report(hospital, sms.id, "delivered", **change)).status == 403
    assert told(hospital, sms).state is Delivery.SENT


async def test_of_what_is_not_ours_nothing_is_said(hospital: Hospital) -> None:
    await an_sms(hospital)
    mail = next(m for m in hospital.units.tables.outbox.values() if m.channel is Channel.EMAIL)
    for reference in ("no-such-message", mail.id):
        assert (await report(hospital, reference, "delivered")).status == 204
    assert told(hospital, mail).state is Delivery.DUE


@pytest.mark.parametrize("body", ["", "[]", '{"reference": "x"}', '{"reference": "x", "status": "eaten"}'])
async def test_what_cannot_be_read_is_refused(hospital: Hospital, body: str) -> None:
    timestamp = str(int(hospital.clock.now().timestamp()))
    signature = hook_signature(SECRET, timestamp, body.encode())
    answer = await report(hospital, "x", "x", body=body, signature=signature)
    assert answer.status in {400, 422}


async def test_a_long_body_is_not_even_checked(hospital: Hospital) -> None:
    assert (await report(hospital, "x", "x", body="x" * 5000)).status == 413
