"""Messages waiting to leave, kept answers and facts about the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import Channel, Delivery, OutboxMessage
from telehealth.services.repositories import KeptAnswer
from telehealth.storage.unit_of_work import Storage
from tests.integration.storage.cast import AMARA, HOSPITAL, NOW, account, arrive, message

MINUTE = timedelta(minutes=1)
ANSWER = KeptAnswer("prac-amara", "key 1", bytes(32), 201, '{"patient":"Bo Lindqvist"}', NOW)


@pytest.fixture
async def booked(cluster: Storage) -> Storage:
    async with cluster.writing() as unit:
        await arrive(unit)
    return cluster


async def put(storage: Storage, *messages: OutboxMessage) -> None:
    async with storage.writing() as unit:
        for each in messages:
            await unit.outbox.put(each)


async def claim(storage: Storage, minutes: int = 0, limit: int = 10) -> list[str]:
    now = NOW + minutes * MINUTE
    async with storage.writing() as unit:
        return [each.id for each in await unit.outbox.claim(now, now + 5 * MINUTE, limit)]


async def test_due_messages_are_claimed_once_in_order(booked: Storage) -> None:
    await put(booked, message("2", due=NOW - MINUTE), message("1"), message("3", due=NOW + MINUTE))
    assert await claim(booked, limit=1) == ["message-2"]
    assert await claim(booked) == ["message-1"]
    assert await claim(booked) == []
    assert await claim(booked, 1) == ["message-3"]


async def test_a_claimed_message_is_whole(booked: Storage) -> None:
    await put(booked, message())
    async with booked.writing() as unit:
        taken = await unit.outbox.claim(NOW, NOW + MINUTE, 10)
    assert taken == [replace(message(), state=Delivery.SENDING)]


async def test_workers_at_once_never_get_the_same_message(booked: Storage) -> None:
    await put(booked, *(message(str(number)) for number in range(40)))
    taken = await asyncio.gather(*(claim(booked, limit=7) for _ in range(8)))
    ids = [each for some in taken for each in some]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(await claim(booked, limit=40)) == 40


async def test_a_failed_message_comes_back_when_it_is_due_again(booked: Storage) -> None:
    await put(booked, message())
    assert await claim(booked) == ["message-1"]
    again = replace(
        message(), due_at=NOW + 2 * MINUTE, attempts=1, last_error="550 bo.lindqvist@mail.example"
    )
    async with booked.writing() as unit:
        await unit.outbox.save(again)
    assert await claim(booked, 1) == []
    async with booked.reading() as unit:
        assert await unit.outbox.of_visit("visit-1") == [again]
    assert await claim(booked, 2) == ["message-1"]


async def test_a_sent_message_never_comes_back(booked: Storage) -> None:
    await put(booked, message())
    await claim(booked)
    async with booked.writing() as unit:
        await unit.outbox.save(replace(message(), state=Delivery.SENT))
    assert await claim(booked, 60) == []


async def test_mail_of_a_dead_worker_is_taken_over_but_never_an_sms(booked: Storage) -> None:
    await put(booked, message(), message("2", Channel.SMS))
    assert await claim(booked) == ["message-1", "message-2"]
    assert await claim(booked, 4) == []
    assert await claim(booked, 5) == ["message-1"]


async def test_messages_to_staff_and_to_nobody_known_are_kept(booked: Storage) -> None:
    to_staff = replace(message(), visit_id="", account_id=account().id, person_id=AMARA.id)
    to_desk = replace(message("2"), visit_id="", organization_id="", person_id="")
    async with booked.writing() as unit:
        await unit.accounts.add(account())
    await put(booked, to_staff, to_desk)
    assert await claim(booked) == ["message-1", "message-2"]
    assert to_staff.organization_id == HOSPITAL.id


async def test_an_answer_is_kept_once(storage: Storage) -> None:
    async with storage.writing() as unit:
        await unit.answers.put(ANSWER)
        assert await unit.answers.get("prac-amara", "key 1") == ANSWER
        assert await unit.answers.get("prac-noor", "key 1") is None
    with pytest.raises(StaleVersion):
        async with storage.writing() as unit:
            await unit.answers.put(replace(ANSWER, status=409))


async def test_old_answers_are_forgotten(storage: Storage) -> None:
    async with storage.writing() as unit:
        await unit.answers.put(ANSWER)
        assert await unit.answers.forget(NOW) == 0
        assert await unit.answers.forget(NOW + MINUTE) == 1
        assert await unit.answers.get("prac-amara", "key 1") is None


async def test_facts_are_written_over(storage: Storage) -> None:
    async with storage.writing() as unit:
        assert await unit.meta.get("check") is None
        await unit.meta.put("check", "0123")
        await unit.meta.put("check", "4567")
        assert await unit.meta.get("check") == "4567"
