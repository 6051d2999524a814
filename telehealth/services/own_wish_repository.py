"""What services may ask of storage about wishes that people leave by themselves."""

from datetime import datetime
from typing import Protocol

from telehealth.domain.own_wish import OwnWish


class OwnWishes(Protocol):
    """Wishes by the cookie of the browser that left them; who asks is sealed until the code has shown it."""

    async def add(self, wish: OwnWish) -> None:
        """Insert one."""

    async def by_cookie(self, digest: bytes) -> OwnWish | None:
        """Return the one of a browser; a writing unit keeps the row to itself from here on."""

    async def save(self, wish: OwnWish) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def forget(self, before: datetime, unproven: datetime) -> int:
        """Delete those made before an instant, and before `unproven` where no code was typed; how many."""
