"""Messages waiting to leave, kept answers and facts about the database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

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
        until = now + 5 * MINUTE
        return [each.id for way in Channel for each in await unit.outbox.claim(way, now, until, limit)]


async def test_due_messages_are_claimed_once_in_order(booked: Storage) -> None:
    await put(booked, message("2", due=NOW - MINUTE), message("1"), message("3", due=NOW + MINUTE))
    assert await claim(booked, limit=1) == ["message-2"]
    assert await claim(booked) == ["message-1"]
    assert await claim(booked) == []
    assert await claim(booked, 1) == ["message-3"]


async def test_a_claimed_message_is_whole(booked: Storage) -> None:
    await put(booked, message())
    async with booked.writing() as unit:
        taken = await unit.outbox.claim(Channel.EMAIL, NOW, NOW + MINUTE, 10)
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


async def test_what_a_dead_worker_had_is_taken_over_but_never_an_sms_that_it_handed_over(
    booked: Storage,
) -> None:
    await put(booked, message(), message("2", Channel.SMS), message("3", Channel.SMS))
    assert await claim(booked) == ["message-1", "message-2", "message-3"]
    async with booked.writing() as unit:
        await unit.outbox.hand_over("message-3", NOW, NOW + 5 * MINUTE)
    assert await claim(booked, 4) == []
    async with booked.reading() as unit:
        assert await unit.outbox.adrift(NOW + 4 * MINUTE, 10) == []
        (adrift,) = await unit.outbox.adrift(NOW + 5 * MINUTE, 10)
    assert (adrift.id, adrift.state) == ("message-3", Delivery.LEAVING)
    assert await claim(booked, 5) == ["message-1", "message-2"]


async def test_only_one_of_two_workers_may_hand_an_sms_over(booked: Storage) -> None:
    await put(booked, message("1", Channel.SMS))
    await claim(booked)
    await claim(booked, 5)
    async with booked.writing() as unit:
        await unit.outbox.hand_over("message-1", NOW, NOW + MINUTE)
    with pytest.raises(StaleVersion):
        async with booked.writing() as unit:
            await unit.outbox.hand_over("message-1", NOW, NOW + MINUTE)


async def test_a_message_without_its_times_is_one_of_the_release_before(booked: Storage) -> None:
    await put(booked, message())
    async with booked.engines[0].begin() as connection:
        await connection.execute(text("UPDATE outbox SET made_at = NULL, changed_at = NULL"))
    async with booked.reading() as unit:
        assert await unit.outbox.get("message-1") == message()
        assert await unit.outbox.get("message-9") is None


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
