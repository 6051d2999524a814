"""The hashing pool: bounded, honest about it, and never lost in a cancellation."""

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from telehealth.crypto import hashing
from telehealth.crypto.errors import Busy
from telehealth.crypto.hashing import HashingPool
from telehealth.crypto.passwords import DUMMY_HASH


@pytest.fixture
def pool() -> Iterator[HashingPool]:
    pool = HashingPool(threads=1, queue=1)
    yield pool
    pool.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Hashing takes until the gate is opened."""
    gate = Event()

    def slow(text: str) -> str:
        gate.wait(10)
        return f"hash of {text}"

    monkeypatch.setattr(hashing, "hash_password", slow)
    yield gate
    gate.set()


async def settled(pool: HashingPool) -> None:
    """Until the pool has all its room again."""
    for _ in range(1000):
        if pool._room == 2:
            return
        await asyncio.sleep(0.005)
    pytest.fail("room was lost")


async def test_a_password_is_hashed_and_verified_off_the_loop(pool: HashingPool) -> None:
    kept = await pool.hash("zebra violin kettle")
    assert await pool.verify(kept, "zebra violin kettle")
    await settled(pool)
    assert not await pool.verify(kept, "zebra violin")


def test_a_hash_of_today_is_not_outdated_and_one_of_weaker_parameters_is(pool: HashingPool) -> None:
    assert not pool.outdated(DUMMY_HASH)
    assert pool.outdated(DUMMY_HASH.replace("t=2", "t=1"))


async def test_work_beyond_the_queue_is_refused_at_once(pool: HashingPool, gate: Event) -> None:
    running = [asyncio.ensure_future(pool.hash(text)) for text in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await pool.hash("c")
    gate.set()
    assert await asyncio.gather(*running) == ["hash of a", "hash of b"]


async def test_room_comes_back_when_work_is_done(pool: HashingPool, gate: Event) -> None:
    gate.set()
    for text in "abcdef":
        assert await pool.hash(text) == f"hash of {text}"
        await settled(pool)


async def test_a_caller_who_went_away_does_not_free_the_thread_he_uses(
    pool: HashingPool, gate: Event
) -> None:
    gone, waiting = (asyncio.ensure_future(pool.hash(text)) for text in "ab")
    await asyncio.sleep(0.05)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    with pytest.raises(Busy):
        await pool.hash("c")
    gate.set()
    assert await waiting == "hash of b"
    await settled(pool)
    assert await pool.hash("d") == "hash of d"


async def test_cancelled_work_that_waits_gives_its_room_back(pool: HashingPool, gate: Event) -> None:
    running, gone = (asyncio.ensure_future(pool.hash(text)) for text in "ab")
    await asyncio.sleep(0.05)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    after = asyncio.ensure_future(pool.hash("c"))
    gate.set()
    assert await running == "hash of a"
    assert await after == "hash of c"


async def test_an_error_in_the_work_reaches_its_caller_and_costs_no_room(
    pool: HashingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str) -> str:
        raise MemoryError(text)

    monkeypatch.setattr(hashing, "hash_password", broken)
    for _ in range(5):
        with pytest.raises(MemoryError):
            await pool.hash("a")
        await settled(pool)


async def test_the_loop_goes_on_while_passwords_are_hashed(pool: HashingPool, gate: Event) -> None:
    running = asyncio.ensure_future(pool.hash("a"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not running.done()
    gate.set()
    await running


async def test_a_closed_pool_refuses(pool: HashingPool) -> None:
    pool.close()
    with pytest.raises(Busy):
        await pool.hash("a")
