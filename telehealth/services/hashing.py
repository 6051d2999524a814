"""Password hashing as services want it: a full pool is a refusal that people can be told."""

from telehealth.crypto.errors import Busy
from telehealth.domain.errors import Unavailable
from telehealth.services.ports import Hashing


class BoundedHashing:
    """A pool whose Busy becomes Unavailable, with the seconds after which it is worth trying again."""

    def __init__(self, pool: Hashing) -> None:
        self._pool = pool

    async def hash(self, text: str) -> str:
        """Return the hash; raises Unavailable."""
        try:
            return await self._pool.hash(text)
        except Busy:
            raise Unavailable(2) from None

    async def verify(self, hashed: str, text: str) -> bool:
        """Whether `text` fits; raises Unavailable."""
        try:
            return await self._pool.verify(hashed, text)
        except Busy:
            raise Unavailable(2) from None

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._pool.outdated(hashed)
