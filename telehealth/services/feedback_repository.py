"""What services may ask of storage about patients' feedback and about how their lines were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.feedback import Counted, Feedback, Track


class Feedbacks(Protocol):
    """One answer a visit, and one track of its line; both are written over the version before."""

    async def given(self, visit_ids: Sequence[str]) -> dict[str, Feedback]:
        """Return what was said about these visits, by visit."""

    async def put(self, feedback: Feedback) -> None:
        """Write an answer: version 1 is new; raises StaleVersion unless one less is stored."""

    async def counted(self, organization_id: str, since: datetime) -> list[Counted]:
        """Return how often each answer was given since an instant; tests left out, nobody named."""

    async def tracks(self, visit_ids: Sequence[str]) -> dict[str, Track]:
        """Return how the lines of these visits were, by visit; none where the word never changed."""

    async def put_track(self, track: Track) -> None:
        """Write a track: version 1 is new; raises StaleVersion unless one less is stored."""
