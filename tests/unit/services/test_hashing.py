"""A full hashing pool is told as a refusal that can be tried again."""

import pytest

from telehealth.crypto.errors import Busy
from telehealth.domain.errors import Unavailable
from telehealth.services.hashing import BoundedHashing
from tests.fakes import FakeHashing


class Full:
    async def hash(self, text: str) -> str:
        raise Busy

    async def verify(self, hashed: str, text: str) -> bool:
        raise Busy


async def test_a_full_pool_is_unavailable() -> None:
    for attempt in (BoundedHashing(Full()).hash("a"), BoundedHashing(Full()).verify("a", "b")):
        with pytest.raises(Unavailable) as refused:
            await attempt
        assert refused.value.retry_after == 2


async def test_a_pool_with_room_is_passed_through() -> None:
    hashing = BoundedHashing(FakeHashing())
    assert await hashing.verify(await hashing.hash("a"), "a")
