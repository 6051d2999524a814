"""Recording a call: everybody is asked, newcomers pause it, one word of anybody ends it at once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from signaling.effects import Accept, Effect, Refuse, Send
from signaling.forwarding import NoForwarding
from signaling.presence import Connection
from signaling.recordings import Record, Recording, RecordOffer
from signaling.room import GRACE
from signaling.rooms import Rooms
from signaling.taping import Recorded, Taping
from telehealth.domain.recording import Answer, Phase, Why
from tests.integration.signaling.house import amara, bo, lina
from tests.unit.signaling.recording import Keeper, Machine
from tests.unit.signaling.rooms import AMARA, BO, LINA, NOW, VISIT, fresh, refusal

WHO = {"a1": Connection("a1", amara(), 1), "b1": Connection("b1", bo(), 2), "l1": Connection("l1", lina(), 3)}
OFFER = {"sdp": "v=0\r\n", "views": {"1": "p", "2": "s"}}


@dataclass
class Call:
    """Dr Amara (a1) and Bo (b1) in a call, Lina (l1) before it."""

    machine: Machine = field(default_factory=Machine)
    keeper: Keeper = field(default_factory=Keeper)
    told: list[tuple[str, Recording]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rooms = Rooms(GRACE, NoForwarding())
        self.taping = Taping(Recorded(self.keeper, self.machine), self.rooms, self.perform)
        self.room = self.rooms.open(VISIT).room
        self.room.enter("b1", BO, fresh(), NOW)
        self.room.enter("a1", AMARA, fresh(), NOW)

    def perform(self, effects: Collection[Effect]) -> None:
        sent = [each for each in effects if isinstance(each, Send)]
        self.told += [(each.to, each.message) for each in sent if isinstance(each.message, Recording)]

    async def says(self, who: str, do: str, recording: str = "rec-1") -> list[Effect]:
        message = Record(do, "" if do == "ask" else recording)
        effects = await self.taping.take(WHO[who], message, self.room)
        await self.taping.settled()
        return effects

    async def offers(self, who: str = "a1", **changes: object) -> list[Effect]:
        return await self.taping.take(WHO[who], RecordOffer("rec-1", **(OFFER | changes)), self.room)  # type: ignore[arg-type]

    async def on(self) -> None:
        """It is asked for, agreed to, and written."""
        await self.says("a1", "ask")
        await self.says("b1", "agree")
        assert isinstance((await self.offers())[0], Accept)

    def comes(self) -> None:
        self.room.seats = 4
        self.room.enter("l1", LINA, fresh(), NOW)
        self.taping.settle()

    def seen(self, who: str) -> Recording:
        """What somebody was told last."""
        return next(news for to, news in reversed(self.told) if to == who)


async def test_it_is_written_once_both_have_agreed_and_that_is_on_disk() -> None:
    call = Call()
    await call.says("a1", "ask")
    assert (call.seen("b1").asked, call.seen("a1").asked) == (True, False)
    assert refusal(await call.offers()) == "wrong-state"
    await call.says("b1", "agree")
    assert call.keeper.kept == [("ask", "s"), (Answer.AGREED, "p"), ("begun",)]
    assert (call.seen("a1").state, call.seen("b1").state) == (Phase.ON, Phase.ON)
    assert await call.offers() == [Accept({"sdp": "v=0 answer\r\n"})]
    assert call.machine.told == [("open", "rec-1", "p", "s")]


async def test_one_no_is_enough_and_nothing_was_written() -> None:
    call = Call()
    await call.says("a1", "ask")
    await call.says("b1", "decline")
    assert (call.seen("a1").state, call.seen("a1").why) == (Phase.OFF, "declined")
    assert call.machine.told == [("end", "rec-1")]
    assert refusal(await call.says("b1", "agree")) == "wrong-state"


async def test_a_newcomer_is_asked_and_nothing_is_written_before_they_agree() -> None:
    call = Call()
    await call.on()
    call.comes()
    assert (call.seen("l1").asked, call.seen("l1").state) == (True, Phase.PAUSED)
    await call.taping.settled()
    assert call.machine.writing == set()
    assert refusal(await call.offers()) == "wrong-state"
    await call.says("l1", "agree")
    assert call.seen("b1").state is Phase.ON
    assert isinstance((await call.offers())[0], Accept)


async def test_who_withdraws_is_not_kept_waiting_by_the_database() -> None:
    call = Call()
    await call.on()
    call.keeper.slow = asyncio.Event()
    stopping = asyncio.create_task(call.taping.take(WHO["b1"], Record("stop", "rec-1"), call.room))
    while call.machine.writing:  # noqa: ASYNC110 (a turn of the loop, no time)
        await asyncio.sleep(0)
    assert (call.seen("a1").state, call.seen("a1").why) == (Phase.OFF, "withdrawn")
    call.keeper.slow.set()
    await stopping
    await call.taping.settled()
    assert {(Answer.WITHDREW, "p"), ("ended", Why.WITHDRAWN)} <= {each[:2] for each in call.keeper.kept}


async def test_only_the_specialist_asks_and_offers_and_only_who_is_in_the_call_says_anything() -> None:
    call = Call()
    assert refusal(await call.says("b1", "ask")) == "not-permitted"
    assert refusal(await call.says("l1", "ask")) == "not-a-member"
    await call.on()
    assert refusal(await call.offers("b1")) == "not-permitted"
    assert refusal(await call.says("l1", "stop")) == "not-a-member"
    assert refusal(await call.offers(views={"1": "g1"})) == "not-permitted"
    assert refusal(await call.says("b1", "stop", "rec-0")) == "wrong-state"
    assert call.machine.writing == {"rec-1"}


async def test_nobody_is_recorded_alone() -> None:
    call = Call()
    await call.on()
    call.room.leave("b1")
    call.taping.settle()
    await call.taping.settled()
    assert call.seen("a1").why == "alone"
    assert call.machine.told[-1] == ("end", "rec-1")
    assert refusal(await call.says("a1", "ask")) == "wrong-state"


async def test_a_recorder_that_is_gone_ends_it_on_all_pages() -> None:
    call = Call()
    call.machine.broken = True
    assert await call.says("a1", "ask") == [Refuse("unavailable")]  # type: ignore[arg-type]
    call.machine.broken = False
    await call.on()
    call.machine.broken = True
    call.machine.lost()
    await call.taping.settled()
    assert [call.seen(each).why for each in ("a1", "b1")] == ["broken", "broken"]
    assert call.keeper.kept[-1] == ("ended", Why.BROKEN, None)


async def test_a_recorder_that_does_not_stop_is_parted_with() -> None:
    call = Call()
    await call.on()
    call.machine.broken = True
    call.comes()
    await call.taping.settled()
    assert call.machine.told[-1] == ("close",)
    assert call.machine.writing == set()


async def test_who_enters_is_told_where_it_stands() -> None:
    call = Call()
    [before] = call.taping.told(VISIT, "p", "b2")
    await call.on()
    [after] = call.taping.told(VISIT, "p", "b2")
    assert isinstance(before, Send)
    assert isinstance(after, Send)
    assert [before.message, after.message] == [
        Recording("", Phase.OFF, asked=False, missing=(), why="", days=30),
        Recording("rec-1", Phase.ON, asked=False, missing=(), why="", days=30),
    ]


async def test_a_server_that_stops_ends_it_in_order() -> None:
    call = Call()
    await call.on()
    await call.taping.close()
    assert call.machine.told[-2:] == [("end", "rec-1"), ("close",)]
    assert call.keeper.kept[-1] == ("ended", Why.OVER, {"p": 3})
