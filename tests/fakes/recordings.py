"""The fake repository of recordings, and the fake of their files."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telehealth.domain.recording import Consent, Recording, View
from tests.fakes.rows import insert, swap


class FakeRecordings:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, recording: Recording) -> None:
        insert(self._t.recordings, recording.id, recording)

    async def save(self, recording: Recording) -> None:
        swap(self._t.recordings, recording)

    async def get(self, recording_id: str) -> Recording | None:
        found: Recording | None = self._t.recordings.get(recording_id)
        return found

    async def of_visit(self, visit_id: str) -> list[Recording]:
        mine = [each for each in self._t.recordings.values() if each.visit_id == visit_id]
        return sorted(mine, key=lambda each: (each.asked_at, each.id))

    async def unended(self) -> list[Recording]:
        return [each for each in self._t.recordings.values() if each.ended_at is None]

    async def overdue(self, now: datetime, limit: int) -> list[Recording]:
        everything = self._t.recordings.values()
        over = [each for each in everything if each.kept_until <= now and each.erased_at is None]
        return sorted(over, key=lambda each: each.kept_until)[:limit]

    async def answered(self, consent: Consent) -> None:
        insert(self._t.recording_answers, consent.id, consent)

    async def answers(self, recording_id: str) -> list[Consent]:
        said = [each for each in self._t.recording_answers.values() if each.recording_id == recording_id]
        return sorted(said, key=lambda each: (each.said_at, each.id))


@dataclass(frozen=True, slots=True)
class FakeFilm:
    content: bytes
    whole: bool = True
    milliseconds: int = 65_000

    @property
    def size(self) -> int:
        return len(self.content)

    async def read(self, start: int, length: int) -> bytes:
        return self.content[start : start + length]


@dataclass
class FakeTapes:
    """The sealed files of recordings, by recording and participant."""

    films: dict[tuple[str, str], FakeFilm] = field(default_factory=dict)

    async def film(self, recording: Recording, view: View) -> FakeFilm | None:
        return self.films.get((recording.id, view.participant)) if recording.key else None

    async def erase(self, recording_id: str) -> None:
        self.films = {place: film for place, film in self.films.items() if place[0] != recording_id}
