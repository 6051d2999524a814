"""Booking by whom nobody knows, through the JSON API; its answers are as described and tell of nobody."""

from datetime import date
from typing import Any

import pytest

from telehealth.domain.outbox import CONTACT_CODE
from telehealth.domain.own_booking import Asked
from telehealth.services.own_booking import OwnBookings
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
SOMEBODY_ELSES = Asked("Dawit", "Alemu", date(1980, 6, 5), "victim@mail.example", "am")


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


def codes(hospital: Hospital) -> list[Any]:
    return [each for each in hospital.units.tables.outbox.values() if each.template == CONTACT_CODE]


def code(hospital: Hospital) -> str:
    return str(codes(hospital)[-1].values["code"])


@pytest.fixture
def overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request of the same booking that names another contact comes in between, each time."""
    send = OwnBookings.send_code

    async def later(alone: OwnBookings, service_id: str, cookie: str, *counted: str) -> None:
        await alone.tell(service_id, cookie, SOMEBODY_ELSES)
        await send(alone, service_id, cookie, *counted)

    monkeypatch.setattr(OwnBookings, "send_code", later)


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


@pytest.mark.usefixtures("overtaken")
async def test_a_code_goes_only_to_the_contact_that_it_was_counted_for(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own = await held(dawit)
    told = await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"]})
    assert (told.status, told.json["code"]) == (409, "wrong-state")
    dawit.client.session.cookie_jar.update_cookies({"own": own["token"]})
    typed = {"family": "Alemu", "day": "5", "month": "6", "year": "1980", "contact": DAWIT["contact"]}
    assert (await dawit.form(f"/s/{CARDIOLOGY.id}/details", typed)).status == 303
    assert (await dawit.form(f"/s/{CARDIOLOGY.id}/check", {})).status == 409
    assert codes(hospital) == []


async def test_what_stands_after_a_plus_leads_to_the_same_mailbox(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    own = await held(dawit)
    for which in range(4):
        contact = f"Dawit+{which}@mail.example"
        told = await dawit.post(f"{BASE}/person", DAWIT | {"token": own["token"], "contact": contact})
        assert told.status == (204 if which < 3 else 429)
    assert len(codes(hospital)) == 3


@pytest.mark.parametrize("key", ["short", "x" * 129, "two words here", "ключ-ключ-ключ"])
async def test_a_key_that_is_none_is_refused(hospital: Hospital, key: str) -> None:
    dawit = await opened(hospital)
    (slot, *_) = (await dawit.get(f"{BASE}/slots")).json["slots"]
    refused = await dawit.post(f"{BASE}/holds", {"start": slot["start"]}, headers={"Idempotency-Key": key})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_one_address_keeps_no_whole_day_from_everybody_else(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    found = (await dawit.get(f"{BASE}/slots", params={"count": 100})).json["slots"]
    day = [each for each in found if each["start"][:10] == found[0]["start"][:10]]
    other = next(each for each in found if each not in day)
    kept = [(await dawit.post(f"{BASE}/holds", {"start": each["start"]})).status for each in day[:8]]
    assert kept == [201] * 6 + [429] * 2
    assert (await dawit.post(f"{BASE}/holds", {"start": other["start"]})).status == 201
