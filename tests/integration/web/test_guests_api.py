"""/api/v1: guests of a visit, from the invitation over the link to the call and out again."""

from typing import Any

from tests.integration.web.hospital import ORIGIN, STRANGER, Hospital, Person
from tests.integration.web.journeys import booked, in_call, opened

LINA = {"name": "Lina", "kind": "relative"}


async def guest_at(hospital: Hospital, url: str) -> tuple[Person, dict[str, Any]]:
    """Somebody opens a guest's link in a browser of their own."""
    lina = await hospital.visitor()
    answer = await lina.post("/api/v1/guest-links/open", {"token": url.partition("#")[2]})
    assert answer.status == 200, answer.text
    lina.csrf = answer.json["csrf"]
    return lina, answer.json


async def test_the_patient_invites_and_the_specialist_lets_in_and_removes(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    invited = await bo.post(f"/api/v1/my/{visit}/guests", LINA)
    assert (invited.status, invited.json["guest"]["state"]) == (201, "invited")
    assert invited.json["url"].startswith(f"{ORIGIN}/g?lang=")
    lina, seen = await guest_at(hospital, invited.json["url"])
    assert (seen["name"], seen["patient"], seen["state"], seen["running"]) == (
        "Lina",
        "Bo L.",
        "opened",
        True,
    )
    place = f"/api/v1/guests/{seen['id']}"
    assert (await lina.post(f"{place}/wait")).json["state"] == "waiting"
    [row] = (await amara.get(f"/api/v1/visits/{visit}/guests")).json["guests"]
    assert (row["name"], row["kind"], row["state"]) == ("Lina", "relative", "waiting")
    decided = f"/api/v1/visits/{visit}/guests/{row['id']}"
    for _ in range(2):
        assert (await amara.post(f"{decided}/let-in")).json["state"] == "admitted"
    assert (await lina.get(place)).json["state"] == "admitted"
    assert (await lina.post(f"{place}/leave")).json["state"] == "opened"
    for _ in range(2):
        assert (await amara.post(f"{decided}/remove")).json["state"] == "removed"
    out = await lina.get(place)
    assert (out.status, out.json["code"]) == (401, "uninvited")
    assert out.json["detail"] == "You are no longer invited to this visit."
    assert (await bo.get(place)).json["code"] == "not-signed-in", "told to nobody else"
    assert (await amara.get(f"/api/v1/visits/{visit}/guests")).json["guests"] == []


async def test_the_patient_sees_whom_they_invited_and_takes_it_back(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    mine = (await bo.post(f"/api/v1/my/{visit}/guests", LINA)).json
    hers = (await amara.post(f"/api/v1/visits/{visit}/guests", {"name": "Noor"})).json["guest"]["id"]
    lina, _ = await guest_at(hospital, mine["url"])
    path = f"/api/v1/my/{visit}/guests"
    [row] = (await bo.get(path)).json["guests"]
    assert (row["id"], row["name"], row["state"]) == (mine["guest"]["id"], "Lina", "opened")
    for _ in range(2):
        assert (await bo.post(f"{path}/{row['id']}/remove")).json["state"] == "removed"
    assert (await lina.get(f"/api/v1/guests/{row['id']}")).status == 401
    assert (await bo.get(path)).json["guests"] == []
    foreign, random = [await bo.post(f"{path}/{each}/remove") for each in (hers, "nobody")]
    assert foreign.status == random.status == 404
    assert foreign.json | {"request_id": ""} == random.json | {"request_id": ""}


async def test_a_press_that_is_repeated_invites_once(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    key = {"Idempotency-Key": "pressed-twice"}
    first, second = [await amara.post(f"/api/v1/visits/{visit}/guests", LINA, headers=key) for _ in range(2)]
    assert first.json == second.json
    assert len((await amara.get(f"/api/v1/visits/{visit}/guests")).json["guests"]) == 1


async def test_looking_at_a_guests_link_shows_little_and_spends_nothing(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    url = (await amara.post(f"/api/v1/visits/{visit}/guests", LINA)).json["url"]
    scanner = await hospital.visitor()
    for _ in range(3):
        seen = await scanner.post("/api/v1/guest-links/look", {"token": url.partition("#")[2]})
        assert seen.status == 200
        assert not seen.headers.get("Set-Cookie")
    assert (seen.json["id"], seen.json["csrf"], seen.json["state"]) == ("", "", "invited")
    assert visit not in seen.text
    assert (seen.json["when"], seen.json["place"]) == ("Today, 11:20", "Stockholm")
    await guest_at(hospital, url)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, amara, bo = await in_call(hospital)
    url = (await amara.post(f"/api/v1/visits/{visit}/guests", LINA)).json["url"]
    lina, seen = await guest_at(hospital, url)
    stranger, other = await hospital.staff(STRANGER), await booked(hospital, 4)
    cy = await opened(hospital, other)
    assert (await stranger.get(f"/api/v1/visits/{visit}/guests")).status == 404
    assert (await stranger.post(f"/api/v1/visits/{visit}/guests", LINA)).status == 404
    for word in ("let-in", "remove"):
        for person, status in ((stranger, 404), (bo, 401), (lina, 401)):
            answer = await person.post(f"/api/v1/visits/{visit}/guests/{seen['id']}/{word}")
            assert answer.status == status
    for person in (bo, cy, amara):
        assert (await person.get(f"/api/v1/guests/{seen['id']}")).status == 401
    for person in (cy, lina, amara):
        assert (await person.post(f"/api/v1/my/{visit}/guests", LINA)).status == 401
        assert (await person.get(f"/api/v1/my/{visit}/guests")).status == 401
        assert (await person.post(f"/api/v1/my/{visit}/guests/{seen['id']}/remove")).status == 401


async def test_a_guests_second_browser_is_refused(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    url = (await amara.post(f"/api/v1/visits/{visit}/guests", LINA)).json["url"]
    await guest_at(hospital, url)
    second = await hospital.visitor()
    refused = await second.post("/api/v1/guest-links/open", {"token": url.partition("#")[2]})
    assert (refused.status, refused.json["code"]) == (409, "other-device")
    unknown = await second.post("/api/v1/guest-links/open", {"token": "x" * 43})
    assert unknown.status == 404


async def test_invitations_are_limited(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    answers = [await amara.post(f"/api/v1/visits/{visit}/guests", LINA) for _ in range(5)]
    assert [each.status for each in answers] == [*[201] * 4, 409]
    assert answers[-1].json["code"] == "enough-guests"
