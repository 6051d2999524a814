"""What services may ask of storage about messages, as Protocols; repositories.py has the rest."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.outbox import Channel, Delivery, OutboxMessage
from telehealth.domain.own_text import OwnText


class Outbox(Protocol):
    """Messages waiting to leave."""

    async def put(self, *messages: OutboxMessage) -> None: ...
    async def take_back(self, visit_id: str, templates: Collection[str]) -> int:
        """Delete what nobody has begun to send about a visit by these templates; returns how many."""

    async def claim(
        self, channel: Channel, now: datetime, until: datetime, limit: int
    ) -> list[OutboxMessage]:
        """Take a channel's due messages for this worker until `until`; nobody else gets them meanwhile."""

    async def hand_over(self, message_id: str, now: datetime, until: datetime) -> None:
        """Mark a claimed SMS as leaving; raises StaleVersion for whoever comes second."""

    async def adrift(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """Return messages that were handed over by a worker who never came back, the oldest first."""

    async def get(self, message_id: str) -> OutboxMessage | None: ...
    async def save(self, message: OutboxMessage) -> None: ...
    async def of_visit(self, visit_id: str) -> list[OutboxMessage]: ...
    async def gathering(self, person_id: str, now: datetime) -> list[OutboxMessage]:
        """Return a person's messages of `GATHERED` that nobody may send before `now`, and lock them."""

    async def unreached(self, organization_id: str, since: datetime, limit: int) -> list[OutboxMessage]:
        """Return lost messages about an organization's visits that end after `since`.

        One whose kind reached the patient of the visit by another way, or is on its way, is none of them.
        """

    async def lost_about(self, visit_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the lost messages about these visits whose kind reached nobody."""

    async def of_offers(self, offer_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the messages about these offers to who waits for a time, oldest first."""

    async def of_choices(self, choice_ids: Sequence[str]) -> list[OutboxMessage]:
        """Return the messages about these invitations to choose a time, oldest first."""

    async def forget_wishes(self, changed_before: datetime) -> int:
        """Delete wishes that were met or given up before an instant; returns how many."""

    async def forget_unreadable(self) -> int:
        """Delete waiting messages whose keys were destroyed or lost, after a restore; return how many."""

    async def counts(self) -> dict[Delivery, int]:
        """Return how many messages stand where; states without any are left out."""


class OwnTexts(Protocol):
    """Organizations' own wordings of messages, sealed."""

    async def get(self, organization_id: str, template: str, language: str) -> OwnText | None: ...
    async def of(self, organization_id: str) -> list[OwnText]: ...
    async def put(self, text: OwnText) -> None:
        """Insert version 1, or write over the version before; raises StaleVersion."""

    async def remove(self, text: OwnText) -> None: ...
