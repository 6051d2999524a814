"""A recorder and a keeper of consents that write down what they are told, for the tests of recording."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from signaling.recorder import RecorderGone
from telehealth.domain.access import Actor
from telehealth.domain.recording import Answer, Recording, Why
from tests.unit.signaling.rooms import NOW


@dataclass
class Machine:
    """The recorder: `told` is what it did, `writing` what it writes now."""

    told: list[tuple[str, ...]] = field(default_factory=list)
    writing: set[str] = field(default_factory=set)
    broken: bool = False
    lost: Callable[[], None] = lambda: None

    async def ready(self) -> None:
        if self.broken:
            raise RecorderGone

    async def open(self, recording: str, key: str, sdp: str, views: Mapping[str, str]) -> str:
        await self.ready()
        self.told.append(("open", recording, *sorted(views.values())))
        self.writing.add(recording)
        return "v=0 answer\r\n"

    async def hold(self, recording: str) -> None:
        await self.ready()
        self.told.append(("hold", recording))
        self.writing.discard(recording)

    async def end(self, recording: str) -> dict[str, int]:
        await self.ready()
        self.told.append(("end", recording))
        self.writing.discard(recording)
        return {"p": 3}

    async def close(self) -> None:
        self.told.append(("close",))
        self.writing.clear()


@dataclass
class Keeper:
    """The service: `kept` is what was said and what came of it."""

    days: int = 30
    kept: list[tuple[object, ...]] = field(default_factory=list)
    slow: asyncio.Event | None = None

    async def ask(self, actor: Actor, visit_id: str, participant: str) -> Recording:
        name = f"rec-{sum(each[0] == 'ask' for each in self.kept) + 1}"
        self.kept.append(("ask", participant))
        return Recording(name, visit_id, "bo", "hospital", NOW, NOW, key="5a" * 32)

    async def answer(
        self, actor: Actor, visit_id: str, recording_id: str, participant: str, answer: Answer
    ) -> None:
        if self.slow:
            await self.slow.wait()
        self.kept.append((answer, participant))

    async def begun(self, recording_id: str) -> None:
        self.kept.append(("begun",))

    async def ended(self, recording_id: str, why: Why, records: Mapping[str, int] | None) -> None:
        self.kept.append(("ended", why, records))
