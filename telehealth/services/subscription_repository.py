"""What services may ask of storage about who wants to be told of what is new in the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.record import ResourceVersion
from telehealth.domain.subscriptions import Event, Subscription


class Subscriptions(Protocol):
    """Subscriptions, and what each of them has yet to be told, in order."""

    async def add(self, subscription: Subscription) -> None:
        """Insert one."""

    async def save(self, subscription: Subscription) -> None:
        """Write what there is now and end its claim; raises StaleVersion when it changed since."""

    async def get(self, subscription_id: str) -> Subscription | None:
        """Return one."""

    async def of(self, program_id: str) -> list[Subscription]:
        """Return a program's, in the order in which they were made."""

    async def end_all(self, program_id: str, now: datetime) -> int:
        """Switch off all of a program's that are active, and forget what they had yet to be told."""

    async def notice(self, resource: ResourceVersion) -> int:
        """Note a new version for every active one that watches its type, patient and house."""

    async def claim(self, now: datetime, until: datetime, limit: int) -> list[Subscription]:
        """Take active ones that are due, with something to tell; nobody else gets them until `until`."""

    async def events(self, subscription_id: str, limit: int) -> list[Event]:
        """Return what one has yet to be told, the oldest first."""

    async def done(self, subscription_id: str, events: Sequence[Event]) -> None:
        """Forget events."""

    async def drop(self, subscription_id: str) -> None:
        """Forget all that one had yet to be told."""

    async def ending(self, now: datetime) -> list[Subscription]:
        """Return active ones whose time is over."""

    async def forget(self, before: datetime) -> int:
        """Delete those that have been over since then; returns how many."""
