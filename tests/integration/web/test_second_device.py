"""/api/v1: the link opened in a second browser, and what the specialist decides about it."""

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import STRANGER, Hospital, Person
from tests.integration.web.journeys import booked, opened


async def two(hospital: Hospital) -> tuple[str, Person, Person, Person]:
    """Bo is in the call; a second browser came to the waiting room: visit, Dr Amara, first, second."""
    appointment = await booked(hospital)
    visit = appointment["visit"]
    browsers = [await opened(hospital, appointment) for _ in range(2)]
    for browser in browsers:
        for step in ("consent", "wait"):
            answer = await browser.post(f"/api/v1/my/{visit}/{step}")
            assert answer.status == 200, answer.text
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/admit")).status == 200
    return visit, amara, *browsers


async def holds(visit: str, *browsers: Person) -> list[str]:
    return [(await each.get(f"/api/v1/my/{visit}")).json["hold"] for each in browsers]


async def test_the_second_device_asks_and_the_row_says_so(hospital: Hospital) -> None:
    visit, amara, first, second = await two(hospital)
    assert await holds(visit, first, second) == ["bound", "asking"]
    assert (await amara.get("/api/v1/clinic")).json["rows"][0]["asking"]
    assert "Opened on a second device" in (await amara.get("/clinic")).text
    left = await second.post(f"/api/v1/my/{visit}/leave")
    assert (left.status, left.json["code"]) == (409, "other-device")


async def test_letting_in_moves_the_visit_to_the_second_device(hospital: Hospital) -> None:
    visit, amara, first, second = await two(hospital)
    for _ in range(2):
        answer = await amara.post(f"/api/v1/visits/{visit}/device/let-in")
        assert (answer.status, answer.json["asking"], answer.json["status"]) == (200, False, "in-progress")
    assert await holds(visit, first, second) == ["other", "bound"]


async def test_a_second_device_that_is_turned_away_is_out(hospital: Hospital) -> None:
    visit, amara, first, second = await two(hospital)
    for _ in range(2):
        answer = await amara.post(f"/api/v1/visits/{visit}/device/turn-away")
        assert (answer.status, answer.json["asking"]) == (200, False)
    assert await holds(visit, first) == ["bound"]
    assert (await second.get(f"/api/v1/my/{visit}")).status == 401


async def test_a_stranger_decides_nothing(hospital: Hospital) -> None:
    visit, _, first, second = await two(hospital)
    stranger = await hospital.staff(STRANGER)
    for word in ("let-in", "turn-away"):
        assert (await stranger.post(f"/api/v1/visits/{visit}/device/{word}")).status == 404
        assert (await second.post(f"/api/v1/visits/{visit}/device/{word}")).status == 401
    assert await holds(visit, first, second) == ["bound", "asking"]


async def test_the_link_pressed_again_in_the_same_browser_is_the_same_device(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    bo = await opened(hospital, appointment)
    for step in ("consent", "wait"):
        await bo.post(f"/api/v1/my/{visit}/{step}")
    token = appointment["join_url"].rpartition("#")[2]
    again = await bo.post("/api/v1/visit-links/open", {"token": token})
    assert (again.status, again.json["hold"]) == (200, "bound")
