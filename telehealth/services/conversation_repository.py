"""What services may ask of storage about what was said in writing during calls."""

from typing import Protocol

from telehealth.domain.conversation import Utterance


class Conversations(Protocol):
    """Utterances, sealed under the patient's key. Whoever adds one has locked its visit (`visits.get`)."""

    async def add(self, utterance: Utterance) -> None:
        """Insert; raises StaleVersion where number or key is taken."""

    async def by_key(self, visit_id: str, author_id: str, key: str) -> Utterance | None:
        """Return what somebody has said under this key."""

    async def last(self, visit_id: str) -> int:
        """Return the number of the newest utterance, 0 for none."""

    async def by_guests(self, visit_id: str) -> int:
        """Return how many of a visit's utterances guests have said."""

    async def since(self, visit_id: str, seq: int, limit: int) -> list[Utterance]:
        """Return up to `limit` utterances after a number, oldest first."""
