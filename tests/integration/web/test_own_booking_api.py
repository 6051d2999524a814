"""Booking by whom nobody knows, through the JSON API; its answers are as described and tell of nobody."""

from typing import Any

from telehealth.domain.outbox import CONTACT_CODE
from tests.integration.storage.cast import CARDIOLOGY
from tests.integration.web.hospital import ADA, Hospital, Person
from tests.integration.web.test_answers_fit_the_description import fits

BASE = f"/api/v1/open-services/{CARDIOLOGY.id}"
DAWIT = {
    "given": "Dawit",
    "family": "Alemu",
    "birth_date": "1980-06-05",
    "contact": "dawit@mail.example",
    "language": "am",
}


async def opened(hospital: Hospital) -> Person:
    """Somebody in front of the service, once it is open."""
    ada = await hospital.staff(ADA)
    assert (await ada.form(f"/organization/services/{CARDIOLOGY.id}", {"open": "true"})).status == 303
    return await hospital.visitor()


async def held(dawit: Person, which: int = 0, token: str = "") -> dict[str, Any]:
    found = (await dawit.get(f"{BASE}/slots", params={"count": 5})).json["slots"]
    answer = await dawit.post(f"{BASE}/holds", {"start": found[which]["start"], "token": token})
    assert answer.status == 201, answer.text
    return dict(answer.json)


def code(hospital: Hospital) -> str:
    sent = [each for each in hospital.units.tables.outbox.values() if each.template == CONTACT_CODE]
    return str(sent[-1].values["code"])


async def test_a_visit_is_booked_in_four_requests_also_when_the_last_is_repeated(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    described = (await dawit.get("/api/v1/openapi.json")).json
    own = await held(dawit)
    assert own["state"] == "held"
    told = await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"]})
    assert told.status == 204, told.text
    for _ in range(2):
        sent = {"token": own["token"], "code": code(hospital)}
        done = await dawit.post(f"{BASE}/confirmation", sent)
        assert (done.status, done.json["state"], done.json["start"]) == (200, "booked", own["start"])
    parts = described["components"]["schemas"]
    fits(done.json, parts["OwnBooking"], parts)
    fits((await dawit.get(BASE)).json, parts["OpenService"], parts)
    fits((await dawit.get(f"{BASE}/slots")).json, parts["OpenSlotList"], parts)
    assert hospital.actions().count("appointment:book") == 1


async def test_a_token_takes_another_time_instead(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own = await held(dawit, 1)
    other = await held(dawit, 2, own["token"])
    assert other["token"] == own["token"]
    left = [each["start"] for each in (await dawit.get(f"{BASE}/slots")).json["slots"]]
    assert own["start"] in left
    assert other["start"] not in left


async def test_a_time_that_is_not_held_any_more_is_over(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own = await held(dawit)
    hospital.clock.move(minutes=10)
    state = await dawit.post(f"{BASE}/state", {"token": own["token"]})
    assert state.json["state"] == "over"
    told = await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"]})
    assert (told.status, told.json["code"]) == (409, "slot-taken")


async def test_wrong_input_names_its_fields(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own = await held(dawit)
    refused = await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"], "contact": "12"})
    assert refused.status == 422
    assert [each["field"] for each in refused.json["errors"]] == ["phone"]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own, stranger = await held(dawit), await hospital.visitor()
    assert (await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"]})).status == 204
    for token in ("x" * 43, own["token"][::-1]):
        assert (await stranger.post(f"{BASE}/state", {"token": token})).status == 404
        sent = {"token": token, "code": code(hospital)}
        assert (await stranger.post(f"{BASE}/confirmation", sent)).status == 409
    assert (await stranger.get("/api/v1/open-services/nothing")).status == 404
