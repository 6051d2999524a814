"""The doorkeeper is told in order, the latest word only, and its failures stay its own."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from signaling.refusals import Code, code_of
from signaling.reports import Reports
from signaling.rooms import Rooms
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import NotFound, Refused, TooMany, Unavailable, VisitClosed
from telehealth.domain.seating import Seat
from telehealth.services.carrying import Mesh
from tests.unit.signaling.rooms import BO as BO_SEAT
from tests.unit.signaling.rooms import GRACE_OF_TESTS

BO = Actor(ActorKind.VISITOR, "bo", None, "hospital", "sb", "Bo", visit_id="v1")
CY = Actor(ActorKind.VISITOR, "cy", None, "hospital", "sc", "Cy", visit_id="v2")


class Slow:
    """A doorkeeper who takes time, refuses one word and fails at another."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    async def staff(self, token: str) -> Actor | None:
        return None

    async def visitor(self, visit_id: str, token: str) -> Actor | None:
        return None

    async def seat(self, actor: Actor, visit_id: str) -> Seat:
        return BO_SEAT

    async def presence(self, actor: Actor, visit_id: str, here: bool) -> None:
        await asyncio.sleep(0)
        self.told.append((actor.id, here))

    async def connection(self, actor: Actor, visit_id: str, word: str) -> None:
        await asyncio.sleep(0)
        if word == "poor":
            raise VisitClosed
        if word == "fair":
            raise OSError("the database is away")
        self.told.append((actor.id, word))


@pytest.fixture
async def slow() -> Slow:
    return Slow()


@pytest.fixture
async def reports(slow: Slow) -> AsyncIterator[Reports]:
    made = Reports(slow)
    worker = asyncio.create_task(made.run())
    yield made
    worker.cancel()


async def test_words_arrive_in_order_and_merge(slow: Slow, reports: Reports) -> None:
    reports.presence(BO, "v1", here=True)
    reports.connection(BO, "v1", "reconnecting")
    reports.presence(CY, "v2", here=True)
    reports.connection(BO, "v1", "good")
    await reports.settled()
    assert slow.told == [("bo", True), ("cy", True), ("bo", "good")]


async def test_a_refusal_or_a_failure_stops_nothing(slow: Slow, reports: Reports) -> None:
    reports.connection(BO, "v1", "poor")
    reports.connection(CY, "v2", "fair")
    await reports.settled()
    reports.presence(BO, "v1", here=False)
    await reports.settled()
    assert slow.told == [("bo", False)]


class NotAdmitted(Refused):
    code = "not-admitted"


@pytest.mark.parametrize(
    "refused,code",
    [
        (NotAdmitted(), Code.NOT_ADMITTED),
        (NotFound(), Code.NOT_FOUND),
        (VisitClosed(), Code.WRONG_STATE),
        (TooMany(), Code.TOO_FAST),
        (Unavailable(), Code.UNAVAILABLE),
        (Refused(), Code.NOT_PERMITTED),
    ],
)
def test_every_refusal_of_a_service_has_a_code_here(refused: Refused, code: Code) -> None:
    assert code_of(refused) is code


def test_a_question_under_way_goes_stale_only_for_its_own_visit() -> None:
    rooms = Rooms(GRACE_OF_TESTS, Mesh())
    with rooms.asking("v1") as first, rooms.asking("v1") as second, rooms.asking("v2") as other:
        rooms.moved("v1")
        rooms.moved("nobody asks")
    assert (first.stale, second.stale, other.stale) == (True, True, False)
    assert rooms._asking == {}
    rooms.tidy("never opened")
    assert rooms.get(None) is None
