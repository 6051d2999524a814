"""What pages tell of their lines over real sockets: taken from admitted members only, and told to nobody."""

from tests.integration.signaling.house import PATIENT, VISIT, Person, Served
from tests.integration.signaling.seated import both
from tests.integration.signaling.test_preparing import prepared
from tests.unit.signaling.test_protocol import LITERALS

LOOK = LITERALS["client"]["measured"]


async def test_what_a_member_measured_is_taken_under_the_seat_that_they_have(served: Served) -> None:
    bo, amara = await both(served)
    assert await bo.ask("measured", LOOK | {"member": "s", "visit": "another"}) == {"ok": True}
    assert await amara.ask("measured", LOOK | {"rtt": 7}) == {"ok": True}
    told = [each for each in served.house.told if each[0] == "measured"]
    assert told == [("measured", "p", LOOK["rtt"]), ("measured", "s", 7)]
    for person in (bo, amara):
        await person.close()


async def test_what_comes_too_soon_or_out_of_bounds_is_refused(served: Served) -> None:
    bo, amara = await both(served)
    assert (await bo.ask("measured", LOOK | {"rtt": 0}))["code"] == "too-fast"
    for wrong in ({"rtt": -1}, {"rtt": 60_001}, {"loss": 0.5}, {"path": "192.0.2.7"}, {"mos": 99}):
        assert (await bo.ask("measured", LOOK | wrong))["code"] == "bad-message"
    for wrong in ({"frame": 3_600_001}, {"frame": "1"}, []):
        assert (await bo.ask("measured", LOOK | {"marks": wrong}))["code"] == "bad-message"
    for person in (bo, amara):
        await person.close()


async def test_a_stranger_is_refused(served: Served) -> None:
    cy = await Person().connect(served, {"Cookie": "visit=cy"}, visit="another-visit")
    outside = await Person().connect(served, PATIENT, visit=VISIT)
    for person in (cy, outside):
        assert (await person.ask("measured", LOOK))["code"] == "not-a-member"
        await person.close()
    assert not any(each[0] == "measured" for each in served.house.told)


async def test_nothing_is_taken_while_a_call_is_only_prepared(served: Served) -> None:
    both_of_them = await prepared(served)
    for person in both_of_them:
        assert (await person.ask("measured", LOOK))["code"] == "not-admitted"
    for person in both_of_them:
        await person.close()
