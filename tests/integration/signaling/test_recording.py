"""Recording through the server's own door: a newcomer pauses it before anything is negotiated with them."""

from signaling.taping import Recorded
from tests.integration.signaling.house import FRESH, GUEST, PATIENT, STAFF, VISIT, Person, serving
from tests.unit.signaling.recording import Keeper, Machine

OFFER = {"sdp": "v=0\r\n", "views": {"1": "p"}}


async def test_a_newcomer_pauses_it_and_the_last_one_to_leave_ends_it() -> None:
    machine = Machine()
    async with serving(recording=Recorded(Keeper(), machine)) as served:
        bo = await Person().connect(served, PATIENT, visit=VISIT)
        amara = await Person().connect(served, STAFF)
        for each in (bo, amara):
            assert (await each.ask("enter", FRESH))["ok"]
        assert (await bo.ask("record", {"do": "ask", "id": ""}))["code"] == "not-permitted"
        made = (await amara.ask("record", {"do": "ask", "id": ""}))["id"]
        assert (await bo.ask("record", {"do": "agree", "id": made}))["ok"]
        assert (await amara.ask("record-offer", {"id": made, **OFFER}))["sdp"]
        assert machine.writing == {made}
        served.house.admitted.add("lina")
        lina = await Person().connect(served, GUEST, guest="lina")
        assert (await lina.ask("enter", {"epoch": 0, "since": 0}))["ok"]
        await served.server.settled()
        assert machine.writing == set()
        told = await lina.expect("recording")
        assert (told["state"], told["asked"], told["missing"]) == ("paused", True, ["g1"])
        assert (await lina.ask("leave"))["ok"]
        assert (await amara.ask("record-offer", {"id": made, **OFFER}))["ok"]
        assert (await bo.ask("leave"))["ok"]
        await served.server.settled()
        assert machine.writing == set()
        assert (await amara.expect("recording", 6))["why"] == "alone"
        await amara.close()


async def test_where_it_is_not_offered_nobody_is_told_or_asked() -> None:
    async with serving() as served:
        amara = await Person().connect(served, STAFF)
        assert (await amara.ask("enter", FRESH))["ok"]
        assert (await amara.ask("record", {"do": "ask", "id": ""}))["code"] == "unavailable"
        assert amara.all("recording") == []
        await amara.close()
