"""The part of the house that keeps what is said in writing, as the service does: each key once, in order."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.conversation import Heard, Speech, Utterance
from telehealth.domain.errors import Refused
from telehealth.domain.seating import Seat

AT = datetime(2026, 11, 23, 9, 32, tzinfo=UTC)


@dataclass
class Talk:
    """Keeps utterances; `mute` refuses them, `slow` holds an answer to `hear` back until it is set."""

    said: list[Utterance] = field(default_factory=list)
    mute: Refused | None = None
    slow: asyncio.Event | None = None
    questioned: asyncio.Event = field(default_factory=asyncio.Event)
    page: int = 20
    hears_after: int = 0
    """So much was written before the guest was let in."""

    async def say(self, actor: Actor, visit_id: str, speech: Speech, seat: Seat) -> Utterance:
        if self.mute is not None:
            raise self.mute
        found = [each for each in self.said if (each.author_id, each.key) == (actor.id, speech.key)]
        if not found:
            seq = len(self.said) + 1
            facts = (f"u{seq}", visit_id, "bo", "hospital", actor.id, speech.key, seat.participant, seq)
            found = [Utterance(*facts, speech.kind, speech.phrase, AT, seat.name, speech.text, seat.part)]
            self.said += found
        return found[0]

    async def hear(self, actor: Actor, visit_id: str, since: int) -> Heard:
        self.questioned.set()
        if self.slow is not None:
            await self.slow.wait()
        since = max(since, self.hears_after) if actor.kind is ActorKind.GUEST else since
        said = tuple(self.said[since : since + self.page])
        return Heard(said, said[-1].seq if said else since, more=len(self.said) > since + self.page)
